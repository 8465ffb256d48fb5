//! Output for people and programs.
//!
//! | file | for |
//! |---|---|
//! | `options`, `marks` | option values as JSON, with marks where a value cannot be printed |
//! | `nix`, `pretty` | JSON as a Nix expression, and on several lines |
//! | `plain` | values taken out of the evaluator, as Nix and JSON |
//! | `paths`, `roots` | files by the root that they are below |
//! | `palette` | colours |
//! | `workflow` | annotations of GitHub's workflows |
//! | `nixos_option` | what nixos-option prints |
//! | `option_docs`, `option_markdown`, `option_html` | the documentation of options, as nixpkgs writes it |
//! | `dependencies` | what options were computed from, and what was computed from them |
//! | `diff` | what differs between configurations, by causes |
//! | `attr_set`, `editor` | what editors ask about an attribute set |
//! | `jobs` | derivations in a tree of sets, as nix-eval-jobs prints them |
//! | `lint_text`, `lint_json`, `lint_github` | findings about definitions |
//! | `workflow` | the workflow commands of GitHub |
//! | `option_text`, `option_rows`, `option_json` | an option with its definitions |

mod attr_set;
mod dependencies;
mod diff;
mod editor;
mod jobs;
mod lint_github;
mod lint_json;
mod lint_text;
mod marks;
mod nix;
mod nixos_option;
mod option_docs;
mod option_html;
mod option_json;
mod option_markdown;
mod option_rows;
mod option_text;
mod options;
mod palette;
mod paths;
mod plain;
mod pretty;
mod roots;
mod workflow;

pub use attr_set::{AttrSet, Refusal};
pub use dependencies::{
    Way, dependencies_dot, dependencies_json, dependencies_text, imports_json, imports_text,
};
pub use diff::{
    DiffDetail, cause_json, code, diff_changed_paths, diff_github, diff_html, diff_json, diff_markdown,
    diff_step_summary, diff_text, what_changed,
};
pub use jobs::{Found, Job, Jobs, JobsAsked, Package, failed, finish, line};
pub use lint_github::lint_github;
pub use lint_json::{lint_json, lint_sarif};
pub use lint_text::{Before, lint_text};
pub use marks::Options;
pub use nix::nix_from_json;
pub use nixos_option::nixos_option;
pub use option_docs::options_json;
pub use option_html::options_html;
pub use option_json::{level_json, option_json};
pub use option_markdown::options_markdown;
pub use option_rows::Detail;
pub use option_text::{option_line, option_text};
pub use options::{Selection, Written, write_options};
pub use palette::Palette;
pub use paths::Roots;
pub use plain::{cut, on_one_line, to_json as plain_json};
pub use pretty::indent_json;
pub use roots::roots;
pub use workflow::annotation;
