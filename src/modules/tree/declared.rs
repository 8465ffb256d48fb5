//! The declared names of a level, and the options they denote.

use smallvec::SmallVec;

use super::base::base_yields;
use super::level::{Groups, Level, LevelParts, Named};
use crate::eval::{Error, Evaluator, Object as _, Res, Row as _, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::declarations::{Decl, eval_option, not_an_option, option_set};
use crate::modules::loading::is_base;
use crate::modules::messages;
use crate::modules::types::Services;
use crate::native::{appended, attrs, get, is_type, or_null, record, share, text_of, throw};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, slot};

/// The declarations of a name.
type Decls = SmallVec<[Decl; 2]>;

suspended! {
    /// The kind of each name of a level.
    struct Kinds { level } []
}

impl Kinds<&Slot> {
    fn element(self, ev: &Evaluator, name: usize) -> Res<Value> {
        Level::of(peek(self.level)).find_kind(ev, name)?.word(ev)
    }
}

suspended! {
    /// The option or the set of options that each name of a level denotes.
    struct Options { level } []
}

impl Options<&Slot> {
    fn element(self, ev: &Evaluator, name: usize) -> Res<Value> {
        Level::of(peek(self.level)).option(ev, name)
    }
}

suspended! {
    /// The definitions of each name of a level.
    struct Definitions { level } []
}

impl Definitions<&Slot> {
    fn element(self, ev: &Evaluator, name: usize) -> Res<Value> {
        Level::of(peek(self.level)).definitions(ev, name)
    }
}

suspended! {
    /// The definitions of each name of a level, as the definitions of the level below.
    struct ConfigsBelow { level } []
}

impl ConfigsBelow<&Slot> {
    fn element(self, ev: &Evaluator, name: usize) -> Res<Value> {
        let level = Level::of(peek(self.level));
        level.configs_below(ev, name)
    }
}

impl Level {
    /// Groups the declarations by name.
    pub(super) fn find_groups(ev: &Evaluator, level: Level) -> Res<Value> {
        let mut found: Vec<(Sym, &Slot, &Slot, Pos)> = Vec::new();
        let mut sources = 0;
        for decl in Decl::all(ev, ev.force(level.decls(ev))?) {
            let tree = ev.force(decl.options)?;
            if !tree.is_attrs() {
                return Err(no_declaration(ev, level, tree)?);
            }
            let entries = ev.mem.entries(tree);
            sources += usize::from(!entries.is_empty());
            found.extend(entries.into_iter().map(|e| (e.name, decl.file, e.slot, e.pos)));
        }
        if sources > 1 {
            found.sort_by_key(|(name, ..)| *name);
        }
        let (mut names, mut decls) = (Vec::new(), Vec::new());
        for group in found.chunk_by(|a, b| a.0 == b.0) {
            let mut of_name = SmallVec::<[Decl; 3]>::new();
            for (name, file, options, pos) in group {
                if of_name.is_empty() {
                    names.push(Value::symbol(*name));
                }
                of_name.push(Decl { file: share(ev, file)?, options: share(ev, options)?, pos: *pos });
            }
            decls.push(Decl::list(ev, &of_name)?);
        }
        let kinds = ev.delayed_list(Kinds { level: level.word() }, names.len())?;
        let groups = Groups { names: ev.mem.list(&names)?, decls: ev.mem.list(&decls)?, kinds };
        Ok(ev.mem.list(&groups.words())?)
    }

    /// Makes the set of options.
    pub(super) fn find_options(ev: &Evaluator, level: Level) -> Res<Value> {
        let names = level.names(ev)?;
        let options = ev.delays(Options { level: level.word() })?;
        let mut set = AttrsBuilder::with_capacity(names.len());
        for (i, name) in names.into_iter().enumerate() {
            set.push(name, Value::native(i, options));
        }
        Ok(ev.mem.attrs(set)?)
    }

    /// The declarations of a name, without those of base modules that yield.
    fn decls_of(self, ev: &Evaluator, name: usize) -> Res<Decls> {
        let mut decls = self.all_decls_of(ev, name)?;
        if decls.len() > 1 && self.has_base(ev) && base_yields(ev, &decls)? {
            let mut own = Decls::new();
            for decl in decls {
                if !is_base(ev, decl.file)? {
                    own.push(decl);
                }
            }
            decls = own;
        }
        Ok(decls)
    }

    /// The declarations of a name.
    pub(super) fn all_decls_of(self, ev: &Evaluator, name: usize) -> Res<Decls> {
        let decls = peek(self.grouped(ev)?.decls);
        Decl::all(ev, peek(&ev.mem.items(decls)[name])).map(|words| words.decl(ev)).collect()
    }

