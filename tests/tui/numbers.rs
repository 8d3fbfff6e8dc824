//! The numbers as an overlay: at three sizes, by day, reel, sweep and model, while takes are saved, and without any.

use jiff::SignedDuration;
use rushes::engine::Event as News;
use rushes::model::{Backend, FailureKind, Form, Seed, TakeId, TakeState, Usd, Verdict};
use rushes::service::Problem;
use rushes::store::{Admission, Asked, By, Claim, Claimed, Facts, Numbers, Store};
use rushes::tui::app::App;
use rushes::tui::effect::Message;
use rushes::tui::glyphs;
use rushes::tui::keymap::Action;
use rushes::tui::screen::Screen;

use crate::drawing::draw;
use crate::fake_service::queue_live_takes;
use crate::snapshots::{LARGE, MIDDLE, SMALL};
use crate::styled_text::{role_theme, text};
use crate::takes::OWNER;
use crate::test_workbench::{Desk, Options, live_app_alone, plain_screen, workbench};

fn options() -> Options {
    Options {
        size: MIDDLE,
        screen: Screen::new(role_theme(), &glyphs::UNICODE, jiff::tz::TimeZone::UTC),
        ..Options::default()
    }
}

fn queue(desk: &Desk, reel: &str, backend: Backend, count: u32) -> Vec<TakeId> {
    let reel = desk.store.reel(reel).unwrap();
    let form = Form {
        prompt: "A kite.".to_owned(),
        ..Form::default()
    };
    let seeds = (1..=count).map(|seed| Seed::new(seed).unwrap());
    let (estimate, reserve) = (Usd::from_micros(703_000), Usd::from_micros(9_000_000));
    let admission = Admission::of(&reel.id, backend, form, seeds, estimate, reserve);
    desk.store.admit(&admission).unwrap()
}

/// Sends the next waiting take.
fn send(desk: &Desk, backend: Backend) -> TakeId {
    let claim = Claim {
        owner: OWNER.into(),
        account: "0123456789abcdef".into(),
        backend,
        limit: 99,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: SignedDuration::from_secs(60),
    };
    let Claimed::Take(take) = desk.store.claim(&claim).unwrap() else {
        panic!("no take to claim")
    };
    step(desk, take.id, TakeState::Accepted, &Facts::default());
    take.id
}

fn step(desk: &Desk, id: TakeId, state: TakeState, facts: &Facts) {
    desk.store.step(OWNER, id, state, "by the test", facts).unwrap();
}

/// Saves a sent take after the given number of seconds, with the given bill.
fn save(desk: &Desk, id: TakeId, seconds: i64, micros: i64) {
    desk.clock.advance(SignedDuration::from_secs(seconds));
    step(desk, id, TakeState::Rendered, &Facts::default());
    let bill = Facts::bill(Some(Usd::from_micros(micros)));
    step(desk, id, TakeState::Saved, &bill);
}

fn fail(desk: &Desk, id: TakeId, kind: FailureKind) {
    let facts = Facts {
        cost: Some(Usd::ZERO),
        ..Facts::error(kind, "no")
    };
    step(desk, id, TakeState::Failed, &facts);
}

/// Eighteen days of live takes in two reels, and some of the sandbox.
fn prepare(desk: &Desk) {
    let now = rushes::model::Clock::now(&*desk.clock);
    let kinds = [
        FailureKind::OutputAudio,
        FailureKind::InputText,
        FailureKind::ProviderFault,
    ];
    for day in 0..18_i64 {
        let ago = SignedDuration::from_hours(24 * (18 - day));
        desk.clock.advance(
            now.checked_sub(ago)
                .unwrap()
                .duration_since(rushes::model::Clock::now(&*desk.clock)),
        );
        let reel = if day % 5 == 0 { "rain" } else { "night-drive" };
        let ids = queue(desk, reel, Backend::Live, 3);
        for (at, id) in ids.iter().enumerate() {
            assert_eq!(send(desk, Backend::Live), *id);
            if at == 2 && day % 3 == 0 {
                fail(desk, *id, kinds[usize::try_from(day / 3).unwrap() % 3]);
            } else {
                save(
                    desk,
                    *id,
                    70 + (day * 13 + i64::try_from(at).unwrap() * 17) % 80,
                    700_000 + day * 1000,
                );
            }
        }
        desk.store.set_verdict(ids[0], Verdict::Circled).unwrap();
    }
    desk.clock
        .advance(now.duration_since(rushes::model::Clock::now(&*desk.clock)));
    let free = queue(desk, "night-drive", Backend::Sandbox, 2);
    for id in free {
        send(desk, Backend::Sandbox);
        save(desk, id, 6, 703_080);
    }
    // Its bill has not come yet.
    queue(desk, "night-drive", Backend::Live, 1);
    send(desk, Backend::Live);
}

async fn shoot(desk: &Desk, name: &str, words: &str) {
    for size in [SMALL, MIDDLE, LARGE] {
        desk.resize(size.0, size.1);
        desk.sees(words).await;
        desk.rest().await;
        let shown = text(&desk.glass.buffer());
        insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), shown);
    }
}

