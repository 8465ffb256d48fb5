//! What an evaluation may access.

use crate::eval::Settings;
use crate::host::{Guarded, Host, Mode, Policy};
use crate::options::EMBEDDED;

/// A host with the access policy of the settings.
pub fn guarded<H: Host + 'static>(host: H, settings: &Settings) -> Box<dyn Host> {
    let mode = match (settings.pure, settings.restrict) {
        (true, _) => Mode::Pure,
        (false, true) => Mode::Restricted,
        (false, false) => return Box::new(host),
    };
    let policy = Policy::new(mode, settings.allowed_uris.clone());
    policy.allow(EMBEDDED.as_bytes());
    Box::new(Guarded::new(host, policy))
}
