//! Screenshots, and photographs of screens and paper: a frame among what apps, players and pages put around it.

use super::drawing::{self, Area, Part, WHOLE, covering, disc, fill, fitting, put, screen, shape, write};
use crate::random::Random;
use image::RgbImage;
use image::imageops::{self, FilterType};

/// How a frame is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layout {
    /// A post on a telephone, dark on light.
    FeedLight,
    /// A post on a telephone, light on dark.
    FeedDark,
    /// A 9:16 crop that fills the screen, with a caption over its lower end.
    Vertical,
    /// The middle of the frame on the left or right half of a screen, another picture on the other.
    Split,
    /// The whole frame above or below another picture, on a telephone.
    Stacked,
    /// A picture of 320 pixels between two bands of writing.
    Meme,
    /// A square crop beside another picture.
    Square,
    /// A player's window with controls over the picture.
    Player,
    /// A newspaper's page, cut out about the picture.
    Halftone,
    /// A telephone's photograph of a monitor.
    Monitor,
    /// The whole frame before itself, blurred, with writing and stickers over it.
    Story,
    /// A picture in a chat.
    Chat,
    /// A page in a browser's window.
    Browser,
    /// Beside a newsreader, with a band below.
    Studio,
    /// A picture above a quotation.
    Quote,
    /// One of four pictures.
    Collage,
    /// 240 pixels wide, saved as badly as can be.
    Small,
    /// A small picture in the corner of another.
    Inset,
    /// A picture in whose corner lies another.
    Host,
}

/// All of them.
pub const LAYOUTS: [Layout; 19] = [
    Layout::FeedLight,
    Layout::FeedDark,
    Layout::Vertical,
    Layout::Split,
    Layout::Stacked,
    Layout::Meme,
    Layout::Square,
    Layout::Player,
    Layout::Halftone,
    Layout::Monitor,
    Layout::Story,
    Layout::Chat,
    Layout::Browser,
    Layout::Studio,
    Layout::Quote,
    Layout::Collage,
    Layout::Small,
    Layout::Inset,
    Layout::Host,
];

/// A screenshot, and how the frame lies on it.
pub struct Shot {
    /// The screenshot.
    pub screen: RgbImage,
    /// The part of the frame that it shows.
    pub view: Part,
    /// The part of the screenshot that shows it.
    pub place: Part,
}

/// Lays a frame out, beside other pictures, which some layouts need.
pub fn draw(layout: Layout, frame: &RgbImage, others: &[RgbImage; 3], random: &mut Random) -> Shot {
    match layout {
        Layout::FeedLight => feed(frame, [[250; 3], [20; 3], [150; 3]], random),
        Layout::FeedDark => feed(frame, [[18, 20, 26], [225; 3], [110; 3]], random),
        Layout::Vertical => vertical(frame, random),
        Layout::Split => split(frame, others, random),
        Layout::Stacked => stacked(frame, others, random),
        Layout::Meme => meme(frame, random),
        Layout::Square => square(frame, others, random),
        Layout::Player => player(frame, random),
        Layout::Halftone => halftone(frame, random),
        Layout::Monitor => monitor(frame, random),
        Layout::Story => story(frame, random),
        Layout::Chat => chat(frame, random),
        Layout::Browser => browser(frame, random),
        Layout::Studio => studio(frame, others, random),
        Layout::Quote => quote(frame, random),
        Layout::Collage => collage(frame, others, random),
        Layout::Small => small(frame),
        Layout::Inset => inset(frame, others, random),
        Layout::Host => host(frame, others, random),
    }
}

/// Puts a part of the frame into an area of the screen.
fn shot(mut screen: RgbImage, frame: &RgbImage, view: Part, area: Area) -> Shot {
    put(&mut screen, frame, view, area);
    let (width, height) = (f64::from(screen.width()), f64::from(screen.height()));
    let [left, top, across, down] = area.map(f64::from);
    Shot { screen, view, place: [left / width, top / height, across / width, down / height] }
}

/// The height that a frame has at this width, at most `limit` of it; more is cut off.
fn height_at(frame: &RgbImage, width: u32, limit: f64) -> u32 {
    (f64::from(width) / shape(frame).max(1.0 / limit)).round() as u32
}

fn any(random: &mut Random, from: u32, to: u32) -> u32 {
    from + random.below((to - from) as usize) as u32
}

