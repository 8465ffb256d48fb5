//! Files as annotations name them: by their paths below the current folder, which is the repository's.

/// The path of a folder relative to another one, if it is that or below it.
pub fn below(here: &[u8], folder: &[u8]) -> Option<String> {
    let inside = folder.strip_prefix(here).filter(|rest| rest.is_empty() || rest.starts_with(b"/"))?;
    Some(String::from_utf8_lossy(inside.strip_prefix(b"/").unwrap_or(inside)).into_owned())
}

/// The path of a file that is shown by its root. `nixpkgs` is the path of the folder of nixpkgs.
pub fn in_repository(file: &str, nixpkgs: Option<&str>) -> Option<String> {
    if let Some(rest) = file.strip_prefix("<nixpkgs>/") {
        return nixpkgs
            .map(|folder| if folder.is_empty() { rest.to_owned() } else { format!("{folder}/{rest}") });
    }
    file.strip_prefix("./").map(str::to_owned)
}
