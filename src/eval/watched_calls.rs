//! Watches calls: statistics, profiles, and `trace-function-calls`.
//!
//! Every call checks its depth. While calls are watched, that check always fails, and its slow path does the
//! watching. So unwatched evaluation pays nothing.

use std::cell::RefCell;

use super::arithmetic::operation_name;
use super::depth::Depth;
use super::profile::{Frame, Profile};
use super::watch::{Each, HERE, Watch, Watching};
use super::{Builtin, Evaluator, Res};
use crate::heap::{Ref, Slot, Sym};
use crate::host::{nanoseconds, shown};
use crate::ir::code::{self, OUTER};
use crate::source::Pos;
use crate::value::{Tag, Value, peek};

/// A followed call, on the stack until it is dropped.
struct Followed<'a> {
    ev: &'a Evaluator,
    watch: &'a Watch,
    pos: Pos,
}

impl Drop for Followed<'_> {
    fn drop(&mut self) {
        if let Some(profile) = &self.watch.profile {
            profile.borrow_mut().leave();
        }
        if self.watch.trace {
            self.ev.trace_step("exited", self.pos);
        }
    }
}

impl Evaluator {
    /// Watches the evaluation from now on.
    pub fn watch(&mut self, what: &Watching) {
        self.counting = what.counts || what.each;
        self.following = what.profile.is_some() || what.trace;
        if self.counting || self.following {
            self.unwatched_calls = 0;
            self.watch = Some(Box::new(Watch {
                each: what.each.then(RefCell::default),
                profile: what.profile.map(|period| RefCell::new(Profile::new(period))),
                trace: what.trace,
            }));
        }
    }

    /// The lines of the profile; empty without a profile.
    pub fn profile(&self) -> Vec<u8> {
        let profile = self.watch.as_ref().and_then(|watch| watch.profile.as_ref());
        profile.map(|profile| profile.borrow().folded(|frame| self.show_frame(frame))).unwrap_or_default()
    }

