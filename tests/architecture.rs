//! Enforces the order of the source folders, forbids cycles within them, and limits the length of files.
//!
//! # Cycles
//!
//! Within a folder, the needs of files must not form a cycle. File A needs file B if A names an item that B defines,
//! in a `use` or in a path that starts with `crate::`, `super::`, `self::`, a child module, or an imported module.
//!
//! - A name that a module re-exports (`pub use child::Item`) belongs to the file that defines it. So a file may
//!   import through its `mod.rs` without needing that `mod.rs`.
//! - A `mod.rs` that declares children or re-exports their items does not need them, unless its own code uses them.
//! - Methods do not count: they are found through their type. A type may have `impl` blocks in several files.
//! - Tests do not count.
//!
//! The files of a subfolder count as one for the files beside it, so subfolders form no cycles either.
#![allow(clippy::disallowed_methods, reason = "the test reads the sources")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The stages through which data passes: a folder may use those before it.
const STAGES: &[&str] = &[
    "source", "syntax", "ir", "value", "eval", "builtins", "native", "nixpkgs", "modules", "options",
    "report", "suite", "session", "cli", "fuzzing",
];
/// Folders that give the public API to others than Rust programs, and what they use besides it.
const OUTSIDE: &[(&str, &[&str])] = &[("ffi", &[]), ("plugin", &["host"])];
/// Folders that every stage may use and that use none.
const BESIDE: &[&str] = &["heap", "store", "host"];
/// The file that gathers the names with fixed symbols from the folders that declare them. It is no code.
const GATHERED: &str = "fixed_names";
/// Lines a file may have.
const LONGEST: usize = 600;
/// The stages of `modules/`: a folder needs only those before it.
const MODULE_STAGES: &[&str] =
    &["messages", "definitions", "loading", "types", "declarations", "tree", "evaluation", "library"];

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("source folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    found
}

fn folder(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    (!first.ends_with(".rs")).then(|| first.to_owned())
}

