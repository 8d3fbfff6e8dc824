//! Takes of four shots that are saved with real videos, for the overlays that choose among them.

use std::io::Write;
use std::path::PathBuf;

use jiff::SignedDuration;
use rushes::engine::Event as News;
use rushes::media::{Sound, VideoSource, Yuv};
use rushes::model::text::hex;
use rushes::model::{Backend, Form, Seed, TakeId, TakeState, Usd};
use rushes::store::{Admission, Claim, Claimed, Facts};
use sha2::{Digest, Sha256};

use crate::takes::OWNER;
use crate::test_workbench::Desk;

const SCRIPT: &str = "\
Shot 1 | 0s-2s
A kite lifts off.

Shot 2 | 2s-4s
The dune below.

Shot 3 | 4s-7s
The sea.

Shot 4 | 7s-10s
Night.";

/// Queues a sweep of takes with these seeds, each with four shots in ten seconds.
pub fn queue(desk: &Desk, seeds: &[u32]) -> Vec<TakeId> {
    let form = Form {
        prompt: SCRIPT.to_owned(),
        ..Form::default()
    };
    queue_of(desk, form, seeds)
}

pub fn queue_of(desk: &Desk, form: Form, seeds: &[u32]) -> Vec<TakeId> {
    let admission = Admission::of(
        &desk.reel_id,
        Backend::Sandbox,
        form,
        seeds.iter().map(|seed| Seed::new(*seed).unwrap()),
        Usd::from_micros(100_000),
        Usd::from_micros(100_000),
    );
    desk.store.admit(&admission).unwrap()
}

/// Claims the next waiting take; it is rendered now.
pub fn render(desk: &Desk) -> TakeId {
    let claim = Claim {
        owner: OWNER.into(),
        account: "0123456789abcdef".into(),
        backend: Backend::Sandbox,
        limit: 99,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: SignedDuration::from_secs(60),
    };
    let Claimed::Take(take) = desk.store.claim(&claim).unwrap() else {
        panic!("no take to claim")
    };
    for state in [TakeState::Accepted, TakeState::Processing] {
        step(desk, take.id, state, &Facts::default());
    }
    take.id
}

fn step(desk: &Desk, id: TakeId, state: TakeState, facts: &Facts) {
    let facts = Facts {
        request_id: Some(format!("request-{id}")),
        ..facts.clone()
    };
    desk.store.step(OWNER, id, state, "by the test", &facts).unwrap();
    desk.tell(News::Take(id));
}

/// Saves a take that is rendered; its video is gone already.
pub fn save_without_video(desk: &Desk, id: TakeId) {
    step(desk, id, TakeState::Rendered, &Facts::default());
    let facts = Facts {
        file: Some(format!("/gone/{id}.mp4").into()),
        ..Facts::default()
    };
    step(desk, id, TakeState::Saved, &facts);
}

/// Saves a take that is rendered, with its video.
pub fn save(desk: &Desk, id: TakeId) -> PathBuf {
    let seed = desk.store.take(id).unwrap().seed.number();
    let folder = desk.store.path().with_file_name("reels").join("night-drive");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{id}.mp4"));
    let bytes = video(seed);
    std::fs::File::create(&file).unwrap().write_all(&bytes).unwrap();
    let facts = Facts {
        file: Some(file.clone()),
        bytes: Some(bytes.len() as u64),
        sha256: Some(hex(&Sha256::digest(&bytes))),
        ..Facts::default()
    };
    step(desk, id, TakeState::Rendered, &Facts::default());
    step(desk, id, TakeState::Saved, &facts);
    file
}

/// The next waiting take is rendered and saved.
pub fn deliver(desk: &Desk) -> TakeId {
    let id = render(desk);
    save(desk, id);
    id
}

/// A saved sweep of these seeds.
pub fn saved_sweep(desk: &Desk, seeds: &[u32]) -> Vec<TakeId> {
    let ids = queue(desk, seeds);
    for _ in seeds {
        deliver(desk);
    }
    ids
}

fn video(seed: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    rushes::media::encode(&mut Shades { seed }, &mut bytes).unwrap();
    bytes.into_inner()
}

/// The sky tells the seed, the ground the second.
struct Shades {
    seed: u32,
}

impl VideoSource for Shades {
    fn size(&self) -> (u32, u32) {
        (64, 36)
    }
    fn fps(&self) -> u32 {
        2
    }
    fn frames(&self) -> u32 {
        20
    }
    fn title(&self) -> &'static str {
        "shades"
    }
    fn is_cut(&self, frame: u32) -> bool {
        frame.is_multiple_of(4)
    }
    fn draw(&mut self, frame: u32, picture: &mut Yuv) {
        for (y, row) in picture.y.chunks_exact_mut(64).enumerate() {
            let light = if y < 18 {
                40 + self.seed * 23 % 180
            } else {
                30 + frame * 10
            };
            row.fill(u8::try_from(light.min(235)).unwrap());
        }
        picture.u.fill(128);
        picture.v.fill(128);
    }
    fn sound(&self) -> Option<Sound> {
        None
    }
}
