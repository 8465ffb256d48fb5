//! Reads derivation files, exactly as leniently as Nix does.

use std::borrow::Cow;

use super::{Derivation, InputOutputs, Output};
use crate::store::ca_hash::{CAHash, HashMode};
use crate::store::error::{Error, ErrorKind};
use crate::store::features::{Feature, Features};
use crate::store::nixhash::{HashAlgo, NixHash};
use crate::store::store_path::{StoreDir, StorePath};

/// How deep outputs of outputs may nest. In Nix, only the stack limits this.
const MAX_DYNAMIC_DEPTH: usize = 256;

impl Derivation {
    /// Reads the file of the derivation called `name`.
    ///
    /// Duplicates follow Nix: the first of several outputs counts, but the last of several variables or
    /// inputs. Nix puts `error parsing derivation '<path>': ` before the errors of this function.
    pub fn from_aterm_bytes(
        bytes: &[u8],
        name: &str,
        store: &StoreDir,
        features: Features,
    ) -> Result<Derivation, Error> {
        let mut text = Reader { rest: bytes, store, features };
        let mut drv = Derivation::default();
        let dynamic = text.version(name)?;

        text.list(|text| {
            text.expect(b"(")?;
            let output_name = text.name()?;
            let output = text.output()?;
            drv.outputs.entry(output_name).or_insert(output);
            Ok(())
        })?;
        text.expect(b",")?;
        text.list(|text| {
            text.expect(b"(")?;
            let path = text.path()?;
            text.expect(b",")?;
            let input = text.input_outputs(dynamic, 0)?;
            drv.input_derivations.insert(path, input);
            text.expect(b")")
        })?;
        text.expect(b",")?;
        text.list(|text| {
            drv.input_sources.insert(text.path()?);
            Ok(())
        })?;
        text.expect(b",")?;
        drv.system = text.string()?.into_owned();
        text.expect(b",")?;
        drv.builder = text.string()?.into_owned();
        text.expect(b",")?;
        text.list(|text| {
            drv.arguments.push(text.string()?.into_owned());
            Ok(())
        })?;
        text.expect(b",")?;
        text.list(|text| {
            text.expect(b"(")?;
            let name = text.string()?.into_owned();
            text.expect(b",")?;
            drv.environment.insert(name, text.string()?.into_owned());
            text.expect(b")")
        })?;
        text.expect(b")")?;
        Ok(drv)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    store: &'a StoreDir,
    features: Features,
}

fn format_error(text: &str, args: &[&[u8]]) -> Error {
    Error::new(ErrorKind::Format, text, args)
}

impl<'a> Reader<'a> {
    fn expect(&mut self, text: &[u8]) -> Result<(), Error> {
        self.rest =
            self.rest.strip_prefix(text).ok_or_else(|| format_error("expected string '{}'", &[text]))?;
        Ok(())
    }

    /// Reads up to the outputs, and returns whether the format is the newer one.
    fn version(&mut self, name: &str) -> Result<bool, Error> {
        self.expect(b"D")?;
        match self.rest.first() {
            Some(b'e') => self.expect(b"erive(").map(|()| false),
            Some(b'r') => {
                self.expect(b"rvWithVersion(")?;
                let version = self.string()?;
                if *version != *b"xp-dyn-drv" {
                    return Err(format_error("Unknown derivation ATerm format version '{}'", &[&version]));
                }
                let reason = format!("derivation '{name}', ATerm format version 'xp-dyn-drv'");
                self.features.require_for(Feature::DynamicDerivations, reason.as_bytes())?;
                self.expect(b",").map(|()| true)
            }
            _ => Err(Error::new(
                ErrorKind::Derivation,
                "derivation does not start with 'Derive' or 'DrvWithVersion'",
                &[],
            )),
        }
    }

    /// Reads a list. Nix minds neither missing commas between its items nor one before the first.
    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        self.expect(b"[")?;
        loop {
            match self.rest {
                [b']', rest @ ..] => {
                    self.rest = rest;
                    return Ok(());
                }
                [b',', rest @ ..] => self.rest = rest,
                _ => {}
            }
            item(self)?;
        }
    }

