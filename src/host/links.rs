//! Follows symbolic links one by one.

use super::HostError;

/// The maximum number of links followed in one path.
const MOST_LINKS: usize = 1024;

/// The components of a path, last first.
fn parts(path: &[u8]) -> Vec<Vec<u8>> {
    path.rsplit(|c| *c == b'/').filter(|part| !part.is_empty()).map(<[u8]>::to_vec).collect()
}

/// Resolves the links of an absolute path, the final one only with `last`. `target` returns where a link
/// leads, or `None` if the path is not a link. It also receives the remaining components, last first.
///
/// # Errors
/// When links form a cycle, or `target` fails.
pub fn follow_links(
    path: &[u8],
    last: bool,
    mut target: impl FnMut(&[u8], &[Vec<u8>]) -> Result<Option<Vec<u8>>, HostError>,
) -> Result<Vec<u8>, HostError> {
    let mut todo = parts(path);
    let mut real: Vec<u8> = Vec::new();
    let mut links = 0;
    while let Some(part) = todo.pop() {
        let parent = real.len();
        match &part[..] {
            b"." => continue,
            b".." => {
                real.truncate(real.iter().rposition(|c| *c == b'/').unwrap_or(0));
                continue;
            }
            part => {
                real.push(b'/');
                real.extend_from_slice(part);
            }
        }
        let to = target(&real, &todo)?;
        if !last && todo.is_empty() {
            break;
        }
        let Some(to) = to else {
            continue;
        };
        if links == MOST_LINKS {
            let path = super::shown(path);
            return Err(HostError::Other(format!("infinite symlink recursion in path '{path}'")));
        }
        links += 1;
        real.truncate(if to.starts_with(b"/") { 0 } else { parent });
        todo.extend(parts(&to));
    }
    if real.is_empty() {
        real.push(b'/');
    }
    Ok(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(path: &[u8], last: bool) -> Result<Vec<u8>, HostError> {
        let links: &[(&[u8], &[u8])] =
            &[(b"/a/up", b"../b"), (b"/b", b"/c/d"), (b"/c/d/self", b"self"), (b"/root", b"/")];
        let target = |at: &[u8], _: &[Vec<u8>]| {
            Ok(links.iter().find(|(from, _)| *from == at).map(|(_, to)| to.to_vec()))
        };
        follow_links(path, last, target)
    }

    #[test]
    fn links_lead_to_other_links() {
        assert_eq!(follow(b"/a/up/e/./f/..", true), Ok(b"/c/d/e".to_vec()));
        assert_eq!(follow(b"/a/up", false), Ok(b"/a/up".to_vec()));
        assert_eq!(follow(b"/root/../..", true), Ok(b"/".to_vec()));
        let e = follow(b"/b/self", true).expect_err("a circle");
        assert_eq!(e.to_string(), "infinite symlink recursion in path '/b/self'");
    }
}