fn feed(frame: &RgbImage, [ground, ink, grey]: [[u8; 3]; 3], random: &mut Random) -> Shot {
    let mut page = screen(540, 1170, ground);
    write(&mut page, [30, 16, 60, 18], 16, ink, random);
    let head = any(random, 60, 260);
    fill(&mut page, [0, head - 8, 540, 2], grey);
    disc(&mut page, [16, head + 8, 56, 56], [70, 130, 180]);
    write(&mut page, [86, head + 14, 200, 20], 18, ink, random);
    write(&mut page, [86, head + 42, 120, 16], 14, grey, random);
    let lines = any(random, 1, 4);
    write(&mut page, [16, head + 80, 500, 30 * lines], 20, ink, random);
    let margin = [0, 16][random.below(2)];
    let top = head + 92 + 30 * lines;
    let area = [margin, top, 540 - 2 * margin, height_at(frame, 540 - 2 * margin, 1.25)];
    let below = top + area[3] + 14;
    for i in 0..4 {
        disc(&mut page, [20 + 130 * i, below, 26, 26], grey);
        write(&mut page, [52 + 130 * i, below + 6, 50, 14], 14, grey, random);
    }
    fill(&mut page, [0, below + 40, 540, 8], grey);
    disc(&mut page, [16, below + 60, 56, 56], [180, 90, 60]);
    write(&mut page, [86, below + 66, 260, 20], 18, ink, random);
    write(&mut page, [16, below + 130, 500, 120], 20, ink, random);
    shot(page, frame, covering(shape(frame), area, 0.0), area)
}

fn vertical(frame: &RgbImage, random: &mut Random) -> Shot {
    let area = [0, 0, 540, 960];
    let aside = 0.6 * (random.unit() - 0.5);
    let mut made = shot(screen(540, 960, [0; 3]), frame, covering(shape(frame), area, aside), area);
    write(&mut made.screen, [30, 700, 380, 60], 26, [250; 3], random);
    write(&mut made.screen, [30, 830, 300, 24], 18, [240; 3], random);
    (0..4).for_each(|i| disc(&mut made.screen, [470, 460 + 90 * i, 50, 50], [235; 3]));
    made
}

fn split(frame: &RgbImage, others: &[RgbImage; 3], random: &mut Random) -> Shot {
    let (left, right) = ([0, 0, 638, 720], [642, 0, 638, 720]);
    let (own, other) = if random.below(2) == 0 { (left, right) } else { (right, left) };
    let mut page = screen(1280, 720, [255; 3]);
    put(&mut page, &others[0], covering(shape(&others[0]), other, 0.0), other);
    shot(page, frame, covering(shape(frame), own, 0.0), own)
}

fn stacked(frame: &RgbImage, others: &[RgbImage; 3], random: &mut Random) -> Shot {
    let mut page = screen(540, 960, [10; 3]);
    let (above, below) = ([0, 0, 540, 478], [0, 482, 540, 478]);
    let (own, other) = if random.below(2) == 0 { (above, below) } else { (below, above) };
    put(&mut page, &others[0], covering(shape(&others[0]), other, 0.0), other);
    let area = fitting(shape(frame), own);
    shot(page, frame, WHOLE, area)
}

fn meme(frame: &RgbImage, random: &mut Random) -> Shot {
    let height = height_at(frame, 320, 1.25);
    let (above, below) = (any(random, 40, 70), any(random, 30, 60));
    let mut page = screen(320, above + height + below, [255; 3]);
    write(&mut page, [10, 8, 300, above - 12], 18, [0; 3], random);
    write(&mut page, [10, above + height + 6, 300, below - 10], 18, [0; 3], random);
    let area = [0, above, 320, height];
    shot(page, frame, covering(shape(frame), area, 0.0), area)
}

fn square(frame: &RgbImage, others: &[RgbImage; 3], random: &mut Random) -> Shot {
    let mut page = screen(1080, 640, [245; 3]);
    let (left, right) = ([10, 10, 525, 525], [545, 10, 525, 525]);
    let (own, other) = if random.below(2) == 0 { (left, right) } else { (right, left) };
    put(&mut page, &others[0], covering(shape(&others[0]), other, 0.0), other);
    write(&mut page, [20, 560, 1000, 60], 24, [30; 3], random);
    shot(page, frame, covering(shape(frame), own, 0.6 * (random.unit() - 0.5)), own)
}

