//! Paths as Nix normalises them: by their text alone.

/// [Normalises](normalise) an absolute path; a slash at its end stays.
pub(crate) fn normalise_literal(text: &[u8]) -> Vec<u8> {
    let mut path = normalise(text);
    if text.len() > 1 && text.ends_with(b"/") {
        path.push(b'/');
    }
    path
}

/// Removes `.`, `..` and empty parts from an absolute path.
pub(crate) fn normalise(path: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(path.len());
    for part in path.split(|&c| c == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                let parent = out.iter().rposition(|&c| c == b'/').unwrap_or(0);
                out.truncate(parent);
            }
            _ => {
                out.push(b'/');
                out.extend_from_slice(part);
            }
        }
    }
    if out.is_empty() {
        out.push(b'/');
    }
    out
}

/// Makes a path absolute: relative ones are relative to `folder`.
pub(crate) fn absolute(path: &[u8], folder: &[u8]) -> Vec<u8> {
    match path.starts_with(b"/") {
        true => normalise(path),
        false => normalise(&[folder, b"/", path].concat()),
    }
}
