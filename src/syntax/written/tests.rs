#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test finds its inputs and says what it skips"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::lists::ListPart;
use super::*;
use crate::syntax::ast::Expr;
use crate::syntax::strings::unescape;
use crate::syntax::tree_folder::trees;
use crate::syntax::{ParseOptions, parse};

/// The binding that begins where `^` stands in the text.
fn ask<R>(text: &str, answer: impl FnOnce(Binding<'_>) -> R) -> R {
    let offset = text.find('^').expect("a mark");
    let written = Written::parse(text.replacen('^', "", 1).into_bytes());
    answer(written.at(offset).expect("a binding"))
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn strings<'a>(pieces: impl IntoIterator<Item = &'a Piece<'a>>) -> Vec<String> {
    pieces.into_iter().map(|piece| string(piece.text)).collect()
}

/// Properties as `function argument`, with the kind for those of an `if`.
fn properties(all: &[Property<'_>]) -> Vec<String> {
    let shown = |p: &Property<'_>| match (p.kind, p.argument) {
        (PropertyKind::Then | PropertyKind::Else | PropertyKind::Choice, Some(arg)) => {
            format!("{:?} {}", p.kind, string(arg.text))
        }
        (_, Some(arg)) => format!("{} {}", string(p.function.text), string(arg.text)),
        (_, None) => string(p.function.text),
    };
    all.iter().map(shown).collect()
}

fn around(text: &str) -> Vec<String> {
    ask(text, |b| properties(&b.around))
}

/// The properties of the value, and what is inside.
fn inside(text: &str) -> (Vec<String>, String) {
    ask(text, |b| {
        let value = b.value.expect("a value");
        (properties(&value.properties), string(value.core.text))
    })
}

fn above(text: &str) -> Option<String> {
    ask(text, |b| b.above.map(|c| string(&c.text)))
}

fn beside(text: &str) -> Option<String> {
    ask(text, |b| b.beside.map(|c| string(&c.text)))
}

#[test]
fn bindings_are_found_by_where_their_path_starts() {
    let text = "{ lib }:\n{\n  ^a.\"b c\".${d} = 1 + 2; e = 3; }";
    ask(text, |b| {
        assert_eq!(b.whole.text, b"a.\"b c\".${d} = 1 + 2;");
        assert_eq!((b.whole.line, b.whole.column, b.whole.start), (3, 3, 13));
        assert_eq!(b.path.text, b"a.\"b c\".${d}");
        assert_eq!(strings(&b.names), ["a", "\"b c\"", "${d}"]);
        let value = b.value.expect("a value");
        assert_eq!((value.whole.text, value.whole.column, value.whole.end()), (&b"1 + 2"[..], 18, 33));
        assert_eq!(value.list, None);
    });
    let written = Written::parse(text.replace('^', "").into_bytes());
    assert!(written.at(12).is_none() && written.at(15).is_none() && written.at(1000).is_none());
}

#[test]
fn every_kind_of_set_has_bindings() {
    for text in [
        "rec { ^a = 1; }",
        "let ^a = 1; in a",
        "let { ^a = 1; body = a; }",
        "with x; assert y; { ^a = 1; }",
        "{ x ? { ^a = 1; }, ... }@args: x",
        "\"s ${f { ^a = 1; }} t\"",
        "''\n  s ${f { ^a = 1; }} t\n''",
        "./p/${f { ^a = 1; }}/q",
        "{ ${f { ^a = 1; }} = 2; }",
        "[ (x: { ^a = 1; }) ]",
        "x.y or { ^a = 1; }",
        "!{ ^a = 1; } ? a",
    ] {
        ask(text, |b| assert_eq!(b.whole.text, b"a = 1;", "{text}"));
    }
}

#[test]
fn names_are_inherited() {
    ask("{ inherit (x.y) a ^b; }", |b| {
        assert_eq!(b.whole.text, b"inherit (x.y) a b;");
        assert_eq!((b.path.text, strings(&b.names)), (&b"b"[..], vec!["b".to_owned()]));
        assert_eq!(b.inherited_from.map(|from| from.text), Some(&b"x.y"[..]));
        assert_eq!(b.value, None);
    });
    ask("let inherit ^\"a\" b; in a", |b| {
        assert_eq!((b.path.text, b.inherited_from), (&b"\"a\""[..], None));
    });
    assert_eq!(around("mkIf c { inherit ^a; }"), ["mkIf c"]);
    assert_eq!(above("{\n  # all\n  inherit a\n    # this\n    ^b c; }"), Some("this".to_owned()));
    assert_eq!(above("{\n  # all\n  inherit a ^b c; }"), Some("all".to_owned()));
    assert_eq!(beside("{ inherit ^a b; # both\n }"), Some("both".to_owned()));
    assert_eq!(beside("{ inherit\n ^a # one\n b; # other\n }"), Some("one".to_owned()));
    assert_eq!(beside("{ inherit\n ^a\n b; # other\n }"), None);
}

#[test]
fn conditions_are_around() {
    assert_eq!(
        around("{ config = lib.mkIf config.x.enable { a.b = { ^c = 1; }; }; }"),
        ["lib.mkIf config.x.enable"]
    );
    assert_eq!(
        around(
            "{ config = mkIf (a && b) (mkMerge [ { x = 1; } (lib.modules.mkIf c { y = mkForce { ^z = 1; }; }) ]); }"
        ),
        ["mkIf a && b", "mkMerge", "lib.modules.mkIf c", "mkForce"]
    );
    assert_eq!(around("lib.mkIf c <| lib.mkMerge [ { ^a = 1; } ]"), ["lib.mkIf c", "lib.mkMerge"]);
    assert_eq!(around("{ ^a = 1; } |> lib.mkIf c"), ["lib.mkIf c"]);
    assert_eq!(around("(mkIf c) { ^a = 1; }"), ["mkIf c"]);
    assert_eq!(around("mkIf c (with x; let y = 1; in { ^a = y; })"), ["mkIf c"]);
    assert_eq!(around("x: mkOverride 10 (y: mkOrder 500 { ^a = 1; })"), ["mkOverride 10", "mkOrder 500"]);
    assert_eq!(around("optionalAttrs c ({ ^a = 1; } // b)"), ["optionalAttrs c"]);
    assert_eq!(around("lib.optional c { ^a = 1; } ++ lib.optionals d [ b ]"), ["lib.optional c"]);
    assert_eq!(around("if c then { ^a = 1; } else { b = 2; }"), ["Then c"]);
    assert_eq!(around("if (c) then x else if d then y else { ^a = 1; }"), ["Else c", "Else d"]);
    assert_eq!(around("mkAssert c \"message\" { ^a = 1; }"), ["mkAssert c"]);
}

#[test]
fn what_is_no_property_is_not_around() {
    for text in [
        "mkIf { ^a = 1; }.a { }",
        "mkIf c x { ^a = 1; }",
        "if { ^a = 1; }.a then b else c",
        "map (mkIf c) [ { ^a = 1; } ]",
        "(f mkIf) c { ^a = 1; }",
        "mkIf c { b = 1; } // { ^a = 1; }",
        "(x.mkIf or y) c { ^a = 1; }",
        "\"mkIf\" c { ^a = 1; }",
        "x.\"mkIf\" c { ^a = 1; }",
    ] {
        assert_eq!(around(text), [""; 0], "{text}");
    }
}

#[test]
fn properties_are_at_the_head_of_values() {
    assert_eq!(
        inside("{ ^a = mkIf c (lib.mkForce 1); }"),
        (vec!["mkIf c".to_owned(), "lib.mkForce".to_owned()], "1".to_owned())
    );
    assert_eq!(
        inside("{ ^a = with x; (mkOverride (10 + 1) <| mkBefore [ 1 ]); }"),
        (vec!["mkOverride 10 + 1".to_owned(), "mkBefore".to_owned()], "[ 1 ]".to_owned())
    );
    assert_eq!(
        inside("{ ^a = optionalString c \"x\"; }"),
        (vec!["optionalString c".to_owned()], "\"x\"".to_owned())
    );
    assert_eq!(inside("{ ^a = f (mkForce 1); }"), (vec![], "f (mkForce 1)".to_owned()));
    assert_eq!(inside("{ ^a = mkForce; }"), (vec![], "mkForce".to_owned()));
    ask("{ ^a = mkDefault (mkMerge [ 1 (mkIf c 2) ]); }", |b| {
        let value = b.value.expect("a value");
        assert_eq!(properties(&value.properties), ["mkDefault", "mkMerge"]);
        assert_eq!(value.parts.len(), 2);
        assert_eq!(
            (properties(&value.parts[1].properties), value.parts[1].core.text),
            (vec!["mkIf c".to_owned()], &b"2"[..])
        );
    });
    ask("{ ^a = if c then mkForce 1 else 2; }", |b| {
        let value = b.value.expect("a value");
        assert_eq!(properties(&value.properties), ["Choice c"]);
        assert_eq!(properties(&value.parts[0].properties), ["mkForce"]);
        assert_eq!(value.parts[1].whole.text, b"2");
    });
}

#[test]
fn conditions_are_found_by_where_mk_if_is_called() {
    let text = "{ a = mkIf (c) (mkForce (lib.mkIf (d || e) 1)); x = mkIf; }";
    let written = Written::parse(text.as_bytes());
    let at = |what: &str| {
        let offset = text.find(what).expect("a call");
        written.condition_at(offset).map(|condition| string(condition.text))
    };
    assert_eq!(at("mkIf (c)"), Some("c".to_owned()));
    assert_eq!(at("lib.mkIf"), Some("d || e".to_owned()));
    assert_eq!((at("mkForce"), at("mkIf;"), at("(d")), (None, None, None));
    ask("{ x =\n  mkIf\n    (c) { ^a = 1; }; }", |b| {
        let condition = b.around[0].argument.expect("a condition");
        assert_eq!((condition.line, condition.column), (3, 6));
        assert_eq!((b.around[0].function.line, b.around[0].function.column), (2, 3));
    });
}

#[test]
fn elements_of_lists_have_places() {
    let list = |text: &str, len: usize| {
        ask(text, |b| {
            let list = b.value.and_then(|value| value.list).expect("a list");
            let shown = |i| list.element(i, len).map_or("?".to_owned(), |piece| string(piece.text));
            (0..len).map(shown).collect::<Vec<_>>().join(" ")
        })
    };
    assert_eq!(list("{ ^a = [ 1 (f x) \"s\" ]; }", 3), "1 (f x) \"s\"");
    assert_eq!(list("{ ^a = mkIf c (mkBefore (with p; [ x.y z ])); }", 2), "x.y z");
    assert_eq!(list("{ ^a = [ 1 ] ++ map f x ++ [ 2 3 ]; }", 5), "1 ? ? 2 3");
    assert_eq!(list("{ ^a = ([ 1 ] ++ [ 2 ]) ++ f; }", 3), "1 2 ?");
    assert_eq!(list("{ ^a = f ++ [ 1 ]; }", 1), "1");
    let optional = "{ ^a = [ 1 ] ++ optional c 2 ++ lib.optionals (d) [ 3 4 ] ++ [ 5 ]; }";
    assert_eq!(list(optional, 5), "1 2 3 4 5");
    assert_eq!(list(optional, 2), "1 5");
    assert_eq!(list(optional, 4), "1 ? ? 5");
    assert_eq!(list(optional, 1), "?");
    assert_eq!(list("{ ^a = optionals c [ 1 2 ]; }", 2), "1 2");
    assert_eq!(list("{ ^a = optionals c ([ 1 ] ++ f); }", 2), "? ?");
    ask(optional, |b| {
        let list = b.value.and_then(|value| value.list).expect("a list");
        assert_eq!(strings(list.elements()), ["1", "2", "3", "4", "5"]);
        let ListPart::Elements { condition: Some(condition), .. } = &list.parts[2] else {
            panic!("no condition: {:?}", list.parts);
        };
        assert_eq!(condition.text, b"d");
    });
    ask("{ ^a = [\n  1\n  [ 2 ]\n]; }", |b| {
        let list = b.value.and_then(|value| value.list).expect("a list");
        assert_eq!(list.element(1, 2).map(|e| (e.line, e.column)), Some((3, 3)));
        assert_eq!(list.element(2, 2), None);
    });
}

#[test]
fn comments_are_above() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(above("{\n  # one\n  #  two\n  ^a = 1; }"), some("one\n two"));
    assert_eq!(above("{\n  # far\n\n  # near\n  ^a = 1; }"), some("near"));
    assert_eq!(above("{\n  # far\n\n  ^a = 1; }"), None);
    assert_eq!(above("{ b = 1; # of b\n  ^a = 1; }"), None);
    assert_eq!(above("{ b = 1; # of b\n  # of a\n  ^a = 1; }"), some("of a"));
    assert_eq!(above("{ # of the set\n  ^a = 1; }"), None);
    assert_eq!(above("{ b = 1; /* of a */ ^a = 1; }"), some("of a"));
    assert_eq!(above("{\n  /* one\n     two */\n  ^a = 1; }"), some("one\ntwo"));
    assert_eq!(above("{\n  /**\n   * one\n   *  two\n   */\n  ^a = 1; }"), some("one\n two"));
    assert_eq!(
        above("{\n  /*\n    one\n      two\n\n    three\n  */\n  ^a = 1; }"),
        some("one\n  two\n\nthree")
    );
    assert_eq!(above("{\n  ########\n  ## one ##\n  ########\n  ^a = 1; }"), some("one"));
    assert_eq!(above("{\r\n  # one\r\n  # two\r\n  ^a = 1;\r\n}"), some("one\ntwo"));
    assert_eq!(above("{\r\n  # one\r\n\r\n  ^a = 1;\r\n}"), None);
    assert_eq!(above("{\r\t# one\r\t^a = 1;\r}"), some("one"));
    assert_eq!(above("{ b = \"# no\";\n  ^a = 1; }"), None);
}

