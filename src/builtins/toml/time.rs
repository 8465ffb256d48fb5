//! Dates and times: validated, and written as Nix writes them.

use std::cmp::Ordering;

use super::grammar::{DATE, OFFSET, TIME};
use super::parser::{Parsed, Parser};
use super::report::{Region, Report};
use super::scalar::Kind;
use super::tree::Value;

impl Parser<'_> {
    /// Reads a date, a time or both. The result has a capital `T`, and no, three, six or nine fractional digits.
    pub(super) fn timestamp(&mut self, kind: Kind) -> Parsed<Value> {
        let first = self.at;
        let mut text = String::new();
        if kind != Kind::Time {
            text.push_str(&self.date()?);
        }
        if let Kind::DateTime | Kind::OffsetDateTime = kind {
            text.push('T');
            self.advance();
        }
        if kind != Kind::Date {
            text.push_str(&self.time()?);
        }
        if kind == Kind::OffsetDateTime {
            text.push_str(&self.offset(first)?);
        }
        Ok(Value::Timestamp(text))
    }

    fn date(&mut self) -> Parsed<String> {
        let first = self.at;
        self.expect(
            "toml::parse_local_date: invalid date: date must be like: 1234-05-06, yyyy-mm-dd.",
            &DATE,
        )?;
        let text = &self.text[first..self.at];
        let (year, month, day) = (number(&text[..4]), number(&text[5..7]), number(&text[8..]));
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if !(1..=12).contains(&month) || !(1..=days).contains(&day) {
            let note = "month must be 01-12, day must be any of 01-28,29,30,31 depending on the month/year.";
            return Err(self.at_first("toml::parse_local_date: invalid date.", first, note));
        }
        Ok(format!("{year:04}-{month:02}-{day:02}"))
    }

    fn time(&mut self) -> Parsed<String> {
        let first = self.at;
        let title =
            "toml::parse_local_time: invalid time: time must be HH:MM:SS(.sss) (subseconds are optional)";
        self.expect(title, &TIME)?;
        let text = &self.text[first..self.at];
        let (hour, minute, second) = (number(&text[..2]), number(&text[3..5]), number(&text[6..8]));
        let wrong = |note| Err(self.at_first("toml::parse_local_time: invalid time.", first, note));
        if hour > 23 || minute > 59 {
            return wrong("hour must be 00-23, minute must be 00-59.");
        }
        if second > 60 {
            return wrong("second must be 00-60.");
        }
        let digits = text.get(9..).unwrap_or_default();
        let group = |from: usize| {
            (from..from + 3).fold(0, |sum, at| sum * 10 + digits.get(at).map_or(0, |&d| u32::from(d - b'0')))
        };
        let groups = [group(0), group(3), group(6)];
        let mut time = format!("{hour:02}:{minute:02}:{second:02}");
        if let Some(last) = groups.iter().rposition(|&group| group != 0) {
            time.push('.');
            groups[..=last].iter().for_each(|group| time.push_str(&format!("{group:03}")));
        }
        Ok(time)
    }

    fn offset(&mut self, first: usize) -> Parsed<String> {
        let start = self.at;
        let title = "toml::parse_offset_datetime: invalid offset: offset must be like: Z, +01:00, or -10:00.";
        self.expect(title, &OFFSET)?;
        let text = &self.text[start..self.at];
        let (sign, digits) = match text {
            [sign @ (b'+' | b'-'), digits @ ..] => (*sign, digits),
            _ => return Ok("Z".into()),
        };
        let (hour, minute) = (number(&digits[..2]), number(&digits[3..]));
        if hour > 24 || minute > 60 {
            let title = "toml::parse_offset_datetime: too large offset: |hour| <= 24, |minute| <= 60";
            return Err(Report::new(title, Region::new(first, self.at), "here"));
        }
        let minutes = hour * 60 + minute;
        Ok(match minutes.cmp(&0) {
            Ordering::Equal => "Z".into(),
            _ => format!("{}{:02}:{:02}", char::from(sign), minutes / 60, minutes % 60),
        })
    }

    fn at_first(&self, title: &str, first: usize, note: &str) -> Box<Report> {
        Report::new(title, Region::at(self.text, first), note)
    }
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit.wrapping_sub(b'0')))
}
