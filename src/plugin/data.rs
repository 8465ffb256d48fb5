//! Values of Nix as data, and data as values of Nix.

use std::ffi::{CStr, c_char, c_uint, c_void};
use std::ptr::null_mut;

use serde_json::{Map, Number, Value as Json};

use super::api::{Api, Context, NixValue, State, c_text, kind};

/// Sets and lists may be nested so deep.
const DEPTH: usize = 500;

/// A call of a built-in function.
pub struct Call<'a> {
    /// The functions of Nix.
    pub api: &'a Api,
    /// The call's context.
    pub context: *mut Context,
    /// The evaluator.
    pub state: *mut State,
}

/// A value with a reference, which is given back in the end.
struct Held<'a> {
    call: &'a Call<'a>,
    value: *mut NixValue,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // SAFETY: the value came from Nix with a reference. The context of the call may have an error that must stay, so another one,
        // which is none, gets this function's.
        let context = unsafe { (self.call.api.context_create)() };
        if !context.is_null() {
            unsafe {
                (self.call.api.gc_decref)(context, self.value.cast());
                (self.call.api.context_free)(context);
            }
        }
    }
}

impl<'a> Call<'a> {
    fn check(&self) -> Result<(), String> {
        self.api.check(self.context)
    }

    fn held(&'a self, value: *mut NixValue) -> Result<Held<'a>, String> {
        self.check()?;
        match value.is_null() {
            true => Err("Nix gave no value".to_owned()),
            false => Ok(Held { call: self, value }),
        }
    }

    /// A value of Nix as data. Paths are strings, without being copied to the store.
    ///
    /// # Errors
    /// Errors of the evaluation, and values that are no data.
    pub fn read(&self, value: *mut NixValue) -> Result<Json, String> {
        self.read_at(value, DEPTH)
    }

    fn read_at(&self, value: *mut NixValue, depth: usize) -> Result<Json, String> {
        let depth = depth.checked_sub(1).ok_or("the argument is nested too deep")?;
        let (api, context) = (self.api, self.context);
        // SAFETY: all pointers are from Nix and live until the call returns; the functions that read a kind of value get that kind.
        unsafe {
            (api.value_force)(context, self.state, value);
            self.check()?;
            let found = (api.get_type)(context, value);
            self.check()?;
            let data = match found {
                kind::NULL => Json::Null,
                kind::BOOL => Json::Bool((api.get_bool)(context, value)),
                kind::INT => Json::from((api.get_int)(context, value)),
                kind::FLOAT => {
                    let number = Number::from_f64((api.get_float)(context, value));
                    Json::Number(number.ok_or("a number of the argument is not finite")?)
                }
                kind::STRING => {
                    let mut text: Vec<u8> = Vec::new();
                    (api.get_string)(context, value, append, (&raw mut text).cast());
                    Json::String(
                        String::from_utf8(text).map_err(|_| "a string of the argument is not UTF-8")?,
                    )
                }
                kind::PATH => {
                    let path = (api.get_path_string)(context, value);
                    self.check()?;
                    if path.is_null() {
                        return Err("Nix gave no path".to_owned());
                    }
                    Json::String(CStr::from_ptr(path).to_string_lossy().into_owned())
                }
                kind::LIST => {
                    let length = (api.get_list_size)(context, value);
                    let mut items = Vec::new();
                    for index in 0..length {
                        let item = self.held((api.get_list_byidx)(context, value, self.state, index))?;
                        items.push(self.read_at(item.value, depth)?);
                    }
                    Json::Array(items)
                }
                kind::SET => {
                    let length = (api.get_attrs_size)(context, value);
                    let mut entries = Map::new();
                    for index in 0..length {
                        let mut name: *const c_char = null_mut();
                        let item = self.held((api.get_attr_byidx)(
                            context,
                            value,
                            self.state,
                            index,
                            &raw mut name,
                        ))?;
                        let name = CStr::from_ptr(name).to_string_lossy().into_owned();
                        entries.insert(name, self.read_at(item.value, depth)?);
                    }
                    Json::Object(entries)
                }
                _ => return Err("the argument has a part that is no data".to_owned()),
            };
            self.check()?;
            Ok(data)
        }
    }

    /// Fills a value of Nix with data.
    ///
    /// # Errors
    /// Errors of Nix, and texts with zero bytes.
    pub fn write(&self, data: &Json, value: *mut NixValue) -> Result<(), String> {
        let (api, context) = (self.api, self.context);
        // SAFETY: all pointers are from Nix and live until the call returns; `value` has no contents yet.
        unsafe {
            match data {
                Json::Null => (api.init_null)(context, value),
                Json::Bool(data) => (api.init_bool)(context, value, *data),
                Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                    (Some(number), _) => (api.init_int)(context, value, number),
                    (None, Some(number)) => (api.init_float)(context, value, number),
                    (None, None) => return Err(format!("{number} is no number of Nix")),
                },
                Json::String(text) => (api.init_string)(context, value, c_text(text)?.as_ptr()),
                Json::Array(items) => return self.write_list(items, value),
                Json::Object(entries) => return self.write_set(entries, value),
            };
        }
        self.check()
    }

    fn write_list(&self, items: &[Json], value: *mut NixValue) -> Result<(), String> {
        let (api, context) = (self.api, self.context);
        // SAFETY: as above; the builder is freed once, and the elements' references are given back after the list refers to them.
        unsafe {
            let builder = (api.make_list_builder)(context, self.state, items.len());
            self.check()?;
            let fill = || {
                let mut parts = Vec::new();
                for (index, item) in (0..).zip(items) {
                    let part = self.part(item)?;
                    let index: c_uint = index;
                    (api.list_builder_insert)(context, builder, index, part.value);
                    self.check()?;
                    parts.push(part);
                }
                (api.make_list)(context, builder, value);
                self.check()
            };
            let done = fill();
            (api.list_builder_free)(builder);
            done
        }
    }

    fn write_set(&self, entries: &Map<String, Json>, value: *mut NixValue) -> Result<(), String> {
        let (api, context) = (self.api, self.context);
        // SAFETY: as for lists.
        unsafe {
            let builder = (api.make_bindings_builder)(context, self.state, entries.len());
            self.check()?;
            let fill = || {
                let mut parts = Vec::new();
                for (name, item) in entries {
                    let part = self.part(item)?;
                    (api.bindings_builder_insert)(context, builder, c_text(name)?.as_ptr(), part.value);
                    self.check()?;
                    parts.push(part);
                }
                (api.make_attrs)(context, value, builder);
                self.check()
            };
            let done = fill();
            (api.bindings_builder_free)(builder);
            done
        }
    }

    /// A new value with data.
    fn part(&'a self, data: &Json) -> Result<Held<'a>, String> {
        // SAFETY: context and state are those of the call.
        let part = self.held(unsafe { (self.api.alloc_value)(self.context, self.state) })?;
        self.write(data, part.value)?;
        Ok(part)
    }
}

/// Appends a string of Nix to a vector of bytes.
extern "C" fn append(start: *const c_char, length: c_uint, text: *mut c_void) {
    // SAFETY: Nix passes so many bytes, and the vector as it was given.
    unsafe {
        let bytes = std::slice::from_raw_parts(start.cast::<u8>(), length as usize);
        (*text.cast::<Vec<u8>>()).extend_from_slice(bytes);
    }
}
