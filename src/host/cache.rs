//! The folder in which lowered code is kept between runs.
//!
//! A table of contents (`contents`) refers to files of code (`….code`). Files are written under another name, then
//! renamed, and never changed again, so readers need no lock: whoever finds the table finds a whole one, and the files
//! it refers to stay mapped even when they are removed. Of two writers at the same time one does not get its part in.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::borrow::Cow;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Host;

/// Files are filled up to multiples of this, so that their parts can be mapped.
const PAGE: usize = 4096;
/// When a version's files take more than this many bytes, it starts anew; when all take more, the versions that were written
/// to longest ago are removed.
const MAX_BYTES: u64 = 1 << 30;
/// Files that no table refers to, and other versions' folders, are removed when they are this old.
const ORPHANS_AFTER: Duration = Duration::from_secs(60);
const VERSIONS_AFTER: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The folder for one version of lowered code.
#[derive(Debug, Clone)]
pub struct CodeCache {
    /// The folder for all versions.
    root: PathBuf,
    folder: PathBuf,
}

/// An open cache: the table of contents, and its files with parts of their names.
#[derive(Debug)]
pub struct CodeFiles {
    /// The table.
    pub contents: Vec<u8>,
    /// The files.
    pub files: Vec<(u64, File)>,
}

/// What is in the cache.
#[derive(Debug, Clone, Default)]
pub struct CacheInfo {
    /// The folder for all versions.
    pub folder: Vec<u8>,
    /// Bytes of all files in it.
    pub bytes: u64,
    /// Bytes of those that this version of the program uses.
    pub current: u64,
    /// How many those are.
    pub files: usize,
}

