//! What is around the pictures of screenshots: boxes, lines of writing, and what paper and cameras do to a picture.

use crate::random::Random;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use std::f64::consts::TAU;

/// A part of a screen, pixels: left, top, width, height.
pub type Area = [u32; 4];
/// A part of a picture, fractions of its sides: left, top, width, height.
pub type Part = [f64; 4];

/// All of a picture.
pub const WHOLE: Part = [0.0, 0.0, 1.0, 1.0];

/// A screen of one colour.
pub fn screen(width: u32, height: u32, colour: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(width, height, Rgb(colour))
}

/// Fills an area; what lies outside of the screen is left out.
pub fn fill(screen: &mut RgbImage, [left, top, width, height]: Area, colour: [u8; 3]) {
    for y in top..(top + height).min(screen.height()) {
        for x in left..(left + width).min(screen.width()) {
            screen.put_pixel(x, y, Rgb(colour));
        }
    }
}

/// A filled disc in the middle of an area.
pub fn disc(screen: &mut RgbImage, [left, top, width, height]: Area, colour: [u8; 3]) {
    let (radius, x0, y0) = (f64::from(width.min(height)) / 2.0, f64::from(width) / 2.0, f64::from(height) / 2.0);
    for y in 0..height {
        for x in 0..width {
            let is_inside = (f64::from(x) + 0.5 - x0).hypot(f64::from(y) + 0.5 - y0) <= radius;
            if is_inside && left + x < screen.width() && top + y < screen.height() {
                screen.put_pixel(left + x, top + y, Rgb(colour));
            }
        }
    }
}

/// Lines of words of no language, that fill an area; the last one ends somewhere.
pub fn write(screen: &mut RgbImage, area: Area, size: u32, colour: [u8; 3], random: &mut Random) {
    let [left, top, width, height] = area;
    let lines = (height / (size * 3 / 2)).max(1);
    for line in 0..lines {
        let is_last = line + 1 == lines && lines > 1;
        let end = left + if is_last { width / 4 + random.below(1 + width as usize / 2) as u32 } else { width };
        let mut x = left;
        loop {
            let letters = 2 + random.below(8) as u32;
            let advance = size * 2 / 3;
            if x + letters * advance > end {
                break;
            }
            (0..letters).for_each(|i| letter(screen, x + i * advance, top + line * size * 3 / 2, size, colour, random));
            x += (letters + 1) * advance;
        }
    }
}

/// Columns and rows of which a letter's strokes are made.
const LETTER: [u32; 2] = [4, 7];

/// A letter: an upright stroke, and some others across.
fn letter(screen: &mut RgbImage, left: u32, top: u32, size: u32, colour: [u8; 3], random: &mut Random) {
    let [columns, rows] = LETTER;
    let cell = (size / rows).max(1);
    let stem = random.below(columns as usize) as u32;
    fill(screen, [left + stem * cell, top, cell, rows * cell], colour);
    for _ in 0..2 {
        let row = random.below(rows as usize) as u32;
        fill(screen, [left, top + row * cell, columns * cell, cell], colour);
    }
}

/// The part of a picture of that shape (width over height) that fills an area, cut equally at both sides, or moved by
/// `aside`, -0.5..=0.5 of what is cut.
pub fn covering(shape: f64, [_, _, width, height]: Area, aside: f64) -> Part {
    let wanted = f64::from(width) / f64::from(height);
    let (across, down) = ((wanted / shape).min(1.0), (shape / wanted).min(1.0));
    [(0.5 + aside) * (1.0 - across), (0.5 + aside) * (1.0 - down), across, down]
}

/// The largest area of that shape in the middle of another.
pub fn fitting(shape: f64, [left, top, width, height]: Area) -> Area {
    let across = width.min((f64::from(height) * shape).round() as u32).max(1);
    let down = height.min((f64::from(width) / shape).round() as u32).max(1);
    [left + (width - across) / 2, top + (height - down) / 2, across, down]
}

/// Width over height.
pub fn shape(picture: &RgbImage) -> f64 {
    f64::from(picture.width()) / f64::from(picture.height())
}

/// Puts a part of a picture into an area.
pub fn put(screen: &mut RgbImage, picture: &RgbImage, [x, y, across, down]: Part, area: Area) {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let length = |share: f64, side: f64| ((share * side).round() as u32).max(1);
    let start = |share: f64, side: f64| (share * side).round() as u32;
    let cut =
        imageops::crop_imm(picture, start(x, width), start(y, height), length(across, width), length(down, height));
    let scaled = imageops::resize(&cut.to_image(), area[2], area[3], FilterType::Triangle);
    imageops::replace(screen, &scaled, area[0].into(), area[1].into());
}

