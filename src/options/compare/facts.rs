//! One configuration's options, taken out of its evaluator.

use std::ffi::OsString;

use super::parts::{FileNames, Part};
use super::renames::Renames;
use crate::eval::{Error, Evaluator, Res};
use crate::heap::Sym;
use crate::modules::show_option;
use crate::native::lossy;
use crate::options::aliases::is_hidden;
use crate::options::opened::Opened;
use crate::options::plain::{Bounds, Failure, Plain};
use crate::options::tree::{Found, Item};
use crate::options::{Configuration, OptionInfo, ended};
use crate::source::Pos;
use crate::value::Value;

/// An option, or a value that no option declares.
#[derive(Debug, Clone)]
pub struct Fact {
    /// What there is to say about it.
    pub about: OptionInfo,
    /// The definitions of the parts of its value.
    pub parts: Vec<(String, Part)>,
    /// Whether it is one that users see.
    pub is_visible: bool,
    /// Whether it is hidden, as old names of options are.
    pub is_hidden: bool,
}

/// What there is to say about a configuration.
#[derive(Debug, Clone)]
pub struct Facts {
    /// All options, in the order of their paths; or why it cannot be evaluated.
    pub options: Result<Vec<Fact>, Failure>,
    /// The file that is compared with one of another name.
    pub own: Option<String>,
    /// The store's folder, with a slash at its end.
    pub store: String,
}

impl Facts {
    /// What was found about a configuration, or the error that prevents evaluating it. `own` names the file that is compared with
    /// one of another name.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn of(
        ev: &Evaluator,
        found: Res<Vec<Fact>>,
        renames: &Renames,
        own: Option<&OsString>,
    ) -> Res<Facts> {
        let options = found.map_err(|e| {
            let mut failure = Failure::of(ev, &e);
            renames.failure(&mut failure);
            failure
        });
        let own = own.map(|own| renames.file(ev, own)).transpose()?;
        Ok(Facts { options, own, store: ended(&ev.settings.store_dir) })
    }
}

/// What is asked of a configuration.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Options and sets of options; if there are none, all.
    pub below: Vec<Vec<Vec<u8>>>,
    /// Whether descriptions matter.
    pub descriptions: bool,
    /// The names of folders.
    pub renames: Renames,
}

/// Receives the name of each option that is being evaluated.
pub type Say<'a> = &'a dyn Fn(&str);

impl Opened<'_> {
    /// The facts about the options that are asked for. A renamed or removed option, which users do not see, is among
    /// them only if something defines it.
    ///
    /// # Errors
    /// An error that prevents evaluating the modules at all.
    pub fn facts(&self, configuration: Configuration, asked: &Asked, say: Say<'_>) -> Res<Vec<Fact>> {
        let everything = [Vec::new()];
        let below = if asked.below.is_empty() { &everything[..] } else { &asked.below };
        let mut facts = Vec::new();
        let mut files = FileNames::new(&asked.renames);
        for path in below {
            let path: Vec<Sym> =
                path.iter().map(|name| Ok(self.ev.mem.heap.intern(name)?)).collect::<Res<_>>()?;
            match self.find(&path) {
                Found::Set(level) => self.each(level, &path, true, &mut |at, item| {
                    match item {
                        Item::Option(option) => {
                            facts.extend(self.fact(at, Some(option), asked, say, &mut files));
                        }
                        Item::Failed(e) => facts.push(self.failing(at, &e)),
                        Item::Level => {}
                    }
                    Ok(())
                })?,
                Found::Option { option, names } => {
                    let option = Some(option).filter(|_| names == path.len());
                    facts.extend(self.fact(&path, option, asked, say, &mut files));
                }
                Found::Failed { error, .. } => facts.push(self.failing(&path, &error)),
                // It may be an option of the other configuration, or a value that no option declares.
                Found::Missing { .. } => {}
            }
        }
        let values = configuration.values(self.ev, &asked.below)?;
        self.undeclared(values, &mut Vec::new(), &mut |at| {
            let is_asked = |wanted: &Vec<Vec<u8>>| {
                let names = at.iter().map(|name| self.ev.mem.heap.name(*name));
                at.len() >= wanted.len() && names.zip(wanted).all(|(name, wanted)| name == &wanted[..])
            };
            if asked.below.is_empty() || asked.below.iter().any(is_asked) {
                facts.extend(self.fact(at, None, asked, say, &mut files));
            }
        });
        for fact in &mut facts {
            asked.renames.about(&mut fact.about);
        }
        facts.sort_by(|a, b| a.about.loc.cmp(&b.about.loc));
        facts.dedup_by(|a, b| a.about.loc == b.about.loc);
        Ok(facts)
    }

    fn fact(
        &self,
        at: &[Sym],
        option: Option<Value>,
        asked: &Asked,
        say: Say<'_>,
        files: &mut FileNames<'_>,
    ) -> Option<Fact> {
        say(&self.show(at));
        let is_visible = option.is_none_or(|option| self.is_visible(option));
        let is_hidden = option.is_some_and(|option| is_hidden(self.ev, option));
        let found = match self.definitions(at) {
            Ok(found) => found,
            Err(e) => return Some(self.failing(at, &e)),
        };
        if is_hidden && !found.is_set() {
            return None;
        }
        let mut about = self.outline(at, &found, Bounds::COMPARED);
        let parts = self.parts(at, &about, &found, files);
        unset(&mut about.loc.clone(), &mut about.value);
        if !asked.descriptions {
            about.description = None;
        }
        Some(Fact { about, parts, is_visible, is_hidden })
    }

    fn failing(&self, at: &[Sym], e: &Error) -> Fact {
        Fact { about: self.failed(at, e), parts: Vec::new(), is_visible: true, is_hidden: false }
    }

    /// Visits the values of a tree that are at no option. Errors above them are those of options.
    fn undeclared(&self, level: Value, path: &mut Vec<Sym>, visit: &mut dyn FnMut(&[Sym])) {
        let ev = self.ev;
        let Ok(_depth) = ev.enter(Pos::NONE) else {
            return;
        };
        for entry in ev.mem.entries_by_name(level) {
            path.push(entry.name);
            match self.find(path) {
                Found::Set(_) => {
                    if let Ok(below) = ev.force(entry.slot)
                        && below.is_attrs()
                    {
                        self.undeclared(below, path, visit);
                    }
                }
                Found::Missing { .. } => visit(path),
                Found::Option { .. } | Found::Failed { .. } => {}
            }
            path.pop();
        }
    }
}

/// Marks the parts of a value that are options without a value: that is no failure, as long as nothing reads them.
fn unset(path: &mut Vec<String>, value: &mut Plain) {
    match value {
        Plain::Failed(failure) => {
            let name = lossy(&show_option(path.iter().map(|name| name.as_bytes())));
            let of =
                ["The option `", "' was accessed but has no value defined.", "' is used but not defined."];
            let option = failure.message.strip_prefix(of[0]).and_then(|rest| {
                of[1..].iter().find_map(|end| rest.split_once(end)).map(|(option, _)| option)
            });
            if option.is_some_and(|option| name == option || name.ends_with(&format!(".{option}"))) {
                *value = Plain::Opaque("unset");
            }
        }
        Plain::Set(entries) => {
            for (name, value) in entries {
                path.push(name.clone());
                unset(path, value);
                path.pop();
            }
        }
        _ => {}
    }
}
