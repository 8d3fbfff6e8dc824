//! Every limit that others report, at its edges and beyond them; formats; lengths of several files.

use super::*;
use crate::model::Model;
use crate::model::catalogue;

fn model(slug: &str) -> Model {
    Model::of(
        catalogue::embedded()
            .iter()
            .find(|spec| spec.slug == slug)
            .unwrap()
            .clone(),
    )
}

fn file(medium: Medium, mime: &'static str) -> Measured<'static> {
    Measured {
        path: "a.x",
        medium,
        mime,
        pixels: None,
        millis: None,
    }
}

fn told(complaints: &[Complaint]) -> String {
    let all: Vec<String> = complaints.iter().map(ToString::to_string).collect();
    all.join("; ")
}

#[test]
fn pictures_have_sides_and_a_ratio() {
    for (pixels, expected) in [
        ((300, 300), ""),
        ((6000, 6000), ""),
        ((750, 300), ""),
        ((400, 1000), ""),
        (
            (299, 400),
            "a.x has 299×400 pixels, and others report 300 to 6000 a side as the limits: use a larger one",
        ),
        (
            (6001, 4000),
            "a.x has 6001×4000 pixels, and others report 300 to 6000 a side as the limits: make it smaller",
        ),
        (
            (1000, 390),
            "a.x is 2.56 times as wide as it is high, and others report 0.4 to 2.5 as the limits: crop it",
        ),
        (
            (390, 1000),
            "a.x is 0.39 times as wide as it is high, and others report 0.4 to 2.5 as the limits: crop it",
        ),
        (
            (1, 1000),
            "a.x has 1×1000 pixels, and others report 300 to 6000 a side as the limits: use a larger one; a.x is 0.00 \
             times as wide as it is high, and others report 0.4 to 2.5 as the limits: crop it",
        ),
    ] {
        let measured = Measured {
            pixels: Some(pixels),
            ..file(Medium::Image, "image/png")
        };
        for slug in [
            "seedance-2.0",
            "seedance-2.0-fast",
            "seedance-2.0-mini",
            "seedance-2.5",
        ] {
            assert_eq!(
                told(&model(slug).reported.beyond(&measured)),
                expected,
                "{slug} {pixels:?}"
            );
        }
    }
}

#[test]
fn videos_have_lines_or_the_pixels_of_them() {
    let found = |pixels| {
        let measured = Measured {
            pixels: Some(pixels),
            ..file(Medium::Video, "video/mp4")
        };
        told(&model("seedance-2.0").reported.beyond(&measured))
    };
    for fine in [
        (854, 480),
        (720, 480),
        (480, 854),
        (1920, 1080),
        (1080, 1920),
        (2560, 1080),
    ] {
        assert_eq!(found(fine), "", "{fine:?}");
    }
    assert_eq!(
        found((640, 360)),
        "a.x has 640×360 pixels, and others report 480p to 1080p as the limits: use a larger one"
    );
    assert_eq!(
        found((2560, 1440)),
        "a.x has 2560×1440 pixels, and others report 480p to 1080p as the limits: make it smaller"
    );
}

/// A take may always be the reference of another one.
#[test]
fn the_sizes_of_takes_up_to_1080p_are_within_the_limits() {
    for spec in catalogue::embedded() {
        for (resolution, shapes) in spec.resolutions.iter().filter(|(known, _)| known.wire() != "4k") {
            for pixels in shapes.values() {
                let measured = Measured {
                    pixels: Some(*pixels),
                    ..file(Medium::Video, "video/mp4")
                };
                assert_eq!(spec.reported.beyond(&measured), [], "{resolution} {pixels:?}");
            }
        }
    }
}

#[test]
fn sounds_have_a_length_each_and_together() {
    let each = |slug, millis| {
        let measured = Measured {
            millis: Some(millis),
            ..file(Medium::Audio, "audio/mpeg")
        };
        told(&model(slug).reported.beyond(&measured))
    };
    let together = |slug, medium, lengths: &[Option<u64>]| {
        let limit = model(slug).reported.together(medium, lengths);
        limit.map_or_else(String::new, |limit| limit.to_string())
    };
    for (slug, millis, expected) in [
        ("seedance-2.0", 1_800, ""),
        (
            "seedance-2.0",
            1_700,
            "a.x lasts 1.7 s, and others report 2 s as the least: use a longer one",
        ),
        ("seedance-2.0", 15_200, ""),
        ("seedance-2.5", 15_300, ""),
        (
            "seedance-2.5",
            1_200,
            "a.x lasts 1.2 s, and others report 2 s as the least: use a longer one",
        ),
        (
            "seedance-2.5",
            31_000,
            "a.x lasts 31 s, and others report 30 s as the most: cut it",
        ),
    ] {
        assert_eq!(each(slug, millis), expected, "{slug} {millis}");
    }
    let (sound, video) = (Medium::Audio, Medium::Video);
    for (slug, medium, lengths, expected) in [
        ("seedance-2.0", sound, &[Some(7_600), Some(7_600)][..], ""),
        (
            "seedance-2.0",
            sound,
            &[Some(12_000), Some(10_000)],
            "the reference sounds are 22 s together, and others report 15 s as the most: cut them, or attach fewer",
        ),
        (
            "seedance-2.0-mini",
            video,
            &[Some(10_000), None, Some(6_500)],
            "the reference videos are at least 16.5 s together, and others report 15 s as the most: cut them, or attach \
             fewer",
        ),
        ("seedance-2.5", video, &[Some(30_000), Some(30_000)], ""),
        ("seedance-2.5", sound, &[Some(20_000), Some(10_000)], ""),
        // That is told of the sound alone.
        ("seedance-2.5", sound, &[Some(31_000)], ""),
        ("seedance-2.0", sound, &[None, None, None], ""),
        ("seedance-2.0", Medium::Image, &[Some(60_000)], ""),
    ] {
        assert_eq!(together(slug, medium, lengths), expected, "{slug} {lengths:?}");
    }
}

#[test]
fn a_refused_format_is_named_with_what_to_convert_it_to() {
    let found = |medium, mime| {
        let format = model("seedance-2.0").reported.format(&file(medium, mime));
        format.map_or_else(String::new, |format| format.to_string())
    };
    for (medium, fine) in [
        (
            Medium::Image,
            &["image/png", "image/jpeg", "image/webp", "image/bmp", "image/tiff"][..],
        ),
        (Medium::Video, &["video/mp4", "video/x-m4v", "video/quicktime"]),
        (Medium::Audio, &["audio/mpeg", "audio/x-wav"]),
    ] {
        for mime in fine {
            assert_eq!(found(medium, mime), "", "{mime}");
        }
    }
    for (medium, mime, expected) in [
        (
            Medium::Image,
            "image/heif",
            "a.x is HEIC, which others report as refused: convert it to JPEG, for example with heif-convert a.x a.jpg",
        ),
        (
            Medium::Image,
            "image/svg+xml",
            "a.x is SVG, which others report as refused: convert it to PNG, for example with rsvg-convert -o a.png a.x",
        ),
        (
            Medium::Video,
            "video/webm",
            "a.x is WebM, and others report that only MP4 or MOV is accepted: convert it to MP4, for example with ffmpeg \
             -i a.x a.mp4",
        ),
        (
            Medium::Audio,
            "audio/opus",
            "a.x is Opus, and others report that only MP3 or WAV is accepted: convert it to MP3, for example with ffmpeg \
             -i a.x a.mp3",
        ),
        (
            Medium::Audio,
            "audio/midi",
            "a.x is audio/midi, and others report that only MP3 or WAV is accepted: convert it to MP3, for example with \
             ffmpeg -i a.x a.mp3",
        ),
    ] {
        assert_eq!(found(medium, mime), expected);
    }
}

#[test]
fn a_model_of_which_nothing_is_reported_has_no_limits() {
    let none = Reported::default();
    for medium in [Medium::Image, Medium::Video, Medium::Audio] {
        let measured = Measured {
            pixels: Some((1, 9000)),
            millis: Some(1),
            ..file(medium, "video/webm")
        };
        assert_eq!(
            (none.format(&measured), none.beyond(&measured)),
            (None, Vec::new())
        );
        assert_eq!(none.together(medium, &[Some(u64::from(u32::MAX))]), None);
    }
}

#[test]
fn the_users_file_changes_limits_and_takes_them_away() {
    let text = "[\"seedance-2.0\"]\nreported = { audio_seconds_total = 60, image_side = false }\n";
    let (specs, errors) = catalogue::with(text);
    assert_eq!(errors, []);
    let tiny = Measured {
        pixels: Some((20, 20)),
        ..file(Medium::Image, "image/png")
    };
    assert_eq!(specs[0].reported.beyond(&tiny), []);
    assert_eq!(specs[0].reported.together(Medium::Audio, &[Some(60_000)]), None);
    assert!(
        specs[0]
            .reported
            .together(Medium::Video, &[Some(60_000)])
            .is_some()
    );
    for (wrong, what) in [
        (
            "image_side = [9, 1]",
            "reported.image_side: the first of the two is above the second",
        ),
        ("audio_formats = [\"mp5\"]", "unknown variant `mp5`"),
        ("sides = 1", "unknown field `sides`"),
    ] {
        let (specs, errors) = catalogue::with(&format!("[\"seedance-2.0\"]\nreported = {{ {wrong} }}\n"));
        assert_eq!(specs, catalogue::embedded());
        assert!(errors[0].what.contains(what), "{errors:?}");
    }
}
