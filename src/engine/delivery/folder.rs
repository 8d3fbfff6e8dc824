//! Where the video of a take goes.

use std::path::PathBuf;

use crate::engine::blocking::blocking;
use crate::engine::context::Context;
use crate::engine::file_names;
use crate::model::Take;

use super::error::Undelivered;

/// The path of the video of `take`; its folder is created.
pub async fn video_path(context: &Context, take: &Take) -> Result<PathBuf, Undelivered> {
    let id = take.id;
    let reel = context.keep(move |store| store.reel_of(id)).await?;
    let path = file_names::video(&context.setup.reels, &reel.folder, take);
    blocking(move || {
        let folder = path.parent().unwrap_or(&path);
        file_names::make_folder(folder).map_err(Undelivered::io("cannot create the folder", folder))?;
        Ok(path)
    })
    .await
}
