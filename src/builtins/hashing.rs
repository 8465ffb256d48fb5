//! Hashes of strings and files.

use super::reading::read_file;
use super::real_path;
use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::host::bytes_of;
use crate::source::Pos;
use crate::store::{self, HashAlgo, HashFormat, NixHash};
use crate::value::Value;

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("hashString", &["type", "s"], "A hash of a string, in base 16.", |ev, args, pos| {
        let [kind, s] = exactly(args);
        let doing = "while evaluating the first argument passed to builtins.hashString";
        let algo = algorithm(ev, kind, pos, doing)?;
        let doing = "while evaluating the second argument passed to builtins.hashString";
        let s = ev.force_string(s, pos, doing)?;
        let hash = store::hash_bytes(algo, ev.mem.text(s));
        Ok(ev.mem.str(&hash.to_text(HashFormat::Base16, false))?)
    }),
    Builtin::new("hashFile", &["type", "p"], "A hash of a file, in base 16.", |ev, args, pos| {
        let [kind, p] = exactly(args);
        let doing = "while evaluating the first argument passed to builtins.hashFile";
        let algo = algorithm(ev, kind, pos, doing)?;
        let path = real_path(ev, p, pos)?;
        let text = read_file(ev, &path)?;
        let hash = store::hash_bytes(algo, &text);
        Ok(ev.mem.str(&hash.to_text(HashFormat::Base16, false))?)
    }),
    Builtin::new("convertHash", &["args"], "A hash in another form.", convert_hash),
    Builtin::new(
        "placeholder",
        &["output"],
        "A string that stands for an output's path.",
        |ev, args, pos| {
            let [output] = exactly(args);
            let doing = "while evaluating the first argument passed to builtins.placeholder";
            let output = ev.force_plain_string(output, pos, doing)?;
            Ok(ev.mem.str(&store::hash_placeholder(ev.mem.text(output)))?)
        },
    ),
];

fn algorithm(ev: &Evaluator, slot: &Slot, pos: Pos, doing: &'static str) -> Res<HashAlgo> {
    let name = ev.force_plain_string(slot, pos, doing)?;
    HashAlgo::parse(ev.mem.text(name), ev.settings.store_features).map_err(|e| ev.store_error(&e))
}

fn convert_hash(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.convertHash";
    let set = ev.force_attrs(args, pos, doing)?;
    let hash = ev.need_attr(set, sym!("hash"), "while locating the attribute 'hash'")?;
    let hash = ev.force_plain_string(hash, pos, "while evaluating the attribute 'hash'")?;
    let algo = match ev.mem.get(set, ev.intern("hashAlgo")?) {
        Some(slot) => Some(algorithm(ev, slot, pos, "while evaluating the attribute 'hashAlgo'")?),
        None => None,
    };
    let format =
        ev.need_attr(set, ev.intern("toHashFormat")?, "while locating the attribute 'toHashFormat'")?;
    let format = ev.force_plain_string(format, pos, "while evaluating the attribute 'toHashFormat'")?;
    let name = ev.mem.text(format);
    let format = HashFormat::parse(name).map_err(|e| ev.store_error(&e))?;
    if name == b"base32" {
        ev.host.message(&bytes_of(&format!("warning: {}", store::BASE32_WARNING)));
    }
    let hash = NixHash::parse_any(ev.mem.text(hash), algo, ev.settings.store_features)
        .map_err(|e| ev.store_error(&e))?;
    Ok(ev.mem.str(&hash.to_text(format, format == HashFormat::Sri))?)
}
