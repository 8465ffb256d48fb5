//! The functions of Nix's C API that the plugin uses, with the signatures of `nix_api_util.h`, `nix_api_expr.h` and `nix_api_value.h`.
//!
//! Every function resets the error of the context that it gets, and leaves its own there.

use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_void};
use std::mem::transmute;

use super::shared::Library;

/// `nix_c_context`
#[repr(C)]
pub struct Context {
    _opaque: [u8; 0],
}

/// `EvalState`
#[repr(C)]
pub struct State {
    _opaque: [u8; 0],
}

/// `nix_value`
#[repr(C)]
pub struct NixValue {
    _opaque: [u8; 0],
}

/// `PrimOp`
#[repr(C)]
pub struct PrimOp {
    _opaque: [u8; 0],
}

/// `ListBuilder`
#[repr(C)]
pub struct ListBuilder {
    _opaque: [u8; 0],
}

/// `BindingsBuilder`
#[repr(C)]
pub struct BindingsBuilder {
    _opaque: [u8; 0],
}

/// `NIX_OK`
const OK: c_int = 0;
/// `NIX_ERR_UNKNOWN`
pub const UNKNOWN: c_int = -1;

/// `ValueType`
pub mod kind {
    use std::ffi::c_int;

    pub const INT: c_int = 1;
    pub const FLOAT: c_int = 2;
    pub const BOOL: c_int = 3;
    pub const STRING: c_int = 4;
    pub const PATH: c_int = 5;
    pub const NULL: c_int = 6;
    pub const SET: c_int = 7;
    pub const LIST: c_int = 8;
}

/// `nix_get_string_callback`
pub type StringCallback = extern "C" fn(*const c_char, c_uint, *mut c_void);
/// `PrimOpFun`
pub type PrimOpFun = extern "C" fn(*mut c_void, *mut Context, *mut State, *mut *mut NixValue, *mut NixValue);

