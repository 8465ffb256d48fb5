//! `lib.maintainers` and `lib.teams`. The lists are data of nixpkgs, so these sets have every name that is selected.

use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::native::{Entry, Table, bytes, computed, lossy, set_of, share, shared_args};
use crate::value::Value;

/// `lib.maintainers` and `lib.teams`.
pub static TABLE: Table = Table { namespace: "", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    computed("maintainers", |ev| people(ev, "maintainers", &MAINTAINER)),
    computed("teams", |ev| people(ev, "teams", &TEAM)),
];

/// `lib.maintainers.${name}`
static MAINTAINER: Builtin = Builtin::hidden("maintainer", &["name"], |ev, args, _| {
    let [name] = shared_args(ev, args)?;
    set_of(ev, &[("name", name), ("github", name)])
});

/// `lib.teams.${name}`
static TEAM: Builtin = Builtin::hidden("team", &["name"], |ev, args, _| {
    let [name] = exactly(args);
    let short = share(ev, name)?;
    let scope = ev.mem.str(&format!("The packages of the team {}.", lossy(bytes(ev, name)?)))?;
    set_of(ev, &[("shortName", short), ("members", Value::EMPTY_LIST), ("scope", scope)])
});

fn people(ev: &Evaluator, of: &str, answer: &'static Builtin) -> Res<Value> {
    ev.open_set(true, ev.mem.str(&format!("lib.{of}"))?, Value::EMPTY_SET, ev.builtin(answer))
}
