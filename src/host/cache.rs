//! The folder that caches lowered code between runs.
//!
//! Each version of lowered code has its own folder, with a marker. A folder without the marker is not
//! nival's, whatever its name, and nothing in it is read, written or removed. A table of contents
//! (`contents`) refers to files of code (`….code`). Files are written under a temporary name, renamed, and
//! never changed again, so readers need no lock: a table is always complete, and the files it refers to stay
//! mapped even when they are removed. A writer locks the marker; a second writer at the same time stores
//! nothing.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::borrow::Cow;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::Host;
use super::own_folder::{Found, NotUsed, OwnFolder};
use super::real::reason;

/// Files are padded to multiples of this, so that their parts can be mapped.
const PAGE: usize = 4096;
/// A version whose files take more than this many bytes starts over. When all versions together take more,
/// the least recently written ones are removed.
const MAX_BYTES: u64 = 1 << 30;
/// The age at which folders of other versions are removed, and the age at which the leftovers of a process
/// that ended while it made a folder are.
const VERSIONS_AFTER: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const UNFINISHED_AFTER: Duration = Duration::from_secs(60);
/// Another process may replace the files between reading the table and opening them, but hardly this often.
const ATTEMPTS: usize = 10;

/// The marks of a folder of nival's: the name of the marker and its text.
const MARKER: &str = "nival-cache";
const MARKER_TEXT: &[u8] =
    b"This folder is a cache that nival has made. It may be removed at any time: `nival cache clear`.\n";
const CONTENTS: &str = "contents";

/// The folder for one version of lowered code.
#[derive(Debug, Clone)]
pub struct CodeCache {
    /// The folder for all versions.
    root: PathBuf,
    /// The name of this version's folder.
    version: String,
}

/// An open cache: the table of contents, and its files with the numbers in their names.
#[derive(Debug)]
pub struct CodeFiles {
    /// The table.
    pub contents: Vec<u8>,
    /// The files.
    pub files: Vec<(u64, File)>,
}

/// Statistics of the cache.
#[derive(Debug, Clone, Default)]
pub struct CacheInfo {
    /// Bytes of all its files.
    pub bytes: u64,
    /// Bytes of the files that this version of the program uses.
    pub current: u64,
    /// The number of those files.
    pub files: usize,
}

impl CodeCache {
    /// The cache for a version of lowered code: in `NIVAL_CACHE_DIR`, or else below `XDG_CACHE_HOME` or
    /// `~/.cache`. `None` if `NIVAL_CACHE_DIR` is empty or there is no suitable directory.
    pub fn locate(host: &dyn Host, version: u64) -> Option<CodeCache> {
        let path = |bytes: Vec<u8>| PathBuf::from(OsString::from_vec(bytes));
        let set =
            |name: &[u8]| host.env(name).filter(|v| !v.is_empty()).map(path).filter(|p| p.is_absolute());
        let root = match host.env(b"NIVAL_CACHE_DIR") {
            Some(dir) if dir.is_empty() => return None,
            Some(dir) => path(dir),
            None => match set(b"XDG_CACHE_HOME") {
                Some(dir) => dir.join("nival"),
                None => host.home().map(path)?.join(".cache/nival"),
            },
        };
        Some(CodeCache { root, version: format!("{version:016x}") })
    }

    /// The path of the folder for all versions.
    pub fn folder(&self) -> &[u8] {
        self.root.as_os_str().as_bytes()
    }

    /// Opens the table and its files. `files` reads their names and lengths from the table. `Ok(None)` if
    /// nothing is cached yet.
    pub fn open(
        &self,
        files: impl Fn(&[u8]) -> Option<Vec<(u64, usize)>>,
    ) -> Result<Option<CodeFiles>, NotUsed> {
        let Some(root) = OwnFolder::open(&self.root)? else {
            return Ok(None);
        };
        let Some(folder) = version(&root, &self.version)? else {
            return Ok(None);
        };
        let mut before = None;
        for _ in 0..ATTEMPTS {
            let Some(contents) = read(&folder, CONTENTS).map_err(|e| NotUsed::Damaged(reason(&e)))? else {
                return Ok(None);
            };
            match open_files(&folder, &contents, &files) {
                Ok(files) => return Ok(Some(CodeFiles { contents, files })),
                Err(e) if before.as_ref() == Some(&contents) => return Err(NotUsed::Damaged(e)),
                Err(_) => before = Some(contents),
            }
        }
        Ok(None)
    }

