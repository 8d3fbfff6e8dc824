//! A store, a sandbox with scripted faults, and an engine between them.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use jiff::SignedDuration;
use rushes::engine::admit::{AdmitError, Order};
use rushes::engine::{Engine, Event, Setup, Wake};
use rushes::media::{Sound, VideoSource, Yuv};
use rushes::model::key::ApiKey;
use rushes::model::{Backend, Clock, Expectation, Form, Spending, SystemClock, Take, TakeId, TakeState, Usd};
use rushes::model::{Request, price};
use rushes::sandbox::{self, Options, Pace, Sandbox, VideoError};
use rushes::script::expand::Snippets;
use rushes::segmind::{Client, Endpoints, Timeouts};
use rushes::service::orders::Terms;
use rushes::store::{Claim, Claimed, Facts, Reel, Store};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedReceiver;

/// No condition is waited for longer than this; a healthy run needs a fraction.
const PATIENCE: Duration = Duration::from_secs(40);

pub struct Stage {
    pub folder: tempfile::TempDir,
    /// Where database and reels lie.
    pub data: PathBuf,
    pub sandbox: Sandbox,
    pub store: Store,
    pub reel: Reel,
    pub certain_after: SignedDuration,
    pub in_flight: u32,
    pub cap: Option<Usd>,
    pub backend: Backend,
    pub key: &'static str,
    /// How far the engine's clock is ahead of the others.
    pub ahead: SignedDuration,
    /// Shared by everything that changes the queue.
    pub wake: Wake,
}

/// The machine's clock, set ahead.
pub struct Ahead(pub SignedDuration);

impl Clock for Ahead {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now() + self.0
    }
}

impl Stage {
    /// A stage whose sandbox goes wrong as `faults` says.
    pub async fn with_faults(faults: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_owned();
        Self::at(folder, data, faults).await
    }

    /// The same with another pace than twenty times the provider's.
    pub async fn at_pace(pace: f64, faults: &str) -> Self {
        let mut stage = Self::with_faults("").await;
        let state = stage.folder.path().join("other-pace");
        stage.sandbox = start_sandbox_at(pace, state, faults).await;
        stage
    }

    /// A stage with database and reels in `data`.
    pub async fn at(folder: tempfile::TempDir, data: PathBuf, faults: &str) -> Self {
        rushes::segmind::tls::install();
        let sandbox = start_sandbox(folder.path().join("sandbox"), faults).await;
        let store = Store::open(&data.join("rushes.db"), Arc::new(SystemClock)).unwrap();
        let reel = store.reel("test").unwrap();
        Self {
            folder,
            data,
            sandbox,
            store,
            reel,
            certain_after: SignedDuration::from_secs(2),
            in_flight: 4,
            cap: None,
            backend: Backend::Sandbox,
            key: sandbox::KEY,
            ahead: SignedDuration::ZERO,
            wake: Wake::default(),
        }
    }

    pub fn client(&self) -> Client {
        self.client_at(&self.sandbox.origin())
    }

    pub fn client_at(&self, origin: &str) -> Client {
        self.client_of(Endpoints::stand_in(origin))
    }

    /// A client with the stage's key.
    pub fn client_of(&self, endpoints: Endpoints) -> Client {
        let timeouts = Timeouts {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(5),
            overall: Duration::from_secs(30),
        };
        Client::new(endpoints, ApiKey::new(self.key).unwrap(), timeouts).unwrap()
    }

    pub fn start(&self) -> (Engine, UnboundedReceiver<Event>) {
        self.start_at(&self.sandbox.origin())
    }

    pub fn start_at(&self, origin: &str) -> (Engine, UnboundedReceiver<Event>) {
        self.start_with(self.client_at(origin))
    }

    pub fn start_with(&self, client: Client) -> (Engine, UnboundedReceiver<Event>) {
        self.start_all(client, Spending::fixed(self.cap))
    }

    /// Starts an engine that may spend what these settings say.
    pub fn start_under(&self, spending: Spending) -> (Engine, UnboundedReceiver<Event>) {
        self.start_all(self.client(), spending)
    }

    fn start_all(&self, client: Client, spending: Spending) -> (Engine, UnboundedReceiver<Event>) {
        Engine::start(Setup {
            client,
            spending,
            ..self.setup()
        })
    }

    pub fn setup(&self) -> Setup {
        Setup {
            store: self.store.clone(),
            client: self.client(),
            clock: Arc::new(Ahead(self.ahead)),
            backend: self.backend,
            reels: self.data.join("reels"),
            file_names: "{n}-s{seed}-{res}-{dur}s".parse().unwrap(),
            in_flight: self.in_flight,
            spending: Spending::fixed(self.cap),
            published: Arc::new(|_, _| Expectation::around(300, "a quick sandbox")),
            history_certain_after: self.certain_after,
            on_saved: Arc::new(|_, _| {}),
            random: 1,
            wake: self.wake.clone(),
        }
    }

