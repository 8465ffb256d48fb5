//! Writes the file format of derivations once, and varies it by exchanging parts.

use memchr::{memchr2, memchr3_iter};

use super::{Derivation, InputOutputs, Output};
use crate::store::ca_hash::method_algo;
use crate::store::error::Error;
use crate::store::nixhash::sha256;
use crate::store::store_path::{StoreDir, StorePath};

/// A derivation file in parts.
///
/// Three texts of every derivation are hashed. With its output paths left out and its inputs replaced by
/// hashes, it gives the output paths; with only the inputs replaced, it gives the hash modulo; the file
/// itself gives the file's path. The texts differ in the list of outputs, the list of input derivations and
/// the values of the variables named after outputs. Everything else, nearly all of the file, is in `body` and
/// shared.
pub(super) struct Template {
    /// From the end of the input derivations on, with the variables named after outputs empty.
    body: Vec<u8>,
    /// Where in `body` the values of those variables go.
    holes: Vec<Hole>,
}

struct Hole {
    at: usize,
    variable: Vec<u8>,
}

impl Template {
    pub(super) fn new(drv: &Derivation, store: &StoreDir) -> Template {
        let texts = drv.environment.iter().map(|(name, value)| name.len() + value.len() + 8).sum::<usize>()
            + drv.arguments.iter().map(|argument| argument.len() + 3).sum::<usize>();
        let sources = drv.input_sources.len() * (store.as_str().len() + 64);
        let mut out = Vec::with_capacity(texts + texts / 8 + sources + drv.builder.len() + 64);
        let mut holes = Vec::with_capacity(drv.outputs.len());

        out.extend_from_slice(b"],");
        list(&mut out, &drv.input_sources, |out, path| {
            out.push(b'"');
            store.push(out, path);
            out.push(b'"');
        });
        out.push(b',');
        plain(&mut out, &drv.system);
        out.push(b',');
        string(&mut out, &drv.builder);
        out.push(b',');
        list(&mut out, &drv.arguments, |out, argument| string(out, argument));
        out.push(b',');
        list(&mut out, &drv.environment, |out, (name, value)| {
            out.push(b'(');
            string(out, name);
            out.extend_from_slice(b",\"");
            if std::str::from_utf8(name).is_ok_and(|name| drv.outputs.contains_key(name)) {
                holes.push(Hole { at: out.len(), variable: name.clone() });
            } else {
                escape(out, value);
            }
            out.extend_from_slice(b"\")");
        });
        out.push(b')');
        Template { body: out, holes }
    }

    /// The hash of the text without output paths, with `inputs` for the input derivations.
    pub(super) fn masked_hash(&self, drv: &Derivation, store: &StoreDir, inputs: &[u8]) -> [u8; 32] {
        sha256(&[head(drv), &outputs_text(drv, store, &[]), b"],[", inputs, &self.body])
    }

    /// Passes all pieces of the text to `then`, with `inputs` for the input derivations and the values
    /// that the environment has now for the variables named after outputs.
    pub(super) fn with_pieces<R>(
        &self,
        drv: &Derivation,
        outputs: &[u8],
        inputs: &[u8],
        then: impl FnOnce(&[&[u8]]) -> R,
    ) -> R {
        let values: Vec<Vec<u8>> = self.holes.iter().map(|hole| escaped_value(drv, &hole.variable)).collect();
        let mut pieces = Vec::with_capacity(5 + 2 * values.len());
        pieces.extend_from_slice(&[head(drv), outputs, b"],[", inputs]);
        let mut start = 0;
        for (hole, value) in self.holes.iter().zip(&values) {
            pieces.extend_from_slice(&[&self.body[start..hole.at], value.as_slice()]);
            start = hole.at;
        }
        pieces.push(&self.body[start..]);
        then(&pieces)
    }
}

fn escaped_value(drv: &Derivation, variable: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    escape(&mut out, drv.environment.get(variable).map(Vec::as_slice).unwrap_or_default());
    out
}

#[cfg(any(test, fuzzing))]
impl Derivation {
    /// The derivation file. `name` is the derivation's name, from which the path of a fixed output is made.
    pub fn to_aterm_bytes(&self, name: &str, store: &StoreDir) -> Result<Vec<u8>, Error> {
        let template = Template::new(self, store);
        let outputs = outputs_text(self, store, &known_paths(self, name, store)?);
        let inputs = inputs_text(self, store);
        Ok(template.with_pieces(self, &outputs, &inputs, |pieces| pieces.concat()))
    }
}

