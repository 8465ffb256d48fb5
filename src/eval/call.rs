//! Calling functions.

use smallvec::SmallVec;

use super::print::found;
use super::watch::HERE;
use super::{Builtin, Error, Evaluator, Res};
use crate::heap::{CodeRef, Ref, Slot};
use crate::ir::code;
use crate::source::Pos;
use crate::value::{Tag, Value, peek, put};

/// Calls with up to this many arguments keep them on the native stack; the others use the Rust heap.
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

    /// Runs a built-in that has all its arguments. It held `held` of them before this call; [`HERE`] marks a
    /// direct call.
    fn run_builtin(&self, builtin: &'static Builtin, args: &[Slot], held: u32, pos: Pos) -> Res<Value> {
        match self.unwatched_call() {
            Some(_depth) => self.builtin_result(builtin, args, pos),
            None => self.watched_builtin(builtin, args, held, pos),
        }
    }

    /// Runs a built-in and completes the trace of its errors.
    #[inline]
    pub(super) fn builtin_result(&self, builtin: &'static Builtin, args: &[Slot], pos: Pos) -> Res<Value> {
        // Nix's built-ins do not report where they were called; the trace does.
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

    /// Evaluates a function's body in the callee's frame. The function held `held` arguments before this
    /// call; [`HERE`] marks a direct call.
    #[inline]
    pub(super) fn run_body(
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

    /// Calls a function with some arguments. [Share](crate::value::Memory::share) arguments that other slots
    /// hold before passing them.
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

    /// Calls a function with one argument, which is in a slot and stays there.
    pub fn call1(&self, function: Value, arg: &Slot, pos: Pos) -> Res<Value> {
        self.call(function, &[self.mem.share(arg)?], pos)
    }

    /// Applies a function to as many of the arguments as it takes. Returns the result and their number.
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
                // A set pattern is matched as soon as its argument is given.
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
}
