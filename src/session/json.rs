//! Answers as JSON, in the formats of the commands.

use crate::options::compare::Comparison;
use crate::options::{OptionInfo, Plain};
use crate::report::{diff_json, option_json, plain_json};

impl Plain {
    /// The value as JSON, as in `docs/option-json.md`: what JSON does not have is an object with `_nival`.
    ///
    /// ```
    /// use nival::Plain;
    ///
    /// let value = Plain::List(vec![Plain::Int(1), Plain::Derivation("hello-2.12".to_owned())]);
    /// assert_eq!(value.to_json(), r#"[1,{"_nival":"derivation","name":"hello-2.12"}]"#);
    /// ```
    pub fn to_json(&self) -> String {
        plain_json(self).to_string()
    }
}

impl OptionInfo {
    /// The option as JSON: the format of `nival option --json`, which `docs/option-json.md` describes.
    ///
    /// ```
    /// use nival::{Modules, Session};
    ///
    /// # fn main() -> nival::Result<()> {
    /// let modules = Modules::new().module_text("{ boot.consoleLogLevel = 3; }");
    /// let option = Session::new()?.configuration(modules)?.option("boot.consoleLogLevel")?;
    /// assert!(option.to_json().contains(r#""highestPrio":100"#));
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_json(&self) -> String {
        option_json(self).to_string()
    }
}

impl Comparison {
    /// The differences as JSON: the format of `nival diff --json`, which `docs/diff-json.md` describes.
    pub fn to_json(&self) -> String {
        diff_json(self).to_string()
    }
}
