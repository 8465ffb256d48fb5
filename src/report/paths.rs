//! Paths as people read them: by the root that they are below.

/// The roots that files are shown by.
#[derive(Debug, Clone, Default)]
pub struct Roots {
    /// Folders and what stands for them, the longest folder first.
    roots: Vec<(String, String)>,
}

impl Roots {
    /// The current folder as `.`, and other folders by their names.
    pub fn new(current: &str, named: Vec<(String, String)>) -> Roots {
        let mut roots: Vec<_> = named.into_iter().filter(|(folder, _)| folder != "/").collect();
        if current != "/" {
            roots.push((current.to_owned(), ".".to_owned()));
        }
        roots.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        Roots { roots }
    }

    /// A file below the current folder, relative to that.
    pub fn relative<'p>(&self, path: &'p str) -> Option<&'p str> {
        let (folder, _) = self.roots.iter().find(|(_, name)| name == ".")?;
        path.strip_prefix(folder.as_str())?.strip_prefix('/')
    }

    /// Whether a file is the user's own, and not part of a folder with a name.
    pub fn is_own(&self, path: &str) -> bool {
        let inside = |(folder, _): &&(String, String)| {
            path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        self.roots.iter().find(inside).is_none_or(|(_, name)| name == ".")
    }

    /// A path, or a text that begins with one, by its root.
    pub fn show(&self, path: &str) -> String {
        for (folder, name) in &self.roots {
            if let Some(rest) = path.strip_prefix(folder.as_str())
                && rest.starts_with('/')
            {
                return format!("{name}{rest}");
            }
        }
        path.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_root_counts() {
        let named = vec![("/home/me/nixpkgs".to_owned(), "<nixpkgs>".to_owned())];
        let roots = Roots::new("/home/me", named);
        assert_eq!(roots.show("/home/me/nixpkgs/nixos/a.nix:1:2"), "<nixpkgs>/nixos/a.nix:1:2");
        assert_eq!(roots.show("/home/me/laptop.nix"), "./laptop.nix");
        assert_eq!(roots.show("/home/mel/x"), "/home/mel/x");
        assert!(roots.is_own("/home/me/laptop.nix") && roots.is_own("/home/mel/x"));
        assert!(!roots.is_own("/home/me/nixpkgs/nixos/a.nix"));
    }
}
