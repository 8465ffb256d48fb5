//! Mistakes in the command line or the configuration.

/// A mistake in the command line or the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The message.
    pub message: String,
    /// Whether to refer to the help.
    pub usage: bool,
    /// The flag that was probably meant.
    pub near: Option<String>,
}

impl Wrong {
    /// Wrong command-line usage.
    pub fn usage(message: impl Into<String>) -> Wrong {
        Wrong { message: message.into(), usage: true, near: None }
    }

    /// Anything else.
    pub fn plain(message: impl Into<String>) -> Wrong {
        Wrong { message: message.into(), usage: false, near: None }
    }
}
