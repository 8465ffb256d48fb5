//! Reads a JSON text and passes on its values one by one, without recursion: nesting costs one bit per level.

use super::error::JsonError;
use super::lex::{Lexer, Token};

/// Receives the values of a text in order. Between `begin_object` and `end_object`, each value follows its key. Among
/// equal keys the last one counts.
pub trait JsonSink {
    /// `null`
    fn null(&mut self);
    /// `true` or `false`
    fn boolean(&mut self, value: bool);
    /// A number without fraction or exponent that fits.
    fn integer(&mut self, value: i64);
    /// Any other number; always finite.
    fn float(&mut self, value: f64);
    /// A string: valid UTF-8 without null bytes.
    fn string(&mut self, value: &[u8]);
    /// `[`
    fn begin_array(&mut self);
    /// `]`
    fn end_array(&mut self);
    /// `{`
    fn begin_object(&mut self);
    /// The key of the next value: valid UTF-8 without null bytes.
    fn key(&mut self, key: &[u8]);
    /// `}`
    fn end_object(&mut self);
}

/// The open containers, one bit each: set for arrays.
#[derive(Default)]
struct Open {
    words: Vec<u64>,
    depth: usize,
}

impl Open {
    fn push(&mut self, array: bool) {
        if self.depth.is_multiple_of(64) {
            self.words.push(0);
        }
        let mask = 1 << (self.depth % 64);
        if let Some(word) = self.words.last_mut() {
            *word = if array { *word | mask } else { *word & !mask };
        }
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.depth -= 1;
        if self.depth.is_multiple_of(64) {
            self.words.pop();
        }
    }

    /// Whether the innermost container is an array; `None` at the top.
    fn innermost(&self) -> Option<bool> {
        let place = self.depth.checked_sub(1)?;
        self.words.last().map(|word| word >> (place % 64) & 1 != 0)
    }
}

/// What the parser expects next.
enum Want {
    Value,
    /// The first value, or the end of an empty array.
    FirstValue,
    Key,
    /// The first key, or the end of an empty object.
    FirstKey,
    /// After a value: a comma or the end of its container.
    Rest,
}

/// `builtins.fromJSON`: reads the whole text.
///
/// # Errors
/// The first error in the text. The values before it have been passed on already.
pub fn parse(text: &[u8], sink: &mut impl JsonSink) -> Result<(), JsonError> {
    let mut lexer = Lexer::new(text);
    let mut open = Open::default();
    let mut want = Want::Value;
    loop {
        let token = lexer.next();
        want = match (want, token) {
            (Want::Rest, _) if open.innermost().is_none() => {
                return match token {
                    Token::End => Ok(()),
                    _ => Err(unexpected(&lexer, token, "value", "; expected end of input")),
                };
            }
            (Want::Rest, Token::Comma) if open.innermost() == Some(true) => Want::Value,
            (Want::Rest, Token::Comma) => Want::Key,
            (Want::Rest, Token::EndArray) if open.innermost() == Some(true) => {
                open.pop();
                sink.end_array();
                Want::Rest
            }
            (Want::Rest, Token::EndObject) if open.innermost() == Some(false) => {
                open.pop();
                sink.end_object();
                Want::Rest
            }
            (Want::Rest, _) if open.innermost() == Some(true) => {
                return Err(unexpected(&lexer, token, "array", "; expected ']'"));
            }
            (Want::Rest, _) => return Err(unexpected(&lexer, token, "object", "; expected '}'")),
            (Want::FirstValue, Token::EndArray) => {
                open.pop();
                sink.end_array();
                Want::Rest
            }
            (Want::FirstKey, Token::EndObject) => {
                open.pop();
                sink.end_object();
                Want::Rest
            }
            (Want::Key | Want::FirstKey, Token::String) => {
                sink.key(checked(lexer.string())?);
                let colon = lexer.next();
                if colon != Token::Colon {
                    return Err(unexpected(&lexer, colon, "object separator", "; expected ':'"));
                }
                Want::Value
            }
            (Want::Key | Want::FirstKey, _) => {
                return Err(unexpected(&lexer, token, "object key", "; expected string literal"));
            }
            (Want::Value | Want::FirstValue, Token::BeginArray) => {
                open.push(true);
                sink.begin_array();
                Want::FirstValue
            }
            (Want::Value | Want::FirstValue, Token::BeginObject) => {
                open.push(false);
                sink.begin_object();
                Want::FirstKey
            }
            (Want::Value | Want::FirstValue, _) => {
                scalar(&lexer, token, sink)?;
                Want::Rest
            }
        };
    }
}

fn scalar(lexer: &Lexer<'_>, token: Token, sink: &mut impl JsonSink) -> Result<(), JsonError> {
    match token {
        Token::Null => sink.null(),
        Token::True => sink.boolean(true),
        Token::False => sink.boolean(false),
        Token::Integer(number) => match (i64::try_from(number), u64::try_from(number)) {
            (Ok(number), _) => sink.integer(number),
            (Err(_), number) => return Err(JsonError::OutOfRange(number.unwrap_or(u64::MAX))),
        },
        Token::Float(number) if number.is_finite() => sink.float(number),
        Token::Float(_) => {
            let mut message = b"[json.exception.out_of_range.406] number overflow parsing '".to_vec();
            quote(&mut message, lexer.last_read());
            return Err(JsonError::Syntax(message));
        }
        Token::String => sink.string(checked(lexer.string())?),
        Token::Bad(_) => return Err(unexpected(lexer, token, "value", "")),
        Token::End if lexer.is_empty() => {
            let advice = "attempting to parse an empty input; check that your input string or stream contains the \
                          expected JSON";
            return Err(JsonError::Syntax([located(lexer, token).as_bytes(), advice.as_bytes()].concat()));
        }
        _ => return Err(unexpected(lexer, token, "value", "; expected '[', '{', or a literal")),
    }
    Ok(())
}

fn checked(string: &[u8]) -> Result<&[u8], JsonError> {
    if string.contains(&0) { Err(JsonError::NullByte(string.to_vec())) } else { Ok(string) }
}

fn located(lexer: &Lexer<'_>, token: Token) -> String {
    let (line, column) = lexer.position(token);
    format!("[json.exception.parse_error.101] parse error at line {line}, column {column}: ")
}

fn unexpected(lexer: &Lexer<'_>, token: Token, context: &str, expected: &str) -> JsonError {
    let mut message = located(lexer, token).into_bytes();
    message.extend(format!("syntax error while parsing {context} - ").bytes());
    let name = match token {
        Token::Bad(wrong) => {
            message.extend(format!("{wrong}; last read: '").bytes());
            quote(&mut message, lexer.last_read());
            message.extend(expected.bytes());
            return JsonError::Syntax(message);
        }
        Token::BeginArray => "'['",
        Token::EndArray => "']'",
        Token::BeginObject => "'{'",
        Token::EndObject => "'}'",
        Token::Colon => "':'",
        Token::Comma => "','",
        Token::Null => "null literal",
        Token::True => "true literal",
        Token::False => "false literal",
        Token::Integer(_) | Token::Float(_) => "number literal",
        Token::String => "string literal",
        Token::End => "end of input",
    };
    message.extend(format!("unexpected {name}{expected}").bytes());
    JsonError::Syntax(message)
}

/// Appends the input as messages show it, with the closing quote.
fn quote(message: &mut Vec<u8>, input: &[u8]) {
    for &byte in input {
        match byte {
            0..=0x1f => message.extend(format!("<U+{byte:04X}>").bytes()),
            _ => message.push(byte),
        }
    }
    message.push(b'\'');
}
