//! How often a frame is found in a screenshot that shows it, and how often in one that does not.

use super::corpus::{self, Clip};
use super::drawing::Part;
use super::frames;
use super::layouts::{self, LAYOUTS, Layout, Shot};
use super::pictures::{extract, frame_path};
use crate::random::Random;
use anyhow::{Context, Result};
use cotejo::still::{self, Occurrence, Still, StillReason, StillSearch, StillVerdict};
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Seed of the screenshots of the table.
pub const SEED: u64 = 20;
/// Screenshots of each layout.
const EACH: usize = 9;
/// A time this close is right, as for the other stills.
const NEAR_SECONDS: f64 = 0.2 + 1e-6;
/// A map is about right if no corner of what is shown lies further off, in fractions of the frame's sides.
const NEAR_CORNER: f64 = 0.1;
/// JPEG's quality of a screenshot, and of one that was saved badly.
const QUALITY: [u8; 2] = [80, 10];

/// The outcome for a screenshot in the clip that it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Right,
    /// The frame looks the same as the place that comes first, and is another of those listed.
    Other,
    /// At the right time, but its map is wrong.
    WrongMap,
    WrongTime,
    CantTell,
    NotFound,
}

const OUTCOMES: [(Outcome, &str); 6] = [
    (Outcome::Right, "right"),
    (Outcome::Other, "other"),
    (Outcome::WrongMap, "wrong map"),
    (Outcome::WrongTime, "wrong time"),
    (Outcome::CantTell, "can't tell"),
    (Outcome::NotFound, "not found"),
];

/// What a screenshot is to be made of: a frame, and frames of other clips.
struct Plan {
    layout: Layout,
    frames: [(usize, usize); 4],
    seed: u64,
    /// The screenshot's file, without its ending.
    name: String,
}

/// One screenshot, looked for in its own clip and in all that have nothing to do with it.
struct Row {
    layout: Layout,
    aside: bool,
    by_hashes: Found,
    by_pixels: Option<Found>,
    /// As page and command search.
    by_both: Option<Found>,
    /// With the rectangle drawn around the picture, by hashes.
    drawn: Found,
    /// And as page and command search.
    drawn_by_both: Option<Found>,
}

/// What one kind of search found.
struct Found {
    outcome: Outcome,
    /// Of its own clip.
    search: StillSearch,
    unrelated: Vec<StillVerdict>,
}

/// What to measure.
pub struct Wanted<'a> {
    /// Only these layouts, or all.
    pub layouts: &'a [String],
    /// One screenshot of this many.
    pub sample: usize,
    /// Which screenshots.
    pub seed: u64,
    /// The most clips, that have nothing to do with a screenshot, in which it is looked for.
    pub cross: usize,
    /// Whether to look through the frames' pixels as well.
    pub pixels: bool,
}

/// Prints the tables.
pub fn run(corpus: &Path, cache: &Path, wanted: &Wanted) -> Result<()> {
    let &Wanted { layouts, sample, seed, .. } = wanted;
    let clips = corpus::clips(corpus, cache)?;
    let mut plans = plans(&clips, seed);
    let is_wanted = |layout: Layout| {
        layouts.is_empty() || layouts.iter().any(|name| format!("{layout:?}").eq_ignore_ascii_case(name))
    };
    plans.retain(|plan| is_wanted(plan.layout));
    let plans: Vec<Plan> = plans.into_iter().skip(sample / 2).step_by(sample).collect();
    let folder = cache.join("screenshots");
    fs::create_dir_all(&folder)?;
    extract_all(&clips, &plans, &folder)?;
    if wanted.pixels {
        clips.iter().try_for_each(|clip| frames::frames(clip, cache).map(drop))?;
    }
    let rows = super::each(&plans, |plan| row(&clips, plan, cache, wanted))?;
    print_tables("By hashes", &rows, |row| Some(&row.by_hashes));
    print_tables("By hashes, with the rectangle drawn", &rows, |row| Some(&row.drawn));
    if wanted.pixels {
        print_tables("By pixels", &rows, |row| row.by_pixels.as_ref());
        print_tables("By pixels where hashes tell no moment", &rows, |row| row.by_both.as_ref());
        print_tables("The same, with the rectangle drawn", &rows, |row| row.drawn_by_both.as_ref());
    }
    Ok(())
}

fn print_tables<'a>(title: &str, rows: &'a [Row], found: impl Fn(&'a Row) -> Option<&'a Found>) {
    let table = |of: &str, is_wanted: fn(&Row) -> bool| {
        let rows = rows.iter().filter(|row| is_wanted(row));
        print_table(&format!("{title}, {of}"), rows.filter_map(|row| Some((row.layout, found(row)?))).collect());
    };
    table("clips on which limits were tuned", |row| !row.aside);
    table("clips kept aside", |row| row.aside);
    table("all", |_| true);
}