    /// Puts one take for each seed into the queue.
    pub async fn admit(&self, seeds: &str) -> Vec<TakeId> {
        self.admit_draft(Form {
            seeds: seeds.to_owned(),
            ..form()
        })
        .await
    }

    /// The same, each repeated as often after a fault of the provider.
    pub async fn admit_with_repeats(&self, seeds: &str, repeats: u32) -> Vec<TakeId> {
        let form = Form {
            seeds: seeds.to_owned(),
            ..form()
        };
        self.admit_order(form, repeats).await
    }

    pub async fn admit_draft(&self, form: Form) -> Vec<TakeId> {
        self.admit_order(form, 0).await
    }

    async fn admit_order(&self, form: Form, repeats: u32) -> Vec<TakeId> {
        let order = self.order(form, repeats);
        self.admit_under(order, Spending::fixed(None)).await.unwrap()
    }

    /// The order for the takes of a form, as the program makes it.
    pub fn order(&self, form: Form, repeats: u32) -> Order {
        let terms = Terms {
            reel_id: self.reel.id.clone(),
            backend: self.backend,
            repeats,
        };
        terms.of_form(form, &Snippets::new(), None).unwrap()
    }

    /// Puts an order into the queue, within what may be spent.
    pub async fn admit_under(&self, order: Order, spending: Spending) -> Result<Vec<TakeId>, AdmitError> {
        let setup = Setup {
            spending,
            ..self.setup()
        };
        setup.admit(order, &|_| {}).await
    }

    /// Claims the next take as another program does, which is called "dead".
    pub fn claimed(&self) -> Take {
        let claim = Claim {
            owner: "dead".into(),
            account: self.client().account().to_owned(),
            backend: self.backend,
            limit: 4,
            caps: rushes::store::Caps::default(),
            prices: None,
            lease: SignedDuration::from_secs(60),
        };
        match self.store.claim(&claim).unwrap() {
            Claimed::Take(take) => *take,
            other => panic!("{other:?}"),
        }
    }

    /// Where the video of a take of four seconds belongs; its folder is made.
    pub fn video_path(&self, take: &Take) -> PathBuf {
        let folder = self.data.join("reels").join(&self.reel.folder);
        std::fs::create_dir_all(&folder).unwrap();
        folder.join(format!(
            "{:05}-s{}-{}-4s.mp4",
            take.id.0, take.seed, take.resolution
        ))
    }

    /// The video of a rendered take, as the sandbox gives it out.
    pub async fn whole_video(&self, id: TakeId) -> Vec<u8> {
        let url = self.take(id).output_url.unwrap();
        let mut chunks = self.client().download(&url, 0).await.unwrap().chunks;
        let mut bytes = Vec::new();
        while let Some(chunk) = chunks.next().await {
            bytes.extend_from_slice(&chunk.unwrap());
        }
        bytes
    }

    pub fn take(&self, id: TakeId) -> Take {
        self.store.take(id).unwrap()
    }

    /// How often the history was asked about a take.
    pub fn looks(&self, id: TakeId) -> u32 {
        let exchanges = self.store.exchanges(id).unwrap();
        let looks = exchanges.iter().filter(|exchange| exchange.stage == "history");
        looks.map(|exchange| exchange.times).sum()
    }

    /// Waits until `done` says so of every take.
    pub async fn wait(&self, ids: &[TakeId], done: impl Fn(&Take) -> bool) -> Vec<Take> {
        let takes = || ids.iter().map(|id| self.take(*id)).collect::<Vec<Take>>();
        let standing = || {
            let takes = takes();
            let standing = takes
                .iter()
                .map(|t| format!("{} {} {:?}", t.id, t.state, t.error));
            format!("still {:?}", standing.collect::<Vec<_>>())
        };
        until(standing, async || takes().iter().all(&done)).await;
        takes()
    }

    pub async fn settled(&self, ids: &[TakeId]) -> Vec<Take> {
        self.wait(ids, |take| take.state.settled()).await
    }

    /// Waits until all are saved, and compares them with the ledger.
    pub async fn saved(&self, ids: &[TakeId]) -> Vec<Take> {
        let takes = self.settled(ids).await;
        assert!(
            takes.iter().all(|take| take.state == TakeState::Saved),
            "{takes:#?}"
        );
        self.ledger_agrees(&takes).await;
        takes
    }

    /// The sandbox's ledger.
    pub async fn ledger(&self) -> Vec<Value> {
        self.told("ledger").await["requests"].as_array().unwrap().clone()
    }

    /// How often a request met the first rule of the faults.
    pub async fn met(&self) -> u64 {
        self.told("faults").await["faults"][0]["seen"].as_u64().unwrap()
    }