    fn string(&mut self) -> Result<Cow<'a, [u8]>, Error> {
        self.expect(b"\"")?;
        let mut unescaped: Option<Vec<u8>> = None;
        loop {
            let stop = self.rest.iter().position(|c| matches!(c, b'"' | b'\\'));
            let Some(at) = stop else {
                return Err(format_error("unterminated string in derivation", &[]));
            };
            let (run, rest) = self.rest.split_at(at);
            match rest {
                [b'"', rest @ ..] => {
                    self.rest = rest;
                    return Ok(match unescaped {
                        None => Cow::Borrowed(run),
                        Some(mut text) => {
                            text.extend_from_slice(run);
                            Cow::Owned(text)
                        }
                    });
                }
                [_, escaped, rest @ ..] => {
                    let text = unescaped.get_or_insert_default();
                    text.extend_from_slice(run);
                    text.push(match escaped {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        other => *other,
                    });
                    self.rest = rest;
                }
                _ => return Err(format_error("unterminated string in derivation", &[])),
            }
        }
    }

    /// The name of an output. Nix takes any bytes, but in practice they are always UTF-8.
    fn name(&mut self) -> Result<String, Error> {
        let name = self.string()?;
        String::from_utf8(name.into_owned())
            .map_err(|e| format_error("output name '{}' is not UTF-8", &[e.as_bytes()]))
    }

    fn path(&mut self) -> Result<StorePath, Error> {
        let path = self.string()?;
        self.store.parse(absolute(&path)?)
    }

    fn output(&mut self) -> Result<Output, Error> {
        self.expect(b",")?;
        let path = self.string()?;
        self.expect(b",")?;
        let algo = self.string()?;
        self.expect(b",")?;
        let hash = self.string()?;
        self.expect(b")")?;
        if algo.is_empty() {
            return match path.is_empty() {
                true => Ok(Output::Deferred),
                false => Ok(Output::InputAddressed(self.store.parse(absolute(&path)?)?)),
            };
        }
        let (mode, algo) = HashMode::split_prefix(&algo, self.features)?;
        if mode == HashMode::Text {
            self.features.require_for(Feature::DynamicDerivations, b"text-hashed derivation output")?;
        }
        let algo = HashAlgo::parse(algo, self.features)?;
        match &*hash {
            b"impure" => {
                self.features.require(Feature::ImpureDerivations)?;
                match path.is_empty() {
                    true => Ok(Output::Impure { mode, algo }),
                    false => {
                        Err(format_error("impure derivation output should not specify output path", &[]))
                    }
                }
            }
            b"" => {
                self.features.require(Feature::CaDerivations)?;
                let text = "content-addressing derivation output should not specify output path";
                if path.is_empty() {
                    Ok(Output::Floating { mode, algo })
                } else {
                    Err(format_error(text, &[]))
                }
            }
            digits => {
                absolute(&path)?;
                Ok(Output::Fixed(CAHash { mode, hash: NixHash::parse_bare(digits, algo)? }))
            }
        }
    }

    fn names(&mut self) -> Result<std::collections::BTreeSet<String>, Error> {
        let mut names = std::collections::BTreeSet::new();
        self.list(|text| {
            names.insert(text.name()?);
            Ok(())
        })?;
        Ok(names)
    }

    /// Recursion is bounded by [`MAX_DYNAMIC_DEPTH`].
    fn input_outputs(&mut self, dynamic: bool, depth: usize) -> Result<InputOutputs, Error> {
        match (dynamic, self.rest.first()) {
            (false, _) | (true, Some(b'[')) => {
                Ok(InputOutputs { outputs: self.names()?, dynamic: Default::default() })
            }
            (true, Some(b'(')) if depth < MAX_DYNAMIC_DEPTH => {
                self.expect(b"(")?;
                let mut input = InputOutputs { outputs: self.names()?, dynamic: Default::default() };
                self.expect(b",")?;
                self.list(|text| {
                    text.expect(b"(")?;
                    let name = text.name()?;
                    text.expect(b",")?;
                    input.dynamic.insert(name, text.input_outputs(dynamic, depth + 1)?);
                    text.expect(b")")
                })?;
                self.expect(b")")?;
                Ok(input)
            }
            (true, Some(b'(')) => Err(format_error("inputDrvs entry in derivation is nested too deep", &[])),
            _ => Err(format_error("invalid inputDrvs entry in derivation", &[])),
        }
    }
}

