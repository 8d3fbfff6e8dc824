//! The sound of the selected take below its picture: the wave with the script's cuts, and a line of words.

use ratatui::layout::Rect;

use crate::model::Take;
use crate::service::sound::Heard;
use crate::tui::canvas::Canvas;
use crate::tui::component::Cx;
use crate::tui::effect::{Effect, Listening, Message};
use crate::tui::theme::Role;
use crate::tui::widgets::text::row as row_of;
use crate::tui::widgets::wave::WaveStrip;

/// The rows of the wave, and one for the words.
const WAVE_ROWS: u16 = 2;
const ROWS: u16 = WAVE_ROWS + 1;
/// The least size of the pane's inside in which the picture keeps enough room.
const MIN_SIZE: (u16, u16) = (40, 24);

/// The sound that was measured last.
#[derive(Default)]
pub struct SoundStrip {
    asked: Option<Listening>,
    heard: Option<(Listening, Result<Option<Heard>, String>)>,
}

impl SoundStrip {
    /// How many rows it has in a pane with so much room: none where the pane is small, or the take has no sound.
    pub fn rows(inner: Rect, take: &Take) -> u16 {
        let has_room = inner.width >= MIN_SIZE.0 && inner.height >= MIN_SIZE.1;
        let is_mute = take
            .body
            .get("generate_audio")
            .and_then(serde_json::Value::as_bool)
            == Some(false);
        if has_room && take.file.is_some() && !is_mute {
            ROWS
        } else {
            0
        }
    }

    /// Requests the sound of the take that the Monitor shows, unless it is known or requested.
    pub fn want(&mut self, cx: &mut Cx) {
        let Some(take) = cx.monitored().and_then(|row| row.take()) else {
            return;
        };
        let is_known = |known: &Listening| known.take.id == take.id && known.take.file == take.file;
        let heard = self.heard.as_ref().map(|(known, _)| known);
        if heard.is_some_and(is_known) || self.asked.as_ref().is_some_and(is_known) {
            return;
        }
        let listening = Listening {
            take: Box::new(take.clone()),
        };
        self.asked = Some(listening.clone());
        self.heard = None;
        cx.run(Effect::Listen(listening));
    }

    /// Takes the sound that was requested; `false` for all other messages.
    pub fn receive(&mut self, message: &Message) -> bool {
        let Message::Heard(heard) = message else {
            return false;
        };
        if self.asked.as_ref() == Some(&heard.0) {
            self.asked = None;
            self.heard = Some((**heard).clone());
        }
        true
    }

    /// Draws the sound of the take, or why there is none.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, take: &Take) {
        if area.height == 0 {
            return;
        }
        let words = row_of(area, usize::from(area.height - 1));
        let heard = self.heard.as_ref().filter(|(of, _)| of.take.id == take.id);
        let heard = match heard.map(|(_, heard)| heard) {
            None => return canvas.text(words, Role::Dim, "reading the sound"),
            Some(Err(why)) => return canvas.text(words, Role::Dim, why.clone()),
            Some(Ok(None)) => return canvas.text(words, Role::Dim, "no sound"),
            Some(Ok(Some(heard))) => heard,
        };
        let strip = Rect {
            height: area.height - 1,
            ..area
        };
        let cuts: Vec<u64> = heard.cuts().collect();
        let wave = WaveStrip {
            wave: &heard.wave,
            cuts: &cuts,
        };
        wave.draw(canvas.buffer, strip, canvas.ctx.theme, canvas.ctx.glyphs);
        let flaws = heard
            .flaws()
            .into_iter()
            .map(|flaw| (Role::Warn, format!("{flaw}; ")));
        let line: Vec<(Role, String)> = flaws.chain([(Role::Dim, heard.facts())]).collect();
        canvas.roles(words, &line);
    }
}
