//! Splits a pattern into tokens as libstdc++ reads the POSIX extended grammar, one token ahead of the parser.

use super::error::RegexError;

/// What the parser sees; byte strings are slices of the pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'p> {
    End,
    Any,
    Byte(u8),
    Open,
    Close,
    Or,
    Star,
    Plus,
    Optional,
    LineBegin,
    LineEnd,
    BraceOpen,
    BraceClose,
    Comma,
    Count(&'p [u8]),
    BracketOpen { negated: bool },
    BracketClose,
    Dash,
    Collating(&'p [u8]),
    Equivalence(&'p [u8]),
    Class(&'p [u8]),
}

enum Mode {
    Normal,
    Brace,
    /// Inside `[…]`; the flag says that only `[` or `[^` was read so far, after which `]` is a plain byte.
    Bracket {
        fresh: bool,
    },
}

/// A tokenizer that is always one token ahead: an error in the next token takes precedence over any error the parser
/// would find in the current one, which decides between "invalid" and "memory limit exceeded".
pub(super) struct Scanner<'p> {
    pattern: &'p [u8],
    at: usize,
    mode: Mode,
    token: Token<'p>,
}

impl<'p> Scanner<'p> {
    pub(super) fn new(pattern: &'p [u8]) -> Result<Self, RegexError> {
        let mut scanner = Scanner { pattern, at: 0, mode: Mode::Normal, token: Token::End };
        scanner.advance()?;
        Ok(scanner)
    }

    pub(super) fn peek(&self) -> Token<'p> {
        self.token
    }

    /// Returns the current token and reads the next.
    pub(super) fn take(&mut self) -> Result<Token<'p>, RegexError> {
        let token = self.token;
        self.advance()?;
        Ok(token)
    }

    /// Skips the current token if it is `wanted`.
    pub(super) fn skip(&mut self, wanted: Token<'_>) -> Result<bool, RegexError> {
        let same = self.token == wanted;
        if same {
            self.advance()?;
        }
        Ok(same)
    }

    fn next_byte(&mut self) -> Option<u8> {
        let byte = self.pattern.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn advance(&mut self) -> Result<(), RegexError> {
        let Some(byte) = self.next_byte() else {
            self.token = Token::End;
            return Ok(());
        };
        self.token = match self.mode {
            Mode::Normal => self.normal(byte)?,
            Mode::Brace => self.brace(byte)?,
            Mode::Bracket { fresh } => {
                self.mode = Mode::Bracket { fresh: false };
                self.bracket(byte, fresh)?
            }
        };
        Ok(())
    }

    fn normal(&mut self, byte: u8) -> Result<Token<'p>, RegexError> {
        Ok(match byte {
            b'.' => Token::Any,
            b'(' => Token::Open,
            b')' => Token::Close,
            b'|' => Token::Or,
            b'*' => Token::Star,
            b'+' => Token::Plus,
            b'?' => Token::Optional,
            b'^' => Token::LineBegin,
            b'$' => Token::LineEnd,
            b'{' => {
                self.mode = Mode::Brace;
                Token::BraceOpen
            }
            b'[' => {
                self.mode = Mode::Bracket { fresh: true };
                let negated = self.pattern.get(self.at) == Some(&b'^');
                self.at += usize::from(negated);
                Token::BracketOpen { negated }
            }
            // Nix is compiled as strict ISO C++, where escaping an ordinary byte is an error: `\d`, `\n`, `\-`
            // and even `\]` and `\}`.
            b'\\' => match self.next_byte() {
                Some(escaped) if b".[\\()*+?{|^$".contains(&escaped) => Token::Byte(escaped),
                _ => return Err(RegexError::Invalid),
            },
            0 => return Err(RegexError::Invalid),
            _ => Token::Byte(byte),
        })
    }

    fn brace(&mut self, byte: u8) -> Result<Token<'p>, RegexError> {
        Ok(match byte {
            b'0'..=b'9' => {
                let from = self.at - 1;
                while self.pattern.get(self.at).is_some_and(u8::is_ascii_digit) {
                    self.at += 1;
                }
                Token::Count(&self.pattern[from..self.at])
            }
            b',' => Token::Comma,
            b'}' => {
                self.mode = Mode::Normal;
                Token::BraceClose
            }
            _ => return Err(RegexError::Invalid),
        })
    }

    fn bracket(&mut self, byte: u8, fresh: bool) -> Result<Token<'p>, RegexError> {
        Ok(match byte {
            b'-' => Token::Dash,
            b'[' => match self.pattern.get(self.at) {
                None => return Err(RegexError::Invalid),
                Some(b'.') => Token::Collating(self.name(b'.')?),
                Some(b':') => Token::Class(self.name(b':')?),
                Some(b'=') => Token::Equivalence(self.name(b'=')?),
                Some(_) => Token::Byte(byte),
            },
            b']' if !fresh => {
                self.mode = Mode::Normal;
                Token::BracketClose
            }
            _ => Token::Byte(byte),
        })
    }

    /// The name in `[:name:]`, `[.name.]` or `[=name=]`: everything up to the next `quote`, which `]` must follow.
    fn name(&mut self, quote: u8) -> Result<&'p [u8], RegexError> {
        let from = self.at + 1;
        let rest = self.pattern.get(from..).unwrap_or_default();
        let length = rest.iter().position(|&byte| byte == quote).ok_or(RegexError::Invalid)?;
        if rest.get(length + 1) != Some(&b']') {
            return Err(RegexError::Invalid);
        }
        self.at = from + length + 2;
        Ok(&rest[..length])
    }
}
