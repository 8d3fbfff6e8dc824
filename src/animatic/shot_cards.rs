//! Turns a prompt into cards: what each shows, and from which frame to which.

use crate::model::parameters::Medium;
use crate::model::price::FPS;
use crate::model::text;
use crate::script::{self, Cited};

use super::data_words;

/// The most characters kept for a card; nobody reads more in a caption.
const MAX_CHARACTERS: usize = 2000;

/// A shot as a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    /// The number that the author gave it.
    pub(super) number: u32,
    pub(super) title: String,
    pub(super) words: String,
    /// Numbers of the reference images that its words cite, from 1, each once. The first card also has those that
    /// are cited outside all shots.
    pub(super) images: Vec<u32>,
    /// Milliseconds, as written or spread; the end may lie after the video's.
    pub(super) start_ms: u32,
    pub(super) end_ms: u32,
    /// The first frame.
    pub(super) from: u32,
    /// The frame after the last one.
    pub(super) to: u32,
}

/// The cards of a video of `frames`, in order and without gaps: the first starts at frame 0, each lasts at least one
/// frame, and the last ends with the video. Shots that start after the video's end have no card. A prompt without shots
/// is one card.
pub(super) fn cards(prompt: &str, frames: u32) -> Vec<Card> {
    let script = script::read(prompt);
    let outside = cited(&script, |at| script.shots.iter().all(|shot| !holds(shot, at)));
    let mut cards = written(prompt, &script, frames * 1000 / FPS);
    cards.sort_by_key(|card| card.start_ms);
    let mut kept: Vec<Card> = Vec::with_capacity(cards.len());
    for mut card in cards {
        card.from = match kept.last() {
            None => 0,
            Some(before) => frame_at(card.start_ms).max(before.from + 1),
        };
        if card.from < frames {
            kept.push(card);
        }
    }
    if kept.is_empty() {
        kept.push(whole(prompt, frames));
    }
    if let Some(first) = kept.first_mut() {
        let own = std::mem::replace(&mut first.images, outside);
        for image in own {
            if !first.images.contains(&image) {
                first.images.push(image);
            }
        }
    }
    let ends: Vec<u32> = kept
        .iter()
        .skip(1)
        .map(|next| next.from)
        .chain([frames])
        .collect();
    for (card, end) in kept.iter_mut().zip(ends) {
        card.to = end;
    }
    kept
}

/// The shots as the author wrote them, each with a start and an end, but without frames yet.
fn written(prompt: &str, script: &script::Script, duration_ms: u32) -> Vec<Card> {
    let spread = script.clone().spread(duration_ms);
    let card = |(shot, start_ms, end_ms): (script::Shot, u32, u32)| Card {
        number: shot.number,
        title: text::one_line(&shot.title, 80),
        images: cited(script, |at| holds(&shot, at)),
        words: text::one_line(
            data_words::of(prompt.get(shot.text).unwrap_or_default()).trim(),
            MAX_CHARACTERS,
        ),
        start_ms,
        end_ms,
        from: 0,
        to: 0,
    };
    spread.into_iter().map(card).collect()
}

fn whole(prompt: &str, frames: u32) -> Card {
    Card {
        number: 1,
        title: String::new(),
        images: Vec::new(),
        words: text::one_line(prompt.trim(), MAX_CHARACTERS),
        start_ms: 0,
        end_ms: frames * 1000 / FPS,
        from: 0,
        to: frames,
    }
}

/// The images cited at bytes that `counts` accepts, each once; one cited in words only is the first.
fn cited(script: &script::Script, counts: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut images = Vec::new();
    for citation in script
        .references
        .iter()
        .filter(|citation| counts(citation.at.start))
    {
        let numbers = match citation.cited {
            Cited::Numbered {
                kind: Medium::Image,
                first,
                last,
            } => first..=last.min(first.saturating_add(64)),
            Cited::Words(Medium::Image) => 1..=1,
            _ => continue,
        };
        for number in numbers {
            if !images.contains(&number) {
                images.push(number);
            }
        }
    }
    images
}

/// Whether a byte of the prompt is part of this shot.
fn holds(shot: &script::Shot, at: usize) -> bool {
    shot.heading.contains(&at) || shot.text.contains(&at)
}

/// The frame nearest to a time.
fn frame_at(ms: u32) -> u32 {
    let frame = (u64::from(ms) * u64::from(FPS) + 500) / 1000;
    u32::try_from(frame).unwrap_or(u32::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(prompt: &str, seconds: u32) -> Vec<(u32, u32, u32)> {
        cards(prompt, seconds * FPS)
            .into_iter()
            .map(|card| (card.number, card.from, card.to))
            .collect()
    }

    #[test]
    fn each_shot_has_its_written_time() {
        let prompt =
            "Kites.\nShot 1 | 0s–2s\nA kite lifts.\nShot 2 | 2s–4.5s\nIt dives.\nShot 3 | 4.5s–6s\nGone.";
        assert_eq!(spans(prompt, 6), [(1, 0, 48), (2, 48, 108), (3, 108, 144)]);
        let cards = cards(prompt, 144);
        assert_eq!(cards[1].words, "It dives.");
        assert_eq!((cards[1].start_ms, cards[1].end_ms), (2000, 4500));
    }

    #[test]
    fn each_image_is_on_the_cards_that_cite_it() {
        let images = |prompt: &str| -> Vec<Vec<u32>> {
            cards(prompt, 96).into_iter().map(|card| card.images).collect()
        };
        let prompt =
            "The woman of image 3.\nShot 1 | 0s–2s\nShe is @image2, image 2.\nShot 2 | 2s–4s\nimages 1, 2.";
        assert_eq!(images(prompt), [vec![3, 2], vec![1, 2]]);
        assert_eq!(images("A kite as in @图片1-3"), [vec![1, 2, 3]]);
        assert_eq!(images("A kite over the reference image"), [vec![1]]);
    }

    #[test]
    fn shots_without_times_share_the_video() {
        assert_eq!(
            spans("Shot 1: a kite.\nShot 2: it dives.", 4),
            [(1, 0, 48), (2, 48, 96)]
        );
    }

    #[test]
    fn a_prompt_without_shots_is_one_card() {
        assert_eq!(spans("A kite over the sea", 5), [(1, 0, 120)]);
        assert_eq!(cards("A kite", 96)[0].words, "A kite");
    }

    #[test]
    fn shots_behind_the_end_have_no_card_and_one_across_it_is_cut() {
        let prompt = "Shot 1 | 0s–3s\nA.\nShot 2 | 3s–9s\nB.\nShot 3 | 9s–14s\nC.";
        assert_eq!(spans(prompt, 5), [(1, 0, 72), (2, 72, 120)]);
    }

    #[test]
    fn a_late_start_a_gap_and_equal_times_leave_no_hole() {
        let prompt = "Shot 1 | 1s–2s\nA.\nShot 2 | 3s–4s\nB.\nShot 3 | 3s–4s\nC.";
        assert_eq!(spans(prompt, 4), [(1, 0, 72), (2, 72, 73), (3, 73, 96)]);
    }
}
