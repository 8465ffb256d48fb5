//! The differences in many fixtures, each difference once, grouped by their causes.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::cause::{Cause, CauseKind, Files, Sides};
use super::delta::same_change;
use super::detail::{Detail, Details, Question};
use super::difference::Difference;
use super::kind::ChangeKind;
use crate::options::{Failure, Moved};

/// A difference, and where it is from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// What differs.
    pub difference: Difference,
    /// The numbers of the fixtures in which it does.
    pub fixtures: Vec<usize>,
    /// The changed texts that make it differ: its own, or those of the options that it follows.
    pub causes: Vec<Cause>,
    /// Whether the causes are its own.
    pub is_direct: bool,
    /// Differences in options that it was computed from, by their names.
    pub follows: Vec<String>,
}

/// Differences with the same causes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Group {
    /// The causes; none if they are not visible.
    pub causes: Vec<Cause>,
    /// The numbers of the changes that they make.
    pub direct: Vec<usize>,
    /// The numbers of the changes that follow from those.
    pub following: Vec<usize>,
    /// The fixtures that have any of them.
    pub fixtures: Vec<usize>,
}

/// The differences of two configurations with one fixture, and the answers about them.
pub struct Pair<'a> {
    /// What differs.
    pub differences: Vec<Difference>,
    /// The old configuration's answers.
    pub old: &'a Details,
    /// The new configuration's answers.
    pub new: &'a Details,
    /// Reads the texts of files.
    pub files: &'a dyn Files,
}

/// The differences in all fixtures.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Comparison {
    /// The names of the fixtures.
    pub fixtures: Vec<String>,
    /// All differences, in the order of their options.
    pub changes: Vec<Change>,
    /// The numbers of the fixtures that fail as a whole in both configurations, and why: nothing of them is compared.
    pub failing: Vec<(usize, Failure)>,
    /// The numbers of the changes at each path, until the comparison is finished.
    at: HashMap<Vec<String>, Vec<usize>>,
    /// The new names of the options that are renamed. That they are new goes without saying.
    renamed: BTreeSet<String>,
}

impl Comparison {
    /// A comparison in fixtures of these names.
    pub(crate) fn of(fixtures: Vec<String>) -> Comparison {
        Comparison { fixtures, ..Comparison::default() }
    }

    /// The number of a change that is known already, so that nothing needs to be asked about it.
    pub(crate) fn known(&self, difference: &Difference) -> Option<usize> {
        self.at.get(&difference.loc)?.iter().copied().find(|number| {
            let own = &self.changes[*number].difference;
            // A renamed option has been a removed one, until that was asked.
            let same = own.kind == difference.kind
                || own.kind == ChangeKind::Renamed && difference.kind == ChangeKind::Removed;
            // For an option that is gone or new, the value does not matter. Hashes differ wherever other things do.
            let either =
                matches!(difference.kind, ChangeKind::Removed | ChangeKind::Added | ChangeKind::Hash);
            // What an option was that fails now, does not matter either.
            let fails = difference.kind == ChangeKind::Error
                && difference
                    .new
                    .as_ref()
                    .is_some_and(|new| new.failure().is_some() && own.new.as_ref() == Some(new));
            same && (either || fails || same_change(own, difference))
        })
    }

    /// What to ask about differences. If only hashes of store paths differ, a few of them tell the cause.
    pub(crate) fn questions(&self, found: &[Difference]) -> Vec<Question> {
        const FEW: usize = 12;
        let ask = |it: &Difference| Question { is_known: self.known(it).is_some(), ..it.question() };
        match found.iter().any(|it| it.kind != ChangeKind::Hash) {
            true => found.iter().filter(|it| it.kind != ChangeKind::Hash).map(ask).collect(),
            false => found.iter().take(FEW).map(|it| Question { reads: true, ..ask(it) }).collect(),
        }
    }

    /// Adds the differences in a fixture.
    pub(crate) fn add(&mut self, fixture: usize, pair: Pair<'_>) {
        let Pair { mut differences, old, new, files } = pair;
        let mut unknown = Vec::new();
        differences.retain(|difference| match self.known(difference) {
            Some(known) => {
                self.changes[known].fixtures.push(fixture);
                false
            }
            None => true,
        });
        self.rename(&mut differences, new);
        let sides = Sides::new(old, new, files);
        for difference in differences {
            let causes = sides.own(&difference);
            let is_direct = !causes.is_empty();
            let fixtures = vec![fixture];
            unknown.push(Change { difference, fixtures, causes, is_direct, follows: Vec::new() });
        }
        let known = self.changes.iter().filter(|change| change.fixtures.contains(&fixture));
        let changed: Changed = known
            .chain(&unknown)
            .filter(|change| change.difference.kind.is_read())
            .map(|change| (change.difference.loc.clone(), change.difference.name.clone()))
            .collect();
        for change in &mut unknown {
            let Change { difference, causes, is_direct, follows, .. } = change;
            let details = [old, new];
            *follows = read(difference, details, |detail| &detail.by_definitions, &changed);
            if *is_direct {
                continue;
            }
            if follows.is_empty() {
                *follows = read(difference, details, |detail| &detail.by_value, &changed);
            }
            if follows.is_empty() {
                *causes = sides.at_least(difference);
            }
        }
        self.search_further(&sides, fixture, &mut unknown);
        for change in &mut unknown {
            change.is_direct = !change.causes.is_empty();
        }
        for change in unknown {
            self.at.entry(change.difference.loc.clone()).or_default().push(self.changes.len());
            self.changes.push(change);
        }
    }

