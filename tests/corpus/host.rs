//! The outside as the rows of a corpus see it.

use std::cell::RefCell;
use std::fs::{self, File};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nival::eval::Evaluator;
use nival::host::{CodeFiles, FileType, Host, HostError, Reader, RealHost, Stat};

/// The parts of a file of code are filled up to multiples of this.
const PAGE: usize = 4096;

/// The real outside with the recorder's environment and one more file; messages are kept.
pub struct TestHost {
    real: RealHost,
    said: Rc<RefCell<Vec<u8>>>,
    /// A file with a row. Other threads read ahead where there is one.
    row: Option<(Vec<u8>, Vec<u8>)>,
}

impl TestHost {
    /// The host, and where it keeps messages.
    pub fn new(row: Option<(Vec<u8>, Vec<u8>)>) -> (TestHost, Rc<RefCell<Vec<u8>>>) {
        let said = Rc::new(RefCell::new(Vec::new()));
        (TestHost { real: RealHost::new(), said: said.clone(), row }, said)
    }

    fn row_at(&self, path: &[u8]) -> Option<&[u8]> {
        self.row.as_ref().filter(|row| row.0 == path).map(|row| &row.1[..])
    }
}

impl Host for TestHost {
    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.row_at(path).map_or_else(|| self.real.read_file(path), |text| Ok(text.to_vec()))
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        self.row_at(path).map_or_else(|| self.real.file_type(path), |_| Ok(Some(FileType::Regular)))
    }

    fn read_dir(&self, path: &[u8]) -> Result<Vec<(Vec<u8>, FileType)>, HostError> {
        self.real.read_dir(path)
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.row_at(path).map_or_else(|| self.real.resolve(path), |_| Ok(path.to_vec()))
    }

    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        (name == b"NIVAL_LANG").then(|| b"hello".to_vec())
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
        let mut said = self.said.borrow_mut();
        said.extend_from_slice(text);
        said.push(b'\n');
    }

    fn prefetch_reader(&self) -> Option<Reader> {
        let (path, text) = self.row.clone()?;
        let Reader { code, folder } = self.real.prefetch_reader()?;
        let code =
            Arc::new(move |at: &[u8]| if at == path { Some((path.clone(), text.clone())) } else { code(at) });
        Some(Reader { code, folder })
    }
}

/// Writes the code of an evaluation to files, and opens them as a later run does. Only the opened files stay.
pub fn write_code(ev: &Evaluator) -> Option<CodeFiles> {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let mut number = || NUMBER.fetch_add(1, Ordering::Relaxed);
    let new = ev.new_code(&mut number)?;
    let mut files = Vec::new();
    for (id, parts) in &new.files {
        let path = std::env::temp_dir().join(format!("nival-test-{}-{id}.code", std::process::id()));
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(part);
            bytes.resize(bytes.len().next_multiple_of(PAGE), 0);
        }
        fs::write(&path, bytes).expect("a file of code");
        files.push((*id, File::open(&path).expect("the file of code")));
        fs::remove_file(&path).expect("the file of code can be removed");
    }
    Some(CodeFiles { contents: new.contents, files })
}
