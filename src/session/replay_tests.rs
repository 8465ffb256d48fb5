//! Evaluations with recorded calls give what plain ones give: see [`Evaluator::record_calls`].

use crate::builtins;
use crate::eval::{Evaluator, Res, Settings};
use crate::heap::stack_for_evaluation;
use crate::host::{Messages, RealHost, collected};
use crate::source::{Origin, Pos};
use crate::value::Value;

/// Functions as nixpkgs has them, reduced to what is marked. All evaluations use the same ones.
const FUNCTIONS: &str = r#"
rec {
  elaborate = system: { inherit system; same = x: x; again = elaborate system; };
  others = n: { elaborate = system: { inherit system n; same = x: x; }; };
  packages =
    { localSystem, crossSystem ? null, config ? { }, overlays ? [ ], stdenvStages ? null, ... }@args:
    {
      platform = localSystem;
      inherit config overlays;
      id = x: x;
      circle = let a = b; b = a; in a;
      deep = let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 11000;
    };
  with' = localSystem: config: packages { inherit localSystem config; overlays = [ ]; };
  overlaid = overlays: packages { localSystem = elaborate "here"; inherit overlays; };
  make = system: with' (elaborate system) { };
  a = value: { a = value; };
  known = [ elaborate ];
}
"#;

#[derive(Debug, PartialEq)]
enum Found {
    /// The package set is the recorded one.
    Recorded,
    /// The package set is another one.
    Another,
    /// The evaluation has to be made again.
    Spoiled,
    /// The first evaluation is none that others can begin with.
    Unfit,
}
use Found::{Another, Recorded, Spoiled, Unfit};

