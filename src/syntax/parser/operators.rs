//! Operators, by how tightly they bind.

use rnix::SyntaxKind::{self, *};

use super::super::ast::{Expr, Id};
use super::{P, Parser};

/// How tightly operators bind, from Nix's table.
mod binding {
    pub(super) const IMPLICATION: u8 = 1;
    pub(super) const OR: u8 = 2;
    pub(super) const AND: u8 = 3;
    pub(super) const EQUALITY: u8 = 4;
    pub(super) const ORDER: u8 = 5;
    pub(super) const UPDATE: u8 = 6;
    pub(super) const NOT: u8 = 7;
    pub(super) const SUM: u8 = 8;
    pub(super) const PRODUCT: u8 = 9;
    pub(super) const CONCAT: u8 = 10;
    pub(super) const HAS_ATTR: u8 = 11;
}

#[derive(PartialEq)]
enum Side {
    Left,
    Right,
    Neither,
}

fn operator(kind: SyntaxKind) -> Option<(u8, Side)> {
    Some(match kind {
        TOKEN_IMPLICATION => (binding::IMPLICATION, Side::Right),
        TOKEN_OR_OR => (binding::OR, Side::Left),
        TOKEN_AND_AND => (binding::AND, Side::Left),
        TOKEN_EQUAL | TOKEN_NOT_EQUAL => (binding::EQUALITY, Side::Neither),
        TOKEN_LESS | TOKEN_MORE | TOKEN_LESS_OR_EQ | TOKEN_MORE_OR_EQ => (binding::ORDER, Side::Neither),
        TOKEN_UPDATE => (binding::UPDATE, Side::Right),
        TOKEN_ADD | TOKEN_SUB => (binding::SUM, Side::Left),
        TOKEN_MUL | TOKEN_DIV => (binding::PRODUCT, Side::Left),
        TOKEN_CONCAT => (binding::CONCAT, Side::Right),
        TOKEN_QUESTION => (binding::HAS_ATTR, Side::Left),
        _ => return None,
    })
}

impl Parser<'_> {
    /// Operators, and chains of pipes.
    pub(super) fn pipe(&mut self) -> P<Id> {
        let start = self.pos();
        let left = self.operation(0)?;
        match self.peek() {
            TOKEN_PIPE_LEFT | TOKEN_PIPE_RIGHT => {}
            _ => return Ok(left),
        }
        let (kind, pos) = (self.peek(), self.pos());
        self.at += 1;
        if kind == TOKEN_PIPE_LEFT {
            let right_start = self.pos();
            let right = self.deeper(Self::pipe)?;
            return Ok(self.build.operator(kind, pos, (start, left), (right_start, right)));
        }
        let right_start = self.pos();
        let right = self.operation(0)?;
        let mut all = self.build.operator(kind, pos, (start, left), (right_start, right));
        while self.peek() == TOKEN_PIPE_RIGHT {
            let pos = self.pos();
            self.at += 1;
            let right_start = self.pos();
            let right = self.operation(0)?;
            all = self.build.operator(kind, pos, (start, all), (right_start, right));
        }
        Ok(all)
    }

    /// Operators that bind at least as tightly as `least`.
    fn operation(&mut self, least: u8) -> P<Id> {
        let start = self.pos();
        let mut left = match self.peek() {
            TOKEN_INVERT => {
                self.at += 1;
                let e = self.deeper(|p| p.operation(binding::NOT))?;
                self.add(Expr::Not(e))
            }
            TOKEN_SUB => {
                self.at += 1;
                let e = self.deeper(|p| p.operation(binding::HAS_ATTR + 1))?;
                self.build.negate(start, e)
            }
            _ => self.application()?,
        };
        // A non-associative operator takes no other of its strength as its left operand.
        let mut most = u8::MAX;
        while let Some((tight, side)) = operator(self.peek()) {
            if tight < least {
                break;
            }
            if tight > most {
                return self.unexpected("");
            }
            most = if side == Side::Neither { tight - 1 } else { u8::MAX };
            let kind = self.peek();
            let pos = self.pos();
            self.at += 1;
            if kind == TOKEN_QUESTION {
                let path = self.attr_path()?;
                left = self.add(Expr::HasAttr { base: left, path });
                continue;
            }
            let right_start = self.pos();
            let right_least = if side == Side::Right { tight } else { tight + 1 };
            let right = self.deeper(|p| p.operation(right_least))?;
            left = self.build.operator(kind, pos, (start, left), (right_start, right));
        }
        Ok(left)
    }
}