    /// Adds files and replaces the table with `contents`, provided that `unchanged` accepts the current table
    /// and no other process is writing. Removes files that are not `referred` to.
    ///
    /// # Errors
    /// When the files cannot be written; the cache is then unchanged.
    pub fn store(
        &self,
        files: &[(u64, Vec<Cow<'_, [u8]>>)],
        contents: &[u8],
        referred: &[u64],
        unchanged: impl Fn(&[u8]) -> bool,
    ) -> io::Result<()> {
        let Some((root, folder)) = self.make()? else {
            return Ok(());
        };
        let Some(_lock) = folder.lock(MARKER)? else {
            return Ok(());
        };
        if !unchanged(&read(&folder, CONTENTS)?.unwrap_or_default()) {
            return Ok(());
        }
        let named = |ids: &[u64]| ids.iter().map(|id| code(*id).into_bytes()).collect::<Vec<_>>();
        let mut kept = named(referred);
        let old: u64 = own_files(&folder).iter().filter(|f| kept.contains(&f.name)).map(|f| f.size).sum();
        let added: usize = files.iter().flat_map(|(_, parts)| parts).map(|part| part.len()).sum();
        if old + added as u64 > MAX_BYTES {
            // The table first: without it the other files are meaningless.
            let _ = folder.remove(CONTENTS.as_bytes());
            remove_all(&folder, |_| true);
            return Ok(());
        }
        for (id, parts) in files {
            let padding = |part: &[u8]| &[0; PAGE][..part.len().next_multiple_of(PAGE) - part.len()];
            let parts: Vec<&[u8]> = parts.iter().flat_map(|part| [&part[..], padding(part)]).collect();
            folder.write(&code(*id), &aside(*id), &parts)?;
        }
        folder.write(CONTENTS, &aside(CodeCache::unique()), &[contents])?;
        // A reader that has just read the old table reads the new one if a file is gone. With the lock held, other files
        // that the table does not refer to are leftovers of a writer that did not finish.
        kept.extend(named(&files.iter().map(|(id, _)| *id).collect::<Vec<_>>()));
        remove_all(&folder, |name| name != CONTENTS.as_bytes() && !kept.iter().any(|kept| kept == name));
        self.tidy(&root, &folder);
        Ok(())
    }

    /// This version's folder and the common one; makes them if necessary. `None` if foreign folders occupy
    /// their paths.
    fn make(&self) -> io::Result<Option<(OwnFolder, OwnFolder)>> {
        let Some(root) = OwnFolder::make(&self.root)? else {
            return Ok(None);
        };
        if let Ok(None) = version(&root, &self.version) {
            // The folder appears complete with its marker. If two processes make one, the second finds that
            // of the first.
            let name = aside(CodeCache::unique());
            root.make_folder(&name)?;
            let made = match root.folder(&name) {
                Ok(Some(new)) => new.write(MARKER, &aside(0), &[MARKER_TEXT]),
                _ => Ok(()),
            };
            if made.and_then(|()| root.rename_folder(&name, &self.version)).is_err() {
                remove_version(&root, &name);
            }
        }
        Ok(version(&root, &self.version).unwrap_or_default().map(|folder| (root, folder)))
    }

    /// Removes outdated versions from the common folder.
    fn tidy(&self, root: &OwnFolder, folder: &OwnFolder) {
        let mut others: Vec<(SystemTime, u64, String)> = Vec::new();
        for name in versions(root).filter(|name| *name != self.version) {
            if let Ok(Some(other)) = version(root, &name) {
                let files = own_files(&other);
                let written = files.iter().find(|f| f.name == CONTENTS.as_bytes()).map(|f| f.modified);
                others.push((written.unwrap_or(SystemTime::UNIX_EPOCH), size(&files), name));
            }
        }
        others.sort();
        let mut total = size(&own_files(folder)) + others.iter().map(|o| o.1).sum::<u64>();
        for (written, bytes, name) in others {
            if total > MAX_BYTES || older(written, VERSIONS_AFTER) {
                remove_version(root, &name);
                total -= bytes;
            }
        }
        for unfinished in root.entries().iter().filter(|f| f.is_folder && older(f.modified, UNFINISHED_AFTER))
        {
            if let Some(name) = text(&unfinished.name).filter(|name| is_aside(name)) {
                remove_version(root, name);
            }
        }
    }

    /// Removes all of this version's code.
    ///
    /// # Errors
    /// When the folder is not nival's.
    pub fn clear(&self) -> Result<(), NotUsed> {
        if let Some(root) = OwnFolder::open(&self.root)? {
            remove_version(&root, &self.version);
        }
        Ok(())
    }

    /// Removes the code of all versions.
    ///
    /// # Errors
    /// When the folder is not nival's, or something cannot be removed.
    pub fn clear_all(&self) -> Result<(), NotUsed> {
        let Some(root) = OwnFolder::open(&self.root)? else {
            return Ok(());
        };
        let names: Vec<String> =
            root.entries().iter().filter_map(|f| text(&f.name).map(str::to_owned)).collect();
        for name in names.iter().filter(|name| is_version(name) || is_aside(name)) {
            remove_version(&root, name);
        }
        match CodeCache::bytes(&root) {
            0 => Ok(()),
            bytes => Err(NotUsed::Damaged(format!("{bytes} bytes could not be removed"))),
        }
    }

    fn bytes(root: &OwnFolder) -> u64 {
        let folders = versions(root).filter_map(|name| version(root, &name).ok().flatten());
        folders.map(|folder| size(&own_files(&folder))).sum()
    }

    /// Statistics of the cache.
    pub fn info(&self) -> Result<CacheInfo, NotUsed> {
        let Some(root) = OwnFolder::open(&self.root)? else {
            return Ok(CacheInfo::default());
        };
        let current = version(&root, &self.version)?.map(|folder| own_files(&folder)).unwrap_or_default();
        Ok(CacheInfo { bytes: CodeCache::bytes(&root), current: size(&current), files: current.len() })
    }

    /// A number that no other process uses.
    pub fn unique() -> u64 {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64);
        now.rotate_left(20) ^ u64::from(std::process::id())
    }
}

fn code(id: u64) -> String {
    format!("{id:016x}.code")
}

/// The temporary name of an incomplete file or folder.
fn aside(id: u64) -> String {
    format!("{id:016x}.new")
}

fn is_number(name: &str) -> bool {
    name.len() == 16 && name.bytes().all(|c| c.is_ascii_hexdigit())
}

fn is_aside(name: &str) -> bool {
    name.strip_suffix(".new").is_some_and(is_number)
}

/// Whether the name of a folder is one that [`CodeCache`] gives.
fn is_version(name: &str) -> bool {
    is_number(name)
}

/// Whether the name of a file in a version's folder is one that [`CodeCache`] gives, other than the marker.
fn is_own(name: &str) -> bool {
    name == CONTENTS || is_aside(name) || name.strip_suffix(".code").is_some_and(is_number)
}

fn text(name: &[u8]) -> Option<&str> {
    std::str::from_utf8(name).ok()
}

fn versions(root: &OwnFolder) -> impl Iterator<Item = String> + use<> {
    let names = root.entries().into_iter().filter(|f| f.is_folder);
    names.filter_map(|f| String::from_utf8(f.name).ok()).filter(|name| is_version(name))
}

/// A version's folder. `None` if it does not exist or is empty, because any process may have made an empty
/// one.
fn version(root: &OwnFolder, name: &str) -> Result<Option<OwnFolder>, NotUsed> {
    let Some(folder) = root.folder(name)? else {
        return Ok(None);
    };
    if is_marked(&folder) {
        return Ok(Some(folder));
    }
    match folder.entries().is_empty() {
        true => Ok(None),
        false => Err(NotUsed::Foreign(format!(
            "the folder '{name}' in it was not made by nival (it has no file '{MARKER}')"
        ))),
    }
}

fn is_marked(folder: &OwnFolder) -> bool {
    let mut text = Vec::new();
    let read = folder.file(MARKER).and_then(|f| f.take(MARKER_TEXT.len() as u64 + 1).read_to_end(&mut text));
    read.is_ok() && text == MARKER_TEXT
}

/// A file's bytes. `None` if there is no such file.
fn read(folder: &OwnFolder, name: &str) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    match folder.file(name).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Ok(_) => Ok(Some(bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

fn open_files(
    folder: &OwnFolder,
    contents: &[u8],
    files: impl Fn(&[u8]) -> Option<Vec<(u64, usize)>>,
) -> Result<Vec<(u64, File)>, String> {
    let named = files(contents).ok_or("its table of contents is damaged")?;
    let mut open = Vec::with_capacity(named.len());
    for (id, len) in named {
        let file = folder.file(&code(id)).map_err(|e| reason(&e))?;
        if file.metadata().map_err(|e| reason(&e))?.len() != len as u64 {
            return Err("a file of code is damaged".to_owned());
        }
        open.push((id, file));
    }
    Ok(open)
}

/// The files in a version's folder that nival wrote, except the marker.
fn own_files(folder: &OwnFolder) -> Vec<Found> {
    let mut files = folder.entries();
    files.retain(|f| f.is_file && text(&f.name).is_some_and(is_own));
    files
}

fn size(files: &[Found]) -> u64 {
    files.iter().map(|f| f.size).sum()
}

/// Removes files of nival's, ignoring failures.
fn remove_all(folder: &OwnFolder, which: impl Fn(&[u8]) -> bool) {
    for file in own_files(folder).iter().filter(|f| which(&f.name)) {
        let _ = folder.remove(&file.name);
    }
}

/// Removes a version's folder if it is nival's. If it contains anything else, it stays. Ignores failures.
fn remove_version(root: &OwnFolder, name: &str) {
    if let Ok(Some(folder)) = root.folder(name) {
        if is_marked(&folder) {
            // The table first: without it the other files are meaningless.
            let _ = folder.remove(CONTENTS.as_bytes());
            remove_all(&folder, |_| true);
            if folder.entries().iter().all(|f| f.name == MARKER.as_bytes()) {
                let _ = folder.remove(MARKER.as_bytes());
            }
        }
        // Succeeds only if it is empty.
        let _ = root.remove_folder(name);
    }
}

fn older(time: SystemTime, than: Duration) -> bool {
    time.elapsed().is_ok_and(|age| age > than)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::host::command::scratch_folder;

    #[test]
    fn readers_never_meet_a_table_without_its_files() {
        let folder = scratch_folder(&[]).expect("a folder");
        let root = PathBuf::from(OsString::from_vec(folder.path().to_vec())).join("cache");
        let cache = CodeCache { root, version: format!("{:016x}", 7) };
        // The table is the number of its only file; each writer replaces the file of the one before.
        let files = |contents: &[u8]| Some(vec![(u64::from_le_bytes(contents.try_into().ok()?), PAGE)]);
        let store = |id: u64| {
            let file = (id, vec![Cow::from(vec![1; PAGE])]);
            cache.store(&[file], &id.to_le_bytes(), &[], |_| true).expect("it can be stored");
        };
        store(0);
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                (1..2000).for_each(store);
                done.store(true, Ordering::Relaxed);
            });
            while !done.load(Ordering::Relaxed) {
                // `None` if the table is replaced again and again meanwhile.
                assert!(cache.open(files).is_ok());
            }
        });
    }
}
