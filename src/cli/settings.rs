//! Nix's evaluation settings, from configuration files, the environment and flags.

use super::conf_files;
use super::settings_table::{self, Kind, Setting};
use super::wrong::Wrong;
use crate::eval::Settings;
use crate::host::{FileType, Host, bytes_of};
use crate::store::{Feature, Features};
use crate::syntax::{Lint, normalise};

/// A setting from the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether it came from `--option`, where an invalid value is only a warning.
    pub option: bool,
}

/// Applies the configuration files, the environment and the command line. `include` holds the entries of
/// `-I`.
pub fn apply(
    settings: &mut Settings,
    host: &dyn Host,
    given: &[Given],
    include: &[Vec<u8>],
) -> Result<(), Wrong> {
    let mut chosen =
        Chosen { settings, unknown: Vec::new(), features: Vec::new(), path: None, flag: false, host };
    for (name, value) in conf_files::read(host)? {
        chosen.set(&name, &value).map_err(Wrong::usage)?;
    }
    let variable = |name: &[u8]| host.env(name).map(|v| String::from_utf8_lossy(&v).into_owned());
    if let Some(dir) = variable(b"NIX_STORE_DIR").or_else(|| variable(b"NIX_STORE")).filter(|d| !d.is_empty())
    {
        let dir = normalise(dir.as_bytes());
        chosen.settings.store_dir = String::from_utf8_lossy(&dir).into_owned();
    }
    if variable(b"NIX_ABORT_ON_WARN").is_some_and(|v| matches!(&v[..], "1" | "true" | "yes")) {
        chosen.settings.abort_on_warn = true;
    }
    if let Some(path) = variable(b"NIX_PATH") {
        chosen.path = Some(split_nix_path(&path));
    }
    let mut gated = Vec::new();
    for Given { name, value, option } in given {
        chosen.flag = !option;
        match chosen.set(name, value) {
            Err(e) if *option => warn(host, &e),
            result => result.map_err(Wrong::usage)?,
        }
        if !option && let Some(feature) = settings_table::find(name).and_then(|s| s.feature) {
            gated.push(feature);
        }
    }
    for name in &chosen.unknown {
        warn(host, &format!("unknown setting '{name}'"));
    }
    if let Some(feature) = gated.iter().find(|f| !chosen.has(f)) {
        return Err(Wrong::plain(format!(
            "experimental Nix feature '{feature}' is disabled; add '--extra-experimental-features {feature}' to \
             enable it"
        )));
    }
    let path = chosen.path.take();
    settings.nix_path = match settings.pure {
        true => Vec::new(),
        false => entries(include, path, host),
    };
    Ok(())
}

/// Applies settings from the command line alone: they change what the flags of nival's own commands have set.
///
/// # Errors
/// Never for those of `--option`, where an invalid value is only a warning.
pub fn apply_given(settings: &mut Settings, host: &dyn Host, given: &[Given]) -> Result<(), Wrong> {
    let mut chosen =
        Chosen { settings, unknown: Vec::new(), features: Vec::new(), path: None, flag: false, host };
    for Given { name, value, option } in given {
        match chosen.set(name, value) {
            Err(e) if *option => warn(host, &e),
            result => result.map_err(Wrong::usage)?,
        }
    }
    for name in &chosen.unknown {
        warn(host, &format!("unknown setting '{name}'"));
    }
    if let Some(path) = chosen.path.take() {
        settings.nix_path = entries(&[], Some(path), host);
    }
    Ok(())
}

/// The search path of `-I` and `NIX_PATH`.
pub fn search_path(host: &dyn Host, include: &[Vec<u8>]) -> Vec<(String, String)> {
    let variable = host.env(b"NIX_PATH").map(|v| String::from_utf8_lossy(&v).into_owned());
    entries(include, variable.as_deref().map(split_nix_path), host)
}

fn entries(include: &[Vec<u8>], path: Option<Vec<String>>, host: &dyn Host) -> Vec<(String, String)> {
    let include = include.iter().map(|i| String::from_utf8_lossy(i).into_owned());
    include.chain(path.unwrap_or_else(|| usual_path(host))).map(|e| entry(&e)).collect()
}

/// The settings so far.
struct Chosen<'a> {
    settings: &'a mut Settings,
    /// Unknown names.
    unknown: Vec<String>,
    /// Experimental features.
    features: Vec<String>,
    /// `nix-path`, if it has been set.
    path: Option<Vec<String>>,
    /// Whether the current setting was given as a flag of its own.
    flag: bool,
    host: &'a dyn Host,
}

