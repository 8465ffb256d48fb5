//! Calling functions.

use smallvec::SmallVec;

use super::print::found;
use super::watch::HERE;
use super::{Builtin, Error, Evaluator, Formals, Res, best_matches};
use crate::heap::{CodeRef, Ref, Slot, Sym};
use crate::host::shown;
use crate::ir::code;
use crate::source::Pos;
use crate::value::{Tag, Value, peek, put};

/// Arguments of one call on the native stack; more than this goes to the Rust heap.
const FEW: usize = 4;
type Args = SmallVec<[Value; FEW]>;

impl Evaluator {
    /// `f a b …`.
    #[inline]
    pub(super) fn eval_call(&self, code: CodeRef, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let mut function = self.eval(unit[1], frame)?;
        if function.is_own() {
            function = peek(self.mem.heap.slot(function.at()));
        }
        let n = (unit[0] >> 8) as usize;
        let pos = Pos(unit[2]);
        if function.tag() == Tag::Lambda {
            let lambda = self.mem.heap.code4(function.hi());
            if lambda[0] as u8 == code::LAMBDA && (lambda[0] >> 8) as usize == n {
                // The common case: the arguments go straight into the callee's frame.
                let callee = self.frame(function.at(), lambda[2])?;
                let args = &self.mem.heap.code(code, 3 + n)[3..];
                for (slot, arg) in self.mem.heap.slots(callee + 1, n).iter().zip(args) {
                    put(slot, self.lazy(*arg, frame)?);
                }
                return self.run_body(function, lambda[1], callee, n, HERE, pos);
            }
        }
        if function.tag() == Tag::Builtin {
            let builtin = self.builtin_of(function);
            if builtin.args.len() == n && n <= FEW {
                let slots: [Slot; FEW] = Default::default();
                let args = &self.mem.heap.code(code, 3 + n)[3..];
                for (slot, arg) in slots.iter().zip(args) {
                    put(slot, self.lazy(*arg, frame)?);
                }
                return self.run_builtin(builtin, &slots[..n], HERE, pos);
            }
        }
        self.call_slow(function, code, n, frame, pos)
    }

    /// Runs a built-in that has all its arguments; `held` of them it had before the call, which may have been made
    /// [`HERE`].
    fn run_builtin(&self, builtin: &'static Builtin, args: &[Slot], held: u32, pos: Pos) -> Res<Value> {
        match self.unwatched_call() {
            Some(_depth) => self.builtin_result(builtin, args, pos),
            None => self.watched_builtin(builtin, args, held, pos),
        }
    }

    /// What a built-in gives.
    #[inline]
    pub(super) fn builtin_result(&self, builtin: &'static Builtin, args: &[Slot], pos: Pos) -> Res<Value> {
        // Nix's built-ins do not say where they were called; the trace does.
        match (builtin.run)(self, args, if builtin.traced { Pos::NONE } else { pos }) {
            Err(e) if builtin.traced => {
                Err(e.trace(pos, format!("while calling the '{}' builtin", builtin.name)))
            }
            result => result,
        }
    }

    #[inline(never)]
    fn call_slow(&self, function: Value, code: CodeRef, n: usize, frame: Ref, pos: Pos) -> Res<Value> {
        let codes = &self.mem.heap.code(code, 3 + n)[3..];
        let mut args = Args::with_capacity(n);
        for arg in codes {
            args.push(self.counted(self.lazy(*arg, frame)?));
        }
        self.call(function, &args, pos)
    }

    /// Evaluates a function's body in the callee's frame; `held` arguments were there before the call, which may have
    /// been made [`HERE`].
    #[inline]
    fn run_body(
        &self,
        function: Value,
        body: CodeRef,
        callee: Ref,
        arity: usize,
        held: u32,
        pos: Pos,
    ) -> Res<Value> {
        let result = match self.unwatched_call() {
            Some(_depth) => self.eval(body, callee),
            None => return self.watched_body(function, callee, held, pos),
        };
        match result {
            Err(e) if self.settings.show_trace => Err(self.trace_call(e, function, arity, pos)),
            result => result,
        }
    }

    #[cold]
    pub(super) fn trace_call(&self, e: Error, function: Value, arity: usize, pos: Pos) -> Error {
        let name = match self.lambda_name(function) {
            Some(name) => format!("'{name}'"),
            None => "anonymous lambda".to_owned(),
        };
        let e = e.trace(self.lambda_pos(function, arity.max(1) - 1), format!("while calling {name}"));
        if pos.is_some() { e.trace(pos, "from call site") } else { e }
    }

