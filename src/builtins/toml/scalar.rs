//! Determines the kind of a value from its start, and reads booleans and numbers.

use super::grammar::{
    BINARY, BOOLEAN, DATE, DATE_TIME, DATE_TIME_DELIMITER, DECIMAL, FLOAT, HEXADECIMAL, INTEGER, OCTAL,
    OFFSET, Rule, TIME,
};
use super::parser::{Parsed, Parser};
use super::report::{Region, Report};
use super::tree::{Id, Value};

/// The kinds of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Integer,
    Float,
    String,
    OffsetDateTime,
    DateTime,
    Date,
    Time,
    Array,
    InlineTable,
}

const INTEGER_HINT: &str = "Hint: valid  : -42, 1_000, 1_2_3_4_5, 0xC0FFEE, 0b0010, 0o755\n\
                            Hint: invalid: _42, 1__000, 0123\n";
const FLOAT_HINT: &str = "Hint: valid  : +1.0, -2e-2, 3.141_592_653_589, inf, nan\n\
                          Hint: invalid: .0, 1., _1.0, 1.0_, 1_.0, 1.0__0\n";
const OFFSET_HINT: &str = "Hint: valid  : +09:00, -05:30\nHint: invalid: +9:00,  -5:30\n";
const TIME_HINT: &str = "Hint: valid  : 1979-05-27T07:32:00, 1979-05-27 07:32:00.999999\n\
                         Hint: invalid: 1979-05-27T7:32:00, 1979-05-27 17:32\n";
const DATE_TIME_HINT: &str = "Hint: valid  : 1979-05-27T07:32:00-07:00, 1979-05-27 07:32:00.999999Z\n\
                              Hint: invalid: 1979-05-27T7:32:00-7:00, 1979-05-27 7:32-00:30";