impl Chosen<'_> {
    fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|f| f == feature)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let Some(setting) = settings_table::find(name) else {
            self.unknown.push(name.to_owned());
            return Ok(());
        };
        check(setting, value)?;
        if let Some(feature) = setting.feature.filter(|f| !self.has(f)) {
            // A switch given as a flag is an error later on, without this warning.
            if setting.kind != Kind::Switch || !self.flag {
                warn(
                    self.host,
                    &format!(
                        "Ignoring setting '{name}' because experimental feature '{feature}' is not enabled"
                    ),
                );
            }
            return Ok(());
        }
        let on = matches!(value, "true" | "yes" | "1");
        let words = || value.split_whitespace().map(str::to_owned);
        let settings = &mut *self.settings;
        match setting.name {
            "show-trace" => settings.show_trace = on,
            "pure-eval" => settings.pure = on,
            "restrict-eval" => settings.restrict = on,
            "trace-verbose" => settings.trace_verbose = on,
            "abort-on-warn" => settings.abort_on_warn = on,
            "allow-import-from-derivation" => settings.allow_import_from_derivation = on,
            "trace-import-from-derivation" => settings.trace_import_from_derivation = on,
            "max-call-depth" => {
                let depth = number(value).and_then(|n| u32::try_from(n).ok());
                settings.max_call_depth = depth.ok_or_else(|| invalid(setting.name, value))? as usize;
            }
            "trace-function-calls" => settings.trace_function_calls = on,
            "eval-profiler" => settings.profile = value == "flamegraph",
            "eval-profile-file" => settings.profile_file = value.as_bytes().to_vec(),
            "eval-profiler-frequency" => {
                let frequency = number(value).and_then(|n| u32::try_from(n).ok());
                settings.profile_frequency = frequency.ok_or_else(|| invalid(setting.name, value))?;
            }
            "system" => settings.system = value.to_owned(),
            "eval-system" if !value.is_empty() => settings.system = value.to_owned(),
            "lint-url-literals" => settings.lints.urls = lint(name, value)?,
            "lint-absolute-path-literals" => settings.lints.absolute_paths = lint(name, value)?,
            "lint-short-path-literals" => settings.lints.short_paths = lint(name, value)?,
            "warn-short-path-literals" => {
                let (lint, word) = if on { (Lint::Warn, "warn") } else { (Lint::Ignore, "ignore") };
                warn(
                    self.host,
                    &format!("'{name}' is deprecated, use 'lint-short-path-literals = {word}' instead"),
                );
                settings.lints.short_paths = lint;
            }
            "allowed-uris" => {
                if !setting.extra {
                    settings.allowed_uris.clear();
                }
                settings.allowed_uris.extend(words());
            }
            "nix-path" => {
                let host = self.host;
                let path = self.path.get_or_insert_with(|| usual_path(host));
                if !setting.extra {
                    path.clear();
                }
                path.extend(words());
            }
            "experimental-features" => self.set_features(setting.extra, value),
            _ => {}
        }
        Ok(())
    }

    fn set_features(&mut self, extra: bool, value: &str) {
        let settings = &mut *self.settings;
        if !extra {
            settings.pipe_operators = false;
            settings.toml_timestamps = false;
            settings.store_features = Features::default();
            self.features.clear();
        }
        for feature in value.split_whitespace() {
            match feature {
                "no-url-literals" => warn(
                    self.host,
                    "experimental feature 'no-url-literals' has been stabilized and renamed; use \
                     'lint-url-literals = fatal' setting instead",
                ),
                known if settings_table::is_feature(known) => self.features.push(feature.to_owned()),
                _ => warn(self.host, &format!("unknown experimental feature '{feature}'")),
            }
            match feature {
                "pipe-operators" => settings.pipe_operators = true,
                "parse-toml-timestamps" => settings.toml_timestamps = true,
                _ => {
                    if let Some(known) = Feature::ALL.into_iter().find(|f| f.name() == feature) {
                        settings.store_features = settings.store_features.with(known);
                        // Flakes imply it.
                        if known == Feature::Flakes {
                            settings.store_features = settings.store_features.with(Feature::FetchTree);
                        }
                    }
                }
            }
        }
    }
}

fn warn(host: &dyn Host, text: &str) {
    host.message(&bytes_of(&format!("warning: {text}")));
}

