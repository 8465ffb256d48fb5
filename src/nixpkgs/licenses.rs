//! `lib.licenses`: the licences that packages name most often. nixpkgs lists some 300; the rest is its data.

use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Entry, Table, bytes, computed, lossy, set_of, share, text_of, warn_text};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value};

/// `lib.licenses`, as one value.
pub static TABLE: Table = Table { namespace: "", entries: ENTRIES };

const ENTRIES: &[Entry] = &[computed("licenses", licenses)];

/// A free licence.
struct Free {
    name: &'static str,
    /// Its SPDX identifier; empty if it has none.
    spdx: &'static str,
    full: &'static str,
}

impl Free {
    const fn new(name: &'static str, spdx: &'static str, full: &'static str) -> Free {
        Free { name, spdx, full }
    }

    fn license(&self) -> License<'_> {
        License { name: self.name, spdx: self.spdx, full: self.full, free: true, redistributable: true }
    }
}

const FREE: &[Free] = &[
    Free::new("agpl3Only", "AGPL-3.0-only", "GNU Affero General Public License v3.0 only"),
    Free::new("agpl3Plus", "AGPL-3.0-or-later", "GNU Affero General Public License v3.0 or later"),
    Free::new("artistic1", "Artistic-1.0", "Artistic License 1.0"),
    Free::new("artistic2", "Artistic-2.0", "Artistic License 2.0"),
    Free::new("asl20", "Apache-2.0", "Apache License 2.0"),
    Free::new("boost", "BSL-1.0", "Boost Software License 1.0"),
    Free::new("bsd0", "0BSD", "BSD Zero Clause License"),
    Free::new("bsd2", "BSD-2-Clause", "BSD 2-clause \"Simplified\" License"),
    Free::new("bsd3", "BSD-3-Clause", "BSD 3-clause \"New\" or \"Revised\" License"),
    Free::new("bsdOriginal", "BSD-4-Clause", "BSD 4-clause \"Original\" or \"Old\" License"),
    Free::new("cc-by-30", "CC-BY-3.0", "Creative Commons Attribution 3.0"),
    Free::new("cc-by-40", "CC-BY-4.0", "Creative Commons Attribution 4.0"),
    Free::new("cc-by-sa-30", "CC-BY-SA-3.0", "Creative Commons Attribution Share Alike 3.0"),
    Free::new("cc-by-sa-40", "CC-BY-SA-4.0", "Creative Commons Attribution Share Alike 4.0"),
    Free::new("cc0", "CC0-1.0", "Creative Commons Zero v1.0 Universal"),
    Free::new("cddl", "CDDL-1.0", "Common Development and Distribution License 1.0"),
    Free::new("cpl10", "CPL-1.0", "Common Public License 1.0"),
    Free::new("curl", "curl", "curl License"),
    Free::new("epl10", "EPL-1.0", "Eclipse Public License 1.0"),
    Free::new("epl20", "EPL-2.0", "Eclipse Public License 2.0"),
    Free::new("eupl12", "EUPL-1.2", "European Union Public License 1.2"),
    Free::new("fdl13Plus", "GFDL-1.3-or-later", "GNU Free Documentation License v1.3 or later"),
    Free::new("free", "", "Unspecified free software license"),
    Free::new("gpl2", "GPL-2.0", "GNU General Public License v2.0"),
    Free::new("gpl2Only", "GPL-2.0-only", "GNU General Public License v2.0 only"),
    Free::new("gpl2Plus", "GPL-2.0-or-later", "GNU General Public License v2.0 or later"),
    Free::new("gpl3", "GPL-3.0", "GNU General Public License v3.0"),
    Free::new("gpl3Only", "GPL-3.0-only", "GNU General Public License v3.0 only"),
    Free::new("gpl3Plus", "GPL-3.0-or-later", "GNU General Public License v3.0 or later"),
    Free::new("ijg", "IJG", "Independent JPEG Group License"),
    Free::new("isc", "ISC", "ISC License"),
    Free::new("lgpl21", "LGPL-2.1", "GNU Lesser General Public License v2.1"),
    Free::new("lgpl21Only", "LGPL-2.1-only", "GNU Lesser General Public License v2.1 only"),
    Free::new("lgpl21Plus", "LGPL-2.1-or-later", "GNU Lesser General Public License v2.1 or later"),
    Free::new("lgpl2Only", "LGPL-2.0-only", "GNU Library General Public License v2 only"),
    Free::new("lgpl2Plus", "LGPL-2.0-or-later", "GNU Library General Public License v2 or later"),
    Free::new("lgpl3", "LGPL-3.0", "GNU Lesser General Public License v3.0"),
    Free::new("lgpl3Only", "LGPL-3.0-only", "GNU Lesser General Public License v3.0 only"),
    Free::new("lgpl3Plus", "LGPL-3.0-or-later", "GNU Lesser General Public License v3.0 or later"),
    Free::new("libpng", "Libpng", "libpng License"),
    Free::new("mit", "MIT", "MIT License"),
    Free::new("mit0", "MIT-0", "MIT No Attribution"),
    Free::new("mpl11", "MPL-1.1", "Mozilla Public License 1.1"),
    Free::new("mpl20", "MPL-2.0", "Mozilla Public License 2.0"),
    Free::new("ncsa", "NCSA", "University of Illinois/NCSA Open Source License"),
    Free::new("ofl", "OFL-1.1", "SIL Open Font License 1.1"),
    Free::new("openssl", "OpenSSL", "OpenSSL License"),
    Free::new("php301", "PHP-3.01", "PHP License v3.01"),
    Free::new("postgresql", "PostgreSQL", "PostgreSQL License"),
    Free::new("psfl", "Python-2.0", "Python Software Foundation License version 2"),
    Free::new("publicDomain", "", "Public Domain"),
    Free::new("unlicense", "Unlicense", "The Unlicense"),
    Free::new("vim", "Vim", "Vim License"),
    Free::new("wtfpl", "WTFPL", "Do What The F*ck You Want To Public License"),
    Free::new("x11", "X11", "X11 License"),
    Free::new("zlib", "Zlib", "zlib License"),
];

