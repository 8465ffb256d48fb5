//! The settings of Nix: their names and types.

/// The type of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On or off; the flags are `--name` and `--no-name`.
    Switch,
    /// A number, optionally with a unit.
    Number,
    /// A number; as a flag, Nix parses it separately.
    Count,
    /// A number, or `auto`.
    Jobs,
    /// `true`, `false` or `relaxed`.
    Sandbox,
    /// A text.
    Text,
    /// Several words; `extra-name` adds to them.
    List,
}

use Kind::{Count, Jobs, List, Number, Sandbox, Switch, Text};

/// Settings by type.
static SETTINGS: &[(Kind, &[&str])] = &[
    (
        Switch,
        &[
            "abort-on-warn",
            "accept-flake-config",
            "allow-dirty",
            "allow-dirty-locks",
            "allow-import-from-derivation",
            "allow-new-privileges",
            "allow-symlinked-store",
            "allow-unsafe-native-code-during-evaluation",
            "always-allow-substitutes",
            "auto-allocate-uids",
            "auto-optimise-store",
            "builders-use-substitutes",
            "compress-build-log",
            "debugger-on-trace",
            "debugger-on-warn",
            "eval-cache",
            "fallback",
            "filter-syscalls",
            "fsync-metadata",
            "fsync-store-paths",
            "http2",
            "ignore-try",
            "impersonate-linux-26",
            "keep-build-log",
            "keep-derivations",
            "keep-env-derivations",
            "keep-failed",
            "keep-going",
            "keep-outputs",
            "nix-shell-always-looks-for-shell-nix",
            "nix-shell-shebang-arguments-relative-to-script",
            "preallocate-contents",
            "print-missing",
            "pure-eval",
            "require-drop-supplementary-groups",
            "require-sigs",
            "restrict-eval",
            "run-diff-hook",
            "sandbox-fallback",
            "show-trace",
            "substitute",
            "sync-before-registering",
            "trace-function-calls",
            "trace-import-from-derivation",
            "trace-verbose",
            "trust-tarballs-from-git-forges",
            "use-case-hack",
            "use-cgroups",
            "use-registries",
            "use-sqlite-wal",
            "use-xdg-base-directories",
            "warn-dirty",
            "warn-short-path-literals",
        ],
    ),
    (
        Number,
        &[
            "build-poll-interval",
            "connect-timeout",
            "download-attempts",
            "download-buffer-size",
            "download-speed",
            "eval-attrset-update-layer-rhs-threshold",
            "eval-profiler-frequency",
            "gc-reserved-space",
            "http-connections",
            "id-count",
            "log-lines",
            "max-build-log-size",
            "max-call-depth",
            "max-free",
            "max-substitution-jobs",
            "min-free",
            "min-free-check-interval",
            "nar-buffer-size",
            "narinfo-cache-meta-ttl",
            "narinfo-cache-negative-ttl",
            "narinfo-cache-positive-ttl",
            "stalled-download-timeout",
            "start-id",
            "tarball-ttl",
            "warn-large-path-threshold",
        ],
    ),
    (Count, &["cores", "max-silent-time", "timeout"]),
    (Jobs, &["max-jobs"]),
    (Sandbox, &["sandbox"]),
    (
        List,
        &[
            "access-tokens",
            "allowed-impure-host-deps",
            "allowed-uris",
            "allowed-users",
            "experimental-features",
            "extra-platforms",
            "hashed-mirrors",
            "ignored-acls",
            "impure-env",
            "nix-path",
            "plugin-files",
            "sandbox-paths",
            "secret-key-files",
            "substituters",
            "system-features",
            "trusted-public-keys",
            "trusted-substituters",
            "trusted-users",
        ],
    ),
    (
        Text,
        &[
            "bash-prompt",
            "bash-prompt-prefix",
            "bash-prompt-suffix",
            "build-dir",
            "build-hook",
            "build-users-group",
            "builders",
            "commit-lock-file-summary",
            "diff-hook",
            "eval-profile-file",
            "eval-profiler",
            "eval-system",
            "external-builders",
            "flake-registry",
            "json-log-path",
            "lint-absolute-path-literals",
            "lint-short-path-literals",
            "lint-url-literals",
            "netrc-file",
            "post-build-hook",
            "pre-build-hook",
            "sandbox-build-dir",
            "sandbox-dev-shm-size",
            "ssl-cert-file",
            "store",
            "system",
            "upgrade-nix-store-path-url",
            "user-agent-suffix",
        ],
    ),
];