fn invalid(name: &str, value: &str) -> String {
    format!("setting '{name}' has invalid value '{value}'")
}

/// Checks that a value is valid for a setting, even for one without effect.
fn check(setting: Setting, value: &str) -> Result<(), String> {
    let name = setting.name;
    match setting.kind {
        Kind::Switch if !matches!(value, "true" | "yes" | "1" | "false" | "no" | "0") => {
            Err(format!("Boolean setting '{name}' has invalid value '{value}'"))
        }
        Kind::Sandbox if !matches!(value, "true" | "false" | "relaxed") => {
            Err(format!("option '{name}' has invalid value '{value}'"))
        }
        Kind::Number | Kind::Count if number(value).is_none() => Err(invalid(name, value)),
        Kind::Jobs if value != "auto" && value.parse::<u32>().is_err() => {
            Err(format!("configuration setting '{name}' should be 'auto' or an integer"))
        }
        Kind::Text if name == "eval-profiler" && !matches!(value, "disabled" | "flamegraph") => {
            Err(format!("option '{name}' has invalid value '{value}'"))
        }
        _ => Ok(()),
    }
}

/// A number with a unit, or the error for the value of a flag.
pub fn count(text: &str) -> Result<u64, String> {
    match text.chars().last().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()) {
        Some(unit) if !"KMGT".contains(unit) => Err(format!("invalid unit specifier '{unit}'")),
        _ => number(text).ok_or_else(|| format!("'{text}' is not an integer")),
    }
}

fn number(text: &str) -> Option<u64> {
    let unit = match text.chars().last()?.to_ascii_uppercase() {
        'K' => 10,
        'M' => 20,
        'G' => 30,
        'T' => 40,
        _ => return text.parse().ok(),
    };
    let number: u64 = text[..text.len() - 1].parse().ok()?;
    number.checked_mul(1 << unit)
}

fn lint(name: &str, value: &str) -> Result<Lint, String> {
    match value {
        "ignore" => Ok(Lint::Ignore),
        "warn" => Ok(Lint::Warn),
        "fatal" => Ok(Lint::Fatal),
        _ => Err(format!(
            "option '{name}' has invalid value '{value}' (expected 'ignore', 'warn', or 'fatal')"
        )),
    }
}

/// An entry of the search path: a prefix, possibly empty, and a path.
fn entry(text: &str) -> (String, String) {
    match text.split_once('=') {
        Some((prefix, path)) => (prefix.to_owned(), path.to_owned()),
        None => (String::new(), text.to_owned()),
    }
}

/// The default search path: the existing channels.
fn usual_path(host: &dyn Host) -> Vec<String> {
    let home = host.home().map(|h| String::from_utf8_lossy(&h).into_owned()).unwrap_or_default();
    let root = "/nix/var/nix/profiles/per-user/root/channels";
    let all = [format!("{home}/.nix-defexpr/channels"), format!("nixpkgs={root}/nixpkgs"), root.to_owned()];
    let exists = |e: &String| {
        matches!(host.file_type(entry(e).1.as_bytes()), Ok(Some(FileType::Directory | FileType::Symlink)))
    };
    all.into_iter().filter(exists).collect()
}

/// Splits `NIX_PATH` at its colons, except at those in URLs.
fn split_nix_path(value: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let mut end = rest.find(':').unwrap_or(rest.len());
        let entry = &rest[..end];
        let scheme = entry.rsplit('=').next().unwrap_or_default();
        let after = &rest[end..];
        if after.starts_with("://") || matches!(scheme, "flake" | "channel") && after.len() > 1 {
            end = rest[end + 1..].find(':').map_or(rest.len(), |i| end + 1 + i);
        }
        parts.push(rest[..end].to_owned());
        rest = rest[end..].strip_prefix(':').unwrap_or_default();
    }
    parts.retain(|p| !p.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_path_splits_at_colons_that_are_no_urls() {
        assert_eq!(split_nix_path("a=/x:/y::b"), ["a=/x", "/y", "b"]);
        assert_eq!(split_nix_path("n=https://e.org/x.tar:/y"), ["n=https://e.org/x.tar", "/y"]);
    }

    #[test]
    fn numbers_have_units() {
        assert_eq!((count("5M"), count("7")), (Ok(5 << 20), Ok(7)));
        assert_eq!(count("x"), Err("invalid unit specifier 'X'".to_owned()));
        assert_eq!(count("x1"), Err("'x1' is not an integer".to_owned()));
    }
}
