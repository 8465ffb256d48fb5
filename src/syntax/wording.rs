//! Words rnix's syntax errors as Nix's parser does.

use rnix::ParseError as Rnix;
use rnix::SyntaxKind::{self, *};

use super::build::relative;
use super::error::ParseError;
use super::lex::{Lexed, too_deep};
use super::skeleton::Skeleton;

/// At most this many alternatives are listed, as in Nix.
const MAX_EXPECTED: usize = 4;

/// The first error in the text. The lexer's comes first only if the parser got that far.
pub fn first_error(text: &[u8], lexed: &Lexed, skeleton: &Skeleton, parsed: &[Rnix]) -> Option<ParseError> {
    let syntax = parsed.first().map(|e| describe(text, lexed, skeleton, e));
    let syntax = indented_name(text, lexed, syntax.as_ref().map(|(at, _)| *at)).or(syntax);
    let syntax = invalid_token(lexed, syntax.as_ref().map(|(at, _)| *at)).or(syntax);
    match (&lexed.error, syntax) {
        (None, None) => None,
        (None, Some((_, e))) => Some(e),
        (Some(l), Some((at, e))) if at < l.at => Some(e),
        (Some(l), _) => Some(ParseError::new(l.message.clone(), relative(l.at))),
    }
}

/// An indented string instead of a name, before the position `limit` of another error. Even if it is
/// unfinished, Nix stops at its beginning.
fn indented_name(text: &[u8], lexed: &Lexed, limit: Option<usize>) -> Option<(usize, ParseError)> {
    let limit = limit.or(lexed.error.as_ref().map(|e| e.at))?;
    let name = lexed.tokens.windows(2).find(|pair| {
        let token = &text[pair[1].start as usize..pair[1].end as usize];
        matches!(pair[0].kind, TOKEN_DOT | TOKEN_QUESTION)
            && token.starts_with(b"''")
            && pair[1].kind == TOKEN_STRING_START
    })?;
    let at = name[1].start as usize;
    let message = "syntax error, unexpected start of an indented string, \
                   expecting identifier or 'or' or '${' or '\"'";
    (at < limit).then(|| (at, ParseError::new(message, relative(at))))
}

/// A token that does not exist, before the position `limit` of another error. rnix takes one for a closing bracket.
fn invalid_token(lexed: &Lexed, limit: Option<usize>) -> Option<(usize, ParseError)> {
    let at = lexed.tokens.iter().find(|token| token.kind == TOKEN_ERROR)?.start as usize;
    let error = || ParseError::new("syntax error, unexpected invalid token", relative(at));
    limit.is_none_or(|limit| at < limit).then(|| (at, error()))
}

fn describe(text: &[u8], lexed: &Lexed, skeleton: &Skeleton, error: &Rnix) -> (usize, ParseError) {
    let end = skeleton.text.len();
    let (at, expected): (usize, &[SyntaxKind]) = match error {
        Rnix::UnexpectedWanted(_, range, wanted) => (range.start().into(), wanted),
        Rnix::Unexpected(range) | Rnix::UnexpectedExtra(range) | Rnix::UnexpectedDoubleBind(range) => {
            (range.start().into(), &[])
        }
        Rnix::UnexpectedEOFWanted(wanted) => (end, wanted),
        Rnix::RecursionLimitExceeded => {
            return (0, ParseError::new(too_deep(), relative(0)));
        }
        _ => (end, &[]),
    };
    // A range may start at the space before the token.
    let spaces = skeleton.text[at..].bytes().take_while(|c| *c == b' ').count();
    let token = skeleton.token_at.get(at + spaces).map(|i| lexed.tokens[*i as usize]);
    let before = match skeleton.token_at.get(at + spaces) {
        Some(i) => (*i as usize).checked_sub(1).map(|i| lexed.tokens[i].kind),
        None => lexed.tokens.last().map(|t| t.kind),
    };
    let at = token.map_or(lexed.end, |t| t.start as usize);
    let unexpected = token
        .map_or("end of file".to_owned(), |t| token_name(t.kind, &text[t.start as usize..t.end as usize]));
    let mut message = format!("syntax error, unexpected {unexpected}");
    for (i, kind) in alternatives(error, expected, before).iter().enumerate() {
        message.push_str(if i == 0 { ", expecting " } else { " or " });
        message.push_str(kind);
    }
    (at, ParseError::new(message, relative(at)))
}

