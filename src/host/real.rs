//! The real host: the file system, the environment and the clock of this process.
#![allow(clippy::disallowed_methods, reason = "this is the one place that may touch the outside")]

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, IsTerminal as _, Read as _, Write as _};
use std::num::NonZero;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Arc;

use super::command::{self, CommandOutput, ScratchFolder};
use super::crew::{self, Crew, Foreman};
use super::delegate::{self, Delegate, Heard};
use super::fork::{self, Copies, CopyEnd, CopyEvent};
use super::limits::{self, Exceeded, Limits};
use super::progress::ProgressLine;
use super::{Entries, FileType, Host, HostError, Reader, Stat, System, Words, coloured, output};

/// The environment of the process, without restrictions.
#[derive(Debug, Default)]
pub struct RealHost {
    progress: ProgressLine,
}

impl RealHost {
    /// A host for this process.
    pub fn new() -> RealHost {
        RealHost::default()
    }
}

/// The number of bytes that Nix reads at a time.
const READ_AT_ONCE: u64 = 64 * 1024;

fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

/// An I/O error in Nix's words.
fn failed(what: &str, at: &[u8], e: &io::Error) -> HostError {
    let at = super::shown(at);
    if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
        return HostError::NotFound(format!("path '{at}' does not exist"));
    }
    HostError::Other(format!("{what} '{at}': {}", reason(e)))
}

/// The system's text for an error; Rust appends the number.
pub(super) fn reason(e: &io::Error) -> String {
    let text = e.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

fn kind(t: std::fs::FileType) -> FileType {
    if t.is_file() {
        FileType::Regular
    } else if t.is_dir() {
        FileType::Directory
    } else if t.is_symlink() {
        FileType::Symlink
    } else {
        FileType::Unknown
    }
}

/// Larger files are not prefetched: parsing them may need more stack than other threads have.
pub(super) const READ_AHEAD: u64 = 1 << 20;

fn read_code(at: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    // Follows no links, and does not wait for a pipe's writer.
    let open = |at: &[u8]| {
        let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
        let file = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path(at)).ok()?;
        let meta = file.metadata().ok()?;
        Some((file, meta))
    };
    let mut at = at.to_vec();
    // Folders rarely have such names.
    if !at.ends_with(b".nix") && std::fs::symlink_metadata(path(&at)).ok()?.is_dir() {
        at.extend(b"/default.nix");
    }
    let (mut file, mut meta) = open(&at)?;
    if meta.is_dir() {
        at.extend(b"/default.nix");
        (file, meta) = open(&at)?;
    }
    if !meta.is_file() || meta.len() > READ_AHEAD {
        return None;
    }
    let mut text = Vec::with_capacity(meta.len() as usize);
    file.take(meta.len()).read_to_end(&mut text).ok()?;
    Some((at, text))
}

/// Where a link leads; `None` if the path is not a link.
pub(super) fn link_target(at: &[u8]) -> Option<Vec<u8>> {
    std::fs::read_link(path(at)).ok().map(|target| target.into_os_string().into_vec())
}

fn read_folder(at: &[u8]) -> io::Result<Entries> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path(at))? {
        let entry = entry?;
        entries.push((entry.file_name().into_vec(), kind(entry.file_type()?)));
    }
    entries.sort();
    Ok(entries)
}

impl Host for RealHost {
    fn read_file(&self, at: &[u8]) -> Result<Vec<u8>, HostError> {
        let wrap = |e| failed("opening file", at, &e);
        let file = std::fs::File::open(path(at)).map_err(wrap)?;
        // Reads as much as the metadata says: like Nix, finds nothing in the files of /proc.
        let len = file.metadata().map_err(wrap)?.len();
        // Large buffers grow as they are filled: the reported length may be wrong.
        let mut text = Vec::with_capacity(len.min(READ_AHEAD) as usize);
        match file.take(len).read_to_end(&mut text) {
            Ok(_) => Ok(text),
            Err(e) => {
                let once = len.min(READ_AT_ONCE);
                Err(HostError::Other(format!("read of {once} bytes: {}", reason(&e))))
            }
        }
    }

    fn file_type(&self, at: &[u8]) -> Result<Option<FileType>, HostError> {
        match std::fs::symlink_metadata(path(at)) {
            Ok(meta) => Ok(Some(kind(meta.file_type()))),
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(e) => Err(failed("getting status of", at, &e)),
        }
    }

    fn read_dir(&self, at: &[u8]) -> Result<Vec<(Vec<u8>, FileType)>, HostError> {
        let wrap = |e: io::Error| match e.kind() {
            io::ErrorKind::NotFound => failed("", at, &e),
            _ => {
                let real = std::fs::canonicalize(path(at)).unwrap_or_else(|_| path(at).to_owned());
                HostError::Other(format!("cannot read directory \"{}\": {}", real.display(), reason(&e)))
            }
        };
        read_folder(at).map_err(wrap)
    }

