//! Renamed options: `doRename` and the functions based on it.

use super::paths::{module, module_arg, path_text};
use crate::eval::{Builtin, Error, Evaluator, Formals, Res, Row as _, exactly, row, suspended};
use crate::heap::Slot;
use crate::modules::declarations::option_set;
use crate::modules::definitions::{make_if, make_merge};
use crate::modules::library::aliases::{alias, alias_with_priority};
use crate::modules::library::deprecated::deprecated;
use crate::modules::messages;
use crate::modules::types::Services;
use crate::native::{
    ID, abort, apply, attr, call_builtin, cell, get, has, items, select, share, shared, shared_args,
    shared_or, truth, warn,
};
use crate::nixpkgs::paths::{at_path, find, must_find};
use crate::source::Pos;
use crate::value::{Record, Value, slot};

/// `setAttrByPath path` as a function.
static SET_AT: Builtin = Builtin::hidden("setAttrByPath", &["path", "value"], |ev, args, _| {
    let [path, value] = exactly(args);
    at_path(ev, path, value)
});

row! {
    /// The arguments of `doRename`.
    struct Rename { from, to, visible, warn, used, with_priority, condition }
}

impl Rename {
    /// The rename of an option with the usual settings.
    fn usual(from: Value, to: Value, used: Value) -> Rename {
        let (yes, no) = (Value::TRUE, Value::FALSE);
        Rename { from, to, visible: no, warn: yes, used, with_priority: yes, condition: yes }
    }

    /// The module, as a function of the module arguments.
    fn module(self, ev: &Evaluator) -> Res<Value> {
        ev.partial(&RENAMED, &self.words())
    }
}

/// The arguments of `doRename`.
pub(in crate::modules::library) const DO_RENAME_ARGS: Formals = Formals {
    arg: 0,
    names: &[
        ("warn", false),
        ("from", false),
        ("to", false),
        ("visible", false),
        ("use", false),
        ("withPriority", true),
        ("condition", true),
    ],
    ellipsis: false,
};

/// `lib.modules.doRename`
pub(in crate::modules::library) fn do_rename(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let set = ev.force_formals("doRename", args, &DO_RENAME_ARGS, pos)?;
    let arg = |name| shared_or(ev, set, name, Value::TRUE);
    let rename = Rename {
        from: arg("from")?,
        to: arg("to")?,
        visible: arg("visible")?,
        warn: arg("warn")?,
        used: arg("use")?,
        with_priority: arg("withPriority")?,
        condition: arg("condition")?,
    };
    rename.module(ev)
}

/// `lib.modules.mkRenamedOptionModule`
pub(in crate::modules::library) fn mk_renamed(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static TRACE: Builtin = Builtin::hidden("trace", &["from", "to", "x"], |ev, args, _| {
        let [from, to, x] = exactly(args);
        let message = obsolete(ev, from, to)?;
        call_builtin(ev, "trace", &[ev.mem.str(&message)?, share(ev, x)?])
    });
    let [from, to] = shared_args(ev, args)?;
    Rename::usual(from, to, ev.partial(&TRACE, &[from, to])?).module(ev)
}

/// The arguments of `mkRenamedOptionModuleWith`.
pub(in crate::modules::library) const MK_RENAMED_WITH_ARGS: Formals =
    Formals { arg: 0, names: &[("from", false), ("to", false), ("sinceRelease", false)], ellipsis: false };

suspended! {
    /// `oldestSupportedReleaseIsAtLeast since`
    struct Supported { since }
}

impl Supported<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        Ok(Value::bool(is_supported(ev, self.since)?))
    }
}

