//! What is wrong with the command line or the configuration.

/// What is wrong with the command line or the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What.
    pub message: String,
    /// Whether help is offered.
    pub usage: bool,
    /// The flag that was meant.
    pub near: Option<String>,
}

impl Wrong {
    /// A wrong use of the command line.
    pub fn usage(message: impl Into<String>) -> Wrong {
        Wrong { message: message.into(), usage: true, near: None }
    }

    /// Anything else.
    pub fn plain(message: impl Into<String>) -> Wrong {
        Wrong { message: message.into(), usage: false, near: None }
    }
}
