//! The Nix archive: the canonical serialisation of a file tree, whose hash names source trees.

use super::nixhash::{HashAlgo, Hasher, NixHash};
use super::tree::{DumpError, Event, Source, walk};

/// How many directories deep an archive may be (2.34's limit; the root counts).
pub const MAX_DEPTH: usize = 64;

/// Writes the archive of a tree to `sink`.
pub fn dump<S: Source>(source: &mut S, sink: &mut dyn FnMut(&[u8])) -> Result<(), DumpError<S::Error>> {
    string(sink, b"nix-archive-1");
    walk(source, MAX_DEPTH, &mut |event| match event {
        Event::File { executable, size } => {
            strings(sink, &[b"(", b"type", b"regular"]);
            if executable {
                strings(sink, &[b"executable", b""]);
            }
            string(sink, b"contents");
            sink(&size.to_le_bytes());
        }
        Event::Contents(piece) => sink(piece),
        Event::FileEnd { size } => {
            padding(sink, size);
            string(sink, b")");
        }
        Event::Symlink(target) => strings(sink, &[b"(", b"type", b"symlink", b"target", target, b")"]),
        Event::Directory => strings(sink, &[b"(", b"type", b"directory"]),
        Event::Entry(name) => strings(sink, &[b"entry", b"(", b"name", name, b"node"]),
        Event::EntryEnd | Event::DirectoryEnd => string(sink, b")"),
    })
}

/// The hash of the archive of a tree, and the archive's length.
pub fn hash<S: Source>(source: &mut S, algo: HashAlgo) -> Result<(NixHash, u64), DumpError<S::Error>> {
    let (mut hasher, mut size) = (Hasher::new(algo), 0);
    dump(source, &mut |piece| {
        hasher.update(piece);
        size += piece.len() as u64;
    })?;
    Ok((hasher.finish(), size))
}

fn strings(sink: &mut dyn FnMut(&[u8]), texts: &[&[u8]]) {
    texts.iter().for_each(|text| string(sink, text));
}

/// Writes a string: its length, its bytes, and zeros up to a multiple of eight. Short strings are one piece.
fn string(sink: &mut dyn FnMut(&[u8]), text: &[u8]) {
    let length = (text.len() as u64).to_le_bytes();
    if text.len() <= 24 {
        let mut piece = [0; 32];
        piece[..8].copy_from_slice(&length);
        piece[8..8 + text.len()].copy_from_slice(text);
        return sink(&piece[..8 + text.len().next_multiple_of(8)]);
    }
    sink(&length);
    sink(text);
    padding(sink, text.len() as u64);
}

fn padding(sink: &mut dyn FnMut(&[u8]), size: u64) {
    let missing = (size.wrapping_neg() % 8) as usize;
    if missing > 0 {
        sink(&[0; 8][..missing]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Node, tests::Sample};
    use super::*;

    fn bytes(source: &mut Sample) -> Vec<u8> {
        let mut out = Vec::new();
        dump(source, &mut |piece| out.extend_from_slice(piece)).expect("a tree in memory");
        out
    }

    #[test]
    fn a_file_byte_by_byte() {
        let expected = b"\x0d\0\0\0\0\0\0\0nix-archive-1\0\0\0\x01\0\0\0\0\0\0\0(\0\0\0\0\0\0\0\
            \x04\0\0\0\0\0\0\0type\0\0\0\0\x07\0\0\0\0\0\0\0regular\0\x08\0\0\0\0\0\0\0contents\
            \x03\0\0\0\0\0\0\0abc\0\0\0\0\0\x01\0\0\0\0\0\0\0)\0\0\0\0\0\0\0";
        assert_eq!(bytes(&mut Sample::default().file("", false, b"abc")), expected);
    }

    // The test of store paths in build_path.rs checks the bytes of a whole tree.
    #[test]
    fn the_size_is_that_of_the_bytes() {
        let (_, size) = hash(&mut Sample::recorded(), HashAlgo::Sha256).expect("a tree in memory");
        assert_eq!(size, bytes(&mut Sample::recorded()).len() as u64);
    }

    #[test]
    fn entries_are_kept_just_before_they_are_visited() {
        let mut tree = Sample::recorded();
        tree.hidden = b"sub-a".to_vec();
        bytes(&mut tree);
        assert_eq!(
            tree.asked.join(" "),
            " Z? Z empty? empty exec? exec link? link sub? sub sub/deep? sub/deep sub-a? sub.txt? sub.txt"
        );
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth: usize| {
            (0..depth).fold(Sample::default(), |tree, i| tree.directory(&vec!["d"; i].join("/"), &["d"]))
        };
        let bottom = vec!["d"; 63].join("/");
        assert!(hash(&mut nested(63).directory(&bottom, &[]), HashAlgo::Md5).is_ok());
        let error = hash(&mut nested(64), HashAlgo::Md5).err();
        assert_eq!(error, Some(DumpError::TooDeep(vec!["d"; 64].join("/").into_bytes())));
    }

    #[test]
    fn a_file_that_changes_its_length() {
        let mut tree = Sample::default().file("", false, b"abc");
        tree.nodes.insert(Vec::new(), (Node::Regular { executable: false, size: 4 }, b"abc".to_vec()));
        assert_eq!(hash(&mut tree, HashAlgo::Md5), Err(DumpError::SizeChanged(Vec::new())));
    }
}