fn player(frame: &RgbImage, random: &mut Random) -> Shot {
    let (width, height) = (1280, 800);
    let mut page = screen(width, height, [0; 3]);
    fill(&mut page, [0, 0, width, 36], [60, 62, 66]);
    write(&mut page, [480, 10, 320, 18], 16, [220; 3], random);
    let mut made = {
        let area = fitting(shape(frame), [0, 36, width, height - 36]);
        shot(page, frame, WHOLE, area)
    };
    fill(&mut made.screen, [0, height - 64, width, 64], [20; 3]);
    fill(&mut made.screen, [20, height - 58, width - 40, 4], [120; 3]);
    fill(&mut made.screen, [20, height - 58, any(random, 100, 1000), 4], [220, 30, 30]);
    disc(&mut made.screen, [30, height - 44, 32, 32], [240; 3]);
    write(&mut made.screen, [90, height - 36, 160, 18], 16, [230; 3], random);
    made
}

fn halftone(frame: &RgbImage, random: &mut Random) -> Shot {
    let mut page = screen(900, 1000, [228, 222, 208]);
    let ink = [52, 50, 46];
    write(&mut page, [30, 20, 840, 110], 44, ink, random);
    let area = [30, 150, 840, height_at(frame, 840, 0.8)];
    let view = covering(shape(frame), area, 0.0);
    let mut picture = screen(area[2], area[3], [0; 3]);
    put(&mut picture, frame, view, [0, 0, area[2], area[3]]);
    let mut made = shot(page, &drawing::halftone(&picture, 5.0 + 2.0 * random.unit()), WHOLE, area);
    made.view = view;
    let below = 150 + area[3] + 12;
    write(&mut made.screen, [30, below, 840, 30], 16, ink, random);
    (0..3).for_each(|i| write(&mut made.screen, [30 + 290 * i, below + 44, 260, 300], 14, ink, random));
    // As a telephone's camera sees it.
    made.screen = imageops::resize(&imageops::blur(&made.screen, 0.8), 720, 800, FilterType::Triangle);
    made
}

fn monitor(frame: &RgbImage, random: &mut Random) -> Shot {
    let [_, _, width, height] = fitting(shape(frame), [0, 0, 960, 960]);
    let shown = imageops::resize(frame, width, height, FilterType::Triangle);
    let (screen, place) = drawing::photograph(&shown, random);
    Shot { screen, view: WHOLE, place }
}

fn story(frame: &RgbImage, random: &mut Random) -> Shot {
    let page = drawing::blurred_behind(frame, 540, 960);
    let area = fitting(shape(frame), [0, 120, 540, 720]);
    let mut made = shot(page, frame, WHOLE, area);
    let top = area[1] + any(random, 10, (area[3] / 2).max(11));
    fill(&mut made.screen, [60, top, 320, 40], [255; 3]);
    write(&mut made.screen, [70, top + 10, 300, 24], 20, [10; 3], random);
    disc(&mut made.screen, [any(random, 300, 420), area[1] + area[3] - 90, 80, 80], [250, 200, 40]);
    disc(&mut made.screen, [20, 30, 50, 50], [200, 80, 120]);
    write(&mut made.screen, [84, 44, 200, 20], 18, [255; 3], random);
    made
}

fn chat(frame: &RgbImage, random: &mut Random) -> Shot {
    let mut page = screen(540, 1000, [224, 218, 208]);
    fill(&mut page, [0, 0, 540, 70], [20, 110, 90]);
    write(&mut page, [90, 26, 200, 22], 20, [255; 3], random);
    fill(&mut page, [20, 100, 330, 80], [255; 3]);
    write(&mut page, [34, 112, 300, 60], 18, [30; 3], random);
    let width = any(random, 360, 430);
    let height = height_at(frame, width, 1.25);
    let bubble = [540 - width - 30, 220, width + 16, height + 50];
    fill(&mut page, bubble, [214, 248, 198]);
    let area = [bubble[0] + 8, 228, width, height];
    write(&mut page, [area[0], 236 + height, 200, 24], 18, [30; 3], random);
    let below = 290 + height;
    fill(&mut page, [20, below, 280, 100], [255; 3]);
    write(&mut page, [34, below + 12, 250, 80], 18, [30; 3], random);
    shot(page, frame, covering(shape(frame), area, 0.0), area)
}