#[test]
fn comments_are_beside() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(beside("{ ^a = 1; # one\n # two\n }"), some("one"));
    assert_eq!(beside("{ ^a = 1;   /* one */ }"), some("one"));
    assert_eq!(beside("{ ^a = 1; /* of b */ b = 2; }"), None);
    assert_eq!(beside("{ ^a = 1;\n # no\n }"), None);
    assert_eq!(beside("{ ^a = 1; b = 2; # of b\n }"), None);
    assert_eq!(beside("{ ^a = [ # one\n 1 # two\n ]; }"), some("one"));
    assert_eq!(beside("{ ^a = [\n 1 # no\n ]; }"), None);
    assert_eq!(beside("{ ^a = { b = 1; # of b\n }; }"), None);
    assert_eq!(beside("{ ^a = 1 # one\n ; }"), some("one"));
    assert_eq!(beside("{ ^a = {\n }; # one\n }"), some("one"));
    assert_eq!(beside("{ ^a = ''\n # no\n ''; }"), None);
}

#[test]
fn any_bytes_are_read() {
    let text = b"{\n  # \xff\n  a = \"\xfe\"; b\xc3\xa9 = 1; c = 2; }";
    let written = Written::parse(&text[..]);
    let a = written.at(10).expect("a binding");
    assert_eq!(a.above.map(|c| c.text), Some(b"\xff".to_vec()));
    assert_eq!(a.value.map(|v| v.whole.text), Some(&b"\"\xfe\""[..]));
    for end in 0..text.len() {
        let written = Written::parse(&text[..end]);
        for offset in 0..end {
            written.at(offset);
        }
    }
}

