//! Archives, unpacked in memory.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::rc::Rc;

use crate::host::{MemoryTree, shown};

/// What was in an archive.
pub struct Unpacked {
    /// Its files; of an archive with a single directory, those in that.
    pub tree: Rc<MemoryTree>,
    /// When the youngest of them was changed, in seconds since 1970.
    pub last_modified: u64,
}

/// A tree that is being put together.
enum Node {
    Leaf(Rc<MemoryTree>),
    Directory(BTreeMap<Vec<u8>, Node>),
}

impl Node {
    fn finish(self) -> Rc<MemoryTree> {
        match self {
            Node::Leaf(tree) => tree,
            Node::Directory(entries) => {
                let entries = entries.into_iter().map(|(name, node)| (name, node.finish()));
                Rc::new(MemoryTree::Directory(entries.collect()))
            }
        }
    }

    /// The directory at a path, made where it is missing.
    fn directory(&mut self, path: &[Vec<u8>]) -> Result<&mut BTreeMap<Vec<u8>, Node>, String> {
        let mut at = self;
        for part in path {
            let Node::Directory(entries) = at else { break };
            at = entries.entry(part.clone()).or_insert_with(|| Node::Directory(BTreeMap::new()));
        }
        match at {
            Node::Directory(entries) => Ok(entries),
            Node::Leaf(_) => Err("an archive member lies in a file".to_owned()),
        }
    }

    fn put(&mut self, path: &[Vec<u8>], leaf: MemoryTree) -> Result<(), String> {
        let (name, above) = path.split_last().ok_or("an archive member has no name")?;
        self.directory(above)?.insert(name.clone(), Node::Leaf(Rc::new(leaf)));
        Ok(())
    }

    fn find(&self, path: &[Vec<u8>]) -> Option<&Rc<MemoryTree>> {
        let mut at = self;
        for part in path {
            let Node::Directory(entries) = at else { return None };
            at = entries.get(part)?;
        }
        match at {
            Node::Leaf(tree) => Some(tree),
            Node::Directory(_) => None,
        }
    }
}

/// The words of libarchive, which Nix has.
const UNKNOWN: &str = "Failed to open archive (Unrecognized archive format)";

/// Unpacks a tar archive, perhaps compressed, or a zip archive.
///
/// # Errors
/// What is wrong with it.
pub fn unpack(bytes: &[u8]) -> Result<Unpacked, String> {
    let mut root = Node::Directory(BTreeMap::new());
    let last_modified = match bytes {
        [b'P', b'K', 3, 4, ..] => unpack_zip(bytes, &mut root)?,
        _ => unpack_tar(&decompress(bytes)?, &mut root)?,
    };
    // Nix unwraps one level.
    if let Node::Directory(entries) = &mut root
        && entries.len() == 1
        && matches!(entries.first_key_value(), Some((_, Node::Directory(_))))
        && let Some((_, inner)) = entries.pop_first()
    {
        root = inner;
    }
    Ok(Unpacked { tree: root.finish(), last_modified })
}

fn decompress(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let read = match bytes {
        [0x1f, 0x8b, ..] => flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut out),
        [b'B', b'Z', b'h', ..] => bzip2::read::MultiBzDecoder::new(bytes).read_to_end(&mut out),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => lzma_rust2::XzReader::new(bytes, true).read_to_end(&mut out),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => match ruzstd::decoding::StreamingDecoder::new(bytes) {
            Ok(mut decoder) => decoder.read_to_end(&mut out),
            Err(e) => return Err(format!("Failed to open archive ({e})")),
        },
        _ => return Ok(bytes.to_vec()),
    };
    read.map(|_| out).map_err(|e| format!("Failed to open archive ({e})"))
}

/// The parts of a member's path; `.` and empty ones do not count, `..` leads back.
fn parts(path: &[u8]) -> Vec<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for part in path.split(|c| *c == b'/') {
        match part {
            b"" | b"." => {}
            b".." => drop(parts.pop()),
            part => parts.push(part.to_vec()),
        }
    }
    parts
}

