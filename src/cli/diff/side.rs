//! One side of a comparison: configurations that are evaluated on a thread of their own.

use std::ffi::OsString;
use std::thread::JoinHandle;

use crate::cli::args::OpenArgs;
use crate::cli::beside::{self, Answer};
use crate::cli::console::Console;
use crate::cli::revisions::Revision;
use crate::cli::{asking, opening};
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::options::compare::{Asked, Details, Fact, Facts, Question, Renames};
use crate::options::{NamedPaths, Opened, Opening, find};

/// A way to a configuration.
#[derive(Clone)]
pub struct Way {
    /// The modules, if it has any.
    pub modules: Vec<OsString>,
    /// The other flags.
    pub open: OpenArgs,
    /// The file among them that is compared with one of another name.
    pub own: Option<OsString>,
    /// Whether the other side has another nixpkgs.
    pub has_own_tree: bool,
    /// The revision that files are read from.
    pub revision: Option<Revision>,
    /// The work tree of a flake that is read from a revision.
    pub flake_root: Option<String>,
}

/// The facts about a configuration's options.
///
/// # Errors
/// Wrong flags, and files that do not exist.
pub fn facts(console: &Console, ev: &Evaluator, way: &Way, asked: Asked) -> Res<Facts> {
    let opening = opening::of(console, ev, &way.modules, &way.open, way.open.root.as_ref())?;
    check(ev, way)?;
    let say = |name: &str| console.host.say_progress(name);
    let configuration = opening.open(ev);
    let asked = Asked { renames: renames(ev, &opening, way), ..asked };
    let found = configuration.and_then(|configuration| -> Res<Vec<Fact>> {
        Opened::new(ev, configuration)?.facts(configuration, &asked, &say)
    });
    match found {
        Err(e) if e.data().kind == ErrorKind::Usage => Err(e),
        found => Facts::of(ev, found, &asked.renames, way.own.as_ref()),
    }
}

/// What there is to say about options that differ. Of a configuration that cannot be evaluated, nothing.
pub fn details(console: &Console, way: &Way, questions: Vec<Question>) -> JoinHandle<Answer<Details>> {
    let (names, own_way) = (console.clone(), way.clone());
    beside::start(console, &way.open.evaluator, way.revision.clone(), true, move |ev| {
        let way = &own_way;
        ev.track_reads();
        let opening = opening::of(&names, ev, &way.modules, &way.open, way.open.root.as_ref())?;
        let configuration = opening.open(ev);
        let renames = renames(ev, &opening, way);
        let opened = configuration.and_then(|configuration| Opened::new(ev, configuration));
        let mut details = match opened {
            Ok(opened) => opened.details(&questions, &renames)?,
            Err(e) => {
                ev.caught(&e);
                Details { folders: renames.places.clone(), ..Details::default() }
            }
        };
        details.own = way.own.as_ref().map(|own| renames.file(ev, own)).transpose()?;
        if let Opening::Flake { .. } = opening {
            // The texts are read without the evaluator, which alone has the store paths.
            let place = |folder: &str| ev.objects.place(folder.as_bytes());
            let roots = asking::roots(ev, &opening);
            let named = roots.named().map(|(folder, name)| {
                let real = place(&folder).map(|real| String::from_utf8_lossy(&real).into_owned());
                let real = real.or_else(|| way.flake_root.clone().filter(|_| name == "."));
                (real.unwrap_or(folder), name)
            });
            details.folders = NamedPaths::new(named.collect::<Vec<_>>());
        }
        Ok(details)
    })
}

/// Checks that the files exist which the flags name.
fn check(ev: &Evaluator, way: &Way) -> Res<()> {
    for name in way.modules.iter().chain(&way.open.files) {
        let path = find(ev, name)?;
        if ev.host.resolve(&path).is_err() {
            let at = way.revision.as_ref().map(|it| format!(" at '{}'", it.name)).unwrap_or_default();
            let message = format!("'{}' does not exist{at}", name.to_string_lossy());
            return Err(Error::new(ErrorKind::Usage, message));
        }
    }
    Ok(())
}

/// The names of the folders of a configuration.
fn renames(ev: &Evaluator, opening: &Opening, way: &Way) -> Renames {
    let folders: Vec<_> = asking::roots(ev, opening).named().collect();
    Renames::of(opening, &folders, way.has_own_tree)
}
