//! `nival completions` and `nival man`: what a package ships beside the program, made from the commands' own descriptions.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

use clap::{Command, CommandFactory as _};
use clap_complete::generate;
use clap_mangen::Man;

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::console::{Console, Exit};
use super::eval_flags;
use crate::eval::{Error, ErrorKind, Res};
use crate::syntax::absolute;

/// Prints a shell's completions.
pub fn completions(console: &Console, args: &CompletionsArgs) -> Exit {
    let mut out = Vec::new();
    generate(args.shell, &mut whole(), "nival", &mut out);
    finish(console, console.print(&out))
}

/// Prints a page of the manual, or writes all of them.
pub fn man(console: &Console, args: &ManArgs) -> Exit {
    let pages = pages();
    let result = match (&args.output, &args.command) {
        (Some(folder), _) => pages.iter().try_for_each(|(name, page)| write(console, folder, name, page)),
        (None, command) => {
            let name = command.as_ref().map_or("nival".to_owned(), |command| format!("nival-{command}"));
            match pages.iter().find(|(page, _)| *page == name) {
                Some((_, page)) => console.print(page),
                None => Err(Error::new(ErrorKind::Usage, format!("there is no page '{name}'"))),
            }
        }
    };
    finish(console, result)
}

fn finish(console: &Console, result: Res<()>) -> Exit {
    match result {
        Ok(()) => Exit::OK,
        Err(e) if e.data().kind == ErrorKind::Usage => console.misused(&e, "nival man"),
        Err(e) => {
            console.fail(&format!("error: {}", e.data().message));
            Exit::TROUBLE
        }
    }
}

/// All commands with all their flags.
fn whole() -> Command {
    Cli::command().mut_subcommand("eval", eval_flags::described)
}

/// The pages of the manual by their names: one for the program and one for each command.
fn pages() -> Vec<(String, Vec<u8>)> {
    let mut command = whole().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    collect(&command, "nival", &mut pages);
    pages
}

fn collect(command: &Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) {
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        collect(below, &format!("{name}-{}", below.get_name()), pages);
    }
    let mut page = Vec::new();
    let source = concat!("nival ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).title(name).source(source).manual("nival");
    // Writing to memory cannot fail.
    let _ = man.render(&mut page);
    pages.push((name.to_owned(), page));
}

fn write(console: &Console, folder: &OsString, name: &str, page: &[u8]) -> Res<()> {
    let folder = absolute(folder.as_bytes(), &console.current_dir()?);
    let path = [&folder[..], b"/", name.as_bytes(), b".1"].concat();
    let shown = String::from_utf8_lossy(&path).into_owned();
    let done = console.host.make_folder(&folder).and_then(|()| console.host.write_file(&path, page));
    done.map_err(|e| Error::new(ErrorKind::System, format!("writing '{shown}': {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum as _;
    use clap_complete::Shell;

    #[test]
    fn every_command_has_a_page_with_its_flags() {
        let pages = pages();
        let page = |name: &str| {
            let found = pages.iter().find(|(page, _)| page == name);
            String::from_utf8_lossy(&found.expect("the page").1).replace('\\', "")
        };
        for command in Cli::command().get_subcommands() {
            assert!(
                page(&format!("nival-{}", command.get_name())).contains(".SH OPTIONS"),
                "{}",
                command.get_name()
            );
        }
        assert!(page("nival").contains("nival-option(1)"));
        assert!(page("nival-eval").contains("--write-drvs"));
        assert!(page("nival-option").contains("--print-files"));
    }

    #[test]
    fn every_shell_completes_flags_of_eval_and_of_other_commands() {
        for shell in Shell::value_variants() {
            let mut out = Vec::new();
            generate(*shell, &mut whole(), "nival", &mut out);
            let out = String::from_utf8_lossy(&out);
            assert!(out.contains("write-drvs") && out.contains("print-files"), "{shell}");
        }
    }
}
