//! Messages of the worker: as the Language Server Protocol has them, or as nixd's tests are written.

use std::io::{self, BufRead};

use lsp_server::{Message, Response};
use serde_json::json;

/// Where messages come from.
pub struct Reading<'a> {
    pub input: Box<dyn BufRead + 'a>,
    /// Whether they are JSON blocks of a Markdown file.
    pub is_test: bool,
}

impl Reading<'_> {
    /// The next message; `None` at the end.
    ///
    /// # Errors
    /// What is no message.
    pub fn next(&mut self) -> io::Result<Option<Message>> {
        if !self.is_test {
            return Message::read(&mut self.input);
        }
        let Some(block) = self.block()? else {
            return Ok(None);
        };
        serde_json::from_str(&block).map(Some).map_err(io::Error::other)
    }

    /// The next block between "```json" and "```", without its comments (`#`).
    fn block(&mut self) -> io::Result<Option<String>> {
        let mut block: Option<String> = None;
        let mut line = String::new();
        loop {
            line.clear();
            if self.input.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            let text = line.trim();
            match &mut block {
                None if text.starts_with("```json") => block = Some(String::new()),
                None => {}
                Some(_) if text.starts_with("```") => return Ok(block),
                Some(_) if text.starts_with('#') => {}
                Some(block) => block.push_str(&line),
            }
        }
    }
}

/// An answer with its header.
pub fn written(answer: &Response, pretty: bool) -> String {
    let mut message = json!(answer);
    message["jsonrpc"] = json!("2.0");
    let text = if pretty { format!("{message:#}") } else { message.to_string() };
    format!("Content-Length: {}\r\n\r\n{text}", text.len())
}
