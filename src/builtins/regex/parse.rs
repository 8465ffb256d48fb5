//! Parses a pattern into an automaton: the grammar of libstdc++'s `regex::extended`, without recursion.

use super::bracket::bracket;
use super::bytes::ByteSet;
use super::error::RegexError;
use super::nfa::{Nfa, Piece, Step};
use super::scan::{Scanner, Token};

/// One open parenthesis, or the whole pattern.
struct Level {
    group: u32,
    /// The state that opens the group.
    open: Piece,
    /// The branches before the last `|`.
    left: Option<Piece>,
    /// The terms of the current branch.
    branch: Option<Piece>,
}

/// The automaton of `pattern`, and its first state.
pub(super) fn parse(pattern: &[u8]) -> Result<(Nfa, u32), RegexError> {
    let mut scanner = Scanner::new(pattern)?;
    let mut nfa = Nfa::default();
    let mut outer: Vec<Level> = Vec::new();
    let mut level = open(&mut nfa)?;
    loop {
        let piece = match scanner.take()? {
            Token::LineBegin => {
                let piece = nfa.state(Step::LineBegin)?;
                append(&mut nfa, &mut level, piece);
                continue;
            }
            Token::LineEnd => {
                let piece = nfa.state(Step::LineEnd)?;
                append(&mut nfa, &mut level, piece);
                continue;
            }
            Token::Open => {
                outer.push(level);
                level = open(&mut nfa)?;
                continue;
            }
            Token::Or => {
                let branches = branches(&mut nfa, &mut level)?;
                level.left = Some(branches);
                continue;
            }
            Token::Close => {
                let Some(parent) = outer.pop() else { return Err(RegexError::Invalid) };
                let group = close(&mut nfa, level)?;
                level = parent;
                group
            }
            Token::End if outer.is_empty() => {
                let mut whole = close(&mut nfa, level)?;
                let accept = nfa.state(Step::Accept)?;
                nfa.chain(&mut whole, accept);
                return Ok((nfa, whole.start));
            }
            Token::Any => nfa.set(ByteSet::of(|byte| byte != 0))?,
            Token::Byte(byte) => nfa.set(ByteSet::of(|other| other == byte))?,
            Token::BracketOpen { negated } => {
                let set = bracket(&mut scanner, negated)?;
                nfa.set(set)?
            }
            // This includes any quantifier that follows no atom, as in `*a`, `(+)`, `a|?` and `^*`.
            _ => return Err(RegexError::Invalid),
        };
        let repeated = quantify(&mut nfa, &mut scanner, piece)?;
        append(&mut nfa, &mut level, repeated);
    }
}

fn open(nfa: &mut Nfa) -> Result<Level, RegexError> {
    let group = nfa.groups;
    nfa.groups += 1;
    Ok(Level { group, open: nfa.state(Step::Begin(group))?, left: None, branch: None })
}

fn append(nfa: &mut Nfa, level: &mut Level, piece: Piece) {
    match &mut level.branch {
        Some(branch) => nfa.chain(branch, piece),
        none => *none = Some(piece),
    }
}

/// Ends the current branch and joins it with those before.
fn branches(nfa: &mut Nfa, level: &mut Level) -> Result<Piece, RegexError> {
    let joint = nfa.state(Step::Joint)?;
    append(nfa, level, joint);
    let branch = level.branch.take().unwrap_or(joint);
    match level.left.take() {
        Some(left) => nfa.either(left, branch),
        None => Ok(branch),
    }
}

fn close(nfa: &mut Nfa, mut level: Level) -> Result<Piece, RegexError> {
    let inside = branches(nfa, &mut level)?;
    let mut whole = level.open;
    nfa.chain(&mut whole, inside);
    let end = nfa.state(Step::End(level.group))?;
    nfa.chain(&mut whole, end);
    Ok(whole)
}

/// Applies all quantifiers that follow an atom: `a+*{2}` is legal.
fn quantify(nfa: &mut Nfa, scanner: &mut Scanner<'_>, mut piece: Piece) -> Result<Piece, RegexError> {
    loop {
        piece = match scanner.peek() {
            Token::Star => {
                scanner.take()?;
                nfa.star(piece)?
            }
            Token::Plus => {
                scanner.take()?;
                nfa.plus(piece)?
            }
            Token::Optional => {
                scanner.take()?;
                nfa.optional(piece)?
            }
            Token::BraceOpen => {
                scanner.take()?;
                let (least, more) = bounds(scanner)?;
                nfa.interval(piece, least, more)?
            }
            _ => return Ok(piece),
        };
    }
}

/// `n}`, `n,}` or `n,m}`: the minimum number of repetitions, and how many more are allowed (`None`: any number).
fn bounds(scanner: &mut Scanner<'_>) -> Result<(i64, Option<i64>), RegexError> {
    let Token::Count(digits) = scanner.take()? else { return Err(RegexError::Invalid) };
    let least = number(digits)?;
    let more = if !scanner.skip(Token::Comma)? {
        Some(0)
    } else if let Token::Count(digits) = scanner.peek() {
        scanner.take()?;
        Some(number(digits)? - least)
    } else {
        None
    };
    if scanner.skip(Token::BraceClose)? { Ok((least, more)) } else { Err(RegexError::Invalid) }
}

/// Parses a count, which must fit C++'s `int`. One that fits but needs too many states is another error.
fn number(digits: &[u8]) -> Result<i64, RegexError> {
    let number = str::from_utf8(digits).ok().and_then(|digits| digits.parse::<i32>().ok());
    number.map(i64::from).ok_or(RegexError::Invalid)
}
