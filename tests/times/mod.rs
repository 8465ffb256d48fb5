//! Modification times, which are part of what a flake says of itself.

use std::path::Path;
use std::time::{Duration, SystemTime};

/// Sets the modification times of a folder and of what is in it, always to the same.
pub fn set_times(path: &Path) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder").flatten() {
            set_times(&entry.path());
        }
    }
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    std::fs::File::open(path).and_then(|file| file.set_modified(time)).expect("a time");
}
