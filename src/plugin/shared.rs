//! Finds the C API of the Nix that is running.
//!
//! `libnixexprc` is a library beside `libnixexpr`, which a Nix with shared libraries has loaded already. A `libnixexprc` that belongs to
//! another `libnixexpr` would load that as well, and crash: so it is opened only if it asks for the one that is there.

use std::ffi::{CStr, CString, c_int, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use object::Endianness;
use object::elf::DT_NEEDED;
use object::read::elf::{Dyn as _, ElfFile64};

use crate::host::{Host as _, RealHost};

/// The evaluator's library; a version follows.
const EVALUATOR: &str = "libnixexpr.so";
/// The library with the evaluator's C API; the same version follows.
const C_API: &str = "libnixexprc.so";
/// The variable that names the folder of the C API where it is not that of the evaluator.
const FOLDER: &[u8] = b"NIVAL_NIX_LIBRARIES";

/// An open library.
pub struct Library(*mut c_void);

/// Finds and opens the C API.
///
/// # Errors
/// When Nix has none, or one that does not belong to it.
pub fn find() -> Result<Library, String> {
    let evaluator = loaded(EVALUATOR)
        .ok_or("this Nix has no shared library libnixexpr, so its functions cannot be found")?;
    let name = evaluator.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let version = name.strip_prefix(EVALUATOR).unwrap_or_default();
    let host = RealHost::new();
    let given = host.env(FOLDER).filter(|folder| !folder.is_empty());
    let folder = match &given {
        Some(folder) => Path::new(std::ffi::OsStr::from_bytes(folder)),
        None => evaluator.parent().unwrap_or(Path::new("/")),
    };
    let path = folder.join(format!("{C_API}{version}"));
    let shown = path.display();
    let Ok(contents) = host.read_file(path.as_os_str().as_bytes()) else {
        return Err(format!("there is no C API in '{shown}'"));
    };
    if !needed(&contents).contains(&name) {
        return Err(format!("'{shown}' does not belong to '{}'", evaluator.display()));
    }
    Library::open(&path)
}

/// The libraries that a library asks for.
fn needed(contents: &[u8]) -> Vec<String> {
    let Ok(file) = ElfFile64::<Endianness>::parse(contents) else {
        return Vec::new();
    };
    let (endian, sections) = (file.endian(), file.elf_section_table());
    let Ok(Some((entries, link))) = sections.dynamic(endian, contents) else {
        return Vec::new();
    };
    let Ok(strings) = sections.strings(endian, contents, link) else {
        return Vec::new();
    };
    let needed = entries.iter().filter(|entry| entry.tag(endian) == DT_NEEDED);
    let names = needed.filter_map(|entry| entry.string(endian, strings).ok());
    names.map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}

/// What is looked for among the libraries of the process.
struct Search {
    begin: &'static str,
    found: Option<PathBuf>,
}

/// The path of a library of the process whose name begins like this.
fn loaded(begin: &'static str) -> Option<PathBuf> {
    let mut search = Search { begin, found: None };
    // SAFETY: the callback gets this very `Search`, which lives until the call returns.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut search).cast()) };
    search.found
}

/// Looks at one library; anything but 0 ends the search.
extern "C" fn look(info: *mut libc::dl_phdr_info, _: usize, search: *mut c_void) -> c_int {
    // SAFETY: the loader passes a valid description with a name or null, and `search` as it was given.
    let (name, search) = unsafe {
        let name = (*info).dlpi_name;
        if name.is_null() {
            return 0;
        }
        (CStr::from_ptr(name), &mut *search.cast::<Search>())
    };
    let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
    let is_that = path.file_name().is_some_and(|name| name.as_bytes().starts_with(search.begin.as_bytes()));
    if is_that {
        search.found = Some(path.to_owned());
    }
    c_int::from(is_that)
}

impl Library {
    fn open(path: &Path) -> Result<Library, String> {
        let name = CString::new(path.as_os_str().as_bytes()).map_err(|e| e.to_string())?;
        // SAFETY: the name is a string; the library is one of the running Nix, whose initialisers may run here.
        let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if !handle.is_null() {
            return Ok(Library(handle));
        }
        // SAFETY: after a failure, the loader returns a string of its own, or null.
        let why = unsafe {
            let why = libc::dlerror();
            if why.is_null() { None } else { Some(CStr::from_ptr(why).to_string_lossy().into_owned()) }
        };
        Err(why.unwrap_or_else(|| format!("'{}' cannot be opened", path.display())))
    }

    /// The address of a function, of the library or of those that it needs.
    ///
    /// # Errors
    /// When there is none.
    pub fn symbol(&self, name: &'static CStr) -> Result<*mut c_void, String> {
        // SAFETY: the handle is of an open library, which is never closed.
        let found = unsafe { libc::dlsym(self.0, name.as_ptr()) };
        match found.is_null() {
            true => Err(format!("this Nix has no function '{}'", name.to_string_lossy())),
            false => Ok(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_the_process_and_what_they_need_are_found() {
        let libc = loaded("libc.so").expect("the C library");
        let contents = RealHost::new().read_file(libc.as_os_str().as_bytes()).expect("its file");
        assert!(needed(&contents).iter().any(|name| name.starts_with("ld-")), "{:?}", needed(&contents));
        assert!(needed(b"no library").is_empty());
        assert_eq!(loaded("libnixexpr.so"), None);
    }
}
