//! A video's last frame as a PNG, for requests that ask for it.

use std::io;
use std::path::Path;

use crate::media::Picture;

/// Writes the picture to `path`, whole or not at all.
pub(super) fn write(picture: &Picture, path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut part = tempfile::NamedTempFile::new_in(folder)?;
    let mut encoder = png::Encoder::new(part.as_file_mut(), picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&picture.rgb)?;
    writer.finish()?;
    part.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::read_still;

    #[test]
    fn a_picture_keeps_its_pixels() {
        let picture = Picture {
            width: 3,
            height: 2,
            rgb: (0..18).collect(),
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("last.png");
        write(&picture, &path).unwrap();
        assert_eq!(read_still(&path).unwrap(), picture);
    }
}
