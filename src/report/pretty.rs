//! Formats JSON on several lines.

/// Indents JSON with two spaces per level. Empty sets and lists stay on one line.
pub fn indent_json(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() * 2);
    let mut depth = 0;
    let mut chars = json.iter().copied().peekable();
    let line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.extend(std::iter::repeat_n(b' ', 2 * depth));
    };
    while let Some(c) = chars.next() {
        match c {
            b'"' => {
                out.push(c);
                while let Some(c) = chars.next() {
                    out.push(c);
                    match c {
                        b'\\' => out.extend(chars.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            b'{' | b'[' => {
                out.push(c);
                if let Some(end) = chars.next_if(|n| matches!(n, b'}' | b']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            b',' => {
                out.push(c);
                line(&mut out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structure_is_indented_and_strings_are_left_alone() {
        let json = br#"{"a":[1,{}],"b\"{":"x:[,"}"#;
        let expected = "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\\\"{\": \"x:[,\"\n}";
        assert_eq!(String::from_utf8_lossy(&indent_json(json)), expected);
    }
}
