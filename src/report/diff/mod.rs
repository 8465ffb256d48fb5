//! What differs between configurations, grouped by the lines that cause it.
//!
//! | file | what is in it |
//! |---|---|
//! | `words` | a change, a cause and a summary in a line each |
//! | `rows` | changes in the same words as one row |
//! | `text` | for people |
//! | `json` | for programs; `docs/diff-json.md` describes it |
//! | `markdown` | a comment on a pull request |
//! | `html` | a page with search and filters |
//! | `github` | annotations of GitHub's workflows |
//! | `changed_paths` | for nixpkgs' CI |

mod changed_paths;
mod github;
mod html;
mod json;
mod markdown;
mod rows;
mod text;
mod words;

pub use changed_paths::{diff_changed_paths, diff_step_summary};
pub use github::diff_github;
pub use html::diff_html;
pub use json::{cause_json, diff_json};
pub use markdown::{code, diff_markdown};
pub use text::{DiffDetail, diff_text};
pub use words::what as what_changed;
