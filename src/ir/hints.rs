//! Prefetch hints: the files that a text will probably import, guessed from its syntax and learned from earlier
//! runs.

/// Path literals, separated by zero bytes.
pub type Literals = [u8];

/// The literals of a list.
pub fn literals(list: &Literals) -> impl Iterator<Item = &[u8]> {
    list.split(|c| *c == 0).filter(|l| !l.is_empty())
}

/// What is known about a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// A guess that was never right.
    Wrong,
    /// A guess that was right: the file was read.
    Right,
    /// A file that was not guessed, but read after this text, the first of its evaluation.
    Read,
    /// A folder that was listed after this text, the first of its evaluation.
    Listed,
}

impl Hint {
    const ALL: [(Hint, u8); 4] =
        [(Hint::Wrong, b'-'), (Hint::Right, b'+'), (Hint::Read, b'*'), (Hint::Listed, b'/')];

    fn byte(self) -> u8 {
        Hint::ALL.into_iter().find(|(hint, _)| *hint == self).map_or(0, |(_, byte)| byte)
    }
}

/// Paths, each with a byte before it that says what is known about it, and a zero byte after it. They are
/// relative to the text's folder.
pub type Hints = [u8];

/// Adds a path to a list.
pub fn push_hint(list: &mut Vec<u8>, hint: Hint, path: &[u8]) {
    list.push(hint.byte());
    list.extend_from_slice(path);
    list.push(0);
}

/// The paths in a list.
pub fn hints(list: &Hints) -> impl Iterator<Item = (Hint, &[u8])> {
    list.split(|c| *c == 0).filter_map(|item| {
        let (first, path) = item.split_first()?;
        let (hint, _) = Hint::ALL.into_iter().find(|(_, byte)| byte == first)?;
        Some((hint, path))
    })
}

/// The relative path from a folder to a path, both absolute and normalised.
pub fn relative(folder: &[u8], path: &[u8]) -> Vec<u8> {
    let parts = |path: &'_ [u8]| -> Vec<Vec<u8>> {
        path.split(|c| *c == b'/').filter(|p| !p.is_empty()).map(<[u8]>::to_vec).collect()
    };
    let (from, to) = (parts(folder), parts(path));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| b"..".to_vec());
    let steps: Vec<Vec<u8>> = up.chain(to[common..].iter().cloned()).collect();
    steps.join(&b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_into_a_list_comes_out() {
        let mut list = Vec::new();
        let items =
            [(Hint::Right, &b"./a.nix"[..]), (Hint::Listed, b"../b"), (Hint::Wrong, b""), (Hint::Read, b"c")];
        for (hint, path) in items {
            push_hint(&mut list, hint, path);
        }
        assert_eq!(hints(&list).collect::<Vec<_>>(), items);
        assert_eq!(hints(b"").count() + hints(b"?x\0\0").count(), 0);
        assert_eq!(literals(b"").count(), 0);
        assert_eq!(literals(b"./a\0../b.nix").collect::<Vec<_>>(), [&b"./a"[..], b"../b.nix"]);
    }

    #[test]
    fn ways_between_folders() {
        assert_eq!(relative(b"/a/b", b"/a/b/c.nix"), b"c.nix");
        assert_eq!(relative(b"/a/b", b"/a/d/e"), b"../d/e");
        assert_eq!(relative(b"/a/b", b"/a"), b"..");
        assert_eq!(relative(b"/", b"/x"), b"x");
        assert_eq!(relative(b"/a", b"/a"), b"");
    }
}
