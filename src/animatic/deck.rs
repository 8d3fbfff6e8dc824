//! Draws the frames of a video: which card is shown, how it follows the one before, and what is on it.

use crate::media::Yuv;
use crate::model::Request;
use crate::script::camera_vocabulary::Cut;

use super::attached_pictures::{Attached, Given};
use super::canvas::Canvas;
use super::caption::Caption;
use super::card_frame::CardFrame;
use super::framing::{Framing, framing};
use super::layout::Layout;
use super::lettering;
use super::palette::{Palette, palettes};
use super::picture_effects::{blur, push};
use super::picture_insets::{BLACK, Inset, insets, plate};
use super::pixels::{signed, unsigned};
use super::random::Random;
use super::scene::Scene;
use super::shot_cards::{Card, cards};
use super::sound::Note;
use super::transitions::{Transition, cut_frames, cut_label, transitions};

/// For how many frames an attached first or last frame stays whole.
const HOLD_FRAMES: u32 = 16;
/// For how many frames it blends with the drawn picture.
const BLEND_FRAMES: u32 = 12;

/// All cards of a video; the one that is shown is kept ready.
pub(super) struct Deck {
    layout: Layout,
    frames: u32,
    cards: Vec<Card>,
    transitions: Vec<Transition>,
    palettes: Vec<Palette>,
    random: Random,
    around: CardFrame,
    attached: Attached,
    /// The attached first and last frame in place of the drawn picture, if they can be read.
    plates: [Option<Yuv>; 2],
    ready: Option<Ready>,
}

/// A card that is ready to be drawn.
struct Ready {
    number: usize,
    card: Card,
    palette: Palette,
    transition: Transition,
    scene: Scene,
    caption: Caption,
    label: String,
    insets: Vec<Inset>,
    /// The last picture of the card before, if this one blends out of it.
    before: Option<Yuv>,
}

impl Deck {
    pub(super) fn new(request: &Request, attached: &Attached, size: (u32, u32), frames: u32) -> Self {
        let cards = cards(&request.form.prompt, frames);
        let mut random = Random::new(&request.form.prompt, request.seed.number());
        let palettes = palettes(&mut random, cards.len(), size);
        let layout = Layout::new(size);
        let seen: Vec<String> = cards.iter().map(seen).collect();
        let shown = |given: &Option<Given>, palette: Option<&Palette>| {
            let picture = given.as_ref()?.as_ref()?;
            Some(plate(picture, &layout, palette?))
        };
        let plates = [
            shown(&attached.first, palettes.first()),
            shown(&attached.last, palettes.last()),
        ];
        Self {
            layout,
            frames,
            transitions: transitions(seen.iter().map(String::as_str)),
            cards,
            palettes,
            random,
            around: CardFrame::new(request, layout, frames),
            attached: attached.clone(),
            plates,
            ready: None,
        }
    }

    pub(super) fn is_cut(&self, frame: u32) -> bool {
        self.cards.iter().any(|card| card.from == frame)
    }

    /// The note of every card.
    pub(super) fn notes(&self) -> Vec<Note> {
        let note = |(number, card): (u32, &Card)| Note {
            from: card.from,
            to: card.to,
            step: self.random.fork(number).pick(3) + number as usize % 2 * 3,
        };
        (0_u32..).zip(&self.cards).map(note).collect()
    }

    /// Draws a frame.
    pub(super) fn draw(&mut self, frame: u32, picture: &mut Yuv) {
        let shown = self
            .cards
            .partition_point(|card| card.from <= frame)
            .saturating_sub(1);
        if self.ready.as_ref().map(|ready| ready.number) != Some(shown) {
            self.ready = self.make_ready(shown);
        }
        let Some(ready) = &self.ready else { return };
        let (card, palette) = (&ready.card, &ready.palette);
        let mut canvas = Canvas::new(picture);
        let t = frame - card.from;
        self.inside(&mut canvas, ready, t);
        self.transition(&mut canvas, ready, t);
        let name = self.attached_frames(&mut canvas, frame);
        self.around.corners(&mut canvas, palette);
        self.around
            .plate(&mut canvas, name.unwrap_or(&ready.label), palette);
        self.around.top_bar(&mut canvas, card, palette, frame);
        let strip = (self.cards.as_slice(), self.palettes.as_slice());
        self.around.timeline(&mut canvas, strip, (shown, frame));
        let layout = &self.layout;
        let below = layout.picture_bottom + layout.timeline;
        canvas.fill((0, below), (layout.width, layout.height - below), palette.bar);
        ready.caption.draw(&mut canvas, layout, palette, t);
        self.around.mark(&mut canvas, palette);
    }

