//! Prices before a key is pressed: what bills have taught, how old the list is, and what is not published.

use rushes::model::{Backend, Form, Seed, TakeId, TakeState, Usd};
use rushes::store::{Admission, Facts};

use crate::takes::{OWNER, work};
use crate::test_workbench::{Desk, Options, workbench};

fn live() -> Options {
    Options {
        backend: Backend::Live,
        cap: Some(Usd::from_micros(20_000_000)),
        ..Options::default()
    }
}

/// A live take of the form as it is at the start, that was billed two percent above the list.
fn billed(desk: &Desk) -> TakeId {
    billed_for(desk, 720_130)
}

/// The same, billed for this.
fn billed_for(desk: &Desk, micros: i64) -> TakeId {
    let listed = Usd::from_micros(706_010);
    let mut admission = Admission::of(
        &desk.reel_id,
        Backend::Live,
        Form::default(),
        [Seed::new(7).unwrap()],
        listed,
        Usd::from_micros(900_000),
    );
    admission.takes[0].listed = Some(listed);
    desk.store.admit(&admission).unwrap();
    let id = work(desk, Backend::Live, &[TakeState::Accepted]);
    for state in [TakeState::Rendered, TakeState::Saved] {
        let facts = Facts::bill(Some(Usd::from_micros(micros)));
        desk.store.step(OWNER, id, state, "", &facts).unwrap();
    }
    desk.tell(rushes::engine::Event::Take(id));
    id
}

#[test]
fn the_question_says_how_old_the_price_is_and_what_bills_have_taught() {
    workbench(live(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("g");
        desk.sees("Generate 1 take for about $0.71?").await;
        // The price list is of 2026-09-01, and the desk's day is in November.
        desk.sees("days old (2026-09-01).").await;
        desk.press("n");
        desk.sees_no("for about $").await;
        for _ in 0..4 {
            billed(&desk);
        }
        desk.press("g");
        desk.sees("for about $0.71?").await;
        desk.press("n");
        desk.sees_no("for about $").await;
        billed(&desk);
        desk.sees("live: 1 × $0.72 = $0.72 est.").await;
        desk.press("g");
        desk.sees("Generate 1 take for about $0.72?").await;
        desk.sees("2.0 % above it").await;
    });
}

#[test]
fn a_reference_video_makes_the_price_a_range_that_stays_one() {
    workbench(live(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.store
            .forms(&desk.reel_id)
            .save(&Form {
                prompt: "A kite, as in video 1.".to_owned(),
                videos: vec!["https://example.org/kite.mp4".to_owned()],
                ..Form::default()
            })
            .unwrap();
        desk.sees("as in video 1").await;
        desk.press("g");
        desk.sees("for $0.42 to $1.76?").await;
        desk.sees("The price is not known for sure").await;
        desk.press("y");
        desk.until("it is queued", |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == 1
        })
        .await;
        let take = desk.store.take(TakeId(1)).unwrap();
        assert_eq!(take.price_in_words(), "$0.42 to $1.76");
        let id = work(&desk, Backend::Live, &[TakeState::Accepted]);
        desk.tell(rushes::engine::Event::Take(id));
        desk.press("3");
        desk.sees("$0.42 to $1.76").await;
    });
}

/// The provider has raised its price by five percent. The user is told when three bills have said so, and never again.
#[test]
fn three_bills_that_are_off_their_estimates_are_told_once_with_what_to_write() {
    for size in [(140, 40), (80, 24)] {
        let options = Options { size, ..live() };
        workbench(options, |desk| async move {
            let words = |desk: &Desk| {
                let text = desk.glass.text();
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            };
            desk.sees("lighthouse").await;
            for _ in 0..2 {
                billed_for(&desk, 741_311);
            }
            desk.settle().await;
            assert!(!words(&desk).contains("bills in a row"), "{}", words(&desk));
            billed_for(&desk, 741_311);
            let told = "3 bills in a row of seedance-2.0 at 480p are 5.0 % above their estimates: they imply $7.35 per million \
                        tokens instead of $7.00. If the price page agrees, add { resolution = \"480p\", per_million_tokens = \
                        7.35, as_of = 2026-11-22 } to its prices in models.toml; rushes doctor prints them all.";
            desk.until("it is told", |desk| words(desk).contains(told)).await;
            let prices = rushes::model::PriceTable::default();
            desk.until("it is remembered", |desk| {
                desk.store.untold_drifts(&prices).unwrap().is_empty()
            })
            .await;
            desk.press("3");
            desk.sees_no("bills in a row").await;
            billed_for(&desk, 741_311);
            desk.settle().await;
            assert!(!words(&desk).contains("bills in a row"), "{}", words(&desk));
            assert_eq!(desk.store.drifts(&prices).unwrap()[0].bills, 4);
        });
    }
}
