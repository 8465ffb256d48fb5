//! `lib.licenses`: the licences that packages name most. nixpkgs has some 300; the others are its data.

use crate::eval::{Builtin, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{Entry, Table, bytes, call_builtin, computed, lossy, set_of, share, text_of};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value};

/// `lib.licenses`, as one value.
pub static TABLE: Table = Table { namespace: "", entries: ENTRIES };

const ENTRIES: &[Entry] = &[computed("licenses", licenses)];

/// Name, identifier at spdx.org (empty if it has none), and full name of free licences.
const FREE: &[(&str, &str, &str)] = &[
    ("agpl3Only", "AGPL-3.0-only", "GNU Affero General Public License v3.0 only"),
    ("agpl3Plus", "AGPL-3.0-or-later", "GNU Affero General Public License v3.0 or later"),
    ("artistic1", "Artistic-1.0", "Artistic License 1.0"),
    ("artistic2", "Artistic-2.0", "Artistic License 2.0"),
    ("asl20", "Apache-2.0", "Apache License 2.0"),
    ("boost", "BSL-1.0", "Boost Software License 1.0"),
    ("bsd0", "0BSD", "BSD Zero Clause License"),
    ("bsd2", "BSD-2-Clause", "BSD 2-clause \"Simplified\" License"),
    ("bsd3", "BSD-3-Clause", "BSD 3-clause \"New\" or \"Revised\" License"),
    ("bsdOriginal", "BSD-4-Clause", "BSD 4-clause \"Original\" or \"Old\" License"),
    ("cc-by-30", "CC-BY-3.0", "Creative Commons Attribution 3.0"),
    ("cc-by-40", "CC-BY-4.0", "Creative Commons Attribution 4.0"),
    ("cc-by-sa-30", "CC-BY-SA-3.0", "Creative Commons Attribution Share Alike 3.0"),
    ("cc-by-sa-40", "CC-BY-SA-4.0", "Creative Commons Attribution Share Alike 4.0"),
    ("cc0", "CC0-1.0", "Creative Commons Zero v1.0 Universal"),
    ("cddl", "CDDL-1.0", "Common Development and Distribution License 1.0"),
    ("cpl10", "CPL-1.0", "Common Public License 1.0"),
    ("curl", "curl", "curl License"),
    ("epl10", "EPL-1.0", "Eclipse Public License 1.0"),
    ("epl20", "EPL-2.0", "Eclipse Public License 2.0"),
    ("eupl12", "EUPL-1.2", "European Union Public License 1.2"),
    ("fdl13Plus", "GFDL-1.3-or-later", "GNU Free Documentation License v1.3 or later"),
    ("free", "", "Unspecified free software license"),
    ("gpl2", "GPL-2.0", "GNU General Public License v2.0"),
    ("gpl2Only", "GPL-2.0-only", "GNU General Public License v2.0 only"),
    ("gpl2Plus", "GPL-2.0-or-later", "GNU General Public License v2.0 or later"),
    ("gpl3", "GPL-3.0", "GNU General Public License v3.0"),
    ("gpl3Only", "GPL-3.0-only", "GNU General Public License v3.0 only"),
    ("gpl3Plus", "GPL-3.0-or-later", "GNU General Public License v3.0 or later"),
    ("ijg", "IJG", "Independent JPEG Group License"),
    ("isc", "ISC", "ISC License"),
    ("lgpl21", "LGPL-2.1", "GNU Lesser General Public License v2.1"),
    ("lgpl21Only", "LGPL-2.1-only", "GNU Lesser General Public License v2.1 only"),
    ("lgpl21Plus", "LGPL-2.1-or-later", "GNU Lesser General Public License v2.1 or later"),
    ("lgpl2Only", "LGPL-2.0-only", "GNU Library General Public License v2 only"),
    ("lgpl2Plus", "LGPL-2.0-or-later", "GNU Library General Public License v2 or later"),
    ("lgpl3", "LGPL-3.0", "GNU Lesser General Public License v3.0"),
    ("lgpl3Only", "LGPL-3.0-only", "GNU Lesser General Public License v3.0 only"),
    ("lgpl3Plus", "LGPL-3.0-or-later", "GNU Lesser General Public License v3.0 or later"),
    ("libpng", "Libpng", "libpng License"),
    ("mit", "MIT", "MIT License"),
    ("mit0", "MIT-0", "MIT No Attribution"),
    ("mpl11", "MPL-1.1", "Mozilla Public License 1.1"),
    ("mpl20", "MPL-2.0", "Mozilla Public License 2.0"),
    ("ncsa", "NCSA", "University of Illinois/NCSA Open Source License"),
    ("ofl", "OFL-1.1", "SIL Open Font License 1.1"),
    ("openssl", "OpenSSL", "OpenSSL License"),
    ("php301", "PHP-3.01", "PHP License v3.01"),
    ("postgresql", "PostgreSQL", "PostgreSQL License"),
    ("psfl", "Python-2.0", "Python Software Foundation License version 2"),
    ("publicDomain", "", "Public Domain"),
    ("unlicense", "Unlicense", "The Unlicense"),
    ("vim", "Vim", "Vim License"),
    ("wtfpl", "WTFPL", "Do What The F*ck You Want To Public License"),
    ("x11", "X11", "X11 License"),
    ("zlib", "Zlib", "zlib License"),
];

