//! Sets of bytes, and the POSIX names of classes and single bytes in bracket expressions.

/// A set of byte values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ByteSet([u64; 4]);

impl ByteSet {
    pub(super) fn of(test: impl Fn(u8) -> bool) -> Self {
        let mut set = ByteSet::default();
        (0..=255).filter(|&byte| test(byte)).for_each(|byte| set.insert(byte));
        set
    }

    #[inline]
    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
    }

    pub(super) fn insert(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    pub(super) fn add(&mut self, other: &ByteSet) {
        self.0.iter_mut().zip(other.0).for_each(|(word, bits)| *word |= bits);
    }

    pub(super) fn complement(&self) -> Self {
        ByteSet(self.0.map(|word| !word))
    }

    pub(super) fn meets(&self, other: &ByteSet) -> bool {
        self.0.iter().zip(other.0).any(|(word, bits)| word & bits != 0)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u8> + '_ {
        (0..=255).filter(|&byte| self.has(byte))
    }
}

/// The bytes of `[[:name:]]` in the C locale, which Nix always uses. Names are case-insensitive and include the
/// ECMAScript letters `d`, `s` and `w`.
pub(super) fn class(name: &[u8]) -> Option<ByteSet> {
    let test: fn(&u8) -> bool = match name.to_ascii_lowercase().as_slice() {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"blank" => |byte| matches!(byte, b' ' | b'\t'),
        b"cntrl" => u8::is_ascii_control,
        b"d" | b"digit" => u8::is_ascii_digit,
        b"graph" => u8::is_ascii_graphic,
        b"lower" => u8::is_ascii_lowercase,
        b"print" => |byte| matches!(byte, b' '..=b'~'),
        b"punct" => u8::is_ascii_punctuation,
        b"s" | b"space" => |byte| matches!(byte, b' ' | b'\t'..=b'\r'),
        b"upper" => u8::is_ascii_uppercase,
        b"w" => |byte| byte.is_ascii_alphanumeric() || *byte == b'_',
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    };
    Some(ByteSet::of(|byte| test(&byte)))
}

/// The byte that POSIX calls `name` in `[[.name.]]` and `[[=name=]]`. Letters name themselves; digits and signs have
/// only long names (`[[.-.]]` is an error, `[[.hyphen.]]` is not).
pub(super) fn collating(name: &[u8]) -> Option<u8> {
    if let [letter] = name
        && letter.is_ascii_alphabetic()
    {
        return Some(*letter);
    }
    NAMES.iter().find_map(|(first, names)| {
        let at = names.split(' ').position(|known| known.as_bytes() == name)?;
        u8::try_from(at).ok().map(|offset| first + offset)
    })
}

/// Runs of names: the byte the first one stands for, then the names of it and its successors.
const NAMES: &[(u8, &str)] = &[
    (
        0x00,
        "NUL SOH STX ETX EOT ENQ ACK alert backspace tab newline vertical-tab form-feed carriage-return SO SI",
    ),
    (0x10, "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC IS4 IS3 IS2 IS1"),
    (b' ', "space exclamation-mark quotation-mark number-sign dollar-sign percent-sign ampersand apostrophe"),
    (b'(', "left-parenthesis right-parenthesis asterisk plus-sign comma hyphen period slash"),
    (b'0', "zero one two three four five six seven eight nine"),
    (b':', "colon semicolon less-than-sign equals-sign greater-than-sign question-mark commercial-at"),
    (b'[', "left-square-bracket backslash right-square-bracket circumflex underscore grave-accent"),
    (b'{', "left-curly-bracket vertical-line right-curly-bracket tilde DEL"),
];
