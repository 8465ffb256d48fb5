//! Expressions whose values and errors must match real Nix: testdata/lang.

mod corpus;

use corpus::Corpus;
use nival::Error;
use nival::internal::{Feature, Lint, Settings};

static LANG: Corpus = Corpus {
    name: "lang",
    settings,
    text: |expression| expression.to_vec(),
    finish: |_, value| Ok(value),
    message,
    compared: without_internal_lines,
};

fn settings(flags: &str, files: &str) -> Settings {
    let mut settings = Settings {
        show_trace: true,
        nix_path: vec![("lang".to_owned(), files.to_owned())],
        base_dir: files.as_bytes().to_vec(),
        ..Settings::default()
    };
    let words = flags.replace("\"\"", "\u{2205}").replace(['"', '\''], "");
    let mut words = words.split_whitespace().peekable();
    while let Some(flag) = words.next() {
        match flag {
            "--trace-verbose" => settings.trace_verbose = true,
            "--read-write-mode" | "--quiet" => {}
            "--store" => assert_eq!(words.next(), Some("$STORE")),
            "--option" => match (words.next(), words.next()) {
                (Some("abort-on-warn"), Some("true")) => settings.abort_on_warn = true,
                (Some("pure-eval"), Some("true")) => settings.pure = true,
                (Some("show-trace"), Some("false")) => settings.show_trace = false,
                // Its value is empty.
                (Some("substituters"), next) => assert_eq!(next, Some("\u{2205}")),
                (Some("allow-import-from-derivation"), Some("false")) => {
                    settings.allow_import_from_derivation = false;
                }
                other => panic!("the test does not know the option {other:?}"),
            },
            "--extra-experimental-features" => {
                while let Some(feature) = words.next_if(|w| !w.starts_with('-')) {
                    match feature {
                        "parse-toml-timestamps" => settings.toml_timestamps = true,
                        "pipe-operators" => settings.pipe_operators = true,
                        name => {
                            let known = Feature::ALL.into_iter().find(|f| f.name() == name);
                            let known = known.unwrap_or_else(|| panic!("no feature {name}"));
                            settings.store_features = settings.store_features.with(known);
                        }
                    }
                }
            }
            "--lint-url-literals" => settings.lints.urls = lint(words.next()),
            "--lint-absolute-path-literals" => settings.lints.absolute_paths = lint(words.next()),
            "--lint-short-path-literals" => settings.lints.short_paths = lint(words.next()),
            other => panic!("the test does not know the flag {other}"),
        }
    }
    settings
}

fn lint(word: Option<&str>) -> Lint {
    match word {
        Some("warn") => Lint::Warn,
        Some("fatal") => Lint::Fatal,
        other => panic!("no lint {other:?}"),
    }
}

fn message(settings: &Settings, error: &Error) -> Vec<u8> {
    let text = error.render(settings.show_trace);
    // Usage errors, which some built-ins raise, end with advice.
    text.strip_suffix(b"\nTry 'nix-instantiate --help' for more information.").unwrap_or(text).to_vec()
}

/// An answer without excerpts from Nix's internal code, for which nival's code differs.
fn without_internal_lines(answer: &[Vec<u8>]) -> Vec<&[u8]> {
    let mut internal = false;
    let mut kept = Vec::new();
    for line in answer {
        let number = line.strip_prefix(b"!").map(<[u8]>::trim_ascii_start).and_then(|rest| {
            let bar = rest.iter().position(|c| *c == b'|')?;
            Some(&rest[..bar])
        });
        let is_code = number.is_some_and(|n| n.iter().all(u8::is_ascii_digit));
        if !(internal && is_code) {
            internal = line.windows(16).any(|w| w == "«nix-internal»".as_bytes());
            kept.push(&line[..]);
        }
    }
    kept
}

#[test]
fn expressions_give_what_nix_gives() {
    LANG.run();
}