/// A package set and what is said about it, evaluated beforehand; another one; and what becomes of that.
const CASES: &[([&str; 2], [&str; 2], Found)] = &[
    ([r#"make "here""#, "true"], [r#"make "here""#, "p.platform.system"], Recorded),
    ([r#"make "here""#, "true"], [r#"make "there""#, "p.platform.system"], Another),
    ([r#"make "here""#, "true"], [r#"with' (elaborate "here") (a 1)"#, "p.config"], Another),
    // Data is compared, with the positions of attributes, which a package can tell.
    (
        [r#"with' (elaborate "here") (a [ 1 "b" ])"#, "p.config"],
        [r#"with' (elaborate "here") (a [ 1 "b" ])"#, "p.config"],
        Recorded,
    ),
    (
        [r#"with' (elaborate "here") (a 1)"#, "p.config"],
        [r#"with' (elaborate "here") { a = 1; }"#, "p.config"],
        Another,
    ),
    (
        [r#"with' (elaborate "here") (a 1)"#, "p.config"],
        [r#"with' (elaborate "here") (a 1.0)"#, "p.config"],
        Another,
    ),
    // What was not evaluated is not compared.
    (
        [r#"with' (elaborate "here") (a (builtins.length [ ]))"#, "true"],
        [r#"with' (elaborate "here") (a (builtins.length [ ]))"#, "p.config"],
        Another,
    ),
    // Functions are the same only if they are the same closures.
    (["overlaid known", "true"], ["overlaid known", "p.overlays == known"], Recorded),
    (["overlaid [ elaborate ]", "true"], ["overlaid [ elaborate ]", "p.overlays == known"], Another),
    (["overlaid [ (x: x) ]", "true"], ["overlaid [ (x: x) ]", "builtins.length p.overlays"], Another),
    (
        [r#"with' ((others 1).elaborate "here") { }"#, "true"],
        [r#"with' ((others 2).elaborate "here") { }"#, "p.platform.n"],
        Another,
    ),
    // A result is found once: its functions are those of one package set only.
    (
        [r#"make "here""#, "true"],
        [r#"make "here""#, r#"[ (p.id == p.id) (p == p) (p.id == (make "here").id) (p == make "here") ]"#],
        Recorded,
    ),
    // The platform of the package set is the one that it was made for.
    (
        [r#"make "here""#, "true"],
        [r#"with' s { }"#, r#"[ (p.platform == s) (p.platform.same == s.same) (s == elaborate "here") ]"#],
        Recorded,
    ),
    (
        [r#"make "here""#, "true"],
        [r#"builtins.seq t.system (with' s { })"#, "[ (p.platform == s) (p.platform == t) (s == t) ]"],
        Another,
    ),
    // A platform that belongs to another one is no result of its own.
    (
        [r#"with' s { }"#, "s.again.again.system"],
        [r#"with' s { }"#, "[ (t == s.again) (t == s.again.again) (s == t) ]"],
        Recorded,
    ),
    (
        [r#"with' s.again { }"#, "s.again.again.system"],
        [r#"with' s { }"#, "[ (t == s.again) (p.platform == s) (s == t) ]"],
        Recorded,
    ),
    // Only the comparison evaluates these.
    (
        [r#"with' (elaborate "here") (a 1)"#, "p.config"],
        [r#"with' (elaborate "here") (a (throw "no"))"#, "p.platform.system"],
        Spoiled,
    ),
    (
        [r#"with' (elaborate "here") (a 1)"#, "p.config"],
        [r#"with' (elaborate "here") (a (builtins.trace "a" 1))"#, "p.platform.system"],
        Spoiled,
    ),
    (
        [r#"with' (elaborate "here") (a 1)"#, "p.config"],
        [r#"with' (elaborate "here") (a p.id)"#, "p.platform.system"],
        Spoiled,
    ),
    ([r#"make "here""#, "true"], [r#"make "here""#, "(builtins.tryEval p.deep).value or 0"], Spoiled),
    // These happen only once, or depend on what is evaluated first.
    ([r#"make "here""#, "p.circle"], ["{ }", "true"], Unfit),
    ([r#"make "here""#, "p.deep"], ["{ }", "true"], Unfit),
    ([r#"with' (elaborate "here") (throw "no")"#, "true"], ["{ }", "true"], Unfit),
    ([r#"with' (elaborate "here") (builtins.trace "a" { })"#, "true"], ["{ }", "true"], Unfit),
    // Without a package set, nothing is recorded.
    ([r#"elaborate "here""#, "true"], [r#"elaborate "here""#, "p.system"], Another),
];

/// An evaluator, the functions in it, and its messages.
struct Scene {
    ev: Box<Evaluator>,
    functions: Value,
    messages: Messages,
}

impl Scene {
    fn new() -> Res<Scene> {
        let messages = Messages::default();
        let host = Box::new(collected(RealHost::new(), messages.clone()));
        let mut ev = Evaluator::new(host, Settings::default())?;
        builtins::install(&mut ev)?;
        ev.observe();
        let functions = ev.eval_text(Origin::Text, FUNCTIONS.as_bytes(), b"/")?;
        Ok(Scene { ev, functions, messages })
    }

    /// The package set, and what is said about it as JSON, or the error.
    fn evaluate(&self, [set, said]: [&str; 2]) -> Res<(Value, String)> {
        let platforms = r#"s = elaborate "here"; t = elaborate "here";"#;
        let text = format!(
            "f: with f; let {platforms} p = {set}; in {{ inherit p; said = builtins.toJSON ({said}); }}"
        );
        let ev = &self.ev;
        let function = ev.eval_text(Origin::Text, text.as_bytes(), b"/")?;
        let result = ev.call(function, &[self.functions], Pos::NONE)?;
        let part = |name: &str| ev.mem.get(result, ev.intern(name).expect("a name")).expect("a part");
        let p = ev.force(part("p"))?;
        let said = match ev.force(part("said")) {
            Ok(text) => String::from_utf8_lossy(ev.mem.text(text)).into_owned(),
            Err(e) => e.data().message.clone(),
        };
        Ok((p, said))
    }
}

fn run(first: [&str; 2], then: [&str; 2]) -> Res<(Found, String, String)> {
    let plain = Scene::new()?;
    let (_, expected) = plain.evaluate(then)?;
    let scene = Scene::new()?;
    let messages = scene.messages.clone();
    scene.ev.record_calls(Box::new(move || messages.len()));
    let before = scene.evaluate(first);
    if scene.ev.is_spoiled() {
        return Ok((Unfit, String::new(), String::new()));
    }
    let (recorded, _) = before?;
    scene.ev.replay_calls(true);
    let (p, said) = scene.evaluate(then)?;
    let found = match scene.ev.is_spoiled() {
        true => Spoiled,
        false if p == recorded => Recorded,
        false => Another,
    };
    Ok((found, said, expected))
}

#[test]
fn recorded_calls_change_nothing() {
    let all = || {
        for (first, then, expected) in CASES {
            let (found, said, plain) =
                run(*first, *then).unwrap_or_else(|e| panic!("{then:?}: {}", e.data().message));
            assert_eq!(found, *expected, "{first:?}, then {then:?}");
            assert!(found == Spoiled || said == plain, "{first:?}, then {then:?}: {said} instead of {plain}");
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 * stack_for_evaluation()).spawn(all);
    assert!(thread.expect("a thread").join().is_ok());
}
