//! The keys of a TOML file: each is asked for by its name and type, and what nobody asked for is misspelt.

use std::cell::RefCell;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::eval::{Error, ErrorKind, Res, best_matches};

/// A TOML file.
pub struct TomlFile<'t> {
    /// Its path, as messages show it.
    pub name: &'t str,
    /// Its text.
    pub text: &'t str,
}

/// A table of a TOML file.
pub struct Keys<'t> {
    file: &'t TomlFile<'t>,
    /// The table's name with a dot; empty for the whole file.
    prefix: String,
    table: &'t DeTable<'t>,
    /// The keys that were asked for.
    known: RefCell<Vec<&'static str>>,
}

/// A value, and where it begins in the text.
type Found<'t> = &'t Spanned<DeValue<'t>>;

impl TomlFile<'_> {
    /// Parses the file.
    ///
    /// # Errors
    /// A text that is no TOML, with its place.
    pub fn parse(&self) -> Res<Spanned<DeTable<'_>>> {
        DeTable::parse(self.text).map_err(|e| {
            let at = e.span().map_or(self.text.len(), |span| span.start);
            self.wrong(at, e.message())
        })
    }

    /// An error about what begins at a byte of the text.
    fn wrong(&self, at: usize, message: &str) -> Error {
        let before = &self.text[..self.text.floor_char_boundary(at)];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
        let first = message.lines().collect::<Vec<_>>().join(" ");
        Error::new(ErrorKind::Usage, format!("{}:{line}:{column}: {first}", self.name))
    }
}

impl<'t> Keys<'t> {
    /// The keys of a whole file.
    pub fn of(file: &'t TomlFile<'t>, table: &'t DeTable<'t>) -> Keys<'t> {
        Keys { file, prefix: String::new(), table, known: RefCell::default() }
    }

    fn get(&self, key: &'static str) -> Option<Found<'t>> {
        self.known.borrow_mut().push(key);
        self.table.get(key)
    }

    /// An error about a value.
    fn wrong_type(&self, key: &str, found: Found<'_>, wanted: &str) -> Error {
        let is = found.get_ref().type_str();
        let message = format!("'{}{key}' is {wanted}, not of type {is}", self.prefix);
        self.file.wrong(found.span().start, &message)
    }

    /// An error about the value of a key.
    pub fn wrong(&self, key: &str, message: &str) -> Error {
        let at = self.table.get(key).map_or(0, |found| found.span().start);
        self.file.wrong(at, message)
    }

    /// Whether a key is there. Does not count as asking for it.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// A string.
    ///
    /// # Errors
    /// A value of another type.
    pub fn string(&self, key: &'static str) -> Res<Option<String>> {
        let Some(found) = self.get(key) else {
            return Ok(None);
        };
        match found.get_ref() {
            DeValue::String(text) => Ok(Some(text.to_string())),
            _ => Err(self.wrong_type(key, found, "a string")),
        }
    }

    /// A list of strings; a string is a list of one. Empty without the key.
    ///
    /// # Errors
    /// A value of another type.
    pub fn strings(&self, key: &'static str) -> Res<Vec<String>> {
        const WANTED: &str = "a list of strings";
        let Some(found) = self.get(key) else {
            return Ok(Vec::new());
        };
        match found.get_ref() {
            DeValue::String(text) => Ok(vec![text.to_string()]),
            DeValue::Array(items) => {
                let string = |item: Found<'t>| match item.get_ref() {
                    DeValue::String(text) => Ok(text.to_string()),
                    _ => Err(self.wrong_type(key, item, WANTED)),
                };
                items.iter().map(string).collect()
            }
            _ => Err(self.wrong_type(key, found, WANTED)),
        }
    }

    /// A number above 0.
    ///
    /// # Errors
    /// A value of another type, and other numbers.
    pub fn positive(&self, key: &'static str) -> Res<Option<f64>> {
        let Some(found) = self.get(key) else {
            return Ok(None);
        };
        let number = match found.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse::<f64>().ok(),
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            _ => None,
        };
        match number {
            Some(number) if number > 0.0 && number.is_finite() => Ok(Some(number)),
            Some(_) => Err(self.wrong(key, &format!("'{}{key}' is a number above 0", self.prefix))),
            None => Err(self.wrong_type(key, found, "a number above 0")),
        }
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// A value of another type.
    pub fn flag(&self, key: &'static str, default: bool) -> Res<bool> {
        match self.get(key) {
            None => Ok(default),
            Some(found) => match found.get_ref() {
                DeValue::Boolean(value) => Ok(*value),
                _ => Err(self.wrong_type(key, found, "true or false")),
            },
        }
    }

    /// A table; `None` without the key.
    ///
    /// # Errors
    /// A value of another type.
    pub fn table(&self, key: &'static str) -> Res<Option<Keys<'t>>> {
        match self.get(key) {
            None => Ok(None),
            Some(found) => self.inside(key, found).map(Some),
        }
    }

    /// The tables in a table, whose names the user chooses.
    ///
    /// # Errors
    /// A value of another type.
    pub fn tables(&self, key: &'static str) -> Res<Vec<(String, Keys<'t>)>> {
        let Some(outer) = self.table(key)? else {
            return Ok(Vec::new());
        };
        let table = |(name, found): (&'t Spanned<_>, Found<'t>)| {
            let name: &std::borrow::Cow<'t, str> = name.get_ref();
            Ok((name.to_string(), outer.inside(name, found)?))
        };
        outer.table.iter().map(table).collect()
    }

    fn inside(&self, key: &str, found: Found<'t>) -> Res<Keys<'t>> {
        match found.get_ref() {
            DeValue::Table(table) => Ok(Keys {
                file: self.file,
                prefix: format!("{}{key}.", self.prefix),
                table,
                known: RefCell::default(),
            }),
            _ => Err(self.wrong_type(key, found, "a table")),
        }
    }

    /// Checks that every key of the table was asked for.
    ///
    /// # Errors
    /// A key that nobody asked for, with the nearest one.
    pub fn done(&self) -> Res<()> {
        let known = self.known.borrow();
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let e = self.file.wrong(key.span().start, &format!("there is no key '{}{name}'", self.prefix));
            let near = best_matches(known.iter().map(|key| key.as_bytes()), name.as_bytes());
            return Err(match near.is_empty() {
                false => e.help(format!("Did you mean {}?", near.join(" or "))),
                true => e.help(format!("there are {}", known.join(", "))),
            });
        }
        Ok(())
    }
}
