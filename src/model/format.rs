//! Formats of pictures, videos and sounds: their names, and how a file is converted into one that providers take.

use super::parameters::Medium;
use super::word_enum;

word_enum! {
    /// A format that rushes can tell from others by a file's content; the word is that of `models.toml`.
    Format {
        Heic = "heic", Avif = "avif", Gif = "gif", Svg = "svg", Jpeg = "jpeg", Png = "png", WebP = "webp", Bmp = "bmp",
        Tiff = "tiff", Jxl = "jxl",
        Mp4 = "mp4", Mov = "mov", Mkv = "mkv", WebM = "webm", Avi = "avi", Wmv = "wmv", Mpeg = "mpeg", Flv = "flv",
        Mp3 = "mp3", Wav = "wav", Opus = "opus", Ogg = "ogg", Flac = "flac", M4a = "m4a", Aac = "aac", Amr = "amr",
        Aiff = "aiff",
    }
}

impl Format {
    /// The format of this type, such as `image/heif`. An M4V is an MP4 of another name.
    pub fn of_mime(mime: &str) -> Option<Self> {
        Some(match mime {
            "image/heif" => Self::Heic,
            "image/avif" => Self::Avif,
            "image/gif" => Self::Gif,
            "image/svg+xml" => Self::Svg,
            "image/jpeg" => Self::Jpeg,
            "image/png" => Self::Png,
            "image/webp" => Self::WebP,
            "image/bmp" => Self::Bmp,
            "image/tiff" => Self::Tiff,
            "image/jxl" => Self::Jxl,
            "video/mp4" | "video/x-m4v" => Self::Mp4,
            "video/quicktime" => Self::Mov,
            "video/x-matroska" => Self::Mkv,
            "video/webm" => Self::WebM,
            "video/x-msvideo" => Self::Avi,
            "video/x-ms-wmv" => Self::Wmv,
            "video/mpeg" => Self::Mpeg,
            "video/x-flv" => Self::Flv,
            "audio/mpeg" => Self::Mp3,
            "audio/x-wav" => Self::Wav,
            "audio/opus" => Self::Opus,
            "audio/ogg" => Self::Ogg,
            "audio/x-flac" => Self::Flac,
            "audio/m4a" => Self::M4a,
            "audio/aac" => Self::Aac,
            "audio/amr" => Self::Amr,
            "audio/x-aiff" => Self::Aiff,
            _ => return None,
        })
    }

    /// As people write it: `HEIC`, `WebM`.
    pub fn name(self) -> String {
        match self {
            Self::WebP => "WebP".to_owned(),
            Self::WebM => "WebM".to_owned(),
            Self::Opus => "Opus".to_owned(),
            Self::Ogg => "Ogg".to_owned(),
            _ => self.word().to_uppercase(),
        }
    }
}

/// What to do with the file at `path`, which is of this medium and of a format that may be refused. (The commands: ffmpeg,
/// libheif and librsvg.)
pub fn conversion(medium: Medium, format: Option<Format>, path: &str) -> String {
    let (to, ending) = match (medium, format) {
        (Medium::Image, Some(Format::Heic)) => ("JPEG", "jpg"),
        (Medium::Image, _) => ("PNG", "png"),
        (Medium::Video, _) => ("MP4", "mp4"),
        (Medium::Audio, _) => ("MP3", "mp3"),
    };
    let (old, new) = (quoted(path), quoted(&with_ending(path, ending)));
    let command = match format {
        // Before its release 7.1, ffmpeg reads one tile of such a picture only.
        Some(Format::Heic) => format!("heif-convert {old} {new}"),
        Some(Format::Svg) => format!("rsvg-convert -o {new} {old}"),
        Some(Format::Gif) => format!("ffmpeg -i {old} -frames:v 1 {new}"),
        _ => format!("ffmpeg -i {old} {new}"),
    };
    format!("convert it to {to}, for example with {command}")
}

/// The same path with another ending of the file's name.
fn with_ending(path: &str, ending: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let kept = match name.rfind('.') {
        Some(dot) if dot > 0 => path.len() - name.len() + dot,
        _ => path.len(),
    };
    let new = format!("{}.{ending}", &path[..kept]);
    if new == path {
        // The name says another format than the content: the file itself must not be overwritten.
        return format!("{}-converted.{ending}", &path[..kept]);
    }
    new
}

/// A path as a shell reads it; `~/` stays the user's home.
fn quoted(path: &str) -> String {
    match path.strip_prefix("~/") {
        Some(rest) => format!("~/{}", shell_words::quote(rest)),
        None => shell_words::quote(path).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversion_names_files_as_a_shell_reads_them() {
        for (medium, format, path, command) in [
            (
                Medium::Image,
                Format::Heic,
                "her look.heic",
                "JPEG, for example with heif-convert 'her look.heic' 'her look.jpg'",
            ),
            (
                Medium::Image,
                Format::Avif,
                "~/stills/a.avif",
                "PNG, for example with ffmpeg -i ~/stills/a.avif ~/stills/a.png",
            ),
            (
                Medium::Image,
                Format::Gif,
                "a.gif",
                "PNG, for example with ffmpeg -i a.gif -frames:v 1 a.png",
            ),
            (
                Medium::Image,
                Format::Svg,
                "a.svg",
                "PNG, for example with rsvg-convert -o a.png a.svg",
            ),
            (
                Medium::Image,
                Format::Svg,
                "lies.png",
                "PNG, for example with rsvg-convert -o lies-converted.png lies.png",
            ),
            (
                Medium::Video,
                Format::Mkv,
                "v.1/kite",
                "MP4, for example with ffmpeg -i v.1/kite v.1/kite.mp4",
            ),
            (
                Medium::Audio,
                Format::Opus,
                ".opus",
                "MP3, for example with ffmpeg -i .opus .opus.mp3",
            ),
        ] {
            let told = conversion(medium, Some(format), path);
            assert_eq!(told, format!("convert it to {command}"));
        }
    }
}