fn browser(frame: &RgbImage, random: &mut Random) -> Shot {
    let mut page = screen(1366, 768, [255; 3]);
    fill(&mut page, [0, 0, 1366, 90], [222, 225, 230]);
    fill(&mut page, [120, 52, 800, 28], [255; 3]);
    write(&mut page, [140, 58, 400, 16], 14, [80; 3], random);
    write(&mut page, [80, 110, 760, 44], 34, [10; 3], random);
    let area = fitting(shape(frame), [80, 175, any(random, 640, 820), 480]);
    let column = 940;
    for i in 0..3 {
        fill(&mut page, [column, 180 + 180 * i, 340, 110], [[190, 60, 60], [60, 120, 190], [240, 190, 60]][i as usize]);
        write(&mut page, [column, 300 + 180 * i, 340, 44], 18, [40; 3], random);
    }
    write(&mut page, [80, 190 + area[3], 760, 120], 18, [60; 3], random);
    shot(page, frame, WHOLE, area)
}

fn studio(frame: &RgbImage, others: &[RgbImage; 3], random: &mut Random) -> Shot {
    let mut page = drawing::blurred_behind(&others[0], 1280, 720);
    // The newsreader.
    disc(&mut page, [140, 170, 200, 200], [205, 160, 130]);
    fill(&mut page, [90, 370, 300, 350], [40, 44, 70]);
    let frame_area = [460, any(random, 60, 110), 760, 440];
    let area = fitting(shape(frame), frame_area);
    fill(&mut page, [area[0] - 8, area[1] - 8, area[2] + 16, area[3] + 16], [235, 235, 240]);
    let mut made = shot(page, frame, WHOLE, area);
    fill(&mut made.screen, [0, 590, 1280, 90], [170, 20, 30]);
    write(&mut made.screen, [60, 610, 1000, 44], 36, [255; 3], random);
    fill(&mut made.screen, [0, 680, 1280, 40], [20, 24, 40]);
    write(&mut made.screen, [20, 690, 1200, 20], 18, [230; 3], random);
    made
}

fn quote(frame: &RgbImage, random: &mut Random) -> Shot {
    let mut page = screen(800, 1000, [24, 44, 92]);
    let area = [0, 0, 800, height_at(frame, 800, 0.7)];
    let below = area[3] + 60;
    write(&mut page, [70, below, 660, 200], 36, [255; 3], random);
    write(&mut page, [70, below + 240, 320, 26], 22, [160, 180, 230], random);
    shot(page, frame, covering(shape(frame), area, 0.0), area)
}

fn collage(frame: &RgbImage, others: &[RgbImage; 3], random: &mut Random) -> Shot {
    let (across, down) = (476, 356);
    let cell = |i: u32| [2 + i % 2 * (across + 4), 2 + i / 2 * (down + 4), across, down];
    let mut page = screen(960, 720, [255; 3]);
    let own = random.below(4) as u32;
    for (i, other) in (0..4).filter(|&i| i != own).zip(others) {
        put(&mut page, other, covering(shape(other), cell(i), 0.0), cell(i));
    }
    shot(page, frame, covering(shape(frame), cell(own), 0.0), cell(own))
}

fn small(frame: &RgbImage) -> Shot {
    let height = height_at(frame, 240, 2.0);
    shot(screen(240, height, [0; 3]), frame, WHOLE, [0, 0, 240, height])
}

fn inset(frame: &RgbImage, others: &[RgbImage; 3], random: &mut Random) -> Shot {
    let mut page = screen(1280, 720, [0; 3]);
    let all = [0, 0, 1280, 720];
    put(&mut page, &others[0], covering(shape(&others[0]), all, 0.0), all);
    let share = 0.3 + 0.15 * random.unit();
    let area = fitting(shape(frame), [0, 0, (1280.0 * share) as u32, (720.0 * share) as u32]);
    let [left, top] = [[24, 1256 - area[2]][random.below(2)], [24, 696 - area[3]][random.below(2)]];
    shot(page, frame, WHOLE, [left, top, area[2], area[3]])
}

fn host(frame: &RgbImage, others: &[RgbImage; 3], random: &mut Random) -> Shot {
    let height = height_at(frame, 1280, 2.0);
    let mut made = shot(screen(1280, height, [0; 3]), frame, WHOLE, [0, 0, 1280, height]);
    let across = any(random, 300, 400);
    let area = [
        [20, 1260 - across][random.below(2)],
        [20, height - 20 - across * 3 / 4][random.below(2)],
        across,
        across * 3 / 4,
    ];
    put(&mut made.screen, &others[0], covering(shape(&others[0]), area, 0.0), area);
    made
}
