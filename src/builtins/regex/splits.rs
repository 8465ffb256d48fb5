//! Successive matches in a text, as `std::regex_iterator` finds them.

use super::error::RegexError;
use super::exec::{Goal, Scratch, attempt};
use super::pattern::{Regex, Start};

/// One match; its groups are in [`Splits::groups`] until the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The end of the previous match: the text from here to `start` lies between the two.
    pub after: usize,
    /// Where the match begins.
    pub start: usize,
    /// Where the match ends.
    pub end: usize,
}

/// An iterator over the successive matches of a pattern in a text.
#[derive(Debug)]
pub struct Splits<'r> {
    regex: &'r Regex,
    scratch: &'r mut Scratch,
    text: &'r [u8],
    last: Option<Match>,
}

impl Regex {
    /// `builtins.split`: the successive matches in a text. The list consists of the text before each match, the
    /// groups of the match, and the text after the last one.
    pub fn splits<'r>(&'r self, scratch: &'r mut Scratch, text: &'r [u8]) -> Splits<'r> {
        Splits::new(self, scratch, text)
    }
}

impl<'r> Splits<'r> {
    pub(super) fn new(regex: &'r Regex, scratch: &'r mut Scratch, text: &'r [u8]) -> Self {
        scratch.clear();
        Splits { regex, scratch, text, last: None }
    }

    /// The spans of the groups of the last match.
    pub fn groups(&self) -> &[Option<(usize, usize)>] {
        self.scratch.groups()
    }

    /// Finds the next match. After an empty one, first tries a non-empty match at the same position. So
    /// `builtins.split "x*" "ax"` finds the empty string at 0, then `x`, then the empty string at the end.
    ///
    /// # Errors
    /// [`RegexError::TooComplex`]
    pub fn find_next(&mut self) -> Result<Option<Match>, RegexError> {
        let mut from = 0;
        let mut after = 0;
        if let Some(Match { start, end, .. }) = self.last {
            (from, after) = (end, end);
            if start == end {
                if end == self.text.len() {
                    return Ok(None);
                }
                if let Some(longer) =
                    attempt(self.regex, self.scratch, self.text, end, Goal::LongestNotEmpty)?
                {
                    return Ok(self.found(after, end, longer));
                }
                from = end + 1;
            }
        }
        while let Some(start) = self.regex.start.find(self.text, from) {
            if let Start::Literal { finder, whole: true } = &self.regex.start {
                return Ok(self.found(after, start, start + finder.needle().len()));
            }
            if let Some(end) = attempt(self.regex, self.scratch, self.text, start, Goal::Longest)? {
                return Ok(self.found(after, start, end));
            }
            from = start + 1;
        }
        Ok(None)
    }

    fn found(&mut self, after: usize, start: usize, end: usize) -> Option<Match> {
        self.last = Some(Match { after, start, end });
        self.last
    }
}
