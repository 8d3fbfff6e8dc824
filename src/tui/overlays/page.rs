//! Text to read and scroll.

use crate::tui::theme::Role;

/// One paragraph of a page; it is wrapped to the width there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Stands in a column of its own: a key, a time. May be empty.
    pub lead: String,
    pub text: String,
    pub role: Role,
}

/// Text to read and scroll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub title: String,
    pub rows: Vec<Row>,
    /// Lines scrolled off at the top.
    pub scroll: usize,
}

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            rows: Vec::new(),
            scroll: 0,
        }
    }

    /// What happened, to what, what now.
    #[must_use]
    pub fn problem(what: &str, why: &str, now: &str) -> Self {
        let mut page = Self::new("Problem");
        page.push("", what, Role::Error);
        page.push("", why, Role::Text);
        if !now.is_empty() {
            page.push("", "", Role::Text);
            page.push("Now:", now, Role::Accent);
        }
        page
    }

    /// Adds a paragraph for each line of `text`.
    pub fn push(&mut self, lead: &str, text: &str, role: Role) {
        let mut lead = lead;
        for line in text.split('\n') {
            self.rows.push(Row {
                lead: lead.to_owned(),
                text: line.to_owned(),
                role,
            });
            lead = "";
        }
    }

    /// A heading with a line of air above.
    pub fn heading(&mut self, text: &str) {
        if !self.rows.is_empty() {
            self.push("", "", Role::Text);
        }
        self.push("", text, Role::Heading);
    }

    /// Scrolls by `lines`, staying within `most`.
    pub fn scroll(&mut self, lines: isize, most: usize) {
        self.scroll = self.scroll.min(most).saturating_add_signed(lines).min(most);
    }
}
