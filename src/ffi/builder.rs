//! Configures sessions.

use std::ffi::{c_char, c_void};

use super::border::{border, both, change, given, path, text, there};
use super::error::nival_error;
use super::session::nival_session;
use super::text::nival_view;
use crate::{Session, SessionBuilder};

/// Configures a session. `nival_builder_open` makes one; `nival_builder_free` frees the builder.
pub struct nival_builder(Option<SessionBuilder>);

/// Receives a line that the evaluation prints, on the session's thread. It must not use the session.
pub type nival_message_callback = Option<extern "C" fn(line: nival_view, user_data: *mut c_void)>;

/// Receives the path and the contents of a derivation, on the session's thread. It must not use the session.
pub type nival_derivation_callback =
    Option<extern "C" fn(path: nival_view, contents: nival_view, user_data: *mut c_void)>;

/// What the caller gives with a callback.
struct UserData(*mut c_void);

// SAFETY: it is only passed to the callback, whose documentation says on which thread it runs.
unsafe impl Send for UserData {}

impl UserData {
    fn get(&self) -> *mut c_void {
        self.0
    }
}

/// Begins to configure a session that is like one of `nival_session_new`.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_new() -> Option<Box<nival_builder>> {
    border(std::ptr::null_mut(), || Ok(Box::new(nival_builder(Some(Session::builder())))))
}

/// Frees a builder; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_free(builder: Option<Box<nival_builder>>) {
    drop(builder);
}

/// Opens the session, which takes what the builder has.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_open(
    builder: Option<&mut nival_builder>,
    error: *mut *mut nival_error,
) -> Option<Box<nival_session>> {
    border(error, || Ok(Box::new(nival_session(there(given(builder)?.0.take())?.open()?))))
}

/// Sets the platform that `builtins.currentSystem` names.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_set_system(
    builder: Option<&mut nival_builder>,
    system: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(builder.map(|it| &mut it.0), error, text(system, length), |builder, system| builder.system(system))
}

/// Sets the folder at which relative paths begin, and relative to which comparisons name files.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_set_folder(
    builder: Option<&mut nival_builder>,
    folder: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(builder.map(|it| &mut it.0), error, path(folder, length), |builder, folder| builder.folder(folder))
}

/// Adds an entry to the search path.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_add_search_path(
    builder: Option<&mut nival_builder>,
    prefix: *const c_char,
    prefix_length: usize,
    folder: *const c_char,
    folder_length: usize,
    error: *mut *mut nival_error,
) -> bool {
    let arguments = both(text(prefix, prefix_length), path(folder, folder_length));
    change(builder.map(|it| &mut it.0), error, arguments, |builder, (prefix, folder)| {
        builder.search_path(prefix, folder)
    })
}

/// Whether the evaluation is pure (`pure-eval`).
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_set_pure(
    builder: Option<&mut nival_builder>,
    pure_evaluation: bool,
    error: *mut *mut nival_error,
) -> bool {
    change(builder.map(|it| &mut it.0), error, Ok(pure_evaluation), SessionBuilder::pure)
}

/// Whether only the files of the search path may be read (`restrict-eval`).
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_set_restricted(
    builder: Option<&mut nival_builder>,
    restricted: bool,
    error: *mut *mut nival_error,
) -> bool {
    change(builder.map(|it| &mut it.0), error, Ok(restricted), SessionBuilder::restricted)
}

/// Enables flakes.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_enable_flakes(
    builder: Option<&mut nival_builder>,
    error: *mut *mut nival_error,
) -> bool {
    change(builder.map(|it| &mut it.0), error, Ok(()), |builder, ()| builder.flakes())
}

/// Adds a folder with store objects.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_add_store(
    builder: Option<&mut nival_builder>,
    folder: *const c_char,
    length: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(builder.map(|it| &mut it.0), error, path(folder, length), |builder, folder| builder.store(folder))
}

/// Says where the contents of a URL are, because nothing is fetched.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_add_fetched(
    builder: Option<&mut nival_builder>,
    url: *const c_char,
    url_length: usize,
    file: *const c_char,
    file_length: usize,
    error: *mut *mut nival_error,
) -> bool {
    let arguments = both(text(url, url_length), path(file, file_length));
    change(builder.map(|it| &mut it.0), error, arguments, |builder, (url, file)| builder.fetched(url, file))
}

/// Sets how deep calls may be nested (`max-call-depth`).
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_set_max_call_depth(
    builder: Option<&mut nival_builder>,
    depth: usize,
    error: *mut *mut nival_error,
) -> bool {
    change(builder.map(|it| &mut it.0), error, Ok(depth), SessionBuilder::max_call_depth)
}

/// Reads the files of a git repository, which a path is in, as they are in a revision.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_set_revision(
    builder: Option<&mut nival_builder>,
    repository: *const c_char,
    repository_length: usize,
    revision: *const c_char,
    revision_length: usize,
    error: *mut *mut nival_error,
) -> bool {
    let arguments = both(path(repository, repository_length), text(revision, revision_length));
    change(builder.map(|it| &mut it.0), error, arguments, |builder, (repository, revision)| {
        builder.revision(repository, revision)
    })
}

/// Whether the evaluation of configurations notes which options a value was computed from. It does if nothing else is said.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_set_dependencies(
    builder: Option<&mut nival_builder>,
    dependencies: bool,
    error: *mut *mut nival_error,
) -> bool {
    change(builder.map(|it| &mut it.0), error, Ok(dependencies), SessionBuilder::dependencies)
}

/// Uses the code cache, and extends it when the session ends.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_use_code_cache(
    builder: Option<&mut nival_builder>,
    error: *mut *mut nival_error,
) -> bool {
    change(builder.map(|it| &mut it.0), error, Ok(()), |builder, ()| builder.code_cache())
}

/// Passes the lines that the evaluation prints to a callback. Without it, they go to standard error.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_on_message(
    builder: Option<&mut nival_builder>,
    callback: nival_message_callback,
    user_data: *mut c_void,
    error: *mut *mut nival_error,
) -> bool {
    let user_data = UserData(user_data);
    change(builder.map(|it| &mut it.0), error, given(callback), |builder, callback| {
        builder.on_message(move |line| callback(nival_view::bytes(line), user_data.get()))
    })
}

/// Passes each derivation that the evaluation makes to a callback.
#[unsafe(no_mangle)]
pub extern "C" fn nival_builder_on_derivation(
    builder: Option<&mut nival_builder>,
    callback: nival_derivation_callback,
    user_data: *mut c_void,
    error: *mut *mut nival_error,
) -> bool {
    let user_data = UserData(user_data);
    change(builder.map(|it| &mut it.0), error, given(callback), |builder, callback| {
        builder.on_derivation(move |path, contents| {
            callback(nival_view::of(path), nival_view::bytes(contents), user_data.get());
        })
    })
}
