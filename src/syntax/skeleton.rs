//! Tokens in a plain form that rnix cannot misread.
//!
//! rnix's parser accepts only the tokens of its own tokenizer. So the tokens of
//! [`tokenize_for_rnix`](super::lex::tokenize_for_rnix) are written out again: a space between words, `a` for
//! every name, `0` for every literal, and strings and interpolated paths reduced to their interpolations. The
//! number of a token leads to the real literal or name. As a side effect, rnix's tree becomes small.

use rnix::SyntaxKind::{self, *};

/// From this many adjacent operands on, rnix's tree is kept from sharing nodes.
const LONG_APPLICATION: u32 = 32;

/// The plain form of a text.
pub struct Skeleton {
    /// What rnix gets.
    pub text: String,
    /// For each of its bytes, the number of the token it belongs to.
    pub token_at: Vec<u32>,
    /// The last token and its number.
    last: Option<(SyntaxKind, u32)>,
    /// For each open bracket, and the outermost level, the number of adjacent operands at this point.
    beside: Vec<u32>,
}

impl Default for Skeleton {
    fn default() -> Skeleton {
        Skeleton { text: String::new(), token_at: Vec::new(), last: None, beside: vec![0] }
    }
}

impl Skeleton {
    /// Adds a token.
    pub(super) fn token(&mut self, kind: SyntaxKind, plain: &str, in_string: bool) {
        if self.last.is_some_and(|(before, _)| needs_no_space(before, kind)) && self.text.ends_with(' ') {
            self.text.pop();
            self.token_at.pop();
        }
        self.last = Some((kind, self.last.map_or(0, |(_, number)| number + 1)));
        self.more(plain);
        if self.operand_run(kind, in_string) > LONG_APPLICATION {
            self.more("/**/ ");
        }
    }

    /// Extends the plain form of the last token.
    pub(super) fn more(&mut self, plain: &str) {
        let number = self.last.map_or(0, |(_, number)| number);
        self.text.push_str(plain);
        self.token_at.resize(self.text.len(), number);
    }

    /// Counts adjacent operands, which may be a function and its arguments. Returns how many there are now.
    ///
    /// rowan shares equal nodes of up to three children, and hashes a node by walking all of it. A chain of
    /// 100,000 arguments would take hours. A comment as a fourth child keeps long chains from being shared.
    fn operand_run(&mut self, kind: SyntaxKind, in_string: bool) -> u32 {
        match kind {
            TOKEN_L_PAREN | TOKEN_L_BRACK | TOKEN_L_BRACE | TOKEN_INTERPOL_START | TOKEN_STRING_START => {
                self.beside.push(0);
                return 0;
            }
            TOKEN_R_PAREN | TOKEN_R_BRACK | TOKEN_R_BRACE | TOKEN_INTERPOL_END | TOKEN_STRING_END => {
                if self.beside.len() > 1 {
                    self.beside.pop();
                }
            }
            TOKEN_IDENT | TOKEN_INTEGER | TOKEN_FLOAT | TOKEN_URI | TOKEN_PATH_ABS | TOKEN_PATH_REL
            | TOKEN_PATH_HOME | TOKEN_PATH_SEARCH => {}
            TOKEN_DOT | TOKEN_OR | TOKEN_STRING_CONTENT => return 0,
            _ => {
                if let Some(run) = self.beside.last_mut() {
                    *run = 0;
                }
                return 0;
            }
        }
        match self.beside.last_mut() {
            Some(run) => {
                *run += 1;
                if in_string { 0 } else { *run }
            }
            None => 0,
        }
    }

    /// The form of a token for rnix, if its kind determines it.
    pub(super) fn plain(kind: SyntaxKind) -> &'static str {
        match kind {
            TOKEN_IDENT => "a ",
            TOKEN_INTEGER | TOKEN_FLOAT | TOKEN_URI | TOKEN_PATH_SEARCH => "0 ",
            TOKEN_STRING_START => "\"",
            TOKEN_STRING_CONTENT => "",
            TOKEN_STRING_END => "\" ",
            TOKEN_INTERPOL_START => "${ ",
            TOKEN_INTERPOL_END => "}",
            TOKEN_ASSERT => "assert ",
            TOKEN_ELSE => "else ",
            TOKEN_IF => "if ",
            TOKEN_IN => "in ",
            TOKEN_INHERIT => "inherit ",
            TOKEN_LET => "let ",
            TOKEN_OR => "or ",
            TOKEN_REC => "rec ",
            TOKEN_THEN => "then ",
            TOKEN_WITH => "with ",
            TOKEN_ELLIPSIS => "... ",
            TOKEN_EQUAL => "== ",
            TOKEN_NOT_EQUAL => "!= ",
            TOKEN_LESS_OR_EQ => "<= ",
            TOKEN_MORE_OR_EQ => ">= ",
            TOKEN_AND_AND => "&& ",
            TOKEN_OR_OR => "|| ",
            TOKEN_IMPLICATION => "-> ",
            TOKEN_UPDATE => "// ",
            TOKEN_CONCAT => "++ ",
            TOKEN_PIPE_LEFT => "<| ",
            TOKEN_PIPE_RIGHT => "|> ",
            TOKEN_INVERT => "! ",
            TOKEN_SUB => "- ",
            TOKEN_L_BRACE => "{ ",
            TOKEN_R_BRACE => "} ",
            TOKEN_L_BRACK => "[ ",
            TOKEN_R_BRACK => "] ",
            TOKEN_L_PAREN => "( ",
            TOKEN_R_PAREN => ") ",
            TOKEN_AT => "@ ",
            TOKEN_COLON => ": ",
            TOKEN_COMMA => ", ",
            TOKEN_DOT => ". ",
            TOKEN_ASSIGN => "= ",
            TOKEN_QUESTION => "? ",
            TOKEN_SEMICOLON => "; ",
            TOKEN_ADD => "+ ",
            TOKEN_MUL => "* ",
            TOKEN_DIV => "/ ",
            TOKEN_LESS => "< ",
            TOKEN_MORE => "> ",
            // A text that is not a token for rnix.
            _ => "` ",
        }
    }
}

/// Whether the space between two tokens can be left out: rnix spends as much on a space as on any other
/// token. Spaces between operands and operators, and between a function and its argument, stay; see
/// [`Skeleton::operand_run`] for the reason.
fn needs_no_space(before: SyntaxKind, kind: SyntaxKind) -> bool {
    match (before, kind) {
        // Never next to something that is not one token for Nix.
        (TOKEN_ERROR, _) | (_, TOKEN_ERROR) => false,
        (TOKEN_L_BRACE | TOKEN_L_BRACK | TOKEN_L_PAREN | TOKEN_SEMICOLON, _) => true,
        (_, TOKEN_R_BRACE | TOKEN_R_BRACK | TOKEN_R_PAREN | TOKEN_SEMICOLON) => true,
        (TOKEN_IDENT, TOKEN_DOT | TOKEN_COMMA | TOKEN_ASSIGN) => true,
        (TOKEN_DOT | TOKEN_COMMA | TOKEN_ASSIGN | TOKEN_INTERPOL_START, TOKEN_IDENT) => true,
        (TOKEN_ASSIGN, TOKEN_STRING_START | TOKEN_INTEGER | TOKEN_L_BRACE | TOKEN_L_BRACK) => true,
        _ => false,
    }
}