/// The remaining licences.
const OTHERS: &[License<'static>] = &[
    License { name: "unfree", spdx: "", full: "Unfree", free: false, redistributable: false },
    License {
        name: "unfreeRedistributable",
        spdx: "",
        full: "Unfree redistributable",
        free: false,
        redistributable: true,
    },
    License {
        name: "unfreeRedistributableFirmware",
        spdx: "",
        full: "Unfree redistributable firmware",
        free: true,
        redistributable: true,
    },
];

/// Names that say neither "only" nor "or later".
const DEPRECATED: &[&str] = &["gpl2", "gpl3", "lgpl21", "lgpl3"];

/// The attributes of a licence in nixpkgs.
struct License<'a> {
    name: &'a str,
    /// The SPDX identifier; empty if it has none.
    spdx: &'a str,
    full: &'a str,
    free: bool,
    /// Whether copies may be redistributed.
    redistributable: bool,
}

impl License<'_> {
    /// `lib.licenses.${name}`
    fn value(&self, ev: &Evaluator) -> Res<Value> {
        let mut attributes = vec![
            ("shortName", ev.mem.str(self.name)?),
            ("licenseType", ev.mem.str("simple")?),
            ("fullName", ev.mem.str(self.full)?),
            ("free", Value::bool(self.free)),
            ("redistributable", Value::bool(self.redistributable)),
            ("deprecated", Value::bool(DEPRECATED.contains(&self.name))),
        ];
        if !self.spdx.is_empty() {
            attributes.push(("spdxId", ev.mem.str(self.spdx)?));
            let url = format!("https://spdx.org/licenses/{}.html", self.spdx);
            attributes.push(("url", ev.mem.str(&url)?));
        }
        set_of(ev, &attributes)
    }
}

/// `lib.licenses`: licences by the names nixpkgs gives them.
fn licenses(ev: &Evaluator) -> Res<Value> {
    let mut all = AttrsBuilder::with_capacity(FREE.len() + OTHERS.len());
    for free in FREE {
        all.push(ev.intern(free.name)?, free.license().value(ev)?);
    }
    for other in OTHERS {
        all.push(ev.intern(other.name)?, other.value(ev)?);
    }
    let path = ev.mem.str("lib.licenses")?;
    ev.open_set(true, path, ev.mem.shaped(all)?, ev.builtin(&ANOTHER))
}

/// A licence that is not listed here: only its name is known.
static ANOTHER: Builtin = Builtin::hidden("license", &["name"], |ev, args, _| {
    let [name] = exactly(args);
    let name = lossy(bytes(ev, name)?);
    let free = !name.starts_with("unfree");
    License { name: &name, spdx: "", full: &name, free, redistributable: free }.value(ev)
});

/// Free licences that have an SPDX identifier.
fn with_spdx_id() -> impl Iterator<Item = &'static Free> {
    FREE.iter().filter(|l| !l.spdx.is_empty())
}

/// `lib.meta.licensesSpdx`: licences by SPDX identifier.
pub(super) fn by_spdx_id(ev: &Evaluator) -> Res<Value> {
    let mut all = AttrsBuilder::with_capacity(FREE.len());
    for free in with_spdx_id() {
        all.push(ev.intern(free.spdx)?, free.license().value(ev)?);
    }
    Ok(ev.mem.shaped(all)?)
}

/// `licensesSpdx.${id} or null`, ignoring case.
fn find(ev: &Evaluator, id: &Slot) -> Res<Option<Value>> {
    let id = bytes(ev, id)?;
    let found = with_spdx_id().find(|l| l.spdx.as_bytes().eq_ignore_ascii_case(id));
    found.map(|l| l.license().value(ev)).transpose()
}

/// `lib.meta.getLicenseFromSpdxId`: the licence with an SPDX identifier; warns if none has it.
pub(super) fn get_license_from_spdx_id(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [id] = exactly(args);
    if let Some(found) = find(ev, id)? {
        return Ok(found);
    }
    let shown = text_of(ev, id)?;
    let id = share(ev, id)?;
    let unknown = set_of(ev, &[("shortName", id), ("spdxId", id)])?;
    let message = format!("getLicenseFromSpdxId: No license with the given SPDX ID found: {shown}");
    warn_text(ev, &message, unknown)
}

/// `lib.meta.getLicenseFromSpdxIdOr`: the licence with an SPDX identifier, or a default.
pub(super) fn get_license_from_spdx_id_or(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [id, default] = exactly(args);
    match find(ev, id)? {
        Some(found) => Ok(found),
        None => ev.force(default),
    }
}