/// `lib.modules.mkRenamedOptionModuleWith`
pub(in crate::modules::library) fn mk_renamed_with(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    static WARN_IF: Builtin = Builtin::hidden("warn", &["since", "from", "to", "x"], |ev, args, _| {
        let [since, from, to, x] = exactly(args);
        let x = share(ev, x)?;
        if !is_supported(ev, since)? {
            return ev.force_value(x);
        }
        warn(ev, ev.mem.str(&obsolete(ev, from, to)?)?, x)
    });
    let [args] = exactly(args);
    let set = ev.force_formals("mkRenamedOptionModuleWith", args, &MK_RENAMED_WITH_ARGS, pos)?;
    let (from, to) = (shared(ev, set, sym!("from"))?, shared(ev, set, sym!("to"))?);
    let since = shared(ev, set, sym!("sinceRelease"))?;
    let used = ev.partial(&WARN_IF, &[since, from, to])?;
    let warn = cell(ev, ev.delay(Supported { since })?)?;
    Rename { warn, ..Rename::usual(from, to, used) }.module(ev)
}

/// The oldest supported release according to nixpkgs 26.11.
const OLDEST_SUPPORTED: i64 = 2605;

/// `lib.oldestSupportedReleaseIsAtLeast`
fn is_supported(ev: &Evaluator, release: &Slot) -> Res<bool> {
    let oldest = slot(ev.mem.int(OLDEST_SUPPORTED)?);
    Ok(!ev.less_than(&oldest, release, Pos::NONE, "")?)
}

fn obsolete(ev: &Evaluator, from: &Slot, to: &Slot) -> Res<String> {
    let (from, to) = (path_text(ev, from)?, path_text(ev, to)?);
    Ok(format!("Obsolete option `{from}' is used. It was renamed to `{to}'."))
}

/// `lib.modules.mkAliasOptionModule`
pub(in crate::modules::library) static MK_ALIAS: Builtin =
    Builtin::hidden("mkAliasOptionModule", &["from", "to"], |ev, args, _| {
        let [from, to] = shared_args(ev, args)?;
        let usual = Rename::usual(from, to, ev.builtin(&ID));
        Rename { visible: Value::TRUE, warn: Value::FALSE, ..usual }.module(ev)
    });

/// `lib.modules.mkAliasOptionModuleMD`
pub(in crate::modules::library) fn mk_alias_md(ev: &Evaluator) -> Res<Value> {
    let message =
        "mkAliasOptionModuleMD is deprecated and will be removed in 26.05; please use mkAliasOptionModule.";
    deprecated(ev, message, ev.builtin(&MK_ALIAS))
}

/// The module: a function of the arguments of `doRename`, followed by the module arguments.
static RENAMED: Builtin = Builtin::hidden(
    "renamedOption",
    &["from", "to", "visible", "warn", "use", "withPriority", "condition", "args"],
    |ev, args, _| {
        let [.., module_args] = exactly::<8>(args);
        module_arg(ev, module_args, "config")?;
        module_arg(ev, module_args, "options")?;
        let [from, to, visible, warn, used, with_priority, condition, args] = shared_args(ev, args)?;
        let option = ev.delay(AliasOption { to, visible, used, args })?;
        let declared = at_path(ev, &slot(from), &slot(option))?;
        let definitions = ev.delay(Definitions { from, to, warn, with_priority, args })?;
        let config = make_if(ev, condition, make_merge(ev, definitions)?)?;
        module(ev, declared, config)
    },
);

suspended! {
    /// The old option, with the type of the new one. It is suspended, because it reads other options.
    struct AliasOption { to, visible, used, args }
}

impl AliasOption<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let (to, used, args) = (share(ev, self.to)?, share(ev, self.used)?, share(ev, self.args)?);
        let mut attributes = vec![
            ("visible", share(ev, self.visible)?),
            ("description", ev.delay(AliasDescription { to })?),
            ("apply", ev.partial(&USE_VALUE, &[to, used, args])?),
        ];
        let options = module_arg(ev, self.args, "options")?;
        // A missing option counts as a submodule without options; the type null means no type.
        let new = match find(ev, self.to, options)? {
            Some(new) => get(ev, ev.force(new)?, sym!("type")),
            None => None,
        };
        match new {
            None => attributes.push(("type", empty_submodule(ev)?)),
            Some(ty) if ev.force(ty)? == Value::NULL => {}
            Some(ty) => attributes.push(("type", share(ev, ty)?)),
        }
        option_set(ev, &attributes)
    }
}

