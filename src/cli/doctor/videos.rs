//! Looks whether the saved videos are still where they were saved.

use std::fs;

use crate::store::{SavedVideo, Store, StoreError};

use super::{Finding, Weight};

/// The most videos that are named for one fault.
const MAX_NAMED: u64 = 3;

/// Videos with the same fault.
#[derive(Default)]
struct Faulty {
    count: u64,
    named: Vec<String>,
}

impl Faulty {
    fn add(&mut self, video: &SavedVideo) {
        self.count += 1;
        if self.count <= MAX_NAMED {
            self.named
                .push(format!("take {} ({})", video.take, video.file.display()));
        }
    }

    /// `2 are gone: take 1 (…), take 2 (…)`; `None` without any.
    fn told(&self, what: &str) -> Option<String> {
        let verb = match self.count {
            0 => return None,
            1 => "is",
            _ => "are",
        };
        let others = match self.count.saturating_sub(MAX_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "{} {verb} {what}: {}{others}",
            self.count,
            self.named.join(", ")
        ))
    }
}

/// One finding about all of the videos; none where there are none.
pub(super) fn videos(store: &Store) -> Result<Option<Finding>, StoreError> {
    let (mut all, mut gone, mut changed) = (0, Faulty::default(), Faulty::default());
    store.each_saved_video(|video| {
        all += 1;
        match fs::metadata(&video.file) {
            Err(_) => gone.add(video),
            Ok(found) if video.bytes.is_some_and(|bytes| bytes != found.len()) => changed.add(video),
            Ok(_) => {}
        }
    })?;
    let faults = [gone.told("gone"), changed.told("of another size than was saved")];
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    if faults.is_empty() {
        return Ok((all > 0).then(|| Weight::Ok.of("videos", format!("{all} saved, all are there"))));
    }
    let what = format!(
        "{all} saved; {}. Restore the files that were saved",
        faults.join("; ")
    );
    Ok(Some(Weight::Note.of("videos", what)))
}
