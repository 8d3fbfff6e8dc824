//! The ways of drawing pictures, chosen by a key.

use rushes::media::Picture;
use rushes::media::cells::Shape;
use rushes::tui::app::App;
use rushes::tui::effect::{Effect, Frame, Message, Moment, Pictured};
use rushes::tui::glyphs::UNICODE;

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
    let drawn = frame.way.draw(&picture, frame.columns, frame.rows);
    Pictured {
        asked: frame.clone(),
        frame,
        movie: None,
        picture: Ok(drawn.unwrap()),
    }
}

/// The picture that the next frame asks for is decoded and said to be shown at `ms`; returns which it was.
fn answered(app: &mut App, ms: u64) -> Option<Moment> {
    let (_, seen, _) = draw(app, &screen_of(ansi(), &UNICODE), 140, 45);
    let asked = app.drawn(seen).into_iter().find_map(|effect| match effect {
        Effect::Picture(frame) => Some(frame),
        _ => None,
    })?;
    let moment = asked.moment;
    let mut pictured = pictured(asked);
    pictured.frame.moment = Moment::At(ms);
    app.receive(Message::Pictured(Box::new(pictured)));
    Some(moment)
}

/// One key goes to the next picture or shot, and a picture that is shown is not asked for again.
#[test]
fn the_monitor_goes_by_pictures_and_by_shots() {
    let mut app = with_picture();
    let shown = |app: &App| text(&draw(app, &screen_of(ansi(), &UNICODE), 140, 45).0);
    assert!(shown(&app).contains("0:00.0 of 0:"), "{}", shown(&app));
    press(&mut app, ".");
    assert_eq!(answered(&mut app, 42), Some(Moment::After(0)));
    assert_eq!(answered(&mut app, 0), None);
    press(&mut app, ".");
    assert_eq!(answered(&mut app, 83), Some(Moment::After(42)));
    press(&mut app, ",");
    assert_eq!(answered(&mut app, 42), Some(Moment::Before(83)));
    press(&mut app, "[");
    assert!(shown(&app).contains("this is the first shot"));
    assert_eq!(answered(&mut app, 0), None);
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
                shapes.push(frame.way.shape);
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
