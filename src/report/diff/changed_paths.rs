//! Differences in the form of nixpkgs' CI: `ci/eval/compare` there writes such an object about packages, and a summary of the
//! step. `docs/changed-paths.md` describes it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::options::compare::{Change, ChangeKind, Comparison};
use crate::store::inputs::url::encode;

/// The kernels that nixpkgs tells apart.
const KERNELS: [&str; 2] = ["darwin", "linux"];
/// The option whose value is the system.
const SYSTEM: [&str; 3] = ["system", "build", "toplevel"];
/// The names that are listed of a kind of change.
const LISTED: usize = 2000;
/// GitHub accepts 1 MiB in the summary of a step.
const MOST: usize = 1_000_000;

/// The options that are new, other ones, or gone. Names are sorted, and each is there once.
#[derive(Default)]
struct Changed {
    added: BTreeSet<String>,
    changed: BTreeSet<String>,
    removed: BTreeSet<String>,
}

impl Changed {
    fn of<'a>(changes: impl Iterator<Item = &'a Change>) -> Changed {
        let mut all = Changed::default();
        for change in changes {
            let difference = &change.difference;
            let name = difference.name.clone();
            let names = match difference.kind {
                ChangeKind::Added => &mut all.added,
                ChangeKind::Removed => &mut all.removed,
                ChangeKind::Renamed => {
                    all.added.extend(difference.to.iter().flat_map(|to| to.split(", ")).map(str::to_owned));
                    &mut all.removed
                }
                ChangeKind::Value if difference.old.is_none() => &mut all.added,
                ChangeKind::Value if difference.new.is_none() => &mut all.removed,
                ChangeKind::Error | ChangeKind::Fixed | ChangeKind::Value | ChangeKind::Hash => {
                    &mut all.changed
                }
                // The value is the same.
                ChangeKind::Assertion
                | ChangeKind::Warning
                | ChangeKind::Type
                | ChangeKind::Default
                | ChangeKind::Definitions
                | ChangeKind::Description => continue,
            };
            names.insert(name);
        }
        all
    }

    fn json(&self) -> Json {
        json!({ "added": self.added, "changed": self.changed, "removed": self.removed })
    }
}

/// The differences as an object, all for one platform.
pub fn diff_changed_paths(comparison: &Comparison, platform: &str) -> Json {
    let all = Changed::of(comparison.changes.iter());
    let in_fixture = |number: usize| {
        let changes = comparison.changes.iter().filter(move |change| change.fixtures.contains(&number));
        (comparison.fixtures[number].clone(), Changed::of(changes).json())
    };
    let by_fixture: Map<String, Json> = (0..comparison.fixtures.len()).map(in_fixture).collect();
    let rebuilds = rebuilds(comparison);
    let errors = comparison.changes.iter().filter(|change| change.difference.kind == ChangeKind::Error);
    let errors: BTreeSet<&String> = errors.map(|change| &change.difference.name).collect();
    let is_kernel = |kernel: &str| platform.ends_with(kernel);
    let by_kernel: BTreeMap<&str, Json> = KERNELS
        .iter()
        .map(|kernel| (*kernel, if is_kernel(kernel) { all.json() } else { Changed::default().json() }))
        .collect();
    let rebuilt: BTreeMap<&str, &[&String]> =
        KERNELS.iter().map(|kernel| (*kernel, if is_kernel(kernel) { &rebuilds[..] } else { &[] })).collect();
    let counts: BTreeMap<&str, usize> =
        rebuilt.iter().map(|(kernel, names)| (*kernel, names.len())).collect();
    json!({
        "attrdiff": all.json(),
        "attrdiffByFixture": by_fixture,
        "attrdiffByKernel": by_kernel,
        "attrdiffByPlatform": { platform: all.json() },
        "errors": errors,
        "labels": labels(rebuilds.len()),
        "rebuildCountByKernel": counts,
        "rebuildsByKernel": rebuilt,
        "rebuildsByPlatform": { platform: rebuilds },
    })
}

/// The fixtures whose system is another derivation, or fails now.
fn rebuilds(comparison: &Comparison) -> Vec<&String> {
    let is_system = |change: &&Change| {
        let loc = &change.difference.loc;
        loc.is_empty() || loc.iter().eq(&SYSTEM)
    };
    let numbers: BTreeSet<usize> =
        comparison.changes.iter().filter(is_system).flat_map(|change| change.fixtures.clone()).collect();
    let mut names: Vec<&String> = numbers.into_iter().map(|number| &comparison.fixtures[number]).collect();
    names.sort_unstable();
    names
}

/// nixpkgs' labels for the number of rebuilds.
fn labels(rebuilds: usize) -> BTreeMap<String, bool> {
    const RANGES: [(&str, usize, usize); 10] = [
        ("0", 0, 0),
        ("1", 1, 1),
        ("1-10", 1, 10),
        ("11-100", 11, 100),
        ("101-500", 101, 500),
        ("501-1000", 501, 1000),
        ("501+", 501, usize::MAX),
        ("1001-2500", 1001, 2500),
        ("2501-5000", 2501, 5000),
        ("5001+", 5001, usize::MAX),
    ];
    let label = |(words, from, to): &(&str, usize, usize)| {
        (format!("10.rebuild-fixtures: {words}"), (*from..=*to).contains(&rebuilds))
    };
    RANGES.iter().map(label).collect()
}

/// The differences as the summary of a step: the names of options, folded, with links to their documentation.
pub fn diff_step_summary(comparison: &Comparison) -> String {
    let all = Changed::of(comparison.changes.iter());
    let sections =
        [("Added options", &all.added), ("Removed options", &all.removed), ("Changed options", &all.changed)];
    let whole = |section: fn(&str, &BTreeSet<String>) -> String| {
        let parts: Vec<String> = sections.iter().map(|(title, names)| section(title, names)).collect();
        format!("# Options\n\n{}\n", parts.join("\n\n"))
    };
    let text = whole(|title, names| {
        format!("<details> <summary>{}</summary>\n\n{}</details>", counted(title, names), list(names))
    });
    if text.len() > MOST { whole(counted) } else { text }
}

fn counted(title: &str, names: &BTreeSet<String>) -> String {
    format!("{title} ({})", names.len())
}

fn list(names: &BTreeSet<String>) -> String {
    let mut lines: Vec<String> = names.iter().take(LISTED).map(|name| item(name)).collect();
    if names.len() > LISTED {
        lines.push("...".to_owned());
    }
    lines.join("\n")
}

fn item(name: &str) -> String {
    let mut query = Vec::new();
    encode(name.as_bytes(), b"", &mut query);
    let query = String::from_utf8_lossy(&query);
    let address = "https://search.nixos.org/options?channel=unstable";
    format!("- [{}]({address}&show={query}&query={query})", super::markdown::code(name))
}
