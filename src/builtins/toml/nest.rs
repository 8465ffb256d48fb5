//! Values, and the arrays and inline tables that contain them. Open containers are on an explicit stack.

use super::parser::{Keys, Parsed, Parser};
use super::report::{Region, Report};
use super::scalar::Kind;
use super::tree::{Id, Insert, TableKind, Value};

/// A container that is being read.
enum Open {
    /// `back_from` is the furthest position from which skipping an error led backwards.
    Array {
        first: usize,
        errors: usize,
        items: Vec<Id>,
        comma: bool,
        back_from: usize,
    },
    Inline {
        first: usize,
        errors: usize,
        table: Id,
        comma: bool,
        empty: bool,
        keys: Option<Keys>,
    },
}

/// What to do next.
enum Step {
    /// Read a value.
    Value,
    /// Go on in the innermost container.
    Inside,
    /// A value was read, or was invalid.
    Done(Parsed<Id>),
}

impl Parser<'_> {
    /// Reads a value.
    pub(super) fn value(&mut self) -> Parsed<Id> {
        let mut open: Vec<Open> = Vec::new();
        let mut step = Step::Value;
        loop {
            step = match step {
                Step::Value => match self.guess() {
                    Err(report) => Step::Done(Err(report)),
                    Ok(Kind::Array) => {
                        let (first, errors) = (self.at, self.errors.len());
                        self.advance();
                        self.skip_space(false);
                        open.push(Open::Array {
                            first,
                            errors,
                            items: Vec::new(),
                            comma: true,
                            back_from: 0,
                        });
                        Step::Inside
                    }
                    Ok(Kind::InlineTable) => {
                        let (first, errors) = (self.at, self.errors.len());
                        self.advance();
                        self.skip_blanks();
                        let table = self.tree.table(TableKind::Inline, Region::new(first, first));
                        open.push(Open::Inline {
                            first,
                            errors,
                            table,
                            comma: false,
                            empty: true,
                            keys: None,
                        });
                        Step::Inside
                    }
                    Ok(kind) => Step::Done(self.scalar(kind)),
                },
                Step::Inside => {
                    let step = match open.last_mut() {
                        Some(Open::Array { first, errors, items, comma, .. }) => {
                            self.in_array(*first, *errors, items, *comma)
                        }
                        Some(Open::Inline { first, errors, table, comma, empty, keys }) => {
                            self.in_inline_table(*first, *errors, *table, *comma, empty, keys)
                        }
                        None => Step::Value,
                    };
                    if let Step::Done(_) = step {
                        open.pop();
                    }
                    step
                }
                Step::Done(result) => match open.last_mut() {
                    None => return result,
                    Some(Open::Array { first, errors, items, comma, back_from }) => match result {
                        Ok(item) => {
                            items.push(item);
                            self.skip_space(false);
                            *comma = self.comma();
                            let comment = self.comment_line();
                            self.errors.extend(comment.err().map(|report| *report));
                            if *comma {
                                self.skip_space(false);
                            }
                            Step::Inside
                        }
                        Err(report) => {
                            self.errors.push(*report);
                            let before = self.at;
                            self.skip_value();
                            // toml11 may return to the start of a line and meet the same error again, forever.
                            let stuck = self.at == before || self.at < before && before <= *back_from;
                            if self.at < before {
                                *back_from = before;
                            }
                            if !stuck {
                                Step::Inside
                            } else {
                                let (first, errors, items) = (*first, *errors, std::mem::take(items));
                                open.pop();
                                Step::Done(self.close_array(first, errors, items))
                            }
                        }
                    },
                    Some(Open::Inline { first, errors, table, comma, keys, .. }) => {
                        let (first, errors, table) = (*first, *errors, *table);
                        match self.entry(table, result, keys.take()) {
                            Some(found) => {
                                *comma = found;
                                Step::Inside
                            }
                            None => {
                                open.pop();
                                Step::Done(self.close_inline_table(first, errors, table))
                            }
                        }
                    }
                },
            };
        }
    }

    fn comma(&mut self) -> bool {
        let comma = self.byte() == b',';
        self.at += usize::from(comma);
        comma
    }

    fn in_array(&mut self, first: usize, errors: usize, items: &mut Vec<Id>, comma: bool) -> Step {
        if self.ended() || self.byte() == b']' {
            return Step::Done(self.close_array(first, errors, std::mem::take(items)));
        }
        if !comma {
            return Step::Done(Err(
                self.wrong("toml::parse_array: expected value-separator `,` or closing `]`", "here")
            ));
        }
        Step::Value
    }

    /// Ends an array. If it had errors, the last one is also the result.
    fn close_array(&mut self, first: usize, errors: usize, items: Vec<Id>) -> Parsed<Id> {
        if self.byte() != b']' {
            return Err(
                self.wrong("toml::parse_array: missing closing bracket `]`", "expected `]`, reached EOF")
            );
        }
        self.advance();
        match self.errors.last() {
            Some(last) if self.errors.len() != errors => Err(Box::new(last.clone())),
            _ => Ok(self.tree.add(Value::Array { items, headers: false }, Region::new(first, self.at))),
        }
    }

    fn in_inline_table(
        &mut self,
        first: usize,
        errors: usize,
        table: Id,
        comma: bool,
        empty: &mut bool,
        keys: &mut Option<Keys>,
    ) -> Step {
        if self.ended() {
            return Step::Done(self.close_inline_table(first, errors, table));
        }
        if self.byte() == b'}' {
            if comma {
                let title = "toml::parse_inline_table: trailing comma is not allowed in TOML-v1.0.0)";
                return Step::Done(Err(self.wrong(title, "here")));
            }
            return Step::Done(self.close_inline_table(first, errors, table));
        }
        if !comma && !*empty {
            return Step::Done(Err(
                self.wrong("toml::parse_inline_table: expected value-separator `,` or closing `}`", "here")
            ));
        }
        *empty = false;
        match self.keys_and_equals() {
            Ok(read) => {
                *keys = Some(read);
                Step::Value
            }
            Err(report) => {
                self.skip_to_brace(*report);
                Step::Done(self.close_inline_table(first, errors, table))
            }
        }
    }

    /// After a value in an inline table: whether there is a comma; `None` if the table is given up.
    fn entry(&mut self, table: Id, result: Parsed<Id>, keys: Option<Keys>) -> Option<bool> {
        let (keys, region) = keys?;
        let value = match result {
            Ok(value) => value,
            Err(report) => {
                self.skip_to_brace(*report);
                return None;
            }
        };
        if let Err(report) = self.tree.insert(Insert::Dotted, table, &keys, region, value) {
            self.errors.push(*report);
            while !self.ended() && !b",\n}".contains(&self.byte()) {
                self.advance();
            }
            return Some(self.byte() == b',');
        }
        self.skip_blanks();
        let comma = self.comma();
        self.skip_blanks();
        Some(comma)
    }

    fn skip_to_brace(&mut self, report: Report) {
        self.errors.push(report);
        while !self.ended() && self.byte() != b'}' && self.byte() != b'\n' {
            self.advance();
        }
    }

    /// Ends an inline table. If it had errors, the last one is the result instead of being reported.
    fn close_inline_table(&mut self, first: usize, errors: usize, table: Id) -> Parsed<Id> {
        if self.byte() != b'}' {
            let title = "toml::parse_inline_table: missing closing bracket `}`";
            return Err(self.wrong(title, "expected `}`, reached line end"));
        }
        self.advance();
        if self.errors.len() > errors
            && let Some(last) = self.errors.pop()
        {
            return Err(Box::new(last));
        }
        self.tree.set_region(table, Region::new(first, self.at));
        Ok(table)
    }
}
