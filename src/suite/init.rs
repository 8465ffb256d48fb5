//! A first suite for a module or a configuration.

/// What the suite is for.
#[derive(Debug)]
pub enum Subject {
    /// Modules.
    Modules {
        /// Their files, as the suite names them.
        files: Vec<String>,
        /// Their options that enable something.
        enable: Vec<String>,
    },
    /// A NixOS configuration.
    Configuration {
        /// Its file, as the suite names it.
        file: String,
        /// Its nixpkgs, as the suite names it.
        nixpkgs: String,
    },
}

/// The files of a first suite.
#[derive(Debug)]
pub struct FirstSuite {
    /// The text of `nival.toml`.
    pub suite: String,
    /// Fixtures: paths relative to the suite, and texts.
    pub fixtures: Vec<(String, String)>,
}

/// What a first suite for a configuration observes.
const OBSERVED: [&str; 8] = [
    "boot",
    "environment.etc",
    "fileSystems",
    "networking",
    "services.openssh",
    "systemd.services",
    "users.groups",
    "users.users",
];

impl FirstSuite {
    /// The first suite for something.
    pub fn of(subject: &Subject) -> FirstSuite {
        let mut fixtures = Vec::new();
        let what = match subject {
            Subject::Modules { files, enable } => {
                fixtures.push(("fixtures/defaults.nix".to_owned(), "{ }\n".to_owned()));
                if !enable.is_empty() {
                    let lines: String = enable.iter().map(|option| format!("  {option} = true;\n")).collect();
                    fixtures.push(("fixtures/enabled.nix".to_owned(), format!("{{\n{lines}}}\n")));
                }
                format!(
                    "# The modules, evaluated without a nixpkgs.\nmodules = {}\n\n\
                     # Configurations that they are evaluated with: NixOS modules, or plain data (.json).\n\
                     fixtures = [\"fixtures/*\"]\n\n\
                     # The options in the snapshots; without this line, those that the modules declare and set.\n\
                     # observe = [\"boot\", \"systemd.services.*.serviceConfig\"]\n",
                    list(files)
                )
            }
            Subject::Configuration { file, nixpkgs } => {
                let observed: Vec<String> = OBSERVED.iter().map(|name| (*name).to_owned()).collect();
                format!(
                    "# The nixpkgs that the configurations are for: a folder, or a name in the search path.\n\
                     nixpkgs = {}\n\n\
                     # The configurations: NixOS modules, or plain data (.json).\n\
                     fixtures = {}\n\n\
                     # The options in the snapshots, with all that is below.\n\
                     observe = {}\n",
                    quoted(nixpkgs),
                    list(std::slice::from_ref(file)),
                    lines(&observed)
                )
            }
        };
        let suite = format!(
            "# What `nival check` compares with the snapshots. docs/check.md of nival describes all keys.\n\n{what}\n\
             # Options that are not in the snapshots all the same.\n# ignore = [\"environment.etc.os-release\"]\n\n\
             # What each fixture may use.\n[limits]\ntime = 60\nmemory = \"4G\"\n"
        );
        FirstSuite { suite, fixtures }
    }
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A list of strings on one line.
fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

/// A list of strings on a line for each.
fn lines(texts: &[String]) -> String {
    let lines: String = texts.iter().map(|text| format!("  {},\n", quoted(text))).collect();
    format!("[\n{lines}]")
}

#[cfg(test)]
mod tests {
    use super::super::suite_file::{Way, read_suite};
    use super::*;

    #[test]
    fn first_suites_can_be_read() {
        let subjects = [
            Subject::Modules { files: vec!["a \"b\".nix".to_owned()], enable: vec!["a.enable".to_owned()] },
            Subject::Configuration { file: "configuration.nix".to_owned(), nixpkgs: "<nixpkgs>".to_owned() },
        ];
        for subject in subjects {
            let text = FirstSuite::of(&subject).suite;
            let suite = read_suite("/suite", "nival.toml", &text, &|_| Ok(1)).expect("a suite");
            assert_eq!(suite.limits.seconds, Some(60.0));
            match suite.way {
                Way::Modules(way) => assert_eq!(way.modules, ["/suite/a \"b\".nix"]),
                Way::Nixos(nixpkgs) => assert_eq!(nixpkgs, Some("<nixpkgs>".into())),
                Way::Function(_) | Way::Flake(_) => panic!("no function was named"),
            }
        }
    }
}
