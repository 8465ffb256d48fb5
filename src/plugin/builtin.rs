//! The built-in function `__nival`.

use std::ffi::{c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null;

use serde_json::{Map, Value as Json};

use super::api::{Api, Context, NixValue, State, UNKNOWN, c_text};
use super::data::Call;
use super::shared::Library;
use crate::{Modules, Session, Undeclared};

const NAME: &std::ffi::CStr = c"__nival";
/// Nix crashes without one when somebody asks for it.
const DOCUMENTATION: &std::ffi::CStr = c"The option values of NixOS modules, evaluated by nival without a nixpkgs tree. \
The argument has `modules` (files) and may have `fixture` (a file or a set of option values), `fixtures`, `options` (the names of \
those that are wanted), `base`, `undeclared`, `lib`, and `packages`.";
const ARGUMENTS: c_int = 1;

/// Registers the function.
///
/// # Errors
/// Functions that the C API does not have, and its errors.
pub fn register(library: &Library) -> Result<(), String> {
    // Nix has the table, and the function, until the process ends.
    let api: &'static Api = Box::leak(Box::new(Api::of(library)?));
    let table: *mut c_void = std::ptr::from_ref(api).cast_mut().cast();
    let mut names: [*const c_char; 2] = [c"arguments".as_ptr(), null()];
    // SAFETY: the functions are those of the C API, with arguments that live as long as they need them.
    unsafe {
        let context = (api.context_create)();
        if context.is_null() {
            return Err("Nix makes no context for errors".to_owned());
        }
        let primop = (api.alloc_primop)(
            context,
            call,
            ARGUMENTS,
            NAME.as_ptr(),
            names.as_mut_ptr(),
            DOCUMENTATION.as_ptr(),
            table,
        );
        let made = api.check(context);
        let done = made.and_then(|()| {
            (api.register_primop)(context, primop);
            let registered = api.check(context);
            (api.gc_decref)(context, primop.cast_const().cast());
            registered
        });
        (api.context_free)(context);
        done
    }
}

/// What Nix calls. An error is set last, because every function of the C API resets it.
extern "C" fn call(
    table: *mut c_void,
    context: *mut Context,
    state: *mut State,
    arguments: *mut *mut NixValue,
    result: *mut NixValue,
) {
    // SAFETY: Nix passes the table as it was given, and as many arguments as were asked for.
    let (api, argument) = unsafe { (&*table.cast_const().cast::<Api>(), *arguments) };
    let call = Call { api, context, state };
    let work = || -> Result<(), String> { call.write(&evaluate(&call.read(argument)?)?, result) };
    let why = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => return,
        Ok(Err(why)) => why,
        Err(_) => "internal error: this is a fault of nival".to_owned(),
    };
    let why = c_text(&why.replace('\0', "�")).unwrap_or_default();
    // SAFETY: the context is that of the call.
    unsafe { (api.set_err_msg)(context, UNKNOWN, why.as_ptr()) };
}

/// The option values that an argument asks for.
fn evaluate(argument: &Json) -> Result<Json, String> {
    let Json::Object(given) = argument else {
        return Err("the argument of __nival is not a set".to_owned());
    };
    let (modules, options) = modules(given)?;
    let run = || -> crate::Result<String> {
        let session = Session::builder().dependencies(false).code_cache().open()?;
        let paths: Vec<&str> = options.iter().map(String::as_str).collect();
        session.configuration(modules)?.json(&paths)
    };
    let json = run()
        .map_err(|e| String::from_utf8_lossy(e.render(false)).trim_start_matches("error: ").to_owned())?;
    serde_json::from_str(&json).map_err(|e| e.to_string())
}

/// The modules that an argument describes, and the options that are wanted.
fn modules(given: &Map<String, Json>) -> Result<(Modules, Vec<String>), String> {
    let mut modules = Modules::new();
    let mut options = Vec::new();
    for (name, value) in given {
        modules = match name.as_str() {
            "modules" => texts(name, value)?.into_iter().fold(modules, Modules::module),
            "fixtures" => texts(name, value)?.into_iter().fold(modules, Modules::fixture),
            "fixture" => match value {
                Json::Object(_) => modules.fixture_text(value.to_string()),
                file => modules.fixture(text(name, file)?),
            },
            "base" => modules.base(value.as_bool().ok_or("'base' is not a Boolean")?),
            "lib" => modules.lib(text(name, value)?),
            "packages" => modules.packages(text(name, value)?),
            "undeclared" => modules.undeclared(
                value
                    .as_str()
                    .and_then(Undeclared::of_word)
                    .ok_or("'undeclared' is \"refused\", \"modules\" or \"everywhere\"")?,
            ),
            "options" => {
                options = texts(name, value)?;
                modules
            }
            other => return Err(format!("__nival has no argument '{other}'")),
        };
    }
    match given.contains_key("modules") {
        true => Ok((modules, options)),
        false => Err("the argument of __nival has no 'modules'".to_owned()),
    }
}

fn text(name: &str, value: &Json) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("'{name}' is not a string or path"))
}

fn texts(name: &str, value: &Json) -> Result<Vec<String>, String> {
    let items = value.as_array().ok_or_else(|| format!("'{name}' is not a list"))?;
    items.iter().map(|item| text(name, item)).collect()
}
