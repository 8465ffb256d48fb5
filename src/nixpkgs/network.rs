//! `lib.network`: addresses.

use super::lists::list_size;
use super::trivial::{from_hex, hex_number};
use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, bytes, cut, decimal, find, function, integer, lossy, set_of, string, throw,
};
use crate::source::Pos;
use crate::value::{Context, Value, slot};

/// `lib.network.ipv6`
pub static TABLE: Table = Table { namespace: "network.ipv6", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("fromString", &["addr"], from_string),
    function("mkEUI64Suffix", &["mac"], mk_eui64_suffix).top(),
];

const PIECES: usize = 8;
const BITS: i64 = 128;

/// The eight pieces of an address, as text.
fn expand<'a>(address: &'a [u8]) -> Res<Vec<&'a [u8]>> {
    let shown = || lossy(address);
    let allowed = |c: &u8| c.is_ascii_hexdigit() || *c == b':';
    if address.is_empty() || !address.iter().all(allowed) {
        return Err(throw(format!("{} contains malformed characters for IPv6 address", shown())));
    }
    let pieces = cut(address, b":");
    let filled: Vec<&[u8]> = pieces.iter().copied().filter(|p| !p.is_empty()).collect();
    let missing = PIECES as i64 - filled.len() as i64;
    let zeros = |n: i64| -> Res<Vec<&'a [u8]>> {
        // Too many pieces is an error only where zeros would have to be inserted.
        Ok(vec![&b"0"[..]; list_size(n)?])
    };
    if address == b"::" {
        return zeros(missing);
    }
    let (start, end, inside) =
        (address.starts_with(b"::"), address.ends_with(b"::"), find(address, b"::").is_some());
    let expected = if start || end { 2 } else { usize::from(inside) };
    if pieces.len() - filled.len() != expected
        || inside && filled.len() >= PIECES
        || !inside && filled.len() != PIECES
    {
        return Err(throw(format!("{} is not a valid IPv6 address", shown())));
    }
    let zeros = zeros(missing)?;
    Ok(match (start, end, inside) {
        (true, ..) => [zeros, filled].concat(),
        (_, true, _) => [filled, zeros].concat(),
        (.., true) => {
            pieces.into_iter().flat_map(|p| if p.is_empty() { zeros.clone() } else { vec![p] }).collect()
        }
        _ => pieces,
    })
}

/// The pieces of an address as text, each in its shortest form.
fn parse(ev: &Evaluator, address: &[u8]) -> Res<Vec<String>> {
    let mut parsed = Vec::with_capacity(PIECES);
    for piece in expand(address)? {
        let number = match hex_number(piece) {
            Some(n) => n,
            None => {
                let text = slot(ev.mem.string(piece, Context::EMPTY)?);
                integer(ev, &slot(from_hex(ev, &text)?))?
            }
        };
        if !(0..=0xffff).contains(&number) {
            return Err(throw(format!("0x{} is not a valid u16 integer", lossy(piece))));
        }
        parsed.push(format!("{number:x}"));
    }
    Ok(parsed)
}

/// `lib.network.ipv6.fromString`: parses an address with an optional prefix length.
fn from_string(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [address] = exactly(args);
    let whole = ev.mem.text(string(ev, address)?);
    let parts = cut(whole, b"/");
    let (address, length) = match parts[..] {
        [address] => (address, BITS),
        [address, length] => {
            let n = integer(ev, &slot(decimal(ev, ev.mem.string(length, Context::EMPTY)?)?))?;
            if !(1..=BITS).contains(&n) {
                let whole = lossy(whole);
                return Err(throw(format!("{whole} IPv6 subnet should be in range [1;{BITS}], got {n}")));
            }
            (address, n)
        }
        _ => {
            return Err(throw(format!("{} is not a valid IPv6 address in CIDR notation", lossy(whole))));
        }
    };
    let address = parse(ev, address)?.join(":");
    set_of(ev, &[("address", ev.mem.str(&address)?), ("prefixLength", ev.mem.int(length)?)])
}

/// The six bytes of a MAC address, as pairs of digits: separated by `-`, `:`, `.` or nothing.
fn octets(mac: &[u8]) -> Option<[&str; 6]> {
    let mut found = [""; 6];
    let mut rest = mac;
    for (i, octet) in found.iter_mut().enumerate() {
        if i > 0
            && let [b'-' | b':' | b'.', after @ ..] = rest
        {
            rest = after;
        }
        let digits = rest.get(..2).filter(|d| d.iter().all(u8::is_ascii_hexdigit))?;
        *octet = std::str::from_utf8(digits).ok()?;
        rest = &rest[2..];
    }
    rest.is_empty().then_some(found)
}

/// `lib.network.ipv6.mkEUI64Suffix`: the second half of an address, derived from a MAC address.
fn mk_eui64_suffix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [mac] = exactly(args);
    let mac = bytes(ev, mac)?;
    let Some([a, b, c, d, e, f]) = octets(mac) else {
        let message =
            format!("\"{}\" is not a valid MAC address (expected 6 octets of hex digits)", lossy(mac));
        return Err(throw(message));
    };
    let first = hex_number(format!("{a}{b}").as_bytes()).unwrap_or(0) ^ 0x200;
    let suffix = format!("{first:x}:{c}ff:fe{d}:{e}{f}").to_ascii_lowercase();
    Ok(ev.mem.str(&suffix)?)
}
