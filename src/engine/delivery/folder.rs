//! Where the video of a take goes.

use std::path::PathBuf;

use crate::engine::blocking::blocking;
use crate::engine::context::Context;
use crate::engine::file_names;
use crate::model::Take;

use super::error::Undelivered;

/// The names of a video before and after it is saved.
#[derive(Debug, Clone)]
pub struct Names {
    /// The partial download is named after this one.
    pub working: PathBuf,
    pub saved: PathBuf,
}

/// The names of the video of `take`; its folder is created.
pub async fn names(context: &Context, take: &Take) -> Result<Names, Undelivered> {
    let id = take.id;
    let reel = context.keep(move |store| store.reel_of(id)).await?;
    let reels = &context.setup.reels;
    let names = Names {
        working: file_names::working(reels, &reel.folder, take),
        saved: file_names::saved(reels, &reel, take, &context.setup.file_names),
    };
    blocking(move || {
        let folder = names.working.parent().unwrap_or(&names.working);
        file_names::make_folder(folder).map_err(Undelivered::io("cannot create the folder", folder))?;
        Ok(names)
    })
    .await
}
