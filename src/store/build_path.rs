//! Computes the store paths of files, fixed outputs, derivations and their outputs.

use std::collections::BTreeSet;

use super::base::push_hex;
use super::ca_hash::{CAHash, HashMode};
use super::error::{Error, ErrorKind};
use super::nixhash::{HashAlgo, NixHash, compress_hash, hash_bytes, sha256};
use super::store_path::{StoreDir, StorePath};

/// The path of the object `name` with the given kind and hash.
///
/// The kind is `source` or `text`, followed by `:` and a path for each reference, or `output:<output>`. All
/// other functions of this file end in this one.
pub fn make_store_path(
    store: &StoreDir,
    kind: &[u8],
    hash: &NixHash,
    name: &[u8],
) -> Result<StorePath, Error> {
    let mut hex = Vec::with_capacity(128);
    push_hex(&mut hex, hash.digest());
    let algo = hash.algo().name().as_bytes();
    let digest = sha256(&[kind, b":", algo, b":", &hex, b":", store.as_str().as_bytes(), b":", name]);
    StorePath::from_digest_and_name(compress_hash(&digest), name)
}

/// The path of the output `output` of the derivation `drv_name`. `drv_hash` is the derivation's hash modulo
/// its fixed outputs, with its own output paths left out.
pub fn build_output_path(
    store: &StoreDir,
    drv_hash: &[u8; 32],
    output: &str,
    drv_name: &str,
) -> Result<StorePath, Error> {
    let hash = sha256_hash(drv_hash);
    let name = output_path_name(drv_name, output);
    make_store_path(store, &[b"output:", output.as_bytes()].concat(), &hash, name.as_bytes())
}

/// The name of an output's store path: the derivation's own for `out`, else with `-<output>` added.
pub fn output_path_name(drv_name: &str, output: &str) -> String {
    match output {
        "out" => drv_name.to_string(),
        output => format!("{drv_name}-{output}"),
    }
}

/// The path of a text file that refers to `references`, such as `builtins.toFile` makes.
pub fn build_text_path(
    store: &StoreDir,
    name: &[u8],
    contents: &[u8],
    references: &BTreeSet<StorePath>,
) -> Result<StorePath, Error> {
    let ca = CAHash { mode: HashMode::Text, hash: hash_bytes(HashAlgo::Sha256, contents) };
    build_ca_path(store, name, &ca, references, false)
}

/// The path of a source tree, given the SHA-256 of its Nix archive: the result of `builtins.path`,
/// `filterSource` and paths in strings.
pub fn build_source_path(store: &StoreDir, name: &[u8], nar_sha256: &[u8; 32]) -> Result<StorePath, Error> {
    make_store_path(store, b"source", &sha256_hash(nar_sha256), name)
}

/// The path of a content-addressed object that refers to `references` and perhaps to itself.
///
/// Only texts and SHA-256 Nix archives may have references; everything else goes through a second hash of its
/// content address. Nix aborts on a text with an algorithm other than SHA-256; this returns an error.
pub fn build_ca_path(
    store: &StoreDir,
    name: &[u8],
    ca: &CAHash,
    references: &BTreeSet<StorePath>,
    self_reference: bool,
) -> Result<StorePath, Error> {
    let algo = ca.hash.algo();
    let complain = |text: &str, args: &[&[u8]]| Err(Error::new(ErrorKind::Path, text, args));
    match ca.mode {
        HashMode::Text if self_reference => complain("self-reference not allowed with text hashing", &[]),
        HashMode::Text if algo != HashAlgo::Sha256 => {
            let text = "text hashing must use SHA-256 hash, but instead using: {}";
            complain(text, &[algo.name().as_bytes()])
        }
        HashMode::Text => {
            make_store_path(store, &kind_with_references(store, "text", references, false), &ca.hash, name)
        }
        HashMode::Git if !matches!(algo, HashAlgo::Sha1 | HashAlgo::Sha256) => {
            let text = "Git file ingestion must use SHA-1 or SHA-256 hash, but instead using: {}";
            complain(text, &[algo.name().as_bytes()])
        }
        HashMode::Nar if algo == HashAlgo::Sha256 => {
            let kind = kind_with_references(store, "source", references, self_reference);
            make_store_path(store, &kind, &ca.hash, name)
        }
        _ if self_reference || !references.is_empty() => complain(
            "fixed output derivation '{}' is not allowed to refer to other store paths.\n\
             You may need to use the 'unsafeDiscardReferences' derivation attribute, see the manual for more details.",
            &[name],
        ),
        mode => {
            let mut hex = Vec::with_capacity(128);
            push_hex(&mut hex, ca.hash.digest());
            let prefix = mode.prefix().as_bytes();
            let digest = sha256(&[b"fixed:out:", prefix, algo.name().as_bytes(), b":", &hex, b":"]);
            make_store_path(store, b"output:out", &sha256_hash(&digest), name)
        }
    }
}

