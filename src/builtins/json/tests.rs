//! The answers of Nix 2.34.8, row by row.

use super::{JsonSink, parse, write_float, write_string};

/// Writes the values back without sorting keys.
#[derive(Default)]
pub(in super::super) struct Again(pub(in super::super) Vec<u8>);

impl Again {
    fn value(&mut self, text: &[u8]) {
        if !matches!(self.0.last(), None | Some(b'[' | b'{' | b':')) {
            self.0.push(b',');
        }
        self.0.extend_from_slice(text);
    }
}

impl JsonSink for Again {
    fn null(&mut self) {
        self.value(b"null");
    }
    fn boolean(&mut self, value: bool) {
        self.value(value.to_string().as_bytes());
    }
    fn integer(&mut self, value: i64) {
        self.value(value.to_string().as_bytes());
    }
    fn float(&mut self, value: f64) {
        let mut text = Vec::new();
        write_float(&mut text, value);
        self.value(&text);
    }
    fn string(&mut self, value: &[u8]) {
        let mut text = Vec::new();
        write_string(&mut text, value).expect("is UTF-8");
        self.value(&text);
    }
    fn begin_array(&mut self) {
        self.value(b"[");
    }
    fn end_array(&mut self) {
        self.0.push(b']');
    }
    fn begin_object(&mut self) {
        self.value(b"{");
    }
    fn key(&mut self, key: &[u8]) {
        self.string(key);
        self.0.push(b':');
    }
    fn end_object(&mut self) {
        self.0.push(b'}');
    }
}

fn again(text: &[u8]) -> String {
    let mut sink = Again::default();
    let result = match parse(text, &mut sink) {
        Ok(()) => sink.0,
        Err(error) => error.message(),
    };
    String::from_utf8_lossy(&result).into_owned()
}

#[test]
fn values() {
    for (text, result) in [
        ("[1, -1, 0, -0, 1.5, 1e5, 1E-7]", "[1,-1,0,0,1.5,100000.0,1e-07]"),
        ("[9223372036854775807,-9223372036854775808]", "[9223372036854775807,-9223372036854775808]"),
        ("[-9223372036854775809, 18446744073709551616]", "[-9.223372036854776e+18,1.8446744073709552e+19]"),
        ("[1e-400, 4.9e-324, -0.0]", "[0.0,5e-324,-0.0]"),
        ("\u{feff} { \"a\" : [ ] , \"b\":{},\"\":null}\n", r#"{"a":[],"b":{},"":null}"#),
        (r#""\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\""#, r#""é😀/\b\f\n\r\t\"\\""#),
    ] {
        assert_eq!(again(text.as_bytes()), result);
    }
}

#[test]
fn errors() {
    let at =
        |place: &str, rest: &str| format!("[json.exception.parse_error.101] parse error at {place}: {rest}");
    for (text, place, rest) in [
        (
            "",
            "line 1, column 1",
            "attempting to parse an empty input; check that your input string or stream contains the expected JSON",
        ),
        (
            " ",
            "line 1, column 2",
            "syntax error while parsing value - unexpected end of input; expected '[', '{', or a literal",
        ),
        (
            "[1\n2]",
            "line 2, column 1",
            "syntax error while parsing array - unexpected number literal; expected ']'",
        ),
        // The line end that terminates the number is put back, but its column is not.
        (
            "{1\n}",
            "line 1, column 0",
            "syntax error while parsing object key - unexpected number literal; expected string literal",
        ),
        (
            "1 2",
            "line 1, column 3",
            "syntax error while parsing value - unexpected number literal; expected end of input",
        ),
        // The quoted input starts at the last string or number.
        (
            "[\"a\", x",
            "line 1, column 7",
            "syntax error while parsing value - invalid literal; last read: '\"a\", x'",
        ),
        (
            "[1,\n tru]",
            "line 2, column 5",
            "syntax error while parsing value - invalid literal; last read: '1,<U+000A> tru]'",
        ),
        (
            "\"\t\"",
            "line 1, column 2",
            "syntax error while parsing value - invalid string: control character U+0009 (HT) must be escaped to \
             \\u0009 or \\t; last read: '\"<U+0009>'",
        ),
        (
            "{\"a\" 1}",
            "line 1, column 6",
            "syntax error while parsing object separator - unexpected number literal; expected ':'",
        ),
    ] {
        assert_eq!(again(text.as_bytes()), at(place, rest));
    }
    for (text, message) in [
        ("9223372036854775808", "unsigned json number 9223372036854775808 outside of Nix integer range"),
        ("-1e999", "[json.exception.out_of_range.406] number overflow parsing '-1e999'"),
        (
            r#""a\u0000b""#,
            "input string 'a␀b' cannot be represented as Nix string because it contains null bytes",
        ),
    ] {
        assert_eq!(again(text.as_bytes()), message);
    }
}

#[test]
fn deep_nesting() {
    let text = [b"[".repeat(1_000_000), b"]".repeat(1_000_000)].concat();
    assert_eq!(again(&text).len(), text.len());
    assert!(again(&text[..1_500_000]).ends_with("unexpected end of input; expected ']'"));
}

#[test]
fn strings() {
    let written = |string: &[u8]| {
        let mut out = Vec::new();
        match write_string(&mut out, string) {
            Ok(()) => String::from_utf8_lossy(&out).into_owned(),
            Err(error) => error.to_string(),
        }
    };
    assert_eq!(written("é\u{1}\n\u{7f}\"\\/".as_bytes()), "\"é\\u0001\\n\u{7f}\\\"\\\\/\"");
    let invalid = "[json.exception.type_error.316] invalid UTF-8 byte at index";
    assert_eq!(written(b"a\xff"), format!("{invalid} 1: 0xFF"));
    assert_eq!(written(b"\xe2\x82a"), format!("{invalid} 2: 0x61"));
    assert_eq!(written(b"\xed\xa0\x80"), format!("{invalid} 1: 0xA0"));
    assert_eq!(
        written(b"ab\xc3"),
        "[json.exception.type_error.316] incomplete UTF-8 string; last byte: 0xC3"
    );
}

#[test]
fn floats() {
    for (value, text) in [
        (0.1, "0.1"),
        (100.0, "100.0"),
        (1e15, "1e+15"),
        (123456789012345.0, "123456789012345.0"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1.5e300, "1.5e+300"),
        (7.113578243725634e-249, "7.1135782437256335e-249"),
        (f64::MAX, "1.7976931348623157e+308"),
        (f64::NAN, "null"),
        (f64::NEG_INFINITY, "null"),
    ] {
        let mut out = Vec::new();
        write_float(&mut out, value);
        assert_eq!(String::from_utf8_lossy(&out), text);
    }
}
