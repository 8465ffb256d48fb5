//! Programs of one kind, and how they are compared.
//!
//! A process for each program and each side would take too long. So a batch of programs is evaluated in this process
//! first. Those that have values become the elements of one list, which both sides evaluate as programs. Those that fail go
//! through one `nix repl`, which says what it says about each. Only where that differs, and for one in some, both
//! sides evaluate the program alone. These alone decide.

use std::path::PathBuf;

use fastrand::Rng;

use super::answer::{Answer, compared};
use super::grammar::{Grammar, Node};
use super::minimise::minimise;
use super::ours::Ours;
use super::sides::{Repl, Side};

/// How many programs are in a batch.
pub const BATCH: usize = 128;
/// One in how many failing programs is evaluated alone in any case.
const ALONE: usize = 16;
/// Of all batches, the seed.
const SEED: u64 = 1 << 32;
/// Defines the `lib` of the real Nix, or the interpreted one.
const LIB: &str = "let lib = import <lib>; in ";
/// How values are printed, and how much is said about errors.
const FLAGS: &[&[&str]] = &[
    &[],
    &["--show-trace"],
    &["--json"],
    &["--json", "--show-trace"],
    &["--xml"],
    &["--xml", "--show-trace"],
    &["--xml", "--no-location"],
];

/// Programs of one kind, and who evaluates them.
pub struct Kind {
    pub name: &'static str,
    pub grammar: Grammar,
    /// Text before each program.
    pub before: &'static str,
    /// The `lib` that programs have in scope, if any: that of the real Nix, and of the interpreted half.
    pub lib: Option<PathBuf>,
    pub nival: Side,
    pub nix: Side,
    pub repl: Option<Repl>,
}

/// What came of some programs.
#[derive(Debug, Default)]
pub struct Batch {
    pub programs: usize,
    pub failing: usize,
    pub differing: usize,
    /// Differences, each as a text.
    pub found: Vec<String>,
}

impl Batch {
    /// Both together.
    pub fn with(mut self, other: Batch) -> Batch {
        self.programs += other.programs;
        self.failing += other.failing;
        self.differing += other.differing;
        self.found.extend(other.found);
        self
    }
}

/// A program that fails, and what nival says.
struct Failing {
    program: Node,
    text: String,
}

impl Kind {
    /// What both sides evaluate for some text.
    fn text(&self, program: &str) -> String {
        format!("{}{}{program}", if self.lib.is_some() { LIB } else { "" }, self.before)
    }

    /// The same as a function of the native lib, in the same columns.
    fn native_text(&self, program: &str) -> String {
        format!("{:width$}{}{program}", "lib:", self.before, width = LIB.len())
    }

    /// Makes a batch of programs and compares them.
    pub fn batch(&self, number: u64) -> Batch {
        let mut rng = Rng::with_seed(SEED + number);
        let flags = FLAGS[rng.usize(..FLAGS.len())];
        let ours = Ours::new(self.lib.as_ref());
        let (mut together, mut failing) = (Vec::new(), Vec::new());
        let mut found = Vec::new();
        for _ in 0..BATCH {
            let program = self.grammar.program(&mut rng, "START");
            if self.lib.is_some() {
                found.extend(self.difference_of_libs(&ours, &program));
            }
            let text = self.text(&format!("builtins.deepSeq ({}) null", program.text()));
            if ours.evaluate(&text).succeeds {
                together.push(program);
            } else {
                failing.push(Failing { program, text });
            }
        }
        let count = failing.len();
        found.extend(self.differences_in_list(&together, flags));
        found.extend(self.differing_messages(&failing, flags, &mut rng));
        let named = |text| format!("{}, batch {number}: {text}\n", self.name);
        let found: Vec<String> = found.into_iter().map(named).collect();
        Batch { programs: BATCH, failing: count, differing: found.len(), found }
    }

    /// Differences of programs that have values, as elements of one list: looked for in halves.
    fn differences_in_list(&self, programs: &[Node], flags: &[&str]) -> Vec<String> {
        let elements: Vec<String> = programs.iter().map(|p| format!("({})", p.text())).collect();
        let text = self.text(&format!("[\n{}\n]", elements.join("\n")));
        let ours = self.nival.evaluate_long(&text, flags);
        let theirs = self.nix.evaluate_long(&text, flags);
        if programs.is_empty() || ours.is(&theirs) {
            return Vec::new();
        }
        let mut found: Vec<String> = match programs {
            [program] => self.difference(program, flags).into_iter().collect(),
            _ => {
                let (left, right) = programs.split_at(programs.len() / 2);
                [left, right].iter().flat_map(|half| self.differences_in_list(half, flags)).collect()
            }
        };
        if found.is_empty() && !ours.repeats() && !theirs.repeats() {
            found.push(format!("only differs in a list, with {flags:?}: {}", elements.join(" ")));
        }
        found
    }

    /// Differences of programs that fail.
    fn differing_messages(&self, failing: &[Failing], flags: &[&str], rng: &mut Rng) -> Vec<String> {
        let on_one_line: Vec<&Failing> = failing.iter().filter(|f| !f.text.contains('\n')).collect();
        let texts: Vec<String> = on_one_line.iter().map(|f| f.text.clone()).collect();
        let theirs = self.repl.as_ref().map(|repl| repl.messages(&texts)).unwrap_or_default();
        let ours = Ours::new(self.lib.as_ref());
        let same: Vec<bool> = on_one_line
            .iter()
            .enumerate()
            .map(|(i, failing)| {
                let said = ours.evaluate(&failing.text).err;
                theirs.get(i).is_some_and(|their| compared(their) == compared(&said))
            })
            .collect();
        let mut same = same.into_iter();
        let mut found = Vec::new();
        for failing in failing {
            let is_same = !failing.text.contains('\n') && same.next().unwrap_or_default();
            if !is_same || rng.usize(..ALONE) == 0 {
                found.extend(self.difference(&failing.program, flags));
            }
        }
        found
    }

    /// How a program differs, as short as possible.
    fn difference(&self, program: &Node, flags: &[&str]) -> Option<String> {
        let both =
            |text: &str, flags: &[&str]| (self.nival.evaluate(text, flags), self.nix.evaluate(text, flags));
        let differing = |tree: &Node| {
            let text = self.text(&tree.text());
            let (mut ours, mut theirs) = both(&text, flags);
            if !ours.is(&theirs) && (ours.repeats() || theirs.repeats()) {
                // As XML, everything is printed.
                (ours, theirs) = both(&format!("builtins.toXML ({text})"), &[]);
                if ours.repeats() || theirs.repeats() {
                    return None;
                }
            }
            (!ours.is(&theirs)).then_some((ours, theirs))
        };
        self.shortest(program, &flags.join(" "), differing)
    }

    /// How a program differs with the two libs.
    fn difference_of_libs(&self, ours: &Ours, program: &Node) -> Option<String> {
        let differing = |tree: &Node| {
            let text = tree.text();
            let native = ours.message_with_native_lib(&self.native_text(&text));
            let interpreted = ours.message(&self.text(&text));
            (native != interpreted).then_some((native, interpreted))
        };
        self.shortest(program, "(native lib)", differing)
    }

    fn shortest(
        &self,
        program: &Node,
        how: &str,
        differing: impl Fn(&Node) -> Option<(Answer, Answer)>,
    ) -> Option<String> {
        differing(program)?;
        let short = minimise(&self.grammar, program, |tree| differing(tree).is_some());
        let (ours, theirs) = differing(&short)?;
        Some(format!("{how} {}\nNix:\n{}nival:\n{}", short.text(), theirs.shown(), ours.shown()))
    }
}
