//! Reads digits of other writing systems, such as `０` and `०`, as ASCII digits: the reader sees a copy of the text with ASCII digits,
//! and the places that it found are then moved to those in the text itself.

use std::ops::Range;

use super::{Script, Shot, WrittenTime};

/// The zeros of writing systems whose ten digits follow one another: full width, Devanagari, Thai, Arabic and Persian.
const ZEROS: [char; 5] = ['０', '०', '๐', '٠', '۰'];

/// Where the places of a copy are in the text itself.
pub(super) struct Places {
    /// A byte of the copy behind a replaced digit, and how much further back in the text it is; in order.
    steps: Vec<(usize, usize)>,
}

impl Places {
    /// The byte of the text for a byte of the copy.
    pub(super) fn of(&self, at: usize) -> usize {
        let next = self.steps.partition_point(|(place, _)| *place <= at);
        at + next.checked_sub(1).map_or(0, |last| self.steps[last].1)
    }
}

/// The text with ASCII digits, and its places; `None` where it has no others.
pub(super) fn with_ascii_digits(text: &str) -> Option<(String, Places)> {
    if !text.contains(|c| digit(c).is_some()) {
        return None;
    }
    let mut copy = String::with_capacity(text.len());
    let mut steps = Vec::new();
    let mut shorter = 0;
    for c in text.chars() {
        let Some(digit) = digit(c) else {
            copy.push(c);
            continue;
        };
        copy.push(digit);
        shorter += c.len_utf8() - 1;
        steps.push((copy.len(), shorter));
    }
    Some((copy, Places { steps }))
}

/// The number `text` in the digits in which `written` is.
pub(super) fn in_digits_of(written: &str, text: &str) -> String {
    let of = |zero: &char| {
        written.contains(|c: char| {
            (c as u32)
                .checked_sub(*zero as u32)
                .is_some_and(|value| value < 10)
        })
    };
    let Some(zero) = ZEROS.iter().find(|zero| of(zero)) else {
        return text.to_owned();
    };
    let own = |c: char| {
        c.to_digit(10)
            .and_then(|value| char::from_u32(*zero as u32 + value))
    };
    text.chars().map(|c| own(c).unwrap_or(c)).collect()
}

fn digit(c: char) -> Option<char> {
    // Most text has none of these characters.
    if c < '\u{660}' {
        return None;
    }
    let value = ZEROS
        .iter()
        .find_map(|zero| (c as u32).checked_sub(*zero as u32).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

impl Script {
    /// The script with every place in the text moved.
    pub(super) fn moved(mut self, to: impl Fn(usize) -> usize) -> Self {
        let range = |at: &mut Range<usize>| *at = to(at.start)..to(at.end);
        let time = |time: &mut WrittenTime| range(&mut time.at);
        for shot in &mut self.shots {
            let Shot {
                text,
                heading,
                written,
                ..
            } = shot;
            range(text);
            range(heading);
            written
                .start
                .iter_mut()
                .chain(&mut written.end)
                .chain(&mut written.length)
                .chain(&mut written.beats)
                .for_each(time);
            written.number.iter_mut().for_each(range);
        }
        self.references
            .iter_mut()
            .for_each(|citation| range(&mut citation.at));
        self.stated.iter_mut().for_each(|stated| range(&mut stated.at));
        self.unread.iter_mut().chain(&mut self.doubt).for_each(range);
        self
    }
}

#[cfg(test)]
mod tests {
    use crate::script::read;

    #[test]
    fn digits_of_other_writing_systems_are_read_at_their_places() {
        let text = "カット１（０〜３秒）：凧。\nカット２（３〜６秒）：画像１が落ちる。";
        let script = read(text);
        let times: Vec<_> = script
            .shots
            .iter()
            .map(|shot| (shot.number, shot.start, shot.end))
            .collect();
        assert_eq!(times, [(1, Some(0), Some(3000)), (2, Some(3000), Some(6000))]);
        let second = &script.shots[1];
        assert_eq!(&text[second.text.clone()], "画像１が落ちる。");
        assert_eq!(&text[second.written.end.as_ref().unwrap().at.clone()], "６");
        assert_eq!(&text[script.references[0].at.clone()], "画像１");
        assert_eq!(read("०-३ सेकंड: पतंग।\n३-६ सेकंड: गिरती है।").shots.len(), 2);
    }
}
