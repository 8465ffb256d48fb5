//! The public API: what it promises beyond the examples in its documentation.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test makes files, and says when it cannot"
)]

mod repository;
mod scratch;

use std::path::Path;

use nival::{
    Cause, CauseKind, ChangeKind, Comparison, Configuration, Error, ErrorKind, Evaluated, Flake, Modules,
    Nixos, Outcome, Plain, Session, Undeclared, Value,
};
use repository::git;
use scratch::Scratch;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join(name), text).expect("a file");
}

fn session() -> Session {
    Session::new().expect("a session")
}

fn open(session: &Session, modules: Modules) -> Configuration {
    session.configuration(modules.base(false)).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn sessions_and_what_belongs_to_them_go_to_other_threads() {
    fn both<T: Send + Sync>() {}
    both::<Session>();
    both::<Value>();
    both::<Configuration>();
    both::<Comparison>();
    both::<Error>();
    let value = session().evaluate("1 + 1", "/").expect("a value");
    let number = std::thread::spawn(move || value.as_int()).join().expect("no panic");
    assert_eq!(number, Ok(2));
}

#[test]
fn everything_is_shown_for_debugging() {
    let session = session();
    let configuration = open(&session, Modules::new().module_text("{ }"));
    let flake = Flake::new(".#x").input("a", "/b");
    let all = [
        format!("{session:?}"),
        format!("{:?}", Session::builder()),
        format!("{configuration:?}"),
        format!("{flake:?}"),
        format!("{:?} {:?}", Nixos::new("x"), Evaluated::file("y")),
        format!("{:?}", configuration.option("x").expect_err("no option")),
    ];
    let names = ["Session", "SessionBuilder", "Configuration", "Flake", "Nixos", "Error"];
    for (text, name) in all.iter().zip(names) {
        assert!(text.starts_with(name) && text.len() > 10, "{text}");
    }
}

#[test]
fn an_option_tells_where_it_is_from() {
    let configuration = open(
        &session(),
        Modules::new()
            .module(format!("{DATA}/session/port.nix"))
            .fixture(format!("{DATA}/session/8080.json"))
            .undeclared(Undeclared::Refused),
    );
    let port = configuration.option("port").expect("the option");
    assert_eq!(port.value, Plain::Int(8080));
    assert_eq!((&port.loc[..], port.is_set), (&["port".to_owned()][..], true));
    let declared: Vec<_> = port.declarations.iter().map(|place| (place.line(), place.column())).collect();
    assert_eq!(declared, [(Some(5), Some(5))]);
    let [fixture, default] = &port.definitions[..] else { panic!("{:#?}", port.definitions) };
    assert_eq!((&fixture.outcome, fixture.place.line()), (&Outcome::Wins, None));
    assert_eq!((&default.outcome, default.is_default), (&Outcome::Lost(100), true));
    let url = configuration.option("url").expect("the option");
    assert!(url.definitions[0].from.iter().any(|read| read.name == "port"), "{:#?}", url.definitions);
}

#[test]
fn wrong_paths_are_errors_that_help() {
    let configuration = open(&session(), Modules::new().module(format!("{DATA}/session/port.nix")));
    let fails = |path: &str| configuration.option(path).expect_err(path);
    let missing = fails("prot");
    assert_eq!(missing.message(), "there is no option 'prot'");
    assert!(missing.to_string().contains("Did you mean port?"), "{missing}");
    assert_eq!((fails("a..b").kind(), fails("").message()), (ErrorKind::Usage, "'' is a set of options"));
    assert_eq!(fails("a.\"b").message(), "missing closing quote in selection path 'a.\"b'");
    assert_eq!(fails("port.x").message(), "expected a set but found an integer: 80");
}

#[test]
fn two_folders_are_compared_by_the_names_in_them() {
    let scratch = Scratch::new("api-compare");
    let module = |port: u16| {
        format!(
            "{{ lib, config, ... }}: {{\n  options.port = lib.mkOption {{ }};\n  options.url = lib.mkOption {{ }};\n  \
             config.port = {port};\n  config.url = \"http://localhost:${{toString config.port}}\";\n}}\n"
        )
    };
    let [old, new] = [("old", 80), ("new", 8080)].map(|(name, port)| {
        let folder = scratch.join(name);
        write(&folder, "web.nix", &module(port));
        let session = Session::builder().folder(&folder).open().expect("a session");
        open(&session, Modules::new().module("web.nix"))
    });
    let comparison = old.compare(&new, &[]).expect("a comparison");
    let [port, url] = &comparison.changes[..] else { panic!("{:#?}", comparison.changes) };
    assert_eq!((port.difference.kind, &*port.difference.name), (ChangeKind::Value, "port"));
    let [Cause { place, kind: CauseKind::Definition, .. }] = &port.causes[..] else {
        panic!("{:#?}", port.causes)
    };
    assert_eq!(place.to_string(), "./web.nix:4:3");
    assert_eq!((&url.follows[..], &url.causes), (&["port".to_owned()][..], &port.causes));
    assert!(old.compare(&old, &[]).expect("a comparison").changes.is_empty());
    let only = old.compare(&new, &["url"]).expect("a comparison");
    assert_eq!(only.changes.len(), 1);
    assert!(only.to_json().contains("\"name\":\"url\""));
}

#[test]
fn revisions_are_compared_with_the_work_tree() {
    let scratch = Scratch::new("api-revision");
    let module =
        |level: u8| format!("{{ lib, ... }}: {{ options.level = lib.mkOption {{ default = {level}; }}; }}\n");
    write(&scratch, "level.nix", &module(3));
    if !git(&scratch, "init -q") {
        return;
    }
    git(&scratch, "add -A");
    git(&scratch, "commit -qm first");
    write(&scratch, "level.nix", &module(7));
    let before = Session::builder().folder(&*scratch).revision(&*scratch, "HEAD").open().expect("a session");
    let after = Session::builder().folder(&*scratch).open().expect("a session");
    let [old, new] = [before, after].map(|session| open(&session, Modules::new().module("level.nix")));
    let comparison = old.compare(&new, &[]).expect("a comparison");
    let [level] = &comparison.changes[..] else { panic!("{:#?}", comparison.changes) };
    assert_eq!((&level.difference.old, &level.difference.new), (&Some(Plain::Int(3)), &Some(Plain::Int(7))));
    assert!(level.causes.iter().any(|cause| cause.place.file == "./level.nix"), "{:#?}", level.causes);
    let missing = Session::builder().revision(&*scratch, "nothing").open().expect_err("no such revision");
    assert_eq!(missing.kind(), ErrorKind::Usage);
}

#[test]
fn flakes_are_opened_if_they_are_enabled() {
    let scratch = Scratch::new("api-flake");
    write(
        &scratch,
        "flake.nix",
        "{ outputs = _: { nixosConfigurations.box = { options = { }; config.networking.hostName = \"box\"; }; }; }",
    );
    if !git(&scratch, "init -q") {
        return;
    }
    git(&scratch, "add -A");
    let named = |attribute: &str| Flake::new(format!("{}{attribute}", scratch.display()));
    let session = Session::builder().flakes().pure(true).open().expect("a session");
    for flake in [named("#box"), named("").machine("box")] {
        let opened = session.configuration(flake).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(opened.json(&[]).as_deref(), Ok(r#"{"networking":{"hostName":"box"}}"#));
    }
    let disabled =
        Session::new().and_then(|session| session.configuration(named("#box"))).expect_err("no flakes");
    assert!(disabled.message().contains("flakes"), "{disabled}");
}

#[test]
fn pure_sessions_read_nothing_that_is_not_given() {
    let session = Session::builder().search_path("data", DATA).pure(true).open().expect("a session");
    let file = format!("{DATA}/session/80.json");
    let error = session.evaluate(format!("builtins.readFile {file}"), "/").expect_err("it is forbidden");
    assert_eq!(error.kind(), ErrorKind::Restricted, "{error}");
    assert!(session.evaluate("<data>", "/").is_err());
    let restricted = Session::builder().search_path("data", DATA).restricted(true).open().expect("a session");
    let value = restricted
        .evaluate("builtins.readFile <data/session/80.json>", "/")
        .expect("it is in the search path");
    assert_eq!(value.as_text().as_deref(), Ok("{ \"port\": 80 }\n"));
    let file = concat!("builtins.readFile ", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let error = restricted.evaluate(file, "/").expect_err("it is not in the search path");
    assert_eq!(error.kind(), ErrorKind::Restricted, "{error}");
}

#[test]
fn what_is_not_tracked_is_not_told() {
    let session = Session::builder().dependencies(false).open().expect("a session");
    let configuration = open(&session, Modules::new().module(format!("{DATA}/session/port.nix")));
    let error = configuration.dependencies("url", 1).expect_err("nothing is tracked");
    assert_eq!(error.message(), "the session does not track dependencies");
    assert_eq!(configuration.option("url").expect("the option").definitions.len(), 1);
}

#[test]
fn values_of_options_that_fail_leave_the_others_alone() {
    let modules = Modules::new().module_text(
        "{ lib, ... }: { options = lib.genAttrs [ \"a\" \"b\" ] (name: lib.mkOption { default = if name == \"a\" then throw \"no\" else 1; }); }",
    );
    let configuration = open(&session(), modules);
    let all = configuration.options("").expect("the options");
    let values: Vec<bool> = all.iter().map(|option| option.value.has_failure()).collect();
    assert_eq!(values, [true, false]);
    assert_eq!(all[0].value.failure().map(|failure| &*failure.message), Some("no"));
    assert!(configuration.json(&[]).expect("the values").contains("\"b\":1"));
}
