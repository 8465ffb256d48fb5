//! Differences as one page that needs nothing else: a section for each cause, with search and filters.

use std::collections::BTreeSet;

use super::words::{changed_lines, fraction, how, subject, summary, what};
use crate::options::compare::{Cause, Change, ChangeKind, Comparison, Group};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Causes that are open at first, if there are no more of them.
const OPEN: usize = 5;

/// The differences as a page.
pub fn diff_html(comparison: &Comparison) -> String {
    let groups = comparison.groups();
    let summary = escaped(&summary(comparison));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>nival diff: {summary}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1>nival diff</h1>\n<p class=\"summary\">{summary}</p>\n"
    );
    out.push_str(&form(comparison));
    for group in &groups {
        out.push_str(&section(comparison, group, groups.len() <= OPEN));
    }
    let hashes: Vec<usize> = (0..comparison.changes.len())
        .filter(|number| comparison.changes[*number].difference.kind == ChangeKind::Hash)
        .collect();
    if !hashes.is_empty() {
        out.push_str(&format!(
            "<details data-text=\"hashes of store paths\"><summary>hashes of store paths <span class=\"what\">that follow</span>\
             </summary>\n{}</details>\n",
            list(comparison, &hashes)
        ));
    }
    out.push_str("<p id=\"none\" hidden>Nothing fits these filters.</p>\n");
    out.push_str(&format!("<script>\n{SCRIPT}</script>\n</body>\n</html>\n"));
    out
}

/// The search and the filters.
fn form(comparison: &Comparison) -> String {
    let mut out =
        "<form role=\"search\">\n<input type=\"search\" name=\"query\" placeholder=\"Option, value, file\" \
                   aria-label=\"Search\">\n"
            .to_owned();
    if comparison.fixtures.len() > 1 {
        let options = comparison
            .fixtures
            .iter()
            .enumerate()
            .map(|(number, name)| format!("<option value=\"{number}\">{}</option>\n", escaped(name)));
        out.push_str(&format!(
            "<select name=\"fixture\" aria-label=\"Fixture\">\n<option value=\"\">all fixtures</option>\n{}</select>\n",
            options.collect::<String>()
        ));
    }
    out.push_str("<button type=\"button\" id=\"open\">Open or close all</button>\n<span><span id=\"shown\"></span> shown</span>\n<fieldset>\n");
    let kinds: BTreeSet<ChangeKind> =
        comparison.changes.iter().map(|change| change.difference.kind).collect();
    for kind in kinds {
        let checked =
            if matches!(kind, ChangeKind::Hash | ChangeKind::Definitions) { "" } else { " checked" };
        let (word, number) =
            (kind.word(), comparison.changes.iter().filter(|change| change.difference.kind == kind).count());
        out.push_str(&format!(
            "<label><input type=\"checkbox\" name=\"kind\" value=\"{word}\"{checked}> {word} ({number})</label>\n"
        ));
    }
    out.push_str("</fieldset>\n</form>\n");
    out
}

fn section(comparison: &Comparison, group: &Group, open: bool) -> String {
    let open = if open { " open" } else { "" };
    let share = fraction(comparison, group.fixtures.len());
    let share =
        share.map(|share| format!("<span class=\"share\">{share} fixtures</span>")).unwrap_or_default();
    let heading = match group.causes.first() {
        None => "no visible cause".to_owned(),
        Some(cause) => title(cause),
    };
    let words: Vec<String> = group.causes.iter().map(|cause| cause.place.to_string()).collect();
    let mut out = format!(
        "<details{open} data-text=\"{}\"><summary>{heading}{share}</summary>\n",
        escaped(&words.join(" ").to_lowercase())
    );
    for (i, cause) in group.causes.iter().enumerate() {
        if i > 0 {
            out.push_str(&format!("<p>and {}</p>\n", title(cause)));
        }
        out.push_str(&texts(cause));
    }
    out.push_str(&list(comparison, &group.direct));
    if !group.following.is_empty() {
        if !group.direct.is_empty() {
            out.push_str("<h2>From that follow</h2>\n");
        }
        out.push_str(&list(comparison, &group.following));
    }
    out.push_str("</details>\n");
    out
}

fn title(cause: &Cause) -> String {
    format!("<code>{}</code> <span class=\"what\">{}</span>", escaped(&cause.place.to_string()), what(cause))
}

fn list(comparison: &Comparison, numbers: &[usize]) -> String {
    let rows = numbers.iter().map(|number| row(comparison, &comparison.changes[*number]));
    format!("<ul>\n{}</ul>\n", rows.collect::<String>())
}

fn row(comparison: &Comparison, change: &Change) -> String {
    let kind = change.difference.kind;
    let fixtures: Vec<String> = change.fixtures.iter().map(usize::to_string).collect();
    let how = how(change);
    let bad = if matches!(kind, ChangeKind::Error | ChangeKind::Assertion | ChangeKind::Warning) {
        " class=\"bad\""
    } else {
        ""
    };
    let share = fraction(comparison, change.fixtures.len());
    let share = share.map(|share| format!("<span class=\"share\">{share}</span>")).unwrap_or_default();
    format!(
        "<li{bad} data-kind=\"{}\" data-fixtures=\"{}\" data-text=\"{}\"><span class=\"kind\">{}</span>\
         <span class=\"how\"><code>{}</code> {}</span>{share}</li>\n",
        kind.word(),
        fixtures.join(" "),
        escaped(&format!("{} {how}", subject(change)).to_lowercase()),
        kind.word(),
        escaped(subject(change)),
        escaped(&how),
    )
}

/// The text of a cause before and after.
fn texts(cause: &Cause) -> String {
    let line = |sign: char, line: &String| {
        let tag = if sign == '-' { "del" } else { "ins" };
        format!("<{tag}>{sign} {}</{tag}>", escaped(line))
    };
    let lines = changed_lines(cause)
        .into_iter()
        .flat_map(|(sign, lines)| lines.iter().map(|text| line(sign, text)).collect::<Vec<_>>());
    format!("<pre>{}</pre>\n", lines.collect::<String>())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