/// The alternatives that Nix's parser lists where rnix wanted `wanted` after the token `before`; none where
/// it knows more than it lists.
fn alternatives(error: &Rnix, wanted: &[SyntaxKind], before: Option<SyntaxKind>) -> Vec<String> {
    let nix: &[SyntaxKind] = match (wanted, before) {
        (_, _) if matches!(error, Rnix::UnexpectedExtra(_)) => return vec!["end of file".to_owned()],
        ([TOKEN_IDENT, TOKEN_OR, TOKEN_CUR_POS], Some(TOKEN_DOT | TOKEN_QUESTION)) => {
            &[TOKEN_IDENT, TOKEN_OR, TOKEN_INTERPOL_START, TOKEN_STRING_START]
        }
        // Directly after the opening bracket, nothing has been reduced to a binding yet.
        ([TOKEN_IDENT, TOKEN_OR, TOKEN_CUR_POS], Some(TOKEN_L_BRACE | TOKEN_LET)) => &[TOKEN_INHERIT],
        ([TOKEN_IDENT, TOKEN_OR, TOKEN_CUR_POS], _) => &[],
        ([TOKEN_ASSIGN], _) => &[TOKEN_DOT, TOKEN_ASSIGN],
        ([TOKEN_STRING_END, ..], _) => &[TOKEN_STRING_END],
        ([TOKEN_R_BRACE], Some(TOKEN_IDENT)) => &[TOKEN_R_BRACE, TOKEN_COMMA],
        _ => wanted,
    };
    if nix.len() > MAX_EXPECTED {
        return Vec::new();
    }
    nix.iter().map(|k| token_name(*k, b"\"")).collect()
}

/// A token's name in Nix's messages.
pub fn token_name(kind: SyntaxKind, text: &[u8]) -> String {
    let name = match kind {
        TOKEN_IDENT => "identifier",
        TOKEN_INTEGER => "integer",
        TOKEN_FLOAT => "floating-point literal",
        TOKEN_PATH_ABS | TOKEN_PATH_REL => "path",
        TOKEN_PATH_HOME => "'~/…' path",
        TOKEN_PATH_SEARCH => "'<…>' path",
        TOKEN_URI => "URI",
        TOKEN_STRING_CONTENT => "string",
        TOKEN_INTERPOL_START => "'${'",
        TOKEN_STRING_START if text.starts_with(b"''") => "start of an indented string",
        TOKEN_STRING_START => "'\"'",
        TOKEN_STRING_END if text.starts_with(b"''") => "end of an indented string",
        TOKEN_STRING_END => "'\"'",
        TOKEN_INTERPOL_END | TOKEN_R_BRACE => "'}'",
        TOKEN_L_BRACE => "'{'",
        TOKEN_L_BRACK => "'['",
        TOKEN_R_BRACK => "']'",
        TOKEN_L_PAREN => "'('",
        TOKEN_R_PAREN => "')'",
        TOKEN_IF => "'if'",
        TOKEN_THEN => "'then'",
        TOKEN_ELSE => "'else'",
        TOKEN_ASSERT => "'assert'",
        TOKEN_WITH => "'with'",
        TOKEN_LET => "'let'",
        TOKEN_IN => "'in'",
        TOKEN_REC => "'rec'",
        TOKEN_INHERIT => "'inherit'",
        TOKEN_OR => "'or'",
        TOKEN_EQUAL => "'=='",
        TOKEN_NOT_EQUAL => "'!='",
        TOKEN_LESS_OR_EQ => "'<='",
        TOKEN_MORE_OR_EQ => "'>='",
        TOKEN_UPDATE => "'//'",
        TOKEN_CONCAT => "'++'",
        TOKEN_AND_AND => "'&&'",
        TOKEN_OR_OR => "'||'",
        TOKEN_IMPLICATION => "'->'",
        TOKEN_PIPE_LEFT => "'<|'",
        TOKEN_PIPE_RIGHT => "'|>'",
        TOKEN_ELLIPSIS => "'...'",
        TOKEN_SEMICOLON => "';'",
        TOKEN_ASSIGN => "'='",
        TOKEN_COLON => "':'",
        TOKEN_COMMA => "','",
        TOKEN_AT => "'@'",
        TOKEN_DOT => "'.'",
        TOKEN_QUESTION => "'?'",
        TOKEN_INVERT => "'!'",
        TOKEN_SUB => "'-'",
        TOKEN_ADD => "'+'",
        TOKEN_MUL => "'*'",
        TOKEN_DIV => "'/'",
        TOKEN_LESS => "'<'",
        TOKEN_MORE => "'>'",
        _ => "invalid token",
    };
    name.to_owned()
}
