//! Messages that are kept in place of being printed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::Host;
use super::redirected::Redirected;

/// The messages that were kept.
#[derive(Debug, Clone, Default)]
pub struct Messages {
    kept: Rc<RefCell<Vec<Vec<u8>>>>,
    printed: Rc<Cell<bool>>,
}

impl Messages {
    /// Prints messages at once, until [`keep`](Messages::keep) is called.
    pub fn printed() -> Messages {
        let messages = Messages::default();
        messages.printed.set(true);
        messages
    }

    /// Keeps messages from now on.
    pub fn keep(&self) {
        self.printed.set(false);
    }

    /// Whether messages are printed at once.
    pub fn are_printed(&self) -> bool {
        self.printed.get()
    }

    /// The number of messages that are kept.
    pub fn len(&self) -> usize {
        self.kept.borrow().len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the messages that are kept.
    pub fn take(&self) -> Vec<Vec<u8>> {
        self.kept.take()
    }
}

/// A host that keeps the messages of an evaluation in `messages`, while those are not printed.
pub fn collected<H: Host>(inner: H, messages: Messages) -> impl Host {
    Redirected::new(inner, move |inner: &H, text| match messages.are_printed() {
        true => inner.message(text),
        false => messages.kept.borrow_mut().push(text.to_vec()),
    })
}