#[test]
fn broken_texts_give_what_is_there() {
    let text = "mkIf (c) { a = { b = mkForce [ 1 \"x${y}\" ] ++ optionals d [ 2 ]; /* e */ inherit (f) g; }; # h\n\
                i = mkOption { default = if j then k else l; } // { type = m |> n; }; ${o}.\"p\" = let q = 1; in q; }";
    let pieces: Vec<&str> = text.split_inclusive(' ').collect();
    let mut usable = 0;
    for i in 0..pieces.len() {
        for broken in [[&pieces[..i], &pieces[i + 1..]].concat(), [&pieces[i..], &pieces[..i]].concat()] {
            let broken = broken.concat();
            let written = Written::parse(broken.as_bytes());
            let found = (0..broken.len()).filter_map(|offset| written.at(offset)).count();
            usable += usize::from(found > 1);
        }
    }
    assert!(usable > pieces.len(), "bindings in only {usable} of {}", 2 * pieces.len());
    ask("{ ^a = 1; b = ; c = [ }", |b| assert_eq!(b.whole.text, b"a = 1;"));
    ask("{ a = 1; b = ; c = 2; ^d = 3; }", |b| assert_eq!(b.path.text, b"d"));
    ask("{ ^a = \"x", |b| assert_eq!(b.path.text, b"a"));
}

