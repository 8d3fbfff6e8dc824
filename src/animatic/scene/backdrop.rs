//! Draws everything behind the people: sky, land, water, walls.

use super::super::camera_path::{View, wave};
use super::super::canvas::Canvas;
use super::super::layout::Layout;
use super::super::pixels::{index, unsigned};
use super::super::random::Random;
use super::super::setting::Setting;
use super::Scene;

/// A cloud at its place in the card's first frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cloud {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

impl Scene {
    /// Draws everything behind the people at frame `t`.
    pub(super) fn backdrop(&self, canvas: &mut Canvas, t: i32, view: View) {
        self.sky(canvas, view);
        self.clouds(canvas, t, view);
        if self.setting == Setting::Sea {
            self.sea(canvas, t, view);
        } else {
            self.land(canvas, view);
        }
        if self.setting == Setting::Room {
            self.room(canvas, view);
        }
    }

    fn sky(&self, canvas: &mut Canvas, view: View) {
        let (top, width) = (self.layout.picture_top, self.layout.width);
        let palette = &self.palette;
        let deep = unsigned(self.horizon + view.y - top).max(1);
        for (row, y) in (0_u32..).zip(top..self.layout.picture_bottom) {
            canvas.span(y, 0, width, palette.sky_high.towards(palette.sky_low, row, deep));
        }
        let sun = (self.sun.0 - view.x / 12, self.sun.1 + view.y / 2);
        let radius = self.sun_radius * view.zoom / 256;
        canvas.glow(sun, radius * 2, palette.sun, 2);
        canvas.glow(sun, radius * 3 / 2, palette.sun, 3);
        canvas.disc(sun, radius, palette.sun);
    }

    fn clouds(&self, canvas: &mut Canvas, t: i32, view: View) {
        let light = self.palette.sky_low.towards(self.palette.sun, 1, 2);
        for cloud in &self.clouds {
            let loop_width = self.layout.width + cloud.width;
            let drift = cloud.x + t * self.layout.scale / 4 - view.x / 8;
            let left = drift.rem_euclid(loop_width) - cloud.width;
            for dy in 0..cloud.height {
                // Round ends, and narrower in the upper half.
                let from_middle = (dy * 2 - cloud.height).abs();
                let inset =
                    cloud.height / 2 * from_middle * from_middle / (cloud.height * cloud.height).max(1);
                let bank = if dy * 2 < cloud.height { cloud.width / 5 } else { 0 };
                let y = cloud.y + view.y / 2 + dy;
                canvas.tint(
                    y,
                    left + inset + bank,
                    left + cloud.width - inset - bank / 2,
                    light,
                    5,
                );
            }
        }
    }

    fn land(&self, canvas: &mut Canvas, view: View) {
        let (palette, bottom) = (&self.palette, self.layout.picture_bottom);
        let lamp = palette.mid.towards(palette.sun, 3, 4);
        for (skyline, part, color) in [(&self.far, 4, palette.far), (&self.mid, 2, palette.mid)] {
            skyline.draw(canvas, view.shift(&self.layout, part), bottom, color);
            skyline.lights(canvas, view.shift(&self.layout, part), bottom, lamp);
        }
        let (x, y) = view.shift(&self.layout, 1);
        self.near
            .draw(canvas, (x, y), bottom, palette.near.towards(palette.mid, 1, 6));
        self.near.lights(canvas, (x, y), bottom, palette.accent);
    }

    fn sea(&self, canvas: &mut Canvas, t: i32, view: View) {
        let (palette, bottom) = (&self.palette, self.layout.picture_bottom);
        let (scale, width) = (self.layout.scale, self.layout.width);
        let shore = self.horizon + view.y / 2;
        self.far
            .draw(canvas, view.shift(&self.layout, 4), shore, palette.far);
        let deep = unsigned(bottom - shore).max(1);
        for (row, y) in (0_u32..).zip(shore..bottom) {
            canvas.span(
                y,
                0,
                width,
                palette.far.towards(palette.near, row + deep / 8, deep),
            );
        }
        let sun = self.sun.0 - view.x / 12;
        let rows = (shore + scale * 2..bottom).step_by(index(scale * 4));
        for (row, y) in (0_i32..).zip(rows) {
            let mut random = self.random.fork(unsigned(row));
            let swing = wave(t + random.between(0, 96), 48 + row * 2);
            let half = (self.sun_radius / 2 + row * scale * 2) * (320 + swing) / 512;
            canvas.fill(
                (sun - half + swing * scale / 64, y),
                (half * 2, scale),
                palette.sun,
            );
            for _ in 0..3 {
                let at =
                    random.between(0, width) - view.shift(&self.layout, 1).0 * (row + 4) / 24 + t * scale / 4;
                let long = scale * random.between(6, 14 + row * 2);
                canvas.fill(
                    (at.rem_euclid(width + long) - long, y + scale),
                    (long, scale),
                    palette.far,
                );
            }
        }
    }

    /// Draws walls around a window, through which the rest is seen, and a floor.
    fn room(&self, canvas: &mut Canvas, view: View) {
        let (palette, layout) = (&self.palette, &self.layout);
        let (top, bottom, width) = (layout.picture_top, layout.picture_bottom, layout.width);
        let shift = -view.x / 3;
        let wide = width * 34 / 100 * view.zoom / 256;
        let (left, right) = (self.sun.0 - wide / 2 + shift, self.sun.0 + wide / 2 + shift);
        let sill = (self.horizon + layout.picture_height() / 12).min(bottom - 20) + view.y / 2;
        let lintel = top + layout.picture_height() / 10 + view.y / 2;
        let wall = palette.mid.towards(palette.near, 1, 3);
        canvas.fill((0, top), (width, lintel - top), wall);
        canvas.fill((0, lintel), (left, sill - lintel), wall);
        canvas.fill((right, lintel), (width - right, sill - lintel), wall);
        canvas.fill((0, sill), (width, bottom - sill), wall);
        let bar = layout.scale * 3;
        let frame = palette.near;
        for x in [left, left.midpoint(right) - bar / 2, right - bar] {
            canvas.fill((x, lintel), (bar, sill - lintel), frame);
        }
        for y in [lintel, lintel.midpoint(sill), sill] {
            canvas.fill((left, y), (right - left, bar), frame);
        }
        let floor = bottom - layout.picture_height() / 8;
        canvas.fill((0, floor), (width, bottom - floor), palette.near);
        // The window's light on the floor.
        for y in floor..bottom {
            let lean = (y - floor) * 2;
            canvas.tint(y, left - lean, right - lean, palette.sun, 4);
        }
    }
}

impl Cloud {
    /// A cloud at a random place above the horizon.
    pub(super) fn new(layout: Layout, horizon: i32, random: &mut Random) -> Self {
        let sky = horizon - layout.picture_top;
        Self {
            x: random.between(0, layout.width * 2),
            y: layout.picture_top + random.between(sky / 10, (sky * 3 / 4).max(sky / 10 + 1)),
            width: layout.width * random.between(14, 36) / 100,
            height: layout.scale * random.between(5, 13),
        }
    }
}
