//! Runs other programs, and makes temporary folders for their files.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

/// The output of a program, and whether it succeeded.
#[derive(Debug, Clone)]
pub struct CommandOutput {
    /// Exit code 0.
    pub success: bool,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}

/// A folder in the system's temporary directory, removed on drop.
#[derive(Debug)]
pub struct ScratchFolder {
    path: PathBuf,
}

impl ScratchFolder {
    /// Its absolute path.
    pub fn path(&self) -> &[u8] {
        self.path.as_os_str().as_bytes()
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        // A folder that cannot be removed is left behind.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// Runs a program to completion, without input.
pub(super) fn run_command(program: &OsStr, args: &[OsString]) -> io::Result<CommandOutput> {
    let out = std::process::Command::new(program).args(args).stdin(std::process::Stdio::null()).output()?;
    Ok(CommandOutput { success: out.status.success(), stdout: out.stdout, stderr: out.stderr })
}

/// Makes a folder with these files (relative path, contents).
pub(super) fn scratch_folder(files: &[(&str, &[u8])]) -> io::Result<ScratchFolder> {
    let base = std::env::temp_dir();
    let mut attempt = 0u32;
    let path = loop {
        let path = base.join(format!("nival-{}-{attempt}", std::process::id()));
        match std::fs::create_dir(&path) {
            Ok(()) => break path,
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && attempt < 1000 => attempt += 1,
            Err(e) => return Err(e),
        }
    };
    let folder = ScratchFolder { path };
    for (name, contents) in files {
        let file = folder.path.join(name);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(file, contents)?;
    }
    Ok(folder)
}
