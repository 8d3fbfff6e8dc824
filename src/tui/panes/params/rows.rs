//! The rows of the Parameters pane for a form at a width: fields side by side, references, broken rules.

use super::Parameter;
use crate::model::{Form, Invalid};
use crate::tui::glyphs::Glyphs;
use crate::tui::widgets::text::{fit, wrap};

/// From this width on, fields that belong together are side by side.
const SIDE_BY_SIDE: usize = 56;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    /// One field or several side by side.
    Fields(Vec<Parameter>),
    /// A reference, or the place where a new one is typed.
    Item(Parameter, usize),
    /// A rule that the field above breaks.
    Broken(String),
}

impl Row {
    /// Whether the row has the field itself, not a reference in it.
    pub fn holds(&self, param: Parameter) -> bool {
        matches!(self, Self::Fields(params) if params.contains(&param))
    }
}

/// The rows of `form`. `typed` is the form with the text being typed, `adding` the list to which a reference is added.
pub(super) fn rows(
    form: &Form,
    typed: &Form,
    width: usize,
    adding: Option<Parameter>,
    glyphs: &Glyphs,
) -> Vec<Row> {
    let rules = typed.broken_rules();
    let broken = rules.iter().map(|rule| (rule.parameter(), explain(rule)));
    let mut broken: Vec<(Parameter, String)> = broken.collect();
    let mut rows = Vec::new();
    for group in groups(form, width) {
        rows.push(Row::Fields(group.clone()));
        for param in &group {
            let items = param.items(form).len() + usize::from(adding == Some(*param));
            rows.extend((0..items).map(|at| Row::Item(*param, at)));
        }
        broken.retain(|(param, text)| {
            let here = group.contains(param);
            if here {
                // Two columns are for the sign before the text.
                let text = glyphs.spell(&fit(text, 400, glyphs.ellipsis));
                let lines = wrap(&text, width.saturating_sub(2), 3, glyphs.ellipsis);
                let signed = lines.into_iter().enumerate().map(|(n, line)| {
                    let sign = if n == 0 { glyphs.cross } else { " " };
                    Row::Broken(format!("{sign} {line}"))
                });
                rows.extend(signed);
            }
            !here
        });
    }
    rows
}

fn groups(form: &Form, width: usize) -> Vec<Vec<Parameter>> {
    let rows = Parameter::rows(form);
    if width >= SIDE_BY_SIDE {
        return rows;
    }
    rows.concat().into_iter().map(|param| vec![param]).collect()
}

fn explain(rule: &Invalid) -> String {
    match rule {
        Invalid::FirstFrameWithImages { .. } => {
            "first frame excludes reference images: remove one or the other".to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::glyphs::UNICODE;

    #[test]
    fn an_exclusion_is_explained_where_it_is_broken() {
        let form = Form {
            prompt: "k".into(),
            first_frame: "a.png".into(),
            images: vec!["b.png".into()],
            ..Form::default()
        };
        let rows = rows(&form, &form, 70, None, &UNICODE);
        let at = rows
            .iter()
            .position(|row| row.holds(Parameter::FirstFrame))
            .unwrap();
        let text = "✗ first frame excludes reference images: remove one or the other";
        assert_eq!(rows[at + 1], Row::Broken(text.into()));
        assert_eq!(rows[at + 3], Row::Item(Parameter::Images, 0));
    }

    #[test]
    fn narrow_panes_have_a_row_for_each_field() {
        let form = Form::default();
        let count = |width, adding| rows(&form, &form, width, adding, &UNICODE).len();
        assert_eq!(count(70, None), 10);
        assert_eq!(count(40, None), 15);
        assert_eq!(count(70, Some(Parameter::Videos)), 11);
    }
}
