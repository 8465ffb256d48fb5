//! Finds the commit that a revision names, and near names for one that does not exist.

use gix::bstr::ByteSlice as _;

/// The maximum number of names that a message suggests.
const MOST_NAMES: usize = 3;

/// The commit that a revision names. `repository` is how messages name the repository.
///
/// # Errors
/// When there is none, or it is not unique. The message is complete.
pub(super) fn commit_of<'r>(
    repo: &'r gix::Repository,
    repository: &str,
    revision: &str,
) -> Result<gix::Commit<'r>, String> {
    let found = repo.rev_parse_single(revision).and_then(|id| id.object());
    let object = found.map_err(|e| {
        let base = base_of(revision);
        let unknown = format!("the git repository '{repository}' has no revision '{revision}'");
        if repo.head_id().is_err() && matches!(base, "HEAD" | "@") {
            return format!("{unknown}: nothing has been committed yet");
        }
        // A name that exists is not misspelt: something else is wrong with the revision.
        if repo.rev_parse_single(base).is_ok() && base != revision {
            return format!("{unknown}: {e}");
        }
        match &near(repo, base)[..] {
            // There is nothing to say about a plain name that no branch or tag resembles.
            [] if is_name(revision) => unknown,
            [] => format!("{unknown}: {e}"),
            [last] => format!("{unknown}; did you mean '{last}'?"),
            [names @ .., last] => {
                let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
                format!("{unknown}; did you mean {} or '{last}'?", names.join(", "))
            }
        }
    })?;
    let kind = object.kind;
    let no_commit = |_| {
        format!(
            "revision '{revision}' of the git repository '{repository}' is a {kind}, but must be a commit"
        )
    };
    object.peel_to_commit().map_err(no_commit)
}

/// Whether a revision may be the name of a branch or tag, and no hash.
fn is_name(revision: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let is_hash = revision.chars().all(|c| c.is_ascii_hexdigit());
    revision.starts_with(char::is_alphabetic)
        && revision.chars().all(is_part)
        && !revision.contains("..")
        && !is_hash
}

/// The name that a revision starts from: `main` for `main~3`, `main@{1}` and `main:file`.
fn base_of(revision: &str) -> &str {
    let end = revision.find(|c: char| "~^:".contains(c)).unwrap_or(revision.len());
    let base = &revision[..end];
    base.find("@{").map_or(base, |at| &base[..at])
}

/// The branches and tags whose names are near a name, nearest first.
fn near(repo: &gix::Repository, name: &str) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    if let Ok(references) = repo.references()
        && let Ok(all) = references.all()
    {
        for reference in all.flatten() {
            let full = reference.name().as_bstr();
            let short = [&b"refs/heads/"[..], b"refs/tags/", b"refs/remotes/"]
                .iter()
                .find_map(|p| full.strip_prefix(*p));
            let Some(Ok(short)) = short.map(|short| short.to_str()) else {
                continue;
            };
            let distance = strsim::damerau_levenshtein(name, short);
            let is_near =
                distance <= (name.chars().count() / 3).max(1) || short.ends_with(&format!("/{name}"));
            if is_near && !found.iter().any(|(_, known)| known == short) {
                found.push((distance, short.to_owned()));
            }
        }
    }
    found.sort();
    found.truncate(MOST_NAMES);
    found.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_start_from_a_name() {
        for (revision, base) in [
            ("main", "main"),
            ("main~3^2", "main"),
            ("v1.0^{commit}", "v1.0"),
            ("main@{1}", "main"),
            ("@~1", "@"),
            ("a@b:nixos/default.nix", "a@b"),
        ] {
            assert_eq!(base_of(revision), base);
        }
    }
}
