//! Placeholders for output paths that are not known before a build.

use super::build_path::output_path_name;
use super::error::Error;
use super::features::{Feature, Features};
use super::nixbase32;
use super::nixhash::{compress_hash, sha256};
use super::store_path::StorePath;

/// The placeholder of a derivation's own output: the result of `builtins.placeholder`.
pub fn hash_placeholder(output: &[u8]) -> String {
    format!("/{}", nixbase32::encode(&sha256(&[b"nix-output:", output])))
}

/// The placeholder of another derivation's output whose path only a build determines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DownstreamPlaceholder([u8; 32]);

impl DownstreamPlaceholder {
    /// For an output of the content-addressed, impure or deferred derivation in the file `drv_path`.
    pub fn unknown_ca_output(drv_path: &StorePath, output: &str, features: Features) -> Result<Self, Error> {
        features.require(Feature::CaDerivations)?;
        let name = output_path_name(drv_path.derivation_name()?, output);
        let digits = drv_path.digits();
        Ok(DownstreamPlaceholder(sha256(&[b"nix-upstream-output:", &digits, b":", name.as_bytes()])))
    }

    /// For an output of the derivation whose file is itself the output of this placeholder
    /// (`builtins.outputOf`).
    pub fn unknown_derivation(&self, output: &str, features: Features) -> Result<Self, Error> {
        let reason = format!("placeholder for unknown derivation output '{output}'");
        features.require_for(Feature::DynamicDerivations, reason.as_bytes())?;
        let digits = nixbase32::encode(&compress_hash::<20>(&self.0));
        let pieces = [b"nix-computed-output:", digits.as_bytes(), b":", output.as_bytes()];
        Ok(DownstreamPlaceholder(sha256(&pieces)))
    }

    /// The text that replaces the path.
    pub fn render(&self) -> String {
        format!("/{}", nixbase32::encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::store_path::StoreDir;
    use super::*;

    /// Each line: a function, its arguments, and Nix's result.
    const RECORDED: &str = include_str!("../../testdata/store/paths.tsv");

    #[test]
    fn as_recorded() {
        let features = Features::all();
        let upstream = |drv_path: &str, output: &str| {
            let drv_path = StoreDir::default().parse(drv_path.as_bytes()).expect("a store path");
            DownstreamPlaceholder::unknown_ca_output(&drv_path, output, features).expect("enabled")
        };
        let of = |outer: DownstreamPlaceholder, output| {
            outer.unknown_derivation(output, features).expect("enabled")
        };
        let mut rows = 0;
        for row in RECORDED.lines().map(|line| line.split('\t').collect::<Vec<_>>()) {
            let (got, expected) = match row[..] {
                ["placeholder", output, expected] => (hash_placeholder(output.as_bytes()), expected),
                ["upstream", path, output, expected] => (upstream(path, output).render(), expected),
                ["computed", path, a, b, expected] => (of(upstream(path, a), b).render(), expected),
                ["computed-twice", path, a, b, c, expected] => {
                    (of(of(upstream(path, a), b), c).render(), expected)
                }
                _ => continue,
            };
            assert_eq!(got, expected, "{row:?}");
            rows += 1;
        }
        assert_eq!(rows, 8);
    }

    #[test]
    fn features_are_asked_for() {
        let path = StorePath::from_base_name(b"v7hx61vvmrq0mkp28vfw9zlrmfl5qfk1-a.drv").expect("a path");
        assert!(DownstreamPlaceholder::unknown_ca_output(&path, "out", Features::default()).is_err());
        let features = Features::default().with(Feature::CaDerivations);
        let first = DownstreamPlaceholder::unknown_ca_output(&path, "out", features).expect("enabled");
        let error = first.unknown_derivation("out", features).err().map(|e| e.to_string());
        assert_eq!(
            error.as_deref(),
            Some(
                "experimental Nix feature 'dynamic-derivations' is disabled (placeholder for unknown derivation \
                 output 'out'); add '--extra-experimental-features dynamic-derivations' to enable it"
            )
        );
    }
}