    /// Counts an unwatched call; `None` if the call is watched or nested too deep.
    #[inline]
    pub(super) fn unwatched_call(&self) -> Option<Depth<'_>> {
        let depth = self.depth.get();
        let here = 0u8;
        if depth >= self.unwatched_calls || (&raw const here as usize) < self.stack_end {
            return None;
        }
        self.depth.set(depth + 1);
        Some(Depth(&self.depth))
    }

    /// Whether a call is watched or nested too deep.
    #[inline]
    pub(super) fn is_watched_call(&self) -> bool {
        self.depth.get() >= self.unwatched_calls
    }

    /// The slow path of [`run_body`](Self::run_body), for calls that are watched or nested too deep.
    #[cold]
    #[inline(never)]
    pub(super) fn watched_body(&self, function: Value, callee: Ref, held: u32, pos: Pos) -> Res<Value> {
        let unit = self.mem.heap.code4(function.hi());
        let arity = if unit[0] as u8 == code::LAMBDA { (unit[0] >> 8) as usize } else { 1 };
        let result = {
            let _depth = self.deeper().map_err(|e| e.at(pos))?;
            if self.counting {
                self.mem.counts.envs.one(unit[2] as usize);
                self.count_calls(function, if held == HERE { 0 } else { held as usize }, arity);
            }
            let _call = (held == HERE).then(|| {
                self.count_arguments(self.mem.heap.slots(callee + 1, arity));
                self.follow(Frame::Function { code: function.hi(), argument: 0, pos }, pos)
            });
            self.eval(unit[1], callee)
        };
        match result {
            Err(e) if self.settings.show_trace => Err(self.trace_call(e, function, arity, pos)),
            result => result,
        }
    }

    /// The slow path of [`run_builtin`](Self::run_builtin), for calls that are watched or nested too deep.
    #[cold]
    #[inline(never)]
    pub(super) fn watched_builtin(
        &self,
        builtin: &'static Builtin,
        args: &[Slot],
        held: u32,
        pos: Pos,
    ) -> Res<Value> {
        let _depth = self.deeper().map_err(|e| e.at(pos))?;
        self.count_builtin(builtin.name, builtin.library);
        if held == HERE {
            self.count_arguments(args);
        }
        let call = held == HERE && self.following;
        let _call = call.then(|| self.follow(self.builtin_frame(builtin, args.first(), pos), pos));
        self.builtin_result(builtin, args, pos)
    }

    /// The slow path of an operator that stands for a built-in.
    #[cold]
    #[inline(never)]
    pub(super) fn watched_operation(&self, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let pos = Pos(unit[3]);
        self.check_depth(pos)?;
        let name = operation_name(unit[0] as u8);
        self.count_builtin(name, false);
        // In Nix both operands are arguments.
        self.mem.counts.avoided.add(2);
        let _call = self.follow(Frame::Builtin { name, library: false, pos }, pos);
        self.number_operation(unit, frame)
    }

    /// [`call`](Self::call) while calls are followed.
    #[cold]
    #[inline(never)]
    pub(super) fn followed_call(&self, function: Value, args: &[Value], pos: Pos) -> Res<Value> {
        if args.is_empty() {
            return Ok(function);
        }
        let (inner, held) = self.underlying_function(function);
        let frame = match (inner.tag(), held) {
            (Tag::Lambda, _) => Frame::Function { code: inner.hi(), argument: held as u32, pos },
            (Tag::Builtin, _) => {
                let builtin = self.builtin_of(inner);
                Frame::Builtin { name: builtin.name, library: builtin.library, pos }
            }
            _ => match self.functor(function) {
                Some(functor) => Frame::Functor { pos: if pos.is_some() { pos } else { functor } },
                None => Frame::Other { pos },
            },
        };
        let _call = self.follow(frame, pos);
        self.call_all(function, args, pos)
    }

    /// Where a set's `__functor` is defined.
    fn functor(&self, v: Value) -> Option<Pos> {
        if !v.is_attrs() {
            return None;
        }
        self.mem.get_entry(v, sym!("__functor")).map(|e| e.pos)
    }

    fn builtin_frame(&self, builtin: &'static Builtin, arg: Option<&Slot>, pos: Pos) -> Frame {
        if builtin.name == "derivationStrict"
            && let Some(arg) = arg
            && let Some(name) = self.derivation_name(arg)
        {
            return Frame::Derivation { name, pos };
        }
        Frame::Builtin { name: builtin.name, library: builtin.library, pos }
    }

    /// The name of the derivation about to be made. Errors are ignored here: making it reports them.
    fn derivation_name(&self, arg: &Slot) -> Option<Box<str>> {
        let set = self.force(arg).ok().filter(|v| v.is_attrs())?;
        let name = self.force(self.mem.get(set, sym!("name"))?).ok().filter(|v| v.is_string())?;
        Some(shown(self.mem.text(name)).into())
    }

    /// Pushes a call onto the stack.
    fn follow(&self, frame: Frame, pos: Pos) -> Option<Followed<'_>> {
        let watch = self.watch.as_deref().filter(|_| self.following)?;
        if watch.trace {
            self.trace_step("entered", pos);
        }
        if let Some(profile) = &watch.profile {
            profile.borrow_mut().enter(frame);
        }
        Some(Followed { ev: self, watch, pos })
    }

    fn trace_step(&self, what: &str, pos: Pos) {
        let place = self.place_text(pos);
        let line = format!("function-trace {what} {place} at {}", nanoseconds());
        self.host.message(line.as_bytes());
    }

    /// Counts one call of a curried function for each of the arguments `from..to`.
    #[cold]
    pub(super) fn count_calls(&self, function: Value, from: usize, to: usize) {
        self.mem.counts.function_calls.add(to - from);
        if let Some(each) = self.each() {
            let mut each = each.borrow_mut();
            for argument in from..to {
                *each.functions.entry((function.hi(), argument)).or_default() += 1;
            }
        }
    }

    fn count_builtin(&self, name: &'static str, library: bool) {
        let counts = &self.mem.counts;
        if library { &counts.library_calls } else { &counts.builtin_calls }.add(1);
        if let Some(each) = self.each() {
            let mut each = each.borrow_mut();
            let calls = if library { &mut each.library } else { &mut each.builtins };
            *calls.entry(name).or_default() += 1;
        }
    }

    /// Counts the word that an expression was delayed to, if thunks are counted.
    #[inline]
    pub(super) fn counted(&self, v: Value) -> Value {
        if self.counting {
            self.count_arguments(&[crate::value::slot(v)]);
        }
        v
    }

    /// Counts delayed expressions that cannot refer to each other.
    #[cold]
    fn count_arguments(&self, slots: &[Slot]) {
        let thunks = slots.iter().filter(|slot| peek(slot).tag() == Tag::Thunk).count();
        self.mem.counts.thunks.add(thunks);
        self.mem.counts.avoided.add(slots.len() - thunks);
    }

    /// Counts delayed expressions that may refer to each other. A sibling may already have moved a thunk to
    /// another slot; a forward counts as a thunk unless its expression is a variable.
    #[cold]
    #[inline(never)]
    pub(super) fn count_delayed(&self, codes: &[u32], slots: &[Slot]) {
        let is_thunk = |(code, slot): &(&u32, &Slot)| {
            let op = self.mem.heap.code4(**code & !OUTER)[0] as u8;
            let is_variable = matches!(op, code::VAR | code::SIBLING | code::GLOBAL);
            let tag = peek(slot).tag();
            tag == Tag::Thunk || tag == Tag::Forward && !is_variable
        };
        let thunks = codes.iter().zip(slots).filter(is_thunk).count();
        self.mem.counts.thunks.add(thunks);
        self.mem.counts.avoided.add(slots.len() - thunks);
    }

    /// Counts the selection of an attribute.
    #[cold]
    #[inline(never)]
    pub(super) fn count_lookup(&self, set: Value, name: Sym) {
        self.mem.counts.lookups.add(1);
        self.count_attribute(set, name);
    }

    /// Counts the use of an attribute, if attributes are counted individually.
    #[cold]
    #[inline(never)]
    pub(super) fn count_attribute(&self, set: Value, name: Sym) {
        if let Some(each) = self.each()
            && set.is_attrs()
            && let Some(found) = self.mem.get_entry(set, name)
        {
            *each.borrow_mut().attributes.entry(found.pos).or_default() += 1;
        }
    }

    pub(super) fn each(&self) -> Option<&RefCell<Each>> {
        self.watch.as_ref()?.each.as_ref()
    }

    /// A call as the profile names it.
    fn show_frame(&self, frame: &Frame) -> String {
        let place = |pos: &Pos| self.place_text(*pos);
        match frame {
            Frame::Function { code, argument, pos } => {
                let function = Value::lambda(*code, 0);
                let pos =
                    if self.is_known(*pos) { *pos } else { self.lambda_pos(function, *argument as usize) };
                match self.lambda_name(function) {
                    Some(name) => format!("{}:{name}", place(&pos)),
                    None => place(&pos),
                }
            }
            Frame::Builtin { name, library, pos } => {
                let kind = if *library { "" } else { "primop " };
                match self.is_known(*pos) {
                    true => format!("{}:{kind}{name}", place(pos)),
                    false => format!("{kind}{name}"),
                }
            }
            Frame::Derivation { name, pos } => match self.is_known(*pos) {
                true => format!("{}:primop derivationStrict:{name}", place(pos)),
                false => format!("primop derivationStrict:{name}"),
            },
            Frame::Functor { pos } => format!("{}:functor", place(pos)),
            Frame::Other { pos } => place(pos),
        }
    }

    fn is_known(&self, pos: Pos) -> bool {
        self.sources.source_of(pos).is_some()
    }
}
