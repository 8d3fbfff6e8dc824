//! What is left on a live account, and why it became less.

use std::cmp::Ordering;

use crate::model::Usd;

/// The balance as the provider reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// The last time.
    pub left: Usd,
    /// The first time.
    first: Usd,
    /// What had been billed for takes of this session by then, once that is known.
    billed_by_then: Option<Usd>,
}

impl Balance {
    /// The provider reports the balance, after it had reported it `before`.
    pub fn reported(before: Option<Self>, left: Usd, billed: Option<Usd>) -> Self {
        match before {
            Some(before) => Self { left, ..before },
            None => Self {
                left,
                first: left,
                billed_by_then: billed,
            },
        }
    }

    /// What has been billed for takes of this session is known now.
    pub fn billed(&mut self, billed: Option<Usd>) {
        self.billed_by_then = self.billed_by_then.or(billed);
    }

    /// `Balance $9.80, $2.70 less than at the start: $1.51 was billed for takes of this session, $1.19 was not.`
    pub fn in_words(&self, billed: Option<Usd>) -> String {
        let (left, drop) = (self.left, self.first - self.left);
        let here = billed
            .zip(self.billed_by_then)
            .map_or(Usd::ZERO, |(now, then)| now - then);
        if drop < Usd::ZERO {
            return format!(
                "Balance {left}, {} more than at the start.",
                self.left - self.first
            );
        }
        if drop == Usd::ZERO && here == Usd::ZERO {
            return format!("Balance {left}, as at the start.");
        }
        let less = format!("Balance {left}, {drop} less than at the start");
        match here.cmp(&drop) {
            Ordering::Equal => format!("{less}, all of it for takes of this session."),
            Ordering::Less => format!(
                "{less}: {here} was billed for takes of this session, {} was not. Other programs, takes that were sent \
                 before, and bills that are not known yet are among that.",
                drop - here
            ),
            Ordering::Greater => format!(
                "{less}, although {here} was billed for takes of this session: the rest does not show yet."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_is_told_by_what_was_billed_here() {
        let usd = |cents: i64| Usd::from_micros(cents * 10_000);
        let mut balance = Balance::reported(None, usd(1250), None);
        balance.billed(Some(usd(100)));
        balance.billed(Some(usd(900)));
        assert_eq!(
            balance.in_words(Some(usd(100))),
            "Balance $12.50, as at the start."
        );
        let later = |left| Balance::reported(Some(balance), usd(left), Some(usd(251)));
        let words = |left| later(left).in_words(Some(usd(251)));
        assert_eq!(
            words(1099),
            "Balance $10.99, $1.51 less than at the start, all of it for takes of this session."
        );
        assert!(words(980).starts_with(
            "Balance $9.80, $2.70 less than at the start: $1.51 was billed for takes of this session, $1.19 was not."
        ));
        assert_eq!(
            words(1200),
            "Balance $12.00, $0.50 less than at the start, although $1.51 was billed for takes of this session: the rest \
             does not show yet."
        );
        assert_eq!(words(2250), "Balance $22.50, $10.00 more than at the start.");
    }
}
