//! Chooses where a shot is set, by its words or at random.

use super::random::Random;
use super::skyline::Shape;

/// A kind of setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Hills,
    Peaks,
    Dunes,
    City,
    Sea,
    Room,
}

/// Words that name a setting. A word matches where it begins, a Chinese one anywhere.
const WORDS: [(Setting, &str); 6] = [
    (
        Setting::Sea,
        "sea|ocean|beach|lake|river|wave|boat|ship|harbo|island|water|海|湖|水",
    ),
    (
        Setting::City,
        "city|street|neon|skyline|rooftop|road|highway|car |cars|driv|traffic|downtown|alley|subway|城|街|车",
    ),
    (
        Setting::Room,
        "room|kitchen|office|cafe|café|restaurant|interior|indoors|bed|studio|desk|table|屋|室|房",
    ),
    (Setting::Peaks, "mountain|snow|peak|cliff|alp|glacier|山|雪"),
    (Setting::Dunes, "desert|dune|sand|mars|沙"),
    (
        Setting::Hills,
        "field|forest|tree|hill|meadow|garden|park|grass|森|林|田|草",
    ),
];

const ANY: [Setting; 5] = [
    Setting::Hills,
    Setting::Peaks,
    Setting::Dunes,
    Setting::City,
    Setting::Sea,
];

/// The setting that the words name first, or a random one.
pub(super) fn setting(words: &str, random: &mut Random) -> Setting {
    let any = random.pick(5);
    let spaced = format!(
        " {} ",
        words.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " ")
    );
    let first = |phrases: &str| {
        let found = phrases.split('|').filter_map(|phrase| {
            if phrase.is_ascii() {
                spaced.find(&format!(" {phrase}"))
            } else {
                spaced.find(phrase)
            }
        });
        found.min()
    };
    WORDS
        .iter()
        .filter_map(|(setting, phrases)| Some((first(phrases)?, *setting)))
        .min_by_key(|(at, _)| *at)
        .map_or(ANY[any], |(_, setting)| setting)
}

impl Setting {
    /// The far, the middle and the near skyline, each with how far its foot is below the horizon and how high it rises,
    /// in hundredths of the picture.
    pub(super) fn skylines(self, random: &mut Random) -> [(Shape, i32, i32); 3] {
        let more = random.between(0, 10);
        match self {
            Self::Hills | Self::Room => [
                (Shape::Hills, 3, 16 + more),
                (Shape::Hills, 11, 15 + more),
                (Shape::Hills, 24, 13),
            ],
            Self::Peaks => [
                (Shape::Peaks, 4, 34 + more),
                (Shape::Peaks, 11, 22),
                (Shape::Hills, 24, 14),
            ],
            Self::Dunes => [
                (Shape::Dunes, 3, 12 + more),
                (Shape::Dunes, 12, 16 + more),
                (Shape::Dunes, 26, 17),
            ],
            Self::City => [
                (Shape::Houses, 6, 30 + more),
                (Shape::Houses, 14, 26 + more),
                (Shape::Dunes, 27, 5),
            ],
            Self::Sea => [
                (Shape::Hills, 2, 8 + more),
                (Shape::Hills, 4, 4),
                (Shape::Dunes, 8, 4),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_the_setting_or_it_is_random() {
        let named = |words| setting(words, &mut Random::new(words, 1));
        assert_eq!(named("Waves break on the beach"), Setting::Sea);
        assert_eq!(named("A car crosses the bridge"), Setting::City);
        assert_eq!(named("A carpet in the kitchen"), Setting::Room);
        assert_eq!(named("雪山"), Setting::Peaks);
        let by_seed: std::collections::BTreeSet<String> = (0..30)
            .map(|seed| format!("{:?}", setting("A kite", &mut Random::new("A kite", seed))))
            .collect();
        assert_eq!(by_seed.len(), 5, "{by_seed:?}");
    }
}
