//! An engine that sends nothing, for the workbench's tests.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use rushes::engine::admit::Order;
use rushes::engine::reconcile::{Comparison, Difference, Elsewhere, Importer};
use rushes::engine::{Event, Wake};
use rushes::model::{Backend, Form, Model, PriceTable, Seed, Spending, TakeId, TakeState, Usd};
use rushes::segmind::{HistoryRow, HistoryState};
use rushes::service::workbench::{Pending, Uploads};
use rushes::service::{Problem, Service, Started, Starter};
use rushes::store::{Admission, Caps, Store};

use tokio::sync::mpsc::UnboundedReceiver;

use crate::test_workbench::Log;

/// Puts live takes of `form` with these seeds into the queue of a reel, each at its price.
pub fn queue_live_takes(store: &Store, reel: &str, form: &Form, seeds: &[u32]) {
    let price = PriceTable::default().price(&form.priced(|_| None)).unwrap();
    let admission = Admission::of(
        &store.reel(reel).unwrap().id,
        Backend::Live,
        form.clone(),
        seeds.iter().map(|seed| Seed::new(*seed).unwrap()),
        price.estimate,
        price.most,
    );
    store.admit(&admission).unwrap();
}

/// The one generation in the stand-in's history that no take knows.
pub const FOREIGN: &str = "f00d0000000000000000000000000000";

/// Noted for the comparison that the workbench makes by itself.
pub const QUIETLY: &str = "compare quietly";

/// Admits takes as the engine does, but sends nothing.
pub struct FakeService {
    pub log: Log,
    pub store: Store,
    pub history_differs: bool,
    pub spending: Spending,
    pub wake: Wake,
}

impl FakeService {
    /// Starts it; its events come from `told`, and whatever wakes the engine is noted.
    pub fn starter(self, told: UnboundedReceiver<Event>) -> Starter {
        let (wake, log) = (self.wake.clone(), self.log.clone());
        Box::new(move || {
            tokio::spawn(async move {
                loop {
                    wake.woken().await;
                    log.note("wake");
                }
            });
            let started: Started = (Arc::new(self), told);
            async move { Ok(started) }.boxed()
        })
    }
}

/// A generation made elsewhere, until it is imported, and a take that is missing in the history.
pub fn differences(store: &Store) -> Comparison {
    let row = HistoryRow {
        request_id: FOREIGN.to_owned(),
        model_name: None,
        state: HistoryState::Completed,
        cost: Some(Usd::from_micros(281_000)),
        odd_cost: None,
        request_body: Some(serde_json::json!({
            "prompt": "A lighthouse at night.", "duration": 4, "resolution": "480p", "seed": 7,
        })),
        url: Some("https://images.example/a.mp4".to_owned()),
        latency_ms: None,
        created: None,
        error: None,
        rest: serde_json::Value::Null,
    };
    let elsewhere = Difference::Elsewhere(Box::new(Elsewhere {
        model: Model::default(),
        like: None,
        not_yet: None,
        row,
    }));
    let missing = Difference::Missing {
        take: TakeId(9),
        request_id: "0ff0".to_owned(),
        state: TakeState::Saved,
        cost: None,
    };
    let is_known = store
        .take_of_request(Backend::Sandbox, FOREIGN)
        .unwrap()
        .is_some();
    let differences = if is_known {
        vec![missing]
    } else {
        vec![elsewhere, missing]
    };
    Comparison {
        differences,
        ..no_differences()
    }
}

fn no_differences() -> Comparison {
    let day = jiff::civil::date(2026, 11, 22);
    Comparison {
        from: day,
        to: day,
        requests: 1,
        others: 0,
        unreadable: 0,
        whole: true,
        unclear: 0,
        unknown: 0,
        ours: Usd::ZERO,
        theirs: Usd::ZERO,
        differences: Vec::new(),
    }
}

impl Service for FakeService {
    fn check_unknown(&self) {
        self.log.note("check again");
    }
    fn ask_balance(&self) {
        self.log.note("ask for the balance");
    }
    fn read_catalogue_if_due(&self) -> Pending<Option<String>> {
        async { Ok(None) }.boxed()
    }
    fn submit(&self, order: Order, _tell: Uploads) -> Pending<Vec<TakeId>> {
        if let Some(doubt) = order.accepts.clone() {
            self.spending.confirm(doubt);
        }
        let money = self.spending.read();
        let takes = match order.priced(&money.prices, &rushes::model::Lessons::default(), |_| None) {
            Ok(takes) => takes,
            Err(error) => return async { Err(error.into()) }.boxed(),
        };
        let admission = Admission {
            reel_id: order.reel_id,
            backend: order.backend,
            form: order.form,
            takes,
            sweep: order.sweep,
            repeats: order.repeats,
            parent: order.parent,
            caps: Caps::of(money.caps, jiff::tz::TimeZone::UTC, self.spending.session()),
            replaces: order.replaces,
            twins: order.twins,
        };
        let admitted = self.store.admit(&admission).map_err(Problem::from);
        self.wake.wake();
        async { admitted }.boxed()
    }
    fn reconcile(&self, quiet: bool) -> Pending<Option<Arc<Comparison>>> {
        self.log.note(if quiet { QUIETLY } else { "compare" });
        let found = if self.history_differs {
            differences(&self.store)
        } else {
            no_differences()
        };
        async { Ok(Some(Arc::new(found))) }.boxed()
    }
    fn import(&self, reel_id: String, prices: PriceTable, chosen: Vec<Elsewhere>) -> Pending<Vec<TakeId>> {
        let importer = Importer {
            store: self.store.clone(),
            backend: Backend::Sandbox,
            account: "0123456789abcdef".to_owned(),
            reel_id,
            prices,
        };
        let imported = chosen
            .iter()
            .map(|elsewhere| importer.import(elsewhere, Timestamp::now()).unwrap().id)
            .collect();
        async { Ok(imported) }.boxed()
    }
    fn stop(&self) -> BoxFuture<'static, ()> {
        self.log.note("stop");
        async {}.boxed()
    }
}