/// `types.submodule { }`
fn empty_submodule(ev: &Evaluator) -> Res<Value> {
    match (Services::of(ev)?.lookup)(ev, "submodule")? {
        Some(submodule) => ev.call(submodule, &[Value::EMPTY_SET], Pos::NONE),
        None => Err(Error::eval("there is no type 'submodule'")),
    }
}

suspended! {
    /// The description of the old option.
    struct AliasDescription { to }
}

impl AliasDescription<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        Ok(ev.mem.str(&format!("Alias of {{option}}`{}`.", path_text(ev, self.to)?))?)
    }
}

/// The `apply` of the old option: returns the new option's value, after a warning if `use` prints one.
static USE_VALUE: Builtin = Builtin::hidden("apply", &["to", "use", "args", "x"], |ev, args, _| {
    let [to, used, args, _] = exactly(args);
    let value = ev.delay(NewValue { to: share(ev, to)?, args: share(ev, args)? })?;
    apply(ev, used, &[value])
});

suspended! {
    /// The value of the new option.
    struct NewValue { to, args }
}

impl NewValue<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        match find(ev, self.to, module_arg(ev, self.args, "config")?)? {
            Some(value) => ev.force(value),
            None => {
                let path = path_text(ev, self.to)?;
                Err(abort(format!("Renaming error: option `{path}' does not exist.")))
            }
        }
    }
}

suspended! {
    /// The definitions for a renamed option: a warning, and the old option's definitions, forwarded to the
    /// new one.
    struct Definitions { from, to, warn, with_priority, args }
}

impl Definitions<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let Definitions { from, to, warn, with_priority, args } = self;
        let (from, to, warn, args) = (share(ev, from)?, share(ev, to)?, share(ev, warn)?, share(ev, args)?);
        let options = share(ev, module_arg(ev, self.args, "options")?)?;
        // Options may be read here, except for those that this module itself declares.
        let warnings = ev.delay(Warnings { from, to, warn, args })?;
        let old = cell(ev, ev.delay(OldOption { from, options })?)?;
        let wrap = ev.partial(&SET_AT, &[to])?;
        let forwarded = match truth(ev, ev.force(with_priority)?)? {
            true => alias_with_priority(ev, wrap, old)?,
            false => alias(ev, wrap, old)?,
        };
        Ok(ev.mem.list(&[warnings, forwarded])?)
    }
}

suspended! {
    /// `getAttrFromPath from options`
    struct OldOption { from, options }
}

impl OldOption<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        must_find(ev, self.from, self.options)
    }
}

suspended! {
    /// The definition of `warnings`, if that option exists.
    struct Warnings { from, to, warn, args }
}

impl Warnings<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        static WARNINGS: Record<1> = Record::new(["warnings"]);
        let options = ev.force(module_arg(ev, self.args, "options")?)?;
        if !has(ev, options, sym!("warnings")) {
            return Ok(Value::EMPTY_SET);
        }
        let Warnings { from, to, warn, args } = self;
        let (from, to, warn, args) = (share(ev, from)?, share(ev, to)?, share(ev, warn)?, share(ev, args)?);
        Ok(ev.mem.record(&WARNINGS, [ev.delay(Warning { from, to, warn, args })?])?)
    }
}

suspended! {
    /// A list with the warning that the old option is defined; empty if it is not, or if no warning is
    /// wanted.
    struct Warning { from, to, warn, args }
}

impl Warning<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let options = module_arg(ev, self.args, "options")?;
        if !truth(ev, ev.force(self.warn)?)? {
            return Ok(Value::EMPTY_LIST);
        }
        let old = must_find(ev, self.from, options)?;
        if !truth(ev, select(ev, old, sym!("isDefined"))?)? {
            return Ok(Value::EMPTY_LIST);
        }
        let files = items(ev, attr(ev, old, sym!("files"))?)?;
        let from = path_text(ev, self.from)?;
        let files = messages::files(ev, files)?;
        let to = path_text(ev, self.to)?;
        let message = format!("The option `{from}' defined in {files} has been renamed to `{to}'.");
        Ok(ev.mem.list(&[ev.mem.str(&message)?])?)
    }
}
