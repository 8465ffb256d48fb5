//! Unpacks archives in memory.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::rc::Rc;

use crate::host::{MemoryTree, shown};

/// The contents of an archive.
pub struct Unpacked {
    /// Its files; if the archive holds a single directory, the files in that.
    pub tree: Rc<MemoryTree>,
    /// The latest modification time of the files, in seconds since 1970.
    pub last_modified: u64,
}

/// A tree under construction.
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

    /// The directory at a path; missing ones are created.
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

/// The size of a tar block in bytes.
const BLOCK: u64 = 512;

/// The message of libarchive, which Nix uses.
const UNKNOWN: &str = "Failed to open archive (Unrecognized archive format)";

/// Unpacks a zip archive or a tar archive, which may be compressed.
pub fn unpack(bytes: &[u8]) -> Result<Unpacked, String> {
    let mut root = Node::Directory(BTreeMap::new());
    let last_modified = match bytes {
        [b'P', b'K', 3, 4, ..] => unpack_zip(bytes, &mut root)?,
        _ => unpack_tar(decompress(bytes)?, &mut root)?,
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

/// A reader of the decompressed bytes of an archive.
fn decompress<'a>(bytes: &'a [u8]) -> Result<Box<dyn Read + 'a>, String> {
    Ok(match bytes {
        [0x1f, 0x8b, ..] => Box::new(flate2::read::MultiGzDecoder::new(bytes)),
        [b'B', b'Z', b'h', ..] => Box::new(bzip2::read::MultiBzDecoder::new(bytes)),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Box::new(lzma_rust2::XzReader::new(bytes, true)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(bytes);
            Box::new(decoder.map_err(|e| format!("Failed to open archive ({e})"))?)
        }
        _ => Box::new(bytes),
    })
}

/// The contents of a member whose header gives its size as `size` bytes.
fn contents(mut member: impl Read, size: u64) -> io::Result<Rc<[u8]>> {
    /// More than this is allocated only once that many bytes have been read.
    const FIRST: usize = 1 << 20;
    let mut begin = Vec::new();
    member.by_ref().take(FIRST as u64).read_to_end(&mut begin)?;
    if begin.len() == FIRST && size > FIRST as u64 {
        // Read into place directly: a large file should not be in memory twice.
        let len = usize::try_from(size).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut all: Rc<[u8]> = std::iter::repeat_n(0, len).collect();
        if let Some(bytes) = Rc::get_mut(&mut all) {
            bytes[..FIRST].copy_from_slice(&begin);
            member.read_exact(&mut bytes[FIRST..])?;
        }
        return Ok(all);
    }
    member.read_to_end(&mut begin)?;
    Ok(begin.into())
}

/// The components of a member's path. `.` and empty ones are dropped, `..` goes up.
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

/// The message of libarchive for a bad header.
fn wrong_header(e: io::Error) -> String {
    // The crate has no error kind for this.
    match e.to_string().contains("failed to read entire block") {
        true => "cannot get archive member name: Truncated tar archive detected while reading next header"
            .to_owned(),
        false => format!("cannot read file from tarball: {e}"),
    }
}

/// Unpacks a tar archive. Like libarchive, reads no further than the archive's end and ignores trailing data.
fn unpack_tar(mut bytes: Box<dyn Read + '_>, root: &mut Node) -> Result<u64, String> {
    let wrong = |e: io::Error| format!("cannot read file from tarball: {e}");
    let mut first = Vec::new();
    let begin = bytes.by_ref().take(BLOCK).read_to_end(&mut first);
    begin.map_err(|e| format!("Failed to open archive ({e})"))?;
    // An archive without members is empty or a block of zeros.
    if first.is_empty() || first.len() as u64 == BLOCK && first.iter().all(|c| *c == 0) {
        return Ok(0);
    }
    let mut archive = tar::Archive::new(Cursor::new(first).chain(bytes));
    let mut last_modified = 0;
    let mut any = false;
    for entry in archive.entries().map_err(wrong)? {
        let entry = match entry {
            Ok(entry) => entry,
            Err(_) if !any => return Err(UNKNOWN.to_owned()),
            Err(e) => return Err(wrong_header(e)),
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
                let size = entry.size();
                let contents = contents(entry, size).map_err(wrong)?;
                root.put(&path, MemoryTree::File { contents, executable })?;
            }
            other => {
                let path = shown(&entry.path_bytes()).into_owned();
                let number = other.as_byte();
                return Err(format!("file '{path}' in tarball has unsupported file type {number}"));
            }
        }
    }
    if any { Ok(last_modified) } else { Err(UNKNOWN.to_owned()) }
}

fn unpack_zip(bytes: &[u8], root: &mut Node) -> Result<u64, String> {
    const KIND: u32 = 0o170_000;
    const LINK: u32 = 0o120_000;
    let wrong = |e: zip::result::ZipError| format!("cannot read file from tarball: {e}");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(wrong)?;
    for i in 0..archive.len() {
        let member = archive.by_index(i).map_err(wrong)?;
        let path = parts(member.name_raw());
        let mode = member.unix_mode().unwrap_or(0o644);
        if member.is_dir() {
            root.directory(&path)?;
            continue;
        }
        let size = member.size();
        let contents = contents(member, size).map_err(|e| format!("cannot read file from tarball: {e}"))?;
        let leaf = match mode & KIND == LINK {
            true => MemoryTree::Symlink(contents.to_vec()),
            false => MemoryTree::File { contents, executable: mode & 0o100 != 0 },
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

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    /// The results of Nix 2.34.8.
    #[test]
    fn archives_are_read_up_to_their_end() {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, contents) in [("pkg/a", "a\n"), ("pkg/b/c", "c\n")] {
            let mut header = tar::Header::new_ustar();
            header.set_size(contents.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(0);
            builder.append_data(&mut header, path, contents.as_bytes()).expect("memory");
        }
        let tar = builder.into_inner().expect("memory");
        let tree = |bytes: &[u8]| unpack(bytes).map(|unpacked| unpacked.tree);
        let want = tree(&tar);
        assert!(matches!(want.as_deref(), Ok(MemoryTree::Directory(entries)) if entries.len() == 2));
        let mut wrong_sum = zipped(&tar);
        let at = wrong_sum.len() - 6;
        wrong_sum[at] ^= 0xff;
        for (what, bytes) in [
            ("plain gzip", zipped(&tar)),
            ("something behind the end", zipped(&[&tar[..], &b"anything".repeat(100)].concat())),
            ("something behind the compressed data", [&zipped(&tar)[..], b"anything"].concat()),
            ("twice", zipped(&tar).repeat(2)),
            ("a wrong checksum", wrong_sum),
        ] {
            assert_eq!(tree(&bytes), want, "{what}");
        }
        let half = tree(&zipped(&tar[..1300])).err();
        assert!(half.is_some_and(|e| e.contains("Truncated tar archive detected while reading next header")));
        let empty = Ok(Rc::new(MemoryTree::Directory(BTreeMap::new())));
        for bytes in [&[][..], &[0; 512], &[&[0; 512][..], b"anything"].concat()] {
            assert_eq!((tree(bytes), tree(&zipped(bytes))), (empty.clone(), empty.clone()));
        }
        assert_eq!(tree(&zipped(&[0; 300])).err().as_deref(), Some(UNKNOWN));
    }

    #[test]
    fn what_is_no_archive() {
        assert_eq!(unpack(b"no archive").err().as_deref(), Some(UNKNOWN));
        assert!(unpack(&[0x1f, 0x8b, 8, 0, 0]).is_err());
    }
}
