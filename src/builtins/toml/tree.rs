//! The values read so far, and the rules for inserting a new one: the hardest part of TOML.

use std::collections::BTreeMap;

use super::report::{Region, Report};

/// A value in the tree.
pub(super) type Id = usize;

/// How a table was defined, which decides what may still be added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableKind {
    /// By its own header; also the document itself.
    Header,
    /// By the header of a nested table.
    Implied,
    /// By a dotted key.
    Dotted,
    /// `{ … }`
    Inline,
}

#[derive(Debug)]
pub(super) enum Value {
    Boolean(bool),
    Integer(i64),
    Float(f64),
    String(Vec<u8>),
    /// A date or time, as Nix writes it.
    Timestamp(String),
    Array {
        items: Vec<Id>,
        headers: bool,
    },
    Table {
        entries: BTreeMap<Vec<u8>, Id>,
        kind: TableKind,
    },
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) value: Value,
    region: Region,
}

/// All values. They refer to each other by index, so nesting needs no recursion, not even to drop them.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// What is inserted into a table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Insert {
    /// `a.b = value`
    Dotted,
    /// `[a.b]`
    Table,
    /// `[[a.b]]`
    ArrayItem,
}

impl Tree {
    pub(super) fn add(&mut self, value: Value, region: Region) -> Id {
        self.nodes.push(Node { value, region });
        self.nodes.len() - 1
    }

    pub(super) fn table(&mut self, kind: TableKind, region: Region) -> Id {
        self.add(Value::Table { entries: BTreeMap::new(), kind }, region)
    }

    pub(super) fn value(&self, id: Id) -> &Value {
        &self.nodes[id].value
    }

    pub(super) fn set_region(&mut self, id: Id, region: Region) {
        self.nodes[id].region = region;
    }

    fn is_table(&self, id: Id) -> bool {
        matches!(self.nodes[id].value, Value::Table { .. })
    }

    fn find(&self, table: Id, key: &[u8]) -> Option<Id> {
        match &self.nodes[table].value {
            Value::Table { entries, .. } => entries.get(key).copied(),
            _ => None,
        }
    }

    fn put(&mut self, table: Id, key: &[u8], value: Id) {
        if let Value::Table { entries, .. } = &mut self.nodes[table].value {
            entries.insert(key.to_vec(), value);
        }
    }

    /// Whether an array of tables was defined by headers; `None` for everything else.
    fn array_of_tables(&self, id: Id) -> Option<bool> {
        match &self.nodes[id].value {
            Value::Array { headers: true, .. } => Some(true),
            Value::Array { items, .. }
                if !items.is_empty() && items.iter().all(|&item| self.is_table(item)) =>
            {
                Some(false)
            }
            _ => None,
        }
    }

    /// Inserts a value at the keys relative to `table` and creates the tables between. Returns the value or, for a
    /// table that exists already, the existing one.
    pub(super) fn insert(
        &mut self,
        insert: Insert,
        table: Id,
        keys: &[Vec<u8>],
        region: Region,
        value: Id,
    ) -> Result<Id, Box<Report>> {
        let Some((last, path)) = keys.split_last() else { return Ok(value) };
        let mut table = table;
        for key in path {
            table = self.descend(insert, table, key, region)?;
        }
        let found = self.find(table, last);
        let clash = |title: &str, note: &str, other: Region, other_note: &str| {
            let title = format!("toml::insert_value: {title}");
            Err(Report::new(title, region, note).and(other, other_note))
        };
        match (insert, found) {
            (Insert::Dotted, Some(found)) => clash(
                "failed to insert a value, value already exists",
                "inserting this",
                self.nodes[found].region,
                "but value already exists",
            ),
            (Insert::Dotted | Insert::Table, None) => {
                self.put(table, last, value);
                Ok(value)
            }
            (Insert::Table, Some(found)) => {
                let new_region = self.nodes[value].region;
                let node = &mut self.nodes[found];
                if let Value::Table { kind: kind @ TableKind::Implied, .. } = &mut node.value {
                    *kind = TableKind::Header;
                    node.region = new_region;
                    return Ok(found);
                }
                clash(
                    "failed to insert a table, table already defined",
                    "inserting this",
                    node.region,
                    "this table is explicitly defined",
                )
            }
            (Insert::ArrayItem, None) => {
                let array = self.add(Value::Array { items: vec![value], headers: true }, region);
                self.put(table, last, array);
                Ok(value)
            }
            (Insert::ArrayItem, Some(found)) => match self.array_of_tables(found) {
                Some(true) => {
                    if let Value::Array { items, .. } = &mut self.nodes[found].value {
                        items.push(value);
                    }
                    Ok(value)
                }
                Some(false) => clash(
                    "failed to insert a table, inline array of tables is immutable",
                    "while inserting this",
                    self.nodes[found].region,
                    "this is inline array-of-tables",
                ),
                None => clash(
                    "failed to insert an array of tables, value already exists",
                    "while inserting this",
                    self.nodes[found].region,
                    "non-table value already exists",
                ),
            },
        }
    }

    /// Descends one key on the way to an insertion.
    fn descend(&mut self, insert: Insert, table: Id, key: &[u8], region: Region) -> Result<Id, Box<Report>> {
        let Some(found) = self.find(table, key) else {
            let kind = if insert == Insert::Dotted { TableKind::Dotted } else { TableKind::Implied };
            let between = self.table(kind, region);
            self.put(table, key, between);
            return Ok(between);
        };
        let clash = |title: &str, note: &str, other_note: &str| {
            Err(Report::new(title, region, note).and(self.nodes[found].region, other_note))
        };
        let dotted = insert == Insert::Dotted;
        match (&self.nodes[found].value, self.array_of_tables(found)) {
            (Value::Table { kind: TableKind::Inline, .. }, _) => clash(
                "toml::insert_value: failed to insert a value: inline table is immutable",
                "inserting this",
                "to this table",
            ),
            (Value::Table { kind, .. }, _) if dotted && *kind != TableKind::Dotted => clash(
                "toml::insert_value: reopening a table using dotted keys",
                "dotted key cannot reopen a table",
                "this table is already closed",
            ),
            (Value::Table { .. }, _) => Ok(found),
            (_, Some(false)) => clash(
                "toml::insert_value:inline array of tables are immutable",
                "inserting this",
                "inline array of tables",
            ),
            (_, Some(true)) if dotted => clash(
                "toml::insert_value:dotted key cannot reopen an array-of-tables",
                "inserting this",
                "to this array-of-tables.",
            ),
            (Value::Array { items, .. }, Some(true)) => Ok(items.last().copied().unwrap_or(found)),
            _ => clash(
                "toml::insert_value: failed to insert a value, value already exists",
                "while inserting this",
                "non-table value already exists",
            ),
        }
    }
}
