//! Every layout that can be hashed, as the installed ffmpeg makes it: its colours are found where they are.

mod folder;

use cotejo::picture::frame::FrameFormat;
use cotejo::picture::luma::Matrix;
use cotejo::picture::pixel_format::{Colour, PixelFormat, Word};
use cotejo::picture::plane::Range;
use cotejo::picture::png;
use cotejo::picture::shrink::CELLS;
use folder::Folder;
use std::fs;

/// Width of a bar: with much less, ffmpeg's filters mix the chroma of neighbours in layouts that halve it twice.
const BAR: u32 = 32;
/// Red, green and blue of each bar; extremes, which layouts of few bits have, too.
const BARS: [[u8; 3]; 8] =
    [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0], [255, 255, 0], [0, 255, 255], [255, 0, 255]];
const SIDE: u32 = BAR * BARS.len() as u32;
/// Levels by which ffmpeg's conversions, and a second one here, may be off.
const ROUNDING: u8 = 4;
/// What the installed ffmpeg reads but does not make; the newest are of version 5.0.
const NOT_MADE: [&str; 5] = ["nv16", "nv20le", "nv20be", "x2rgb10be", "x2bgr10be"];

/// Has one ffmpeg put the bars into a file for each layout, raw.
fn make_bars(folder: &Folder, names: &[&str]) {
    let row: Vec<u8> = BARS.iter().flat_map(|colour| colour.repeat(BAR as usize)).collect();
    fs::write(folder.0.join("bars"), row.repeat(SIDE as usize)).unwrap();
    let size = format!("{SIDE}x{SIDE}");
    let mut arguments =
        ["-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", &size, "-i", "bars"].map(str::to_owned).to_vec();
    for name in names {
        if *name == "pal8" {
            arguments.extend(["-vf", "split[s][t];[s]palettegen[p];[t][p]paletteuse"].map(str::to_owned));
        }
        arguments.extend(["-sws_dither", "none", "-pix_fmt", name, "-f", "rawvideo", name].map(str::to_owned));
    }
    let output = folder.run("ffmpeg", &arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn luma_of([red, green, blue]: [u8; 3]) -> u8 {
    (0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)).round() as u8
}

fn are_near(one: u8, other: u8) -> bool {
    one.abs_diff(other) <= ROUNDING
}

#[test]
fn every_layout_has_the_colours_that_ffmpeg_put_into_it() {
    let folder = Folder::new("bars");
    let made: Vec<_> = PixelFormat::all().filter(|format| !NOT_MADE.contains(&format.name)).collect();
    make_bars(&folder, &made.iter().map(|format| format.name).collect::<Vec<_>>());
    for pixel_format in made {
        let name = pixel_format.name;
        let frame = fs::read(folder.0.join(name)).unwrap();
        // What ffmpeg's scaler makes of red, green and blue.
        let range = if pixel_format.components().len() == 1 { Range::Full } else { Range::Limited };
        let format = FrameFormat { pixel_format, range, width: SIDE, height: SIDE, matrix: Matrix::Bt601 };
        let hashes = format.hash(&frame, &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
        let recorded = FrameFormat { pixel_format: pixel_format.recorded(), ..format };
        let picture = png::encode(&recorded, &pixel_format.reorder(&frame, SIDE, SIDE)).unwrap();
        let picture = image::load_from_memory(&picture).unwrap().into_rgb8();
        for (i, &colour) in BARS.iter().enumerate() {
            // With one bit, or two for green, the other colours are mixed or missing.
            let is_held =
                pixel_format.word != Word::Bits || matches!(luma_of(colour), 0 | 255) || pixel_format.is_rgb();
            if !is_held {
                continue;
            }
            let x = BAR * i as u32 + BAR / 2;
            let cell = hashes.grid[CELLS / 2 * CELLS + x as usize * CELLS / SIDE as usize];
            assert!(are_near(cell.round() as u8, luma_of(colour)), "{name}: luma {cell} of {colour:?}");
            let shown = picture.get_pixel(x, SIDE / 2).0;
            let has_colour = pixel_format.colour != Colour::Darkness && pixel_format.components().len() > 1
                || pixel_format.colour == Colour::Palette;
            let expected = if has_colour { colour } else { [luma_of(colour); 3] };
            assert!(shown.iter().zip(expected).all(|(&a, b)| are_near(a, b)), "{name}: {shown:?} for {expected:?}");
        }
    }
}
