//! The library with the C interface and the plugin for Nix, as `cargo test --all-features` builds it for their tests.

pub use nival::Session;
