//! Splits a JSON text into tokens and tracks how far nlohmann's lexer would have read, for error messages.

/// A token; the bytes of a string are fetched with [`Lexer::string`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token {
    BeginArray,
    EndArray,
    BeginObject,
    EndObject,
    Colon,
    Comma,
    Null,
    True,
    False,
    /// A number without fraction or exponent that fits; greater than `i64::MAX` only without a minus sign.
    Integer(i128),
    Float(f64),
    String,
    End,
    Bad(&'static str),
}

/// Where the bytes of the last string are.
enum Text {
    Plain { from: usize, to: usize },
    Unescaped,
}

pub(super) struct Lexer<'t> {
    input: &'t [u8],
    /// The number of bytes read.
    at: usize,
    /// Whether the end was also read.
    ended: bool,
    /// The start of the last string or number; errors quote the input from there.
    quoted: usize,
    text: Text,
    buffer: Vec<u8>,
    started: bool,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(input: &'t [u8]) -> Self {
        Lexer {
            input,
            at: 0,
            ended: false,
            quoted: 0,
            text: Text::Plain { from: 0, to: 0 },
            buffer: Vec::new(),
            started: false,
        }
    }

    /// The string last read, without quotes and escapes.
    pub(super) fn string(&self) -> &[u8] {
        match self.text {
            Text::Plain { from, to } => &self.input[from..to],
            Text::Unescaped => &self.buffer,
        }
    }

    /// The input from the last string or number up to the last byte read.
    pub(super) fn last_read(&self) -> &'t [u8] {
        &self.input[self.quoted..self.at]
    }

    /// Whether nothing but the end was read.
    pub(super) fn is_empty(&self) -> bool {
        self.at == 0
    }

    /// Line and column of the last byte read, as nlohmann counts them: the end counts as a byte. Only the byte after
    /// a number shows that it is over; that byte is put back, but if it ends the line, the column is lost and
    /// becomes 0.
    pub(super) fn position(&self, token: Token) -> (usize, usize) {
        let read = &self.input[..self.at];
        let line = read.iter().filter(|&&byte| byte == b'\n').count() + 1;
        let line_start = read.iter().rposition(|&byte| byte == b'\n').map_or(0, |place| place + 1);
        let number = matches!(token, Token::Integer(_) | Token::Float(_));
        match self.input.get(self.at) {
            Some(b'\n') if number => (line, 0),
            _ => (line, self.at - line_start + usize::from(self.ended)),
        }
    }

    fn get(&mut self) -> Option<u8> {
        let byte = self.input.get(self.at).copied();
        match byte {
            Some(_) => self.at += 1,
            None => self.ended = true,
        }
        byte
    }

    fn skip_digits(&mut self) {
        while self.input.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    pub(super) fn next(&mut self) -> Token {
        if !self.started {
            self.started = true;
            const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
            if self.input.first() == Some(&MARK[0]) && !MARK.iter().all(|&byte| self.get() == Some(byte)) {
                return Token::Bad("invalid BOM; must be 0xEF 0xBB 0xBF if given");
            }
        }
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.input.get(self.at) {
            self.at += 1;
        }
        match self.get() {
            None | Some(0) => Token::End,
            Some(b'[') => Token::BeginArray,
            Some(b']') => Token::EndArray,
            Some(b'{') => Token::BeginObject,
            Some(b'}') => Token::EndObject,
            Some(b':') => Token::Colon,
            Some(b',') => Token::Comma,
            Some(b'n') => self.word(b"ull", Token::Null),
            Some(b't') => self.word(b"rue", Token::True),
            Some(b'f') => self.word(b"alse", Token::False),
            Some(b'"') => self.quoted_string(),
            Some(first @ (b'-' | b'0'..=b'9')) => self.number(first),
            Some(_) => Token::Bad("invalid literal"),
        }
    }

    fn word(&mut self, rest: &[u8], token: Token) -> Token {
        for &expected in rest {
            if self.get() != Some(expected) {
                return Token::Bad("invalid literal");
            }
        }
        token
    }

    fn number(&mut self, first: u8) -> Token {
        let from = self.at - 1;
        self.quoted = from;
        let mut lead = Some(first);
        if first == b'-' {
            lead = self.get();
            if !lead.is_some_and(|byte| byte.is_ascii_digit()) {
                return Token::Bad("invalid number; expected digit after '-'");
            }
        }
        if lead != Some(b'0') {
            self.skip_digits();
        }
        let mut whole = true;
        if self.input.get(self.at) == Some(&b'.') {
            whole = false;
            self.at += 1;
            if !self.get().is_some_and(|byte| byte.is_ascii_digit()) {
                return Token::Bad("invalid number; expected digit after '.'");
            }
            self.skip_digits();
        }
        if let Some(b'e' | b'E') = self.input.get(self.at) {
            whole = false;
            self.at += 1;
            let mut digit = self.get();
            if let Some(b'+' | b'-') = digit {
                digit = self.get();
                if !digit.is_some_and(|byte| byte.is_ascii_digit()) {
                    return Token::Bad("invalid number; expected digit after exponent sign");
                }
            }
            if !digit.is_some_and(|byte| byte.is_ascii_digit()) {
                return Token::Bad("invalid number; expected '+', '-', or digit after exponent");
            }
            self.skip_digits();
        }
        let digits = str::from_utf8(&self.input[from..self.at]).unwrap_or_default();
        if whole && first == b'-' {
            if let Ok(number) = digits.parse::<i64>() {
                return Token::Integer(number.into());
            }
        } else if whole && let Ok(number) = digits.parse::<u64>() {
            return Token::Integer(number.into());
        }
        digits.parse().map_or(Token::Bad("invalid number"), Token::Float)
    }

    fn quoted_string(&mut self) -> Token {
        let from = self.at;
        self.quoted = from - 1;
        loop {
            match self.get() {
                Some(b'"') => {
                    self.text = Text::Plain { from, to: self.at - 1 };
                    return Token::String;
                }
                Some(b'\\') => {
                    self.buffer.clear();
                    self.buffer.extend_from_slice(&self.input[from..self.at - 1]);
                    return self.escaped_string();
                }
                Some(b' '..=0x7f) => {}
                other => {
                    if let Err(wrong) = self.unusual(other) {
                        return Token::Bad(wrong);
                    }
                }
            }
        }
    }

    /// The rest of a string after its first backslash.
    fn escaped_string(&mut self) -> Token {
        let mut escaped = true;
        loop {
            if escaped && let Err(wrong) = self.escape() {
                return Token::Bad(wrong);
            }
            let from = self.at;
            while let Some(b' '..=b'!' | b'#'..=b'[' | b']'..=0x7f) = self.input.get(self.at) {
                self.at += 1;
            }
            let byte = self.get();
            if let Some(b'"' | b'\\') = byte {
                self.buffer.extend_from_slice(&self.input[from..self.at - 1]);
                if byte == Some(b'"') {
                    self.text = Text::Unescaped;
                    return Token::String;
                }
            } else if let Err(wrong) = self.unusual(byte) {
                return Token::Bad(wrong);
            } else {
                self.buffer.extend_from_slice(&self.input[from..self.at]);
            }
            escaped = byte == Some(b'\\');
        }
    }

    fn escape(&mut self) -> Result<(), &'static str> {
        let byte = match self.get() {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                let character = self.code_point()?;
                self.buffer.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err("invalid string: forbidden character after backslash"),
        };
        self.buffer.push(byte);
        Ok(())
    }

    fn code_point(&mut self) -> Result<char, &'static str> {
        const LONELY: &str = "invalid string: surrogate U+DC00..U+DFFF must follow U+D800..U+DBFF";
        const WIDOWED: &str = "invalid string: surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF";
        let mut code = self.four_digits()?;
        if (0xd800..0xdc00).contains(&code) {
            if self.get() != Some(b'\\') || self.get() != Some(b'u') {
                return Err(WIDOWED);
            }
            let low = self.four_digits()?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err(WIDOWED);
            }
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        char::from_u32(code).ok_or(LONELY)
    }

    fn four_digits(&mut self) -> Result<u32, &'static str> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.get().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or("invalid string: '\\u' must be followed by 4 hex digits")?;
        }
        Ok(code)
    }

    /// Skips a byte in a string that is not plain ASCII, with the rest of its UTF-8 sequence.
    fn unusual(&mut self, byte: Option<u8>) -> Result<(), &'static str> {
        let Some(byte) = byte else { return Err("invalid string: missing closing quote") };
        if let Some(wrong) = CONTROL.get(usize::from(byte)) {
            return Err(wrong);
        }
        let (second, more) = match byte {
            0xc2..=0xdf => (0x80..=0xbf, 0),
            0xe0 => (0xa0..=0xbf, 1),
            0xed => (0x80..=0x9f, 1),
            0xe1..=0xef => (0x80..=0xbf, 1),
            0xf0 => (0x90..=0xbf, 2),
            0xf1..=0xf3 => (0x80..=0xbf, 2),
            0xf4 => (0x80..=0x8f, 2),
            _ => return Err(ILL_FORMED),
        };
        if !self.get().is_some_and(|byte| second.contains(&byte)) {
            return Err(ILL_FORMED);
        }
        for _ in 0..more {
            if !self.get().is_some_and(|byte| (0x80..=0xbf).contains(&byte)) {
                return Err(ILL_FORMED);
            }
        }
        Ok(())
    }
}

const ILL_FORMED: &str = "invalid string: ill-formed UTF-8 byte";

macro_rules! control {
    ($($code:literal $name:literal $short:literal)*) => {
        [$(concat!(
            "invalid string: control character U+00", $code, " (", $name, ") must be escaped to \\u00", $code, $short,
        )),*]
    };
}

/// The message for each byte below a space.
const CONTROL: [&str; 32] = control! {
    "00" "NUL" "" "01" "SOH" "" "02" "STX" "" "03" "ETX" "" "04" "EOT" "" "05" "ENQ" "" "06" "ACK" "" "07" "BEL" ""
    "08" "BS" " or \\b" "09" "HT" " or \\t" "0A" "LF" " or \\n" "0B" "VT" "" "0C" "FF" " or \\f" "0D" "CR" " or \\r"
    "0E" "SO" "" "0F" "SI" "" "10" "DLE" "" "11" "DC1" "" "12" "DC2" "" "13" "DC3" "" "14" "DC4" "" "15" "NAK" ""
    "16" "SYN" "" "17" "ETB" "" "18" "CAN" "" "19" "EM" "" "1A" "SUB" "" "1B" "ESC" "" "1C" "FS" "" "1D" "GS" ""
    "1E" "RS" "" "1F" "US" ""
};