    fn find_kind(self, ev: &Evaluator, name: usize) -> Res<Named> {
        let decls = self.decls_of(ev, name)?;
        let mut options = 0;
        for decl in &decls {
            if let Some(tag) = get(ev, decl.options, sym!("_type")) {
                if !is_type(ev, decl.options, b"option")? {
                    ev.force(tag)?;
                    return Err(not_an_option(ev, self.path_of(ev, name)?, tag, decl.file));
                }
                options += 1;
            }
        }
        if options == decls.len() {
            return Ok(Named::Option);
        }
        if options > 0 {
            self.check_submodules(ev, name, &decls)?;
            return Ok(Named::Submodules);
        }
        let below = ev.delays(ConfigsBelow { level: self.word() })?;
        let decls = match self.has_base(ev) {
            true => Decl::list(ev, &decls)?,
            false => peek(&ev.mem.items(peek(self.grouped(ev)?.decls))[name]),
        };
        let parts = LevelParts {
            context: peek(self.context(ev)),
            loc: self.path_of(ev, name)?,
            decls,
            configs: Value::native(name, below),
        };
        Ok(Named::Below(Level::new(ev, parts)?))
    }

    /// Fails if some declarations of a name are options and others are sets of options, unless all the
    /// options are submodules.
    fn check_submodules(self, ev: &Evaluator, name: usize, decls: &[Decl]) -> Res<()> {
        let mut first = None;
        let mut all_submodules = true;
        for decl in decls {
            if is_type(ev, decl.options, b"option")? {
                first = first.or(Some(decl));
                all_submodules = all_submodules && has_submodule_type(ev, decl.options)?;
            }
        }
        match first {
            Some(first) if !all_submodules => Err(no_parent(ev, self.path_of(ev, name)?, decls, first)?),
            _ => Ok(()),
        }
    }

    /// The option or the set of options that a name denotes.
    fn option(self, ev: &Evaluator, name: usize) -> Res<Value> {
        let submodules = match self.kind(ev, name)? {
            Named::Below(level) => return ev.force(level.matched(ev)),
            Named::Submodules => true,
            Named::Option => false,
        };
        let mut decls = self.decls_of(ev, name)?;
        let shared = self.shared(ev);
        if submodules {
            for decl in &mut decls {
                if !is_type(ev, decl.options, b"option")? {
                    decl.options = tree_as_option(ev, share(ev, shared.lib)?, decl.options)?;
                }
            }
        }
        let definitions = Value::native(name, ev.delays(Definitions { level: self.word() })?);
        eval_option(ev, self.path_of(ev, name)?, &decls, definitions)
    }
}

record! {
    /// A module that declares options.
    struct Declaring {
        options: "options",
    }
}

record! {
    /// The arguments of `submoduleWith`.
    struct Submodule {
        modules: "modules",
        shorthand: "shorthandOnlyDefinesConfig",
    }
}

/// A tree of options as an option of submodule type, to be merged with another option of such a type.
fn tree_as_option(ev: &Evaluator, lib: Value, tree: Value) -> Res<Value> {
    let modules = ev.mem.list(&[Declaring { options: tree }.set(ev)?])?;
    // Null agrees with any value of the other declaration.
    let all = Submodule { modules, shorthand: Value::NULL }.set(ev)?;
    option_set(ev, &[("type", (Services::of(ev)?.submodule_with)(ev, lib, all)?)])
}

#[cold]
fn no_declaration(ev: &Evaluator, level: Level, tree: Value) -> Res<Error> {
    let path = messages::plain_path(ev, level.path(ev)?)?;
    let kind = tree.type_of().name();
    Ok(throw(format!(
        "An option declaration for `{path}' has type\n`{kind}' rather than an attribute set.\n\
         Did you mean to define this outside of `options'?\n"
    )))
}

/// `option.type.name or null == "submodule"`
fn has_submodule_type(ev: &Evaluator, option: Value) -> Res<bool> {
    let ty = or_null(ev, option, sym!("type"))?;
    let name = or_null(ev, ty, sym!("name"))?;
    Ok(name.is_string() && ev.mem.text(name) == b"submodule")
}

#[cold]
fn no_parent(ev: &Evaluator, loc: Value, decls: &[Decl], option: &Decl) -> Res<Error> {
    let path = messages::option(ev, loc)?;
    let ty = or_null(ev, option.options, sym!("type"))?;
    let description = match get(ev, ty, sym!("description")) {
        Some(description) => text_of(ev, description)?,
        None => "<no description>".to_owned(),
    };
    let mut lines = Vec::new();
    for decl in decls {
        if is_type(ev, decl.options, b"option")? {
            continue;
        }
        for entry in ev.mem.entries(attrs(ev, &slot(decl.options))?) {
            let nested = messages::option(ev, appended(ev, loc, Value::symbol(entry.name))?)?;
            let file = messages::file(ev, decl.file)?;
            lines.push(format!(" - option(s) with prefix `{nested}' in module `{file}'"));
        }
    }
    lines.sort_unstable();
    Ok(throw(format!(
        "The option `{path}' in module `{}' would be a parent of the following options, but its type \
         `{description}' does not support nested options.\n{}",
        messages::file(ev, option.file)?,
        lines.join("\n")
    )))
}