    /// Makes a card ready, and with it the last picture of the card before if this one blends out of it.
    fn make_ready(&self, number: usize) -> Option<Ready> {
        let mut ready = self.alone(number)?;
        if matches!(ready.transition.begins, Some(Cut::Dissolve | Cut::Whip)) && number > 0 {
            let before = self.alone(number - 1)?;
            let mut picture = Yuv::black(unsigned(self.layout.width), unsigned(self.layout.height));
            let mut canvas = Canvas::new(&mut picture);
            self.inside(&mut canvas, &before, before.card.to - before.card.from - 1);
            ready.before = Some(picture);
        }
        Some(ready)
    }

    fn alone(&self, number: usize) -> Option<Ready> {
        let card = self.cards.get(number)?;
        let (palette, transition) = (*self.palettes.get(number)?, *self.transitions.get(number)?);
        let frames = card.to - card.from;
        let seen = seen(card);
        let framing = framing(&seen);
        let random = self.random.fork(u32::try_from(number).unwrap_or(0) + 1);
        let scene = Scene::new(self.layout, palette, (&seen, framing), frames, random);
        let insets = insets(&self.layout, !scene.stands_left(), &self.given(number, card));
        Some(Ready {
            number,
            card: card.clone(),
            palette,
            transition,
            scene,
            caption: Caption::new(&self.layout, &card.title, &card.words, frames),
            label: label(framing, transition),
            insets,
            before: None,
        })
    }

    /// The insets of a card with their names: the images it cites, on the first card also those that no card cites, and
    /// frames that cannot be read.
    fn given(&self, number: usize, card: &Card) -> Vec<(String, &Given)> {
        let mut given: Vec<(String, &Given)> = Vec::new();
        let frames = [
            (0, "first frame", &self.attached.first),
            (self.cards.len() - 1, "last frame", &self.attached.last),
        ];
        for (at, name, frame) in frames {
            if let (true, Some(frame @ None)) = (at == number, frame) {
                given.push((name.to_owned(), frame));
            }
        }
        let is_cited = |image: u32| self.cards.iter().any(|card| card.images.contains(&image));
        let uncited = (1..)
            .take(self.attached.images.len())
            .filter(|image| !is_cited(*image));
        let own = card.images.iter().copied();
        for image in own.chain(uncited.filter(|_| number == 0)) {
            let at = usize::try_from(image).unwrap_or(0).wrapping_sub(1);
            if let Some(picture) = self.attached.images.get(at) {
                given.push((format!("image {image}"), picture));
            }
        }
        given
    }

    /// Draws the picture between the bars.
    fn inside(&self, canvas: &mut Canvas, ready: &Ready, t: u32) {
        ready.scene.draw(canvas, t);
        self.numeral(canvas, ready);
        canvas.clip(self.layout.picture_top, self.layout.picture_bottom);
        for inset in &ready.insets {
            inset.draw(canvas, &self.layout, &ready.palette);
        }
        canvas.clip(0, self.layout.height);
    }