    /// The function behind a partial call, and how many arguments it has already.
    pub fn underlying_function(&self, function: Value) -> (Value, usize) {
        let function = self.mem.bare(function);
        match function.tag() {
            Tag::Partial => (peek(self.mem.heap.slot(function.at())), function.hi() as usize),
            _ => (function, 0),
        }
    }

    /// Where a function is defined; nowhere for built-ins.
    pub fn function_pos(&self, function: Value, held: usize) -> Pos {
        match function.tag() {
            Tag::Lambda => self.lambda_pos(function, held),
            _ => Pos::NONE,
        }
    }

    /// The name a function was bound to.
    pub fn lambda_name(&self, function: Value) -> Option<String> {
        self.lambda_symbol(function).map(|name| self.name(name))
    }

    /// The name a function was bound to.
    pub(super) fn lambda_symbol(&self, function: Value) -> Option<Sym> {
        match Sym(self.mem.heap.code4(function.hi())[3]) {
            Sym(0) => self.computed_names.borrow().get(&function.hi()).copied(),
            name => Some(name),
        }
    }

    /// Names the function that an attribute with a computed name is, if it is written as one: as in Nix all functions made
    /// by the same code have the last such name.
    pub(super) fn name_function(&self, mut code: CodeRef, name: Sym) {
        loop {
            let unit = self.mem.heap.code4(code);
            if !matches!(unit[0] as u8, code::LAMBDA | code::LAMBDA_SET) {
                return;
            }
            self.computed_names.borrow_mut().insert(code, name);
            code = unit[1];
        }
    }

    /// How many arguments a function written in Nix takes at once.
    pub fn lambda_arity(&self, function: Value) -> Option<usize> {
        if function.tag() != Tag::Lambda {
            return None;
        }
        let unit = self.mem.heap.code4(function.hi());
        Some(if unit[0] as u8 == code::LAMBDA { (unit[0] >> 8) as usize } else { 1 })
    }

    /// Where a function is defined; of curried functions the one that takes argument `index`.
    pub fn lambda_pos(&self, function: Value, index: usize) -> Pos {
        if function.tag() != Tag::Lambda {
            return Pos::NONE;
        }
        let unit = self.mem.heap.code4(function.hi());
        let at = if unit[0] as u8 == code::LAMBDA { 5 + 2 * index } else { 4 };
        Pos(self.mem.heap.code(function.hi(), at + 1)[at])
    }

    /// Calls a function with some arguments. Arguments that other slots hold must be
    /// [shared](crate::value::Memory::share) first.
    ///
    /// # Errors
    /// Whatever the function does, or that it is none.
    pub fn call(&self, function: Value, args: &[Value], pos: Pos) -> Res<Value> {
        match self.following {
            false => self.call_all(function, args, pos),
            true => self.followed_call(function, args, pos),
        }
    }

    #[inline]
    pub(super) fn call_all(&self, function: Value, args: &[Value], pos: Pos) -> Res<Value> {
        let mut current = function;
        let mut args = args;
        while !args.is_empty() {
            let used;
            (current, used) = self.call_some(current, args, pos)?;
            args = &args[used..];
        }
        Ok(current)
    }