/// Older names of settings.
static ALIASES: &[(&str, &str)] = &[
    ("binary-cache-public-keys", "trusted-public-keys"),
    ("binary-caches", "substituters"),
    ("binary-caches-parallel-connections", "http-connections"),
    ("build-chroot-dirs", "sandbox-paths"),
    ("build-compress-log", "compress-build-log"),
    ("build-cores", "cores"),
    ("build-fallback", "fallback"),
    ("build-impersonate-linux-26", "impersonate-linux-26"),
    ("build-keep-log", "keep-build-log"),
    ("build-max-jobs", "max-jobs"),
    ("build-max-log-size", "max-build-log-size"),
    ("build-max-silent-time", "max-silent-time"),
    ("build-sandbox-paths", "sandbox-paths"),
    ("build-timeout", "timeout"),
    ("build-use-chroot", "sandbox"),
    ("build-use-sandbox", "sandbox"),
    ("build-use-substitutes", "substitute"),
    ("commit-lockfile-summary", "commit-lock-file-summary"),
    ("env-keep-derivations", "keep-env-derivations"),
    ("gc-keep-derivations", "keep-derivations"),
    ("gc-keep-outputs", "keep-outputs"),
    ("substitution-max-jobs", "max-substitution-jobs"),
    ("trusted-binary-caches", "trusted-substituters"),
];

/// Settings that need an experimental feature.
static GATED: &[(&str, &str)] = &[
    ("accept-flake-config", "flakes"),
    ("allow-dirty-locks", "flakes"),
    ("auto-allocate-uids", "auto-allocate-uids"),
    ("commit-lock-file-summary", "flakes"),
    ("flake-registry", "flakes"),
    ("impure-env", "configurable-impure-env"),
    ("use-registries", "flakes"),
];

/// Experimental features that Nix knows.
static FEATURES: &[&str] = &[
    "auto-allocate-uids",
    "blake3-hashes",
    "ca-derivations",
    "cgroups",
    "configurable-impure-env",
    "daemon-trust-override",
    "dynamic-derivations",
    "external-builders",
    "fetch-closure",
    "fetch-tree",
    "flakes",
    "git-hashing",
    "impure-derivations",
    "local-overlay-store",
    "mounted-ssh-store",
    "nix-command",
    "parse-toml-timestamps",
    "pipe-operators",
    "read-only-local-store",
    "recursive-nix",
    "verified-fetches",
];

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Whether the value is added to the existing one (`extra-`).
    pub extra: bool,
    /// The experimental feature that it needs.
    pub feature: Option<&'static str>,
}

/// The setting of that name.
pub fn find(name: &str) -> Option<Setting> {
    let plain = ALIASES.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| new);
    let found = SETTINGS
        .iter()
        .find_map(|(kind, names)| names.iter().find(|n| **n == plain).map(|name| (*kind, *name)));
    if let Some((kind, name)) = found {
        let feature = GATED.iter().find(|(gated, _)| *gated == name).map(|(_, feature)| *feature);
        return Some(Setting { name, kind, extra: false, feature });
    }
    let base = find(name.strip_prefix("extra-")?)?;
    (base.kind == List && !base.extra).then_some(Setting { extra: true, ..base })
}

/// The setting that a flag sets, and the value if the flag brings it.
pub fn flag(flag: &str) -> Option<(Setting, Option<&'static str>)> {
    let name = flag.strip_prefix("--")?;
    if name == "relaxed-sandbox" {
        return Some((find("sandbox")?, Some("relaxed")));
    }
    if let Some(setting) = find(name) {
        let fixed = matches!(setting.kind, Switch | Sandbox).then_some("true");
        return Some((setting, fixed));
    }
    let setting = find(name.strip_prefix("no-")?)?;
    matches!(setting.kind, Switch | Sandbox).then_some((setting, Some("false")))
}

/// All settings as flags, for suggestions.
pub fn flags() -> impl Iterator<Item = String> {
    SETTINGS.iter().flat_map(|(kind, names)| {
        let prefix = match kind {
            Switch | Sandbox => Some("no-"),
            List => Some("extra-"),
            Number | Count | Jobs | Text => None,
        };
        let named = |prefix: &'static str| names.iter().map(move |name| format!("--{prefix}{name}"));
        named("").chain(prefix.into_iter().flat_map(named))
    })
}

/// Whether Nix knows an experimental feature of that name.
pub fn is_feature(name: &str) -> bool {
    FEATURES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_mean_settings() {
        let named = |text: &str| flag(text).map(|(s, fixed)| (s.name, fixed, s.extra));
        assert_eq!(named("--show-trace"), Some(("show-trace", Some("true"), false)));
        assert_eq!(named("--no-substitute"), Some(("substitute", Some("false"), false)));
        assert_eq!(named("--build-cores"), Some(("cores", None, false)));
        assert_eq!(named("--extra-nix-path"), Some(("nix-path", None, true)));
        assert_eq!(named("--extra-cores"), None);
        assert_eq!(named("--no-cores"), None);
    }
}