macro_rules! functions {
    ($($(#[$doc:meta])* $field:ident = $name:literal: fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// The functions.
        pub struct Api {
            $($(#[$doc])* pub $field: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }

        impl Api {
            /// Finds all of them.
            ///
            /// # Errors
            /// When one is missing.
            pub fn of(library: &Library) -> Result<Api, String> {
                Ok(Api {
                    $($field: {
                        let found = library.symbol($name)?;
                        // SAFETY: the function of this name has this signature in all versions of the C API (since Nix 2.24).
                        unsafe { transmute::<*mut c_void, unsafe extern "C" fn($($argument),*) $(-> $result)?>(found) }
                    },)*
                })
            }
        }
    };
}

functions! {
    /// Makes a context.
    context_create = c"nix_c_context_create": fn() -> *mut Context;
    /// Frees a context.
    context_free = c"nix_c_context_free": fn(*mut Context);
    /// The code of a context's error.
    err_code = c"nix_err_code": fn(*const Context) -> c_int;
    /// The message of a context's error.
    err_msg = c"nix_err_msg": fn(*mut Context, *const Context, *mut c_uint) -> *const c_char;
    /// Sets a context's error.
    set_err_msg = c"nix_set_err_msg": fn(*mut Context, c_int, *const c_char) -> c_int;
    /// Makes a built-in function.
    alloc_primop = c"nix_alloc_primop": fn(*mut Context, PrimOpFun, c_int, *const c_char, *mut *const c_char, *const c_char, *mut c_void) -> *mut PrimOp;
    /// Adds a built-in function to `builtins`.
    register_primop = c"nix_register_primop": fn(*mut Context, *mut PrimOp) -> c_int;
    /// Gives a reference back.
    gc_decref = c"nix_gc_decref": fn(*mut Context, *const c_void) -> c_int;
    /// Evaluates a value.
    value_force = c"nix_value_force": fn(*mut Context, *mut State, *mut NixValue) -> c_int;
    /// The kind of a value.
    get_type = c"nix_get_type": fn(*mut Context, *const NixValue) -> c_int;
    /// A Boolean.
    get_bool = c"nix_get_bool": fn(*mut Context, *const NixValue) -> bool;
    /// An integer.
    get_int = c"nix_get_int": fn(*mut Context, *const NixValue) -> i64;
    /// A floating-point number.
    get_float = c"nix_get_float": fn(*mut Context, *const NixValue) -> f64;
    /// Passes a string to a callback.
    get_string = c"nix_get_string": fn(*mut Context, *const NixValue, StringCallback, *mut c_void) -> c_int;
    /// The text of a path, which belongs to the value.
    get_path_string = c"nix_get_path_string": fn(*mut Context, *const NixValue) -> *const c_char;
    /// The number of elements of a list.
    get_list_size = c"nix_get_list_size": fn(*mut Context, *const NixValue) -> c_uint;
    /// An element of a list, evaluated, with a reference.
    get_list_byidx = c"nix_get_list_byidx": fn(*mut Context, *const NixValue, *mut State, c_uint) -> *mut NixValue;
    /// The number of attributes of a set.
    get_attrs_size = c"nix_get_attrs_size": fn(*mut Context, *const NixValue) -> c_uint;
    /// An attribute of a set, evaluated, with a reference; and its name, which Nix keeps.
    get_attr_byidx = c"nix_get_attr_byidx": fn(*mut Context, *mut NixValue, *mut State, c_uint, *mut *const c_char) -> *mut NixValue;
    /// Makes a value without contents, with a reference.
    alloc_value = c"nix_alloc_value": fn(*mut Context, *mut State) -> *mut NixValue;
    /// Fills a value.
    init_bool = c"nix_init_bool": fn(*mut Context, *mut NixValue, bool) -> c_int;
    /// Fills a value.
    init_string = c"nix_init_string": fn(*mut Context, *mut NixValue, *const c_char) -> c_int;
    /// Fills a value.
    init_float = c"nix_init_float": fn(*mut Context, *mut NixValue, f64) -> c_int;
    /// Fills a value.
    init_int = c"nix_init_int": fn(*mut Context, *mut NixValue, i64) -> c_int;
    /// Fills a value.
    init_null = c"nix_init_null": fn(*mut Context, *mut NixValue) -> c_int;
    /// Begins a list of so many elements.
    make_list_builder = c"nix_make_list_builder": fn(*mut Context, *mut State, usize) -> *mut ListBuilder;
    /// Adds an element.
    list_builder_insert = c"nix_list_builder_insert": fn(*mut Context, *mut ListBuilder, c_uint, *mut NixValue) -> c_int;
    /// Fills a value with a list.
    make_list = c"nix_make_list": fn(*mut Context, *mut ListBuilder, *mut NixValue) -> c_int;
    /// Frees what began a list.
    list_builder_free = c"nix_list_builder_free": fn(*mut ListBuilder);
    /// Begins a set of so many attributes.
    make_bindings_builder = c"nix_make_bindings_builder": fn(*mut Context, *mut State, usize) -> *mut BindingsBuilder;
    /// Adds an attribute.
    bindings_builder_insert = c"nix_bindings_builder_insert": fn(*mut Context, *mut BindingsBuilder, *const c_char, *mut NixValue) -> c_int;
    /// Fills a value with a set.
    make_attrs = c"nix_make_attrs": fn(*mut Context, *mut NixValue, *mut BindingsBuilder) -> c_int;
    /// Frees what began a set.
    bindings_builder_free = c"nix_bindings_builder_free": fn(*mut BindingsBuilder);
}

impl Api {
    /// Fails with a context's error, if it has one.
    ///
    /// # Errors
    /// That error's message.
    pub fn check(&self, context: *mut Context) -> Result<(), String> {
        // SAFETY: the context is one that Nix has made, and that lives.
        unsafe {
            if (self.err_code)(context) == OK {
                return Ok(());
            }
            let message = (self.err_msg)(std::ptr::null_mut(), context, std::ptr::null_mut());
            match message.is_null() {
                true => Err("an error without a message".to_owned()),
                false => Err(CStr::from_ptr(message).to_string_lossy().into_owned()),
            }
        }
    }
}

/// A text for C.
///
/// # Errors
/// When it has a zero byte.
pub fn c_text(text: &str) -> Result<CString, String> {
    CString::new(text)
        .map_err(|_| format!("'{}' has a zero byte, which Nix's C API cannot represent", text.escape_debug()))
}
