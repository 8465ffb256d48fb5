//! Functions with set patterns: how they are called, and what they accept.

use super::{Error, Evaluator, Formals, Res, best_matches};
use crate::heap::{Slot, Sym};
use crate::host::shown;
use crate::ir::code;
use crate::source::Pos;
use crate::value::{Tag, Value, put};

impl Evaluator {
    /// Calls `{ a, b ? c, ... }@d: …`.
    #[inline(never)]
    pub(super) fn call_with_set(&self, lambda: Value, arg: Value, pos: Pos) -> Res<Value> {
        let heap = &self.mem.heap;
        let unit = heap.code4(lambda.hi());
        let n = (unit[0] >> 8) as usize;
        let units = heap.code(lambda.hi(), 7 + 3 * n);
        let lambda_pos = Pos(units[4]);
        let arg = crate::value::slot(arg);
        let set = match self.force_at(&arg, lambda_pos) {
            Ok(v) if v.is_attrs() => v,
            other => {
                let doing = "while evaluating the value passed for the lambda argument";
                let e = match other {
                    Ok(v) => self.expected("a set", v).trace(lambda_pos, doing),
                    Err(e) => e,
                };
                return Err(if pos.is_some() { e.trace(pos, "from call site") } else { e });
            }
        };
        let callee = self.frame(lambda.at(), unit[2])?;
        let mut next = callee + 1;
        if units[5] != 0 {
            put(heap.slot(next), set);
            next += 1;
        }
        let mut used = 0;
        for (formal, at) in units[7..].chunks_exact(3).zip(next..) {
            let slot = heap.slot(at);
            match self.mem.get(set, Sym(formal[0])) {
                Some(value) => {
                    used += 1;
                    put(slot, self.mem.share(value)?);
                }
                None if formal[1] == 0 => match self.open_attribute(set, Sym(formal[0]))? {
                    Some(answer) => put(slot, self.mem.share(answer)?),
                    None => return Err(self.missing_argument(lambda, set, &units[7..], pos)),
                },
                None => put(slot, self.counted(self.lazy(formal[1], callee)?)),
            }
        }
        if units[6] == 0 && used != self.mem.attrs_len(set) {
            return Err(self.unexpected_argument(lambda, set, &units[7..], pos));
        }
        self.run_body(lambda, unit[1], callee, 1, 0, pos)
    }

    /// Forces the set that a native function takes as a set pattern, and checks it as a call of `{ … }: …`
    /// does.
    ///
    /// # Errors
    /// When it is not a set, lacks a name without default, or has an unexpected name.
    pub fn force_formals(&self, function: &str, arg: &Slot, formals: &Formals, pos: Pos) -> Res<Value> {
        let set = self.force_attrs(arg, pos, "while evaluating the value passed for the lambda argument")?;
        let mut used = 0;
        for (name, has_default) in formals.names {
            match self.mem.heap.interned(name.as_bytes()).and_then(|n| self.mem.get(set, n)) {
                Some(_) => used += 1,
                None if *has_default => {}
                None => {
                    let message = format!("function '{function}' called without required argument '{name}'");
                    return Err(Error::type_error(message).trace(pos, "from call site"));
                }
            }
        }
        if !formals.ellipsis && used != self.mem.attrs_len(set) {
            let known = |name: &[u8]| formals.names.iter().any(|(n, _)| n.as_bytes() == name);
            let entries = self.mem.entries_in_order(set);
            let name =
                entries.iter().map(|e| self.mem.heap.name(e.name)).find(|n| !known(n)).unwrap_or_default();
            let near = best_matches(formals.names.iter().map(|(n, _)| n.as_bytes()), name);
            let name = shown(name);
            let message = format!("function '{function}' called with unexpected argument '{name}'");
            return Err(Error::type_error(message).trace(pos, "from call site").suggest(near));
        }
        Ok(set)
    }

    #[cold]
    pub(super) fn missing_argument(&self, lambda: Value, set: Value, formals: &[u32], pos: Pos) -> Error {
        let formals = formals.chunks_exact(3).filter(|f| f[1] == 0).map(|f| Sym(f[0]));
        let missing = formals.filter(|name| self.mem.get(set, *name).is_none());
        let name = missing.min_by_key(|name| self.mem.heap.symbols.order(*name)).unwrap_or(sym!(""));
        let function = self.lambda_name(lambda).unwrap_or_else(|| "anonymous lambda".to_owned());
        let message =
            format!("function '{function}' called without required argument '{}'", self.quoted(name));
        Error::type_error(message).at(self.lambda_pos(lambda, 0)).trace(pos, "from call site")
    }