/// The picture's middle, blurred, on all of a screen: what players put around a picture of another shape.
pub fn blurred_behind(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let mut small = screen(width / 20, height / 20, [0; 3]);
    let area = [0, 0, small.width(), small.height()];
    put(&mut small, picture, covering(shape(picture), area, 0.0), area);
    imageops::resize(&imageops::blur(&small, 2.0), width, height, FilterType::Triangle)
}

/// A picture as dots of ink on paper, `period` pixels apart.
pub fn halftone(picture: &RgbImage, period: f64) -> RgbImage {
    let (paper, ink) = ([228, 222, 208], [44, 42, 40]);
    let grey = imageops::grayscale(picture);
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let (along, across) = (f64::from(x) + f64::from(y), f64::from(x) - f64::from(y));
        let wave = |at: f64| (TAU * at / (period * 2f64.sqrt())).cos();
        let is_inked = f64::from(grey.get_pixel(x, y).0[0]) / 255.0 < 0.5 + 0.25 * (wave(along) + wave(across));
        Rgb(if is_inked { ink } else { paper })
    })
}

/// A photograph of a screen that fills most of it: turned by up to 2 degrees, seen a little from the side, with moire,
/// light that falls off towards the corners, and a blur; and where the screen is in it, about.
pub fn photograph(shown: &RgbImage, random: &mut Random) -> (RgbImage, Part) {
    let (width, height) = (1200u32, 900u32);
    let mut within = |limit: f64| limit * (2.0 * random.unit() - 1.0);
    let (angle, keystone) = (within(2f64.to_radians()), [within(0.08), within(0.08)]);
    let (middle, waves) = ([0.5 + within(0.05), 0.5 + within(0.05)], [0.2 + within(0.06), 0.13 + within(0.05)]);
    let wide = (0.78 + within(0.08)) * f64::from(width).min(f64::from(height) * shape(shown));
    let (sine, cosine) = angle.sin_cos();
    // Where the screen lies: a count, sums and sums of squares of the places that show it.
    let (mut count, mut sums, mut squares) = (0.0, [0.0; 2], [0.0; 2]);
    let photo = RgbImage::from_fn(width, height, |x, y| {
        let place = [f64::from(x) / f64::from(width), f64::from(y) / f64::from(height)];
        let [right, below] = [(place[0] - middle[0]) * f64::from(width), (place[1] - middle[1]) * f64::from(height)];
        let [right, below] = [(right * cosine + below * sine) / wide, (below * cosine - right * sine) / wide];
        let away = 1.0 + keystone[0] * right + keystone[1] * below;
        let on_screen = [0.5 + right / away, 0.5 + below / away * shape(shown)];
        let light = 1.0 - 0.5 * ((place[0] - 0.5).powi(2) + (place[1] - 0.5).powi(2));
        let is_shown = on_screen.iter().all(|at| (0.0..1.0).contains(at));
        if !is_shown {
            let is_bezel = on_screen.iter().all(|at| (-0.03..1.03).contains(at));
            return Rgb([0, 1, 2].map(|i| (light * if is_bezel { 18.0 } else { 92.0 + 9.0 * f64::from(i) }) as u8));
        }
        count += 1.0;
        for i in 0..2 {
            sums[i] += place[i];
            squares[i] += place[i] * place[i];
        }
        let at =
            [on_screen[0] * f64::from(shown.width()), on_screen[1] * f64::from(shown.height())].map(|at| at as u32);
        let luma = shown.get_pixel(at[0], at[1]).0;
        Rgb([0, 1, 2].map(|i| {
            let phase = f64::from(i as u32) * 2.0;
            let moire = 1.0 + 0.07 * (waves[0] * f64::from(x) + waves[1] * f64::from(y) + phase).sin();
            (light * moire * (12.0 + 0.9 * f64::from(luma[i]))).clamp(0.0, 255.0) as u8
        }))
    });
    // An even spread over a length has a deviation of the length by the root of twelve.
    let box_of = |i: usize| {
        let mean: f64 = sums[i] / count;
        let length = (12.0 * (squares[i] / count - mean * mean)).sqrt();
        (mean - length / 2.0, length)
    };
    let ((left, across), (top, down)) = (box_of(0), box_of(1));
    (imageops::blur(&photo, 1.0), [left, top, across, down])
}
