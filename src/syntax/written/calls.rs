//! Calls of functions that are known by name.

use smallvec::SmallVec;

use rnix::SyntaxKind::*;

use super::file::{File, Id};

/// No function of interest has more arguments.
const MOST_ARGUMENTS: usize = 3;

/// A function and the arguments that it is given at one place: `f a b`, also written `f a <| b` or `b |> f a`.
pub(super) struct Call<'a> {
    /// The function.
    pub(super) function: Id,
    /// Its last name: `mkIf` of `lib.mkIf`.
    pub(super) name: &'a [u8],
    /// The arguments.
    pub(super) args: SmallVec<[Id; MOST_ARGUMENTS]>,
}

/// What a node calls. A name alone is a call without arguments.
pub(super) fn call(file: &File, node: Id) -> Option<Call<'_>> {
    let mut args = SmallVec::new();
    let mut function = file.bare(node);
    loop {
        match file.kind(function) {
            NODE_IDENT | NODE_SELECT => break,
            _ if args.len() == MOST_ARGUMENTS => return None,
            _ => {
                let (inner, arg) = application(file, function)?;
                args.push(arg);
                function = file.bare(inner);
            }
        }
    }
    args.reverse();
    Some(Call { function, name: last_name(file, function)?, args })
}

/// The function and the argument of a node that applies one to the other.
pub(super) fn application(file: &File, node: Id) -> Option<(Id, Id)> {
    let (left, right) = file.two(node)?;
    match file.kind(node) {
        NODE_APPLY => Some((left, right)),
        NODE_BIN_OP => match file.operator(node)? {
            TOKEN_PIPE_LEFT => Some((left, right)),
            TOKEN_PIPE_RIGHT => Some((right, left)),
            _ => None,
        },
        _ => None,
    }
}

/// `c` of `c` and of `a.b.c`.
fn last_name(file: &File, node: Id) -> Option<&[u8]> {
    if file.kind(node) == NODE_IDENT {
        return file.name(node);
    }
    let mut parts = file.children(node);
    let (base, path) = (parts.next()?, parts.next()?);
    let plain = file.kind(base) == NODE_IDENT && parts.next().is_none();
    file.name(file.children(path).last()?).filter(|_| plain)
}
