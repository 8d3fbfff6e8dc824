//! Saves the newest form, with retries until the store has it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{sleep, timeout};

use crate::model::Form;
use crate::model::pause::backoff;
use crate::service::{Kind, Problem};
use crate::store::{Overwritten, StoreError};

use super::rescue::{self, SaveTarget, Unsaved};
use crate::tui::effect::Message;

/// The pause between two attempts grows from the first to the second.
const MIN_PAUSE: Duration = Duration::from_millis(250);
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// A form to be saved, and the number of the save in this session.
type Wanted = Option<(u64, Form)>;

pub struct Saver {
    place: SaveTarget,
    /// Dropped when no more will come.
    wanted: Option<watch::Sender<Wanted>>,
    newest: watch::Receiver<Wanted>,
    progress: Arc<Progress>,
    task: JoinHandle<()>,
}

struct Progress {
    /// What the store held when this workbench last read or wrote it.
    known: Mutex<Option<Form>>,
    /// The number of the newest form that the store has.
    saved: AtomicU64,
}

impl Progress {
    fn know(&self, form: Option<Form>) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = form;
    }

    fn save(&self, place: &SaveTarget, number: u64, form: &Form) -> Result<Option<Overwritten>, StoreError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let overwritten = place
            .store
            .forms(&place.reel_id)
            .save_over(known.as_ref(), form)?;
        self.know(Some(form.clone()));
        self.saved.store(number, Ordering::SeqCst);
        Ok(overwritten)
    }
}

impl Saver {
    /// Starts with the store holding `known`; the result of each save goes to `messages`.
    pub fn start(place: SaveTarget, known: Option<Form>, messages: UnboundedSender<Message>) -> Self {
        let (wanted, newest) = watch::channel(None);
        let progress = Arc::new(Progress {
            known: Mutex::new(known),
            saved: AtomicU64::new(0),
        });
        let task = tokio::spawn(keep(
            place.clone(),
            newest.clone(),
            Arc::clone(&progress),
            messages,
        ));
        Self {
            place,
            wanted: Some(wanted),
            newest,
            progress,
            task,
        }
    }

    /// Saves the form instead of those that are not saved yet.
    pub fn save(&self, number: u64, form: Form) {
        if let Some(wanted) = &self.wanted {
            wanted.send_replace(Some((number, form)));
        }
    }

    /// The user now sees this form of another workbench, so the next save replaces it.
    pub fn know(&self, form: Form) {
        self.progress.know(Some(form));
    }

    /// Saves what is not saved yet within `patience`. Returns where the text is when that failed.
    pub async fn finish(mut self, patience: Duration) -> Option<Unsaved> {
        self.wanted = None;
        let _ = timeout(patience, &mut self.task).await;
        self.rescue()
    }

    fn rescue(&mut self) -> Option<Unsaved> {
        let (number, form) = self.newest.borrow().clone()?;
        if self.progress.saved.swap(number, Ordering::SeqCst) >= number {
            return None;
        }
        Some(rescue::keep(&self.place, form))
    }
}

/// No text is lost when the workbench panics.
impl Drop for Saver {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.rescue();
        }
    }
}

async fn keep(
    place: SaveTarget,
    mut wanted: watch::Receiver<Wanted>,
    progress: Arc<Progress>,
    messages: UnboundedSender<Message>,
) {
    let mut failures = 0;
    loop {
        let newest = wanted.borrow_and_update().clone();
        let saved = progress.saved.load(Ordering::SeqCst);
        let Some((number, form)) = newest.filter(|(number, _)| *number > saved) else {
            if wanted.changed().await.is_err() {
                return;
            }
            continue;
        };
        let (place, doing) = (place.clone(), Arc::clone(&progress));
        let result = match spawn_blocking(move || doing.save(&place, number, &form)).await {
            Ok(result) => result.map_err(Problem::from),
            // After a panic, the next attempt may succeed.
            Err(error) => Err(Problem::new(
                Kind::Other,
                format!("saving was interrupted ({error})"),
                "rushes tries again",
            )),
        };
        let failed = result.is_err();
        let _ = messages.send(Message::Saved { number, result });
        if !failed {
            failures = 0;
            continue;
        }
        if wanted.has_changed().is_err() {
            // The workbench is being left, and the text has to go into a file in time.
            return;
        }
        failures += 1;
        let pause = sleep(backoff(failures, MIN_PAUSE, MAX_PAUSE));
        tokio::select! {
            () = pause => {}
            () = async { while wanted.changed().await.is_ok() {} } => {}
        }
    }
}
