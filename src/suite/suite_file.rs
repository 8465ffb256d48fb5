//! `nival.toml`: what a suite evaluates, what it observes, and what it expects.

use std::ffi::OsString;

use super::keys::{Keys, TomlFile};
use super::observe::{Names, Pattern, matches};
use crate::eval::Res;
use crate::host::CopyLimits;
use crate::options::lint::{ALL_RULES, Level, RULES};
use crate::options::{FlakeName, Undeclared};

/// The name of the file.
pub const FILE_NAME: &str = "nival.toml";

/// A suite.
#[derive(Debug)]
pub struct Suite {
    /// The folder that its relative paths begin at.
    pub folder: String,
    /// How a fixture becomes a configuration.
    pub way: Way,
    /// Patterns of files, relative to the folder: the fixtures.
    pub fixtures: Vec<String>,
    /// Patterns of names of NixOS tests, whose nodes are fixtures.
    pub nixos_tests: Vec<String>,
    /// Patterns of files with tests in nix-unit's form.
    pub unit_tests: Vec<String>,
    /// The folder of the snapshots.
    pub snapshots: String,
    /// The options that snapshots contain.
    pub observed: Names,
    /// What is expected of all fixtures.
    pub expect: Expect,
    /// What else is expected of the fixtures whose names match a pattern.
    pub special: Vec<(String, Expect)>,
    /// What each fixture may use.
    pub limits: CopyLimits,
    /// The levels of lint's rules.
    pub lint: Vec<(String, Level)>,
    /// Entries of the search path.
    pub include: Vec<String>,
    /// Whether what the fixtures read is recorded.
    pub reads: bool,
    /// The text of the file.
    pub text: String,
}

/// How a fixture becomes a configuration.
#[derive(Debug)]
pub enum Way {
    /// The fixture is evaluated with modules, without a nixpkgs.
    Modules(ModulesWay),
    /// The fixture is a NixOS configuration, for this nixpkgs or `<nixpkgs>`.
    Nixos(Option<OsString>),
    /// The function in this file makes a value with `options` and `config` of the fixture's path.
    Function(OsString),
    /// The fixtures are configurations in flakes.
    Flake(FlakeWay),
}

/// Configurations in flakes.
#[derive(Debug, Default)]
pub struct FlakeWay {
    /// The flakes with the attributes behind `#`.
    pub references: Vec<String>,
    /// How inputs are found. The reference in it is none.
    pub inputs: FlakeName,
}

/// Modules, and how they are evaluated.
#[derive(Debug)]
pub struct ModulesWay {
    /// The modules.
    pub modules: Vec<OsString>,
    /// Whether nival's base modules are there.
    pub base: bool,
    /// Where undeclared options may be defined.
    pub undeclared: Undeclared,
    /// The file with the package set.
    pub packages: Option<OsString>,
    /// The lib to interpret.
    pub lib: Option<OsString>,
}

/// What is expected of a fixture besides its snapshot. A text is expected in a message, as a part of it.
#[derive(Debug, Clone, Default)]
pub struct Expect {
    /// Warnings.
    pub warnings: Vec<String>,
    /// Assertions that fail.
    pub assertions: Vec<String>,
    /// The error of the evaluation.
    pub error: Option<String>,
}

/// Reads a suite. `folder` is where the file is, `name` its path in messages, and `size` reads a number of bytes.
///
/// # Errors
/// A text that is no TOML, a misspelt key, a wrong value: each with line and column.
pub fn read_suite(
    folder: &str,
    name: &str,
    text: &str,
    size: &dyn Fn(&str) -> Result<u64, String>,
) -> Res<Suite> {
    let file = TomlFile { name, text };
    let parsed = file.parse()?;
    let keys = Keys::of(&file, parsed.get_ref());
    let place = Placed { folder };
    let way = way(&keys, &place)?;
    let observed = Names { observe: patterns(&keys, "observe")?, ignore: patterns(&keys, "ignore")? };
    let suite = Suite {
        folder: folder.to_owned(),
        way,
        fixtures: keys.strings("fixtures")?,
        nixos_tests: keys.strings("nixos-tests")?,
        unit_tests: keys.strings("tests")?,
        snapshots: keys.string("snapshots")?.unwrap_or_else(|| snapshot_folder(name)),
        observed,
        expect: keys.table("expect")?.map(|keys| expect(&keys)).transpose()?.unwrap_or_default(),
        special: special(&keys)?,
        limits: limits(&keys, size)?,
        lint: lint(&keys)?,
        include: keys.strings("include")?,
        reads: keys.flag("reads", false)?,
        text: text.to_owned(),
    };
    keys.done()?;
    if !suite.nixos_tests.is_empty() && !matches!(suite.way, Way::Nixos(_)) {
        return Err(keys.wrong("nixos-tests", "'nixos-tests' are in a nixpkgs: name one with 'nixpkgs'"));
    }
    Ok(suite)
}

/// The folder of the snapshots, if the suite does not name one: suites in one folder have different ones.
fn snapshot_folder(name: &str) -> String {
    const USUAL: &str = "snapshots";
    let file = name.rsplit('/').next().unwrap_or(name);
    match file.strip_suffix(".toml") {
        Some(stem) if file != FILE_NAME => format!("{stem}-{USUAL}"),
        _ => USUAL.to_owned(),
    }
}

