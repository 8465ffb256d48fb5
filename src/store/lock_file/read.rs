//! Reads `flake.lock`.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::graph::{Edge, Lock, LockFile, ROOT};
use crate::store::error::{Error, ErrorKind};
use crate::store::features::Features;
use crate::store::inputs::url::Warn;
use crate::store::inputs::{Attr, Attrs, FlakeRef};

/// Why a text is not a lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockError {
    /// The message.
    pub message: String,
    /// The node that it is about, and the line where that begins, from 1.
    pub node: Option<(String, usize)>,
}

/// What is read, and how.
struct Reader<'a> {
    text: &'a str,
    nodes: &'a serde_json::Map<String, Json>,
    known: HashMap<String, usize>,
    lock: LockFile,
    features: Features,
    warn: Warn<'a>,
}

fn plain(message: impl Into<String>) -> LockError {
    LockError { message: message.into(), node: None }
}

impl LockFile {
    /// Reads the text of a lock file, which must be JSON; `path` is how messages name it.
    ///
    /// # Errors
    /// When it is not a lock file of a known version, or refers to what it does not have.
    pub fn read(text: &[u8], path: &str, features: Features, warn: Warn<'_>) -> Result<LockFile, LockError> {
        let text = String::from_utf8_lossy(text);
        let json: Json = serde_json::from_str(&text)
            .map_err(|e| LockError { message: format!("Could not parse '{path}': {e}"), node: None })?;
        let version = match &json {
            Json::Object(all) => all.get("version").map_or(Some(0), Json::as_i64),
            _ => return Err(plain(format!("Could not parse '{path}': it is not a JSON object"))),
        };
        match version {
            Some(5..=7) => {}
            Some(version) => {
                return Err(plain(format!("lock file '{path}' has unsupported version {version}")));
            }
            None => return Err(plain(format!("lock file '{path}' has a version that is not a number"))),
        }
        let Some(root) = json.get("root").and_then(Json::as_str) else {
            return Err(plain(format!("lock file '{path}' lacks the name of its root node")));
        };
        let Some(nodes) = json.get("nodes").and_then(Json::as_object) else {
            return Err(plain(format!("lock file '{path}' lacks its nodes")));
        };
        let known = HashMap::from([(root.to_owned(), ROOT)]);
        let mut reader = Reader { text: &text, nodes, known, lock: LockFile::default(), features, warn };
        if let Some(node) = nodes.get(root) {
            reader.inputs(root, node, ROOT)?;
        }
        Ok(reader.lock)
    }
}

