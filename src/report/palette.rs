//! Colours of text for people.

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    on: bool,
}

impl Palette {
    /// Colours if `on`.
    pub fn new(on: bool) -> Palette {
        Palette { on }
    }

    fn paint(self, code: &str, text: &str) -> String {
        match (self.on, text.strip_suffix('\n')) {
            (false, _) => text.to_owned(),
            (true, Some(line)) => format!("\x1b[{code}m{line}\x1b[0m\n"),
            (true, None) => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }

    /// What is as it should be, and what is new.
    pub fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// What is wrong, and what is gone.
    pub fn bad(self, text: &str) -> String {
        self.paint("31", text)
    }

    /// What is another one.
    pub fn other(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// What a line is about.
    pub fn strong(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What is beside it.
    pub fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }
}
