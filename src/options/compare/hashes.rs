//! Hashes of store paths, which differ whenever anything that goes into a path does.

use std::borrow::Cow;

use crate::options::Plain;

/// The characters of Nix's base 32.
const DIGITS: &[u8] = b"0123456789abcdfghijklmnpqrsvwxyz";
/// How many of them a store path has.
const LENGTH: usize = 32;
/// What stands before the hash.
const STORE: &str = "/nix/store/";

/// A text without the hashes of store paths.
pub fn without_hashes(text: &str) -> Cow<'_, str> {
    if !text.contains(STORE) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(STORE) {
        let (before, behind) = rest.split_at(at + STORE.len());
        out.push_str(before);
        let is_hash = behind.len() > LENGTH && behind.as_bytes()[..LENGTH].iter().all(|c| DIGITS.contains(c));
        rest = if is_hash { &behind[LENGTH..] } else { behind };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether two values are the same, or differ in hashes of store paths only.
pub fn same_but_hashes(a: &Plain, b: &Plain) -> bool {
    match (a, b) {
        (Plain::String(a), Plain::String(b)) | (Plain::Path(a), Plain::Path(b)) => {
            a == b || without_hashes(a) == without_hashes(b)
        }
        (Plain::List(a), Plain::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_but_hashes(a, b))
        }
        (Plain::Set(a), Plain::Set(b)) => {
            let same =
                |((x, a), (y, b)): (&(String, Plain), &(String, Plain))| x == y && same_but_hashes(a, b);
            a.len() == b.len() && a.iter().zip(b).all(same)
        }
        (Plain::Property(f, a), Plain::Property(g, b)) => f == g && same_but_hashes(a, b),
        // Where an error happens does not make it another one.
        (Plain::Failed(a), Plain::Failed(b)) => without_hashes(&a.message) == without_hashes(&b.message),
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_left_out() {
        let hash = "0c6kzph7l0dcbfmjap64f0czdafn3b7x";
        let text = format!("{STORE}{hash}-a/bin/a /nix/store/short {STORE}{hash}-b");
        assert_eq!(without_hashes(&text), "/nix/store/-a/bin/a /nix/store/short /nix/store/-b");
        assert_eq!(without_hashes("/nix/store/"), "/nix/store/");
        let of = |text: &str| Plain::List(vec![Plain::String(text.to_owned())]);
        assert!(same_but_hashes(&of(&text), &of(&text.replace('7', "8"))));
        assert!(!same_but_hashes(&of(&text), &of(&text.replace("-b", "-c"))));
    }
}
