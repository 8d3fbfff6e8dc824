//! The cards of a film: which is shown when, how they follow one another, and what is on them.

use crate::media::Yuv;
use crate::model::Request;

use super::attached::{Attached, Given};
use super::bars::Bars;
use super::canvas::Canvas;
use super::caption::Caption;
use super::cut::{Cut, Joint, joints};
use super::dice::Dice;
use super::framing::{Framing, Move, Size, framing};
use super::inset::{DARK, Inset, insets, plate};
use super::layout::Layout;
use super::palette::{Palette, palettes};
use super::scene::Scene;
use super::shots::{Card, cards};
use super::text;
use super::tone::Note;
use super::warp::{blur, push};

/// Frames that an attached frame stands for before it gives way, or after it has come.
const HOLD: u32 = 16;
/// Frames in which an attached frame gives way.
const YIELD: u32 = 12;

/// All cards of a film; the one being shown is kept ready.
pub(super) struct Deck {
    layout: Layout,
    frames: u32,
    cards: Vec<Card>,
    joints: Vec<Joint>,
    palettes: Vec<Palette>,
    dice: Dice,
    bars: Bars,
    images: Vec<Given>,
    first: Option<Given>,
    last: Option<Given>,
    /// The attached frames in the pictures' place, where they can be read.
    plates: [Option<Yuv>; 2],
    ready: Option<Ready>,
}

/// A card that can be drawn.
struct Ready {
    card: usize,
    scene: Scene,
    caption: Caption,
    label: String,
    insets: Vec<Inset>,
    /// The last picture of the card before, where this one grows out of it.
    before: Option<Yuv>,
}

