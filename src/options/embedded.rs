//! The embedded Nix code: the stub package set and the base modules.

use crate::host::Embedded;

/// The folder of the embedded files. No real path begins with a guillemet.
pub const ROOT: &str = "/«nival»";

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../../nix/", $path)))),*]
    };
}

/// Paths relative to `nix/`, and contents.
const FILES: &[(&str, &[u8])] = files![
    "pkgs.nix",
    "pkgs/builders.nix",
    "pkgs/catalog.nix",
    "pkgs/format-text.nix",
    "pkgs/formats.nix",
    "pkgs/kernels.nix",
    "pkgs/languages.nix",
    "pkgs/platform.nix",
    "pkgs/programs.json",
    "pkgs/stdenv.nix",
    "pkgs/store.nix",
    "base-2013.nix",
    "base/arguments.nix",
    "base/asked.nix",
    "base/assertions.nix",
    "base/boot.nix",
    "base/databases.nix",
    "base/default.nix",
    "base/environment.nix",
    "base/etc.nix",
    "base/filesystems.nix",
    "base/graphical.nix",
    "base/hardware.nix",
    "base/ids.json",
    "base/initrd.nix",
    "base/kernel.nix",
    "base/loader.nix",
    "base/locale.nix",
    "base/mail.nix",
    "base/networking.nix",
    "base/nix.nix",
    "base/programs.nix",
    "base/security.nix",
    "base/services.nix",
    "base/short.nix",
    "base/system.nix",
    "base/systemd.nix",
    "base/unit-options.nix",
    "base/users.nix",
    "base/web.nix",
    "utils/default.nix",
    "utils/systemd.nix",
    "modules/installer/scan/not-detected.nix",
    "modules/profiles/headless.nix",
    "modules/profiles/minimal.nix",
    "modules/profiles/qemu-guest.nix",
    "evaluate.nix",
    "nixos-tests.nix",
    "oracle.nix",
];

/// Layers the embedded files over a host.
pub fn over<H>(host: H) -> Embedded<H> {
    Embedded::new(host, ROOT, FILES)
}

/// All embedded files: paths relative to `nix/`, and contents.
pub fn files() -> &'static [(&'static str, &'static [u8])] {
    FILES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods, reason = "the test compares with the folder")]
    fn every_base_module_and_package_file_is_embedded() {
        let nix = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("nix");
        for folder in ["base", "pkgs"] {
            for entry in std::fs::read_dir(nix.join(folder)).expect("folder").flatten() {
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                assert!(FILES.iter().any(|f| f.0 == path), "{path} is not embedded");
            }
        }
    }
}
