//! Applies the rules to all definitions of a configuration.

use super::inside::enter_submodules;
use super::judged::Judged;
use super::rule::{Finding, Level, Rule};
use super::rules::RULES;
use crate::eval::Res;
use crate::heap::Sym;
use crate::options::about::DefinitionInfo;
use crate::options::opened::{Definitions, Opened};
use crate::options::plain::Bounds;

/// Begins, in a comment about a definition, a list of rules that do not apply to it.
const IGNORE: &str = "nival: ignore ";

/// What is asked of [`lint`].
pub struct Asked<'a> {
    /// The level of a rule.
    pub level: &'a dyn Fn(&Rule) -> Level,
    /// Whether findings in a file are wanted.
    pub is_own: &'a dyn Fn(&str) -> bool,
    /// The option, or the level of options, that is judged.
    pub below: &'a [Sym],
}

/// What the rules find about the definitions of a configuration, by their places. Values are evaluated as far as the rules
/// need them; what they trace is not shown.
///
/// # Errors
/// An error in the modules that prevents finding their definitions.
pub fn lint(opened: &Opened<'_>, asked: &Asked<'_>) -> Res<Vec<Finding>> {
    opened.ev.silently(|| findings(opened, asked))
}

fn findings(opened: &Opened<'_>, asked: &Asked<'_>) -> Res<Vec<Finding>> {
    let mut found = Vec::new();
    let mut known: Vec<Vec<Sym>> = Vec::new();
    let related = |path: &[Sym]| path.iter().zip(asked.below).all(|(a, b)| a == b);
    let mut paths = opened.defined_in(&[], asked.is_own)?;
    while !paths.is_empty() {
        let mut inside = Vec::new();
        for path in paths {
            // Old options are judged with the new ones, too; each path once.
            if known.contains(&path) || !related(&path) {
                continue;
            }
            // What cannot be evaluated has no findings; showing the option tells the error.
            if let Ok(definitions) = opened.definitions(&path) {
                if path.len() >= asked.below.len() {
                    judge(opened, asked, &path, &definitions, &mut found);
                }
                enter_submodules(opened, &path, &definitions, asked.is_own);
            }
            inside.push(path);
        }
        paths = Vec::new();
        for path in inside {
            paths.extend(opened.defined_in(&path, asked.is_own).unwrap_or_default());
            known.push(path);
        }
    }
    found.sort_by(|a, b| (&a.place, a.rule.name, &a.option).cmp(&(&b.place, b.rule.name, &b.option)));
    found.dedup_by(|a, b| (&a.place, a.rule.name, &a.message) == (&b.place, b.rule.name, &b.message));
    Ok(found)
}

/// Applies the rules to an option.
fn judge(opened: &Opened<'_>, asked: &Asked<'_>, path: &[Sym], found: &Definitions, all: &mut Vec<Finding>) {
    let mut about = opened.about(path, found, Bounds::OUTLINE);
    opened.add_origins(&mut about, path, found, Bounds::OUTLINE);
    let judged = Judged { opened, about: &about, found, is_own: asked.is_own };
    for rule in RULES {
        let level = (asked.level)(rule);
        if level == Level::Ignore {
            continue;
        }
        let mut drafts = Vec::new();
        (rule.judge)(&judged, &mut drafts);
        for draft in drafts {
            let definition = &about.definitions[draft.definition];
            if !is_ignored(definition, rule) {
                let excerpt = definition.excerpt.as_ref();
                let whole = excerpt.filter(|excerpt| draft.place.at == Some(excerpt.start));
                all.push(Finding {
                    rule,
                    level,
                    option: about.name.clone(),
                    place: draft.place,
                    end: whole.map(|excerpt| excerpt.end),
                    message: draft.message,
                    related: draft.related,
                });
            }
        }
    }
}

/// Whether the comment about a definition says that a rule does not apply to it.
fn is_ignored(definition: &DefinitionInfo, rule: &Rule) -> bool {
    let comment = definition.excerpt.as_ref().and_then(|excerpt| excerpt.comment.as_deref());
    let mut lists = comment.iter().flat_map(|comment| comment.lines()).filter_map(|line| {
        let (_, list) = line.split_once(IGNORE)?;
        Some(list)
    });
    lists.any(|list| list.split([',', ' ']).any(|name| name == rule.name))
}
