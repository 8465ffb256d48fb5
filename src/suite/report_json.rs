//! The result of a check as JSON. `docs/check.md` describes the format.

use serde_json::{Value as Json, json};

use super::case::{Case, State};
use super::report::CheckReport;
use crate::report::cause_json;

/// The version of the format. It grows when a key changes its meaning or goes away.
const VERSION: u32 = 1;

/// The result of a check as an object.
pub fn check_json(report: &CheckReport) -> Json {
    let summary: serde_json::Map<String, Json> =
        report.counts().into_iter().map(|(count, word)| (word.to_owned(), json!(count))).collect();
    json!({
        "version": VERSION,
        "suite": report.suite,
        "ok": !report.is_bad(),
        "summary": summary,
        "fixtures": report.cases.iter().map(|case| case_json(report, case)).collect::<Vec<_>>(),
        "unreferenced": report.unreferenced,
    })
}

fn case_json(report: &CheckReport, case: &Case) -> Json {
    let changes = case.changes.iter().map(|change| {
        let causes = report.causes_of(&case.name, change).into_iter().map(cause_json);
        json!({
            "name": change.name,
            "kind": change.kind(),
            "old": change.old,
            "new": change.new,
            "places": case.places.get(&change.name).cloned().unwrap_or_default(),
            "causes": causes.collect::<Vec<_>>(),
        })
    });
    json!({
        "name": case.name,
        "state": case.state.word(),
        "because": match &case.state {
            State::Skipped(why) => json!(why),
            _ => Json::Null,
        },
        "seconds": case.spent.as_secs_f64(),
        "problems": case.problems,
        "messages": case.messages,
        "changes": changes.collect::<Vec<_>>(),
    })
}