    /// Calls a function whose one argument is in a slot, which stays in use.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn call1(&self, function: Value, arg: &Slot, pos: Pos) -> Res<Value> {
        self.call(function, &[self.mem.share(arg)?], pos)
    }

    /// Gives a function as many of the arguments as it takes: the result and how many that were.
    fn call_some(&self, function: Value, args: &[Value], pos: Pos) -> Res<(Value, usize)> {
        let function = self.mem.bare(function);
        match function.tag() {
            Tag::Lambda => self.call_lambda(function, &[], args, pos),
            Tag::Builtin => self.call_builtin(function, &[], args, pos),
            Tag::Partial => {
                let held = self.mem.heap.slots(function.at(), 1 + function.hi() as usize);
                let inner = peek(&held[0]);
                match inner.tag() {
                    Tag::Lambda => self.call_lambda(inner, &held[1..], args, pos),
                    _ => self.call_builtin(inner, &held[1..], args, pos),
                }
            }
            Tag::Attrs => {
                let Some(functor) = self.mem.get_entry(function, sym!("__functor")) else {
                    let Some(answer) = self.open_attribute(function, sym!("__functor"))? else {
                        return Err(self.not_callable(function, pos));
                    };
                    return Ok((self.call(self.force(answer)?, &[function, args[0]], pos)?, 1));
                };
                let _depth = self.deeper().map_err(|e| e.at(pos))?;
                let called = self
                    .force_at(functor.slot, functor.pos)
                    .and_then(|f| self.call(f, &[function, args[0]], functor.pos));
                let doing = "while calling a functor (an attribute set with a '__functor' attribute)";
                Ok((called.map_err(|e| e.trace(pos, doing))?, 1))
            }
            _ => Err(self.not_callable(function, pos)),
        }
    }

    #[cold]
    fn not_callable(&self, v: Value, pos: Pos) -> Error {
        let what = found(self, v);
        Error::type_error(format!("attempt to call something which is not a function but {what}")).at(pos)
    }

    fn call_lambda(&self, lambda: Value, held: &[Slot], args: &[Value], pos: Pos) -> Res<(Value, usize)> {
        let unit = self.mem.heap.code4(lambda.hi());
        if unit[0] as u8 == code::LAMBDA_SET {
            return Ok((self.call_with_set(lambda, args[0], pos)?, 1));
        }
        let arity = (unit[0] >> 8) as usize;
        let missing = arity - held.len();
        if args.len() < missing {
            if self.counting {
                self.count_calls(lambda, held.len(), held.len() + args.len());
            }
            return Ok((self.extend_partial(lambda, held, args)?, args.len()));
        }
        let callee = self.frame(lambda.at(), unit[2])?;
        let slots = self.mem.heap.slots(callee + 1, arity);
        for (slot, arg) in slots.iter().zip(held) {
            put(slot, self.mem.share(arg)?);
        }
        for (slot, arg) in slots[held.len()..].iter().zip(args) {
            put(slot, *arg);
        }
        Ok((self.run_body(lambda, unit[1], callee, arity, held.len() as u32, pos)?, missing))
    }

    fn extend_partial(&self, function: Value, held: &[Slot], args: &[Value]) -> Res<Value> {
        let mut all = Args::with_capacity(held.len() + args.len());
        for arg in held {
            all.push(self.mem.share(arg)?);
        }
        all.extend_from_slice(args);
        self.partial_of(function, &all)
    }

    fn call_builtin(&self, function: Value, held: &[Slot], args: &[Value], pos: Pos) -> Res<(Value, usize)> {
        let builtin = self.builtin_of(function);
        let missing = builtin.args.len() - held.len();
        if args.len() < missing {
            for formals in builtin.formals {
                // A set pattern is matched as soon as its argument is there.
                if let Some(arg) = formals.arg.checked_sub(held.len()).and_then(|i| args.get(i)) {
                    self.force_formals(builtin.name, &crate::value::slot(*arg), formals, pos)?;
                }
            }
            return Ok((self.extend_partial(function, held, args)?, args.len()));
        }
        let mut slots: SmallVec<[Slot; FEW]> = SmallVec::with_capacity(builtin.args.len());
        for arg in held {
            slots.push(crate::value::slot(self.mem.share(arg)?));
        }
        slots.extend(args[..missing].iter().map(|a| crate::value::slot(*a)));
        Ok((self.run_builtin(builtin, &slots, held.len() as u32, pos)?, missing))
    }

    /// Calls `{ a, b ? c, ... }@d: …`.
    #[inline(never)]
    fn call_with_set(&self, lambda: Value, arg: Value, pos: Pos) -> Res<Value> {
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

    /// An argument that a native function takes with a set pattern: the set, checked as a call of `{ … }: …` does.
    ///
    /// # Errors
    /// When it is no set, lacks a name without default, or has one that is not asked for.
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
    fn missing_argument(&self, lambda: Value, set: Value, formals: &[u32], pos: Pos) -> Error {
        let formals = formals.chunks_exact(3).filter(|f| f[1] == 0).map(|f| Sym(f[0]));
        let missing = formals.filter(|name| self.mem.get(set, *name).is_none());
        let name = missing.min_by_key(|name| self.mem.heap.symbols.order(*name)).unwrap_or(sym!(""));
        let function = self.lambda_name(lambda).unwrap_or_else(|| "anonymous lambda".to_owned());
        let message =
            format!("function '{function}' called without required argument '{}'", self.quoted(name));
        Error::type_error(message).at(self.lambda_pos(lambda, 0)).trace(pos, "from call site")
    }

    #[cold]
    fn unexpected_argument(&self, lambda: Value, set: Value, formals: &[u32], pos: Pos) -> Error {
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

    /// The set pattern that a native function takes its next argument with.
    fn native_formals(&self, function: Value) -> Option<&'static Formals> {
        let (function, held) = self.underlying_function(function);
        match function.tag() {
            Tag::Builtin => self.builtin_of(function).formals.iter().find(|f| f.arg == held),
            _ => None,
        }
    }

    /// The formal arguments of a function written as `{ a, b ? c }: …`: name, whether it has a default, position.
    /// `None` for other functions.
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

    /// What `nix-instantiate` does with a function at the top: calls it with the arguments it asks for and that were
    /// given.
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