#[test]
fn what_was_spent_by_day_and_by_sweep() {
    let options = Options {
        prepare: Some(prepare),
        ..options()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("$");
        shoot(&desk, "numbers", "[day]").await;
        desk.press("left left");
        desk.sees("[sweep]").await;
        desk.sees("sweep 18").await;
        desk.resize(SMALL.0, SMALL.1);
        desk.settle().await;
        desk.press("end");
        desk.sees("no sweep").await;
        desk.press("pageup pageup k");
        desk.sees_no("no sweep").await;
        desk.press("end");
        shoot(&desk, "numbers_by_sweep", "no sweep").await;
        desk.press("backtab");
        desk.sees("[reel]").await;
        desk.sees("rain").await;
        desk.press("l h");
        desk.sees("rain").await;
        desk.press("tab tab");
        desk.sees("[model]").await;
        desk.sees("seedance-2.0").await;
        desk.press("$");
        desk.sees_no("[model]").await;
        desk.sees("lighthouse").await;
    });
}

#[test]
fn the_page_follows_what_happens() {
    workbench(options(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("$");
        desk.sees("Back in the panes: g generate").await;
        shoot(&desk, "numbers_without_takes", "There is no take yet").await;
        desk.resize(MIDDLE.0, MIDDLE.1);
        let ids = queue(&desk, "night-drive", Backend::Live, 2);
        for id in &ids {
            send(&desk, Backend::Live);
            desk.tell(News::Take(*id));
        }
        desk.sees("2 takes: 2 not finished").await;
        desk.sees("$1.41 spent, $1.41 of it est.").await;
        save(&desk, ids[0], 90, 650_000);
        desk.tell(News::Take(ids[0]));
        desk.sees("1 saved, 1 not finished").await;
        desk.sees("$1.35 spent, $0.70 of it est.").await;
        desk.sees("half within 1:30, 1 saved take").await;
        fail(&desk, ids[1], FailureKind::OutputAudio);
        desk.tell(News::Take(ids[1]));
        desk.sees("1  moderation: output audio").await;
        desk.sees("$0.65 spent").await;
        desk.sees("none kept").await;
        desk.store.set_verdict(ids[0], Verdict::Circled).unwrap();
        desk.tell(News::Take(ids[0]));
        desk.sees("1 kept, 10 s: $0.65 a kept take, $0.065 a kept second")
            .await;
        desk.sees("bills against estimates: −7.5%, 1 bill").await;
        desk.press("esc");
        desk.sees_no("a kept take").await;
    });
}

/// The numbers of three waiting takes.
fn three_takes(by: By) -> Box<Numbers> {
    let folder = tempfile::tempdir().unwrap();
    let clock = std::sync::Arc::new(rushes::model::SystemClock);
    let store = Store::open(&folder.path().join("rushes.db"), clock).unwrap();
    queue_live_takes(&store, "night-drive", &Form::default(), &[7, 8, 9]);
    let asked = Asked {
        reel_id: None,
        by,
        zone: jiff::tz::TimeZone::UTC,
        most: 9,
    };
    Box::new(store.numbers(&asked).unwrap())
}

fn shown(app: &App) -> String {
    text(&draw(app, &plain_screen(), 80, 24).0)
}

/// What is read next replaces what is shown only once it is there; a reading that fails replaces nothing.
#[test]
fn the_rows_keep_their_heading_until_others_are_there() {
    let mut app = live_app_alone(Form::default());
    app.act(Action::Numbers).unwrap();
    app.receive(Message::NumbersRead(By::Day, Ok(three_takes(By::Day))));
    let by_day = shown(&app);
    assert!(by_day.contains("[day]") && by_day.contains("3 takes"), "{by_day}");
    app.act(Action::Left).unwrap();
    let reading = shown(&app);
    assert!(
        reading.contains("[day]") && reading.contains("reading by model"),
        "{reading}"
    );
    let failed = Err(Problem::because("the disk is full"));
    app.receive(Message::NumbersRead(By::Model, failed));
    let kept = shown(&app);
    for words in [
        "[day]",
        "3 takes",
        "could not be read again: the disk is",
        "Tab by reel",
    ] {
        assert!(kept.contains(words), "{words}: {kept}");
    }
    assert!(!kept.contains("reading by"), "{kept}");
    // The same key tries again.
    app.act(Action::Left).unwrap();
    app.receive(Message::NumbersRead(By::Model, Ok(three_takes(By::Model))));
    let by_model = shown(&app);
    assert!(
        by_model.contains("[model]") && !by_model.contains("could not"),
        "{by_model}"
    );
}

/// The charts too.
#[test]
fn everything_is_ascii_where_nothing_else_can_be_shown() {
    let options = Options {
        prepare: Some(prepare),
        screen: Screen::new(role_theme(), &glyphs::ASCII, jiff::tz::TimeZone::UTC),
        ..options()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("$");
        desk.sees("[day]").await;
        desk.sees("########").await;
        let shown = text(&desk.glass.buffer());
        let overlay = shown.lines().skip_while(|line| !line.contains("Numbers"));
        let overlay: Vec<&str> = overlay.filter(|line| line.contains('|')).collect();
        assert!(
            overlay.len() > 10 && overlay.iter().all(|line| line.is_ascii()),
            "{shown}"
        );
    });
}

/// Nothing is drawn outside of the screen, and nothing fails, at any size.
#[test]
fn every_size_can_be_drawn() {
    let options = Options {
        prepare: Some(prepare),
        ..options()
    };
    workbench(options, |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("$");
        desk.sees("[day]").await;
        for (width, height) in [
            (40, 10),
            (41, 12),
            (60, 14),
            (80, 18),
            (184, 12),
            (240, 70),
            (20, 5),
            (80, 24),
        ] {
            desk.resize(width, height);
            desk.settle().await;
        }
        desk.sees("[day]").await;
    });
}
