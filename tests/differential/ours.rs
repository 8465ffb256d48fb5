//! nival in this process: a session that evaluates program after program, as a `nix repl` does.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use nival::internal::{Entries, FileType, Host, HostError, RealHost, Settings, Stat};
use nival::{Error, Result, Session};

use super::answer::Answer;

/// Sees the files of this machine and collects messages.
struct Listening {
    real: RealHost,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Host for Listening {
    fn read_file(&self, path: &[u8]) -> std::result::Result<Vec<u8>, HostError> {
        self.real.read_file(path)
    }

    fn file_type(&self, path: &[u8]) -> std::result::Result<Option<FileType>, HostError> {
        self.real.file_type(path)
    }

    fn read_dir(&self, path: &[u8]) -> std::result::Result<Entries, HostError> {
        self.real.read_dir(path)
    }

    fn resolve(&self, path: &[u8]) -> std::result::Result<Vec<u8>, HostError> {
        self.real.resolve(path)
    }

    fn stat(&self, path: &[u8]) -> std::result::Result<Stat, HostError> {
        self.real.stat(path)
    }

    fn message(&self, text: &[u8]) {
        let mut said = self.said.lock().expect("no panic");
        said.extend_from_slice(text);
        said.push(b'\n');
    }
}

/// A session.
pub struct Ours {
    session: Session,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Ours {
    /// Opens a session; `lib` is the folder that `<lib>` names.
    pub fn new(lib: Option<&PathBuf>) -> Ours {
        let nix_path = lib.map(|lib| ("lib".to_owned(), lib.to_string_lossy().into_owned()));
        let settings = Settings {
            show_trace: true,
            nix_path: nix_path.into_iter().collect(),
            base_dir: b"/".to_vec(),
            ..Settings::default()
        };
        let said = Arc::<Mutex<Vec<u8>>>::default();
        let heard = said.clone();
        let host = move || Box::new(Listening { real: RealHost::new(), said: heard }) as Box<dyn Host>;
        let session = Session::builder().settings(settings).host(host).open().expect("a session");
        Ours { session, said }
    }

    /// The answer to a text, with the trace of an error.
    pub fn evaluate(&self, text: &str) -> Answer {
        self.answer(|| self.session.evaluate(text, "/")?.print_bytes(), |error| error.render(true).to_vec())
    }

    /// The answer to a text, with the message of an error only.
    pub fn message(&self, text: &str) -> Answer {
        self.answer(|| self.session.evaluate(text, "/")?.print_bytes(), message)
    }

    /// The same for a function of the native lib.
    pub fn message_with_native_lib(&self, text: &str) -> Answer {
        let call = || self.session.evaluate(text, "/")?.call(&[&self.session.lib()?])?.print_bytes();
        self.answer(call, message)
    }

    fn answer(&self, evaluate: impl Fn() -> Result<Vec<u8>>, shown: impl Fn(&Error) -> Vec<u8>) -> Answer {
        self.said.lock().expect("no panic").clear();
        match evaluate() {
            Ok(out) => self.said(true, &out, b""),
            Err(error) => self.said(false, b"", &shown(&error)),
        }
    }

    fn said(&self, succeeds: bool, out: &[u8], err: &[u8]) -> Answer {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = text(&self.said.lock().expect("no panic"));
        Answer { succeeds, out: text(out), err: plain(&said) + &plain(&text(err)) }
    }
}

fn message(error: &Error) -> Vec<u8> {
    error.message().trim_end().as_bytes().to_vec()
}

/// A text without colours.
fn plain(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    out
}