impl CodeCache {
    /// The cache for a version of lowered code: in `NIVAL_CACHE_DIR`, else below `XDG_CACHE_HOME` or `~/.cache`. `None` if
    /// `NIVAL_CACHE_DIR` is empty, or there is no place for it.
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
        Some(CodeCache { folder: root.join(format!("{version:016x}")), root })
    }

    fn contents(&self) -> PathBuf {
        self.folder.join("contents")
    }

    fn code(&self, id: u64) -> PathBuf {
        self.folder.join(format!("{id:016x}.code"))
    }

    /// Opens the table and its files; `files` reads from the table what these are called and how long they must be.
    /// `Ok(None)` if nothing is kept yet.
    ///
    /// # Errors
    /// What is wrong with the cache.
    pub fn open(
        &self,
        files: impl Fn(&[u8]) -> Option<Vec<(u64, usize)>>,
    ) -> Result<Option<CodeFiles>, String> {
        let found = self.try_open(&files);
        // Between the table and its files another process may have put new ones in their place.
        if found.is_err() { self.try_open(&files) } else { found }
    }

    fn try_open(
        &self,
        files: impl Fn(&[u8]) -> Option<Vec<(u64, usize)>>,
    ) -> Result<Option<CodeFiles>, String> {
        let mut contents = Vec::new();
        match File::open(self.contents()).and_then(|mut f| f.read_to_end(&mut contents)) {
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e.to_string()),
        }
        let named = files(&contents).ok_or("its table of contents is damaged")?;
        let mut open = Vec::with_capacity(named.len());
        for (id, len) in named {
            let file = File::open(self.code(id)).map_err(|e| e.to_string())?;
            if file.metadata().map_err(|e| e.to_string())?.len() != len as u64 {
                return Err("a file of code is damaged".to_owned());
            }
            open.push((id, file));
        }
        Ok(Some(CodeFiles { contents, files: open }))
    }

    /// The table as it is now.
    fn current(&self) -> Vec<u8> {
        fs::read(self.contents()).unwrap_or_default()
    }

    /// Adds files and puts `contents` in the place of the table, if that still is what `unchanged` accepts. Files that are
    /// not among those it has `referred` to are removed once they are old.
    ///
    /// # Errors
    /// Whatever keeps the files from being written; then the cache is as before.
    pub fn store(
        &self,
        files: &[(u64, Vec<Cow<'_, [u8]>>)],
        contents: &[u8],
        referred: &[u64],
        unchanged: impl Fn(&[u8]) -> bool,
    ) -> io::Result<()> {
        if !unchanged(&self.current()) {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        let kept: u64 =
            referred.iter().filter_map(|id| fs::metadata(self.code(*id)).ok()).map(|m| m.len()).sum();
        let added: usize = files.iter().flat_map(|(_, parts)| parts).map(|part| part.len()).sum();
        if kept + added as u64 > MAX_BYTES {
            return self.clear();
        }
        for (id, parts) in files {
            let padding = |part: &[u8]| &[0; PAGE][..part.len().next_multiple_of(PAGE) - part.len()];
            let parts: Vec<&[u8]> = parts.iter().flat_map(|part| [&part[..], padding(part)]).collect();
            write_whole(&self.code(*id), &parts)?;
        }
        if unchanged(&self.current()) {
            write_whole(&self.contents(), &[contents])?;
        }
        self.tidy(referred);
        Ok(())
    }

    /// Removes what nobody needs any more.
    fn tidy(&self, referred: &[u64]) {
        let names: Vec<PathBuf> = referred.iter().map(|id| self.code(*id)).collect();
        for path in entries(&self.folder) {
            if path != self.contents() && !names.contains(&path) && older(&path, ORPHANS_AFTER) {
                // What cannot be removed stays.
                let _ = fs::remove_file(path);
            }
        }
        let mut others: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for folder in entries(&self.root).filter(|f| *f != self.folder && is_version(f)) {
            let written = fs::metadata(folder.join("contents")).and_then(|m| m.modified());
            others.push((written.unwrap_or(SystemTime::UNIX_EPOCH), size(&folder), folder));
        }
        others.sort();
        let mut total = size(&self.folder) + others.iter().map(|o| o.1).sum::<u64>();
        for (written, bytes, folder) in others {
            if total > MAX_BYTES || written.elapsed().is_ok_and(|age| age > VERSIONS_AFTER) {
                let _ = fs::remove_dir_all(folder);
                total -= bytes;
            }
        }
    }

    /// Removes all of this version's code.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn clear(&self) -> io::Result<()> {
        // The table first: without it the rest means nothing.
        let removed = fs::remove_file(self.contents());
        removed.or_else(nothing_there)?;
        fs::remove_dir_all(&self.folder).or_else(nothing_there)
    }

    /// Removes the code of all versions.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn clear_all(&self) -> io::Result<()> {
        self.clear()?;
        for folder in entries(&self.root).filter(|f| is_version(f)) {
            fs::remove_dir_all(folder).or_else(nothing_there)?;
        }
        Ok(())
    }

    /// What is in the cache.
    pub fn info(&self) -> CacheInfo {
        CacheInfo {
            folder: self.root.as_os_str().as_bytes().to_vec(),
            bytes: entries(&self.root).filter(|f| is_version(f)).map(|f| size(&f)).sum(),
            current: size(&self.folder),
            files: entries(&self.folder).count(),
        }
    }

    /// A number that no other process uses.
    pub fn unique() -> u64 {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64);
        now.rotate_left(20) ^ u64::from(std::process::id())
    }
}

fn nothing_there(e: io::Error) -> io::Result<()> {
    if e.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(e) }
}

/// Whether a folder has a name that [`CodeCache`] gives.
fn is_version(folder: &Path) -> bool {
    let name = folder.file_name().map(|n| n.as_bytes()).unwrap_or_default();
    name.len() == 16 && name.iter().all(u8::is_ascii_hexdigit)
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path())
}

/// Bytes of the files in a folder.
fn size(folder: &Path) -> u64 {
    entries(folder).filter_map(|file| fs::metadata(file).ok()).map(|m| m.len()).sum()
}

fn older(path: &Path, than: Duration) -> bool {
    let modified = fs::metadata(path).and_then(|m| m.modified());
    modified.is_ok_and(|m| m.elapsed().is_ok_and(|age| age > than))
}

/// Writes a file so that it is there whole or not at all.
fn write_whole(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let aside = path.with_extension(format!("{}.new", std::process::id()));
    let written = File::create(&aside).and_then(|mut file| {
        parts.iter().try_for_each(|part| file.write_all(part))?;
        fs::rename(&aside, path)
    });
    if written.is_err() {
        // Whether there is anything to remove does not matter.
        let _ = fs::remove_file(&aside);
    }
    written
}