    #[cold]
    pub(super) fn unexpected_argument(&self, lambda: Value, set: Value, formals: &[u32], pos: Pos) -> Error {
        let known = |name: Sym| formals.chunks_exact(3).any(|f| f[0] == name.0);
        let entries = self.mem.entries_in_order(set);
        let name = entries.iter().find(|e| !known(e.name)).map_or(sym!(""), |e| e.name);
        let function = self.lambda_name(lambda).unwrap_or_else(|| "anonymous lambda".to_owned());
        let names = formals.chunks_exact(3).map(|f| self.mem.heap.name(Sym(f[0])));
        let near = best_matches(names, self.mem.heap.name(name));
        let message =
            format!("function '{function}' called with unexpected argument '{}'", self.quoted(name));
        Error::type_error(message).at(self.lambda_pos(lambda, 0)).trace(pos, "from call site").suggest(near)
    }

    /// The set pattern of the next argument of a native function.
    pub(super) fn native_formals(&self, function: Value) -> Option<&'static Formals> {
        let (function, held) = self.underlying_function(function);
        match function.tag() {
            Tag::Builtin => self.builtin_of(function).formals.iter().find(|f| f.arg == held),
            _ => None,
        }
    }

    /// The formal arguments of a function written as `{ a, b ? c }: …`: the name, whether it has a default,
    /// and its position. `None` for other functions.
    pub fn formals(&self, function: Value) -> Option<Vec<(Sym, bool, Pos)>> {
        let function = self.mem.bare(function);
        if let Some(native) = self.native_formals(function) {
            let names = native.names.iter();
            return names.map(|(n, default)| Some((self.intern(n).ok()?, *default, Pos::NONE))).collect();
        }
        if function.tag() != Tag::Lambda {
            return None;
        }
        let unit = self.mem.heap.code4(function.hi());
        if unit[0] as u8 != code::LAMBDA_SET {
            return None;
        }
        let n = (unit[0] >> 8) as usize;
        let units = &self.mem.heap.code(function.hi(), 7 + 3 * n)[7..];
        Some(units.chunks_exact(3).map(|f| (Sym(f[0]), f[1] != 0, Pos(f[2]))).collect())
    }

    /// Whether a function's set pattern ends in `...`.
    pub fn has_ellipsis(&self, function: Value) -> bool {
        let function = self.mem.bare(function);
        if let Some(native) = self.native_formals(function) {
            return native.ellipsis;
        }
        self.formals(function).is_some() && self.mem.heap.code(function.hi(), 7)[6] != 0
    }

    /// The name of a function's argument: `x` of `x: …` or of `x@{ … }: …`.
    pub fn argument_name(&self, function: Value, index: usize) -> Option<Sym> {
        let unit = self.mem.heap.code4(function.hi());
        let name = match unit[0] as u8 {
            code::LAMBDA => self.mem.heap.code(function.hi(), 5 + 2 * index)[4 + 2 * index],
            _ => self.mem.heap.code(function.hi(), 6)[5],
        };
        (name != 0).then_some(Sym(name))
    }

    /// Calls a top-level function as `nix-instantiate` does: with those of the given arguments that it asks
    /// for.
    ///
    /// # Errors
    /// When an argument without default was not given.
    pub fn auto_call(&self, function: Value, given: Value) -> Res<Value> {
        if function.is_attrs()
            && let Some(functor) = self.mem.get(function, sym!("__functor"))
        {
            let f = self.force(functor)?;
            let applied = self.call(f, &[function], Pos::NONE)?;
            return self.auto_call(applied, given);
        }
        let Some(formals) = self.formals(function) else {
            return Ok(function);
        };
        let function = self.mem.bare(function);
        if self.has_ellipsis(function) {
            return self.call(function, &[given], self.lambda_pos(function, 0));
        }
        let mut in_order: Vec<_> = formals.iter().collect();
        in_order.sort_by_key(|(name, ..)| self.mem.heap.symbols.order(*name));
        for (name, has_default, pos) in in_order {
            if !has_default && self.mem.get(given, *name).is_none() {
                let message = format!(
                    "cannot evaluate a function that has an argument without a value ('{}')\nNix attempted to evaluate \
                     a function as a top level expression; in\nthis case it must have its arguments supplied either by \
                     default\nvalues, or passed explicitly with '--arg' or '--argstr'. See\n\
                     https://nix.dev/manual/nix/stable/language/syntax.html#functions.",
                    self.quoted(*name)
                );
                return Err(Error::eval(message).at(*pos));
            }
        }
        let args = self.mem.filtered(given, |e| formals.iter().any(|f| f.0 == e.name))?;
        self.call(function, &[args], self.lambda_pos(function, 0))
    }
}