struct Placed<'a> {
    folder: &'a str,
}

impl Placed<'_> {
    /// A path of the suite; names in the search path stay as they are.
    fn path(&self, name: String) -> OsString {
        match name.starts_with('<') || name.starts_with('/') {
            true => name.into(),
            false => format!("{}/{name}", self.folder).into(),
        }
    }
}

fn way(keys: &Keys<'_>, place: &Placed<'_>) -> Res<Way> {
    const WAYS: [&str; 4] = ["modules", "nixpkgs", "function", "flake"];
    let given: Vec<&str> = WAYS.into_iter().filter(|key| keys.has(key)).collect();
    if let [first, second, ..] = given[..] {
        let message = format!("'{first}' and '{second}' are different ways to a configuration");
        return Err(keys.wrong(second, &message));
    }
    let modules = keys.strings("modules")?;
    let nixpkgs = keys.string("nixpkgs")?;
    let function = keys.string("function")?;
    let references = keys.strings("flake")?;
    let undeclared = keys.string("undeclared")?;
    let modules = ModulesWay {
        modules: modules.into_iter().map(|name| place.path(name)).collect(),
        base: keys.flag("base", true)?,
        undeclared: match undeclared.as_deref().map_or(Some(Undeclared::default()), Undeclared::of_word) {
            Some(undeclared) => undeclared,
            None => {
                let message = "'undeclared' says where undeclared options may be defined: refused, modules or everywhere";
                return Err(keys.wrong("undeclared", message));
            }
        },
        packages: keys.string("pkgs")?.map(|name| place.path(name)),
        lib: keys.string("lib")?.map(|name| place.path(name)),
    };
    if !modules.modules.is_empty() {
        return Ok(Way::Modules(modules));
    }
    if let Some(key) = ["base", "undeclared", "pkgs", "lib"].into_iter().find(|key| keys.has(key)) {
        return Err(keys.wrong(key, &format!("'{key}' is for 'modules', but there are none")));
    }
    if !references.is_empty() {
        if let Some(key) = ["fixtures", "reads"].into_iter().find(|key| keys.has(key)) {
            let message =
                format!("a suite with 'flake' has no '{key}': its fixtures are configurations in flakes");
            return Err(keys.wrong(key, &message));
        }
        return Ok(Way::Flake(FlakeWay { references, inputs: FlakeName::default() }));
    }
    Ok(match function {
        Some(name) => Way::Function(place.path(name)),
        None => Way::Nixos(nixpkgs.map(|name| place.path(name))),
    })
}

fn patterns(keys: &Keys<'_>, key: &'static str) -> Res<Vec<Pattern>> {
    let pattern = |text: &String| Pattern::new(text).map_err(|message| keys.wrong(key, &message));
    keys.strings(key)?.iter().map(pattern).collect()
}

fn expect(keys: &Keys<'_>) -> Res<Expect> {
    let found = Expect {
        warnings: keys.strings("warnings")?,
        assertions: keys.strings("assertions")?,
        error: keys.string("error")?,
    };
    keys.done()?;
    Ok(found)
}

fn special(keys: &Keys<'_>) -> Res<Vec<(String, Expect)>> {
    let one = |(name, keys): (String, Keys<'_>)| {
        let found = keys.table("expect")?.map(|keys| expect(&keys)).transpose()?.unwrap_or_default();
        keys.done()?;
        Ok((name, found))
    };
    keys.tables("fixture")?.into_iter().map(one).collect()
}

fn limits(keys: &Keys<'_>, size: &dyn Fn(&str) -> Result<u64, String>) -> Res<CopyLimits> {
    let Some(keys) = keys.table("limits")? else {
        return Ok(CopyLimits::default());
    };
    let seconds = keys.positive("time")?;
    let memory = keys.string("memory")?;
    let memory = memory.map(|text| size(&text).map_err(|message| keys.wrong("memory", &message)));
    keys.done()?;
    Ok(CopyLimits { seconds, memory: memory.transpose()? })
}

fn lint(keys: &Keys<'_>) -> Res<Vec<(String, Level)>> {
    let Some(keys) = keys.table("lint")? else {
        return Ok(Vec::new());
    };
    let mut levels = Vec::new();
    for rule in RULES.iter().map(|rule| rule.name).chain([ALL_RULES]) {
        let Some(text) = keys.string(rule)? else {
            continue;
        };
        let Some(level) = Level::named(&text) else {
            return Err(keys.wrong(rule, &format!("'{text}' is no level: there are ignore, warn and fatal")));
        };
        levels.push((rule.to_owned(), level));
    }
    keys.done()?;
    // Single rules count more than all of them.
    levels.sort_by_key(|(rule, _)| rule != ALL_RULES);
    Ok(levels)
}

impl Suite {
    /// What is expected of a fixture.
    pub fn expected(&self, fixture: &str) -> Expect {
        let mut all = self.expect.clone();
        for (pattern, special) in &self.special {
            if matches(pattern.as_bytes(), fixture.as_bytes()) {
                all.warnings.extend(special.warnings.iter().cloned());
                all.assertions.extend(special.assertions.iter().cloned());
                all.error = special.error.clone().or(all.error);
            }
        }
        all
    }
}
