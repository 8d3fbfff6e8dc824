//! A variant: a form as it is sent, when the takes of one order differ in something besides the seed.

use super::form::Form;

/// A form with its variables expanded, and with one change where a sweep varies something.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub form: Form,
    /// What is special about it, such as `8` or `black`; `None` when only seeds vary.
    pub value: Option<String>,
    /// Where in the prompt the characters are that the user escaped: they are meant to be sent.
    pub escaped: Vec<usize>,
}

impl Variant {
    /// The form as it stands.
    pub const fn plain(form: Form) -> Self {
        Self {
            form,
            value: None,
            escaped: Vec::new(),
        }
    }
}
