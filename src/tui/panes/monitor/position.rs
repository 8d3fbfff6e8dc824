//! Where in a take the Monitor is: the moment that is shown, its shot, and the words for them.

use crate::media::MovieInfo;
use crate::model::Take;
use crate::model::seconds::moment;
use crate::service::shots::{self, TakeShot};
use crate::tui::effect::Moment;
use crate::tui::keymap::Action;

/// A picture of 24 a second, rounded up.
const USUAL_PICTURE: u64 = 42;

/// A take's video, of which a picture is shown.
pub(super) struct Position<'a> {
    pub(super) take: &'a Take,
    /// When that picture is shown, in milliseconds.
    pub(super) at: u64,
    pub(super) shots: Vec<TakeShot>,
    /// How long the video is, in milliseconds.
    pub(super) length: u64,
    /// How long each picture is shown, in milliseconds.
    pub(super) picture: u64,
}

impl<'a> Position<'a> {
    /// The position `at` in the take, whose video has this header, if it is known.
    pub(super) fn of(take: &'a Take, at: u64, movie: Option<&MovieInfo>) -> Self {
        let length = movie.map(|movie| movie.duration_ms);
        let pictures = movie.map_or(0, |movie| u64::from(movie.frames));
        Self {
            take,
            at,
            shots: shots::of_take(take),
            length: length.unwrap_or_else(|| u64::from(take.duration.ms())),
            picture: length.unwrap_or(0).checked_div(pictures).unwrap_or(USUAL_PICTURE),
        }
    }

    /// The place of the shot that is shown.
    pub(super) fn shot(&self) -> usize {
        let begun = self.shots.iter().take_while(|shot| shot.start_ms <= self.at);
        begun.count().saturating_sub(1)
    }

    /// Where a key leads to.
    pub(super) fn target(&self, action: Action) -> Result<Moment, String> {
        let here = self.shot();
        let wanted = match action {
            Action::FrameNext => return Ok(Moment::After(self.at)),
            Action::FramePrevious => return Ok(Moment::Before(self.at)),
            Action::ShotNext => here + 1,
            _ => here.checked_sub(1).ok_or("this is the first shot")?,
        };
        let shot = self.shots.get(wanted).ok_or("this is the last shot")?;
        Ok(Moment::At(shot.middle_ms()))
    }

    /// `shot 2 of 4  0:03.1 of 0:10.0`, shorter where there are fewer columns.
    pub(super) fn words(&self, columns: usize) -> String {
        let (at, length) = (moment(self.at), moment(self.length));
        let (shot, count) = (self.shot() + 1, self.shots.len());
        let mut forms = vec![format!("{at} of {length}"), at.clone()];
        if count > 1 {
            forms.insert(0, format!("shot {shot} of {count}  {at} of {length}"));
            forms.insert(1, format!("shot {shot}/{count}  {at}"));
        }
        let fitting = forms.iter().find(|form| form.chars().count() <= columns);
        fitting.cloned().unwrap_or_default()
    }
}
