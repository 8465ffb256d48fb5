//! Findings as annotations of GitHub's workflow commands.

use super::paths::Roots;
use super::workflow::{data, property};
use crate::options::lint::{Finding, Level};

/// GitHub shows at most so many annotations of a step.
const MOST: usize = 10;

/// Findings as workflow commands, the worst first; of more than GitHub shows, the number.
pub fn lint_github(findings: &[Finding], roots: &Roots) -> String {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let mut out: String = sorted.iter().take(MOST).map(|finding| annotation(finding, roots)).collect();
    if sorted.len() > MOST {
        out.push_str(&format!("{} more findings are not shown as annotations\n", sorted.len() - MOST));
    }
    out
}

fn annotation(finding: &Finding, roots: &Roots) -> String {
    let command = if finding.level == Level::Fatal { "error" } else { "warning" };
    let file = roots.relative(&finding.place.file).unwrap_or(&finding.place.file);
    let mut properties = vec![format!("file={}", property(file))];
    if let Some((line, column)) = finding.place.at {
        properties.extend([format!("line={line}"), format!("col={column}")]);
    }
    if let Some((line, _)) = finding.end {
        properties.push(format!("endLine={line}"));
    }
    properties.push(format!("title={}", property(&format!("{} {}", finding.rule.name, finding.option))));
    let related = finding
        .related
        .iter()
        .map(|related| format!("\n{} at {}", related.message, roots.show(&related.place.to_string())));
    let message = format!("{}: {}{}", finding.option, finding.message, related.collect::<String>());
    format!("::{command} {}::{}\n", properties.join(","), data(&message))
}
