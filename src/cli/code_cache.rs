//! `nival cache`: shows the location and size of the code cache, and clears it.

use super::args::{CacheArgs, CacheCommand};
use super::console::{Console, Exit};
use crate::eval::{Error, ErrorKind, Settings, code_version};
use crate::host::{CacheInfo, CodeCache};

/// Runs `nival cache`.
pub fn run(console: &Console, args: &CacheArgs) -> Exit {
    let host = &*console.host;
    let Some(cache) = CodeCache::locate(host, code_version(&Settings::default(), host)) else {
        console.fail(
            "error: there is no place for a cache: none of NIVAL_CACHE_DIR, XDG_CACHE_HOME and HOME is set",
        );
        return Exit::FAILED;
    };
    let folder = String::from_utf8_lossy(cache.folder()).into_owned();
    let done = match args.command {
        CacheCommand::Info => match cache.info() {
            Ok(found) => console.print(info(&folder, &found).as_bytes()),
            Err(e) => {
                Err(Error::new(ErrorKind::System, format!("the code cache in '{folder}' is not used: {e}")))
            }
        },
        CacheCommand::Clear => cache.clear_all().map_err(|e| {
            Error::new(ErrorKind::System, format!("the code cache in '{folder}' is not removed: {e}"))
        }),
    };
    match done {
        Ok(()) => Exit::OK,
        Err(e) => {
            console.fail(&format!("error: {}", e.data().message));
            Exit::FAILED
        }
    }
}

fn info(folder: &str, info: &CacheInfo) -> String {
    let CacheInfo { bytes, current, files } = info;
    format!("folder   {folder}\nsize     {bytes} bytes\ncurrent  {current} bytes in {files} files\n")
}
