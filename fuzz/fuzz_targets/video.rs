//! Any bytes are a video, a sound, or an error: neither a hang nor a panic outside of the reading thread.
//!
//! `cargo +nightly fuzz run video` from the project's root; `tests/clips` makes a corpus to start from.

#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use rushes::media::{Cancel, MediaError, Video, VideoProblem, Wanted, is_worker_thread, wave};

fn checked<T>(result: Result<T, MediaError>) -> Option<T> {
    if let Err(MediaError::Read { problem, .. }) = &result {
        assert!(!matches!(problem, VideoProblem::Endless));
    }
    result.ok()
}

fuzz_target!(
    init: {
        // A panic of a parser is caught and becomes an error.
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !is_worker_thread() {
                usual(info);
            }
        }));
    },
    |bytes: &[u8]| {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(bytes).expect("room for it");
        let cancel = Cancel::new();
        if let Some(mut video) = checked(Video::open(file.path(), &Wanted::default())) {
            for _ in 0..4 {
                checked(video.next(&cancel));
            }
            checked(video.previous(&cancel));
        }
        checked(wave(file.path(), 20, &cancel));
    }
);
