//! Paths as people read them: by the root that they are below.

use crate::options::NamedPaths;

/// The roots that files are shown by.
#[derive(Debug, Clone, Default)]
pub struct Roots {
    /// Folders and what stands for them, the longest folder first.
    roots: Vec<(String, String)>,
    /// The machine that the files are on, if places are links.
    machine: Option<String>,
    /// Folders that do not exist, and where their files are.
    places: Vec<(String, String)>,
}

impl Roots {
    /// The current folder as `.`, and other folders by their names.
    pub fn new(current: &str, named: Vec<(String, String)>) -> Roots {
        let mut roots: Vec<_> = named.into_iter().filter(|(folder, _)| folder != "/").collect();
        if current != "/" {
            roots.push((current.to_owned(), ".".to_owned()));
        }
        roots.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        Roots { roots, machine: None, places: Vec::new() }
    }

    /// Makes places links to the files of a machine, as terminals show them.
    pub fn with_links(self, machine: String) -> Roots {
        Roots { machine: Some(machine), ..self }
    }

    /// Says where the files of folders are that do not exist themselves, for links.
    pub fn with_places(self, places: Vec<(String, String)>) -> Roots {
        Roots { places, ..self }
    }

    /// A place (`file:line:column`) by its root, as a link if places are links.
    pub fn link(&self, place: &str) -> String {
        let shown = self.show(place);
        match &self.machine {
            Some(machine) if place.starts_with('/') && !place.starts_with("/«") => {
                let (file, line) = split(place);
                let real = |(folder, real): &(String, String)| {
                    let rest = file.strip_prefix(folder.as_str()).filter(|rest| rest.starts_with('/'))?;
                    Some(format!("{real}{rest}"))
                };
                let file = self.places.iter().find_map(real).unwrap_or_else(|| file.to_owned());
                let line = line.map(|line| format!("#{line}")).unwrap_or_default();
                format!("\x1b]8;;file://{machine}{}{line}\x1b\\{shown}\x1b]8;;\x1b\\", encoded(&file))
            }
            _ => shown,
        }
    }

    /// Folders and their names, the longest folder first.
    pub fn named(&self) -> impl Iterator<Item = (String, String)> {
        self.roots.iter().cloned()
    }

    /// A file below the current folder, relative to that.
    pub fn relative<'p>(&self, path: &'p str) -> Option<&'p str> {
        let own = self.roots.iter().filter(|(_, name)| name == ".");
        own.filter_map(|(folder, _)| path.strip_prefix(folder.as_str())?.strip_prefix('/')).next()
    }

    /// Whether a file is the user's own, and not part of a folder with a name.
    pub fn is_own(&self, path: &str) -> bool {
        let inside = |(folder, _): &&(String, String)| {
            path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        self.roots.iter().find(inside).is_none_or(|(_, name)| name == ".")
    }

    /// A text, with the paths in it by their roots.
    pub fn text(&self, text: &str) -> String {
        NamedPaths::new(self.named()).text(text)
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

/// The file and the line of a place.
fn split(place: &str) -> (&str, Option<&str>) {
    let numbers = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let mut parts = place.rsplitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(column), Some(line), Some(file)) if numbers(column) && numbers(line) => (file, Some(line)),
        _ => (place, None),
    }
}

/// A path as part of a URL.
pub(super) fn encoded(path: &str) -> String {
    path.bytes().fold(String::new(), |url, c| match c {
        b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
            url + &char::from(c).to_string()
        }
        c => url + &format!("%{c:02X}"),
    })
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
        assert_eq!(roots.link("/home/me/laptop.nix:1:2"), "./laptop.nix:1:2");
    }

    #[test]
    fn links_name_machine_file_and_line() {
        let roots = Roots::new("/home/me", Vec::new()).with_links("box".to_owned());
        let link = |to: &str, text: &str| format!("\x1b]8;;file://box{to}\x1b\\{text}\x1b]8;;\x1b\\");
        assert_eq!(roots.link("/home/me/a b.nix:3:5"), link("/home/me/a%20b.nix#3", "./a b.nix:3:5"));
        assert_eq!(roots.link("/etc/x.nix"), link("/etc/x.nix", "/etc/x.nix"));
        assert_eq!(roots.link("/«nival»/base/boot.nix:1:1"), "/«nival»/base/boot.nix:1:1");
        assert_eq!(roots.link("<unknown-file>"), "<unknown-file>");
    }
}