impl Deck {
    pub(super) fn new(request: &Request, attached: &Attached, size: (u32, u32), frames: u32) -> Self {
        let cards = cards(&request.form.prompt, frames);
        let mut dice = Dice::new(&request.form.prompt, request.seed.number());
        let palettes = palettes(&mut dice, cards.len(), size);
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
            joints: joints(seen.iter().map(String::as_str)),
            cards,
            palettes,
            dice,
            bars: Bars::new(request, layout, frames),
            images: attached.images.clone(),
            first: attached.first.clone(),
            last: attached.last.clone(),
            plates,
            ready: None,
        }
    }

    pub(super) fn is_cut(&self, frame: u32) -> bool {
        self.cards.iter().any(|card| card.from == frame)
    }

    /// The tone of every card.
    pub(super) fn notes(&self) -> Vec<Note> {
        let note = |(number, card): (u32, &Card)| Note {
            from: card.from,
            to: card.to,
            step: usize::try_from(self.dice.fork(number).between(0, 3)).unwrap_or(0)
                + number as usize % 2 * 3,
        };
        (0_u32..).zip(&self.cards).map(note).collect()
    }

    /// Draws a frame.
    pub(super) fn draw(&mut self, frame: u32, picture: &mut Yuv) {
        let shown = self
            .cards
            .partition_point(|card| card.from <= frame)
            .saturating_sub(1);
        if self.ready.as_ref().map(|ready| ready.card) != Some(shown) {
            self.ready = self.make_ready(shown);
        }
        let (Some(ready), Some(card), Some(palette)) =
            (&self.ready, self.cards.get(shown), self.palettes.get(shown))
        else {
            return;
        };
        let mut canvas = Canvas::new(picture);
        let t = frame - card.from;
        self.inside(&mut canvas, ready, t);
        self.joined(&mut canvas, ready, t);
        let name = self.frames_over(&mut canvas, frame);
        self.bars.corners(&mut canvas, palette);
        self.bars.tag(&mut canvas, name.unwrap_or(&ready.label), palette);
        self.bars.head(&mut canvas, card, palette, frame);
        let strip = (self.cards.as_slice(), self.palettes.as_slice());
        self.bars.timeline(&mut canvas, strip, (shown, frame));
        let layout = &self.layout;
        let below = layout.picture_bottom + layout.timeline;
        canvas.fill((0, below), (layout.width, layout.height - below), palette.bar);
        ready.caption.draw(&mut canvas, layout, palette, t);
        self.bars.mark(&mut canvas, palette);
    }

    /// Makes a card ready, and with it the end of the card before when this one grows out of it.
    fn make_ready(&self, number: usize) -> Option<Ready> {
        let mut ready = self.alone(number)?;
        let joint = self.joints.get(number)?;
        if matches!(joint.begins, Some(Cut::Dissolve | Cut::Whip)) && number > 0 {
            let before = self.alone(number - 1)?;
            let card = self.cards.get(number - 1)?;
            let mut picture = Yuv::black(side(self.layout.width), side(self.layout.height));
            let mut canvas = Canvas::new(&mut picture);
            self.inside(&mut canvas, &before, card.to - card.from - 1);
            ready.before = Some(picture);
        }
        Some(ready)
    }

    fn alone(&self, number: usize) -> Option<Ready> {
        let card = self.cards.get(number)?;
        let palette = *self.palettes.get(number)?;
        let frames = card.to - card.from;
        let seen = seen(card);
        let framing = framing(&seen);
        let dice = self.dice.fork(u32::try_from(number).unwrap_or(0) + 1);
        let scene = Scene::new(self.layout, palette, (&seen, framing), frames, dice);
        let insets = insets(&self.layout, !scene.stands_left(), &self.given(number, card));
        Some(Ready {
            card: number,
            scene,
            caption: Caption::new(&self.layout, &card.title, &card.words, frames),
            label: label(framing, self.joints.get(number)),
            insets,
            before: None,
        })
    }

    /// What is attached to a card, with its name: the images it cites; on the first card also those that none
    /// cites; frames that cannot be shown in place.
    fn given(&self, number: usize, card: &Card) -> Vec<(String, &Given)> {
        let mut given: Vec<(String, &Given)> = Vec::new();
        let frames = [
            (0, "first frame", &self.first),
            (self.cards.len() - 1, "last frame", &self.last),
        ];
        for (at, name, frame) in frames {
            if let (true, Some(frame @ None)) = (at == number, frame) {
                given.push((name.to_owned(), frame));
            }
        }
        let is_cited = |image: u32| self.cards.iter().any(|card| card.images.contains(&image));
        let uncited = (1..).take(self.images.len()).filter(|image| !is_cited(*image));
        let own = card.images.iter().copied();
        for image in own.chain(uncited.filter(|_| number == 0)) {
            let at = usize::try_from(image).unwrap_or(0).wrapping_sub(1);
            if let Some(picture) = self.images.get(at) {
                given.push((format!("image {image}"), picture));
            }
        }
        given
    }

    /// Draws what is in the picture's place.
    fn inside(&self, canvas: &mut Canvas, ready: &Ready, t: u32) {
        let (Some(card), Some(palette)) = (self.cards.get(ready.card), self.palettes.get(ready.card)) else {
            return;
        };
        ready.scene.draw(canvas, t);
        self.numeral(canvas, ready, card, palette);
        canvas.clip(self.layout.picture_top, self.layout.picture_bottom);
        for inset in &ready.insets {
            inset.draw(canvas, &self.layout, palette);
        }
        canvas.clip(0, self.layout.height);
    }

    /// Draws how the card grows out of the one before and goes into the dark.
    fn joined(&self, canvas: &mut Canvas, ready: &Ready, t: u32) {
        let (Some(card), Some(joint)) = (self.cards.get(ready.card), self.joints.get(ready.card)) else {
            return;
        };
        let layout = &self.layout;
        let rows = (layout.picture_top, layout.picture_bottom);
        let frames = card.to - card.from;
        canvas.clip(rows.0, rows.1);
        let cut = joint.begins.unwrap_or(Cut::Hard);
        let takes = cut.frames(frames);
        if t < takes {
            let left = part(takes - t, takes + 1);
            match (cut, &ready.before) {
                (Cut::Dissolve, Some(before)) => canvas.lay((0, 0), before, left),
                (Cut::Whip, Some(before)) => {
                    push(canvas.picture(), rows, before, layout.width * left / 256);
                    blur(canvas.picture(), rows, layout.width / 12);
                }
                (Cut::Fade, _) => darken(canvas, layout, left),
                _ => {}
            }
        }
        let takes = Cut::Fade.frames(frames);
        let left = frames - t.min(frames);
        if joint.fades_out && left <= takes {
            darken(canvas, layout, part(takes + 1 - left, takes));
        }
        canvas.clip(0, layout.height);
    }

    /// Lays the attached first and last frame over the film's ends; says which one is seen.
    fn frames_over(&self, canvas: &mut Canvas, frame: u32) -> Option<&'static str> {
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
            let (hold, give) = (HOLD.min(frames / 4), YIELD.min(frames / 4));
            if let (Some(plate), true) = (plate, away < hold + give) {
                let shown = part((hold + give - away).min(give + 1), give + 1);
                canvas.lay((0, 0), plate, shown);
                name = (shown > 128).then_some(said).or(name);
            }
        }
        canvas.clip(0, self.layout.height);
        name
    }

    /// The shot's number, large, where the person is not: it is legible in a thumbnail.
    fn numeral(&self, canvas: &mut Canvas, ready: &Ready, card: &Card, palette: &Palette) {
        let layout = &self.layout;
        let number = card.number.to_string();
        // Below the insets, where there are any.
        let tall = if ready.insets.is_empty() { 52 } else { 34 };
        let room = (layout.picture_height() * tall / 100).min(layout.width * 30 / 100);
        let scale = (room / text::HEIGHT)
            .min(layout.width * 45 / 100 / text::width(&number))
            .max(1);
        let width = text::width(&number) * scale;
        let left = if ready.scene.stands_left() {
            layout.width - 2 * layout.margin - width
        } else {
            2 * layout.margin
        };
        // The letters' lowest rows are empty: they may reach into the margin.
        let top = layout.picture_bottom - layout.margin / 2 - (text::HEIGHT - 1) * scale;
        canvas.clip(layout.picture_top, layout.picture_bottom);
        text::ghost(canvas, (left, top), scale, &number, (palette.ink, 6));
        canvas.clip(0, layout.height);
    }
}

fn seen(card: &Card) -> String {
    format!("{} {}", card.title, card.words)
}

/// What the words say about the camera and the cut.
fn label(framing: Framing, joint: Option<&Joint>) -> String {
    let cut = joint.and_then(|joint| joint.begins.map(Cut::label));
    let fade = joint.and_then(|joint| joint.fades_out.then_some("FADE OUT"));
    let labels = [
        cut,
        framing.size.map(Size::label),
        framing.angle.label(),
        framing.camera.map(Move::label),
        fade,
    ];
    labels.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn darken(canvas: &mut Canvas, layout: &Layout, part: i32) {
    let sixteenth = u8::try_from(part / 16).unwrap_or(16);
    for row in layout.picture_top..layout.picture_bottom {
        canvas.tint(row, 0, layout.width, DARK, sixteenth);
    }
}

/// `some` of `all` in 1/256.
fn part(some: u32, all: u32) -> i32 {
    i32::try_from(some * 256 / all.max(1)).unwrap_or(256)
}

fn side(pixels: i32) -> u32 {
    u32::try_from(pixels).unwrap_or(0)
}
