//! Hashes of file trees as git objects, for the ingestion method `git`.

use super::nixhash::{HashAlgo, Hasher, NixHash};
use super::tree::{DumpError, Event, Source, walk};

/// The mode of a git tree entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A file.
    Regular,
    /// A file that may be executed.
    Executable,
    /// A symbolic link, whose target is hashed like a file.
    Symlink,
    /// A directory.
    Directory,
}

impl Mode {
    /// The octal digits in a tree object.
    pub fn digits(self) -> &'static str {
        match self {
            Mode::Regular => "100644",
            Mode::Executable => "100755",
            Mode::Symlink => "120000",
            Mode::Directory => "40000",
        }
    }
}

/// A directory entry: its name, mode and hash.
type Entry = (Vec<u8>, Mode, NixHash);

/// The mode and hash of a tree. Git itself knows SHA-1 and SHA-256 only.
pub fn hash<S: Source>(source: &mut S, algo: HashAlgo) -> Result<(Mode, NixHash), DumpError<S::Error>> {
    // The directory entries that are complete, with the name of the one under way for each open directory.
    let mut open: Vec<(Vec<Entry>, Vec<u8>)> = Vec::new();
    let mut hasher = Hasher::new(algo);
    // Overwritten by the first node that ends; the walk always ends one.
    let mut node = (Mode::Directory, NixHash::zero(algo));
    walk(source, usize::MAX, &mut |event| match event {
        Event::File { size, .. } => hasher = blob(algo, size),
        Event::Contents(piece) => hasher.update(piece),
        Event::FileEnd { executable, .. } => {
            let mode = if executable { Mode::Executable } else { Mode::Regular };
            node = (mode, hasher.clone().finish());
        }
        Event::Symlink(target) => {
            hasher = blob(algo, target.len() as u64);
            hasher.update(target);
            node = (Mode::Symlink, hasher.clone().finish());
        }
        Event::Directory => open.push((Vec::new(), Vec::new())),
        Event::Entry(name) => {
            if let Some((_, current)) = open.last_mut() {
                *current = name.to_vec();
            }
        }
        Event::EntryEnd => {
            if let Some((entries, name)) = open.last_mut() {
                entries.push((std::mem::take(name), node.0, node.1));
            }
        }
        Event::DirectoryEnd => {
            let (entries, _) = open.pop().unwrap_or_default();
            node = (Mode::Directory, hash_tree(entries, algo));
        }
    })?;
    Ok(node)
}

fn blob(algo: HashAlgo, size: u64) -> Hasher {
    let mut hasher = Hasher::new(algo);
    hasher.update(format!("blob {size}\0").as_bytes());
    hasher
}

/// The hash of a directory. Git sorts directories as if their names ended in a slash.
fn hash_tree(mut entries: Vec<Entry>, algo: HashAlgo) -> NixHash {
    entries.sort_by_cached_key(|(name, mode, _)| {
        let slash: &[u8] = if *mode == Mode::Directory { b"/" } else { b"" };
        [name, slash].concat()
    });
    let mut tree = Vec::new();
    for (name, mode, hash) in &entries {
        for piece in [mode.digits().as_bytes(), b" ", name, b"\0", hash.digest()] {
            tree.extend_from_slice(piece);
        }
    }
    let mut hasher = Hasher::new(algo);
    hasher.update(format!("tree {}\0", tree.len()).as_bytes());
    hasher.update(&tree);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::base::encode_hex;
    use super::super::tree::tests::Sample;
    use super::*;

    /// Each line: what, its arguments, and what git gives.
    const RECORDED: &str = include_str!("../../testdata/store/paths.tsv");

    fn hex(mut tree: Sample, algo: HashAlgo) -> String {
        hash(&mut tree, algo).map(|(_, hash)| encode_hex(hash.digest())).unwrap_or_default()
    }

    #[test]
    fn nothing() {
        let empty = Sample::default().file("", false, b"");
        assert_eq!(hex(empty, HashAlgo::Sha1), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        let empty = Sample::default().directory("", &[]);
        assert_eq!(hex(empty, HashAlgo::Sha1), "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    }

    #[test]
    fn blobs_and_trees_as_recorded() {
        // Git's index leaves empty directories out.
        let tree = || Sample { hidden: b"empty".to_vec(), ..Sample::recorded() };
        let sub = Sample::default().directory("", &["deep"]).file("deep", false, &[b'x'; 1000]);
        let exec = Sample::default().file("", true, b"#!/bin/sh\n");
        for (what, name, got) in [
            ("git-blob", "exec", hex(exec, HashAlgo::Sha1)),
            ("git-tree", "sub", hex(sub, HashAlgo::Sha1)),
            ("git-tree", "tree", hex(tree(), HashAlgo::Sha1)),
            ("git-tree-sha256", "tree", hex(tree(), HashAlgo::Sha256)),
        ] {
            assert!(
                RECORDED.lines().any(|line| line == format!("{what}\t{name}\t{got}")),
                "{what} {name}: {got}"
            );
        }
    }

    #[test]
    fn depth_is_not_limited() {
        let path = |depth| vec!["d"; depth].join("/");
        let tree = (0..2000).fold(Sample::default(), |tree, depth| tree.directory(&path(depth), &["d"]));
        assert_eq!(hex(tree.file(&path(2000), false, b""), HashAlgo::Sha1).len(), 40);
    }
}
