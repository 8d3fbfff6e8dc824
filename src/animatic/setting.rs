//! Where a shot plays, by its words or by chance.

use super::random::Dice;
use super::skyline::Shape;

/// A kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Hills,
    Peaks,
    Dunes,
    City,
    Sea,
    Room,
}

/// Words that speak of a place; a word matches where it starts, Chinese anywhere.
const WORDS: [(Place, &[&str]); 6] = [
    (
        Place::Sea,
        &[
            "sea", "ocean", "beach", "lake", "river", "wave", "boat", "ship", "harbo", "island", "water",
            "海", "湖", "水",
        ],
    ),
    (
        Place::City,
        &[
            "city", "street", "neon", "skyline", "rooftop", "road", "highway", "car ", "cars", "driv",
            "traffic", "downtown", "alley", "subway", "城", "街", "车",
        ],
    ),
    (
        Place::Room,
        &[
            "room",
            "kitchen",
            "office",
            "cafe",
            "café",
            "restaurant",
            "interior",
            "indoors",
            "bed",
            "studio",
            "desk",
            "table",
            "屋",
            "室",
            "房",
        ],
    ),
    (
        Place::Peaks,
        &["mountain", "snow", "peak", "cliff", "alp", "glacier", "山", "雪"],
    ),
    (Place::Dunes, &["desert", "dune", "sand", "mars", "沙"]),
    (
        Place::Hills,
        &[
            "field", "forest", "tree", "hill", "meadow", "garden", "park", "grass", "森", "林", "田", "草",
        ],
    ),
];

const ANY: [Place; 5] = [Place::Hills, Place::Peaks, Place::Dunes, Place::City, Place::Sea];

/// The place that the words name first, or one by chance.
pub(super) fn place(words: &str, dice: &mut Dice) -> Place {
    let chance = usize::try_from(dice.between(0, 5)).unwrap_or(0);
    let spaced = format!(
        " {} ",
        words.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " ")
    );
    let first = |phrases: &[&str]| {
        let found = phrases.iter().filter_map(|phrase| {
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
        .filter_map(|(place, phrases)| Some((first(phrases)?, *place)))
        .min_by_key(|(at, _)| *at)
        .map_or(ANY[chance.min(4)], |(_, place)| place)
}

impl Place {
    /// Shape, depth below the horizon and rise above that, in hundredths of the picture: far, middle, near.
    pub(super) fn ridges(self, dice: &mut Dice) -> [(Shape, i32, i32); 3] {
        let more = dice.between(0, 10);
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
    fn words_name_the_place_and_chance_does_otherwise() {
        let named = |words| place(words, &mut Dice::new(words, 1));
        assert_eq!(named("Waves break on the beach"), Place::Sea);
        assert_eq!(named("A car crosses the bridge"), Place::City);
        assert_eq!(named("A carpet in the kitchen"), Place::Room);
        assert_eq!(named("雪山"), Place::Peaks);
        let by_seed: std::collections::BTreeSet<String> = (0..30)
            .map(|seed| format!("{:?}", place("A kite", &mut Dice::new("A kite", seed))))
            .collect();
        assert_eq!(by_seed.len(), 5, "{by_seed:?}");
    }
}
