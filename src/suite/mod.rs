//! Suites: fixtures whose configurations are compared with recorded ones.
//!
//! | file | for |
//! |---|---|
//! | `suite_file`, `keys` | `nival.toml` |
//! | `fixtures`, `nixos_tests` | what is checked: files that patterns find, nodes of NixOS tests |
//! | `observe` | which options a snapshot contains |
//! | `snapshot`, `shown` | the text of a snapshot, and how two of them differ |
//! | `take`, `places` | what is taken out of a configuration |
//! | `nix_unit` | tests of expressions |
//! | `evaluate`, `common`, `outcome` | a fixture's evaluation, and what it gives |
//! | `run`, `shared`, `board` | the evaluations of all fixtures, each in a process of its own |
//! | `case` | the verdict on a fixture |
//! | `recorded` | the files of snapshots |
//! | `reach`, `base` | what the fixtures read, and which of them need not be evaluated |
//! | `report`, `report_text`, `report_json`, `report_junit`, `report_github`, `report_markdown` | the result |
//! | `init` | a first suite |

mod base;
mod board;
mod case;
mod common;
mod evaluate;
mod fixtures;
mod init;
mod keys;
mod nix_unit;
mod nixos_tests;
mod observe;
mod outcome;
mod places;
mod reach;
mod recorded;
mod report;
mod report_github;
mod report_json;
mod report_junit;
mod report_markdown;
mod report_text;
mod run;
mod shared;
mod shown;
mod snapshot;
mod suite_file;
mod take;

pub use base::{Base, record, skipped};
pub use case::{Case, State};
pub use common::{Common, path_literal};
pub use fixtures::{Fixture, Source, find_files, from_files, from_flakes, partition};
pub use init::{FirstSuite, Subject};
pub use nixos_tests::nodes;
pub use observe::matches;
pub use reach::{Answers, FILE as READS_FILE, Reach};
pub use recorded::{Update, is_written, unreferenced, write};
pub use report::CheckReport;
pub use report_github::check_github;
pub use report_json::check_json;
pub use report_junit::check_junit;
pub use report_markdown::check_markdown;
pub use report_text::{check_text, review_text};
pub use run::Run;
pub use shown::Shown;
pub use suite_file::{FILE_NAME, Suite, Way, read_suite};
