//! Tests what a session tells of every definition: its file and position, priority, order,
//! and fate. The modules are in testdata/provenance. A row of the table below is an option's path and its
//! definitions: those that count, in the order in which they are merged, then those that lost or are switched off.

use nival::{DefinitionInfo, Modules, Outcome, Place, Session};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/provenance");

const ROWS: &[(&str, &[&str])] = &[
    ("plain", &["two.nix:6:7 50 1000 won", "one.nix:3:3 100 1000 lost to 50"]),
    ("defaulted", &["options.nix:10:7 1500 1000 won"]),
    (
        "words",
        &[
            "two.nix:7:7 100 500 won",
            "one.nix:4:3 100 1000 won",
            "two.nix:11:7 100 1200 won",
            "two.nix:9:23 100 1000 off by two.nix:9:15",
        ],
    ),
    ("text", &["two.nix:12:7 100 1000 won", "one.nix:5:3 100 1500 won"]),
    ("table", &["two.nix:13:7 50 1000 won", "one.nix:7:3 100 1000 lost to 50"]),
    ("table.a", &[]),
    ("table.b", &[]),
    ("table.c", &["two.nix:13:29 100 1000 won"]),
    ("lazy.x", &["one.nix:9:3 100 1000 won", "two.nix:14:7 1000 1000 lost to 100"]),
    ("services.never", &["two.nix:17:7 100 1000 off by two.nix:17:33"]),
    ("nested.deep", &["one.nix:10:28 100 1000 won", "two.nix:15:7 1000 1000 lost to 100"]),
    ("unset", &["one.nix:11:3 50 1000 won", "one.nix:11:3 100 1000 off by one.nix:12:15"]),
    ("services", &["two.nix:16:7 100 1000 won", "one.nix:15:3 100 1000 won"]),
    ("services.web", &["two.nix:16:7 100 1000 won", "one.nix:15:3 100 1000 won"]),
    (
        "services.web.port",
        &[
            "one.nix:15:3 100 1000 won",
            "options.nix:24:13 1500 1000 lost to 100",
            "two.nix:16:7 1000 1000 lost to 100",
        ],
    ),
    ("services.mail.port", &["options.nix:24:13 1500 1000 won"]),
    ("list", &["two.nix:18:7 100 1000 won", "one.nix:17:3 100 1000 won"]),
    ("list.[definition 1-entry 1].n", &["two.nix:18:18 100 1000 won"]),
    ("open", &["two.nix:19:7 100 1000 won", "one.nix:18:3 100 1000 won"]),
    ("open.free", &["two.nix:19:7 50 1000 won", "one.nix:18:3 100 1000 lost to 50"]),
    ("flag", &["one.nix:6:3 100 1000 won", "two.nix:21:7 1000 1000 lost to 100"]),
    ("maybe", &["one.nix:19:3 100 1000 won", "two.nix:20:7 1000 1000 lost to 100"]),
    ("renamed", &["two.nix:22:7 100 1000 won"]),
    ("old", &["two.nix:22:7 100 1000 won"]),
    ("applied", &["one.nix:20:3 60 1000 won", "two.nix:23:7 100 1000 lost to 60"]),
];

/// A definition in the form of the table: position, priority, order, and fate.
fn shown(definition: &DefinitionInfo) -> String {
    let place = |place: &Place| place.to_string().replace(FOLDER, "").trim_start_matches('/').to_owned();
    let fate = match &definition.outcome {
        Outcome::Wins => "won".to_owned(),
        Outcome::Lost(to) => format!("lost to {to}"),
        Outcome::Off(None) => "off".to_owned(),
        Outcome::Off(Some(condition)) => format!("off by {}", place(&condition.place)),
        Outcome::Failed(failure) => format!("failed: {}", failure.message),
        other => format!("{other:?}"),
    };
    let DefinitionInfo { priority, order, .. } = definition;
    format!("{} {priority} {order} {fate}", place(&definition.place))
}

#[test]
fn every_definition_is_known_with_its_place_and_fate() {
    let files = ["options", "one", "two"].map(|name| format!("{FOLDER}/{name}.nix"));
    let modules = files.into_iter().fold(Modules::new().base(false), Modules::module);
    let session = Session::new().expect("a session");
    let configuration = session.configuration(modules).unwrap_or_else(|e| panic!("{e}"));
    configuration.values().force_deep().unwrap_or_else(|e| panic!("{e}"));
    let mut wrong = String::new();
    for (path, wanted) in ROWS {
        let found = match configuration.option(path) {
            Ok(option) => option.definitions,
            // Without definitions there is no such attribute.
            Err(e) => match e.message().ends_with("missing") {
                true => Vec::new(),
                false => panic!("{e}"),
            },
        };
        let got: Vec<String> = found.iter().map(shown).collect();
        if got != *wanted {
            wrong.push_str(&format!("{path}\n  got    {got:#?}\n  wanted {wanted:#?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
