//! The result of a check as JUnit's XML, which CI systems read.

use std::collections::BTreeSet;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::case::{Case, State};
use super::report::CheckReport;
use super::snapshot::Change;
use crate::options::compare::Cause;
use crate::report::what_changed;

/// The result of a check as XML.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn check_junit(report: &CheckReport) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let is = |wanted: fn(&State) -> bool| {
        report.cases.iter().filter(|case| wanted(&case.state)).count().to_string()
    };
    let (tests, failures) = (report.cases.len().to_string(), is(State::is_bad));
    let skipped = is(|state| matches!(state, State::Skipped(_)));
    let spent: f64 = report.cases.iter().map(|case| case.spent.as_secs_f64()).sum();
    let spent = format!("{spent:.3}");
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let totals = [("tests", &tests[..]), ("failures", &failures), ("errors", "0"), ("time", &spent)];
    writer.create_element("testsuites").with_attributes(totals).write_inner_content(|writer| {
        let suite = writer.create_element("testsuite").with_attribute(("name", report.suite.as_str()));
        let suite = suite.with_attributes(totals).with_attribute(("skipped", skipped.as_str()));
        suite.write_inner_content(|writer| {
            report.cases.iter().try_for_each(|case| write_case(writer, report, case))
        })?;
        Ok(())
    })?;
    let mut text = writer.into_inner();
    text.push(b'\n');
    Ok(text)
}

fn write_case(writer: &mut Writer<Vec<u8>>, report: &CheckReport, case: &Case) -> io::Result<()> {
    let spent = format!("{:.3}", case.spent.as_secs_f64());
    let (class, name) = case.name.rsplit_once('/').unwrap_or(("", &case.name));
    let attributes = [("name", name), ("classname", class), ("time", &spent)];
    let element = writer.create_element("testcase").with_attributes(attributes);
    match &case.state {
        State::Same | State::Passed | State::Written => element.write_empty()?,
        State::Skipped(why) => element.write_inner_content(|writer| {
            writer
                .create_element("skipped")
                .with_attribute(("message", visible(why).as_str()))
                .write_empty()?;
            Ok(())
        })?,
        State::New | State::Changed | State::Failed => element.write_inner_content(|writer| {
            let changes = case.changes.iter().map(|it| change(it, &report.causes_of(&case.name, it)));
            let lines: Vec<String> = case.problems.iter().cloned().chain(changes).collect();
            let message = match &case.state {
                State::New => "it has no snapshot".to_owned(),
                State::Changed => format!("{} differences from the snapshot", case.changes.len()),
                _ => {
                    case.problems.first().and_then(|text| text.lines().next()).unwrap_or_default().to_owned()
                }
            };
            let failure =
                writer.create_element("failure").with_attribute(("message", visible(&message).as_str()));
            failure
                .with_attribute(("type", case.state.word()))
                .write_text_content(BytesText::new(&visible(&lines.join("\n"))))?;
            Ok(())
        })?,
    };
    Ok(())
}

fn change(change: &Change, causes: &BTreeSet<&Cause>) -> String {
    let line = |mark: &str, value: &Option<String>| value.as_ref().map(|value| format!("  {mark} {value}\n"));
    let causes = causes.iter().map(|cause| format!("  {}: {}\n", cause.place, what_changed(cause)));
    let values = [line("-", &change.old), line("+", &change.new)].into_iter().flatten();
    let lines: String = values.chain(causes).collect();
    format!("{}\n{}", change.name, lines.trim_end())
}

/// A text without the characters that XML has no way to write.
fn visible(text: &str) -> String {
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if is_allowed(c) { c } else { '\u{fffd}' }).collect()
}
