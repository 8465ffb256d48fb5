//! Bracket expressions: turns `[…]` into a set of bytes, with libstdc++'s strict reading of the dash.

use super::bytes::{ByteSet, class, collating};
use super::error::RegexError;
use super::scan::{Scanner, Token};

/// What precedes the current term, which decides what a following dash means.
enum Before {
    /// The start of the bracket, or a finished range.
    Nothing,
    Byte(u8),
    Class,
}

/// Reads a bracket expression whose opening token was just taken.
pub(super) fn bracket(scanner: &mut Scanner<'_>, negated: bool) -> Result<ByteSet, RegexError> {
    let mut set = ByteSet::default();
    let mut before = Before::Nothing;
    if let Token::Byte(byte) = scanner.peek() {
        scanner.take()?;
        before = Before::Byte(byte);
    } else if scanner.skip(Token::Dash)? {
        before = Before::Byte(b'-');
    }
    loop {
        // libstdc++ adds a byte only once it cannot start a range. Adding it at once is harmless, since the range
        // would contain it.
        if let Before::Byte(byte) = before {
            set.insert(byte);
        }
        match scanner.take()? {
            Token::BracketClose => break,
            Token::Byte(byte) => before = Before::Byte(byte),
            Token::Collating(name) => before = Before::Byte(collating(name).ok_or(RegexError::Invalid)?),
            Token::Class(name) => {
                set.add(&class(name).ok_or(RegexError::Invalid)?);
                before = Before::Class;
            }
            Token::Equivalence(name) => {
                let like = collating(name).ok_or(RegexError::Invalid)?;
                set.add(&ByteSet::of(|byte| byte.eq_ignore_ascii_case(&like)));
                before = Before::Class;
            }
            Token::Dash if scanner.peek() == Token::BracketClose => before = Before::Byte(b'-'),
            Token::Dash => {
                let Before::Byte(from) = before else { return Err(RegexError::Invalid) };
                let to = match scanner.take()? {
                    Token::Byte(byte) => byte,
                    Token::Dash => b'-',
                    _ => return Err(RegexError::Invalid),
                };
                add_range(&mut set, from, to)?;
                before = Before::Nothing;
            }
            _ => return Err(RegexError::Invalid),
        }
    }
    Ok(if negated { set.complement() } else { set })
}

/// Adds a range. Ranges compare `char`, which is signed on x86: `[a-é]` is out of order, and a range from a byte of
/// 0x80 or more to an ASCII byte holds all higher non-ASCII bytes and the ASCII bytes up to its end.
fn add_range(set: &mut ByteSet, from: u8, to: u8) -> Result<(), RegexError> {
    let signed = u8::cast_signed;
    if signed(from) > signed(to) {
        return Err(RegexError::Invalid);
    }
    set.add(&ByteSet::of(|byte| (signed(from)..=signed(to)).contains(&signed(byte))));
    Ok(())
}
