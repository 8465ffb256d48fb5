//! What a program is answered, and what of it counts.

/// An answer to a program: standard output and standard error, or what a session gives for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub succeeds: bool,
    pub out: String,
    pub err: String,
}

impl Answer {
    /// Whether both say the same. What is printed before a value turns out to fail does not count: Nix prints JSON piece by
    /// piece.
    pub fn is(&self, other: &Answer) -> bool {
        self.succeeds == other.succeeds
            && (!self.succeeds || self.out == other.out)
            && compared(&self.err) == compared(&other.err)
    }

    /// Whether a list is `«repeated»` in it. ARCHITECTURE.md says when nival tells copies of one list apart otherwise than Nix.
    pub fn repeats(&self) -> bool {
        self.out.contains(REPEATED) || self.err.contains(REPEATED)
    }

    /// All of it, to be shown.
    pub fn shown(&self) -> String {
        format!("{}\n{}", self.out.trim_end(), self.err.trim_end()).trim_start().to_owned() + "\n"
    }
}

const REPEATED: &str = "«repeated»";

/// Whether nival adds a line to Nix's message: what to do about an output that only a build could give.
fn is_own_help(line: &str) -> bool {
    line.trim_start().starts_with("Its output '") && line.contains("nival builds nothing")
}

/// What is compared of messages. Excerpts from Nix's internal code are not: nival's code differs. As the width of a tab depends on
/// all that is before it, blanks do not count there either. Nor do the number of frames that are left out of an endless
/// recursion, and nival's own help.
pub fn compared(text: &str) -> String {
    let mut internal = false;
    let mut kept = Vec::new();
    for line in text.lines() {
        let number = line.trim_start().split_once('|').map(|(number, _)| number);
        let is_code = number.is_some_and(|number| number.trim().chars().all(|c| c.is_ascii_digit()));
        if !(internal && is_code || is_own_help(line)) {
            internal = line.contains("«nix-internal»");
            let left_out = line.ends_with(" duplicate frames omitted)");
            kept.push(if left_out { "(frames omitted)" } else { line.trim_end() });
        }
    }
    let text = kept.join("\n").trim_end().to_owned();
    match text.contains("«nix-internal»") {
        true => text.split_whitespace().collect::<Vec<_>>().join(" "),
        false => text,
    }
}
