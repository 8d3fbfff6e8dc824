//! The ways of drawing pictures, chosen by a key.

use rushes::media::Picture;
use rushes::media::cells::{self, Look, Shape};
use rushes::tui::app::App;
use rushes::tui::effect::{Effect, Frame, Message, Pictured};
use rushes::tui::glyphs::UNICODE;
use rushes::tui::widgets::picture::PictureCells;

use crate::drawing::{ansi, draw, press, screen_of, with_picture};
use crate::styled_text::text;

/// The requested picture, decoded.
pub fn pictured(frame: Frame) -> Pictured {
    let rgb = (0..96 * 54).flat_map(|n: u32| [40, 40, u8::try_from(n % 96).unwrap()]);
    let picture = Picture {
        width: 96,
        height: 54,
        rgb: rgb.collect(),
    };
    let look = Look {
        shape: frame.shape,
        depth: frame.depth,
        ..Look::default()
    };
    let cells = cells::draw(&picture, frame.columns, frame.rows, look);
    Pictured {
        frame,
        movie: None,
        cells: Ok(PictureCells::new(cells).unwrap()),
    }
}

/// The key asks for the same picture in another shape, and switches pictures off and on again.
#[test]
fn pictures_are_drawn_in_one_way_after_another() {
    let mut app = with_picture();
    let first = choose_shape(&app);
    let mut shapes = Vec::new();
    for said in ["sextants", "quadrants", "half blocks", "ASCII characters"] {
        press(&mut app, "`");
        let (buffer, seen, _) = draw(&app, &screen_of(ansi(), &UNICODE), 140, 45);
        assert!(text(&buffer).contains(&format!("Pictures: {said}")), "{said}");
        for effect in app.drawn(seen) {
            if let Effect::Picture(frame) = effect {
                shapes.push(frame.shape);
                app.receive(Message::Pictured(Box::new(pictured(frame))));
            }
        }
    }
    // The picture that is there already is not asked for again.
    assert_eq!(
        shapes,
        [Shape::Sextant, Shape::Quadrant, Shape::Half, Shape::Ascii]
    );
    press(&mut app, "`");
    let (buffer, seen, _) = draw(&app, &screen_of(ansi(), &UNICODE), 140, 45);
    assert!(
        text(&buffer).contains("pictures are off: ` pictures"),
        "{}",
        text(&buffer)
    );
    assert_eq!(app.drawn(seen).len(), 0);
    press(&mut app, "`");
    assert_eq!(choose_shape(&app), first);
    assert!(text(&draw(&app, &screen_of(ansi(), &UNICODE), 140, 45).0).contains("chosen by rushes"));
}

/// The shape that the next picture is drawn in.
fn choose_shape(app: &App) -> Option<Shape> {
    app.state().pictures.shape()
}
