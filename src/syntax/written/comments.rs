//! Comments beside a binding.

use rnix::SyntaxKind::*;

use super::file::{File, Piece};

/// What a person wrote beside a binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment<'a> {
    /// All of it, with its markers.
    pub whole: Piece<'a>,
    /// Its lines without markers and indentation, which may be any bytes.
    pub text: Vec<u8>,
}

/// Comments between two tokens, and how many line breaks are before each.
struct Gap {
    comments: Vec<(usize, Found)>,
    /// Line breaks behind the last comment.
    breaks: usize,
}

/// Where a comment is.
#[derive(Clone, Copy)]
struct Found {
    start: usize,
    end: usize,
}

/// The comment above the token with a number: lines of `#` or `/* … */` with no blank line between them and the token.
pub(super) fn above(file: &File, token: usize) -> Option<Comment<'_>> {
    let tokens = file.tokens();
    let before = token.checked_sub(1).map(|before| tokens[before].end as usize);
    let gap = gap(file.text(), before.unwrap_or(0), tokens[token].start as usize);
    let one_line = gap.breaks == 0 && gap.comments.iter().all(|(breaks, _)| *breaks == 0);
    let mut breaks = gap.breaks;
    let mut block: Option<Found> = None;
    for (breaks_before, comment) in gap.comments.iter().rev() {
        // What follows another token in its line is about that.
        let follows = *breaks_before == 0 && before.is_some() && is_first(&gap, comment) && !one_line;
        if breaks > 1 || follows {
            break;
        }
        let end = block.map_or(comment.end, |block| block.end);
        block = Some(Found { start: comment.start, end });
        breaks = *breaks_before;
    }
    block.map(|block| read(file, block))
}

/// The texts of the comments between a token and the one before.
pub(super) fn comments_before(file: &File, token: usize) -> impl DoubleEndedIterator<Item = &[u8]> {
    let tokens = file.tokens();
    let before = token.checked_sub(1).map_or(0, |before| tokens[before].end as usize);
    let gap = gap(file.text(), before, tokens[token].start as usize);
    gap.comments.into_iter().map(|(_, comment)| &file.text()[comment.start..comment.end])
}

fn is_first(gap: &Gap, comment: &Found) -> bool {
    gap.comments.first().is_some_and(|(_, first)| first.start == comment.start)
}

/// The comment in the same line as the last token of a binding; else the one at the end of its first line, if that opens
/// its value.
pub(super) fn beside(file: &File, first: usize, last: usize) -> Option<Comment<'_>> {
    if let Some(found) = behind(file, last) {
        return Some(read(file, found));
    }
    let tokens = file.tokens();
    for token in first..last {
        let gap = &file.text()[tokens[token].end as usize..tokens[token + 1].start as usize];
        if let Some(found) = behind(file, token) {
            let opens = matches!(
                tokens[token].kind,
                TOKEN_ASSIGN | TOKEN_L_BRACE | TOKEN_L_BRACK | TOKEN_L_PAREN | TOKEN_CONCAT | TOKEN_UPDATE
            );
            return (opens || token + 1 == last).then(|| read(file, found));
        }
        let text = &file.text()[tokens[token].start as usize..tokens[token].end as usize];
        if [gap, text].iter().any(|text| text.iter().any(is_break)) {
            return None;
        }
    }
    None
}

/// The comment in the same line as a name of an `inherit` that ends with token `last`.
pub(super) fn beside_name(file: &File, name: usize, last: usize) -> Option<Comment<'_>> {
    let tokens = file.tokens();
    for token in name..=last {
        if let Some(found) = behind(file, token) {
            return Some(read(file, found));
        }
        let next = tokens.get(token + 1)?;
        if file.text()[tokens[token].end as usize..next.start as usize].iter().any(is_break) {
            return None;
        }
    }
    None
}