/// The same number of each layout; clips come in turn, each as often as the others.
fn plans(clips: &[Clip], seed: u64) -> Vec<Plan> {
    let mut random = Random(seed);
    let (mut plans, mut turn) = (Vec::new(), Vec::new());
    for layout in LAYOUTS {
        for i in 0..EACH {
            if turn.is_empty() {
                turn = (0..clips.len()).collect();
            }
            let own = turn.swap_remove(random.below(turn.len()));
            let mut chosen = vec![own];
            while chosen.len() < 4 {
                let other = random.below(clips.len());
                if !chosen.iter().any(|&clip| clips[clip].is_related(&clips[other])) {
                    chosen.push(other);
                }
            }
            let mut frame = |at: usize| (chosen[at], random.below(clips[chosen[at]].fingerprint.frames.len()));
            let frames = [frame(0), frame(1), frame(2), frame(3)];
            let name = format!("{layout:?}-{seed}-{i}").to_lowercase();
            plans.push(Plan { layout, frames, seed: random.next(), name });
        }
    }
    plans
}

/// Writes the frames that are not there yet.
fn extract_all(clips: &[Clip], plans: &[Plan], folder: &Path) -> Result<()> {
    let mut wanted = BTreeMap::<usize, Vec<usize>>::new();
    for &(clip, frame) in plans.iter().flat_map(|plan| &plan.frames) {
        if !frame_path(folder, clip, frame).is_file() {
            wanted.entry(clip).or_default().push(frame);
        }
    }
    wanted.into_iter().try_for_each(|(clip, frames)| extract(clip, &clips[clip].path, frames, folder))
}

/// Draws a screenshot, and returns its file's bytes as well.
fn draw(plan: &Plan, folder: &Path) -> Result<(Shot, Vec<u8>)> {
    let open = |i: usize| -> Result<RgbImage> {
        let path = frame_path(folder, plan.frames[i].0, plan.frames[i].1);
        Ok(image::open(&path).with_context(|| path.display().to_string())?.into_rgb8())
    };
    let others = [open(1)?, open(2)?, open(3)?];
    let shot = layouts::draw(plan.layout, &open(0)?, &others, &mut Random(plan.seed));
    let mut bytes = Vec::new();
    let quality = QUALITY[usize::from(plan.layout == Layout::Small)];
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&shot.screen)?;
    Ok((shot, bytes))
}

fn row(clips: &[Clip], plan: &Plan, cache: &Path, wanted: &Wanted) -> Result<Row> {
    let folder = cache.join("screenshots");
    let (shot, bytes) = draw(plan, &folder)?;
    fs::write(folder.join(format!("{}.jpg", plan.name)), &bytes)?;
    let still = Still::read(&bytes)?;
    let shown = (&shot, plan);
    let by_hashes = found(clips, shown, "hashes", wanted.cross, |clip| Ok(still::find(&still, &clip.fingerprint)))?;
    let part = Still::read_part(&bytes, shot.place)?;
    let drawn = found(clips, shown, "rectangle", 0, |clip| Ok(still::find(&part, &clip.fingerprint)))?;
    let mut row = Row {
        layout: plan.layout,
        aside: clips[plan.frames[0].0].aside,
        by_hashes,
        by_pixels: None,
        by_both: None,
        drawn,
        drawn_by_both: None,
    };
    if wanted.pixels {
        let by_pixels = |clip: &Clip| frames::find(&bytes, None, clip, cache);
        let by_pixels = found(clips, shown, "pixels", wanted.cross, by_pixels)?;
        let both = |hashes: &Found, pixels: &StillSearch| hashes.search.clone().with_pixels(pixels.clone());
        row.by_both = Some(found(clips, shown, "both", 0, |_| Ok(both(&row.by_hashes, &by_pixels.search)))?);
        row.by_pixels = Some(by_pixels);
        let drawn_by_both = |clip: &Clip| Ok(both(&row.drawn, &frames::find(&bytes, Some(shot.place), clip, cache)?));
        row.drawn_by_both = Some(found(clips, shown, "rectangle and both", 0, drawn_by_both)?);
    }
    Ok(row)
}