/// `kind` followed by the references, in order, and `self`.
pub(super) fn kind_with_references<'a>(
    store: &StoreDir,
    kind: &str,
    references: impl IntoIterator<Item = &'a StorePath>,
    self_reference: bool,
) -> Vec<u8> {
    let mut text = kind.as_bytes().to_vec();
    for path in references {
        text.push(b':');
        store.push(&mut text, path);
    }
    if self_reference {
        text.extend_from_slice(b":self");
    }
    text
}

/// A SHA-256 digest as a hash.
pub(super) fn sha256_hash(digest: &[u8; 32]) -> NixHash {
    NixHash::from_digest(HashAlgo::Sha256, digest).unwrap_or(NixHash::zero(HashAlgo::Sha256))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line: a function, its arguments, and Nix's result.
    const RECORDED: &str = include_str!("../../testdata/store/paths.tsv");

    #[test]
    fn text_paths_as_recorded() {
        let store = StoreDir::default();
        let text = |name: &str, contents: &str, references: &BTreeSet<StorePath>| {
            build_text_path(&store, name.as_bytes(), contents.as_bytes(), references)
        };
        let foo = text("foo", "bar", &BTreeSet::new()).expect("a good name");
        let mut rows = 0;
        for row in RECORDED.lines().map(|line| line.split('\t').collect::<Vec<_>>()) {
            let (got, expected) = match row[..] {
                ["text", name, contents, expected] => (text(name, contents, &BTreeSet::new()), expected),
                ["text-with-reference", name, "foo", expected] => {
                    (text(name, &store.print(&foo), &BTreeSet::from([foo.clone()])), expected)
                }
                _ => continue,
            };
            assert_eq!(got.map_or_else(|e| format!("error: {e}"), |path| store.print(&path)), expected);
            rows += 1;
        }
        assert!(rows > 10);
    }

    #[test]
    fn source_paths_as_recorded() {
        use crate::store::tree::tests::Sample;
        use crate::store::{nar, nixhash};
        let store = StoreDir::default();
        let of_tree = |name: &str, mut tree: Sample| {
            let (hash, _) = nar::hash(&mut tree, HashAlgo::Sha256).expect("a tree in memory");
            let digest = hash.digest().try_into().expect("32 bytes");
            build_source_path(&store, name.as_bytes(), digest)
        };
        let flat =
            |contents| CAHash { mode: HashMode::Flat, hash: nixhash::hash_bytes(HashAlgo::Sha256, contents) };
        let mut rows = 0;
        for row in RECORDED.lines().map(|line| line.split('\t').collect::<Vec<_>>()) {
            let [what, name, expected] = row[..] else { continue };
            let got = match what {
                "source" => of_tree(name, Sample::recorded()),
                "source-without-sub-a" => {
                    of_tree(name, Sample { hidden: b"sub-a".to_vec(), ..Sample::recorded() })
                }
                "source-file" => of_tree(name, Sample::default().file("", true, b"#!/bin/sh\n")),
                "source-flat" => {
                    build_ca_path(&store, name.as_bytes(), &flat(b"capital\n"), &BTreeSet::new(), false)
                }
                _ => continue,
            };
            assert_eq!(got.map(|path| store.print(&path)).as_deref(), Ok(expected), "{what}");
            rows += 1;
        }
        assert_eq!(rows, 4);
    }

    // Nix 2.34: nix store make-content-addressed of a file that names itself and another path.
    #[test]
    fn references_to_itself_and_others() {
        let text = b"sha256:1qsjcc5px54w92q1cxsx3zrvhlznfzhwz7f8g4ppyiy35mvi2zwc";
        let hash = NixHash::parse_any(text, None, Default::default()).expect("a hash");
        let other = StorePath::from_base_name(b"33f55ixpc3fdysd0pcaf61rjpvf0mvxy-bytes.txt").expect("a path");
        let ca = CAHash { mode: HashMode::Nar, hash };
        let path = build_ca_path(&StoreDir::default(), b"selfish", &ca, &BTreeSet::from([other]), true);
        assert_eq!(path.map(|p| p.to_string()).as_deref(), Ok("j2wzb9jqn31fq1jn34smywmif15l9yx8-selfish"));
    }

    #[test]
    fn content_addresses_that_cannot_be() {
        let store = StoreDir::default();
        let none = BTreeSet::new();
        let build = |mode, algo, own| {
            let ca = CAHash { mode, hash: NixHash::zero(algo) };
            build_ca_path(&store, b"x", &ca, &none, own).err().map(|e| e.to_string()).unwrap_or_default()
        };
        assert_eq!(
            build(HashMode::Git, HashAlgo::Md5, false),
            "Git file ingestion must use SHA-1 or SHA-256 hash, but instead using: md5"
        );
        assert_eq!(
            build(HashMode::Text, HashAlgo::Sha256, true),
            "self-reference not allowed with text hashing"
        );
        assert!(build(HashMode::Text, HashAlgo::Sha1, false).starts_with("text hashing must use SHA-256"));
        assert!(
            build(HashMode::Flat, HashAlgo::Sha256, true).starts_with("fixed output derivation 'x' is not")
        );
        assert_eq!(build(HashMode::Nar, HashAlgo::Sha256, true), "");
    }
}
