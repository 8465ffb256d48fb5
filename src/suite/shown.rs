//! Values as snapshots show them: on one line, without what differs from machine to machine.

use crate::options::{Failure, Plain};
use crate::report::on_one_line;

/// How values are shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Folders, each with a slash at its end, and what stands for them.
    roots: Vec<(String, String)>,
    /// The store's folder, with a slash at its end.
    store: String,
}

/// Length of the hash in a store path.
const HASH: usize = 32;

impl Shown {
    /// Shows the folders by their names. The longest folder counts.
    pub fn new(roots: Vec<(String, String)>, store: &str) -> Shown {
        let ended = |path: &str| format!("{}/", path.trim_end_matches('/'));
        let mut roots: Vec<_> =
            roots.into_iter().map(|(folder, name)| (ended(&folder), ended(&name))).collect();
        roots.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        Shown { roots, store: ended(store) }
    }

    /// A value on one line.
    pub fn value(&self, value: Plain) -> String {
        on_one_line(&self.plain(value))
    }

    /// A value that is a message for people.
    pub fn message(&self, value: Plain) -> String {
        match value {
            Plain::String(text) => self.text(text.trim_end()),
            Plain::Failed(failure) => format!("error: {}", self.text(&failure.message)),
            other => self.value(other),
        }
    }

    fn plain(&self, value: Plain) -> Plain {
        match value {
            Plain::String(text) => Plain::String(self.text(&text)),
            Plain::Path(path) => Plain::Path(self.text(&path)),
            Plain::Derivation(name) => Plain::Path(format!("@{name}@")),
            Plain::List(items) => Plain::List(items.into_iter().map(|item| self.plain(item)).collect()),
            Plain::Set(entries) => {
                Plain::Set(entries.into_iter().map(|(name, value)| (name, self.plain(value))).collect())
            }
            Plain::Property(function, content) => Plain::Property(function, Box::new(self.plain(*content))),
            Plain::Failed(failure) => {
                let lines: Vec<&str> =
                    failure.message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                Plain::Failed(Failure { message: self.text(&lines.join("; ")), at: None })
            }
            other => other,
        }
    }

    /// A text with folders by their names, and store paths without their hashes.
    pub fn text(&self, text: &str) -> String {
        if !text.contains('/') {
            return text.to_owned();
        }
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('/') {
            shown.push_str(&rest[..at]);
            rest = &rest[at..];
            // Paths begin here only if this is not inside one.
            let begins = !shown.ends_with(|c: char| c.is_alphanumeric() || "/._-@>".contains(c));
            if let Some((name, after)) = self.store_path(rest) {
                shown.push_str(&format!("@{name}@"));
                rest = after;
            } else if let Some((name, after)) = self.root(rest).filter(|_| begins) {
                shown.push_str(name);
                rest = after;
            } else {
                shown.push('/');
                rest = &rest[1..];
            }
        }
        shown.push_str(rest);
        shown
    }

    /// The path that is shown like this.
    pub fn path(&self, shown: &str) -> String {
        let found = self.roots.iter().find_map(|(folder, name)| {
            let inside = shown.strip_prefix(name.as_str()).map(|rest| format!("{folder}{rest}"));
            let itself =
                || (shown == name.trim_end_matches('/')).then(|| folder.trim_end_matches('/').to_owned());
            inside.or_else(itself)
        });
        found.unwrap_or_else(|| shown.to_owned())
    }

    fn root<'t>(&self, text: &'t str) -> Option<(&str, &'t str)> {
        self.roots.iter().find_map(|(folder, name)| {
            if let Some(after) = text.strip_prefix(folder.as_str()) {
                return Some((name.as_str(), after));
            }
            // The folder itself.
            let after = text.strip_prefix(folder.trim_end_matches('/'))?;
            let ends = !after.starts_with(|c: char| c.is_alphanumeric() || "._-".contains(c));
            ends.then_some((name.trim_end_matches('/'), after))
        })
    }

    /// The name in the store path that a text begins with, and what is behind it.
    fn store_path<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let after = text.strip_prefix(self.store.as_str())?;
        let hash = after.as_bytes().get(..HASH)?;
        if !hash.iter().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
            return None;
        }
        let name = after[HASH..].strip_prefix('-')?;
        let end =
            name.find(|c: char| !(c.is_ascii_alphanumeric() || "+-._?=".contains(c))).unwrap_or(name.len());
        // A sentence's end is no part of the name.
        let end = name[..end].trim_end_matches('.').len();
        (end > 0).then(|| name.split_at(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown() -> Shown {
        let roots = [("/home/me", "."), ("/home/me/nixpkgs", "<nixpkgs>")];
        let roots = roots.iter().map(|(folder, name)| ((*folder).to_owned(), (*name).to_owned())).collect();
        Shown::new(roots, "/nix/store")
    }

    #[test]
    fn hashes_and_folders_are_left_out() {
        let hash = "0123456789abcdfghijklmnpqrsvwxyz";
        let text = |text: &str| shown().text(&text.replace("HASH", hash));
        assert_eq!(text("/nix/store/HASH-a-1.0/bin/a -x /nix/store/HASH-b."), "@a-1.0@/bin/a -x @b@.");
        assert_eq!(
            text("in `/home/me/nixpkgs/nixos/a.nix' and /home/me/b.nix"),
            "in `<nixpkgs>/nixos/a.nix' and ./b.nix"
        );
        assert_eq!(text("/home/me"), ".");
        assert_eq!(text("/home/mel /srv/home/me/x"), "/home/mel /srv/home/me/x");
        assert_eq!(text("/nix/store/short-a"), "/nix/store/short-a");
        for path in ["/home/me", "/home/me/nixpkgs/a.nix", "/home/me/b.nix", "/etc/x"] {
            assert_eq!(shown().path(&shown().text(path)), path);
        }
    }

    #[test]
    fn derivations_are_names() {
        let list = Plain::List(vec![Plain::Derivation("hello-2.12".to_owned()), Plain::Int(1)]);
        assert_eq!(shown().value(list), "[ @hello-2.12@ 1 ]");
    }
}
