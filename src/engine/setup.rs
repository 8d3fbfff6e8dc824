//! What an engine is started with.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::SignedDuration;

use crate::model::file_pattern::FilePattern;
use crate::model::{Backend, Clock, Expectation, Model, Resolution, Spending, Take};
use crate::segmind::Client;
use crate::store::Store;

use super::wake::Wake;

/// How long the provider is expected to take where the store has no history of its own.
pub type Published = Arc<dyn Fn(Model, Resolution) -> Expectation + Send + Sync>;

/// Tells the user something, in a sentence.
pub type TellUser = Box<dyn Fn(String) + Send>;
/// Called with each take that was just saved. It must return at once: what takes time goes to a thread of its own.
pub type OnSaved = Arc<dyn Fn(&Take, TellUser) + Send + Sync>;

/// Everything that an engine works with.
#[derive(Clone)]
pub struct Setup {
    pub store: Store,
    pub client: Client,
    pub clock: Arc<dyn Clock>,
    pub backend: Backend,
    /// The folder that holds one folder for each reel.
    pub reels: PathBuf,
    /// How videos are named in reels without a pattern of their own.
    pub file_names: FilePattern,
    /// The most takes at the provider at a time, over all processes of the store.
    pub in_flight: u32,
    /// What may be spent; read again before each take is sent.
    pub spending: Spending,
    pub published: Published,
    pub on_saved: OnSaved,
    /// After this time the history certainly shows a request that arrived.
    pub history_certain_after: SignedDuration,
    /// Seeds the jitter.
    pub random: u64,
    pub wake: Wake,
}
