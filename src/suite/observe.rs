//! Which options a snapshot contains: patterns of paths.

use crate::options::attr_path;

/// The options that are observed, and those of them that are not.
#[derive(Debug, Default)]
pub struct Names {
    /// What is observed: all options, if there are none.
    pub observe: Vec<Pattern>,
    /// What is not, all the same.
    pub ignore: Vec<Pattern>,
}

/// A pattern of option paths, such as `systemd.services.*.wantedBy`. It also stands for all that is below.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// A pattern for each name: `*` stands for any text, `?` for any character.
    names: Vec<String>,
}

/// How a path relates to the patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// It is not observed, nor is anything below it.
    No,
    /// Something below it may be observed.
    Below,
    /// It is observed, but something below it may not be.
    Partly,
    /// It is observed with all that is below.
    Whole,
}

/// These differ in every revision of nixpkgs: ignored unless a pattern names them.
const VOLATILE: [&str; 4] =
    ["system.nixos.label", "system.nixos.revision", "system.nixos.version", "system.nixos.versionSuffix"];

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Pattern, String> {
        let names = attr_path::split(text.as_bytes()).map_err(|e| e.data().message.clone())?;
        if names.is_empty() || names.iter().any(Vec::is_empty) {
            return Err(format!("'{text}' is no pattern of option paths: it has an empty name"));
        }
        Ok(Pattern { names: names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect() })
    }

    /// Whether the pattern and a path have the same names, as far as both go.
    fn goes_along(&self, path: &[String]) -> bool {
        self.names.iter().zip(path).all(|(pattern, name)| matches(pattern.as_bytes(), name.as_bytes()))
    }

    /// Whether a path is what the pattern stands for, or below that.
    pub fn covers(&self, path: &[String]) -> bool {
        self.names.len() <= path.len() && self.goes_along(path)
    }

    /// Whether it is exactly this path, without wildcards.
    fn is(&self, path: &[String]) -> bool {
        self.names == path
    }
}

impl Names {
    /// How a path relates to the patterns.
    pub fn observed(&self, path: &[String]) -> Observed {
        let asked = || self.observe.iter().any(|pattern| pattern.is(path));
        if self.ignore.iter().any(|pattern| pattern.covers(path)) || is_volatile(path) && !asked() {
            return Observed::No;
        }
        let covered = self.observe.is_empty() || self.observe.iter().any(|pattern| pattern.covers(path));
        if !covered {
            let below = self.observe.iter().any(|pattern| pattern.goes_along(path));
            return if below { Observed::Below } else { Observed::No };
        }
        match self.ignore.iter().any(|pattern| pattern.goes_along(path)) {
            true => Observed::Partly,
            false => Observed::Whole,
        }
    }

    /// Whether a pattern names exactly this path: hidden and internal options are observed only then.
    pub fn names(&self, path: &[String]) -> bool {
        self.observe.iter().any(|pattern| pattern.is(path))
    }
}

fn is_volatile(path: &[String]) -> bool {
    path.first().is_some_and(|name| name == "system") && VOLATILE.contains(&path.join(".").as_str())
}

/// Whether a text matches a pattern in which `*` stands for any text and `?` for any character.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where the last `*` is, and how much of the text it stands for so far.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match &mut star {
                Some((at, until)) => {
                    *until += 1;
                    p = *at + 1;
                    t = *until;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    fn names(observe: &[&str], ignore: &[&str]) -> Names {
        let patterns =
            |texts: &[&str]| texts.iter().map(|text| Pattern::new(text).expect("a pattern")).collect();
        Names { observe: patterns(observe), ignore: patterns(ignore) }
    }

    #[test]
    fn texts_match_patterns() {
        let all = [("a*c", "abbc"), ("*", ""), ("a?c", "abc"), ("*b*", "abc"), ("a*a*b", "aaab")];
        assert!(all.iter().all(|(pattern, text)| matches(pattern.as_bytes(), text.as_bytes())));
        assert!(!matches(b"a*c", b"abcd") && !matches(b"a?", b"a") && !matches(b"", b"a"));
    }

    #[test]
    fn patterns_stand_for_what_is_below() {
        let names = names(&["boot", "systemd.services.*.path"], &["boot.*.secret"]);
        assert_eq!(names.observed(&path("boot")), Observed::Partly);
        assert_eq!(names.observed(&path("boot.loader.secret.x")), Observed::No);
        assert_eq!(names.observed(&path("boot.loader.grub")), Observed::Whole);
        assert_eq!(names.observed(&path("systemd.services")), Observed::Below);
        assert_eq!(names.observed(&path("systemd.services.a.path")), Observed::Whole);
        assert_eq!(names.observed(&path("systemd.services.a.wants")), Observed::No);
        assert_eq!(names.observed(&path("networking")), Observed::No);
    }

    #[test]
    fn versions_are_observed_only_if_named() {
        assert_eq!(names(&[], &[]).observed(&path("system.nixos.version")), Observed::No);
        assert_eq!(
            names(&["system.nixos.version"], &[]).observed(&path("system.nixos.version")),
            Observed::Whole
        );
        assert_eq!(names(&[], &[]).observed(&path("system.nixos.release")), Observed::Whole);
    }
}
