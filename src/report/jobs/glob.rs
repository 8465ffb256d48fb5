//! The patterns of aggregates: `fnmatch` without flags, in the C locale. A star matches dots and slashes as well.

/// Whether a pattern matches the whole text.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    // The pattern behind the last star, and the text from which it has not been tried yet.
    let mut star: Option<(&[u8], &[u8])> = None;
    loop {
        if let [b'*', rest @ ..] = pattern {
            (pattern, star) = (rest, Some((rest, text)));
            continue;
        }
        let one = match text.split_first() {
            None if pattern.is_empty() => return true,
            None => None,
            Some((c, rest)) => behind_one(pattern, *c).map(|pattern| (pattern, rest)),
        };
        match (one, &mut star) {
            (Some(rest), _) => (pattern, text) = rest,
            (None, Some((behind, from))) => match from.split_first() {
                Some((_, rest)) => {
                    *from = rest;
                    (pattern, text) = (*behind, rest);
                }
                None => return false,
            },
            (None, None) => return false,
        }
    }
}

/// The rest of a pattern whose first part matches a character.
fn behind_one(pattern: &[u8], c: u8) -> Option<&[u8]> {
    match pattern {
        [b'?', rest @ ..] => Some(rest),
        [b'[', rest @ ..] => match bracket(rest, c) {
            Some((is_in, rest)) => is_in.then_some(rest),
            // Without an end, it is a character.
            None => (c == b'[').then_some(rest),
        },
        [b'\\', escaped, rest @ ..] => (*escaped == c).then_some(rest),
        [b'\\'] => None,
        [plain, rest @ ..] => (*plain == c).then_some(rest),
        [] => None,
    }
}

/// Whether a character is in a bracket expression, and what is behind that; `None` if it does not end.
fn bracket(pattern: &[u8], c: u8) -> Option<(bool, &[u8])> {
    let (is_negated, mut rest) = match pattern {
        [b'!' | b'^', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let (mut is_in, mut is_first) = (false, true);
    loop {
        match rest {
            [b']', after @ ..] if !is_first => return Some((is_in != is_negated, after)),
            _ => {
                if let Some((class, after)) = rest.strip_prefix(b"[:").and_then(class) {
                    is_in |= class(c);
                    (rest, is_first) = (after, false);
                    continue;
                }
                let (low, after) = member(rest)?;
                rest = after;
                let high = match rest {
                    [b'-', end @ ..] if !matches!(end, [] | [b']', ..]) => {
                        let (high, after) = member(end)?;
                        rest = after;
                        high
                    }
                    _ => low,
                };
                is_in |= (low..=high).contains(&c);
            }
        }
        is_first = false;
    }
}

/// A character of a bracket expression.
fn member(pattern: &[u8]) -> Option<(u8, &[u8])> {
    match pattern {
        [b'\\', c, rest @ ..] => Some((*c, rest)),
        [c, rest @ ..] => Some((*c, rest)),
        [] => None,
    }
}

type Class = fn(u8) -> bool;

/// The characters that a name stands for, and what is behind it.
fn class(pattern: &[u8]) -> Option<(Class, &[u8])> {
    let classes: [(&[u8], Class); 12] = [
        (b"alnum:]", |c| c.is_ascii_alphanumeric()),
        (b"alpha:]", |c| c.is_ascii_alphabetic()),
        (b"blank:]", |c| b" \t".contains(&c)),
        (b"cntrl:]", |c| c.is_ascii_control()),
        (b"digit:]", |c| c.is_ascii_digit()),
        (b"graph:]", |c| c.is_ascii_graphic()),
        (b"lower:]", |c| c.is_ascii_lowercase()),
        (b"print:]", |c| c.is_ascii_graphic() || c == b' '),
        (b"punct:]", |c| c.is_ascii_punctuation()),
        (b"space:]", |c| c.is_ascii_whitespace() || c == 0x0b),
        (b"upper:]", |c| c.is_ascii_uppercase()),
        (b"xdigit:]", |c| c.is_ascii_hexdigit()),
    ];
    classes.into_iter().find_map(|(name, class)| Some((class, pattern.strip_prefix(name)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_those_of_c_do() {
        let same = [
            ("*", ""),
            ("*", "a.b/c"),
            ("a*", "a"),
            ("a*c", "abbc"),
            ("*b*", "abc"),
            ("**", "x"),
            ("a?c", "a.c"),
            ("[abc]x", "bx"),
            ("[a-c]", "b"),
            ("[!a-c]", "d"),
            ("[^a]", "b"),
            ("[]]", "]"),
            ("[]a]", "a"),
            ("[a-]", "-"),
            ("[[:digit:]x]", "7"),
            ("\\*", "*"),
            ("[\\]]", "]"),
            ("[a", "[a"),
            ("packages.*", "packages.a.b"),
            ("*.x86_64-linux", "hello.x86_64-linux"),
            ("*a*b*c", "xaxbxbxc"),
            ("[!]a]", "b"),
            (".*", ".a"),
            ("*a", ".a"),
        ];
        for (pattern, text) in same {
            assert!(matches(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
        }
        let others = [
            ("", "a"),
            ("a", ""),
            ("a", "ab"),
            ("a*c", "abd"),
            ("?", ""),
            ("[abc]", "d"),
            ("[!a-c]", "b"),
            ("[c-a]", "b"),
            ("[]a]", "b"),
            ("\\*", "a"),
            ("[[:upper:]]", "a"),
            ("a\\", "a\\"),
            ("*a*b*c", "xaxbxbx"),
            ("[a", "a"),
            ("[!]a]", "]"),
        ];
        for (pattern, text) in others {
            assert!(!matches(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
        }
    }
}
