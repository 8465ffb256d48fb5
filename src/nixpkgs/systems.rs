//! `lib.systems` and `lib.platforms`: data of nixpkgs, as far as it follows from a system's name.

use crate::eval::{Evaluator, OPEN, Res};
use crate::native::{Entry, Table, computed, select};
use crate::source::{Origin, Pos};
use crate::value::{AttrsBuilder, Value};

/// `lib.systems` and `lib.platforms`.
pub static TABLE: Table = Table { namespace: "", entries: ENTRIES };

const ENTRIES: &[Entry] =
    &[computed("systems", systems), computed("platforms", |ev| select(ev, systems(ev)?, "doubles"))];

/// The table of systems, and the function that describes one.
const SYSTEMS: &[u8] = include_bytes!("../../nix/systems.nix");
const PLATFORM: &[u8] = include_bytes!("../../nix/pkgs/platform.nix");

fn systems(ev: &Evaluator) -> Res<Value> {
    let mut args = AttrsBuilder::with_capacity(2);
    args.push(ev.intern("platform")?, ev.delay_text(Origin::Internal("«platform»"), PLATFORM, b"/")?);
    args.push(ev.intern("open")?, ev.builtin(&OPEN));
    let function = ev.eval_text(Origin::Internal("«systems»"), SYSTEMS, b"/")?;
    ev.call(function, &[ev.mem.attrs(args)?], Pos::NONE)
}
