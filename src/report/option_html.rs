//! The documentation of options as one page with a search, which needs no other file.

use super::option_docs::options_json;
use crate::options::OptionDoc;

const PAGE: &str = include_str!("options.html");
/// Where the page has its data.
const PLACE: &str = "@OPTIONS@";

/// The page with the options.
pub fn options_html(docs: &[OptionDoc]) -> String {
    let json = options_json(docs);
    // In JSON this letter occurs in strings only. Escaped, it cannot end the script that holds the data.
    let data = String::from_utf8_lossy(&json).replace('<', "\\u003c");
    let (before, after) = PAGE.split_once(PLACE).unwrap_or((PAGE, ""));
    [before, &data, after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_ends_no_script() {
        let doc = OptionDoc {
            name: "a.<name>".to_owned(),
            fields: [("description".to_owned(), b"\"</script><script>\"".to_vec())].into(),
            error: None,
        };
        let page = options_html(&[doc]);
        assert!(page.contains(r#"{"a.\u003cname>":{"description":"\u003c/script>\u003cscript>"}}"#));
        assert_eq!(page.matches("</script>").count(), PAGE.matches("</script>").count());
        assert!(!page.contains(PLACE));
    }
}
