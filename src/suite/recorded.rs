//! The recorded snapshots of a suite: writing them, and those that no fixture has.

use super::case::{Case, State};
use super::snapshot::write_snapshot;
use super::suite_file::Suite;
use crate::eval::{Error, ErrorKind, Res};
use crate::host::{FileType, Host, System};

/// What ends the names of snapshots.
const EXTENSION: &str = ".snap";

/// Which snapshots are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// None.
    No,
    /// Those of fixtures that have none.
    New,
    /// Also those that differ.
    Always,
}

impl Suite {
    /// The folder of the snapshots.
    pub fn snapshot_folder(&self) -> String {
        let path = crate::syntax::absolute(self.snapshots.as_bytes(), self.folder.as_bytes());
        String::from_utf8_lossy(&path).into_owned()
    }

    /// The file of a fixture's snapshot.
    pub fn snapshot_file(&self, fixture: &str) -> String {
        format!("{}/{fixture}{EXTENSION}", self.snapshot_folder())
    }
}

/// Writes the snapshot of a case, if it has a new one.
///
/// # Errors
/// An error of the file.
pub fn write(system: &dyn System, suite: &Suite, case: &mut Case) -> Res<()> {
    let Some(lines) = &case.lines else {
        return Ok(());
    };
    let file = suite.snapshot_file(&case.name);
    let folder = file.rsplit_once('/').map_or("/", |(folder, _)| folder);
    let written = system
        .make_folder(folder.as_bytes())
        .and_then(|()| system.write_file(file.as_bytes(), write_snapshot(lines).as_bytes()));
    written.map_err(|e| Error::new(ErrorKind::System, format!("writing the snapshot '{file}': {e}")))?;
    case.state = if case.problems.is_empty() { State::Written } else { State::Failed };
    Ok(())
}

/// Whether a case's snapshot is to be written.
pub fn is_written(case: &Case, update: Update) -> bool {
    match case.state {
        State::New => update != Update::No,
        State::Changed => update == Update::Always,
        _ => false,
    }
}

/// The snapshots that belong to none of the fixtures: their paths, sorted.
pub fn unreferenced(host: &dyn Host, suite: &Suite, fixtures: &[String]) -> Vec<String> {
    if suite.fixtures.is_empty() && suite.nixos_tests.is_empty() {
        // Tests have no snapshots: others may be in the folder.
        return Vec::new();
    }
    let root = suite.snapshot_folder();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for (name, kind) in host.read_dir(folder.as_bytes()).unwrap_or_default() {
            let path = format!("{folder}/{}", String::from_utf8_lossy(&name));
            match kind {
                FileType::Directory => folders.push(path),
                _ => {
                    let inside = path.strip_prefix(&root).and_then(|rest| rest.strip_prefix('/'));
                    let fixture = inside.and_then(|inside| inside.strip_suffix(EXTENSION));
                    if fixture.is_some_and(|fixture| !fixtures.iter().any(|name| name == fixture)) {
                        found.push(path);
                    }
                }
            }
        }
    }
    found.sort();
    found
}
