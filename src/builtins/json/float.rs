//! Floats as nlohmann's library writes them, with Grisu2. It nearly always finds the shortest text that reads back as
//! the same number, but not always (7.113578243725634e-249 becomes `7.1135782437256335e-249`), so Rust's formatting
//! does not fit.
//!
//! Florian Loitsch, *Printing Floating-Point Numbers Quickly and Accurately with Integers*, 2010.

/// A number as `fraction` · 2^`exponent`.
#[derive(Clone, Copy)]
struct Scaled {
    fraction: u64,
    exponent: i32,
}

impl Scaled {
    fn normalized(self) -> Self {
        let shift = self.fraction.leading_zeros();
        Scaled { fraction: self.fraction << shift, exponent: self.exponent - shift.cast_signed() }
    }

    /// The upper half of the product, rounded.
    fn times(self, other: Self) -> Self {
        let product = u128::from(self.fraction) * u128::from(other.fraction) + (1 << 63);
        let fraction = u64::try_from(product >> 64).unwrap_or(u64::MAX);
        Scaled { fraction, exponent: self.exponent + other.exponent + 64 }
    }
}

/// Appends a float as `builtins.toJSON` writes it: infinities and NaN as `null`; other numbers always with a point or
/// an exponent. Exponents are used from 10¹⁵ and 10⁻⁵ on and have at least two digits.
pub fn write_float(out: &mut Vec<u8>, value: f64) {
    if !value.is_finite() {
        out.extend_from_slice(b"null");
        return;
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    if value == 0.0 {
        out.extend_from_slice(b"0.0");
        return;
    }
    let mut digits = Vec::with_capacity(24);
    let exponent = shortest(value.abs(), &mut digits);
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    // The value is 0.digits × 10^point.
    let point = count + exponent;
    let zeros = |count: i32| std::iter::repeat_n(b'0', usize::try_from(count).unwrap_or(0));
    match point {
        1..=15 if count <= point => {
            out.extend_from_slice(&digits);
            out.extend(zeros(point - count));
            out.extend_from_slice(b".0");
        }
        1..=15 => {
            let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
            out.extend_from_slice(whole);
            out.push(b'.');
            out.extend_from_slice(fraction);
        }
        -3..=0 => {
            out.extend_from_slice(b"0.");
            out.extend(zeros(-point));
            out.extend_from_slice(&digits);
        }
        _ => {
            out.extend_from_slice(&digits[..1]);
            if count > 1 {
                out.push(b'.');
                out.extend_from_slice(&digits[1..]);
            }
            let sign = if point < 1 { '-' } else { '+' };
            out.extend_from_slice(format!("e{sign}{:02}", (point - 1).abs()).as_bytes());
        }
    }
}

/// Grisu2: digits and a power of ten whose product is closer to `value` than to any other float.
fn shortest(value: f64, digits: &mut Vec<u8>) -> i32 {
    const HIDDEN: u64 = 1 << 52;
    let bits = value.to_bits();
    let (raw, low) = (bits >> 52, bits & (HIDDEN - 1));
    let exact = if raw == 0 {
        Scaled { fraction: low, exponent: -1074 }
    } else {
        Scaled { fraction: low | HIDDEN, exponent: i32::try_from(raw).unwrap_or(0) - 1075 }
    };
    // Half-way to the floats above and below. Below a power of two, floats are closer together.
    let above = Scaled { fraction: 2 * exact.fraction + 1, exponent: exact.exponent - 1 }.normalized();
    let below = if low == 0 && raw > 1 {
        Scaled { fraction: 4 * exact.fraction - 1, exponent: exact.exponent - 2 }
    } else {
        Scaled { fraction: 2 * exact.fraction - 1, exponent: exact.exponent - 1 }
    };
    let below =
        Scaled { fraction: below.fraction << (below.exponent - above.exponent), exponent: above.exponent };
    let (power, ten) = power_for(above.exponent);
    let exact = exact.normalized().times(power);
    let (above, below) = (above.times(power), below.times(power));
    // Each product may be off by one unit, so the safe interval is smaller by that much.
    let high = above.fraction - 1;
    generate(digits, exact.fraction, below.fraction + 1, high, above.exponent) - ten
}

/// The cached power of ten that scales a number with this exponent so that its integer part fits 32 bits.
fn power_for(exponent: i32) -> (Scaled, i32) {
    let distance = -61 - exponent;
    let least = distance * 78913 / (1 << 18) + i32::from(distance > 0);
    let index = (300 + least + 7) / 8;
    let ten = index * 8 - 300;
    let fraction = usize::try_from(index).ok().and_then(|index| POWERS.get(index)).copied().unwrap_or(0);
    // ⌊ten · log₂ 10⌋, in 16-bit fixed point
    (Scaled { fraction, exponent: ((ten * 217_706) >> 16) - 63 }, ten)
}

/// Writes the digits of `high` until the rest is within the interval, then lowers the last digit towards `exact`. All
/// numbers have the given exponent. Returns the power of ten of the last digit.
fn generate(digits: &mut Vec<u8>, exact: u64, low: u64, high: u64, exponent: i32) -> i32 {
    let point = exponent.unsigned_abs();
    let one = 1_u64 << point;
    let (mut width, mut distance) = (high - low, high - exact);
    let (mut whole, mut fraction) = (high >> point, high & (one - 1));
    let mut unit = 1_u64;
    let mut power = 0;
    while unit * 10 <= whole {
        unit *= 10;
        power += 1;
    }
    loop {
        digits.push(digit(whole / unit));
        whole %= unit;
        let rest = (whole << point) + fraction;
        if rest <= width {
            settle(digits, distance, width, rest, unit << point);
            return power;
        }
        if power == 0 {
            break;
        }
        unit /= 10;
        power -= 1;
    }
    loop {
        fraction *= 10;
        digits.push(digit(fraction >> point));
        fraction &= one - 1;
        power -= 1;
        width *= 10;
        distance *= 10;
        if fraction <= width {
            settle(digits, distance, width, fraction, one);
            return power;
        }
    }
}

fn digit(value: u64) -> u8 {
    b'0' + u8::try_from(value).unwrap_or(9)
}

/// Lowers the last digit while that approaches the exact number and stays inside the interval.
fn settle(digits: &mut [u8], distance: u64, width: u64, mut rest: u64, unit: u64) {
    let Some(last) = digits.last_mut() else { return };
    while rest < distance
        && width - rest >= unit
        && (rest + unit < distance || distance - rest > rest + unit - distance)
    {
        *last -= 1;
        rest += unit;
    }
}

/// 10⁻³⁰⁰, 10⁻²⁹², … 10³²⁴: the upper 64 bits, rounded to nearest.
const POWERS: [u64; 79] = [
    0xab70_fe17_c79a_c6ca,
    0xff77_b1fc_bebc_dc4f,
    0xbe56_91ef_416b_d60c,
    0x8dd0_1fad_907f_fc3c,
    0xd351_5c28_3155_9a83,
    0x9d71_ac8f_ada6_c9b5,
    0xea9c_2277_23ee_8bcb,
    0xaecc_4991_4078_536d,
    0x823c_1279_5db6_ce57,
    0xc210_9436_4dfb_5637,
    0x9096_ea6f_3848_984f,
    0xd774_85cb_2582_3ac7,
    0xa086_cfcd_97bf_97f4,
    0xef34_0a98_172a_ace5,
    0xb238_67fb_2a35_b28e,
    0x84c8_d4df_d2c6_3f3b,
    0xc5dd_4427_1ad3_cdba,
    0x936b_9fce_bb25_c996,
    0xdbac_6c24_7d62_a584,
    0xa3ab_6658_0d5f_daf6,
    0xf3e2_f893_dec3_f126,
    0xb5b5_ada8_aaff_80b8,
    0x8762_5f05_6c7c_4a8b,
    0xc9bc_ff60_34c1_3053,
    0x964e_858c_91ba_2655,
    0xdff9_7724_7029_7ebd,
    0xa6df_bd9f_b8e5_b88f,
    0xf8a9_5fcf_8874_7d94,
    0xb944_7093_8fa8_9bcf,
    0x8a08_f0f8_bf0f_156b,
    0xcdb0_2555_6531_31b6,
    0x993f_e2c6_d07b_7fac,
    0xe45c_10c4_2a2b_3b06,
    0xaa24_2499_6973_92d3,
    0xfd87_b5f2_8300_ca0e,
    0xbce5_0864_9211_1aeb,
    0x8cbc_cc09_6f50_88cc,
    0xd1b7_1758_e219_652c,
    0x9c40_0000_0000_0000,
    0xe8d4_a510_0000_0000,
    0xad78_ebc5_ac62_0000,
    0x813f_3978_f894_0984,
    0xc097_ce7b_c907_15b3,
    0x8f7e_32ce_7bea_5c70,
    0xd5d2_38a4_abe9_8068,
    0x9f4f_2726_179a_2245,
    0xed63_a231_d4c4_fb27,
    0xb0de_6538_8cc8_ada8,
    0x83c7_088e_1aab_65db,
    0xc45d_1df9_4271_1d9a,
    0x924d_692c_a61b_e758,
    0xda01_ee64_1a70_8dea,
    0xa26d_a399_9aef_774a,
    0xf209_787b_b47d_6b85,
    0xb454_e4a1_79dd_1877,
    0x865b_8692_5b9b_c5c2,
    0xc835_53c5_c896_5d3d,
    0x952a_b45c_fa97_a0b3,
    0xde46_9fbd_99a0_5fe3,
    0xa59b_c234_db39_8c25,
    0xf6c6_9a72_a398_9f5c,
    0xb7dc_bf53_54e9_bece,
    0x88fc_f317_f222_41e2,
    0xcc20_ce9b_d35c_78a5,
    0x9816_5af3_7b21_53df,
    0xe2a0_b5dc_971f_303a,
    0xa8d9_d153_5ce3_b396,
    0xfb9b_7cd9_a4a7_443c,
    0xbb76_4c4c_a7a4_4410,
    0x8bab_8eef_b640_9c1a,
    0xd01f_ef10_a657_842c,
    0x9b10_a4e5_e991_3129,
    0xe710_9bfb_a19c_0c9d,
    0xac28_20d9_623b_f429,
    0x8044_4b5e_7aa7_cf85,
    0xbf21_e440_03ac_dd2d,
    0x8e67_9c2f_5e44_ff8f,
    0xd433_179d_9c8c_b841,
    0x9e19_db92_b4e3_1ba9,
];