/// Looks for a screenshot in its own clip, and in some that have nothing to do with it.
fn found(
    clips: &[Clip],
    (shot, plan): (&Shot, &Plan),
    by: &str,
    cross: usize,
    find: impl Fn(&Clip) -> Result<StillSearch>,
) -> Result<Found> {
    let (name, (clip, frame)) = (&plan.name, plan.frames[0]);
    let own = &clips[clip];
    let search = find(own)?;
    let outcome = outcome(&search, own, frame, shot);
    let at = search.at.first();
    println!(
        "{name}\t{}\tframe {frame}\tby {by}\t{outcome:?}\t{:?}\t{:?}\tview {:.3?} place {:.3?}\t{at:?}",
        own.name(),
        search.reason,
        search.e_value,
        shot.view,
        shot.place
    );
    let is_unrelated = |clip: &&Clip| plan.frames.iter().all(|&(other, _)| !clip.is_related(&clips[other]));
    let mut unrelated = Vec::new();
    // Others for each screenshot.
    let first = plan.seed as usize % clips.len();
    for clip in clips[first..].iter().chain(&clips[..first]).filter(is_unrelated).take(cross) {
        let found = find(clip)?;
        if found.verdict == StillVerdict::Found {
            println!("{name}\tfalsely found by {by} in {}\t{:?}\t{:?}", clip.name(), found.e_value, found.at[0]);
        }
        unrelated.push(found.verdict);
    }
    Ok(Found { outcome, search, unrelated })
}

fn outcome(found: &StillSearch, clip: &Clip, frame: usize, shot: &Shot) -> Outcome {
    let truth = clip.fingerprint.header.time_base.seconds(clip.fingerprint.frames[frame].ticks);
    let near = |[start, end]: [f64; 2]| start - NEAR_SECONDS <= truth && truth <= end + NEAR_SECONDS;
    let is_at =
        |at: &Occurrence| near([at.time; 2]) || found.reason == StillReason::StretchLooksSame && near(at.stretch);
    match (found.verdict, found.at.first()) {
        (StillVerdict::Found, _) if !found.at.iter().any(is_at) => Outcome::WrongTime,
        (StillVerdict::Found, Some(at)) if is_map_right(at, shot) => {
            if is_at(at) {
                Outcome::Right
            } else {
                Outcome::Other
            }
        }
        (StillVerdict::Found, _) => Outcome::WrongMap,
        (StillVerdict::NotFound, _) => Outcome::NotFound,
        _ => Outcome::CantTell,
    }
}

/// Whether the corners of what the screenshot shows of the frame lie about where they are said to.
fn is_map_right(at: &Occurrence, shot: &Shot) -> bool {
    let is_near = |axis: usize| {
        // Along an axis, the place on the screenshot of a place in the frame.
        let on_screen = |view: Part, place: Part, of_frame: f64| {
            place[axis] + (of_frame - view[axis]) / view[axis + 2] * place[axis + 2]
        };
        let frame_length = shot.place[axis + 2] / shot.view[axis + 2];
        [shot.view[axis], shot.view[axis] + shot.view[axis + 2]].into_iter().all(|end| {
            let off = on_screen(at.view, at.still_view, end) - on_screen(shot.view, shot.place, end);
            (off / frame_length).abs() <= NEAR_CORNER
        })
    };
    !at.mirrored && at.turned == 0 && is_near(0) && is_near(1)
}

fn print_table(title: &str, rows: Vec<(Layout, &Found)>) {
    let heads: String = OUTCOMES.iter().map(|(_, head)| format!("{head:>11}")).collect();
    println!(
        "\n{title}\n{:<12} {:>6}{heads} | {:>9} {:>10} {:>9} {:>6}",
        "", "shots", "elsewhere", "can't tell", "not found", "found"
    );
    for layout in LAYOUTS.map(Some).into_iter().chain([None]) {
        let of_layout = |(of, _): &&(Layout, &Found)| layout.is_none_or(|layout| *of == layout);
        let rows: Vec<&Found> = rows.iter().filter(of_layout).map(|&(_, found)| found).collect();
        if rows.is_empty() {
            continue;
        }
        let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
        let counts: String = OUTCOMES.iter().map(|&(outcome, _)| format!("{:>11}", count(outcome))).collect();
        let of = |wanted: Option<StillVerdict>| -> usize {
            let all = rows.iter().flat_map(|row| &row.unrelated);
            all.filter(|&&verdict| wanted.is_none_or(|wanted| wanted == verdict)).count()
        };
        let name = layout.map_or("all".to_owned(), |layout| format!("{layout:?}"));
        let [searches, unsure, absent, found] =
            [None, Some(StillVerdict::CantTell), Some(StillVerdict::NotFound), Some(StillVerdict::Found)].map(of);
        println!("{name:<12} {:>6}{counts} | {searches:>9} {unsure:>10} {absent:>9} {found:>6}", rows.len());
    }
}
