//! Tests what the native module engine records of every definition: its file and position, priority, order,
//! and fate. The modules are in testdata/provenance. A row of the table below is an option's path and its
//! definitions in the order of arrival, the losing ones first.

use super::Session;
use crate::eval::{Evaluator, Res};
use crate::modules::{Definition, Fate, Provenance, native_lib};
use crate::source::{Origin, Pos};
use crate::value::slot;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/provenance");

/// The only evaluation.
const FIRST: i64 = 1;

const ROWS: &[(&str, &[&str])] = &[
    ("plain", &["one.nix:3:3 100 1000 lost to 50", "two.nix:6:7 50 1000 won"]),
    ("defaulted", &["options.nix:10:7 1500 1000 won"]),
    (
        "words",
        &[
            "two.nix:9:23 100 1000 off by two.nix:9:6",
            "two.nix:7:7 100 500 won",
            "one.nix:4:3 100 1000 won",
            "two.nix:11:7 100 1200 won",
        ],
    ),
    ("text", &["two.nix:12:7 100 1000 won", "one.nix:5:3 100 1500 won"]),
    ("table", &["one.nix:7:3 100 1000 lost to 50", "two.nix:13:7 50 1000 won"]),
    ("table.a", &[]),
    ("table.b", &[]),
    ("table.c", &["two.nix:13:29 100 1000 won"]),
    ("lazy.x", &["two.nix:14:7 1000 1000 lost to 100", "one.nix:9:3 100 1000 won"]),
    ("services.never", &["two.nix:17:7 100 1000 off by two.nix:17:24"]),
    ("nested.deep", &["two.nix:15:7 1000 1000 lost to 100", "one.nix:10:28 100 1000 won"]),
    ("unset", &["one.nix:11:3 100 1000 off by one.nix:12:6", "one.nix:11:3 50 1000 won"]),
    ("services", &["two.nix:16:7 100 1000 won", "one.nix:15:3 100 1000 won"]),
    ("services.web", &["two.nix:16:7 100 1000 won", "one.nix:15:3 100 1000 won"]),
    (
        "services.web.port",
        &[
            "options.nix:24:13 1500 1000 lost to 100",
            "two.nix:16:7 1000 1000 lost to 100",
            "one.nix:15:3 100 1000 won",
        ],
    ),
    ("services.mail.port", &["options.nix:24:13 1500 1000 won"]),
    ("list", &["two.nix:18:7 100 1000 won", "one.nix:17:3 100 1000 won"]),
    ("list.[definition 1-entry 1].n", &["two.nix:18:18 100 1000 won"]),
    ("open", &["two.nix:19:7 100 1000 won", "one.nix:18:3 100 1000 won"]),
    ("open.free", &["one.nix:18:3 100 1000 lost to 50", "two.nix:19:7 50 1000 won"]),
    ("flag", &["two.nix:21:7 1000 1000 lost to 100", "one.nix:6:3 100 1000 won"]),
    ("maybe", &["two.nix:20:7 1000 1000 lost to 100", "one.nix:19:3 100 1000 won"]),
    ("renamed", &["(two.nix) 100 1000 won"]),
    ("old", &["two.nix:22:7 100 1000 won"]),
    ("applied", &["two.nix:23:7 100 1000 lost to 60", "one.nix:20:3 60 1000 won"]),
];

/// A definition in the format of the table: position, priority, order, and fate.
fn shown(ev: &Evaluator, definition: &Definition) -> String {
    let place = |pos: Pos| match pos.is_some() {
        true => ev.place_text(pos).replace(FOLDER, "").trim_start_matches('/').to_owned(),
        false => format!("({})", definition.file.replace(FOLDER, "").trim_start_matches('/')),
    };
    let fate = match definition.fate {
        Fate::Won => "won".to_owned(),
        Fate::Lost(best) => format!("lost to {best}"),
        Fate::Off(condition) => format!("off by {}", place(condition)),
    };
    let Definition { pos, priority, order, .. } = definition;
    format!("{} {priority} {order} {fate}", place(*pos))
}

fn evaluate(ev: &Evaluator) -> Res<()> {
    ev.extension::<Provenance>().start();
    let text = "lib: (lib.evalModules { modules = [ ./options.nix ./one.nix ./two.nix ]; }).config";
    let function = ev.eval_text(Origin::Text, text.as_bytes(), FOLDER.as_bytes())?;
    let config = ev.call(function, &[native_lib(ev)?], Pos::NONE)?;
    ev.force_deep(&slot(config))
}

/// The rows that differ.
fn differences(ev: &Evaluator) -> Res<String> {
    evaluate(ev)?;
    let provenance = ev.extension::<Provenance>();
    let mut wrong = String::new();
    for (path, wanted) in ROWS {
        let names: Vec<_> = path.split('.').map(|name| ev.intern(name)).collect::<Result<_, _>>()?;
        let got: Vec<String> = provenance.definitions(FIRST, &names).iter().map(|d| shown(ev, d)).collect();
        if got != *wanted {
            wrong.push_str(&format!("{path}\n  got    {got:#?}\n  wanted {wanted:#?}\n"));
        }
    }
    Ok(wrong)
}

#[test]
fn every_definition_is_known_with_its_place_and_fate() {
    let session = Session::new().expect("a session");
    let wrong = session.worker.run(|ev, _| differences(ev)).unwrap_or_else(|e| panic!("{e}"));
    assert!(wrong.is_empty(), "{wrong}");
}