#[test]
fn deep_texts_are_read_up_to_a_limit() {
    let deep = |open: &str, inner: &str, close: &str, levels: usize| {
        let text = format!("{{ a = {}{inner}{}; b = 1; }}", open.repeat(levels), close.repeat(levels));
        let written = Written::parse(text.as_bytes());
        for offset in 0..text.len().min(10_000) {
            written.at(offset);
        }
        written.at(2).map(|b| string(b.path.text))
    };
    for (open, inner, close) in [
        ("{ a = ", "1", "; }"),
        ("[ ", "1", " ]"),
        ("(", "1", ")"),
        ("mkIf c (", "1", ")"),
        ("mkMerge [ (", "1", ") ]"),
        ("\"${", "1", "}\""),
        ("!", "a", ""),
        ("x: ", "a", ""),
        ("with a; ", "a", ""),
        ("let a = 1; in ", "a", ""),
        ("if a then b else ", "a", ""),
        ("mkIf c <| ", "a", ""),
        ("a ++ ", "a", ""),
        ("a // ", "a", ""),
        ("a -> ", "a", ""),
        ("a + ", "a", ""),
        ("a ", "a", ""),
        ("a ? b && ", "a", ""),
        ("a.b or ", "a", ""),
    ] {
        assert_eq!(deep(open, inner, close, 100), Some("a".to_owned()), "{open}");
        for levels in [255, 300, 520, 1000, 50_000] {
            deep(open, inner, close, levels);
        }
    }
}

