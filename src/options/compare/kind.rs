//! In which respect an option differs.

/// In which respect an option differs. The order is that of importance: an option is listed by the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The whole configuration, or the option, fails with another error than before, or only now.
    Error,
    /// A further assertion fails, or one that failed holds now.
    Assertion,
    /// There is a further warning, or one fewer.
    Warning,
    /// It failed before, and has a value now.
    Fixed,
    /// The option is gone.
    Removed,
    /// The option has another name.
    Renamed,
    /// The value is another one.
    Value,
    /// The option is new.
    Added,
    /// The type is another one.
    Type,
    /// The default is another one, but the value is the same.
    Default,
    /// The value is the same, but other definitions give it, or with other priorities.
    Definitions,
    /// The description is another one.
    Description,
    /// The value differs in hashes of store paths only.
    Hash,
}

impl ChangeKind {
    /// The word for it in JSON.
    pub fn word(self) -> &'static str {
        match self {
            ChangeKind::Error => "error",
            ChangeKind::Assertion => "assertion",
            ChangeKind::Warning => "warning",
            ChangeKind::Fixed => "fixed",
            ChangeKind::Removed => "removed",
            ChangeKind::Renamed => "renamed",
            ChangeKind::Value => "value",
            ChangeKind::Added => "added",
            ChangeKind::Type => "type",
            ChangeKind::Default => "default",
            ChangeKind::Definitions => "definitions",
            ChangeKind::Description => "description",
            ChangeKind::Hash => "hash",
        }
    }

    /// Whether a system that uses the option is another one.
    pub fn changes_value(self) -> bool {
        matches!(
            self,
            ChangeKind::Error
                | ChangeKind::Fixed
                | ChangeKind::Removed
                | ChangeKind::Renamed
                | ChangeKind::Value
                | ChangeKind::Added
        )
    }

    /// Whether what reads the option may be another one.
    pub fn is_read(self) -> bool {
        self.changes_value() || matches!(self, ChangeKind::Assertion | ChangeKind::Warning)
    }
}
