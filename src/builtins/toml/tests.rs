//! The answers of Nix 2.34.8, row by row, and hostile inputs.

use serde_json::Value;

use super::super::json::tests::Again;
use super::parse;

fn again(text: &str, timestamps: bool) -> Result<String, String> {
    let mut sink = Again::default();
    parse(text.as_bytes(), timestamps, &mut sink)?;
    Ok(String::from_utf8_lossy(&sink.0).into_owned())
}

#[test]
fn recorded_answers() {
    let corpus: Value = serde_json::from_str(include_str!("../../../testdata/toml.json")).expect("is JSON");
    let rows = corpus["rows"].as_array().expect("has rows");
    assert!(rows.len() > 100);
    for row in rows {
        let text = row["toml"].as_str().expect("is a string");
        let (kind, answer) = match again(text, row.get("timestamps").is_some()) {
            Ok(json) => ("json", json),
            Err(message) => ("error", message),
        };
        assert_eq!(row.get(kind).and_then(Value::as_str), Some(answer.as_str()), "{text}");
    }
}

#[test]
fn deep_nesting() {
    for (open, close) in [("[", "]"), ("{a=", "}"), ("[{a=", "}]")] {
        let depth = 100_000;
        let text = format!("a={}1{}", open.repeat(depth), close.repeat(depth));
        assert!(again(&text, false).is_ok());
        assert!(again(&text[..text.len() - depth], false).is_err());
    }
    let header = vec!["a"; 100_000].join(".");
    assert!(again(&format!("[{header}]"), false).is_ok());
}

/// toml11 never returns from these, or overflows the stack.
#[test]
fn where_real_nix_hangs() {
    assert!(again("# \u{1}\n# x\n", false).is_err());
    assert!(again("x = [\n[1 [a = 2\n", false).is_err());
    assert!(again("d=[\"\n[\"\"[=", false).is_err());
    assert!(again("d=[1,\"\n[\"\"[[=", false).is_err());
}
