//! The ffmpeg command that joins videos which do not agree, by encoding them anew.

use std::path::{Path, PathBuf};

use super::super::inspect::{MovieInfo, inspect};

/// The command that joins `files` into `to`, in the size and the rate of the first, ready for a shell. Where a video
/// cannot be read in that much detail: how each of them is encoded anew.
pub(super) fn reencode(files: &[PathBuf], to: &Path) -> String {
    let videos: Result<Vec<MovieInfo>, _> = files.iter().map(|path| inspect(path)).collect();
    let Ok(videos) = videos else {
        return "ffmpeg -n -i FILE -c:v libx264 -pix_fmt yuv420p -c:a aac NEW, for each of them".to_owned();
    };
    let mut words = vec!["ffmpeg".to_owned(), "-n".to_owned()];
    for path in files {
        words.extend(["-i".to_owned(), file(path)]);
    }
    let has_sound = videos.iter().any(|video| video.audio_codec.is_some());
    words.extend(["-filter_complex".to_owned(), graph(&videos, has_sound)]);
    words.extend(["-map", "[v]"].map(str::to_owned));
    if has_sound {
        words.extend(["-map", "[a]", "-c:a", "aac", "-b:a", "192k"].map(str::to_owned));
    }
    words.extend(["-c:v", "libx264", "-crf", "17", "-movflags", "+faststart"].map(str::to_owned));
    words.push(file(to));
    shell_words::join(words)
}

/// A path that ffmpeg does not take for an option or an address.
fn file(path: &Path) -> String {
    let text = path.display().to_string();
    let is_odd = text.starts_with('-') || text.contains(':');
    if is_odd && path.is_relative() {
        return format!("./{text}");
    }
    text
}

/// Brings all videos to the first one's size and rate and puts them one behind the other.
fn graph(videos: &[MovieInfo], has_sound: bool) -> String {
    let (mut steps, mut streams) = (Vec::new(), String::new());
    let Some(first) = videos.first() else {
        return String::new();
    };
    // The encoder needs even sides.
    let (width, height) = ((first.width / 2 * 2).max(2), (first.height / 2 * 2).max(2));
    let fps = first.fps;
    for (number, video) in videos.iter().enumerate() {
        steps.push(format!(
            "[{number}:v:0]scale={width}:{height}:force_original_aspect_ratio=decrease,\
             pad={width}:{height}:-1:-1,setsar=1,fps={fps},format=yuv420p[v{number}]"
        ));
        streams += &format!("[v{number}]");
        if !has_sound {
            continue;
        }
        streams += &format!("[a{number}]");
        steps.push(if video.audio_codec.is_some() {
            format!("[{number}:a:0]aresample=48000,aformat=channel_layouts=stereo[a{number}]")
        } else {
            let (seconds, millis) = (video.duration_ms / 1000, video.duration_ms % 1000);
            format!("anullsrc=r=48000:cl=stereo,atrim=duration={seconds}.{millis:03}[a{number}]")
        });
    }
    let (count, sounds) = (videos.len(), u8::from(has_sound));
    let sound = if has_sound { "[a]" } else { "" };
    steps.push(format!("{streams}concat=n={count}:v=1:a={sounds}[v]{sound}"));
    steps.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_are_no_options_and_no_addresses() {
        for (path, expected) in [
            ("a.mp4", "a.mp4"),
            ("-y.mp4", "./-y.mp4"),
            ("take:1.mp4", "./take:1.mp4"),
            ("/videos/take:1.mp4", "/videos/take:1.mp4"),
        ] {
            assert_eq!(file(Path::new(path)), expected);
        }
    }
}
