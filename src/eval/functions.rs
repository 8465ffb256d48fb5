//! Facts about a function that do not require calling it: its name, its position, and how many arguments it
//! takes.

use super::Evaluator;
use crate::heap::{CodeRef, Sym};
use crate::ir::code;
use crate::source::Pos;
use crate::value::{Tag, Value, peek};

impl Evaluator {
    /// The function behind a partial call, and how many arguments it already holds.
    pub fn underlying_function(&self, function: Value) -> (Value, usize) {
        let function = self.mem.bare(function);
        match function.tag() {
            Tag::Partial => (peek(self.mem.heap.slot(function.at())), function.hi() as usize),
            _ => (function, 0),
        }
    }

    /// Where a function is defined; `Pos::NONE` for built-ins.
    pub fn function_pos(&self, function: Value, held: usize) -> Pos {
        match function.tag() {
            Tag::Lambda => self.lambda_pos(function, held),
            _ => Pos::NONE,
        }
    }

    /// The name that a function was bound to.
    pub fn lambda_name(&self, function: Value) -> Option<String> {
        self.lambda_symbol(function).map(|name| self.name(name))
    }

    /// The name that a function was bound to.
    pub(super) fn lambda_symbol(&self, function: Value) -> Option<Sym> {
        match Sym(self.mem.heap.code4(function.hi())[3]) {
            Sym(0) => self.computed_names.borrow().get(&function.hi()).copied(),
            name => Some(name),
        }
    }

    /// Names the function that is the value of an attribute with a computed name, if it is written there as a
    /// function. As in Nix, all functions with the same code share the last such name.
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

    /// Where a function is defined; for curried functions, the one that takes argument `index`.
    pub fn lambda_pos(&self, function: Value, index: usize) -> Pos {
        if function.tag() != Tag::Lambda {
            return Pos::NONE;
        }
        let unit = self.mem.heap.code4(function.hi());
        let at = if unit[0] as u8 == code::LAMBDA { 5 + 2 * index } else { 4 };
        Pos(self.mem.heap.code(function.hi(), at + 1)[at])
    }
}