impl Reader<'_> {
    /// An error about a node.
    fn wrong(&self, key: &str, message: impl Into<String>) -> LockError {
        LockError { message: message.into(), node: Some((key.to_owned(), self.line(key))) }
    }

    fn store_error(&self, key: &str, e: &Error) -> LockError {
        self.wrong(key, String::from_utf8_lossy(e.message()))
    }

    /// The line where a node begins: that of its name, followed by a brace.
    fn line(&self, key: &str) -> usize {
        let quoted = Json::from(key).to_string();
        let begins = |(at, _): &(usize, &str)| {
            let rest = self.text[at + quoted.len()..].trim_start();
            rest.strip_prefix(':').is_some_and(|value| value.trim_start().starts_with('{'))
        };
        let at = self.text.match_indices(&quoted).find(begins).map_or(0, |(at, _)| at);
        self.text[..at].matches('\n').count() + 1
    }

    /// Reads the inputs of a node, and theirs.
    fn inputs(&mut self, key: &str, json: &Json, node: usize) -> Result<(), LockError> {
        // Nodes still to be read, so that long chains need no stack.
        let mut open = vec![(key.to_owned(), json, node)];
        while let Some((key, json, node)) = open.pop() {
            let Some(inputs) = json.get("inputs") else { continue };
            let Some(inputs) = inputs.as_object() else {
                return Err(self.wrong(&key, format!("the inputs of node '{key}' are not a JSON object")));
            };
            for (name, value) in inputs {
                let edge = match value {
                    Json::Array(path) => {
                        let path: Option<Vec<String>> =
                            path.iter().map(|part| part.as_str().map(str::to_owned)).collect();
                        let complaint = || format!("the input '{name}' of node '{key}' follows no path");
                        Edge::Follows(path.ok_or_else(|| self.wrong(&key, complaint()))?)
                    }
                    Json::String(child) => {
                        let known = self.known.get(child.as_str()).copied();
                        let number = match known {
                            Some(ROOT) => {
                                return Err(self.wrong(&key, "lock file contains cycle to root node"));
                            }
                            Some(number) => number,
                            None => {
                                let Some(json) = self.nodes.get(child) else {
                                    let message = format!("lock file references missing node '{child}'");
                                    return Err(self.wrong(&key, message));
                                };
                                let lock = self.lock_of(child, json)?;
                                let number = self.lock.add(lock);
                                self.known.insert(child.clone(), number);
                                open.push((child.clone(), json, number));
                                number
                            }
                        };
                        Edge::Node(number)
                    }
                    _ => {
                        let message =
                            format!("the input '{name}' of node '{key}' is neither a name nor a path");
                        return Err(self.wrong(&key, message));
                    }
                };
                self.lock.nodes[node].inputs.insert(name.clone(), edge);
            }
        }
        Ok(())
    }

    fn lock_of(&self, key: &str, json: &Json) -> Result<Lock, LockError> {
        // Version 5 has a part of the attributes in `info`.
        let locked = self.reference(key, json, "locked", Some("info"))?;
        let original = self.reference(key, json, "original", None)?;
        let is_flake = match json.get("flake") {
            None => true,
            Some(Json::Bool(is_flake)) => *is_flake,
            Some(_) => return Err(self.wrong(key, format!("'flake' of node '{key}' is not a Boolean"))),
        };
        let parent = match json.get("parent") {
            None => None,
            Some(parent) => {
                let parts = parent.as_array().and_then(|parts| {
                    parts.iter().map(|part| part.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
                });
                let complaint = || format!("'parent' of node '{key}' is not a path of inputs");
                Some(parts.ok_or_else(|| self.wrong(key, complaint()))?)
            }
        };
        let is_locked = locked.input.is_locked().map_err(|e| self.store_error(key, &e))?;
        if !is_locked && locked.input.relative().is_none() {
            let hash = locked.input.attrs.nar_hash().map_err(|e| self.store_error(key, &e))?;
            if hash.is_none() {
                let attrs = locked.input.attrs.to_json();
                let message = format!(
                    "Lock file contains unlocked input '{attrs}'. Use '--allow-dirty-locks' to accept this lock file."
                );
                return Err(self.wrong(key, message));
            }
            let text = locked.to_text(self.warn).map_err(|e| self.store_error(key, &e))?;
            (self.warn)(&format!(
                "Lock file entry '{}' is unlocked (e.g. lacks a Git revision) but is checked by NAR hash. This is not \
                 reproducible and will break after garbage collection or when shared.",
                String::from_utf8_lossy(&text)
            ));
        }
        Ok(Lock { locked, original, is_flake, parent })
    }

    fn reference(
        &self,
        key: &str,
        json: &Json,
        name: &str,
        more: Option<&str>,
    ) -> Result<FlakeRef, LockError> {
        let mut attrs = Attrs::default();
        let Some(found) = json.get(name) else {
            return Err(self.wrong(key, format!("attribute '{name}' missing in lock file")));
        };
        for object in [Some(found), more.and_then(|more| json.get(more))].into_iter().flatten() {
            let Some(object) = object.as_object() else {
                return Err(self.wrong(key, format!("'{name}' of node '{key}' is not a JSON object")));
            };
            for (name, value) in object {
                let unsupported =
                    || self.wrong(key, format!("unsupported input attribute type in lock file: '{name}'"));
                let value = Attr::from_value(value).ok_or_else(unsupported)?;
                attrs.0.insert(name.clone().into_bytes(), value);
            }
        }
        FlakeRef::from_attrs(attrs, self.features, self.warn).map_err(|e| self.store_error(key, &e))
    }
}

impl From<LockError> for Error {
    fn from(e: LockError) -> Error {
        Error::new(ErrorKind::Input, "{}", &[e.message.as_bytes()])
    }
}
