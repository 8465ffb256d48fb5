//! `evalModules`: an evaluation of modules, as an object with suspended fields.

use crate::eval::{Evaluator, Object as _, Res, object, suspended};
use crate::heap::Slot;
use crate::modules::declarations::Decl;
use crate::modules::loading::{Collected, Loader, Module, graph};
use crate::modules::tree::{Configs, Context, Level, LevelParts};
use crate::native::{appended, cell, concat, context, share, shared, shared_or};
use crate::source::Pos;
use crate::value::{Record, Value, peek};

object! {
    /// An evaluation of modules.
    pub struct Evaluation from Given {
        /// The library that is passed to modules as `lib`.
        lib,
        /// `modules`, without the modules for the deprecated arguments `args` and `check`.
        modules,
        /// `specialArgs`
        special,
        /// `class`
        class,
        /// `prefix`
        prefix,
        /// The set with all arguments, for `extendModules`.
        all,
    } computes {
        /// The modules, including those for the deprecated arguments.
        regular: Evaluation::find_regular,
        /// The root of the tree of options, a [`Level`], in a list.
        tree: Evaluation::make_tree,
        /// The tree as a set of options.
        options: |ev: &Evaluator, this: Evaluation| ev.force(this.root(ev)?.matched(ev)),
        /// The values of the options.
        declared: Evaluation::find_declared,
        /// The values of the options and, with a freeform type, those of other definitions.
        configuration: Evaluation::find_configuration,
        /// Null, or an error about definitions without an option.
        checked: Evaluation::check_strays,
        /// A submodule type with the same modules.
        own_type: Evaluation::make_type,
        /// The modules that are not disabled: a list of [`Module`]s.
        collected: Evaluation::collect,
        /// The `config` that is passed to modules; an infinite recursion in it gets a hint.
        hinted: Evaluation::find_hinted,
        /// The definitions of all modules: a list of [`Configs`].
        configs: Evaluation::find_configs,
        /// Which module imports which.
        graph: |ev: &Evaluator, this: Evaluation| graph(ev, &this.loader(ev)?, this.all_modules(ev)?),
        /// `extendModules`
        extend: Evaluation::make_extend,
        /// The configuration without `_module`.
        visible: Evaluation::find_visible,
    }
}

/// The arguments of `evalModules`; all words may be suspended.
#[derive(Debug, Clone, Copy)]
pub struct Arguments {
    /// The library that is passed to modules as `lib`.
    pub lib: Value,
    /// The list of modules.
    pub modules: Value,
    /// `specialArgs`
    pub special: Value,
    /// `class`
    pub class: Value,
    /// `prefix`
    pub prefix: Value,
    /// The set with all arguments.
    pub all: Value,
}

impl Arguments {
    /// Reads the arguments from the argument set of `evalModules`.
    pub fn of_set(ev: &Evaluator, lib: Value, all: Value) -> Res<Arguments> {
        Ok(Arguments {
            lib,
            modules: shared(ev, all, sym!("modules"))?,
            special: shared_or(ev, all, sym!("specialArgs"), Value::EMPTY_SET)?,
            class: shared_or(ev, all, sym!("class"), Value::NULL)?,
            prefix: shared_or(ev, all, sym!("prefix"), Value::EMPTY_LIST)?,
            all,
        })
    }
}

suspended! {
    /// The arguments with which module functions are called.
    struct ModuleArguments { evaluation }
}

impl ModuleArguments<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        static ARGS: Record<6> =
            Record::new(["lib", "options", "specialArgs", "_class", "_prefix", "config"]);
        let this = Evaluation::of(peek(self.evaluation));
        let args = ev.mem.record(
            &ARGS,
            [
                share(ev, this.lib(ev))?,
                share(ev, this.options(ev))?,
                share(ev, this.special(ev))?,
                share(ev, this.class(ev))?,
                share(ev, this.prefix(ev))?,
                share(ev, this.hinted(ev))?,
            ],
        )?;
        let doing = "in the right operand of the update (//) operator";
        let special = ev.force_attrs(this.special(ev), Pos::NONE, doing)?;
        Ok(ev.mem.update(args, special)?)
    }
}

impl Evaluation {
    /// Starts an evaluation of modules.
    pub fn start(ev: &Evaluator, args: Arguments) -> Res<Evaluation> {
        let Arguments { lib, modules, special, class, prefix, all } = args;
        Ok(Evaluation::new(ev, Given { lib, modules, special, class, prefix, all })?.noted(ev))
    }

    fn find_regular(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        let doing = "while evaluating one of the elements to concatenate";
        let modules = ev.force_list(this.modules(ev), Pos::NONE, doing)?;
        concat(ev, &[modules, this.old_modules(ev)?])
    }

    pub(super) fn collect_modules(self, ev: &Evaluator) -> Res<Collected> {
        Collected::new(ev, &self.loader(ev)?, self.all_modules(ev)?)
    }

    fn loader(self, ev: &Evaluator) -> Res<Loader> {
        Ok(Loader {
            args: cell(ev, ev.delay(ModuleArguments { evaluation: self.word() })?)?,
            special: share(ev, self.special(ev))?,
            class: ev.force(self.class(ev))?,
            prefix: share(ev, self.prefix(ev))?,
        })
    }

    /// The modules, and the one that declares `_module`.
    fn all_modules(self, ev: &Evaluator) -> Res<Value> {
        let regular = ev.force(self.regular(ev))?;
        appended(ev, regular, self.own_module(ev)?)
    }

    fn collect(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        Module::list(ev, &this.collect_modules(ev)?.modules(ev)?)
    }

    fn make_tree(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        let modules = ev.force(this.collected(ev))?;
        let mut decls = Vec::new();
        for module in Module::all(ev, modules) {
            let options = share(ev, module.options)?;
            if options != Value::EMPTY_SET {
                decls.push(Decl { file: share(ev, module.file)?, options, pos: Pos::NONE });
            }
        }
        let loc = share(ev, this.prefix(ev))?;
        let has_base = Value::bool(Module::any_base(ev, modules)?);
        let context = Context { lib: share(ev, this.lib(ev))?, has_base };
        let parts = LevelParts {
            context: context.word(ev)?,
            loc,
            decls: Decl::list(ev, &decls)?,
            configs: share(ev, this.configs(ev))?,
        };
        // In a list, so that forcing this field does not force the root's fields.
        Ok(ev.mem.list(&[Level::new(ev, parts)?.word()])?)
    }

    /// The root of the tree of options.
    pub fn root(self, ev: &Evaluator) -> Res<Level> {
        match ev.mem.items(ev.force(self.tree(ev))?) {
            [root] => Ok(Level::of(peek(root))),
            _ => unreachable!("the field is a list of the root"),
        }
    }

    fn find_configs(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        let modules = ev.force(this.collected(ev))?;
        let mut words = Vec::new();
        for module in Module::all(ev, modules) {
            let file = share(ev, module.file)?;
            Configs::add(ev, &mut words, file, ev.force(module.config)?, Value::EMPTY_LIST)?;
        }
        Ok(ev.mem.list(&words)?)
    }

    fn find_hinted(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        ev.force(this.configuration(ev)).map_err(|e| {
            context(
                e,
                "if you get an infinite recursion here, you probably reference `config` in `imports`. If you are \
                 trying to achieve a conditional import behavior dependent on `config`, consider importing \
                 unconditionally, and using `mkEnableOption` and `mkIf` to control its effect.",
            )
        })
    }
}
