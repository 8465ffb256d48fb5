//! Values as snapshots show them: on one line, without what differs from machine to machine.

use crate::options::{Failure, NamedPaths, Plain, ended, store_path};
use crate::report::on_one_line;

/// How values are shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Folders by their names.
    paths: NamedPaths,
    /// The store's folder, with a slash at its end.
    store: String,
}

impl Shown {
    /// Shows the folders by their names. The longest folder counts.
    pub fn new(roots: Vec<(String, String)>, store: &str) -> Shown {
        Shown { paths: NamedPaths::new(roots), store: ended(store) }
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
        self.paths.text_with(text, &|rest| {
            store_path(rest, &self.store).map(|(name, after)| (format!("@{name}@"), after))
        })
    }

    /// The path that is shown like this.
    pub fn path(&self, shown: &str) -> String {
        self.paths.path(shown)
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
