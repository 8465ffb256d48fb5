//! Findings as text for people.

use super::paths::Roots;
use crate::options::lint::{Finding, Level};

/// Findings that were there before, and are not shown.
#[derive(Debug)]
pub struct Before {
    /// The revision, as it was named.
    pub revision: String,
    /// How many they are.
    pub count: usize,
}

impl Before {
    /// What there is to say about them, if there are any: a line.
    pub(super) fn line(&self) -> String {
        let Before { revision, count } = self;
        match count {
            0 => String::new(),
            1 => format!("1 finding is not new: it is at {revision}, too\n"),
            _ => format!("{count} findings are not new: they are at {revision}, too\n"),
        }
    }
}

/// Findings, one a line, with the places that belong to them below.
pub fn lint_text(findings: &[Finding], before: Option<&Before>, roots: &Roots, colour: bool) -> String {
    let mut out = String::new();
    for finding in findings {
        let (word, code) = match finding.level {
            Level::Fatal => ("error", 31),
            Level::Warn | Level::Ignore => ("warning", 35),
        };
        let word = if colour { format!("\x1b[{code};1m{word}:\x1b[0m") } else { format!("{word}:") };
        out.push_str(&format!(
            "{}: {word} {}: {} [{}]\n",
            roots.show(&finding.place.to_string()),
            finding.option,
            finding.message,
            finding.rule.name
        ));
        for related in &finding.related {
            out.push_str(&format!("  {}: {}\n", roots.show(&related.place.to_string()), related.message));
        }
    }
    out.push_str(&summary(findings, before.is_some()));
    out.push_str(&before.map(Before::line).unwrap_or_default());
    out
}

/// How many findings there are.
fn summary(findings: &[Finding], new: bool) -> String {
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let part = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    let parts = [part(count(Level::Fatal), "error"), part(count(Level::Warn), "warning")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match (parts.is_empty(), new) {
        (true, true) => "nothing new found\n".to_owned(),
        (true, false) => "nothing found\n".to_owned(),
        (false, _) => format!("{}\n", parts.join(", ")),
    }
}
