//! Findings as JSON, and as SARIF for tools. `docs/lint.md` describes the first.

use serde_json::{Map, Value as Json, json};

use super::lint_text::Before;
use super::paths::{Roots, encoded};
use crate::options::Place;
use crate::options::lint::{Finding, Level, RULES, Related};

/// The version of the format. It grows when a key changes its meaning or goes away.
const VERSION: u32 = 1;
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Findings as an object.
pub fn lint_json(findings: &[Finding], before: Option<&Before>) -> Json {
    let finding = |finding: &Finding| {
        let mut object = place_json(&finding.place);
        let (line, column) = finding.end.unzip();
        let related = finding.related.iter().map(|related| {
            let mut object = place_json(&related.place);
            object.insert("message".to_owned(), json!(related.message));
            Json::Object(object)
        });
        let entries = [
            ("rule", json!(finding.rule.name)),
            ("level", json!(word(finding.level))),
            ("option", json!(finding.option)),
            ("message", json!(finding.message)),
            ("endLine", json!(line)),
            ("endColumn", json!(column)),
            ("related", related.collect()),
        ];
        object.extend(entries.map(|(name, value)| (name.to_owned(), value)));
        Json::Object(object)
    };
    let mut all = json!({ "version": VERSION, "findings": findings.iter().map(finding).collect::<Json>() });
    if let Some(before) = before {
        all["before"] = before_json(before);
    }
    all
}

/// The revision that findings are new against, and how many were there.
fn before_json(Before { revision, count }: &Before) -> Json {
    json!({ "revision": revision, "findings": count })
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Ignore => "ignore",
        Level::Warn => "warn",
        Level::Fatal => "fatal",
    }
}

fn place_json(place: &Place) -> Map<String, Json> {
    let (line, column) = place.at.unzip();
    let entries = [("file", json!(place.file)), ("line", json!(line)), ("column", json!(column))];
    entries.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

/// Findings as a log in the format SARIF 2.1.0. `line` gives lines of files: its columns count characters.
pub fn lint_sarif(
    findings: &[Finding],
    before: Option<&Before>,
    roots: &Roots,
    line: &dyn Fn(&str, u32) -> Option<Vec<u8>>,
) -> Json {
    let sarif = Sarif { roots, line, is_compared: before.is_some() };
    let rule = |rule: &&'static crate::options::lint::Rule| {
        json!({
            "id": rule.name,
            "shortDescription": { "text": rule.summary },
            "defaultConfiguration": { "level": sarif_level(rule.level), "enabled": rule.level != Level::Ignore },
        })
    };
    let mut log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "nival",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().map(rule).collect::<Json>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(|finding| sarif.result(finding)).collect::<Json>(),
        }],
    });
    if let Some(before) = before {
        log["runs"][0]["properties"] = json!({ "before": before_json(before) });
    }
    log
}

fn sarif_level(level: Level) -> &'static str {
    match level {
        Level::Ignore => "none",
        Level::Warn => "warning",
        Level::Fatal => "error",
    }
}

struct Sarif<'a> {
    roots: &'a Roots,
    line: &'a dyn Fn(&str, u32) -> Option<Vec<u8>>,
    /// Whether the findings are those that are new against a revision.
    is_compared: bool,
}

impl Sarif<'_> {
    fn result(&self, finding: &Finding) -> Json {
        let index = RULES.iter().position(|rule| rule.name == finding.rule.name);
        let mut location = self.location(&finding.place, finding.end);
        location.insert(
            "logicalLocations".to_owned(),
            json!([{ "fullyQualifiedName": finding.option, "kind": "member" }]),
        );
        let related = |(id, related): (usize, &Related)| {
            let mut location = self.location(&related.place, None);
            location.insert("id".to_owned(), json!(id));
            location.insert("message".to_owned(), json!({ "text": related.message }));
            Json::Object(location)
        };
        let mut result = json!({
            "ruleId": finding.rule.name,
            "ruleIndex": index,
            "level": sarif_level(finding.level),
            "message": { "text": format!("{}: {}", finding.option, finding.message) },
            "locations": [location],
            "relatedLocations": finding.related.iter().enumerate().map(related).collect::<Json>(),
        });
        if self.is_compared {
            result["baselineState"] = json!("new");
        }
        result
    }

    fn location(&self, place: &Place, end: Option<(u32, u32)>) -> Map<String, Json> {
        let mut physical = Map::new();
        physical.insert("artifactLocation".to_owned(), self.artifact(&place.file));
        if let Some(start) = place.at {
            let column = |(line, column): (u32, u32)| self.column(&place.file, line, column);
            let mut region = Map::new();
            region.insert("startLine".to_owned(), json!(start.0));
            region.insert("startColumn".to_owned(), json!(column(start)));
            if let Some(end) = end {
                region.insert("endLine".to_owned(), json!(end.0));
                region.insert("endColumn".to_owned(), json!(column(end)));
            }
            physical.insert("region".to_owned(), Json::Object(region));
        }
        Map::from_iter([("physicalLocation".to_owned(), Json::Object(physical))])
    }

    /// A file relative to the current folder, else by its whole path.
    fn artifact(&self, file: &str) -> Json {
        match (self.roots.relative(file), file.starts_with('/')) {
            (Some(relative), _) => json!({ "uri": encoded(relative), "uriBaseId": "%SRCROOT%" }),
            (None, true) => json!({ "uri": format!("file://{}", encoded(file)) }),
            (None, false) => json!({ "uri": encoded(file) }),
        }
    }

    /// A column in characters from one in bytes.
    fn column(&self, file: &str, line: u32, column: u32) -> u32 {
        let text = (self.line)(file, line).unwrap_or_default();
        let before = column.saturating_sub(1);
        match text.get(..before as usize) {
            Some(text) => String::from_utf8_lossy(text).chars().count() as u32 + 1,
            None => column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let roots = Roots::new("/here", Vec::new());
        let line = |_: &str, _: u32| Some("é = ü".as_bytes().to_vec());
        let sarif = Sarif { roots: &roots, line: &line, is_compared: false };
        assert_eq!((sarif.column("f", 1, 1), sarif.column("f", 1, 3), sarif.column("f", 1, 6)), (1, 2, 5));
        assert_eq!(sarif.artifact("/here/a b/ü.nix")["uri"], "a%20b/%C3%BC.nix");
        assert_eq!(sarif.artifact("/else/x.nix")["uri"], "file:///else/x.nix");
    }
}