fn absolute(path: &[u8]) -> Result<&[u8], Error> {
    match path.first() {
        Some(b'/') => Ok(path),
        _ => Err(format_error("bad path '{}' in derivation", &[path])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Derivation, String> {
        let store = StoreDir::default();
        let drv = Derivation::from_aterm_bytes(text.as_bytes(), "x", &store, Features::all());
        drv.map_err(|e| e.to_string())
    }

    #[test]
    fn strings_with_all_escapes_come_back() {
        let text = r#"Derive([("out","","","")],[],[],"s","b\"\\",["\n\r\t","\q","a\\"],[("x","\"\n")])"#;
        let drv = parse(text).expect("a derivation");
        assert_eq!(drv.arguments, [b"\n\r\t".to_vec(), b"q".to_vec(), b"a\\".to_vec()]);
        assert_eq!(drv.builder, b"b\"\\");
        let printed = drv.to_aterm_bytes("x", &StoreDir::default()).expect("no fixed output");
        assert_eq!(String::from_utf8_lossy(&printed), text.replace("\\q", "q"));
    }

    #[test]
    fn duplicates() {
        let text =
            r#"Derive([("a","","",""),("a","","r:sha256","")],[],[],"s","b",[],[("x","1"),("x","2")])"#;
        let drv = parse(text).expect("a derivation");
        assert_eq!(drv.outputs["a"], Output::Deferred);
        assert_eq!(drv.environment[b"x".as_slice()], b"2");
    }

    // The texts are those of Nix 2.34's reader.
    #[test]
    fn complaints() {
        let path = "/nix/store/ffffffffffffffffffffffffffffffff-y";
        let cases = [
            ("", "expected string 'D'"),
            ("Dxyz", "derivation does not start with 'Derive' or 'DrvWithVersion'"),
            ("DrvWithVersion(\"1\",", "Unknown derivation ATerm format version '1'"),
            ("Derive([", "expected string '('"),
            ("Derive([(\"out", "unterminated string in derivation"),
            ("Derive([(\"out\\\"", "unterminated string in derivation"),
            ("Derive([(\"out\",\"x\",\"\",\"\")", "bad path 'x' in derivation"),
            ("Derive([(\"out\",\"x\",\"sha256\",\"12\")", "bad path 'x' in derivation"),
            (
                "Derive([(\"out\",\"/x\",\"sha256\",\"12\")",
                "hash '12' has wrong length for hash algorithm 'sha256'",
            ),
            (
                "Derive([(\"out\",\"/x\",\"r:sha256\",\"impure\")",
                "impure derivation output should not specify output path",
            ),
            (
                "Derive([(\"out\",\"/x\",\"r:sha256\",\"\")",
                "content-addressing derivation output should not specify output path",
            ),
            (&format!("Derive([],[(\"{path}\","), "expected string '['"),
            (
                &format!("DrvWithVersion(\"xp-dyn-drv\",[],[(\"{path}\","),
                "invalid inputDrvs entry in derivation",
            ),
            (
                &format!("DrvWithVersion(\"xp-dyn-drv\",[],[(\"{path}\",{}", "([],[(\"a\",".repeat(10_000)),
                "inputDrvs entry in derivation is nested too deep",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), Err(expected.to_string()), "{text}");
        }
    }

    #[test]
    fn features_are_asked_for() {
        let fields = ["\"text:sha256\",\"\"", "\"sha256\",\"\"", "\"git:sha1\",\"\"", "\"sha1\",\"impure\""];
        for field in fields {
            let text = format!("Derive([(\"out\",\"\",{field})");
            let drv =
                Derivation::from_aterm_bytes(text.as_bytes(), "x", &StoreDir::default(), Features::default());
            assert_eq!(drv.err().map(|e| e.kind()), Some(ErrorKind::Feature), "{field}");
        }
    }
}
