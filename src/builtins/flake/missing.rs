//! The error for inputs that are not at hand: one for all of them.

use super::locked::Locked;
use super::reading::show_input;
use super::source;
use crate::builtins::fetch;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::store::HashMode;
use crate::store::lock_file::{Edge, InputPath, Lock, ROOT, show_path};

/// The files of an input that is locked.
///
/// # Errors
/// When they are not at hand: then the error names all inputs for which that is so.
pub fn fetch_input(ev: &Evaluator, locked: &Locked, node: usize, lock: &Lock) -> Res<fetch::Tree> {
    if is_there(ev, lock)? {
        return source::locked_tree(ev, &lock.locked.input);
    }
    let mut lines = Vec::new();
    let mut commands = Vec::new();
    let mut count = 0;
    for (number, path) in paths(locked) {
        let Some(lock) = &locked.lock.nodes[number].lock else { continue };
        if number != node && (locked.sources.contains_key(&number) || is_there(ev, lock)?) {
            continue;
        }
        count += 1;
        let url = show_input(ev, &lock.locked.input)?;
        let store_path = store_path_of(ev, lock)?.unwrap_or_else(|| "no hash is locked".to_owned());
        lines.push(format!("  {}: {store_path}", show_path(&path)));
        commands.push(format!("  nix flake prefetch '{url}'"));
    }
    let noun = if count == 1 { "an input is" } else { "inputs are" };
    let message = format!(
        "{noun} not at hand, and nival does not use the network\n{}\nWith Nix, these commands fetch {}:\n{}",
        lines.join("\n"),
        if count == 1 { "it" } else { "them" },
        commands.join("\n")
    );
    let help = "Or give a folder of store paths with --store, or local files with --input NAME=DIR or --override-input \
                NAME REF.";
    Err(Error::new(ErrorKind::System, message).help(help))
}

/// The nodes of a lock file with the first path of inputs to each, in the order of the paths.
pub fn paths(locked: &Locked) -> Vec<(usize, InputPath)> {
    let mut all = Vec::new();
    let mut open = vec![(ROOT, Vec::new())];
    let mut seen = std::collections::BTreeSet::from([ROOT]);
    // By depth, so that each node has its shortest path.
    while !open.is_empty() {
        let mut next = Vec::new();
        for (node, path) in open {
            for (name, edge) in &locked.lock.nodes[node].inputs {
                if let Edge::Node(child) = edge
                    && seen.insert(*child)
                {
                    let path: InputPath = path.iter().chain([name]).cloned().collect();
                    all.push((*child, path.clone()));
                    next.push((*child, path));
                }
            }
        }
        open = next;
    }
    all
}

/// Whether the files of an input can be found without network access.
fn is_there(ev: &Evaluator, lock: &Lock) -> Res<bool> {
    let input = &lock.locked.input;
    if input.relative().is_some() {
        return Ok(true);
    }
    if let Some(hash) = input.attrs.nar_hash().map_err(|e| ev.store_error(&e))?
        && fetch::in_store(ev, &input.attrs, hash)?.is_some()
    {
        return Ok(true);
    }
    fetch::is_local(ev, &input.attrs, &show_input(ev, input)?)
}

/// The store path of an input, if its hash is locked.
fn store_path_of(ev: &Evaluator, lock: &Lock) -> Res<Option<String>> {
    let attrs = &lock.locked.input.attrs;
    let Some(hash) = attrs.nar_hash().map_err(|e| ev.store_error(&e))? else {
        return Ok(None);
    };
    let name = attrs.text("name").map_err(|e| ev.store_error(&e))?.unwrap_or(b"source");
    let path = fetch::store_path(ev, &String::from_utf8_lossy(name), HashMode::Nar, hash)?;
    Ok(Some(ev.store_dir()?.print(&path)))
}

/// The store paths of the inputs that are known, each with the path of inputs to it.
pub fn folders(ev: &Evaluator, locked: &Locked) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (number, path) in paths(locked) {
        let known = match (locked.sources.get(&number), &locked.lock.nodes[number].lock) {
            (Some(source), _) => Some(source.path.clone()),
            // The name of an input that is not there would hide where it is expected.
            (None, Some(lock)) if is_there(ev, lock).unwrap_or(false) => {
                store_path_of(ev, lock).ok().flatten()
            }
            _ => None,
        };
        all.extend(known.map(|store_path| (store_path, show_path(&path))));
    }
    all
}
