//! Byte strings: finding, cutting and replacing.

/// The index of the first `needle` in `text`.
pub fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [one] => text.iter().position(|c| c == one),
        [first, ..] => {
            let mut from = 0;
            while let Some(i) = text.get(from..)?.iter().position(|c| c == first) {
                if text[from + i..].starts_with(needle) {
                    return Some(from + i);
                }
                from += i + 1;
            }
            None
        }
    }
}

/// `splitString separator text`: the parts between the separators; an empty separator splits around every byte.
pub fn cut<'a>(text: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    if separator.is_empty() {
        let bytes = text.chunks(1);
        return std::iter::once(&text[..0]).chain(bytes).chain([&text[..0]]).collect();
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = find(rest, separator) {
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}

/// A text with parts replaced. At each place, `replacement` gets the rest of the text, appends the substitute to the
/// output, and returns how many bytes it replaces; zero keeps the byte.
pub fn replaced(text: &[u8], mut replacement: impl FnMut(&[u8], &mut Vec<u8>) -> usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let taken = replacement(rest, &mut out);
        if taken == 0 {
            out.push(*first);
            rest = after;
        } else {
            rest = &rest[taken..];
        }
    }
    out
}