impl Parser<'_> {
    /// The kind of the value that begins here.
    pub(super) fn guess(&self) -> Parsed<Kind> {
        let lowercase = |word: &str, rule: &Rule| {
            let title = format!(
                "toml::parse_value: `{word}` must be in lowercase. A string must be surrounded by quotes."
            );
            Err(self.unlike(&title, rule))
        };
        let rest = &self.text[self.at..];
        match self.byte() {
            b'"' | b'\'' => Ok(Kind::String),
            b'[' => Ok(Kind::Array),
            b'{' => Ok(Kind::InlineTable),
            b't' | b'f' => Ok(Kind::Boolean),
            b'T' => lowercase("true", &BOOLEAN),
            b'F' => lowercase("false", &BOOLEAN),
            b'i' if rest.starts_with(b"inf") => Ok(Kind::Float),
            b'n' if rest.starts_with(b"nan") => Ok(Kind::Float),
            b'i' | b'I' => lowercase("inf", &FLOAT),
            b'n' | b'N' => lowercase("nan", &FLOAT),
            _ => self.guess_number(),
        }
    }

    fn guess_number(&self) -> Parsed<Kind> {
        let wrong_at = |at: usize, title: &str, note: &str, hint| {
            Err(Report::new(title, Region::at(self.text, at), note).hint(hint))
        };
        let scan = |rule: &Rule| rule.scan(self.text, self.at);
        let byte = |at: usize| self.text.get(at).copied().unwrap_or(0);
        if let Some(end) = scan(&DATE_TIME) {
            if OFFSET.scan(self.text, end).is_some() {
                return Ok(Kind::OffsetDateTime);
            }
            if let b'+' | b'-' = byte(end) {
                return Err(self
                    .unlike_at(end, "bad offset: must be [+-]HH:MM or Z", &OFFSET)
                    .hint(OFFSET_HINT));
            }
            return Ok(Kind::DateTime);
        }
        if let Some(end) = scan(&DATE) {
            return match byte(end) {
                b'T' | b't' => Err(self.bad_time(end + 1)),
                b' ' if byte(end + 1).is_ascii_digit() => Err(self.bad_time(end + 1)),
                b'0'..=b'9' => Err(self
                    .unlike_at(end, "bad datetime: missing T or space", &DATE_TIME_DELIMITER)
                    .hint(TIME_HINT)),
                _ => Ok(Kind::Date),
            };
        }
        if scan(&TIME).is_some() {
            return Ok(Kind::Time);
        }
        if let Some(end) = scan(&FLOAT) {
            if byte(end) == b'_' {
                return wrong_at(
                    end,
                    "bad float: `_` must be surrounded by digits",
                    "invalid underscore",
                    FLOAT_HINT,
                );
            }
            return Ok(Kind::Float);
        }
        if let Some(end) = scan(&INTEGER) {
            let zero = matches!(&self.text[self.at..end], b"0" | b"+0" | b"-0");
            return match byte(end) {
                b'_' if zero => {
                    let title = "bad integer: leading zero is not allowed in decimal int";
                    wrong_at(end, title, "leading zero", INTEGER_HINT)
                }
                b'_' => {
                    let title = "bad integer: `_` must be surrounded by digits";
                    wrong_at(end, title, "invalid underscore", INTEGER_HINT)
                }
                b'0' => wrong_at(
                    end - 1,
                    "bad integer: leading zero",
                    "leading zero is not allowed",
                    INTEGER_HINT,
                ),
                b'1'..=b'9' => {
                    let title = "bad integer: invalid digit after an integer";
                    wrong_at(end, title, "this digit is not allowed", INTEGER_HINT)
                }
                b':' | b'-' => wrong_at(end, "bad datetime: invalid format", "here", DATE_TIME_HINT),
                b'.' | b'e' | b'E' => wrong_at(end, "bad float: invalid format", "here", FLOAT_HINT),
                _ => Ok(Kind::Integer),
            };
        }
        match self.byte() {
            b'.' => {
                let title = "bad float: integer part is required before decimal point";
                wrong_at(self.at, title, "missing integer part", FLOAT_HINT)
            }
            b'_' => {
                let title = "bad number: `_` must be surrounded by digits";
                wrong_at(self.at, title, "digits required before `_`", INTEGER_HINT)
            }
            _ => wrong_at(self.at, "bad format: unknown value appeared", "here", ""),
        }
    }

    fn bad_time(&self, at: usize) -> Box<Report> {
        self.unlike_at(at, "bad time: must be HH:MM:SS.subsec", &TIME).hint(TIME_HINT)
    }

    /// Reads a value that contains no others.
    pub(super) fn scalar(&mut self, kind: Kind) -> Parsed<Id> {
        let first = self.at;
        let value = match kind {
            Kind::String => return self.string(),
            Kind::Boolean => {
                let title = "toml::parse_boolean: invalid boolean: boolean must be `true` or `false`, in lowercase. \
                             string must be surrounded by `\"`";
                self.expect(title, &BOOLEAN)?;
                Value::Boolean(self.text[first] == b't')
            }
            Kind::Integer => self.integer()?,
            Kind::Float => self.float()?,
            _ => self.timestamp(kind)?,
        };
        Ok(self.tree.add(value, Region::new(first, self.at)))
    }

    fn integer(&mut self) -> Parsed<Value> {
        let first = self.at;
        let sign = usize::from(matches!(self.byte(), b'+' | b'-'));
        let prefix = self.text.get(first + sign..first + sign + 2).unwrap_or_default();
        let (name, rule, example, base) = match prefix {
            b"0b" => ("bin", &BINARY, "0b0101, 0b1111_0000", 2),
            b"0o" => ("oct", &OCTAL, "0o775, 0o04_44", 8),
            b"0x" => ("hex", &HEXADECIMAL, "0xC0FFEE, 0xdead_beef", 16),
            _ => ("dec", &DECIMAL, "42, 123_456_789", 10),
        };
        let title =
            format!("toml::parse_{name}_integer: invalid integer: {name}_int must be like: {example}");
        self.expect(&title, rule)?;
        let digits: String = digits(&self.text[first..self.at]).collect();
        let digits = if base == 10 { &digits } else { &digits[2..] };
        i64::from_str_radix(digits, base).map(Value::Integer).map_err(|_| {
            let limit = if base == 10 { "digits" } else { "value" };
            let title = format!("toml::parse_{name}_integer: too large integer: current max {limit} = 2^63");
            let report = self.wrong(&title, "must be < 2^63");
            self.at = first;
            report
        })
    }

    fn float(&mut self) -> Parsed<Value> {
        let first = self.at;
        let title = "toml::parse_floating: invalid floating: float must be like: -3.14159_26535, 6.022e+23, inf, or \
                     nan (lowercase).";
        self.expect(title, &FLOAT)?;
        let digits: String = digits(&self.text[first..self.at]).collect();
        let value = match digits.trim_start_matches(['+', '-']) {
            "inf" => f64::INFINITY,
            "nan" => f64::NAN,
            positive => match positive.parse::<f64>() {
                Ok(value) if value.is_finite() => value,
                _ => {
                    let title = "toml::parse_floating: failed to read floating point value from stream";
                    return Err(self.wrong(title, "here"));
                }
            },
        };
        Ok(Value::Float(value.copysign(if digits.starts_with('-') { -1.0 } else { 1.0 })))
    }

    pub(super) fn expect(&mut self, title: &str, rule: &Rule) -> Parsed<()> {
        if self.skip(rule) { Ok(()) } else { Err(self.unlike(title, rule)) }
    }
}

fn digits(text: &[u8]) -> impl Iterator<Item = char> + '_ {
    text.iter().filter(|&&byte| byte != b'_').map(|&byte| char::from(byte))
}
