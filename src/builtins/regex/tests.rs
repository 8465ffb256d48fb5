//! The recorded answers of Nix, and checks without Nix: the memo changes no result, and no input takes forever.

use serde_json::{Value, json};

use super::error::RegexError;
use super::{Regex, Scratch};

fn groups(scratch_groups: &[Option<(usize, usize)>], text: &str) -> Value {
    scratch_groups.iter().map(|group| group.map(|(from, to)| &text[from..to])).collect()
}

fn full_match(regex: &Regex, text: &str) -> Result<Value, RegexError> {
    let mut scratch = Scratch::default();
    let matched = regex.full_match(&mut scratch, text.as_bytes())?;
    Ok(if matched { groups(scratch.groups(), text) } else { Value::Null })
}

fn split(regex: &Regex, text: &str) -> Result<Value, RegexError> {
    let mut scratch = Scratch::default();
    let mut splits = regex.splits(&mut scratch, text.as_bytes());
    let mut list = Vec::new();
    let mut rest = 0;
    while let Some(found) = splits.find_next()? {
        list.push(json!(text[found.after..found.start]));
        list.push(groups(splits.groups(), text));
        rest = found.end;
    }
    list.push(json!(text[rest..]));
    Ok(Value::Array(list))
}

fn run(op: &str, regex: Result<&Regex, RegexError>, text: &str) -> Result<Value, RegexError> {
    if op == "match" { full_match(regex?, text) } else { split(regex?, text) }
}

#[test]
fn recorded_answers() {
    let corpus: Value = serde_json::from_str(include_str!("../../../testdata/regex.json")).expect("is JSON");
    let rows = corpus["rows"].as_array().expect("has rows");
    assert!(rows.len() > 400);
    for row in rows {
        let field = |name: &str| row[name].as_str().expect("is a string");
        let (op, pattern, text) = (field("op"), field("regex"), field("text"));
        let regex = Regex::new(pattern.as_bytes());
        match run(op, regex.as_ref().map_err(|&error| error), text) {
            Ok(result) => assert_eq!(Some(&result), row.get("result"), "{op} {pattern:?} {text:?}"),
            Err(error) => {
                assert_eq!(format!("{error} '{pattern}'"), field("error"), "{op} {pattern:?} {text:?}");
            }
        }
    }
}

/// A pseudo-random pattern over two letters with everything that makes matching hard.
fn pattern(seed: &mut u64, depth: u32, out: &mut String) {
    let mut next = |limit: u64| {
        *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (*seed >> 33) % limit
    };
    for _ in 0..=next(3) {
        match next(if depth == 0 { 6 } else { 9 }) {
            0..=2 => out.push('a'),
            3..=4 => out.push('b'),
            5 => out.push_str([".", "[^a]", "[ab]"][usize::try_from(next(3)).expect("is small")]),
            6..=7 => {
                out.push('(');
                let mut inner = next(1 << 40);
                pattern(&mut inner, depth - 1, out);
                out.push(')');
            }
            _ => {
                out.push('(');
                let mut inner = next(1 << 40);
                pattern(&mut inner, depth - 1, out);
                out.push('|');
                pattern(&mut inner, depth - 1, out);
                out.push(')');
            }
        }
        out.push_str(
            ["", "", "*", "+", "?", "{2}", "{1,2}", ""][usize::try_from(next(8)).expect("is small")],
        );
    }
}

#[test]
fn remembering_changes_nothing() {
    let mut seed = 2;
    for round in 0..2000 {
        let mut text = String::new();
        pattern(&mut seed, 3, &mut text);
        let easy = Regex::new(text.as_bytes()).expect("is a pattern");
        let mut hard = Regex::new(text.as_bytes()).expect("is a pattern");
        hard.easy_steps = 0;
        for number in 0_u32..40 {
            let input: String =
                (0..8).map(|bit| if ((number * 37) >> bit) & 1 == 0 { 'a' } else { 'b' }).collect();
            for op in ["match", "split"] {
                assert_eq!(
                    run(op, Ok(&easy), &input),
                    run(op, Ok(&hard), &input),
                    "{round}: {op} {text:?} {input:?}"
                );
            }
        }
    }
}

#[test]
fn hostile_inputs() {
    let text = "a".repeat(100_000);
    for pattern in ["(a*)*b", "(a|aa)*b", "((a*)*)*b", "(a?){30}b", "(a+a+)+y", "(.|\n)*x", "(a|b|ab)*c"] {
        let regex = Regex::new(pattern.as_bytes()).expect("is a pattern");
        assert_eq!(full_match(&regex, &text), Ok(Value::Null), "{pattern}");
        assert_eq!(split(&regex, &text), Ok(json!([text])), "{pattern}");
    }
    let deep = ["(".repeat(30_000), ")".repeat(30_000)].concat();
    assert!(Regex::new(deep.as_bytes()).is_ok());
    assert_eq!(Regex::new("(".repeat(30_000).as_bytes()).err(), Some(RegexError::Invalid));
    assert_eq!(Regex::new("(".repeat(200_000).as_bytes()).err(), Some(RegexError::TooLarge));
    // Only nested empty loops remain exponential.
    let empty = Regex::new(b"((()|())*(()|())*)*{9}(()|()){40}x").expect("is a pattern");
    assert!(matches!(full_match(&empty, "y"), Ok(Value::Null) | Err(RegexError::TooComplex)));
}
