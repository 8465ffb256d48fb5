//! The grammar of TOML 1.0 as rules that can be scanned and can say what they expected. toml11's messages name the
//! first rule that did not match, so the rules are divided exactly as in toml11.

/// A piece of the grammar. Matching does not backtrack into a rule that matched.
pub(super) enum Rule {
    Byte(u8),
    OneOf(&'static [u8]),
    Range(u8, u8),
    Word(&'static str),
    /// A rule with a name for messages.
    Named(&'static str, &'static Rule),
    All(&'static [Rule]),
    /// The first rule that matches.
    Any(&'static [Rule]),
    Times(usize, &'static Rule),
    Many(usize, &'static Rule),
    Maybe(&'static Rule),
    Same(&'static Rule),
}

use Rule::{All, Any, Byte, Many, Maybe, Named, OneOf, Range, Same, Times, Word};

impl Rule {
    /// Where a match that starts at `at` ends.
    pub(super) fn scan(&self, text: &[u8], at: usize) -> Option<usize> {
        let byte = text.get(at).copied();
        match self {
            Byte(expected) => (byte == Some(*expected)).then_some(at + 1),
            OneOf(bytes) => bytes.contains(&byte?).then_some(at + 1),
            Range(from, to) => (*from..=*to).contains(&byte?).then_some(at + 1),
            Word(word) => text.get(at..)?.starts_with(word.as_bytes()).then_some(at + word.len()),
            Named(_, rule) | Same(rule) => rule.scan(text, at),
            All(rules) => rules.iter().try_fold(at, |at, rule| rule.scan(text, at)),
            Any(rules) => rules.iter().find_map(|rule| rule.scan(text, at)),
            Times(count, rule) => (0..*count).try_fold(at, |at, _| rule.scan(text, at)),
            Many(least, rule) => {
                let mut end = (0..*least).try_fold(at, |at, _| rule.scan(text, at))?;
                while let Some(further) = rule.scan(text, end) {
                    end = further;
                }
                Some(end)
            }
            Maybe(rule) => Some(rule.scan(text, at).unwrap_or(at)),
        }
    }

    /// What was expected where the rule stopped matching; `at` moves there. Alternatives are tried one after the
    /// other, each from where the previous one stopped.
    pub(super) fn expected(&self, text: &[u8], at: &mut usize) -> String {
        match self {
            Byte(byte) => show(*byte),
            OneOf(bytes) => join(bytes.iter().map(|byte| show(*byte)).collect()),
            Range(from, to) => format!("from `{}` to `{}`", show(*from), show(*to)),
            Word(word) => (*word).to_string(),
            Named(name, _) => (*name).to_string(),
            Same(rule) => rule.expected(text, at),
            All(rules) => rules.iter().find_map(|rule| stop(rule, text, at)).unwrap_or_default(),
            Any(rules) => join(rules.iter().map(|rule| rule.expected(text, at)).collect()),
            Times(count, rule) | Many(count, rule) => {
                (0..*count).find_map(|_| stop(rule, text, at)).unwrap_or_default()
            }
            Maybe(_) => String::new(),
        }
    }
}

/// Skips a match, or returns what was expected instead.
fn stop(rule: &Rule, text: &[u8], at: &mut usize) -> Option<String> {
    match rule.scan(text, *at) {
        Some(end) => {
            *at = end;
            None
        }
        None => Some(rule.expected(text, at)),
    }
}

fn join(mut names: Vec<String>) -> String {
    let last = names.pop().unwrap_or_default();
    match names.len() {
        0 => last,
        1 => format!("{} or {last}", names[0]),
        _ => format!("{}, or {last}", names.join(", ")),
    }
}

/// A byte as messages show it. Quoted lines show everything but printable ASCII this way.
pub(super) fn show(byte: u8) -> String {
    let name = match byte {
        b'!'..=b'~' => return char::from(byte).to_string(),
        0 => "(NUL)",
        b' ' => "(SPACE)",
        b'\n' => "(LINE FEED)",
        b'\r' => "(CARRIAGE RETURN)",
        b'\t' => "(TAB)",
        0x0b => "(VERTICAL TAB)",
        0x0c => "(FORM FEED)",
        0x1b => "(ESCAPE)",
        _ => "",
    };
    format!("0x{byte:02x}{name}")
}

const DIGIT: Rule = Named("digit [0-9]", &Range(b'0', b'9'));
const ALPHA: Rule = Named("alpha [a-zA-Z]", &Any(&[Range(b'a', b'z'), Range(b'A', b'Z')]));
const HEX: Rule = Named("hex [0-9a-fA-F]", &Any(&[Range(b'0', b'9'), Range(b'a', b'f'), Range(b'A', b'F')]));

const MORE: Rule = Range(0x80, 0xbf);
const NON_ASCII: Rule = Named(
    "non-ascii utf-8 bytes",
    &Any(&[
        All(&[Range(0xc2, 0xdf), MORE]),
        All(&[
            Any(&[
                All(&[Byte(0xe0), Range(0xa0, 0xbf)]),
                All(&[Range(0xe1, 0xec), MORE]),
                All(&[Byte(0xed), Range(0x80, 0x9f)]),
                All(&[Range(0xee, 0xef), MORE]),
            ]),
            MORE,
        ]),
        All(&[
            Any(&[
                All(&[Byte(0xf0), Range(0x90, 0xbf)]),
                All(&[Range(0xf1, 0xf3), MORE]),
                All(&[Byte(0xf4), Range(0x80, 0x8f)]),
            ]),
            MORE,
            MORE,
        ]),
    ]),
);

const BLANK: Rule = OneOf(b" \t");
pub(super) static BLANKS: Rule = Many(0, &BLANK);
pub(super) static NEWLINE: Rule = Any(&[Byte(b'\n'), Word("\r\n")]);
pub(super) static COMMENT: Rule =
    All(&[Byte(b'#'), Many(0, &Any(&[Byte(b'\t'), Range(b' ', b'~'), NON_ASCII]))]);

pub(super) static BOOLEAN: Rule = Any(&[Word("true"), Word("false")]);

const SIGN: Rule = Maybe(&OneOf(b"+-"));

pub(super) static DECIMAL: Rule = All(&[
    SIGN,
    Any(&[All(&[Range(b'1', b'9'), Many(1, &Any(&[DIGIT, All(&[Byte(b'_'), DIGIT])]))]), DIGIT]),
]);
pub(super) static HEXADECIMAL: Rule = All(&[Word("0x"), HEX, Many(0, &Any(&[HEX, All(&[Byte(b'_'), HEX])]))]);
const OCTAL_DIGIT: Rule = Range(b'0', b'7');
pub(super) static OCTAL: Rule =
    All(&[Word("0o"), OCTAL_DIGIT, Many(0, &Any(&[OCTAL_DIGIT, All(&[Byte(b'_'), OCTAL_DIGIT])]))]);
const BINARY_DIGIT: Rule = OneOf(b"01");
pub(super) static BINARY: Rule =
    All(&[Word("0b"), BINARY_DIGIT, Many(0, &Any(&[BINARY_DIGIT, All(&[Byte(b'_'), BINARY_DIGIT])]))]);
pub(super) static INTEGER: Rule = Any(&[Same(&HEXADECIMAL), Same(&OCTAL), Same(&BINARY), Same(&DECIMAL)]);

const DIGITS: Rule = All(&[DIGIT, Many(0, &Any(&[DIGIT, All(&[Byte(b'_'), DIGIT])]))]);
const FRACTION: Rule = All(&[Byte(b'.'), DIGITS]);
const EXPONENT: Rule = All(&[OneOf(b"eE"), SIGN, DIGITS]);
pub(super) static FLOAT: Rule = Any(&[
    All(&[Same(&DECIMAL), Any(&[EXPONENT, All(&[FRACTION, Maybe(&EXPONENT)])])]),
    All(&[SIGN, Any(&[Word("inf"), Word("nan")])]),
]);

const TWO_DIGITS: Rule = Times(2, &DIGIT);
pub(super) static DATE: Rule = All(&[Times(4, &DIGIT), Byte(b'-'), TWO_DIGITS, Byte(b'-'), TWO_DIGITS]);
pub(super) static TIME: Rule = All(&[
    TWO_DIGITS,
    Byte(b':'),
    TWO_DIGITS,
    Byte(b':'),
    TWO_DIGITS,
    Maybe(&All(&[Byte(b'.'), Many(1, &DIGIT)])),
]);
pub(super) static OFFSET: Rule =
    Any(&[OneOf(b"zZ"), All(&[OneOf(b"+-"), TWO_DIGITS, Byte(b':'), TWO_DIGITS])]);
pub(super) static DATE_TIME_DELIMITER: Rule = OneOf(b"Tt ");
pub(super) static DATE_TIME: Rule = All(&[Same(&DATE), Same(&DATE_TIME_DELIMITER), Same(&TIME)]);

const ESCAPE: Rule = All(&[
    Byte(b'\\'),
    Any(&[OneOf(b"\"\\bfnrt"), All(&[Byte(b'u'), Times(4, &HEX)]), All(&[Byte(b'U'), Times(8, &HEX)])]),
]);
const BASIC: Rule = Any(&[BLANK, Byte(b'!'), Range(b'#', b'['), Range(b']', b'~'), NON_ASCII, ESCAPE]);
pub(super) static BASIC_STRING: Rule = All(&[Byte(b'"'), Many(0, &BASIC), Byte(b'"')]);
pub(super) static ESCAPED_NEWLINE: Rule =
    All(&[Byte(b'\\'), Same(&BLANKS), Same(&NEWLINE), Many(0, &Any(&[BLANK, Same(&NEWLINE)]))]);
const LONG_BASIC: Rule = Any(&[BASIC, Same(&NEWLINE), Same(&ESCAPED_NEWLINE)]);
const QUOTES: Rule = Any(&[Word("\"\""), Byte(b'"')]);
pub(super) static LONG_BASIC_STRING: Rule = All(&[
    Word("\"\"\""),
    Maybe(&NEWLINE),
    Many(0, &LONG_BASIC),
    Many(0, &All(&[QUOTES, Many(1, &LONG_BASIC)])),
    Word("\"\"\""),
    Maybe(&QUOTES),
]);

const LITERAL: Rule = Any(&[Byte(b'\t'), Range(b' ', b'&'), Range(b'(', b'~'), NON_ASCII]);
pub(super) static LITERAL_STRING: Rule = All(&[Byte(b'\''), Many(0, &LITERAL), Byte(b'\'')]);
const LONG_LITERAL: Rule = Any(&[LITERAL, Same(&NEWLINE)]);
const APOSTROPHES: Rule = Any(&[Word("''"), Byte(b'\'')]);
pub(super) static LONG_LITERAL_STRING: Rule = All(&[
    Word("'''"),
    Maybe(&NEWLINE),
    Many(0, &LONG_LITERAL),
    Many(0, &All(&[APOSTROPHES, Many(1, &LONG_LITERAL)])),
    Word("'''"),
    Maybe(&APOSTROPHES),
]);

pub(super) static BARE_KEY: Rule = Many(1, &Any(&[ALPHA, DIGIT, Byte(b'-'), Byte(b'_')]));
const SIMPLE_KEY: Rule = Any(&[Same(&BARE_KEY), Same(&BASIC_STRING), Same(&LITERAL_STRING)]);
pub(super) static DOT: Rule = All(&[Same(&BLANKS), Byte(b'.'), Same(&BLANKS)]);
pub(super) static EQUALS: Rule = All(&[Same(&BLANKS), Byte(b'='), Same(&BLANKS)]);
const KEY: Rule = Named(
    "basic key([a-zA-Z0-9_-]) or quoted key(\" or ')",
    &Any(&[All(&[SIMPLE_KEY, Many(1, &All(&[Same(&DOT), SIMPLE_KEY]))]), SIMPLE_KEY]),
);
pub(super) static TABLE_HEADER: Rule = All(&[Byte(b'['), Same(&BLANKS), KEY, Same(&BLANKS), Byte(b']')]);
pub(super) static ARRAY_HEADER: Rule = All(&[Word("[["), Same(&BLANKS), KEY, Same(&BLANKS), Word("]]")]);
