//! Says in the place of a picture why there is none.

use std::path::Path;

use ratatui::layout::Rect;

use crate::model::text::one_line;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Role;
use crate::tui::widgets::text::{cut_start, row, width, wrap};

/// Characters of a reason.
const MAX_WHY: usize = 400;

/// The reason in lines for the given columns and rows. Where the path of the take's file, with which it may begin, is too
/// long, its folders are cut, and its name stays.
pub fn lines(why: &str, file: Option<&Path>, (columns, rows): (usize, usize), ellipsis: &str) -> Vec<String> {
    let path = file.map(|file| file.display().to_string());
    let rest = path.as_deref().and_then(|path| why.strip_prefix(path));
    let why = match (&path, rest) {
        (Some(path), Some(rest)) => {
            let most = if rows > 1 { columns } else { columns / 2 };
            format!("{}{rest}", cut_start(&one_line(path, 4_000), most, ellipsis))
        }
        _ => why.to_owned(),
    };
    wrap(&one_line(&why, MAX_WHY), columns, rows, ellipsis)
}

/// Draws the reason in the middle of `area`.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, why: &str, file: Option<&Path>) {
    let (columns, height) = (usize::from(area.width), usize::from(area.height));
    let lines = lines(why, file, (columns, height), canvas.ctx.glyphs.ellipsis);
    let top = (height - lines.len()) / 2;
    for (y, line) in lines.into_iter().enumerate() {
        let left = " ".repeat((columns - width(&line)) / 2);
        canvas.text(row(area, top + y), Role::Dim, format!("{left}{line}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_missing_file_stays() {
        let file = Path::new("/home/ada/rushes/reels/night-drive/night-drive-118-s42.mp4");
        let why = format!("{} is not there: put it back", file.display());
        let shown = |columns, rows| lines(&why, Some(file), (columns, rows), "…");
        assert_eq!(
            shown(30, 4),
            ["…drive/night-drive-118-s42.mp4", "is not there: put it back"]
        );
        assert_eq!(
            shown(60, 1),
            ["…drive/night-drive-118-s42.mp4 is not there: put it back"]
        );
        assert_eq!(shown(90, 4).concat(), why);
        assert_eq!(
            lines("reading the video", Some(file), (30, 4), "…"),
            ["reading the video"]
        );
    }
}
