//! Reads values of a TOML document as the types that they should have.

use std::ops::RangeInclusive;
use std::str::FromStr;

use toml::Spanned;
use toml::de::DeValue;

use crate::model::invalid::accepted;
use crate::model::text::one_line;

use super::located::{Document, Located, Mistake, nearest};

/// A value with its place.
#[derive(Debug)]
pub struct Entry<'d> {
    pub(super) document: &'d Document,
    /// With the names of the tables around it.
    pub(super) key: String,
    pub(super) value: Spanned<DeValue<'d>>,
}

impl<'d> Entry<'d> {
    /// The error for a value that is not what is `accepted`.
    pub fn wrong(&self, accepted: &str) -> Box<Located> {
        self.wrong_word(accepted, None)
    }

    /// As [`Entry::wrong`], with the word that was probably meant.
    pub fn wrong_word(&self, accepted: &str, meant: Option<&str>) -> Box<Located> {
        let source = self.document.text.get(self.value.span()).unwrap_or_default();
        let found = format!("{} is {}", self.key, one_line(source, 60));
        let mut located = self.mistake(found);
        accepted.clone_into(&mut located.accepted);
        located.meant = meant.map(str::to_owned);
        located
    }

    /// The error for a value that cannot be used for a reason of its own; does not repeat the value.
    pub fn unfit(&self, reason: &str) -> Box<Located> {
        self.mistake(format!("{}: {reason}", self.key))
    }

    fn mistake(&self, found: String) -> Box<Located> {
        let mistake = Mistake::Value(self.key.clone());
        self.document
            .at(&self.value.span(), mistake, found, "the default is used")
    }

    /// The elements of an array, or the value itself: for settings that take one or several values.
    pub fn items(&self) -> Vec<Self> {
        let one = |value: &Spanned<DeValue<'d>>| Self {
            document: self.document,
            key: self.key.clone(),
            value: value.clone(),
        };
        match self.value.get_ref() {
            DeValue::Array(items) => items.iter().map(one).collect(),
            _ => vec![one(&self.value)],
        }
    }

    /// A string, not empty.
    pub fn text(&self) -> Result<String, Box<Located>> {
        match self
            .value
            .get_ref()
            .as_str()
            .filter(|text| !text.trim().is_empty())
        {
            Some(text) => Ok(text.to_owned()),
            None => Err(self.wrong("a text in quotation marks")),
        }
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Result<bool, Box<Located>> {
        self.value.get_ref().as_bool().ok_or_else(|| {
            let meant = match self.value.get_ref().as_str() {
                Some("yes" | "on" | "true") => Some("true"),
                Some("no" | "off" | "false") => Some("false"),
                _ => None,
            };
            self.wrong_word("true or false", meant)
        })
    }

    /// A whole number of `range`.
    pub fn whole<T: TryFrom<u64>>(&self, range: RangeInclusive<u64>) -> Result<T, Box<Located>> {
        let integer = self.value.get_ref().as_integer();
        integer
            .and_then(|integer| u64::from_str_radix(integer.as_str(), integer.radix()).ok())
            .filter(|number| range.contains(number))
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| {
                self.wrong(&format!(
                    "a whole number from {} to {}",
                    range.start(),
                    range.end()
                ))
            })
    }

    /// A number of `range`, with or without decimals.
    pub fn number(&self, range: RangeInclusive<f64>) -> Result<f64, Box<Located>> {
        self.number_text()
            .and_then(|text| text.parse::<f64>().ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| self.wrong(&format!("a number from {} to {}", range.start(), range.end())))
    }

    /// One of `words`; a word of digits may stand without quotation marks.
    pub fn one_of<T: FromStr>(&self, words: &[&str]) -> Result<T, Box<Located>> {
        let given = self
            .value
            .get_ref()
            .as_str()
            .map(str::to_owned)
            .or_else(|| self.number_text());
        let given = given.unwrap_or_default();
        let meant = || nearest(&given, words.iter().copied());
        given
            .parse()
            .map_err(|_| self.wrong_word(&accepted(words.iter().copied()), meant()))
    }

    /// The digits of a number as written, so that no digit is lost.
    pub fn number_text(&self) -> Option<String> {
        match self.value.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => Some(integer.as_str().to_owned()),
            DeValue::Float(float) => Some(float.as_str().to_owned()),
            _ => None,
        }
    }

    /// The value itself.
    pub fn value(&self) -> &DeValue<'_> {
        self.value.get_ref()
    }
}