/// The paths of the outputs, in their order, as far as they are known.
pub(super) fn known_paths(
    drv: &Derivation,
    name: &str,
    store: &StoreDir,
) -> Result<Vec<Option<StorePath>>, Error> {
    drv.outputs.iter().map(|(output_name, output)| output.path(store, name, output_name)).collect()
}

/// The list of outputs without its brackets, with these paths; a missing path is left empty.
pub(super) fn outputs_text(drv: &Derivation, store: &StoreDir, paths: &[Option<StorePath>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(drv.outputs.len() * 128);
    for (i, (name, output)) in drv.outputs.iter().enumerate() {
        out.extend_from_slice(if i > 0 { b",(" } else { b"(" });
        plain(&mut out, name.as_bytes());
        out.extend_from_slice(b",\"");
        if let Some(Some(path)) = paths.get(i) {
            store.push(&mut out, path);
        }
        out.push(b'"');
        let (algo, hash) = match output {
            Output::InputAddressed(_) | Output::Deferred => (String::new(), String::new()),
            Output::Fixed(ca) => (ca.method_algo(), ca.digest_hex()),
            Output::Floating { mode, algo } => (method_algo(*mode, *algo), String::new()),
            Output::Impure { mode, algo } => (method_algo(*mode, *algo), "impure".to_string()),
        };
        for field in [algo, hash] {
            out.push(b',');
            plain(&mut out, field.as_bytes());
        }
        out.push(b')');
    }
    out
}

/// The list of input derivations without its brackets.
pub(super) fn inputs_text(drv: &Derivation, store: &StoreDir) -> Vec<u8> {
    let mut out = Vec::with_capacity(drv.input_derivations.len() * 80);
    for (i, (path, input)) in drv.input_derivations.iter().enumerate() {
        out.extend_from_slice(if i > 0 { b",(\"" } else { b"(\"" });
        store.push(&mut out, path);
        out.extend_from_slice(b"\",");
        input_outputs(&mut out, input);
        out.push(b')');
    }
    out
}

/// Recursion is as deep as the chain of `builtins.outputOf` that made the input.
fn input_outputs(out: &mut Vec<u8>, input: &InputOutputs) {
    let names = |out: &mut Vec<u8>| list(out, &input.outputs, |out, name| plain(out, name.as_bytes()));
    if input.dynamic.is_empty() {
        return names(out);
    }
    out.push(b'(');
    names(out);
    out.push(b',');
    list(out, &input.dynamic, |out, (name, deeper)| {
        out.push(b'(');
        plain(out, name.as_bytes());
        out.push(b',');
        input_outputs(out, deeper);
        out.push(b')');
    });
    out.push(b')');
}

/// The start of a file, up to the first output.
fn head(drv: &Derivation) -> &'static [u8] {
    if drv.has_dynamic_inputs() { b"DrvWithVersion(\"xp-dyn-drv\",[" } else { b"Derive([" }
}

/// Appends a bracketed list.
pub(super) fn list<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut item: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (i, value) in items.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        item(out, value);
    }
    out.push(b']');
}

/// Appends a string in quotes as it is: Nix does not escape names, paths, hashes and the system.
pub(super) fn plain(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// Appends a string in quotes and with escapes.
fn string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    escape(out, text);
    out.push(b'"');
}

/// The character after the backslash for bytes that take an escape, 0 for the others.
const ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table[b'\n' as usize] = b'n';
    table[b'\r' as usize] = b'r';
    table[b'\t' as usize] = b't';
    table
};

fn escape(out: &mut Vec<u8>, text: &[u8]) {
    // Everything before this position is written.
    let mut start = 0;
    let mut put = |at: usize| {
        out.extend_from_slice(&text[start..at]);
        out.extend_from_slice(&[b'\\', ESCAPES[text[at] as usize]]);
        start = at + 1;
    };
    // `memchr` finds up to three different bytes at once; the other two are rare.
    match memchr2(b'\t', b'\r', text) {
        None => memchr3_iter(b'\n', b'"', b'\\', text).for_each(&mut put),
        Some(_) => (0..text.len()).filter(|at| ESCAPES[text[*at] as usize] != 0).for_each(&mut put),
    }
    out.extend_from_slice(&text[start..]);
}
