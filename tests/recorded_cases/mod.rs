//! Cases in a file: a command (`$`), and the lines that it is recorded to give (`|`, `!`, `=`).

/// Runs the cases of a file, of which there are more than `at_least`; `run` gives what a command gives now. With
/// NIVAL_BLESS=1, records that instead.
pub fn check(path: &str, at_least: usize, run: impl FnMut(&str) -> Vec<String>) {
    check_or_record(path, at_least, is_blessed(), run);
}

/// Whether NIVAL_BLESS is set.
pub fn is_blessed() -> bool {
    std::env::var_os("NIVAL_BLESS").is_some()
}

/// The same; `records` says whether it records.
pub fn check_or_record(path: &str, at_least: usize, records: bool, mut run: impl FnMut(&str) -> Vec<String>) {
    let text = std::fs::read_to_string(path).expect("the cases");
    let is_record = |line: &&str| line.starts_with(['|', '!', '=']);
    let mut lines = text.lines().peekable();
    let (mut now, mut wrong, mut cases) = (Vec::new(), String::new(), 0);
    while let Some(line) = lines.next() {
        now.push(line.to_owned());
        let Some(command) = line.strip_prefix("$ ") else {
            continue;
        };
        let mut before = Vec::new();
        while let Some(line) = lines.next_if(is_record) {
            before.push(line.to_owned());
        }
        let after = run(command);
        if before != after {
            let (before, after) = (before.join("\n"), after.join("\n"));
            wrong.push_str(&format!("{line}\nrecorded:\n{before}\nnow:\n{after}\n\n"));
        }
        now.extend(after);
        cases += 1;
    }
    if records {
        std::fs::write(path, now.join("\n") + "\n").expect("the cases can be written");
        return;
    }
    assert!(cases > at_least, "only {cases} cases");
    assert!(wrong.is_empty(), "{wrong}");
}
