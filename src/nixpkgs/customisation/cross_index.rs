//! The six package sets of cross compilation, by short and by long names: `renameCrossIndexFrom` and the like.

use crate::eval::{Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{delay_select, select, share, shared_args, text_of};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value};

/// Short names, and the suffixes of long ones.
const KINDS: [(&str, &str); 6] = [
    ("buildBuild", "BuildBuild"),
    ("buildHost", "BuildHost"),
    ("buildTarget", "BuildTarget"),
    ("hostHost", "HostHost"),
    ("hostTarget", "HostTarget"),
    ("targetTarget", "TargetTarget"),
];

suspended! {
    /// `x.${prefix + long}`, for each of the [`KINDS`].
    struct Prefixed { prefix, x } []
}

impl Prefixed<&Slot> {
    fn element(self, ev: &Evaluator, kind: usize) -> Res<Value> {
        let prefix = text_of(ev, self.prefix)?;
        let (_, long) = KINDS[kind];
        select(ev, ev.force(self.x)?, format!("{prefix}{long}").as_str())
    }
}

/// `lib.customisation.renameCrossIndexFrom`: the attributes whose names have a prefix, under their short names.
pub(super) fn rename_from(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [prefix, x] = shared_args(ev, args)?;
    let at = ev.delays(Prefixed { prefix, x })?;
    let mut set = AttrsBuilder::with_capacity(KINDS.len());
    for (kind, (short, _)) in KINDS.iter().enumerate() {
        set.push(ev.intern(short)?, Value::native(kind, at));
    }
    Ok(ev.mem.attrs(set)?)
}

/// `lib.customisation.renameCrossIndexTo`: the attributes with short names, under names with a prefix.
pub(super) fn rename_to(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [prefix, x] = exactly(args);
    let prefix = text_of(ev, prefix)?;
    let x = share(ev, x)?;
    let mut set = AttrsBuilder::with_capacity(KINDS.len());
    for (short, long) in KINDS {
        set.push(ev.intern(&format!("{prefix}{long}"))?, delay_select(ev, x, short)?);
    }
    Ok(ev.mem.attrs(set)?)
}

/// The pattern of `mapCrossIndex`.
pub(super) const ARGUMENTS: Formals = Formals {
    arg: 1,
    names: &[
        ("buildBuild", false),
        ("buildHost", false),
        ("buildTarget", false),
        ("hostHost", false),
        ("hostTarget", false),
        ("targetTarget", false),
    ],
    ellipsis: false,
};

/// `lib.customisation.mapCrossIndex`: applies a function to each of the six sets.
pub(super) fn map(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [f, x] = exactly(args);
    let set = ev.force_formals("mapCrossIndex", x, &ARGUMENTS, pos)?;
    let f = share(ev, f)?;
    let mut made = AttrsBuilder::with_capacity(KINDS.len());
    for e in ev.mem.entries(set) {
        made.push(e.name, ev.delay_call(f, &[share(ev, e.slot)?])?);
    }
    Ok(ev.mem.attrs(made)?)
}
