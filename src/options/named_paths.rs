//! Folders by their names, and store paths, in texts: `<nixpkgs>/lib` for what is below the folder of nixpkgs.

/// Length of the hash in a store path.
const HASH: usize = 32;

/// Folders and what stands for them.
#[derive(Debug, Clone, Default)]
pub struct NamedPaths {
    /// Each with a slash at its end, the longest folder first.
    roots: Vec<(String, String)>,
}

/// A text that stands for the beginning of another one, and what is behind that.
pub type Replaced<'t> = (String, &'t str);

impl NamedPaths {
    /// Folders and their names. The longest folder counts.
    pub fn new(roots: impl IntoIterator<Item = (String, String)>) -> NamedPaths {
        let mut roots: Vec<_> =
            roots.into_iter().map(|(folder, name)| (ended(&folder), ended(&name))).collect();
        roots.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        NamedPaths { roots }
    }

    /// A text with the folders by their names, where paths begin with them.
    pub fn text(&self, text: &str) -> String {
        match self.roots.is_empty() {
            true => text.to_owned(),
            false => self.text_with(text, &|_| None),
        }
    }

    /// The same, where `other` may replace whatever begins with a slash.
    pub fn text_with<'t>(&self, text: &'t str, other: &dyn Fn(&'t str) -> Option<Replaced<'t>>) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('/') {
            shown.push_str(&rest[..at]);
            rest = &rest[at..];
            // Paths begin here only if this is not inside one.
            let begins = !shown.ends_with(|c: char| c.is_alphanumeric() || "/._-@>".contains(c));
            if let Some((new, after)) = other(rest) {
                shown.push_str(&new);
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
}

/// A folder with a slash at its end.
pub fn ended(path: &str) -> String {
    format!("{}/", path.trim_end_matches('/'))
}

/// The name in the store path that a text begins with, and what is behind it. `store` is the store's folder, with a slash at
/// its end.
pub fn store_path<'t>(text: &'t str, store: &str) -> Option<(&'t str, &'t str)> {
    let after = text.strip_prefix(store)?;
    let hash = after.as_bytes().get(..HASH)?;
    if !hash.iter().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        return None;
    }
    let name = after[HASH..].strip_prefix('-')?;
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || "+-._?=".contains(c))).unwrap_or(name.len());
    // A sentence's end is no part of the name.
    let end = name[..end].trim_end_matches('.').len();
    (end > 0).then(|| name.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_replaced() {
        let named = NamedPaths::new([("/a/nixpkgs".to_owned(), "<nixpkgs>".to_owned())]);
        let text = "/a/nixpkgs/lib `/a/nixpkgs' /a/nixpkgs-26.11/lib /b/a/nixpkgs";
        assert_eq!(named.text(text), "<nixpkgs>/lib `<nixpkgs>' /a/nixpkgs-26.11/lib /b/a/nixpkgs");
        assert_eq!(named.path("<nixpkgs>/lib"), "/a/nixpkgs/lib");
    }
}
