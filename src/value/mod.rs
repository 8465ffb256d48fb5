//! Values: words, strings with context, lists and attribute sets.

mod attrs;
mod builder;
mod concat;
mod context;
mod counts;
mod lookups;
mod memory;
mod record;
mod shapes;
mod spare;
mod update;
mod word;

pub use attrs::Entry;
pub use builder::AttrsBuilder;
pub use context::{Context, ContextElement, ContextSum};
pub use counts::{Count, Sizes};
pub use memory::Memory;
pub use record::Record;
pub use word::{Tag, Type, Value, peek, put, slot};
