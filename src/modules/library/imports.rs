//! Modules from files: `importApply`, `importJSON`, `importTOML`, `setDefaultModuleLocation`.

use crate::builtins::real_path;
use crate::eval::{Evaluator, Res, suspended};
use crate::heap::Slot;
use crate::modules::loading::located_module;
use crate::native::{call_builtin, share, shared_args};
use crate::source::Pos;
use crate::value::{Record, Value};

/// `lib.modules.setDefaultModuleLocation`
pub(super) fn set_default_module_location(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [file, module] = shared_args(ev, args)?;
    located_module(ev, file, module)
}

suspended! {
    /// `import path arg`
    struct Imported { path, arg }
}

impl Imported<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let f = ev.import(&real_path(ev, self.path, Pos::NONE)?)?;
        ev.call(f, &[share(ev, self.arg)?], Pos::NONE)
    }
}

/// `lib.modules.importApply`
pub(super) fn import_apply(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path, arg] = shared_args(ev, args)?;
    located_module(ev, path, ev.delay(Imported { path, arg })?)
}

suspended! {
    /// The data in a file.
    struct Data { file } => struct Formats {
        json,
        toml,
    }
}

impl Data<&Slot> {
    fn read(self, ev: &Evaluator, reader: &str) -> Res<Value> {
        let text = call_builtin(ev, "readFile", &[share(ev, self.file)?])?;
        call_builtin(ev, reader, &[text])
    }

    fn json(self, ev: &Evaluator) -> Res<Value> {
        self.read(ev, "fromJSON")
    }

    fn toml(self, ev: &Evaluator) -> Res<Value> {
        self.read(ev, "fromTOML")
    }
}

/// The module with the data in a file.
fn module(ev: &Evaluator, args: &[Slot], format: fn(Formats) -> Value) -> Res<Value> {
    static MODULE: Record<2> = Record::new(["_file", "config"]);
    let [file] = shared_args(ev, args)?;
    Ok(ev.mem.record(&MODULE, [file, format(Data { file }.parts(ev)?)])?)
}

/// `lib.modules.importJSON`
pub(super) fn import_json(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    module(ev, args, |data| data.json)
}

/// `lib.modules.importTOML`
pub(super) fn import_toml(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    module(ev, args, |data| data.toml)
}
