//! The caps of session, reel and sweep, and changing a cap by key for one run of the program.

use rushes::model::{Backend, CapScope, MoneySource, Usd};

use crate::caps::seeds;
use crate::test_provider::Provider;
use crate::test_workbench::{Desk, Options, workbench};

fn live(dollars: &str) -> Options {
    Options {
        backend: Backend::Live,
        cap: Some(usd(dollars)),
        ..Options::default()
    }
}

fn usd(dollars: &str) -> Usd {
    Usd::parse(dollars).unwrap()
}

fn queued(desk: &Desk) -> usize {
    desk.store.unsettled_takes(None).unwrap().len()
}

#[test]
fn a_cap_changed_by_key_counts_at_once_for_this_run_and_is_logged() {
    workbench(live("1.00"), |desk| async move {
        // Another run of the program changed one too.
        desk.store
            .note_money("earlier", "The day's cap for this run: none before, $9.00 now")
            .unwrap();
        seeds(&desk, "1..6").await;
        desk.sees("1 of 6 fit under the day's cap of $1.00: C caps").await;
        desk.press("C");
        desk.sees("as in the settings").await;
        desk.sees("$1.00 left, $0.00 sent, $0.00 queued").await;
        desk.press("enter");
        desk.sees("The day's cap for this run, in US dollars, or none")
            .await;
        desk.write("3.00").await;
        desk.press("enter");
        desk.sees("The day's cap for this run: $1.00 before, $3.00 now")
            .await;
        desk.sees("for this run").await;
        desk.press("esc");
        desk.sees("4 of 6 fit under the day's cap of $3.00").await;
        // Read from the store.
        desk.press("C");
        desk.sees("  The day's cap for this run: $1.00 before, $3.00 now")
            .await;
        assert!(!desk.glass.text().contains("$9.00"), "{}", desk.glass.text());
        // The settings say what they said.
        assert_eq!(desk.till.read().caps.day, Some(usd("1.00")));
    });
}

#[test]
fn a_cap_of_this_run_is_taken_back() {
    workbench(live("1.00"), |desk| async move {
        seeds(&desk, "1..6").await;
        desk.press("C j");
        desk.sees("as in the settings").await;
        desk.press("D");
        desk.sees("this cap was not changed for this run").await;
        desk.press("enter");
        desk.sees("The session's cap for this run").await;
        desk.write("0.10").await;
        desk.press("enter");
        desk.sees("The session's cap for this run: none before, $0.10 now")
            .await;
        desk.press("esc");
        desk.sees("over the session's cap of $0.10").await;
        desk.press("g");
        desk.sees("the session's cap of $0.10 leaves $0.10, and one take may cost $0.71")
            .await;
        desk.sees("raise cap_per_session; C changes the cap").await;
        desk.press("C j D");
        desk.sees("The session's cap is as in the settings again: $0.10 before")
            .await;
        desk.press("esc");
        desk.sees("1 of 6 fit under the day's cap of $1.00").await;
        desk.press("C");
        desk.sees("The session's cap for this run: none before, $0.10 now")
            .await;
        desk.sees("as in the settings again").await;
    });
}

#[test]
fn what_is_no_amount_changes_no_cap_and_stays_to_be_corrected() {
    workbench(live("1.00"), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("C enter");
        desk.sees("in US dollars, or none").await;
        desk.sees("Enter accept").await;
        for wrong in ["ten", "-1", "1e3"] {
            desk.press("ctrl-u");
            desk.write(wrong).await;
            desk.sees(&format!("{wrong:?} is no")).await;
            desk.sees_no("Enter accept").await;
            desk.press("enter");
            desk.sees("correct the text first").await;
            desk.sees("in US dollars, or none").await;
            desk.sees(wrong).await;
        }
        desk.press("ctrl-u");
        desk.sees_no("Enter accept").await;
        desk.press("enter");
        desk.write("1.50").await;
        desk.press("enter");
        desk.sees("The day's cap for this run: $1.00 before, $1.50 now")
            .await;
        assert_eq!(queued(&desk), 0);
    });
}

/// What is offered is what fits under every cap, before anything can be accepted.
#[test]
fn a_sweep_is_cut_to_what_the_tightest_cap_leaves() {
    workbench(live("10.00"), |desk| async move {
        desk.till.change(|money| {
            money.caps.sweep = Some(usd("1.50"));
            money.caps.reel = Some(usd("2.90"));
        });
        seeds(&desk, "1..6").await;
        desk.press("f12");
        desk.sees("2 of 6 fit under the sweep's cap of $1.50").await;
        desk.press("g");
        desk.sees("Generate 2 of 6 takes for about $1.41?").await;
        desk.sees("2 of 6 takes fit under the sweep's cap.").await;
        desk.sees("this reel $0.00 of $2.90").await;
        desk.press("y");
        desk.until("two are queued", |desk| queued(desk) == 2).await;
        // The reel has room for two more, which are another sweep.
        desk.settle().await;
        desk.press("g");
        desk.sees("Generate 2 of 6 takes for about $1.41?").await;
        desk.press("y");
        desk.until("four are queued", |desk| queued(desk) == 4).await;
        desk.settle().await;
        desk.press("g");
        desk.sees("the reel's cap of $2.90 leaves $0.08").await;
        assert_eq!(queued(&desk), 4);
    });
}

#[test]
fn play_money_has_no_caps_to_change() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("C");
        desk.sees("takes of the sandbox cost nothing").await;
    });
}

/// The provider is asked once, however often the caps are opened, and a drop of the balance is explained.
#[test]
fn the_balance_is_asked_for_once_a_minute_and_its_drop_is_explained() {
    let options = Options {
        provider: Some(Provider {
            is_fast: true,
            ..Provider::default()
        }),
        ..live("10.00")
    };
    workbench(options, |desk| async move {
        desk.sees("balance $50.00").await;
        desk.press("C");
        desk.sees("Balance $50.00, as at the start.").await;
        desk.press("esc");
        seeds(&desk, "7").await;
        desk.press("g");
        desk.sees("Generate 1 take").await;
        desk.press("y");
        desk.until("it is at the provider", |desk| {
            desk.store
                .unsettled_takes(None)
                .unwrap()
                .iter()
                .any(|take| take.request_id.is_some())
        })
        .await;
        for _ in 0..200 {
            desk.clock.advance(jiff::SignedDuration::from_secs(1));
            desk.settle().await;
            if queued(&desk) == 0 {
                break;
            }
        }
        desk.sees("balance $49.29").await;
        desk.press("C");
        desk.sees("$0.71 less than at the start, all of it for takes of this session")
            .await;
        let caps = CapScope::ALL.map(CapScope::word);
        for word in caps {
            desk.sees(word).await;
        }
    });
}
