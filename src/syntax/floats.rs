//! Numbers as text, as in C: float and integer literals as Nix's lexer reads them, and floats as values are
//! printed and as `toString` writes them. (JSON has its own form: `json::write_float`.)

use std::cmp::Ordering;

/// A float as Nix prints the value, also in error messages, traces and XML: C's `%g`, six significant digits without
/// trailing zeros, so that `1.0` prints as `1` and `123456789.0` as `1.23457e+08`.
pub fn print_float(value: f64) -> String {
    if !value.is_finite() {
        return not_finite(value);
    }
    let scientific = format!("{:.5e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let point = |text: &str, place: usize| match text.split_at_checked(place) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
        _ => format!("{text:0<place$}"),
    };
    match usize::try_from(exponent) {
        Ok(places @ 0..6) => format!("{sign}{}", point(digits, places + 1)),
        Err(_) if exponent >= -4 => {
            let zeros = usize::try_from(-1 - exponent).unwrap_or(0);
            format!("{sign}0.{:0<zeros$}{digits}", "")
        }
        _ => {
            let direction = if exponent < 0 { '-' } else { '+' };
            format!("{sign}{}e{direction}{:02}", point(digits, 1), exponent.unsigned_abs())
        }
    }
}

/// A float as `toString` and string coercion write it: C's `%f`, always six decimals.
pub fn coerce_float(value: f64) -> String {
    if value.is_finite() { format!("{value:.6}") } else { not_finite(value) }
}

/// The sign of a NaN shows: on x86, `inf - inf` is `-nan`.
fn not_finite(value: f64) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    format!("{sign}{}", if value.is_nan() { "nan" } else { "inf" })
}

/// The value of an integer literal (ASCII digits only); `None` if it is more than `i64::MAX`, which is the
/// error `invalid integer '…'`. A minus sign is not part of it, so `-9223372036854775808` cannot be written.
pub fn integer_literal(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// The value of a float literal (digits with a point, optionally with an exponent); `None` for the error
/// `invalid float '…'`. Nix gives that error when C's `strtod` reports overflow or underflow, which is an
/// inexact result below the normal range. So `1.0e-310` is not a literal, though
/// `builtins.fromJSON "1.0e-310"` gives that number.
pub fn float_literal(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    if !value.is_finite() {
        return None;
    }
    if value > f64::MIN_POSITIVE {
        return Some(value);
    }
    let literal = Decimal::of(text);
    if literal.digits.is_empty() {
        return Some(value);
    }
    let tiny = if value == f64::MIN_POSITIVE {
        // With unbounded exponents, everything below 2⁻¹⁰²² − 2⁻¹⁰⁷⁶ would be rounded to less than 2⁻¹⁰²².
        // These are the first digits of that number.
        literal.compare(&Decimal {
            digits: "222507385850720125957382125702076802007701776340698873928837675330601".into(),
            exponent: -308,
        }) == Ordering::Less
    } else {
        true
    };
    let exact = || Decimal::of(&format!("{value:.1074}")).compare(&literal) == Ordering::Equal;
    (!tiny || exact()).then_some(value)
}

/// A decimal number: the first digit (not 0) is before the point, then × 10^`exponent`. No digits: zero.
struct Decimal {
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn of(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let leading = all.len() - digits.len();
        let shift = i64::try_from(whole.len()).unwrap_or(i64::MAX) - i64::try_from(leading).unwrap_or(0) - 1;
        let exponent = exponent.parse::<i64>().unwrap_or(0).saturating_add(shift);
        Decimal { digits: digits.trim_end_matches('0').into(), exponent }
    }

    /// Compares two numbers that are not zero.
    fn compare(&self, other: &Self) -> Ordering {
        self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nix 2.34.8: `nix-instantiate --eval -E` of each.
    #[test]
    fn printed_values() {
        for (value, text) in [
            (1.5e300, "1.5e+300"),
            (1234565.0, "1.23456e+06"),
            (123456.7, "123457"),
            (100000.0, "100000"),
            (1000000.0, "1e+06"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (0.1 + 0.2, "0.3"),
            (-0.0, "-0"),
            (2.5, "2.5"),
            (f64::INFINITY, "inf"),
            (-f64::INFINITY, "-inf"),
            (5e-324, "4.94066e-324"),
            (999999.5, "1e+06"),
            (99999.95, "99999.9"),
            (0.00009999995, "0.0001"),
        ] {
            assert_eq!(print_float(value), text);
        }
        for (value, text) in
            [(0.0078125, "0.007812"), (1e22, "10000000000000000000000.000000"), (-0.0, "-0.000000")]
        {
            assert_eq!(coerce_float(value), text);
        }
    }

    #[test]
    fn literals() {
        assert_eq!(integer_literal("9223372036854775807"), Some(i64::MAX));
        assert_eq!(integer_literal("9223372036854775808"), None);
        assert_eq!(integer_literal("007"), Some(7));
        for good in ["1.", ".5", "1.5E+3", "0.0e-99999999999999999999", "2.2250738585072014e-308", "1.5e308"]
        {
            assert!(float_literal(good).is_some(), "{good}");
        }
        for bad in [
            "1.0e400",
            "1.0e-310",
            "1.0e-400",
            "5.0e-324",
            "2.2250738585072011e-308",
            "2.2250738585072012e-308",
        ] {
            assert_eq!(float_literal(bad), None, "{bad}");
        }
        // Below the normal range a literal must be exact to the last of its 750 digits.
        let least = format!("{:.1074}", 5e-324);
        assert_eq!(float_literal(&least), Some(5e-324));
        assert_eq!(float_literal(&format!("{least}1")), None);
    }
}
