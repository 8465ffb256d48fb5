//! Dependencies between options as a tree of text, as JSON, and as a graph for Graphviz.

use serde_json::{Value as Json, json};

use super::option_text::value_line;
use super::paths::Roots;
use super::plain::to_json;
use crate::options::{Dependencies, DependencyNode, Importer, Plain};

/// The version of the format that `docs/why-json.md` describes.
const VERSION: u32 = 1;

/// Which way dependencies are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To what an option was computed from.
    Why,
    /// To what was computed from it.
    Affects,
}

/// The options as a tree, each with its value and the place that sets it. An option's further options are shown once.
pub fn dependencies_text(found: &Dependencies, way: Way, roots: &Roots) -> String {
    let mut tree = Tree { found, roots, shown: vec![false; found.options.len()], out: String::new() };
    if let Some(first) = found.options.first() {
        tree.out.push_str(&line(first, roots));
        tree.out.push('\n');
        tree.below(0, "");
        if first.next.as_ref().is_some_and(Vec::is_empty) {
            tree.out.push_str(match way {
                Way::Why => "  was computed from no other option\n",
                Way::Affects => "  no other option was computed from it\n",
            });
        }
    }
    if let Some(beyond @ 1..) = found.beyond {
        let (noun, verb) = if beyond == 1 { ("option", "depends") } else { ("options", "depend") };
        tree.out.push_str(&format!("{beyond} more {noun} {verb} on it further on; --depth shows them\n"));
    }
    tree.out
}

struct Tree<'a> {
    found: &'a Dependencies,
    roots: &'a Roots,
    shown: Vec<bool>,
    out: String,
}

impl Tree<'_> {
    fn below(&mut self, number: usize, indent: &str) {
        self.shown[number] = true;
        let next = self.found.options[number].next.as_deref().unwrap_or_default();
        for (i, further) in next.iter().enumerate() {
            let last = i + 1 == next.len();
            let node = &self.found.options[*further];
            let again = self.shown[*further] && node.next.as_ref().is_some_and(|next| !next.is_empty());
            let (branch, trunk) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let mark = if again { "  (see above)" } else { "" };
            self.out.push_str(&format!("{indent}{branch}{}{mark}\n", line(node, self.roots)));
            if !self.shown[*further] {
                self.below(*further, &format!("{indent}{trunk}"));
            }
        }
    }
}

/// An option with its value and place.
fn line(node: &DependencyNode, roots: &Roots) -> String {
    let at = match &node.set_at {
        Some(place) => format!("  # {}", roots.link(&place.to_string())),
        None => String::new(),
    };
    format!("{} = {}{at}", node.name, value_line(&node.value, roots, |at| roots.link(at)))
}

/// The options as JSON: a list of options, each with the names of those one step further.
pub fn dependencies_json(found: &Dependencies, way: Way) -> Json {
    let further = match way {
        Way::Why => "reads",
        Way::Affects => "readBy",
    };
    let option = |node: &DependencyNode| {
        let next = node.next.as_ref();
        let names =
            next.map(|next| next.iter().map(|number| &found.options[*number].name).collect::<Vec<_>>());
        let mut object = json!({ "name": node.name, "loc": node.loc, further: names });
        match &node.value {
            Plain::Failed(failure) => {
                object["error"] = json!({ "message": failure.message, "at": failure.at });
            }
            value => object["value"] = to_json(value),
        }
        object["setAt"] = match &node.set_at {
            Some(place) => {
                let (line, column) = place.at.unzip();
                json!({ "file": place.file, "line": line, "column": column })
            }
            None => Json::Null,
        };
        object
    };
    json!({
        "version": VERSION,
        "name": found.options.first().map(|node| &node.name),
        "options": found.options.iter().map(option).collect::<Vec<_>>(),
        "beyond": found.beyond,
    })
}

/// The options as a graph in the language of Graphviz. Edges lead from an option to those that were computed from it.
pub fn dependencies_dot(found: &Dependencies, way: Way, roots: &Roots) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    let mut out = "digraph options {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
    for node in &found.options {
        let label = format!("{} = {}", node.name, value_line(&node.value, roots, |at| roots.show(at)));
        out.push_str(&format!("  {} [tooltip={}];\n", quoted(&node.name), quoted(&label)));
    }
    for node in &found.options {
        for further in node.next.iter().flatten() {
            let (this, other) = (quoted(&node.name), quoted(&found.options[*further].name));
            let (from, to) = match way {
                Way::Why => (other, this),
                Way::Affects => (this, other),
            };
            out.push_str(&format!("  {from} -> {to};\n"));
        }
    }
    out.push_str("}\n");
    out
}

/// Chains of imports: a module a line, each imported by the one above it.
pub fn imports_text(chains: &[Vec<Importer>], roots: &Roots) -> String {
    let mut out = String::new();
    for chain in chains {
        if let [only] = &chain[..] {
            out.push_str(&format!("{}\n  no other module imports it\n", roots.link(shown_module(only))));
            continue;
        }
        for (depth, module) in chain.iter().enumerate() {
            let mark = if depth == 0 { "" } else { "└─ " };
            let indent = "   ".repeat(depth.saturating_sub(1));
            out.push_str(&format!("{indent}{mark}{}\n", roots.link(shown_module(module))));
        }
    }
    out
}

/// The same as JSON.
pub fn imports_json(chains: &[Vec<Importer>]) -> Json {
    let module = |module: &Importer| json!({ "key": module.key, "file": module.file });
    let chain = |chain: &Vec<Importer>| chain.iter().map(module).collect::<Json>();
    json!({ "version": VERSION, "imports": chains.iter().map(chain).collect::<Json>() })
}

/// The name of a module: its key, if that is the path of a file or a part of one.
fn shown_module(module: &Importer) -> &str {
    if module.key.starts_with('/') || module.file.is_empty() { &module.key } else { &module.file }
}
