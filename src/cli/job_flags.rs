//! The flags that only nix-eval-jobs has.

use super::flag_row::{Flag, NONE, Values, jobs, one, text};
use super::wrong::Wrong;

/// The flags, in the order of the help.
pub static JOB_FLAGS: &[Flag] = &[
    jobs(
        &["--flake"],
        NONE,
        "the argument is a flake and, behind #, an attribute of its outputs",
        |flags, _| {
            flags.jobs.flake = true;
            Ok(())
        },
    ),
    jobs(
        &["--select"],
        Values::Words(&["EXPR"]),
        "look for jobs in what a function makes of the value (of a flake without #: { outputs, inputs, … })",
        |flags, values| {
            flags.jobs.select = Some(one(values));
            Ok(())
        },
    ),
    jobs(
        &["--force-recurse"],
        NONE,
        "look into all sets, not only those with recurseForDerivations",
        |flags, _| {
            flags.jobs.asked.force_recurse = true;
            Ok(())
        },
    ),
    jobs(&["--workers"], Values::Words(&["N"]), "evaluate in N processes (default: 1)", |flags, values| {
        flags.jobs.workers = number("--workers", &text(values))?;
        Ok(())
    }),
    jobs(
        &["--max-memory-size"],
        Values::Words(&["MB"]),
        "replace a process that has more megabytes of memory than this after a job (default: 4096)",
        |flags, values| {
            let megabytes = number("--max-memory-size", &text(values))? as u64;
            flags.jobs.max_memory_size = megabytes.saturating_mul(1 << 20);
            Ok(())
        },
    ),
    jobs(&["--meta"], NONE, "print the meta attributes of derivations", |flags, _| {
        flags.jobs.asked.meta = true;
        Ok(())
    }),
    jobs(
        &["--apply"],
        Values::Words(&["EXPR"]),
        "print what a function makes of each derivation, under the key extraValue",
        |flags, values| {
            flags.jobs.asked.apply = Some(one(values)).filter(|text| !text.is_empty());
            Ok(())
        },
    ),
    jobs(&["--show-input-drvs"], NONE, "print the derivations that each one needs", |flags, _| {
        flags.jobs.asked.show_input_drvs = true;
        Ok(())
    }),
    jobs(
        &["--check-cache-status"],
        NONE,
        "print which derivations would have to be built (binary caches are not asked)",
        |flags, _| {
            flags.jobs.asked.check_cache_status = true;
            Ok(())
        },
    ),
    jobs(&["--constituents"], NONE, "complete Hydra's aggregates", |flags, _| {
        flags.jobs.asked.constituents = true;
        Ok(())
    }),
    jobs(&["--no-instantiate"], NONE, "print only what the attributes of derivations tell", |flags, _| {
        flags.jobs.asked.no_instantiate = true;
        Ok(())
    }),
    jobs(
        &["--gc-roots-dir"],
        Values::Words(&["DIR"]),
        "make a link to each derivation in a folder (they are registered nowhere)",
        |flags, values| {
            flags.jobs.gc_roots_dir = Some(one(values)).filter(|folder| !folder.is_empty());
            Ok(())
        },
    ),
];

/// A number of at least 1.
fn number(flag: &str, text: &str) -> Result<usize, Wrong> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(Wrong::usage(format!("flag '{flag}' requires a number of at least 1, not '{text}'"))),
    }
}
