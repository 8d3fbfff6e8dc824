//! The words that the reader and the rules know, a table for each language.
//!
//! A new language needs its table and its line in [`ALL`].

use super::phrase_matcher::PhraseMatcher;

mod chinese;
mod english;
mod french;
mod german;
mod hindi;
mod indonesian;
mod italian;
mod japanese;
mod korean;
mod portuguese;
mod russian;
mod spanish;
mod thai;
mod turkish;
mod vietnamese;

/// The words of a language. Words are in lower case and separated by `|`.
pub(super) struct Language {
    /// The unit of time: `second`, `sec`.
    pub(super) seconds: &'static str,
    /// What joins the two ends of a range: `to`.
    pub(super) to: &'static str,
    /// What introduces a range: `from`.
    pub(super) from: &'static str,
    /// What follows the end of a range: `まで`.
    pub(super) until: &'static str,
    /// What tells the place of a length among others: `first`, in `first 5 seconds`.
    pub(super) order: &'static str,
    /// The nouns of a shot's label: `shot`, `cut`.
    pub(super) shots: &'static str,
    /// The nouns of a part that may have several shots: `scene`, `clip`.
    pub(super) scenes: &'static str,
    /// Titles of lists that tell of one side of the shots: `light`, `sound`.
    pub(super) aspects: &'static str,
    /// The numbers from one on, in order.
    pub(super) numbers: &'static str,
    /// What introduces the length of the whole: `duration`, `timeline`.
    pub(super) totals: &'static str,
    /// Titles of the list of times, which may also introduce the length of the whole: `timeline`.
    pub(super) timelines: &'static str,
    /// Other titles of scripts: `storyboard`.
    pub(super) titles: &'static str,
    /// What may stand for the time at the end: `6s-end`.
    pub(super) ends: &'static str,
    /// What a length of the whole belongs to: `video`, in `15-second video`.
    pub(super) films: &'static str,
    /// The nouns of numbered references: `image`.
    pub(super) images: &'static str,
    pub(super) videos: &'static str,
    pub(super) audios: &'static str,
    /// Phrases that mean a reference without a number: `the attached picture`.
    pub(super) attached_images: &'static str,
    pub(super) attached_videos: &'static str,
    pub(super) attached_audios: &'static str,
    /// What denies the words after it: `no`, `without`.
    pub(super) denials: &'static str,
    /// What denies the words before it: `なし`.
    pub(super) denials_after: &'static str,
    /// What denies a whole list or section: `avoid`, `negative prompt`.
    pub(super) avoidances: &'static str,
    /// Titles of such a section that mean nothing else within a sentence: `negative`.
    pub(super) negative_titles: &'static str,
    /// What ends a denial within a sentence: `but`, `only`.
    pub(super) contrasts: &'static str,
    /// Somebody speaks.
    pub(super) speech: &'static str,
    /// What follows is written on a thing and not spoken: `a sign reads`.
    pub(super) written: &'static str,
    /// There is no cut on purpose: `one take`.
    pub(super) one_take: &'static str,
    /// Music and noises are described.
    pub(super) sound: &'static str,
    /// No sound is wanted at all.
    pub(super) silence: &'static str,
    /// Names of a setting for the sound, which a word of `off` may follow: `audio: none`.
    pub(super) sound_settings: &'static str,
    pub(super) off: &'static str,
    /// Letters on the screen.
    pub(super) letters: &'static str,
    /// The picture is black: `cut to black`.
    pub(super) black: &'static str,
    /// What begins a line that tells of the time between two shots: `transition`.
    pub(super) interludes: &'static str,
    /// Something with times of its own: `song`.
    pub(super) songs: &'static str,
    /// The times are to stay as they are: `do not change the timings`.
    pub(super) orders: &'static str,
    /// Shapes of the picture: `vertical`, `square`, `horizontal`.
    pub(super) tall: &'static str,
    pub(super) square: &'static str,
    pub(super) wide: &'static str,
}

/// No words.
const NONE: Language = Language {
    seconds: "",
    to: "",
    from: "",
    until: "",
    order: "",
    shots: "",
    scenes: "",
    aspects: "",
    numbers: "",
    totals: "",
    timelines: "",
    titles: "",
    ends: "",
    films: "",
    images: "",
    videos: "",
    audios: "",
    attached_images: "",
    attached_videos: "",
    attached_audios: "",
    denials: "",
    denials_after: "",
    avoidances: "",
    negative_titles: "",
    contrasts: "",
    speech: "",
    written: "",
    one_take: "",
    sound: "",
    silence: "",
    sound_settings: "",
    off: "",
    letters: "",
    black: "",
    orders: "",
    interludes: "",
    songs: "",
    tall: "",
    square: "",
    wide: "",
};

/// Every language.
const ALL: [&Language; 15] = [
    &english::WORDS,
    &chinese::WORDS,
    &japanese::WORDS,
    &korean::WORDS,
    &spanish::WORDS,
    &portuguese::WORDS,
    &french::WORDS,
    &german::WORDS,
    &italian::WORDS,
    &vietnamese::WORDS,
    &turkish::WORDS,
    &russian::WORDS,
    &indonesian::WORDS,
    &thai::WORDS,
    &hindi::WORDS,
];

/// A kind of words.
pub(super) type Kind = fn(&Language) -> &'static str;

/// Every word of one kind in all languages.
pub(super) fn words(of: Kind) -> impl Iterator<Item = &'static str> {
    let each = ALL.into_iter().flat_map(move |language| of(language).split('|'));
    each.filter(|word| !word.is_empty())
}

/// Finds the words of some kinds, each with what it stands for.
pub(super) fn matcher<T: Copy>(kinds: &[(Kind, T)]) -> PhraseMatcher<T> {
    let each = kinds.iter();
    PhraseMatcher::new(each.flat_map(|(of, meaning)| words(*of).map(|word| (word, *meaning))))
}

/// Finds number words, with their numbers.
pub(super) fn number_words() -> PhraseMatcher<u32> {
    let numbered = |language: &'static Language| (1..).zip(language.numbers.split('|'));
    let each = ALL.into_iter().flat_map(numbered);
    PhraseMatcher::new(
        each.filter(|(_, word)| !word.is_empty())
            .map(|(number, word)| (word, number)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_lower_case_and_trimmed() {
        for language in ALL {
            for list in [
                language.seconds,
                language.to,
                language.from,
                language.until,
                language.order,
                language.shots,
                language.scenes,
                language.aspects,
                language.numbers,
                language.totals,
                language.timelines,
                language.titles,
                language.ends,
                language.films,
                language.images,
                language.videos,
                language.audios,
                language.attached_images,
                language.attached_videos,
                language.attached_audios,
                language.denials,
                language.denials_after,
                language.avoidances,
                language.negative_titles,
                language.contrasts,
                language.speech,
                language.written,
                language.one_take,
                language.sound,
                language.silence,
                language.sound_settings,
                language.off,
                language.letters,
                language.black,
                language.orders,
                language.interludes,
                language.songs,
                language.tall,
                language.square,
                language.wide,
            ] {
                for word in list.split('|') {
                    assert_eq!(word.trim(), word, "{list}");
                    assert_eq!(word.to_lowercase(), word, "{list}");
                    assert!(!word.is_empty() || list.is_empty(), "{list}");
                }
            }
        }
    }
}
