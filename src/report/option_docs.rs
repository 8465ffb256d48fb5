//! The documentation of options as nixpkgs' `options.json`.

use serde_json::json;

use crate::options::OptionDoc;

/// The text of `builtins.toJSON optionsNix`. An option that cannot be documented in full has an attribute `error` besides.
pub fn options_json(docs: &[OptionDoc]) -> Vec<u8> {
    let mut out = b"{".to_vec();
    for (i, doc) in docs.iter().enumerate() {
        separate(&mut out, i);
        key(&mut out, &doc.name);
        let error =
            doc.error.as_ref().map(|e| json!({ "at": e.at, "message": e.message }).to_string().into_bytes());
        let mut fields: Vec<(&str, &[u8])> =
            doc.fields.iter().map(|(name, text)| (name.as_str(), &text[..])).collect();
        fields.extend(error.as_deref().map(|error| ("error", error)));
        fields.sort_by_key(|(name, _)| *name);
        out.push(b'{');
        for (i, (name, text)) in fields.iter().enumerate() {
            separate(&mut out, i);
            key(&mut out, name);
            out.extend_from_slice(text);
        }
        out.push(b'}');
    }
    out.push(b'}');
    out
}

fn separate(out: &mut Vec<u8>, before: usize) {
    if before > 0 {
        out.push(b',');
    }
}

fn key(out: &mut Vec<u8>, name: &str) {
    out.extend(json!(name).to_string().into_bytes());
    out.push(b':');
}