/// Whether an empty archive is at least that: blocks of zeros.
fn is_empty_archive(bytes: &[u8]) -> bool {
    bytes.len() >= 512 && bytes.iter().all(|c| *c == 0)
}

fn unpack_tar(bytes: &[u8], root: &mut Node) -> Result<u64, String> {
    let wrong = |e: std::io::Error| format!("cannot read file from tarball: {e}");
    let mut archive = tar::Archive::new(Cursor::new(bytes));
    let mut last_modified = 0;
    let mut any = false;
    for entry in archive.entries().map_err(wrong)? {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(_) if !any => return Err(UNKNOWN.to_owned()),
            Err(e) => return Err(wrong(e)),
        };
        any = true;
        let path = parts(&entry.path_bytes());
        let kind = entry.header().entry_type();
        if kind.is_pax_global_extensions() || kind.is_pax_local_extensions() {
            continue;
        }
        last_modified = last_modified.max(entry.header().mtime().map_err(wrong)?);
        let link = entry.link_name_bytes().map(|l| l.into_owned()).unwrap_or_default();
        match kind {
            tar::EntryType::Directory => drop(root.directory(&path)?),
            tar::EntryType::Symlink => root.put(&path, MemoryTree::Symlink(link))?,
            tar::EntryType::Link => {
                let Some(target) = root.find(&parts(&link)) else {
                    let link = shown(&link);
                    return Err(format!("hard link to '{link}', which the archive does not have"));
                };
                let target = MemoryTree::clone(target);
                root.put(&path, target)?;
            }
            tar::EntryType::Regular | tar::EntryType::Continuous | tar::EntryType::GNUSparse => {
                let executable = entry.header().mode().map_err(wrong)? & 0o100 != 0;
                let mut contents = Vec::new();
                entry.read_to_end(&mut contents).map_err(wrong)?;
                root.put(&path, MemoryTree::File { contents: contents.into(), executable })?;
            }
            other => {
                let path = shown(&entry.path_bytes()).into_owned();
                let number = other.as_byte();
                return Err(format!("file '{path}' in tarball has unsupported file type {number}"));
            }
        }
    }
    if any || is_empty_archive(bytes) { Ok(last_modified) } else { Err(UNKNOWN.to_owned()) }
}

fn unpack_zip(bytes: &[u8], root: &mut Node) -> Result<u64, String> {
    const KIND: u32 = 0o170_000;
    const LINK: u32 = 0o120_000;
    let wrong = |e: zip::result::ZipError| format!("cannot read file from tarball: {e}");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(wrong)?;
    for i in 0..archive.len() {
        let mut member = archive.by_index(i).map_err(wrong)?;
        let path = parts(member.name_raw());
        let mode = member.unix_mode().unwrap_or(0o644);
        if member.is_dir() {
            root.directory(&path)?;
            continue;
        }
        let mut contents = Vec::new();
        member.read_to_end(&mut contents).map_err(|e| format!("cannot read file from tarball: {e}"))?;
        let leaf = match mode & KIND == LINK {
            true => MemoryTree::Symlink(contents),
            false => MemoryTree::File { contents: contents.into(), executable: mode & 0o100 != 0 },
        };
        root.put(&path, leaf)?;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_brought_into_order() {
        assert_eq!(parts(b"./a//b/../c/"), [b"a".to_vec(), b"c".to_vec()]);
        assert_eq!(parts(b"../../x"), [b"x".to_vec()]);
    }

    #[test]
    fn what_is_no_archive() {
        assert_eq!(unpack(b"no archive").err().as_deref(), Some(UNKNOWN));
        assert!(unpack(&[0x1f, 0x8b, 8, 0, 0]).is_err());
        assert!(unpack(&[0; 1024]).is_ok());
    }
}
