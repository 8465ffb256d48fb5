//! Whether values are the same, and hashes of store paths, which differ whenever anything that goes into a path does.

use std::borrow::Cow;

use crate::options::{NamedPaths, Plain, store_path};

/// A text without the hashes of paths in a store, whose folder has a slash at its end.
pub fn without_hashes<'t>(text: &'t str, store: &str) -> Cow<'t, str> {
    if !text.contains(store) {
        return Cow::Borrowed(text);
    }
    let bare = |rest| store_path(rest, store).map(|(name, after)| (format!("{store}-{name}"), after));
    Cow::Owned(NamedPaths::default().text_with(text, &bare))
}

/// Whether two values are the same, as far as both are known. Where an error happens does not make it another one.
pub fn same(a: &Plain, b: &Plain) -> bool {
    alike(a, b, &|a, b| a == b)
}

/// Whether two values are the same, or differ in hashes of store paths only.
pub fn same_but_hashes(a: &Plain, b: &Plain, store: &str) -> bool {
    alike(a, b, &|a, b| a == b || without_hashes(a, store) == without_hashes(b, store))
}

fn alike(a: &Plain, b: &Plain, same_text: &dyn Fn(&str, &str) -> bool) -> bool {
    match (a, b) {
        (Plain::Cut, _) | (_, Plain::Cut) => true,
        (Plain::String(a), Plain::String(b)) | (Plain::Path(a), Plain::Path(b)) => same_text(a, b),
        (Plain::List(a), Plain::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b, same_text))
        }
        (Plain::Set(a), Plain::Set(b)) => {
            let same =
                |((x, a), (y, b)): (&(String, Plain), &(String, Plain))| x == y && alike(a, b, same_text);
            a.len() == b.len() && a.iter().zip(b).all(same)
        }
        (Plain::Property(f, a), Plain::Property(g, b)) => f == g && alike(a, b, same_text),
        (Plain::Failed(a), Plain::Failed(b)) => same_text(&a.message, &b.message),
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: &str = "/nix/store/";

    #[test]
    fn hashes_are_left_out() {
        let hash = "0c6kzph7l0dcbfmjap64f0czdafn3b7x";
        let text = format!("{STORE}{hash}-a/bin/a /nix/store/short {STORE}{hash}-b");
        assert_eq!(without_hashes(&text, STORE), "/nix/store/-a/bin/a /nix/store/short /nix/store/-b");
        assert_eq!(without_hashes("/nix/store/", STORE), "/nix/store/");
        let of = |text: &str| Plain::List(vec![Plain::String(text.to_owned())]);
        assert!(same_but_hashes(&of(&text), &of(&text.replace('7', "8")), STORE));
        assert!(!same_but_hashes(&of(&text), &of(&text.replace("-b", "-c")), STORE));
        assert!(!same(&of(&text), &of(&text.replace('7', "8"))));
        let cut = |known: Plain| Plain::List(vec![known, Plain::Cut]);
        assert!(same(&cut(Plain::Null), &Plain::List(vec![Plain::Null, Plain::Int(1)])));
        assert!(!same(&cut(Plain::Null), &cut(Plain::Int(1))));
    }
}
