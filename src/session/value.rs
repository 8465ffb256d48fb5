//! Values in the public API.

use std::sync::Arc;

use super::error::{Error, Result};
use super::worker::{Held, Worker};
use crate::builtins;
use crate::eval::{self, ErrorKind, Evaluator, Res, ambiguous};
use crate::heap::Slot;
use crate::native::{attrs, boolean, cell, integer, list, string};
use crate::options::{Bounds, Plain};
use crate::source::Pos;
use crate::value::{Type, peek, slot};

/// A value of a [`Session`](crate::Session), possibly not evaluated yet. Clones refer to the same value.
#[derive(Debug, Clone)]
pub struct Value(Arc<Handle>);

#[derive(Debug)]
struct Handle {
    worker: Worker,
    number: usize,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.worker.release(self.number);
    }
}

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueKind {
    /// An integer.
    Int,
    /// A floating-point number.
    Float,
    /// `true` or `false`.
    Bool,
    /// A string.
    String,
    /// A path.
    Path,
    /// `null`
    Null,
    /// An attribute set.
    Set,
    /// A list.
    List,
    /// A function.
    Lambda,
}

impl Value {
    pub(super) fn new(worker: Worker, number: usize) -> Value {
        Value(Arc::new(Handle { worker, number }))
    }

    /// The value that `job` returns on the session's thread.
    pub(super) fn of(
        worker: &Worker,
        job: impl FnOnce(&Evaluator) -> Res<crate::value::Value> + Send + 'static,
    ) -> Result<Value> {
        let number = worker.run(move |ev, held| Ok(held.hold(cell(ev, job(ev)?)?)))?;
        Ok(Value::new(worker.clone(), number))
    }

    pub(super) fn worker(&self) -> &Worker {
        &self.0.worker
    }

    fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Evaluator, &Slot, &Held) -> Res<T> + Send + 'static,
    ) -> Result<T> {
        let number = self.0.number;
        self.0.worker.run(move |ev, held| job(ev, &slot(held.get(number)), held))
    }

    fn part(
        &self,
        job: impl FnOnce(&Evaluator, &Slot) -> Res<crate::value::Value> + Send + 'static,
    ) -> Result<Value> {
        let number = self.run(move |ev, this, held| Ok(held.hold(job(ev, this)?)))?;
        Ok(Value::new(self.0.worker.clone(), number))
    }

    /// Evaluates the value to weak head normal form.
    pub fn force(&self) -> Result<()> {
        self.run(|ev, this, _| ev.force(this).map(|_| ()))
    }

    /// Evaluates the value and everything in it, as `builtins.deepSeq` does.
    pub fn force_deep(&self) -> Result<()> {
        self.run(|ev, this, _| ev.force_deep(this))
    }

    /// Evaluates the value and returns its kind.
    pub fn kind(&self) -> Result<ValueKind> {
        self.run(|ev, this, _| {
            Ok(match ev.force(this)?.type_of() {
                Type::Int => ValueKind::Int,
                Type::Float => ValueKind::Float,
                Type::Bool => ValueKind::Bool,
                Type::String => ValueKind::String,
                Type::Path => ValueKind::Path,
                Type::Null => ValueKind::Null,
                Type::Attrs => ValueKind::Set,
                Type::List => ValueKind::List,
                Type::Function | Type::Thunk => ValueKind::Lambda,
            })
        })
    }

    /// The value as a Boolean.
    pub fn as_bool(&self) -> Result<bool> {
        self.run(|ev, this, _| boolean(ev, this))
    }

    /// The value as an integer.
    pub fn as_int(&self) -> Result<i64> {
        self.run(|ev, this, _| integer(ev, this))
    }

    /// The value as a number.
    pub fn as_float(&self) -> Result<f64> {
        self.run(|ev, this, _| ev.force_float(this, Pos::NONE, ""))
    }

    /// The bytes of a string; strings in Nix need not be UTF-8.
    pub fn as_bytes(&self) -> Result<Vec<u8>> {
        self.run(|ev, this, _| Ok(ev.mem.text(string(ev, this)?).to_vec()))
    }

    /// The value as a string. Invalid UTF-8 becomes `�`.
    pub fn as_text(&self) -> Result<String> {
        Ok(text(&self.as_bytes()?))
    }

    /// The names of a set's attributes, in order.
    ///
    /// ```
    /// # fn main() -> nival::Result<()> {
    /// let session = nival::Session::new()?;
    /// let set = session.evaluate("{ b = throw \"not looked at\"; a = { c = 1; }; }", "/")?;
    /// assert_eq!(set.names()?, ["a", "b"]);
    /// assert_eq!(set.get("a")?.get("c")?.as_int()?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn names(&self) -> Result<Vec<String>> {
        self.run(|ev, this, _| {
            let entries = ev.mem.entries_by_name(attrs(ev, this)?);
            Ok(entries.into_iter().map(|entry| text(ev.mem.heap.name(entry.name))).collect())
        })
    }

    /// An attribute of a set, unevaluated.
    pub fn get(&self, name: impl AsRef<[u8]>) -> Result<Value> {
        let name = name.as_ref().to_vec();
        self.part(move |ev, this| {
            let name = ev.mem.heap.intern(&name)?;
            Ok(ev.mem.share(ev.attribute(attrs(ev, this)?, name, Pos::NONE)?)?)
        })
    }

    /// The number of elements of a list.
    pub fn length(&self) -> Result<usize> {
        self.run(|ev, this, _| Ok(list(ev, this)?.list_len()))
    }

    /// An element of a list, counted from 0, unevaluated.
    pub fn at(&self, index: usize) -> Result<Value> {
        self.part(move |ev, this| match ev.mem.items(list(ev, this)?).get(index) {
            Some(element) => Ok(ev.mem.share(element)?),
            None => Err(eval::Error::eval(format!("list index {index} is out of bounds"))),
        })
    }

    /// Calls a function with these arguments, which must belong to the same session.
    ///
    /// # Errors
    /// When the value is not a function, an argument belongs to another session, or the call fails.
    ///
    /// ```
    /// # fn main() -> nival::Result<()> {
    /// let session = nival::Session::new()?;
    /// let add = session.evaluate("a: b: a + b", "/")?;
    /// let one = session.evaluate("1", "/")?;
    /// assert_eq!(add.call(&[&one, &one])?.as_int()?, 2);
    ///
    /// let other = nival::Session::new()?.evaluate("1", "/")?;
    /// let error = add.call(&[&one, &other]).unwrap_err();
    /// assert_eq!(error.message(), "a value of another session was given");
    /// # Ok(())
    /// # }
    /// ```
    pub fn call(&self, args: &[&Value]) -> Result<Value> {
        if !args.iter().all(|arg| arg.0.worker.is(&self.0.worker)) {
            return Err(Error::new(ErrorKind::Usage, "a value of another session was given"));
        }
        let numbers: Vec<usize> = args.iter().map(|arg| arg.0.number).collect();
        let number = self.run(move |ev, this, held| {
            let args: Vec<_> = numbers.into_iter().map(|number| held.get(number)).collect();
            Ok(held.hold(ev.call(ev.force(this)?, &args, Pos::NONE)?))
        })?;
        Ok(Value::new(self.0.worker.clone(), number))
    }

    /// The value as `nix-instantiate --eval --strict` prints it.
    pub fn print(&self) -> Result<String> {
        Ok(text(&self.print_bytes()?))
    }

    /// The same as bytes, because strings need not be UTF-8.
    pub fn print_bytes(&self) -> Result<Vec<u8>> {
        self.run(|ev, this, _| {
            ev.force_deep(this)?;
            ambiguous(ev, peek(this))
        })
    }

    /// The value as `nix-instantiate --eval` prints it: unevaluated parts are `<CODE>`.
    pub fn print_lazily(&self) -> Result<String> {
        self.run(|ev, this, _| Ok(text(&ambiguous(ev, ev.force(this)?)?)))
    }

    /// The value and everything in it, taken out of the session. What fails is [`Plain::Failed`], derivations are not looked
    /// into, and very large values are cut.
    ///
    /// ```
    /// use nival::Plain;
    ///
    /// # fn main() -> nival::Result<()> {
    /// let value = nival::Session::new()?.evaluate("{ a = [ 1 null ]; }", "/")?;
    /// let list = Plain::List(vec![Plain::Int(1), Plain::Null]);
    /// assert_eq!(value.to_plain()?, Plain::Set(vec![("a".to_owned(), list)]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_plain(&self) -> Result<Plain> {
        self.run(|ev, this, _| Ok(Plain::of(ev, this, Bounds::FULL)))
    }

    /// The value as `builtins.toJSON` prints it.
    ///
    /// # Errors
    /// When a part of it is a function or fails.
    pub fn to_json(&self) -> Result<String> {
        self.run(|ev, this, _| Ok(text(&builtins::to_json(ev, this, true)?)))
    }
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