    /// What the sandbox reports about itself.
    async fn told(&self, what: &str) -> Value {
        let url = format!("{}/_sandbox/{what}", self.sandbox.origin());
        let response = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .get(url)
            .send()
            .await
            .unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    /// Every way that a take went, as words.
    pub fn way(&self, id: TakeId) -> Vec<TakeState> {
        self.store
            .events(id)
            .unwrap()
            .into_iter()
            .map(|event| event.to)
            .collect()
    }

    /// Compares the store with the ledger: each accepted generation is known to one take, bodies and bills are
    /// equal, and nothing was submitted that was not asked for.
    pub async fn ledger_agrees(&self, takes: &[Take]) {
        let ledger = self.ledger().await;
        assert_eq!(
            ledger.len(),
            takes.iter().filter(|take| take.request_id.is_some()).count(),
            "{ledger:#?}"
        );
        for row in &ledger {
            let id = row["request_id"].as_str().unwrap();
            let take = takes
                .iter()
                .find(|take| take.request_id.as_deref() == Some(id))
                .unwrap();
            assert_eq!(row["body"], take.body, "take {}", take.id);
            if take.state == TakeState::Saved {
                let charge: Usd = serde_json::from_value(row["charge"].clone()).unwrap();
                assert_eq!(Some(charge), take.cost, "take {}", take.id);
                assert_eq!(row["sha256"].as_str(), take.sha256.as_deref(), "take {}", take.id);
            }
        }
    }
}

/// Waits until `holds`; says `what` when it takes too long.
pub async fn until(what: impl Fn() -> String, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    // A condition has no signal of its own across processes: it is looked at again.
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    while !holds().await {
        assert!(tokio::time::Instant::now() < deadline, "{}", what());
        tick.tick().await;
    }
}

/// What is noted of a video before it gets its name.
pub fn noted(video: &[u8]) -> Facts {
    use sha2::Digest;
    let hash = sha2::Sha256::digest(video);
    Facts {
        bytes: Some(video.len() as u64),
        sha256: Some(hash.iter().map(|byte| format!("{byte:02x}")).collect()),
        ..Facts::default()
    }
}

/// Makes a file look an hour older than it is, as under a clock that has jumped since.
pub fn make_older(file: &Path) {
    let an_hour_ago = SystemTime::now() - Duration::from_secs(3600);
    let file = std::fs::File::options().write(true).open(file).unwrap();
    file.set_modified(an_hour_ago).unwrap();
}

/// A short, cheap form.
pub fn form() -> Form {
    Form {
        prompt: "A kite lifts over a grey beach.".to_owned(),
        duration: rushes::model::Seconds::new(4).unwrap(),
        ..Form::default()
    }
}

pub async fn start_sandbox(state: PathBuf, faults: &str) -> Sandbox {
    start_sandbox_at(20.0, state, faults).await
}

async fn start_sandbox_at(pace: f64, state: PathBuf, faults: &str) -> Sandbox {
    std::fs::create_dir_all(&state).unwrap();
    let file = state.join("faults.toml");
    std::fs::write(&file, faults).unwrap();
    let options = Options {
        state,
        bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        pace: Pace::Scaled(pace),
        faults: Some(file),
        v1_json: false,
        same_seed: rushes::sandbox::SameSeed::default(),
        clock: Arc::new(SystemClock),
        balance: Usd::parse("100").unwrap(),
    };
    sandbox::start_with(options, Arc::new(quick_video)).await.unwrap()
}

/// The beginning of a `WebM`, which is enough to be one.
pub fn webm() -> Vec<u8> {
    let mut bytes = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm".to_vec();
    bytes.resize(1000, 0);
    bytes
}

/// A real video, drawn in no time: one grey picture for as long as the request says.
fn quick_video(request: &Request, out: &mut dyn Write) -> Result<(), VideoError> {
    // A provider that sends another kind of video.
    if request.form.prompt.contains("as WebM") {
        out.write_all(&webm())?;
        return Ok(());
    }
    let (width, height) = request.pixels();
    // A provider that does not keep to the length.
    let cut = request.form.prompt.contains("cut short");
    let seconds = if cut {
        1
    } else {
        u32::from(request.form.duration.get())
    };
    let shade = u8::try_from(request.seed.number() % 200).unwrap();
    let mut video = Grey {
        width,
        height,
        frames: seconds * price::FPS,
        shade,
    };
    rushes::media::encode(&mut video, out)?;
    Ok(())
}

struct Grey {
    width: u32,
    height: u32,
    frames: u32,
    shade: u8,
}

impl VideoSource for Grey {
    fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }
    fn fps(&self) -> u32 {
        price::FPS
    }
    fn frames(&self) -> u32 {
        self.frames
    }
    fn title(&self) -> &'static str {
        "grey"
    }
    fn is_cut(&self, _frame: u32) -> bool {
        false
    }
    fn draw(&mut self, _frame: u32, picture: &mut Yuv) {
        picture.y.fill(self.shade);
    }
    fn sound(&self) -> Option<Sound> {
        None
    }
}
