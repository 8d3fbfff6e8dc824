//! Skylines of hills, peaks, dunes and houses: rows of heights that can be moved sideways.

use crate::media::Color;

use super::canvas::Canvas;
use super::pixels::{index, signed, unsigned};
use super::random::Random;

/// What a skyline is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Hills,
    Peaks,
    Dunes,
    Houses,
}

/// A skyline wider than the picture.
#[derive(Debug, Clone)]
pub(super) struct Skyline {
    /// The first filled row of each column.
    tops: Vec<i16>,
    /// The column at the picture's left edge before the camera moves.
    start: i32,
    houses: Vec<House>,
    window: i32,
}

#[derive(Debug, Clone)]
struct House {
    left: i32,
    width: i32,
    top: i32,
    lights: Random,
}

/// The size and place of a skyline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// The picture's width.
    pub(super) width: i32,
    /// How far it is moved to either side at most.
    pub(super) travel: i32,
    /// The row of the lowest valley.
    pub(super) base: i32,
    /// The height from there to the highest top.
    pub(super) rise: i32,
    /// How large a lit window is; 0 for no windows.
    pub(super) window: i32,
}

impl Skyline {
    pub(super) fn new(shape: Shape, span: Span, random: &mut Random) -> Self {
        let length = span.width + 2 * span.travel;
        let rise = span.rise.max(2);
        let mut houses = Vec::new();
        let heights: Vec<i32> = match shape {
            Shape::Hills => noise(
                random,
                length,
                rise,
                &[(span.width / 3, 5), (span.width / 9, 2), (span.width / 30, 1)],
            ),
            Shape::Dunes => noise(random, length, rise, &[(span.width / 2, 6), (span.width / 5, 2)]),
            Shape::Peaks => peaks(random, length, rise, span.width / 6),
            Shape::Houses => {
                houses = row_of_houses(random, length, span);
                let mut heights = vec![0; index(length)];
                for house in &houses {
                    let columns = index(house.left)..index((house.left + house.width).min(length));
                    heights[columns].fill(span.base - house.top);
                }
                heights
            }
        };
        Self {
            tops: heights
                .iter()
                .map(|height| i16::try_from(span.base - height).unwrap_or(i16::MAX))
                .collect(),
            start: span.travel,
            houses,
            window: span.window,
        }
    }

    /// Draws the skyline moved by `dx` (to the left) and `dy` (down), filled to row `bottom`.
    pub(super) fn draw(&self, canvas: &mut Canvas, (dx, dy): (i32, i32), bottom: i32, color: Color) {
        let width = canvas.width();
        let start = self.left_edge(dx, width);
        let tops = &self.tops[index(start)..index(start + width)];
        let highest = i32::from(tops.iter().copied().min().unwrap_or(0));
        let lowest = i32::from(tops.iter().copied().max().unwrap_or(0));
        for y in highest + dy..(lowest + dy).min(bottom) {
            canvas.under(y, y - dy, tops, color);
        }
        for y in lowest + dy..bottom {
            canvas.span(y, 0, width, color);
        }
    }

    /// Draws the lit windows of the houses, moved like the skyline.
    pub(super) fn lights(&self, canvas: &mut Canvas, (dx, dy): (i32, i32), bottom: i32, color: Color) {
        let (size, width) = (self.window, canvas.width());
        if size == 0 {
            return;
        }
        let start = self.left_edge(dx, width);
        let (step_x, step_y) = (size * 4, size * 5);
        for house in &self.houses {
            let left = house.left - start;
            if left > width || left + house.width < 0 {
                continue;
            }
            let mut random = house.lights.clone();
            for y in (house.top + dy + size * 3..bottom).step_by(index(step_y)) {
                for x in (left + size * 2..left + house.width - size * 2).step_by(index(step_x)) {
                    if random.chance(2, 7) {
                        canvas.fill((x, y), (size * 2, size * 2), color);
                    }
                }
            }
        }
    }

    fn left_edge(&self, dx: i32, width: i32) -> i32 {
        let length = signed(self.tops.len());
        (self.start + dx).clamp(0, (length - width).max(0))
    }
}

/// Smooth heights from 0 to `rise`: a sum of waves, each with its length and its weight.
fn noise(random: &mut Random, length: i32, rise: i32, waves: &[(i32, i32)]) -> Vec<i32> {
    let whole: i32 = waves.iter().map(|(_, weight)| weight).sum();
    let mut heights = vec![0; index(length)];
    for (wave, weight) in waves {
        let wave = (*wave).max(2);
        let mut from = random.between(0, 1024);
        let mut to = random.between(0, 1024);
        for (x, height) in (0..).zip(heights.iter_mut()) {
            let along = x % wave;
            if along == 0 && x > 0 {
                from = to;
                to = random.between(0, 1024);
            }
            // A smooth step between the two, in 1/1024.
            let t = along * 1024 / wave;
            let eased = t * t / 1024 * (3 * 1024 - 2 * t) / 1024;
            *height += (from + (to - from) * eased / 1024) * weight;
        }
    }
    heights
        .iter()
        .map(|height| height * rise / (whole * 1024))
        .collect()
}

/// Straight slopes up and down, with a little roughness.
fn peaks(random: &mut Random, length: i32, rise: i32, wave: i32) -> Vec<i32> {
    let mut heights = Vec::with_capacity(index(length));
    let (mut from, mut to) = (random.between(0, rise / 3), random.between(rise / 2, rise));
    let (mut along, mut slope) = (0, random.between(wave / 2, wave * 3 / 2).max(2));
    for _ in 0..length {
        if along == slope {
            let is_top = to > rise / 3;
            from = to;
            to = if is_top {
                random.between(0, rise / 3)
            } else {
                random.between(rise / 2, rise)
            };
            (along, slope) = (0, random.between(wave / 2, wave * 3 / 2).max(2));
        }
        let rough = if along % 7 == 3 { rise / 40 } else { 0 };
        heights.push((from + (to - from) * along / slope - rough).max(0));
        along += 1;
    }
    heights
}

fn row_of_houses(random: &mut Random, length: i32, span: Span) -> Vec<House> {
    let mut houses = Vec::new();
    let mut left = 0;
    while left < length {
        let width = span.width / 28 + random.between(4, (span.width / 28).max(5)) * 2;
        let tall = random.between(span.rise / 4, span.rise);
        houses.push(House {
            left,
            width,
            top: span.base - tall,
            lights: random.fork(unsigned(left)),
        });
        left += width;
        if random.chance(1, 4) {
            left += span.width / 60;
        }
    }
    houses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_skyline_stays_in_its_band_and_covers_its_travel() {
        let span = Span {
            width: 400,
            travel: 333,
            base: 200,
            rise: 120,
            window: 2,
        };
        for shape in [Shape::Hills, Shape::Peaks, Shape::Dunes, Shape::Houses] {
            let ridge = Skyline::new(shape, span, &mut Random::new("kite", 3));
            assert_eq!(ridge.tops.len(), 400 + 2 * 333);
            assert!(ridge.tops.iter().all(|top| (80..=200).contains(top)), "{shape:?}");
            let distinct: std::collections::BTreeSet<_> = ridge.tops.iter().collect();
            assert!(distinct.len() > 4, "{shape:?} is flat");
        }
    }
}
