//! Dependencies between options.

use super::border::{border, given};
use super::error::nival_error;
use super::text::{nival_place, nival_text, nival_view};
use crate::{Dependencies, DependencyNode};

/// Options and the edges between them; the first is the one that was asked about. `nival_dependencies_free` frees them.
pub struct nival_dependencies(pub(super) Dependencies);

/// Frees dependencies; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_dependencies_free(dependencies: Option<Box<nival_dependencies>>) {
    drop(dependencies);
}

/// The number of options.
#[unsafe(no_mangle)]
pub extern "C" fn nival_dependencies_count(dependencies: Option<&nival_dependencies>) -> usize {
    dependencies.map_or(0, |dependencies| dependencies.0.options.len())
}

fn node(dependencies: Option<&nival_dependencies>, index: usize) -> Option<&DependencyNode> {
    dependencies?.0.options.get(index)
}

/// The path of an option as nixpkgs shows it.
#[unsafe(no_mangle)]
pub extern "C" fn nival_dependencies_get_name(
    dependencies: Option<&nival_dependencies>,
    index: usize,
) -> nival_view {
    nival_view::maybe(node(dependencies, index).map(|node| &node.name))
}

/// The value of an option as JSON, as far as a line shows it.
#[unsafe(no_mangle)]
pub extern "C" fn nival_dependencies_value_to_json(
    dependencies: Option<&nival_dependencies>,
    index: usize,
    error: *mut *mut nival_error,
) -> Option<Box<nival_text>> {
    border(error, || {
        let node = given(node(dependencies, index))?;
        Ok(Box::new(nival_text(node.value.to_json().into_bytes())))
    })
}

/// Where the definition of an option is that counts first. The file is empty if nothing sets the option.
#[unsafe(no_mangle)]
pub extern "C" fn nival_dependencies_get_place(
    dependencies: Option<&nival_dependencies>,
    index: usize,
) -> nival_place {
    let place = node(dependencies, index).and_then(|node| node.set_at.as_ref());
    place.map_or(nival_place::NONE, nival_place::of)
}

/// The number of options one step further from an option; 0 behind the depth that was asked for.
#[unsafe(no_mangle)]
pub extern "C" fn nival_dependencies_count_next(
    dependencies: Option<&nival_dependencies>,
    index: usize,
) -> usize {
    node(dependencies, index).and_then(|node| node.next.as_ref()).map_or(0, Vec::len)
}

/// The number of an option one step further, counted from 0.
#[unsafe(no_mangle)]
pub extern "C" fn nival_dependencies_get_next(
    dependencies: Option<&nival_dependencies>,
    index: usize,
    next: usize,
) -> usize {
    let found = node(dependencies, index).and_then(|node| node.next.as_ref()?.get(next));
    found.copied().unwrap_or_default()
}
