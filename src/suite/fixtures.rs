//! The fixtures of a suite: the files that its patterns find, in the order of their names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::eval::{Error, ErrorKind, Res};
use crate::host::{FileType, Host};

/// What is checked, by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixture {
    /// Its name: of a file, the path in the suite without `.nix`.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
}

/// Where a fixture comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A configuration.
    File(String),
    /// A file with tests in nix-unit's form.
    Tests(String),
    /// A configuration in a flake: the reference with the attribute behind `#`.
    Flake(String),
    /// A node of a NixOS test.
    Node {
        /// The path of the test's attribute in all-tests.nix.
        test: Vec<String>,
        /// The node.
        node: String,
    },
}

/// The files below a folder that patterns find, sorted, each with its path below the folder.
///
/// # Errors
/// A pattern that finds nothing.
pub fn find_files(
    host: &dyn Host,
    folder: &str,
    patterns: &[String],
    key: &str,
) -> Res<Vec<(String, String)>> {
    let mut found = BTreeMap::new();
    for pattern in patterns {
        let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
        let before = found.len();
        let mut any = false;
        let fixed = fixed_part(pattern);
        let mut folders = vec![fixed.to_owned()];
        if !pattern.contains(['*', '?', '[', '{']) {
            // A path: the file need not be below the folder.
            let path = absolute(folder, pattern);
            any = host.read_file(path.as_bytes()).is_ok();
            if any {
                found.insert(pattern.to_owned(), path);
            }
            folders.clear();
        }
        while let Some(inside) = folders.pop() {
            let here = absolute(folder, &inside);
            for (name, kind) in host.read_dir(here.as_bytes()).unwrap_or_default() {
                let Ok(name) = String::from_utf8(name) else {
                    continue;
                };
                let path = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
                match kind {
                    FileType::Directory if !name.starts_with('.') => folders.push(path),
                    FileType::Directory => {}
                    _ if fast_glob::glob_match(pattern, &path) => {
                        any = true;
                        found.insert(path.clone(), absolute(folder, &path));
                    }
                    _ => {}
                }
            }
        }
        if !any && found.len() == before {
            let message = format!("'{pattern}' in '{key}' finds no file below {folder}");
            return Err(Error::new(ErrorKind::Usage, message));
        }
    }
    Ok(found.into_iter().collect())
}

/// The folder that a pattern is certainly in.
fn fixed_part(pattern: &str) -> &str {
    let fixed = pattern.find(['*', '?', '[', '{']).map_or(pattern, |at| &pattern[..at]);
    fixed.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn absolute(folder: &str, path: &str) -> String {
    let joined = crate::syntax::absolute(path.as_bytes(), folder.as_bytes());
    String::from_utf8_lossy(&joined).into_owned()
}

/// The fixtures that files are.
///
/// # Errors
/// Two files with the same name.
pub fn from_files(files: Vec<(String, String)>, source: fn(String) -> Source) -> Res<Vec<Fixture>> {
    let mut all: Vec<Fixture> = Vec::new();
    for (relative, path) in files {
        let name = relative.strip_suffix(".nix").unwrap_or(&relative);
        let name = name.trim_start_matches("../").trim_start_matches('/').to_owned();
        if let Some(same) = all.iter().find(|fixture| fixture.name == name) {
            let message = format!("two fixtures are called '{name}': {:?} and {path}", same.source);
            return Err(Error::new(ErrorKind::Usage, message));
        }
        all.push(Fixture { name, source: source(path) });
    }
    Ok(all)
}

/// The fixtures that configurations in flakes are: each has the name behind `#`.
///
/// # Errors
/// A reference without a name, a name that cannot be that of a file, and two configurations with the same name.
pub fn from_flakes(references: &[String]) -> Res<Vec<Fixture>> {
    let usage = |message: String| Err(Error::new(ErrorKind::Usage, message));
    let mut all: Vec<Fixture> = Vec::new();
    for reference in references {
        let name = reference.split_once('#').map_or("", |(_, attr)| attr).trim_start_matches('.');
        let name: String = name.chars().filter(|c| *c != '"').collect();
        if name.is_empty() {
            return usage(format!("'{reference}' names no configuration: REF#NAME does"));
        }
        if name.contains('/') {
            return usage(format!("'{name}' has a slash, so that it cannot be the name of a snapshot"));
        }
        if all.iter().any(|fixture| fixture.name == name) {
            return usage(format!("two configurations are called '{name}'"));
        }
        all.push(Fixture { name, source: Source::Flake(reference.clone()) });
    }
    Ok(all)
}

/// The part `part` of `of` equal parts, both from 1.
pub fn partition(fixtures: Vec<Fixture>, part: usize, of: usize) -> Vec<Fixture> {
    let numbered = fixtures.into_iter().enumerate();
    numbered.filter(|(number, _)| number % of == part - 1).map(|(_, fixture)| fixture).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_disjoint_and_complete() {
        let fixture = |n: usize| Fixture { name: n.to_string(), source: Source::File(String::new()) };
        let all: Vec<Fixture> = (0..7).map(fixture).collect();
        let names = |part| partition(all.clone(), part, 3).into_iter().map(|f| f.name).collect::<String>();
        assert_eq!([names(1), names(2), names(3)], ["036", "14", "25"]);
    }

    #[test]
    fn patterns_begin_in_a_folder() {
        assert_eq!(fixed_part("fixtures/a/*.nix"), "fixtures/a");
        assert_eq!(fixed_part("*.nix"), "");
        assert_eq!(fixed_part("**/a.nix"), "");
    }
}