    fn resolve(&self, at: &[u8]) -> Result<Vec<u8>, HostError> {
        match std::fs::canonicalize(path(at)) {
            Ok(found) => Ok(found.into_os_string().into_vec()),
            Err(e) => Err(failed("getting status of", at, &e)),
        }
    }

    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        // The standard library panics on names it cannot look up.
        if name.is_empty() || name.contains(&b'=') || name.contains(&0) {
            return None;
        }
        std::env::var_os(OsStr::from_bytes(name)).map(|v| v.into_vec())
    }

    fn now(&self) -> i64 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(0, |d| d.as_secs() as i64)
    }

    fn home(&self) -> Option<Vec<u8>> {
        self.env(b"HOME")
    }

    fn stat(&self, at: &[u8]) -> Result<Stat, HostError> {
        let wrap = |e: io::Error| failed("getting status of", at, &e);
        let meta = std::fs::symlink_metadata(path(at)).map_err(wrap)?;
        let kind = kind(meta.file_type());
        let target = match kind {
            FileType::Symlink => std::fs::read_link(path(at)).map_err(wrap)?.into_os_string().into_vec(),
            _ => Vec::new(),
        };
        let executable = meta.permissions().mode() & 0o100 != 0;
        Ok(Stat { kind, executable, size: meta.len(), target })
    }

    fn prefetch_reader(&self) -> Option<Reader> {
        Some(Reader { code: Arc::new(read_code), folder: Arc::new(|at| read_folder(at).ok()) })
    }

    fn modified(&self, at: &[u8]) -> Result<u64, HostError> {
        let meta = std::fs::symlink_metadata(path(at)).map_err(|e| failed("getting status of", at, &e))?;
        Ok(u64::try_from(meta.mtime()).unwrap_or(0))
    }

    fn message(&self, text: &[u8]) {
        // The program's own output (`trace`) is not coloured.
        let known = [&b"error:"[..], b"warning:", b"evaluation warning:"].iter().any(|w| text.starts_with(w));
        let painted = match std::str::from_utf8(text) {
            Ok(text) if known && self.in_colour() => coloured(text, Words::Known),
            _ => String::new(),
        };
        let text = if painted.is_empty() { text } else { painted.as_bytes() };
        self.progress.beside(|| {
            let mut err = io::stderr().lock();
            // A closed standard error is ignored.
            let _ = err.write_all(text).and_then(|()| err.write_all(b"\n"));
        });
    }
}

/// Whether the environment allows colours, by Nix's rules.
fn wants_colour(host: &RealHost) -> bool {
    let smart = host.env(b"TERM").is_some_and(|term| term != b"dumb");
    let refused = [&b"NO_COLOR"[..], b"NOCOLOR"].into_iter().any(|name| host.env(name).is_some());
    smart && !refused
}

impl System for RealHost {
    fn in_colour(&self) -> bool {
        wants_colour(self) && io::stderr().is_terminal()
    }

    fn output_in_colour(&self) -> bool {
        wants_colour(self) && io::stdout().is_terminal()
    }

    fn output_with_links(&self) -> bool {
        wants_colour(self) && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)
    }

    fn machine(&self) -> String {
        rustix::system::uname().nodename().to_string_lossy().into_owned()
    }

    fn begin_progress(&self, text: &str) {
        if self.env(b"TERM").is_some_and(|term| term != b"dumb") {
            self.progress.begin(text);
        }
    }

    fn say_progress(&self, text: &str) {
        self.progress.say(text);
    }

    fn end_progress(&self) {
        self.progress.end();
    }

    fn current_dir(&self) -> io::Result<Vec<u8>> {
        std::env::current_dir().map(|dir| dir.into_os_string().into_vec())
    }

    fn read_input(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        io::stdin().lock().read_to_end(&mut text)?;
        Ok(text)
    }

    fn input(&self) -> Box<dyn BufRead> {
        Box::new(io::stdin().lock())
    }

    fn print(&self, bytes: &[u8]) -> io::Result<()> {
        self.progress.beside(|| {
            let mut out = io::stdout().lock();
            out.write_all(bytes).and_then(|()| out.flush())
        })
    }

    fn make_folder(&self, path: &[u8]) -> io::Result<()> {
        output::make_folder(path)
    }

    fn write_file(&self, path: &[u8], contents: &[u8]) -> io::Result<()> {
        output::write_file(path, contents)
    }

    fn make_link(&self, path: &[u8], target: &[u8]) -> io::Result<()> {
        output::make_link(path, target)
    }

    fn write_new_file(&self, folder: &[u8], name: &str, contents: &[u8]) -> io::Result<()> {
        output::write_new_file(folder, name, contents)
    }

    fn run_command(&self, program: &OsStr, args: &[OsString]) -> io::Result<CommandOutput> {
        command::run_command(program, args)
    }

    fn in_copies(&self, copies: &Copies<'_>, tell: &mut dyn FnMut(CopyEvent)) -> io::Result<()> {
        fork::run(copies, tell)
    }

    fn delegate(&self, work: &Delegate<'_>, tell: &mut dyn FnMut(Heard<'_>)) -> io::Result<CopyEnd> {
        delegate::run(work, tell)
    }

    fn crew(&self, crew: &Crew<'_>, foreman: &mut dyn Foreman) -> io::Result<()> {
        crew::run(crew, foreman)
    }

    fn cores(&self) -> usize {
        std::thread::available_parallelism().map_or(1, NonZero::get)
    }

    fn draw_progress(&self, text: &str) {
        if self.env(b"TERM").is_some_and(|term| term != b"dumb") {
            self.progress.draw(text);
        }
    }

    fn read_line(&self) -> Option<String> {
        if !io::stdin().is_terminal() {
            return None;
        }
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).ok()?;
        (read > 0).then_some(line)
    }

    fn remove_file(&self, at: &[u8]) -> io::Result<()> {
        std::fs::remove_file(path(at))
    }

    fn scratch_folder(&self, files: &[(&str, &[u8])]) -> io::Result<ScratchFolder> {
        command::scratch_folder(files)
    }

    fn has_room(&self, limits: Limits) -> bool {
        limits::has_room(limits)
    }

    fn watch(&self, limits: Limits, exceeded: Exceeded) {
        limits::watch(limits, exceeded);
    }
}
