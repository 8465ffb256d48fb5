//! What differs between configurations, grouped by the lines that cause it.
//!
//! | file | what is in it |
//! |---|---|
//! | `words` | a change, a cause and a summary in a line each |
//! | `text` | for people |
//! | `json` | for programs; `docs/diff-json.md` describes it |

mod json;
mod text;
mod words;

pub use json::diff_json;
pub use text::{DiffDetail, diff_text};
