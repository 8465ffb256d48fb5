//! Writes the result of a command where its flags say.

use std::os::unix::ffi::OsStrExt as _;

use super::args::{Colour, OutputArgs};
use super::console::Console;
use crate::eval::{Error, ErrorKind, Res};
use crate::report::Roots;
use crate::syntax::absolute;

/// Whether the result is coloured: on a terminal, unless `--color` or `NO_COLOR` say otherwise.
pub fn in_colour(console: &Console, args: &OutputArgs) -> bool {
    match args.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => args.output.is_none() && console.host.output_in_colour(),
    }
}

/// Makes places links to files, on a terminal that knows links.
pub fn with_links(console: &Console, args: &OutputArgs, roots: Roots) -> Roots {
    let linked = args.color != Colour::Never && args.output.is_none() && console.host.output_with_links();
    if linked { roots.with_links(console.host.machine()) } else { roots }
}

/// Writes a result to standard output, or to the file that `-o` names, relative to a folder.
///
/// # Errors
/// An error of the file or of standard output.
pub fn write(console: &Console, folder: &[u8], args: &OutputArgs, text: &[u8]) -> Res<()> {
    let Some(file) = &args.output else {
        return console.print(text);
    };
    let path = absolute(file.as_bytes(), folder);
    console
        .host
        .write_file(&path, text)
        .map_err(|e| Error::new(ErrorKind::System, format!("writing '{}': {e}", file.to_string_lossy())))
}

/// Adds a text to the summary of the step in which GitHub runs this.
///
/// # Errors
/// An error of the file.
pub fn summarise(console: &Console, text: &str) -> Res<()> {
    append(console, b"GITHUB_STEP_SUMMARY", text)
}

/// Sets an output of the step in which GitHub runs this.
///
/// # Errors
/// An error of the file.
pub fn step_output(console: &Console, name: &str, value: usize) -> Res<()> {
    append(console, b"GITHUB_OUTPUT", &format!("{name}={value}\n"))
}

/// Adds a text to the file that an environment variable names.
fn append(console: &Console, variable: &[u8], text: &str) -> Res<()> {
    let Some(file) = console.host.env(variable).filter(|file| !file.is_empty()) else {
        return Ok(());
    };
    let before = console.host.read_file(&file).unwrap_or_default();
    console.host.write_file(&file, &[&before[..], text.as_bytes()].concat()).map_err(|e| {
        let file = String::from_utf8_lossy(&file).into_owned();
        Error::new(ErrorKind::System, format!("writing '{file}': {e}"))
    })
}
