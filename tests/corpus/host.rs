//! The host that the rows of a corpus see.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use nival::internal::{Entries, FileType, Host, HostError, Reader, RealHost, Stat};

/// The messages of a row's evaluation.
pub type Said = Arc<Mutex<Vec<u8>>>;

/// A file with a row, and the folder of the code cache. With such a file, other threads prefetch.
#[derive(Clone)]
pub struct RowFile {
    pub path: Vec<u8>,
    pub text: Vec<u8>,
    pub cache: Vec<u8>,
}

/// The real host with the recorder's environment and one additional file; it collects messages.
pub struct TestHost {
    real: RealHost,
    said: Said,
    row: Option<RowFile>,
}

impl TestHost {
    /// Creates the host, which collects messages in `said`.
    pub fn new(row: Option<RowFile>, said: Said) -> TestHost {
        TestHost { real: RealHost::new(), said, row }
    }

    fn row_at(&self, path: &[u8]) -> Option<&[u8]> {
        self.row.as_ref().filter(|row| row.path == path).map(|row| &row.text[..])
    }
}

impl Host for TestHost {
    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.row_at(path).map_or_else(|| self.real.read_file(path), |text| Ok(text.to_vec()))
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        self.row_at(path).map_or_else(|| self.real.file_type(path), |_| Ok(Some(FileType::Regular)))
    }

    fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError> {
        self.real.read_dir(path)
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.row_at(path).map_or_else(|| self.real.resolve(path), |_| Ok(path.to_vec()))
    }

    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        match name {
            b"NIVAL_LANG" => Some(b"hello".to_vec()),
            b"NIVAL_CACHE_DIR" => self.row.as_ref().map(|row| row.cache.clone()),
            _ => None,
        }
    }

    fn now(&self) -> i64 {
        self.real.now()
    }

    fn home(&self) -> Option<Vec<u8>> {
        Some(b"/home/nobody".to_vec())
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        self.real.stat(path)
    }

    fn message(&self, text: &[u8]) {
        let mut said = self.said.lock().expect("no panic");
        said.extend_from_slice(text);
        said.push(b'\n');
    }

    fn prefetch_reader(&self) -> Option<Reader> {
        let RowFile { path, text, .. } = self.row.clone()?;
        let Reader { code, folder } = self.real.prefetch_reader()?;
        let code =
            Arc::new(move |at: &[u8]| if at == path { Some((path.clone(), text.clone())) } else { code(at) });
        Some(Reader { code, folder })
    }
}

/// The code cache folder of one row.
pub struct CacheFolder(PathBuf);

impl CacheFolder {
    pub fn new() -> CacheFolder {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        CacheFolder(std::env::temp_dir().join(format!("nival-test-{}-{number}", std::process::id())))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for CacheFolder {
    fn drop(&mut self) {
        // It does not exist if nothing was worth caching.
        let _ = fs::remove_dir_all(&self.0);
    }
}
