//! How many keys the usual ways take. The keys are counted where they are sent, and what is typed as text is not one.

use std::cell::Cell;

use jiff::SignedDuration;
use rushes::model::{Backend, Lineage, Take, TakeState, Usd, Verdict};
use rushes::store::Filter;

use crate::test_provider::Provider;
use crate::test_workbench::{Desk, Options, workbench};

/// Presses one key at a time, looks at what came of it, and counts.
struct Hand {
    desk: Desk,
    pressed: Cell<usize>,
}

impl Hand {
    fn at(desk: &Desk) -> Self {
        Self {
            desk: desk.clone(),
            pressed: Cell::new(0),
        }
    }

    async fn press(&self, key: &str, seen: &str) {
        assert_eq!(key.split_whitespace().count(), 1, "one key: {key:?}");
        self.pressed.set(self.pressed.get() + 1);
        self.desk.press(key);
        self.desk.sees(seen).await;
        self.desk.settle().await;
    }
}

fn takes(desk: &Desk) -> Vec<Take> {
    let mut takes = desk.store.takes(&Filter::default(), 0, 100).unwrap();
    takes.sort_by_key(|take| take.id);
    takes
}

/// Lets the provider render what it has, and waits until `count` takes are saved.
async fn saved(desk: &Desk, count: usize) {
    let number = |desk: &Desk, which: fn(TakeState) -> bool| {
        takes(desk).iter().filter(|take| which(take.state)).count()
    };
    let missing = count - number(desk, |state| state == TakeState::Saved);
    let is_there = |state| matches!(state, TakeState::Queued | TakeState::Processing);
    desk.until("the provider has them", |desk| number(desk, is_there) == missing)
        .await;
    desk.clock.advance(SignedDuration::from_secs(240));
    desk.until("they are saved", |desk| {
        number(desk, |state| state == TakeState::Saved) == count
    })
    .await;
    desk.settle().await;
}

fn live() -> Options {
    Options {
        backend: Backend::Live,
        cap: Usd::parse("20").ok(),
        provider: Some(Provider {
            in_flight: Some(6),
            ..Provider::default()
        }),
        ..Options::default()
    }
}

/// From the first start to a final take of the winner of six, and the same seeds with other words, on live money.
#[test]
fn twelve_keys_lead_to_a_promoted_winner_and_three_to_the_same_seeds_with_other_words() {
    workbench(live(), |desk| async move {
        desk.sees("lighthouse").await;
        let hand = Hand::at(&desk);
        hand.press("E", "The form is empty").await;
        hand.press("i", "EDITING").await;
        desk.write("A kite over a grey beach.").await;
        hand.press("esc", "g generate").await;
        hand.press("s", "Generate 6 takes for about $4.24?").await;
        hand.press("enter", "6 takes are queued").await;
        saved(&desk, 6).await;
        hand.press("a", "take 5  seed").await;
        hand.press("*", "* circled").await;
        hand.press("p", "Promote take 5").await;
        hand.press("enter", "Make a 720p take of take 5 for about").await;
        hand.press("y", "Take 7 is queued").await;
        assert!(hand.pressed.get() <= 12, "{} keys", hand.pressed.get());
        saved(&desk, 7).await;
        let all = takes(&desk);
        let (winner, last) = (&all[4], &all[6]);
        assert_eq!(winner.verdict, Verdict::Circled);
        assert_eq!(
            (last.parent, last.lineage),
            (Some(winner.id), Some(Lineage::Promoted))
        );
        assert_eq!((last.seed, last.state), (winner.seed, TakeState::Saved));

        // The words are changed, and the seeds of the circled takes made again.
        desk.store.set_verdict(all[1].id, Verdict::Circled).unwrap();
        desk.press("i");
        desk.sees("EDITING").await;
        desk.write("At dusk. ").await;
        let hand = Hand::at(&desk);
        hand.press("esc", "g generate").await;
        hand.press("S", "Generate 2 takes for about $1.41?").await;
        hand.press("enter", "2 takes are queued").await;
        assert!(hand.pressed.get() <= 3, "{} keys", hand.pressed.get());
        let after = takes(&desk);
        assert_eq!(after.len(), 9);
        assert_eq!([after[7].seed, after[8].seed], [all[1].seed, winner.seed]);
        assert!(after[7].body["prompt"].as_str().unwrap().contains("At dusk. "));
        assert_eq!(desk.store.sweeps(None, 0, 9).unwrap()[0].sweep.pair, Some(1));
    });
}

#[test]
fn two_keys_replace_the_example() {
    for (first, second, begins) in [
        ("N", "enter", "Shot 1 | 0s\u{2013}2s\nA kite."),
        ("E", "i", "A kite."),
    ] {
        workbench(Options::default(), |desk| async move {
            desk.sees("lighthouse").await;
            let hand = Hand::at(&desk);
            hand.press(first, if first == "N" { "New script" } else { "empty" })
                .await;
            hand.press(second, "EDITING").await;
            assert!(hand.pressed.get() <= 2);
            desk.write("A kite.").await;
            desk.until("it is in the script", |desk| {
                desk.form().prompt.starts_with(begins)
            })
            .await;
            assert!(!desk.form().prompt.contains("lighthouse"));
        });
    }
}
