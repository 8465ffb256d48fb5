//! Which findings are new against those of an earlier revision.

use hashbrown::HashMap;

use super::rule::Finding;

/// What makes a finding the same one at two revisions, whatever its line is.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Known {
    rule: &'static str,
    option: String,
    file: String,
    message: String,
}

impl Finding {
    /// What makes it the same at another revision; `show` writes its file by its root.
    pub fn known(&self, show: impl Fn(&str) -> String) -> Known {
        Known {
            rule: self.rule.name,
            option: self.option.clone(),
            file: show(&self.place.file),
            message: self.message.clone(),
        }
    }
}

/// Takes those out of `findings` that are among `before`, each for one of them. Returns how many.
pub fn keep_new(findings: &mut Vec<Finding>, before: Vec<Known>, show: impl Fn(&str) -> String) -> usize {
    let mut left: HashMap<Known, usize> = HashMap::new();
    for known in before {
        *left.entry(known).or_default() += 1;
    }
    let all = findings.len();
    findings.retain(|finding| match left.get_mut(&finding.known(&show)) {
        Some(left @ 1..) => {
            *left -= 1;
            false
        }
        _ => true,
    });
    all - findings.len()
}