fn nix_files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(t) if t.is_dir() => folders.push(entry.path()),
                Ok(t) if t.is_file() && entry.path().extension().is_some_and(|e| e == "nix") => {
                    found.push(entry.path());
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// The name that is written as `a`, `"a"` or `${"a"}`.
fn plain(text: &[u8]) -> Vec<u8> {
    let inside = text.strip_prefix(b"${").and_then(|text| text.strip_suffix(b"}"));
    let text = inside.unwrap_or(text).trim_ascii();
    match text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")) {
        Some(quoted) => unescape(quoted).into(),
        None => text.to_vec(),
    }
}

/// Asks about each binding that the quick parser finds; how many there are, and how long reading and asking take.
fn check(text: &[u8], what: &str) -> Option<(usize, [Duration; 2])> {
    let ast = parse(text, what, ParseOptions { home: true, pipes: true, ..ParseOptions::default() }).ok()?;
    // Positions of the text count from 1.
    let mut wanted: Vec<(usize, Option<Vec<u8>>)> = Vec::new();
    for expr in ast.exprs() {
        let (Expr::Attrs(bindings) | Expr::Let { bindings, .. }) = expr else {
            continue;
        };
        for attr in bindings.attrs.iter().filter(|attr| attr.pos.is_some()) {
            wanted.push((attr.pos.0 as usize - 1, Some(ast.names.get(attr.name).to_vec())));
        }
        wanted.extend(bindings.dynamic.iter().map(|attr| (attr.pos.0 as usize - 1, None)));
    }
    let begin = Instant::now();
    let written = Written::parse(text);
    let parsed = begin.elapsed();
    let begin = Instant::now();
    let found: Vec<Option<Binding<'_>>> = wanted.iter().map(|(offset, _)| written.at(*offset)).collect();
    let asked = begin.elapsed();
    for ((offset, name), binding) in wanted.iter().zip(found) {
        let place = || format!("{what}, byte {offset}");
        let binding = binding.unwrap_or_else(|| panic!("no binding: {}", place()));
        assert_eq!(binding.path.start, *offset, "{}", place());
        assert!(text[*offset..].starts_with(binding.path.text), "{}", place());
        let is_name = |piece: &Piece<'_>| name.as_ref().is_none_or(|name| *name == plain(piece.text));
        assert!(binding.names.iter().any(is_name), "{}: {name:?} {:?}", place(), strings(&binding.names));
        assert_eq!(binding.value.is_none(), binding.whole.start != *offset, "{}", place());
        if let Some(value) = &binding.value {
            assert!(value.whole.start > binding.path.start && value.whole.end() < binding.whole.end());
            assert!(value.core.start >= value.whole.start && value.core.end() <= value.whole.end());
        }
    }
    Some((wanted.len(), [parsed, asked]))
}

#[test]
fn every_binding_is_found() {
    let mut all = 0;
    for file in nix_files(Path::new("testdata")) {
        let text = std::fs::read(&file).expect("a file");
        all += check(&text, &file.display().to_string()).map_or(0, |(found, _)| found);
    }
    assert!(all > 1000, "only {all} bindings");
}

#[test]
fn every_binding_of_nixpkgs_is_found() {
    let Some(trees) = trees() else {
        return;
    };
    let mut files = 0;
    let mut all = 0;
    let mut times = [Duration::ZERO; 2];
    for file in nix_files(&trees.join("nixpkgs-26.11/nixos/modules")) {
        let text = std::fs::read(&file).expect("a file");
        let (found, [parsed, asked]) = check(&text, &file.display().to_string())
            .unwrap_or_else(|| panic!("no expression: {}", file.display()));
        files += 1;
        all += found;
        times[0] += parsed;
        times[1] += asked;
    }
    println!("{files} files in {:?}, {all} bindings in {:?}", times[0], times[1]);
    assert!(files > 1500 && all > 50_000, "only {files} files with {all} bindings");
}