/// The others: name, full name, whether they count as free, and whether copies may be passed on.
const OTHERS: &[(&str, &str, bool, bool)] = &[
    ("unfree", "Unfree", false, false),
    ("unfreeRedistributable", "Unfree redistributable", false, true),
    ("unfreeRedistributableFirmware", "Unfree redistributable firmware", true, true),
];

/// Names that say neither "only" nor "or later".
const DEPRECATED: &[&str] = &["gpl2", "gpl3", "lgpl21", "lgpl3"];

fn license(
    ev: &Evaluator,
    name: &str,
    spdx: &str,
    full: &str,
    free: bool,
    redistributable: bool,
) -> Res<Value> {
    let mut attributes = vec![
        ("shortName", ev.mem.str(name)?),
        ("licenseType", ev.mem.str("simple")?),
        ("fullName", ev.mem.str(full)?),
        ("free", Value::bool(free)),
        ("redistributable", Value::bool(redistributable)),
        ("deprecated", Value::bool(DEPRECATED.contains(&name))),
    ];
    if !spdx.is_empty() {
        attributes.push(("spdxId", ev.mem.str(spdx)?));
        attributes.push(("url", ev.mem.str(&format!("https://spdx.org/licenses/{spdx}.html"))?));
    }
    set_of(ev, &attributes)
}

/// `lib.licenses`: licences by nixpkgs' names for them.
fn licenses(ev: &Evaluator) -> Res<Value> {
    let mut all = AttrsBuilder::with_capacity(FREE.len() + OTHERS.len());
    for (name, spdx, full) in FREE {
        all.push(ev.intern(name)?, license(ev, name, spdx, full, true, true)?);
    }
    for (name, full, free, redistributable) in OTHERS {
        all.push(ev.intern(name)?, license(ev, name, "", full, *free, *redistributable)?);
    }
    let path = ev.mem.str("lib.licenses")?;
    ev.open_set(true, path, ev.mem.shaped(all)?, ev.builtin(&ANOTHER))
}

/// A licence that is not listed here: all that is known is its name.
static ANOTHER: Builtin = Builtin::hidden("license", &["name"], |ev, args, _| {
    let name = lossy(bytes(ev, &args[0])?);
    let free = !name.starts_with("unfree");
    license(ev, &name, "", &name, free, free)
});

/// `lib.meta.licensesSpdx`: licences by their identifiers at spdx.org.
pub(super) fn by_spdx_id(ev: &Evaluator) -> Res<Value> {
    let mut all = AttrsBuilder::with_capacity(FREE.len());
    for (name, spdx, full) in FREE.iter().filter(|l| !l.1.is_empty()) {
        all.push(ev.intern(spdx)?, license(ev, name, spdx, full, true, true)?);
    }
    Ok(ev.mem.shaped(all)?)
}

fn find(ev: &Evaluator, wanted: &Slot) -> Res<Option<Value>> {
    let wanted = bytes(ev, wanted)?;
    let same = |l: &&(&str, &str, &str)| !l.1.is_empty() && l.1.as_bytes().eq_ignore_ascii_case(wanted);
    match FREE.iter().find(same) {
        Some((name, spdx, full)) => Ok(Some(license(ev, name, spdx, full, true, true)?)),
        None => Ok(None),
    }
}

/// `lib.meta.getLicenseFromSpdxId`: the licence with an identifier at spdx.org; a warning when there is none.
pub(super) fn get_license_from_spdx_id(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    if let Some(found) = find(ev, &a[0])? {
        return Ok(found);
    }
    let id = share(ev, &a[0])?;
    let unknown = set_of(ev, &[("shortName", id), ("spdxId", id)])?;
    let message =
        format!("getLicenseFromSpdxId: No license with the given SPDX ID found: {}", text_of(ev, &a[0])?);
    call_builtin(ev, "warn", &[ev.mem.str(&message)?, unknown])
}

/// `lib.meta.getLicenseFromSpdxIdOr`: the licence with an identifier at spdx.org, or a default.
pub(super) fn get_license_from_spdx_id_or(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match find(ev, &a[0])? {
        Some(found) => Ok(found),
        None => ev.force(&a[1]),
    }
}
