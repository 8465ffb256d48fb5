//! What is known of each fixture while their evaluations run, and the line that shows how far they are.

use serde::{Deserialize, Serialize};

use super::case::Checked;
use super::fixtures::Fixture;
use crate::host::System;

/// News of the evaluations, as they are passed from the process that begins them.
#[derive(Debug, Serialize, Deserialize)]
pub enum Told {
    /// A fixture's evaluation is begun.
    Begun(usize),
    /// It has ended.
    Ended(usize, Checked),
    /// It has to be made again.
    Again(usize),
    /// What the others begin with is there.
    Ready,
    /// Some time has passed.
    Tick,
}

/// What is known so far.
pub struct Board<'a> {
    system: &'a dyn System,
    fixtures: &'a [Fixture],
    checked: Vec<Option<Checked>>,
    running: Vec<usize>,
}

impl<'a> Board<'a> {
    /// Nothing is known.
    pub fn new(system: &'a dyn System, fixtures: &'a [Fixture]) -> Board<'a> {
        let checked = fixtures.iter().map(|_| None).collect();
        Board { system, fixtures, checked, running: Vec::new() }
    }

    /// Notes the news, and draws the line.
    pub fn hear(&mut self, told: Told) {
        match told {
            Told::Begun(fixture) => self.running.push(fixture),
            Told::Ended(fixture, checked) => {
                self.running.retain(|running| *running != fixture);
                self.checked[fixture] = Some(checked);
            }
            Told::Again(fixture) => self.running.retain(|running| *running != fixture),
            Told::Ready => {}
            Told::Tick => self.draw(),
        }
    }

    /// Nothing runs any more: what was begun has not ended.
    pub fn stop(&mut self) {
        self.running.clear();
    }

    /// The fixtures of which nothing is known.
    pub fn left(&self) -> Vec<usize> {
        (0..self.checked.len()).filter(|fixture| self.checked[*fixture].is_none()).collect()
    }

    /// What is known of each fixture.
    pub fn finish(self) -> Vec<Checked> {
        self.system.end_progress();
        self.checked.into_iter().map(Option::unwrap_or_default).collect()
    }

    fn draw(&self) {
        let names: Vec<&str> = self.running.iter().map(|at| self.fixtures[*at].name.as_str()).collect();
        let done = self.checked.iter().flatten().count();
        self.system.draw_progress(&format!("{done}/{}  {}", self.fixtures.len(), names.join(", ")));
    }
}