    /// Draws how the card begins and ends.
    fn transition(&self, canvas: &mut Canvas, ready: &Ready, t: u32) {
        let (card, transition, layout) = (&ready.card, &ready.transition, &self.layout);
        let rows = (layout.picture_top, layout.picture_bottom);
        let frames = card.to - card.from;
        canvas.clip(rows.0, rows.1);
        let cut = transition.begins.unwrap_or(Cut::Hard);
        let takes = cut_frames(cut, frames);
        if t < takes {
            let left = part(takes - t, takes + 1);
            match (cut, &ready.before) {
                (Cut::Dissolve, Some(before)) => canvas.lay((0, 0), before, left),
                (Cut::Whip, Some(before)) => {
                    push(canvas.picture(), rows, before, layout.width * left / 256);
                    blur(canvas.picture(), rows, layout.width / 12);
                }
                (Cut::FadeIn, _) => darken(canvas, layout, left),
                _ => {}
            }
        }
        let takes = cut_frames(Cut::FadeOut, frames);
        let left = frames - t.min(frames);
        if transition.fades_out && left <= takes {
            darken(canvas, layout, part(takes + 1 - left, takes));
        }
        canvas.clip(0, layout.height);
    }

    /// Lays the attached first and last frame over the video's ends; returns which one is seen.
    fn attached_frames(&self, canvas: &mut Canvas, frame: u32) -> Option<&'static str> {
        let (first, last) = (self.cards.first()?, self.cards.last()?);
        let ends = [
            (&self.plates[0], frame - first.from, first.to, "FIRST FRAME"),
            (
                &self.plates[1],
                self.frames - 1 - frame,
                self.frames - last.from,
                "LAST FRAME",
            ),
        ];
        let mut name = None;
        canvas.clip(self.layout.picture_top, self.layout.picture_bottom);
        for (plate, away, frames, said) in ends {
            let (hold, give) = (HOLD_FRAMES.min(frames / 4), BLEND_FRAMES.min(frames / 4));
            if let (Some(plate), true) = (plate, away < hold + give) {
                let shown = part((hold + give - away).min(give + 1), give + 1);
                canvas.lay((0, 0), plate, shown);
                name = (shown > 128).then_some(said).or(name);
            }
        }
        canvas.clip(0, self.layout.height);
        name
    }

    /// Draws the shot's number beside the person, large enough to be legible in a thumbnail.
    fn numeral(&self, canvas: &mut Canvas, ready: &Ready) {
        let layout = &self.layout;
        let number = ready.card.number.to_string();
        // It stays below the insets, if there are any.
        let tall = if ready.insets.is_empty() { 52 } else { 34 };
        let room = (layout.picture_height() * tall / 100).min(layout.width * 30 / 100);
        let scale = (room / lettering::HEIGHT)
            .min(layout.width * 45 / 100 / lettering::width(&number))
            .max(1);
        let width = lettering::width(&number) * scale;
        let left = if ready.scene.stands_left() {
            layout.width - 2 * layout.margin - width
        } else {
            2 * layout.margin
        };
        // The lowest rows of the digits are empty and may reach into the margin.
        let top = layout.picture_bottom - layout.margin / 2 - (lettering::HEIGHT - 1) * scale;
        canvas.clip(layout.picture_top, layout.picture_bottom);
        lettering::ghost(canvas, (left, top), scale, &number, (ready.palette.ink, 6));
        canvas.clip(0, layout.height);
    }
}

/// The words that tell what is seen on a card.
fn seen(card: &Card) -> String {
    format!("{} {}", card.title, card.words)
}

/// What the words say about the camera and the cut.
fn label(framing: Framing, transition: Transition) -> String {
    let begins = transition.begins.and_then(cut_label);
    let ends = transition.fades_out.then_some(Cut::FadeOut).and_then(cut_label);
    let labels = begins.into_iter().chain(framing.labels()).chain(ends);
    labels.collect::<Vec<_>>().join(" · ")
}

fn darken(canvas: &mut Canvas, layout: &Layout, part: i32) {
    let sixteenth = u8::try_from(part / 16).unwrap_or(16);
    let whole = (layout.width, layout.picture_height());
    canvas.shade((0, layout.picture_top), whole, BLACK, sixteenth);
}

/// `some` of `all` in 1/256.
fn part(some: u32, all: u32) -> i32 {
    signed(some * 256 / all.max(1))
}
