//! `nival check --review`: asks for each snapshot that differs whether to write it.

use super::console::Console;
use crate::eval::{Error, ErrorKind, Res};
use crate::suite::{Case, State, Suite, review_text, write};

/// Asks about the cases whose snapshots differ or are missing.
///
/// # Errors
/// An error of a snapshot's file, and when nobody is there to answer.
pub fn review(
    console: &Console,
    suite: &Suite,
    cases: &mut dyn Iterator<Item = &mut Case>,
    colour: bool,
) -> Res<()> {
    let mut all = false;
    for case in cases.filter(|case| matches!(case.state, State::New | State::Changed)) {
        if !all {
            console.print(format!("{}\n", review_text(case, colour)).as_bytes())?;
            match ask(console)? {
                'y' => {}
                'a' => all = true,
                'q' => return Ok(()),
                _ => continue,
            }
        }
        write(&*console.host, suite, case)?;
    }
    Ok(())
}

/// The answer to the question whether to write a snapshot.
fn ask(console: &Console) -> Res<char> {
    loop {
        console.print(b"write this snapshot? [y]es, [n]o, [a]ll that follow, [q]uit: ")?;
        let Some(line) = console.host.read_line() else {
            console.print(b"\n")?;
            let message = "--review asks on a terminal, and standard input is none, or has ended";
            return Err(
                Error::new(ErrorKind::Usage, message).help("nival check --accept writes all snapshots")
            );
        };
        let answer = line.trim().to_lowercase();
        match answer.as_str() {
            "y" | "yes" => return Ok('y'),
            "n" | "no" => return Ok('n'),
            "a" | "all" => return Ok('a'),
            "q" | "quit" => return Ok('q'),
            _ => {}
        }
    }
}