/// The folders that a line of code names as `crate::folder`.
fn uses(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

fn stage(name: &str) -> Option<usize> {
    STAGES.iter().position(|s| *s == name)
}

#[test]
fn folders_use_only_what_comes_before_them() {
    let mut wrong = Vec::new();
    for path in sources() {
        let Some(own) = folder(&path) else {
            continue;
        };
        let outside = OUTSIDE.iter().find(|(folder, _)| *folder == own).map(|(_, uses)| uses);
        assert!(
            stage(&own).is_some() || outside.is_some() || BESIDE.contains(&own.as_str()),
            "{own} has no place in the design"
        );
        let text = std::fs::read_to_string(&path).expect("source file");
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            if code.starts_with("//") {
                continue;
            }
            for used in uses(code) {
                // What `crate::` has without a folder is the public API.
                let is_api = used.is_empty() || used.starts_with(|c: char| c.is_uppercase());
                let allowed = if let Some(uses) = outside {
                    is_api || used == own || uses.contains(&used)
                } else {
                    match (stage(&own), stage(used)) {
                        (Some(own), Some(used)) => used <= own,
                        (None, Some(_)) => false,
                        (own_stage, None) => {
                            used == own || used == GATHERED || (own_stage.is_some() && BESIDE.contains(&used))
                        }
                    }
                };
                if !allowed {
                    wrong.push(format!("{}:{}: {own} uses {used}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter_map(|path| {
            let lines = std::fs::read_to_string(&path).expect("source file").lines().count();
            (lines > LONGEST).then(|| format!("{}: {lines} lines", path.display()))
        })
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn files_do_not_need_each_other_in_cycles() {
    let modules = modules();
    let needs: Vec<_> = STAGES
        .iter()
        .chain(OUTSIDE.iter().map(|(folder, _)| folder))
        .chain(BESIDE)
        .map(|folder| needs(&modules, folder))
        .collect();
    assert!(needs.iter().map(BTreeMap::len).sum::<usize>() > 100, "the files' needs were not found");
    let wrong: Vec<_> = needs.iter().flat_map(circles).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn stages_of_modules_need_only_what_comes_before_them() {
    let stage = |name: &Name| {
        let folder = name.get(1)?;
        let place = MODULE_STAGES.iter().position(|stage| stage == folder);
        Some(place.unwrap_or_else(|| panic!("{folder} has no place in the design")))
    };
    let needs = needs(&modules(), "modules");
    assert!(needs.len() > 100, "the files' needs were not found");
    let wrong: Vec<_> = needs
        .iter()
        .filter(|((from, to), _)| stage(from).zip(stage(to)).is_some_and(|(from, to)| to > from))
        .map(|((from, to), line)| format!("{}:{line} needs {}", from.join("/"), to.join("/")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The path of a module or an item, without `crate`.
type Name = Vec<String>;

/// A source file, and the names in it.
#[derive(Default)]
struct Module {
    /// The names that its `use` items import, with their paths.
    imports: BTreeMap<String, Name>,
    /// The paths that it names, with their lines.
    paths: Vec<(Name, usize)>,
    /// The names that it re-exports, with their paths.
    passes_on: Vec<(String, Name, usize)>,
    /// The names that its own code uses.
    words: BTreeSet<String>,
}

/// All source files by module path.
fn modules() -> BTreeMap<Name, Module> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: &PathBuf| {
        let inside = path.strip_prefix(&src).expect("a file of src").with_extension("");
        let mut name: Name = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if name.last().is_some_and(|last| last == "mod") {
            name.pop();
        }
        (name, std::fs::read_to_string(path).expect("source file"))
    };
    let texts: BTreeMap<Name, String> = sources().iter().map(read).collect();
    let parse = |name: &Name| {
        let is_child = |child: &str| texts.contains_key(&[&name[..], &[child.to_owned()]].concat());
        Parser::new(&texts[name], name, &is_child).module()
    };
    texts.keys().map(|name| (name.clone(), parse(name))).collect()
}

/// The file that defines the item at `path`.
fn definition<'a>(modules: &'a BTreeMap<Name, Module>, path: &[String], steps: usize) -> Option<&'a Name> {
    let len = (1..=path.len()).rev().find(|len| modules.contains_key(&path[..*len]))?;
    let (file, module) = modules.get_key_value(&path[..len])?;
    match path.get(len).and_then(|item| module.imports.get(item)) {
        Some(origin) if steps > 0 => definition(modules, &[origin, &path[len + 1..]].concat(), steps - 1),
        _ => Some(file),
    }
}

/// Which files of a folder need which others, and on which line.
fn needs(modules: &BTreeMap<Name, Module>, folder: &str) -> BTreeMap<(Name, Name), usize> {
    let mut found = BTreeMap::new();
    for (file, module) in modules.iter().filter(|(file, _)| file.first().is_some_and(|first| first == folder))
    {
        let passed_on = module.passes_on.iter().filter(|(name, path, _)| {
            let below = definition(modules, path, 9).is_some_and(|at| at.starts_with(file));
            !below || module.words.contains(name)
        });
        let all =
            passed_on.map(|(_, path, line)| (path, line)).chain(module.paths.iter().map(|(p, l)| (p, l)));
        for (path, line) in all {
            match definition(modules, path, 9) {
                Some(needed) if needed[0] == folder && needed != file => {
                    found.entry((file.clone(), needed.clone())).or_insert(*line);
                }
                _ => (),
            }
        }
    }
    found
}

/// The cycles of each folder level, one text per cycle.
fn circles(needs: &BTreeMap<(Name, Name), usize>) -> Vec<String> {
    let levels: BTreeSet<&[String]> =
        needs.keys().flat_map(|(a, _)| (1..=a.len()).map(|len| &a[..len])).collect();
    let mut found = Vec::new();
    for level in levels {
        let at_level = |name: &Name| match name.starts_with(level) {
            true => Some(name.get(level.len()).map_or("mod.rs", |part| part).to_owned()),
            false => None,
        };
        let mut edges: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for ((from, to), line) in needs {
            if let (Some(a), Some(b)) = (at_level(from), at_level(to))
                && a != b
            {
                let place = format!("{}:{line} needs {}", from.join("/"), to.join("/"));
                edges.entry(a).or_default().entry(b).or_insert(place);
            }
        }
        let reach: BTreeMap<&String, BTreeSet<&String>> =
            edges.keys().map(|start| (start, reachable(&edges, start))).collect();
        let in_circle = |a: &String, b: &String| reach.get(b).is_some_and(|far| far.contains(a));
        for (a, targets) in &edges {
            for place in targets.iter().filter(|(b, _)| in_circle(a, b)).map(|(_, place)| place) {
                found.push(format!("circle in {}: {place}", level.join("/")));
            }
        }
    }
    found
}

fn reachable<'a>(
    edges: &'a BTreeMap<String, BTreeMap<String, String>>,
    start: &'a String,
) -> BTreeSet<&'a String> {
    let mut found = BTreeSet::new();
    let mut open = vec![start];
    while let Some(next) = open.pop() {
        open.extend(edges.get(next).into_iter().flat_map(BTreeMap::keys).filter(|to| found.insert(*to)));
    }
    found
}

/// A minimal Rust parser: it knows `mod`, `use`, paths, and which items belong to tests.
struct Parser<'a> {
    tokens: Vec<(&'a str, usize)>,
    next: usize,
    file: &'a Name,
    is_child: &'a dyn Fn(&str) -> bool,
    module: Module,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, file: &'a Name, is_child: &'a dyn Fn(&str) -> bool) -> Parser<'a> {
        Parser { tokens: tokens(text), next: 0, file, is_child, module: Module::default() }
    }

    fn peek(&self, ahead: usize) -> &'a str {
        self.tokens.get(self.next + ahead).map_or("", |(token, _)| token)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.next).map_or(0, |(_, line)| *line)
    }

    fn module(mut self) -> Module {
        // The inline modules around the current position, each with its depth of braces.
        let (mut inside, mut depth): (Vec<(&str, usize)>, usize) = (Vec::new(), 0);
        let mut public = false;
        while self.next < self.tokens.len() {
            let here = self.file.iter().map(String::as_str).chain(inside.iter().map(|(name, _)| *name));
            let here: Name = here.map(str::to_owned).collect();
            match self.peek(0) {
                "#" if (0..7).map(|i| self.peek(i)).eq(["#", "[", "cfg", "(", "test", ")", "]"]) => {
                    self.skip_item()
                }
                "mod" if self.peek(2) == "{" => {
                    inside.push((self.peek(1), depth));
                    self.next += 2;
                }
                "mod" => self.next += 2,
                "use" if self.peek(1) != "<" => {
                    self.next += 1;
                    self.import(&here, &mut Vec::new(), public);
                    public = false;
                }
                "pub" => {
                    public = true;
                    self.next += 1;
                    if self.peek(0) == "(" {
                        while self.peek(0) != ")" {
                            self.next += 1;
                        }
                        self.next += 1;
                    }
                    public &= self.peek(0) == "use";
                }
                token if token.starts_with(is_word) => self.path(&here),
                token => {
                    match token {
                        "{" => depth += 1,
                        "}" => depth -= 1,
                        _ => (),
                    }
                    if token == "}" && inside.last().is_some_and(|(_, outer)| *outer == depth) {
                        inside.pop();
                    }
                    self.next += 1;
                }
            }
        }
        self.module
    }

    /// Skips an item that is only compiled for tests.
    fn skip_item(&mut self) {
        let mut depth = 0;
        while self.next < self.tokens.len() {
            match self.peek(0) {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => (),
            }
            let last = depth == 0 && matches!(self.peek(0), ";" | "}");
            self.next += 1;
            if last {
                return;
            }
        }
    }

    /// Reads the tree of a `use` item.
    fn import(&mut self, here: &Name, prefix: &mut Vec<&'a str>, public: bool) {
        let len = prefix.len();
        while self.peek(0).starts_with(is_word) || self.peek(0) == "*" {
            prefix.push(self.peek(0));
            self.next += 1;
            if self.peek(0) == "::" {
                self.next += 1;
            } else {
                break;
            }
        }
        if self.peek(0) == "{" {
            while self.peek(0) != "}" {
                self.next += 1;
                self.import(here, prefix, public);
            }
            self.next += 1;
        } else if prefix.len() > len {
            if prefix.last().is_some_and(|last| matches!(*last, "self" | "*")) {
                prefix.pop();
            }
            let name = match self.peek(0) {
                "as" => self.peek(1),
                _ => prefix.last().unwrap_or(&""),
            };
            self.next += 2 * usize::from(self.peek(0) == "as");
            if let Some(path) = self.absolute(here, prefix) {
                self.module.imports.insert(name.to_owned(), path.clone());
                match public {
                    true => self.module.passes_on.push((name.to_owned(), path, self.line())),
                    false => self.module.paths.push((path, self.line())),
                }
            }
        }
        prefix.truncate(len);
    }

    /// Reads a path in code.
    fn path(&mut self, here: &Name) {
        let line = self.line();
        let of_a_value = self.next > 0 && self.tokens[self.next - 1].0 == ".";
        let mut path = vec![self.peek(0)];
        while self.peek(1) == "::" && self.peek(2).starts_with(is_word) {
            self.next += 2;
            path.push(self.peek(0));
        }
        self.next += 1;
        if of_a_value {
            return;
        }
        self.module.words.insert(path[0].to_owned());
        if path.len() > 1
            && let Some(path) = self.absolute(here, &path)
        {
            self.module.paths.push((path, line));
        }
    }

    /// The full path of the item that `path` names in the module `here`; `None` for a type or an item of another
    /// crate.
    fn absolute(&self, here: &Name, path: &[&str]) -> Option<Name> {
        let own = |path: &[&str]| path.iter().map(|part| (*part).to_owned()).collect::<Name>();
        let up = path.iter().take_while(|part| **part == "super").count();
        match path[0] {
            "crate" => Some(own(&path[1..])),
            "self" => Some([&here[..], &own(&path[1..])].concat()),
            "super" => Some([&here[..here.len().checked_sub(up)?], &own(&path[up..])].concat()),
            child if (self.is_child)(child) => Some([&self.file[..], &own(path)].concat()),
            name => Some([&self.module.imports.get(name)?[..], &own(&path[1..])].concat()),
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The tokens of a Rust text with their lines, without comments and literals.
fn tokens(text: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(len) = literal(rest) {
            len
        } else if word > 0 {
            found.push((&rest[..word], line));
            word
        } else {
            let len = if rest.starts_with("::") { 2 } else { c.len_utf8() };
            if !c.is_whitespace() {
                found.push((&rest[..len], line));
            }
            len
        };
        line += rest[..len].matches('\n').count();
        at += len;
    }
    found
}

/// The length of the string or character literal at the start of a text; lifetimes are not literals.
fn literal(text: &str) -> Option<usize> {
    let prefix = ["br", "b", "c", "r"].into_iter().find(|p| text.starts_with(*p)).unwrap_or("");
    let rest = &text[prefix.len()..];
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    if prefix.ends_with('r') && rest[hashes..].starts_with('"') {
        let end = format!("\"{}", "#".repeat(hashes));
        let start = prefix.len() + hashes + 1;
        return text[start..].find(&end).map(|len| start + len + end.len());
    }
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut chars = rest.char_indices().skip(1);
    let mut first = true;
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            return Some(prefix.len() + at + 1);
        }
        if quote == '\'' && c != '\\' && first && !rest[at + c.len_utf8()..].starts_with('\'') {
            return None;
        }
        first = false;
    }
    None
}
