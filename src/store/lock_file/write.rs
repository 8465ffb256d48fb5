//! A lock file as JSON, and what differs between two.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value as Json, json};

use super::graph::{Edge, LockFile, ROOT, show_path};
use crate::store::inputs::FlakeRef;

impl LockFile {
    /// The JSON of the file, in version 7, and the names of the nodes in it.
    pub fn to_json(&self) -> (Json, HashMap<usize, String>) {
        let mut names = Names { taken: HashSet::new(), of: HashMap::new() };
        let mut nodes = serde_json::Map::new();
        // Names are given on the way down, in the order of the inputs.
        self.name(ROOT, "root", &mut names);
        for (number, key) in &names.of {
            nodes.insert(key.clone(), self.node_json(*number, &names.of));
        }
        (json!({ "version": 7, "root": names.of[&ROOT], "nodes": nodes }), names.of)
    }

    fn name(&self, node: usize, wish: &str, names: &mut Names) {
        if names.of.contains_key(&node) {
            return;
        }
        names.give(node, wish);
        for (name, edge) in &self.nodes[node].inputs {
            if let Edge::Node(child) = edge {
                self.name(*child, name, names);
            }
        }
    }

    fn node_json(&self, number: usize, names: &HashMap<usize, String>) -> Json {
        let node = &self.nodes[number];
        let mut json = json!({});
        if !node.inputs.is_empty() {
            let edge = |edge: &Edge| match edge {
                Edge::Node(child) => json!(names.get(child)),
                Edge::Follows(path) => json!(path),
            };
            json["inputs"] = node.inputs.iter().map(|(name, it)| (name.clone(), edge(it))).collect();
        }
        if let Some(lock) = &node.lock {
            json["original"] = lock.original.to_attrs().to_value();
            json["locked"] = lock.locked.to_attrs().to_value();
            if !lock.is_flake {
                json["flake"] = json!(false);
            }
            if let Some(parent) = &lock.parent {
                json["parent"] = json!(parent);
            }
        }
        json
    }

    /// What a new lock file has that an old one has not, in Nix's words.
    pub fn differences(&self, new: &LockFile) -> String {
        let (old_inputs, new_inputs) = (self.all_inputs(), new.all_inputs());
        let paths: BTreeMap<_, ()> = old_inputs.keys().chain(new_inputs.keys()).map(|p| (p, ())).collect();
        let mut lines = Vec::new();
        for path in paths.keys() {
            let shown = show_path(path);
            match (old_inputs.get(*path), new_inputs.get(*path)) {
                (None, Some(added)) => {
                    lines.push(format!("• Added input '{shown}':\n    {}", new.describe(added)));
                }
                (Some(_), None) => lines.push(format!("• Removed input '{shown}'")),
                (Some(before), Some(after)) if !self.is_same(before, new, after) => {
                    let (before, after) = (self.describe(before), new.describe(after));
                    lines.push(format!("• Updated input '{shown}':\n    {before}\n  → {after}"));
                }
                _ => {}
            }
        }
        lines.join("\n")
    }

    fn is_same(&self, edge: &Edge, new: &LockFile, other: &Edge) -> bool {
        match (edge, other) {
            (Edge::Follows(a), Edge::Follows(b)) => a == b,
            (Edge::Node(a), Edge::Node(b)) => self.locked(*a) == new.locked(*b),
            _ => false,
        }
    }

    fn locked(&self, node: usize) -> Option<&FlakeRef> {
        self.nodes[node].lock.as_ref().map(|lock| &lock.locked)
    }

    fn describe(&self, edge: &Edge) -> String {
        match edge {
            Edge::Follows(path) => format!("follows '{}'", show_path(path)),
            Edge::Node(node) => self.locked(*node).map(describe).unwrap_or_default(),
        }
    }
}

fn describe(reference: &FlakeRef) -> String {
    let text = reference.to_text(&|_| ()).unwrap_or_default();
    let text = format!("'{}'", String::from_utf8_lossy(&text));
    match reference.input.attrs.number("lastModified") {
        Ok(Some(seconds)) => format!("{text} ({})", day(seconds)),
        _ => text,
    }
}

/// The day of a time in seconds since 1970.
fn day(seconds: u64) -> String {
    let date = crate::store::date::date(seconds);
    let (year, rest) = date.split_at(date.len() - 10);
    format!("{year}-{}-{}", &rest[..2], &rest[2..4])
}

/// The names of nodes.
struct Names {
    taken: HashSet<String>,
    of: HashMap<usize, String>,
}

impl Names {
    /// Names a node as wished, or with a number behind that.
    fn give(&mut self, node: usize, wish: &str) {
        let numbered = (2..).map(|n| format!("{wish}_{n}"));
        let free = std::iter::once(wish.to_owned()).chain(numbered).find(|name| !self.taken.contains(name));
        if let Some(name) = free {
            self.taken.insert(name.clone());
            self.of.insert(node, name);
        }
    }
}
