//! Changing the attributes of derivations and their outputs: `extendDerivation` and `hydraJob`.

use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{
    assert, attr, attrs, boolean, call_builtin, cell, delay_select, flag, get, has, items, map, name, select,
    set_of, share, shared_args, with_attr,
};
use crate::nixpkgs::derivations::override_attrs;
use crate::nixpkgs::lists::flat;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, put, slot};

suspended! {
    /// `assert condition; drv.name`
    struct Checked { condition, drv, name }
}

impl Checked<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        assert(boolean(ev, self.condition)?, "condition")?;
        select(ev, ev.force(self.drv)?, name(ev, self.name)?)
    }
}

suspended! {
    /// `drv.${output}`
    struct Output { drv, output }
}

impl Output<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        select(ev, ev.force(self.drv)?, name(ev, self.output)?)
    }
}

suspended! {
    /// An output of `extendDerivation condition passthru drv`. `common` holds the attributes that all outputs share.
    struct ExtendedOutput { common, condition, passthru, drv, output }
}

impl ExtendedOutput<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let output = cell(ev, ev.delay(Output { drv: share(ev, self.drv)?, output: peek(self.output) })?)?;
        let checked = |name: Sym| -> Res<Value> {
            let condition = share(ev, self.condition)?;
            ev.delay(Checked { condition, drv: output, name: Value::symbol(name) })
        };
        let own = set_of(
            ev,
            &[
                ("type", delay_select(ev, output, sym!("type"))?),
                ("outputName", delay_select(ev, output, sym!("outputName"))?),
                ("outputSpecified", Value::TRUE),
                ("drvPath", checked(sym!("drvPath"))?),
                ("outPath", checked(sym!("outPath"))?),
            ],
        )?;
        let made = ev.mem.update(attrs(ev, self.common)?, own)?;
        let passthru = ev.force(self.passthru)?;
        match has(ev, passthru, "overrideAttrs") {
            true => {
                let overridden = ev.partial(&OVERRIDDEN_OUTPUT, &[passthru, peek(self.output)])?;
                with_attr(ev, made, "overrideAttrs", overridden)
            }
            false => Ok(made),
        }
    }
}

/// `f: (passthru.overrideAttrs f).${outputName}`
static OVERRIDDEN_OUTPUT: Builtin =
    Builtin::hidden("overrideAttrs", &["passthru", "outputName", "f"], |ev, args, _| {
        let [passthru, output, f] = exactly(args);
        let drv = override_attrs(ev, ev.force(passthru)?, share(ev, f)?)?;
        select(ev, drv, name(ev, output)?)
    });

/// `lib.customisation.extendDerivation`: a derivation with additional attributes, whose use fails unless a condition
/// holds.
pub(super) fn extend_derivation_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [condition, passthru, drv] = shared_args(ev, args)?;
    extend_derivation(ev, condition, passthru, drv)
}

/// `extendDerivation condition passthru drv`
pub(in crate::nixpkgs) fn extend_derivation(
    ev: &Evaluator,
    condition: Value,
    passthru: Value,
    drv: Value,
) -> Res<Value> {
    let passthru = attrs(ev, &slot(passthru))?;
    let original = attrs(ev, &slot(drv))?;
    let outputs = output_names(ev, original)?;
    let outputs = items(ev, &outputs)?;
    let common = ev.mem.heap.alloc(1)?;
    let mut all = Vec::with_capacity(outputs.len());
    for output in outputs {
        let common = Value::forward(common);
        let output = share(ev, output)?;
        all.push(cell(ev, ev.delay(ExtendedOutput { common, condition, passthru, drv, output })?)?);
    }
    let mut by_name = AttrsBuilder::with_capacity(outputs.len() + 1);
    by_name.push(ev.intern("all")?, ev.mem.list(&all)?);
    for (output, value) in outputs.iter().zip(&all).rev() {
        by_name.push(name(ev, output)?, *value);
    }
    let checked = |name: Sym| ev.delay(Checked { condition, drv, name: Value::symbol(name) });
    let paths =
        set_of(ev, &[("drvPath", checked(sym!("drvPath"))?), ("outPath", checked(sym!("outPath"))?)])?;
    let added = ev.mem.update(ev.mem.attrs(by_name)?, ev.mem.update(passthru, paths)?)?;
    let made = ev.mem.update(original, added)?;
    put(ev.mem.heap.slot(common), made);
    Ok(made)
}

/// `drv.outputs or [ "out" ]`
fn output_names(ev: &Evaluator, drv: Value) -> Res<Slot> {
    Ok(slot(match get(ev, drv, "outputs") {
        Some(outputs) => share(ev, outputs)?,
        None => ev.mem.list(&[Value::symbol(sym!("out"))])?,
    }))
}

suspended! {
    /// `map hydraJob (flatten drv.constituents)`
    struct Constituents { drv }
}

impl Constituents<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        static JOB: Builtin = Builtin::hidden("hydraJob", &["drv"], hydra_job);
        map(ev, ev.builtin(&JOB), flat(ev, attr(ev, ev.force(self.drv)?, "constituents")?)?)
    }
}

suspended! {
    /// An output of `hydraJob drv`. `common` holds the attributes that all outputs share.
    struct JobOutput { common, drv, output }
}

impl JobOutput<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let name = share(ev, self.output)?;
        let output = cell(ev, ev.delay(Output { drv: share(ev, self.drv)?, output: name })?)?;
        let own = set_of(
            ev,
            &[
                ("outPath", delay_select(ev, output, sym!("outPath"))?),
                ("drvPath", delay_select(ev, output, sym!("drvPath"))?),
                ("type", Value::symbol(sym!("derivation"))),
                ("outputName", name),
            ],
        )?;
        Ok(ev.mem.update(attrs(ev, self.common)?, own)?)
    }
}

/// `lib.customisation.hydraJob`: the parts of a derivation that Hydra needs, deeply evaluated.
pub(super) fn hydra_job(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [drv] = exactly(args);
    let drv = ev.force(drv)?;
    if drv == Value::NULL {
        return Ok(drv);
    }
    let _depth = ev.enter(pos)?;
    let outputs = output_names(ev, drv)?;
    let common = ev.mem.heap.alloc(1)?;
    let mut made = Vec::new();
    for output in items(ev, &outputs)? {
        let job = JobOutput { common: Value::forward(common), drv, output: share(ev, output)? };
        made.push((output, cell(ev, ev.delay(job)?)?));
    }
    let Some((_, first)) = made.first().copied() else {
        return call_builtin(ev, "head", &[Value::EMPTY_LIST]);
    };
    let mut by_name = AttrsBuilder::with_capacity(made.len());
    for (output, value) in made.into_iter().rev() {
        by_name.push(name(ev, output)?, value);
    }
    let of = |name: &str| delay_select(ev, drv, name);
    let mut set = set_of(
        ev,
        &[
            ("name", of("name")?),
            ("system", of("system")?),
            ("meta", of("meta")?),
            ("outputs", share(ev, &outputs)?),
        ],
    )?;
    if flag(ev, drv, "_hydraAggregate")? {
        let constituents = ev.delay(Constituents { drv })?;
        let own = set_of(ev, &[("_hydraAggregate", Value::TRUE), ("constituents", constituents)])?;
        set = ev.mem.update(set, own)?;
    }
    put(ev.mem.heap.slot(common), ev.mem.update(set, ev.mem.attrs(by_name)?)?);
    let first = slot(first);
    ev.force_deep(&first)?;
    ev.force(&first)
}
