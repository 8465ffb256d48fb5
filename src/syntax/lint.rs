//! Nix's warnings and lints about valid expressions.

use super::ast::Warning;
use super::build::{Builder, R, relative};
use super::error::ParseError;
use super::lex::Token;
use super::options::Lint;
use crate::host::shown;

impl Builder<'_> {
    /// Treats a literal as the setting for its kind demands.
    fn lint(&mut self, lint: Lint, token: Token, message: impl Fn() -> String) -> R<()> {
        let pos = relative(token.start as usize);
        match lint {
            Lint::Ignore => {}
            Lint::Warn => self.ast.warnings.push(Warning { message: message(), pos, lines: true }),
            Lint::Fatal => return Err(ParseError::new(message(), pos)),
        }
        Ok(())
    }

    pub(super) fn lint_url(&mut self, token: Token, text: &str) -> R<()> {
        let lint = self.options.lints.urls;
        let verdict = if lint == Lint::Fatal { "disallowed" } else { "discouraged" };
        self.lint(lint, token, || {
            format!(
                "URL literals are {verdict}. Consider using a string literal \"{text}\" instead (lint-url-literals)"
            )
        })
    }

    pub(super) fn lint_path(&mut self, token: Token) -> R<()> {
        let lints = self.options.lints;
        if lints.absolute_paths == Lint::Ignore && lints.short_paths == Lint::Ignore {
            return Ok(());
        }
        let text = shown(self.text_of(token)).into_owned();
        let home = text.starts_with('~');
        if home && !self.options.home {
            return Ok(());
        }
        if home || text.starts_with('/') {
            let kind = if home { "home" } else { "absolute" };
            return self.lint(lints.absolute_paths, token, || {
                format!(
                    "{kind} path literals are not portable. Consider replacing path literal '{text}' by a string, \
                     relative path, or parameter (lint-absolute-path-literals)"
                )
            });
        }
        if text.starts_with('.') {
            return Ok(());
        }
        self.lint(lints.short_paths, token, || {
            format!(
                "relative path literal '{text}' should be prefixed with '.' for clarity: './{text}' \
                 (lint-short-path-literals)"
            )
        })
    }

    /// Warns of a call `f or` in a place where a future Nix will not parse it as a call: as an argument,
    /// element of a list or default.
    pub(super) fn warn_of_or(&mut self, start: usize, end: usize) {
        let text = shown(&self.text[start..end]).into_owned();
        let message = format!(
            "This expression uses `or` as an identifier in a way that will change in a future Nix \
             release.\nWrap this entire expression in parentheses to preserve its current meaning:\n    \
             ({text})\nGive feedback at https://github.com/NixOS/nix/pull/11121"
        );
        self.ast.warnings.push(Warning { message, pos: relative(start), lines: false });
    }
}
