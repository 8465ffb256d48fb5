//! Nix's configuration files, and `NIX_CONFIG`.

use super::wrong::Wrong;
use crate::host::{Host, HostError};
use crate::syntax::{absolute, normalise};

/// A line `name = value`.
pub type Line = (String, String);

/// All lines of all files, in order of increasing precedence.
///
/// # Errors
/// A malformed line, or a missing included file.
pub fn read(host: &dyn Host) -> Result<Vec<Line>, Wrong> {
    let mut lines = Vec::new();
    let mut files = vec![[&folder(host, b"NIX_CONF_DIR", b"/etc/nix")[..], b"/nix.conf"].concat()];
    // Of the user's files, the first takes precedence.
    files.extend(user_files(host).into_iter().rev());
    for file in files {
        if let Ok(text) = host.read_file(&file) {
            parse(host, &text, &file, &mut lines)?;
        }
    }
    if let Some(text) = host.env(b"NIX_CONFIG") {
        parse(host, &text, b"NIX_CONFIG", &mut lines)?;
    }
    Ok(lines)
}

fn folder(host: &dyn Host, variable: &[u8], default: &[u8]) -> Vec<u8> {
    host.env(variable).map_or_else(|| default.to_vec(), |folder| normalise(&folder))
}

fn user_files(host: &dyn Host) -> Vec<Vec<u8>> {
    if let Some(files) = host.env(b"NIX_USER_CONF_FILES") {
        return files.split(|c| *c == b':').filter(|f| f.starts_with(b"/")).map(normalise).collect();
    }
    let home = host.home().filter(|h| h.starts_with(b"/")).map(|home| [&home[..], b"/.config"].concat());
    let own = host.env(b"XDG_CONFIG_HOME").filter(|f| !f.is_empty()).or(home);
    let shared = host.env(b"XDG_CONFIG_DIRS").unwrap_or_else(|| b"/etc/xdg".to_vec());
    own.into_iter()
        .chain(shared.split(|c| *c == b':').map(<[u8]>::to_vec))
        .filter(|f| f.starts_with(b"/"))
        .map(|folder| normalise(&[&folder[..], b"/nix/nix.conf"].concat()))
        .collect()
}

fn parse(host: &dyn Host, text: &[u8], path: &[u8], out: &mut Vec<Line>) -> Result<(), Wrong> {
    let text = String::from_utf8_lossy(text);
    let shown = String::from_utf8_lossy(path);
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for line in text.split('\n') {
        let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_ascii_whitespace().collect();
        let broken = || Wrong::usage(format!("syntax error in configuration line '{line}' in \"{shown}\""));
        match words.as_slice() {
            [] => {}
            [include @ ("include" | "!include"), file] => {
                let folder = path.iter().rposition(|c| *c == b'/').map_or(&b"/"[..], |slash| &path[..slash]);
                let file = absolute(file.as_bytes(), folder);
                match host.read_file(&file) {
                    Ok(text) => parse(host, &text, &file, &mut rest)?,
                    Err(HostError::NotFound(_)) if *include == "include" => {
                        let file = String::from_utf8_lossy(&file);
                        return Err(Wrong::plain(format!(
                            "file \"{file}\" included from \"{shown}\" not found"
                        )));
                    }
                    Err(_) => {}
                }
            }
            [name, "=", value @ ..] => {
                // Whether a setting is allowed depends on the experimental features in its own file.
                let features = name.trim_start_matches("extra-") == "experimental-features";
                let lines = if features { &mut first } else { &mut rest };
                lines.push(((*name).to_owned(), value.join(" ")));
            }
            _ => return Err(broken()),
        }
    }
    out.append(&mut first);
    out.append(&mut rest);
    Ok(())
}
