//! Git repositories for tests.

use std::path::Path;
use std::process::Command;

/// Runs git in a folder. Without git, says that the test is skipped, and returns false.
pub fn git(folder: &Path, words: &str) -> bool {
    let out = Command::new("git")
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", "2024-01-02T03:04:05Z")
        .env("GIT_COMMITTER_DATE", "2024-01-02T03:04:05Z")
        .args(["-c", "user.name=Nix", "-c", "user.email=nix@example.org", "-c", "init.defaultBranch=main"])
        // The dates are fixed, so the log of `HEAD` is old.
        .args(["-c", "protocol.file.allow=always", "-c", "gc.reflogExpire=never"])
        .args(words.split_whitespace())
        .output();
    let Ok(out) = out else {
        println!("skipped: there is no git here to make repositories with");
        return false;
    };
    assert!(out.status.success(), "git {words}: {}", String::from_utf8_lossy(&out.stderr));
    true
}
