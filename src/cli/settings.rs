//! Nix's settings, as far as they concern evaluation: as flags, by `--option`, and from `NIX_CONFIG`.

use crate::eval::Settings;
use crate::host::Host;
use crate::store::{Feature, Features};
use crate::syntax::Lint;

/// Settings that are on or off, and whether nival heeds them.
const SWITCHES: &[&str] = &[
    "show-trace",
    "pure-eval",
    "restrict-eval",
    "trace-verbose",
    "trace-function-calls",
    "trace-import-from-derivation",
    "abort-on-warn",
    "allow-import-from-derivation",
    "allow-unsafe-native-code-during-evaluation",
    "eval-cache",
    "ignore-try",
    "debugger-on-trace",
    "debugger-on-warn",
];

/// Settings with a value.
const VALUES: &[&str] = &[
    "max-call-depth",
    "experimental-features",
    "extra-experimental-features",
    "nix-path",
    "eval-system",
    "system",
    "allowed-uris",
    "cores",
    "timeout",
    "max-silent-time",
    "substituters",
    "lint-absolute-path-literals",
    "lint-short-path-literals",
    "lint-url-literals",
    "eval-profiler",
    "eval-profile-file",
    "eval-profiler-frequency",
];

/// The setting that a flag sets: its name, and its value if the flag brings none.
pub fn flag(flag: &str) -> Option<(&str, Option<&str>)> {
    let name = flag.strip_prefix("--")?;
    if VALUES.contains(&name) {
        return Some((name, None));
    }
    if SWITCHES.contains(&name) {
        return Some((name, Some("true")));
    }
    let name = name.strip_prefix("no-")?;
    SWITCHES.contains(&name).then_some((name, Some("false")))
}

/// All settings as flags.
pub fn flags() -> impl Iterator<Item = &'static str> {
    // Only for suggestions; `--no-…` is left out.
    const ALL: &[&str] = &[
        "--show-trace",
        "--pure-eval",
        "--restrict-eval",
        "--trace-verbose",
        "--abort-on-warn",
        "--max-call-depth",
        "--experimental-features",
        "--extra-experimental-features",
        "--system",
    ];
    ALL.iter().copied()
}

/// Applies `NIX_CONFIG` and then the given settings.
///
/// # Errors
/// A value that makes no sense.
pub fn apply(settings: &mut Settings, host: &dyn Host, given: &[(String, String)]) -> Result<(), String> {
    if let Some(config) = host.env(b"NIX_CONFIG") {
        for line in String::from_utf8_lossy(&config).lines() {
            let line = line.split('#').next().unwrap_or_default();
            if let Some((name, value)) = line.split_once('=') {
                set(settings, name.trim(), value.trim())?;
            }
        }
    }
    if host.env(b"NIX_ABORT_ON_WARN").is_some_and(|v| v == b"1" || v == b"true" || v == b"yes") {
        settings.abort_on_warn = true;
    }
    for (name, value) in given {
        set(settings, name, value)?;
    }
    Ok(())
}

fn set(settings: &mut Settings, name: &str, value: &str) -> Result<(), String> {
    match name {
        "show-trace" => settings.show_trace = switch(name, value)?,
        "pure-eval" => settings.pure = switch(name, value)?,
        "trace-verbose" => settings.trace_verbose = switch(name, value)?,
        "abort-on-warn" => settings.abort_on_warn = switch(name, value)?,
        "allow-import-from-derivation" => {
            settings.allow_import_from_derivation = switch(name, value)?;
        }
        "trace-import-from-derivation" => {
            settings.trace_import_from_derivation = switch(name, value)?;
        }
        "max-call-depth" => {
            settings.max_call_depth =
                value.parse().map_err(|_| format!("setting '{name}' has invalid value '{value}'"))?;
        }
        "system" | "eval-system" if !value.is_empty() => settings.system = value.to_owned(),
        "lint-url-literals" => settings.lints.urls = lint(name, value)?,
        "lint-absolute-path-literals" => settings.lints.absolute_paths = lint(name, value)?,
        "lint-short-path-literals" => settings.lints.short_paths = lint(name, value)?,
        "experimental-features" | "extra-experimental-features" => {
            if name == "experimental-features" {
                settings.pipe_operators = false;
                settings.toml_timestamps = false;
                settings.store_features = Features::default();
            }
            for feature in value.split_whitespace() {
                match feature {
                    "pipe-operators" => settings.pipe_operators = true,
                    "parse-toml-timestamps" => settings.toml_timestamps = true,
                    _ => {
                        if let Some(known) = Feature::ALL.into_iter().find(|f| f.name() == feature) {
                            settings.store_features = settings.store_features.with(known);
                            // Flakes need it.
                            if known == Feature::Flakes {
                                settings.store_features = settings.store_features.with(Feature::FetchTree);
                            }
                        }
                    }
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn switch(name: &str, value: &str) -> Result<bool, String> {
    match value {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(format!("Boolean setting '{name}' has invalid value '{value}'")),
    }
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
