//! Which jobs the names in aggregates stand for, and in which order aggregates are completed.

use std::collections::{BTreeMap, BTreeSet};

use super::find::Job;
use super::glob;

/// An aggregate whose names have been looked up.
#[derive(Debug, Default)]
pub struct Aggregate {
    /// Its attribute path.
    pub name: String,
    /// The jobs that it is made of.
    pub dependencies: BTreeSet<String>,
    /// The jobs that are missing or broken, with the reason.
    pub broken: Vec<(String, String)>,
}

/// Aggregates that are made of each other.
#[derive(Debug, PartialEq, Eq)]
pub struct Cycle {
    /// Two of them.
    pub between: [String; 2],
    /// All other aggregates.
    pub others: Vec<String>,
}

/// Looks up what each aggregate is made of, and says what is wrong with that. The result has each behind those that it needs.
///
/// # Errors
/// Aggregates that are made of each other.
pub fn select(jobs: &BTreeMap<String, Job>, say: &mut dyn FnMut(&str)) -> Result<Vec<Aggregate>, Cycle> {
    let mut aggregates = BTreeMap::new();
    for (name, job) in jobs {
        if job.constituents.as_ref().is_some_and(|of| !of.named.is_empty()) {
            aggregates.insert(name.clone(), look_up(name, job, jobs, say));
        }
    }
    sort(aggregates)
}

fn look_up(name: &str, job: &Job, jobs: &BTreeMap<String, Job>, say: &mut dyn FnMut(&str)) -> Aggregate {
    let mut found = Aggregate { name: name.to_owned(), ..Aggregate::default() };
    let Some(constituents) = &job.constituents else {
        return found;
    };
    let add = |found: &mut Aggregate, child: &str, job: &Job, say: &mut dyn FnMut(&str)| match &job.error {
        Some(error) => {
            say(&format!("aggregate job '{name}' references broken job '{child}': {error}"));
            found.break_with(child, error);
            false
        }
        None => {
            found.dependencies.insert(child.to_owned());
            true
        }
    };
    for child in &constituents.named {
        if let Some(job) = jobs.get(child) {
            add(&mut found, child, job, say);
        } else if constituents.is_glob {
            let others = jobs.iter().filter(|(other, _)| *other != name);
            let mut is_any = false;
            for (other, job) in others.filter(|(other, _)| glob::matches(child.as_bytes(), other.as_bytes()))
            {
                is_any |= add(&mut found, other, job, say);
            }
            if !is_any {
                say(&format!(
                    "warning: aggregate job '{name}' references constituent glob pattern '{child}' with no matches"
                ));
                found.break_with(child, "constituent glob pattern had no matches");
            }
        } else {
            say(&format!("aggregate job '{name}' references non-existent job '{child}'"));
            found.break_with(child, "does not exist");
        }
    }
    found
}

impl Aggregate {
    fn break_with(&mut self, job: &str, reason: &str) {
        if !self.broken.iter().any(|(name, _)| name == job) {
            self.broken.push((job.to_owned(), reason.to_owned()));
        }
    }
}

/// Puts each aggregate behind those that it needs, in the order of their names otherwise.
fn sort(mut aggregates: BTreeMap<String, Aggregate>) -> Result<Vec<Aggregate>, Cycle> {
    let mut sorted: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for first in aggregates.keys() {
        // Those that are being visited, each with what it still needs.
        let mut open: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut next = Some(first.as_str());
        loop {
            if let Some(name) = next.take()
                && seen.insert(name)
            {
                let needs = aggregates[name].dependencies.iter().map(String::as_str);
                let mut needs: Vec<&str> =
                    needs.filter(|n| *n != name && aggregates.contains_key(*n)).collect();
                needs.reverse();
                open.push((name, needs));
            }
            let Some((name, needs)) = open.last_mut() else {
                break;
            };
            let name = *name;
            match needs.pop() {
                Some(need) if open.iter().any(|(visited, _)| *visited == need) => {
                    let between = [need.to_owned(), name.to_owned()];
                    let others = aggregates.keys().filter(|name| !between.contains(name)).cloned().collect();
                    return Err(Cycle { between, others });
                }
                Some(need) => next = Some(need),
                None => {
                    sorted.push(name.to_owned());
                    open.pop();
                }
            }
        }
    }
    Ok(sorted.iter().filter_map(|name| aggregates.remove(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(needs: &[(&str, &[&str])]) -> Result<Vec<String>, Cycle> {
        let aggregates = needs.iter().map(|(name, of)| {
            let dependencies = of.iter().map(ToString::to_string).collect();
            let name = name.to_string();
            (name.clone(), Aggregate { name, dependencies, broken: Vec::new() })
        });
        Ok(sort(aggregates.collect())?.into_iter().map(|aggregate| aggregate.name).collect())
    }

    #[test]
    fn aggregates_follow_those_that_they_need() {
        let order = sorted(&[("a", &["c", "x"]), ("b", &["a", "b"]), ("c", &["d"]), ("d", &[])]);
        assert_eq!(order, Ok(["d", "c", "a", "b"].map(str::to_owned).to_vec()));
        let cycle = sorted(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"]), ("d", &[])]);
        let between = ["b".to_owned(), "c".to_owned()];
        assert_eq!(cycle, Err(Cycle { between, others: vec!["a".to_owned(), "d".to_owned()] }));
    }
}