    /// Lets removed options that the new configuration knows by another name be renamed ones.
    fn rename(&mut self, differences: &mut Vec<Difference>, new: &Details) {
        for difference in differences.iter_mut().filter(|difference| difference.kind == ChangeKind::Removed) {
            let moved = new.options.get(&difference.loc).and_then(|detail| detail.moved.as_ref());
            let to = match moved {
                Some(Moved::Alias(to)) => vec![to.clone()],
                Some(Moved::To(to)) => to.clone(),
                Some(Moved::Removed(_)) | None => continue,
            };
            difference.kind = ChangeKind::Renamed;
            difference.to = Some(to.join(", "));
            self.renamed.extend(to);
        }
        differences.retain(|it| it.kind != ChangeKind::Added || !self.renamed.contains(&it.name));
    }

    /// Looks at what else was changed, where neither a change nor what it follows has a cause: first for those that follow
    /// nothing, then for those that only follow each other.
    fn search_further(&self, sides: &Sides<'_>, fixture: usize, unknown: &mut [Change]) {
        for number in self.without_causes(fixture, unknown) {
            let Change { difference, causes, follows, .. } = &mut unknown[number];
            if follows.is_empty() {
                *causes = sides.lines(difference);
                if causes.is_empty() {
                    *causes = sides.elsewhere(difference);
                }
            }
        }
        for search in [Sides::at_least, Sides::elsewhere] {
            for number in self.without_causes(fixture, unknown) {
                let Change { difference, causes, .. } = &mut unknown[number];
                *causes = search(sides, difference);
            }
        }
    }

    /// The numbers of the new changes that have no causes, and follow no change in the fixture that has some.
    fn without_causes(&self, fixture: usize, unknown: &[Change]) -> Vec<usize> {
        let known = self.changes.iter().filter(|change| change.fixtures.contains(&fixture));
        let grounded = grounded(known.chain(unknown));
        let open = |number: &usize| !grounded.contains(&unknown[*number].difference.name);
        (0..unknown.len()).filter(open).collect()
    }

    /// Lets each change that follows others have their causes, and sorts the changes. To be called after the last fixture.
    pub(crate) fn finish(&mut self) {
        self.at.clear();
        self.changes.sort_by(|a, b| {
            let key = |change: &Change| (change.difference.loc.clone(), change.difference.kind);
            key(a).cmp(&key(b))
        });
        self.name_lines();
        let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, change) in self.changes.iter().enumerate() {
            by_name.entry(&change.difference.name).or_default().push(number);
        }
        let of = |number: usize| (number, nearest(&self.changes, &by_name, number));
        let open = (0..self.changes.len()).filter(|number| self.changes[*number].causes.is_empty());
        let found: Vec<(usize, Vec<Cause>)> = open.map(of).collect();
        let mut own: BTreeMap<String, Vec<Vec<Cause>>> = BTreeMap::new();
        for change in self.changes.iter().filter(|change| change.is_direct) {
            own.entry(change.difference.name.clone()).or_default().push(change.causes.clone());
        }
        for (number, causes) in found {
            self.changes[number].causes = causes;
        }
        // What has the same causes of its own says nothing more about a change.
        for change in self.changes.iter_mut().filter(|change| change.is_direct) {
            let Change { causes, follows, .. } = change;
            follows.retain(|name| own.get(name).is_some_and(|all| all.iter().any(|it| it != causes)));
        }
    }

    /// Lets changed lines that are known as a definition, condition or declaration as well be that.
    fn name_lines(&mut self) {
        let line = |cause: &Cause| Some((cause.place.file.clone(), cause.place.at?.0));
        let causes = self.changes.iter().flat_map(|change| &change.causes);
        let named: BTreeMap<(String, u32), Cause> = causes
            .filter(|cause| cause.kind != CauseKind::Lines)
            .filter_map(|cause| Some((line(cause)?, cause.clone())))
            .collect();
        for change in &mut self.changes {
            for cause in change.causes.iter_mut().filter(|cause| cause.kind == CauseKind::Lines) {
                if let Some(named) = line(cause).and_then(|line| named.get(&line)) {
                    *cause = named.clone();
                }
            }
            change.causes.sort();
            change.causes.dedup();
        }
    }

    /// Drops the changes that are neither at nor below any of the paths.
    pub(crate) fn keep(&mut self, paths: &[Vec<Vec<u8>>]) {
        self.changes.retain(|change| {
            let loc = &change.difference.loc;
            loc.is_empty() || paths.iter().any(|path| is_below(loc, path))
        });
    }

    /// The changes by their causes: what a text changes first, then what follows from that. The groups with the most
    /// severe changes come first, those without a visible cause last. Changes of hashes are among them only if there are no
    /// others: then they are not what follows.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: BTreeMap<&[Cause], Group> = BTreeMap::new();
        let only_hashes = self.hashes() == self.changes.len();
        for (number, change) in self.changes.iter().enumerate() {
            if change.difference.kind == ChangeKind::Hash && (!only_hashes || change.causes.is_empty()) {
                continue;
            }
            let group = groups.entry(&change.causes).or_insert_with(|| Group {
                causes: change.causes.clone(),
                direct: Vec::new(),
                following: Vec::new(),
                fixtures: Vec::new(),
            });
            match change.is_direct || change.causes.is_empty() {
                true => group.direct.push(number),
                false => group.following.push(number),
            }
            group.fixtures.extend(&change.fixtures);
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        for group in &mut groups {
            group.fixtures.sort_unstable();
            group.fixtures.dedup();
        }
        groups.sort_by_key(|group| {
            let kinds = group.direct.iter().chain(&group.following);
            let worst = kinds.map(|number| self.changes[*number].difference.kind).min();
            (group.causes.is_empty(), worst)
        });
        groups
    }

    /// How many changes are in hashes of store paths only.
    pub fn hashes(&self) -> usize {
        self.changes.iter().filter(|change| change.difference.kind == ChangeKind::Hash).count()
    }

    /// How many fixtures have any difference besides hashes.
    pub fn affected(&self) -> usize {
        let counts = self.changes.iter().filter(|change| change.difference.kind != ChangeKind::Hash);
        counts.flat_map(|change| &change.fixtures).collect::<BTreeSet<_>>().len()
    }
}