/// The comment that follows a token in its line, if nothing but closing brackets follows that.
fn behind(file: &File, token: usize) -> Option<Found> {
    let tokens = file.tokens();
    let next = tokens.get(token + 1);
    let end = next.map_or(file.text().len(), |next| next.start as usize);
    let gap = gap(file.text(), tokens[token].end as usize, end);
    let (breaks, comment) = *gap.comments.first()?;
    let breaks_behind = gap.comments.get(1).map_or(gap.breaks, |(breaks, _)| *breaks);
    let closes = next.is_none_or(|next| {
        matches!(next.kind, TOKEN_R_BRACE | TOKEN_R_BRACK | TOKEN_R_PAREN | TOKEN_IN | TOKEN_SEMICOLON)
    });
    (breaks == 0 && (breaks_behind > 0 || closes)).then_some(comment)
}

fn is_break(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Reads what is between two tokens.
fn gap(text: &[u8], mut at: usize, end: usize) -> Gap {
    let mut gap = Gap { comments: Vec::new(), breaks: 0 };
    while at < end {
        let rest = &text[at..end];
        let len = match rest {
            [b'\r', b'\n', ..] => {
                gap.breaks += 1;
                2
            }
            [b'\r' | b'\n', ..] => {
                gap.breaks += 1;
                1
            }
            [b' ' | b'\t', ..] => 1,
            [b'#', ..] => rest.iter().position(is_break).unwrap_or(rest.len()),
            [b'/', b'*', inside @ ..] => match memchr::memmem::find(inside, b"*/") {
                Some(len) => len + 4,
                None => break,
            },
            _ => break,
        };
        if matches!(rest[0], b'#' | b'/') {
            gap.comments.push((std::mem::take(&mut gap.breaks), Found { start: at, end: at + len }));
        }
        at += len;
    }
    gap
}

fn read(file: &File, found: Found) -> Comment<'_> {
    let whole = file.stretch(found.start, found.end);
    let gap = gap(whole.text, 0, whole.text.len());
    let mut lines: Vec<&[u8]> = Vec::new();
    for (_, comment) in &gap.comments {
        let text = &whole.text[comment.start..comment.end];
        match text.strip_prefix(b"/*") {
            Some(inside) => block_lines(inside.strip_suffix(b"*/").unwrap_or(inside), &mut lines),
            None => lines.push(line(text)),
        }
    }
    let is_blank = |line: &&[u8]| line.is_empty();
    let first = lines.iter().take_while(|line| is_blank(line)).count();
    let last = lines.iter().rev().take_while(|line| is_blank(line)).count();
    let lines = lines.get(first..lines.len() - last).unwrap_or_default();
    Comment { whole, text: lines.join(&b'\n') }
}

/// The text of a line that begins with `#`. Rows of `#` are frames.
fn line(text: &[u8]) -> &[u8] {
    let marks = text.iter().take_while(|byte| **byte == b'#').count();
    let text = text[marks..].trim_ascii_end();
    let text = text.strip_prefix(b" ").unwrap_or(text);
    if text.ends_with(b"##") {
        text.trim_ascii_start().strip_suffix(b"#").map_or(text, unframed)
    } else {
        text
    }
}

/// A line without the `#` at its end.
fn unframed(mut text: &[u8]) -> &[u8] {
    while let [inner @ .., b'#'] = text {
        text = inner;
    }
    text.trim_ascii_end()
}

/// The lines between `/*` and `*/`.
fn block_lines<'a>(inside: &'a [u8], lines: &mut Vec<&'a [u8]>) {
    let inside = inside.strip_prefix(b"*").unwrap_or(inside);
    let inside = inside.strip_suffix(b"*").unwrap_or(inside);
    let mut rest = inside.split(is_break).map(<[u8]>::trim_ascii_end);
    let first = rest.next().unwrap_or_default().trim_ascii_start();
    lines.push(first);
    let rest: Vec<&[u8]> = rest.collect();
    let indent = |line: &[u8]| line.len() - line.trim_ascii_start().len();
    let starred = rest.iter().all(|line| line.is_empty() || line.trim_ascii_start().starts_with(b"*"));
    let common = rest.iter().filter(|line| !line.is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    lines.extend(rest.iter().map(|line| {
        if starred {
            let text = line.trim_ascii_start();
            let text = text.strip_prefix(b"*").unwrap_or(text);
            text.strip_prefix(b" ").unwrap_or(text)
        } else {
            line.get(common..).unwrap_or_default()
        }
    }));
}