/// Whether an option is at a path, or below it.
pub fn is_below(loc: &[String], path: &[Vec<u8>]) -> bool {
    loc.len() >= path.len() && loc.iter().zip(path).all(|(name, wanted)| name.as_bytes() == wanted)
}

/// The names of what differs, by the paths.
type Changed = BTreeMap<Vec<String>, String>;

/// Which options one was computed from.
type ReadsOf = fn(&Detail) -> &Vec<Vec<String>>;

/// The differences in options that one was computed from.
fn read(difference: &Difference, details: [&Details; 2], reads: ReadsOf, changed: &Changed) -> Vec<String> {
    // Types, defaults and descriptions are no values.
    let kind = difference.kind;
    if !kind.is_read() && kind != ChangeKind::Hash {
        return Vec::new();
    }
    let details = details.iter().filter_map(|details| details.options.get(&difference.loc));
    let names = details.flat_map(reads).filter_map(|loc| changed.get(loc)).cloned();
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The names of the changes that have causes, or follow others that have some.
fn grounded<'a>(changes: impl Iterator<Item = &'a Change>) -> BTreeSet<String> {
    let mut pending = Vec::new();
    let mut followers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for change in changes {
        let name = change.difference.name.as_str();
        if !change.causes.is_empty() {
            pending.push(name);
        }
        for followed in &change.follows {
            followers.entry(followed).or_default().push(name);
        }
    }
    let mut found = BTreeSet::new();
    while let Some(name) = pending.pop() {
        if found.insert(name.to_owned()) {
            pending.extend(followers.get(name).into_iter().flatten());
        }
    }
    found
}

/// The causes of the nearest changes that have some of their own, going from what a change follows to what that follows.
/// Another change of an option, in other fixtures, is none of them.
fn nearest(changes: &[Change], by_name: &BTreeMap<&str, Vec<usize>>, of: usize) -> Vec<Cause> {
    let shares =
        |other: &usize| changes[*other].fixtures.iter().any(|fixture| changes[of].fixtures.contains(fixture));
    let followed = |number: usize| {
        let names = changes[number].follows.iter().filter_map(|name| by_name.get(name.as_str()));
        names.flatten().copied().filter(shares)
    };
    let mut seen = BTreeSet::from([of]);
    let mut level: BTreeSet<usize> = followed(of).collect();
    while !level.is_empty() {
        let mut causes: Vec<Cause> =
            level.iter().flat_map(|number| &changes[*number].causes).cloned().collect();
        if !causes.is_empty() {
            causes.sort();
            causes.dedup();
            return causes;
        }
        seen.extend(&level);
        level = level.iter().flat_map(|number| followed(*number)).filter(|it| !seen.contains(it)).collect();
    }
    Vec::new()
}
