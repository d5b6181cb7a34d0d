//! How well a frame agrees with the still where a map lays it, block by block: each block's luma is correlated with
//! what lies under it, so that brightness and contrast do not matter, and neither does what hides some blocks.

use super::map::{Map, Points};
use crate::compare::climb::{climb, halving};
use crate::picture::gray::{self, Gray};
use crate::picture::points;

/// Pixels along each side of a block. By trial.
pub const BLOCK: usize = 8;
/// Variance of luma, squared levels, that is as much noise as picture. By trial.
const NOISE: f64 = 9.0;
/// Blocks with detail that must be compared, of the 144 of a wide frame. By reason: a tenth of it.
const LEAST_BLOCKS: f64 = 14.0;
/// Steps of a climb, pixels. By trial.
const STEPS: std::ops::Range<f64> = 0.24..1.0;
/// The most rounds of a climb. Bounds work.
const CLIMB_ROUNDS: usize = 10;
/// How far a map is moved away to measure chance, pixels: one block, and two. By reason: nothing of the true place is
/// left, and what repeats is.
const AWAY: [f64; 2] = [9.0, 17.0];

/// The mean correlation of blocks from which on a frame agrees. Measured: 0.2 to 0.3 by chance, if it is looked for, and
/// mostly 0.5 to 0.9. docs/accuracy/stills.md, "By pixels".
const AGREES_FROM: f64 = 0.3;
/// Below this mean, blocks do not agree at all. Measured: between the map and this lie maps that are not quite right.
const CHANCE_BELOW: f64 = 0.15;
/// The mean times the root of the number of blocks from which on it agrees, as few blocks agree more by chance. Measured as
/// above: at most 2.5 by chance, mostly 4 to 10.
const AGREES_FROM_ALL: f64 = 2.5;
/// By how many standard deviations the mean must be above what the map, moved away, gives on the same two pictures: stripes and
/// fences agree with themselves. By trial.
const SURPRISE_FROM: f64 = 2.5;
/// What no correlation is closer to 1 than: below, it is noise that counts. By trial.
const FLOOR: f64 = 0.02;

/// A still in several sizes, the largest first.
#[derive(Clone, Debug)]
pub struct Sizes(Vec<Gray>);

/// How well blocks agree.
#[derive(Clone, Copy, Debug, Default)]
pub struct Agreement {
    /// The mean correlation of all blocks with detail, -1..=1.
    pub mean: f64,
    /// How many blocks with detail that are.
    pub blocks: f64,
    /// How much the frame tells of the still: the sum of what all blocks tell, as of Gaussian variables, in twice the nats
    /// of a pixel.
    pub told: f64,
}

/// What a map reaches against chance.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// At the map.
    pub here: Agreement,
    /// By how many standard deviations of the map moved away that is more.
    pub surprise: f64,
}

/// Where a row or column of a frame lies on the still: the pixel before it, and how far it is from that to the next, in
/// 256ths; only those within.
struct Places {
    first: usize,
    at: Vec<(usize, i64)>,
}

impl Evidence {
    /// Whether chance gives as much.
    pub fn is_chance(&self) -> bool {
        self.here.mean < CHANCE_BELOW
    }

    /// Whether that is far more than chance gives.
    pub fn is_agreement(&self) -> bool {
        let Agreement { mean, blocks, .. } = self.here;
        mean >= AGREES_FROM && mean * blocks.sqrt() >= AGREES_FROM_ALL && self.surprise >= SURPRISE_FROM
    }
}

impl Sizes {
    /// Of a still, each size `step` of the one before, down to a longest side of `shortest`.
    pub fn new(still: Gray, step: f64, shortest: f64) -> Self {
        let sides = [still.width, still.height];
        let (mut levels, mut share) = (vec![still], step);
        while share * sides[0].max(sides[1]) as f64 >= shortest {
            let [width, height] = gray::scaled(sides, share);
            levels.push(levels[0].shrunk(width, height));
            share *= step;
        }
        Self(levels)
    }

    /// Its points.
    pub fn points(&self) -> Points {
        Points::new(points::points_of(&self.0, self.sides()), self.sides())
    }

    /// Width and height of the largest.
    pub fn sides(&self) -> [usize; 2] {
        [self.0[0].width, self.0[0].height]
    }

    /// The size at which the map neither shrinks nor stretches much.
    fn level(&self, map: &Map) -> &Gray {
        let full = &self.0[0];
        let scale = map.scale[0] * map.scale[1];
        let off = |level: &Gray| {
            let share = (level.width * level.height) as f64 / (full.width * full.height) as f64;
            let ratio = scale * share;
            ratio.max(1.0 / ratio)
        };
        let mut best = full;
        for level in &self.0 {
            if off(level) < off(best) {
                best = level;
            }
        }
        best
    }

    /// How well each block of a frame agrees that lies on the still where the map lays it: its place, correlation, and
    /// how much it counts.
    pub fn blocks(&self, frame: &Gray, map: &Map, mut take: impl FnMut([usize; 2], f64, f64)) {
        let (full, level) = (&self.0[0], self.level(map));
        let share = [level.width as f64 / full.width as f64, level.height as f64 / full.height as f64];
        let places = |axis: usize, pixels: usize, length: usize| {
            Places::new(pixels, map.scale[axis] * share[axis], map.offset[axis] * share[axis], length)
        };
        let across = places(0, frame.width, level.width);
        let down = places(1, frame.height, level.height);
        for top in down.blocks() {
            for left in across.blocks() {
                let (correlation, weight) = block(frame, level, (&across, left), (&down, top));
                take([left / BLOCK, top / BLOCK], correlation, weight);
            }
        }
    }

    /// How well a frame agrees where the map lays it.
    pub fn agreement(&self, frame: &Gray, map: &Map) -> Agreement {
        let (mut sum, mut blocks, mut told) = (0.0, 0.0, 0.0);
        self.blocks(frame, map, |_, correlation, weight| {
            sum += correlation * weight;
            blocks += weight;
            let kept = correlation.max(0.0);
            told -= weight * libm::log((1.0 - kept * kept).max(FLOOR));
        });
        if blocks < LEAST_BLOCKS { Agreement::default() } else { Agreement { mean: sum / blocks, blocks, told } }
    }

    /// The map beside this one that agrees best.
    pub fn climbed(&self, frame: &Gray, map: Map) -> Map {
        let sides = [frame.width as f64, frame.height as f64];
        let moves = |from: &Map, step: f64, batch: usize| {
            [step, -step].map(|step| match batch {
                0 | 1 => from.moved(batch, step),
                2 => from.widened(sides, [step, step * sides[1] / sides[0]]),
                3 => from.widened(sides, [step, 0.0]),
                _ => from.widened(sides, [0.0, step]),
            })
        };
        let score = |map: &Map| {
            let agreement = self.agreement(frame, map);
            agreement.mean * agreement.blocks.sqrt()
        };
        climb(map, halving(STEPS, CLIMB_ROUNDS, 1.0), 5, moves, 0.0, score).0
    }

    /// What chance gives is measured beside the map.
    pub fn evidence(&self, frame: &Gray, map: &Map) -> Evidence {
        let here = self.agreement(frame, map);
        let mut moved = Vec::new();
        for away in AWAY {
            for [right, below] in [[1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]] {
                let map = map.moved(0, away * f64::from(right)).moved(1, away * f64::from(below));
                moved.push(self.agreement(frame, &map).mean);
            }
        }
        let count = moved.len() as f64;
        let mean = moved.iter().sum::<f64>() / count;
        let variance = moved.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        // Of blocks that do not depend on each other.
        let least = 0.5 / here.blocks.max(1.0).sqrt();
        Evidence { here, surprise: (here.mean - mean) / variance.sqrt().max(least) }
    }
}

impl Places {
    fn new(pixels: usize, scale: f64, offset: f64, length: usize) -> Self {
        let (mut first, mut at) = (0, Vec::new());
        for pixel in 0..pixels {
            let place = (pixel as f64 + 0.5) * scale + offset - 0.5;
            if place < 0.0 || place > (length - 1) as f64 {
                continue;
            }
            if at.is_empty() {
                first = pixel;
            }
            let before = (place as usize).min(length.saturating_sub(2));
            at.push((before, ((place - before as f64) * 256.0) as i64));
        }
        Self { first, at }
    }

    /// The first pixels of whole blocks.
    fn blocks(&self) -> impl Iterator<Item = usize> {
        let start = self.first.next_multiple_of(BLOCK);
        let end = self.first + self.at.len();
        (start..end.saturating_sub(BLOCK - 1).max(start)).step_by(BLOCK)
    }

    fn of(&self, pixel: usize) -> (usize, i64) {
        self.at[pixel - self.first]
    }
}

/// The correlation of a block with what lies under it, and how much it counts: the less detail, the less.
fn block(frame: &Gray, still: &Gray, (across, left): (&Places, usize), (down, top): (&Places, usize)) -> (f64, f64) {
    let (mut a, mut b, mut aa, mut bb, mut ab) = (0i64, 0i64, 0i64, 0i64, 0i64);
    for y in top..top + BLOCK {
        let (above, below) = down.of(y);
        let rows = [still.row(above), still.row((above + 1).min(still.height - 1))];
        let own = &frame.row(y)[left..left + BLOCK];
        for (x, &own) in (left..).zip(own) {
            let (before, after) = across.of(x);
            let next = (before + 1).min(still.width - 1);
            let mix = |row: &[u8]| i64::from(row[before]) * (256 - after) + i64::from(row[next]) * after;
            // Luma in sixteenths.
            let other = (mix(rows[0]) * (256 - below) + mix(rows[1]) * below) >> 12;
            let own = i64::from(own) << 4;
            a += own;
            b += other;
            aa += own * own;
            bb += other * other;
            ab += own * other;
        }
    }
    let count = (BLOCK * BLOCK) as i64;
    let of = |product: i64, one: i64, other: i64| (product * count - one * other) as f64 / (256 * count * count) as f64;
    let (own, other) = (of(aa, a, a), of(bb, b, b));
    let correlation = of(ab, a, b) / ((own + NOISE) * (other + NOISE)).sqrt();
    (correlation, own / (own + NOISE))
}

impl Map {
    /// Moved along an axis by so many pixels of the frame.
    fn moved(mut self, axis: usize, pixels: f64) -> Self {
        self.offset[axis] += pixels * self.scale[axis];
        self
    }

    /// Wider by so many pixels of the frame at either side, and as much higher; its middle stays.
    fn widened(mut self, sides: [f64; 2], pixels: [f64; 2]) -> Self {
        for axis in 0..2 {
            let before = self.scale[axis];
            self.scale[axis] *= 1.0 + 2.0 * pixels[axis] / sides[axis];
            self.offset[axis] += (before - self.scale[axis]) * sides[axis] / 2.0;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::testing::{boxes, cut, put};

    /// A still, and a frame of it at its left top.
    fn scene() -> (Sizes, Gray) {
        let still = boxes(1, 320, 240);
        (Sizes::new(still.clone(), 0.84, 64.0), cut(&still, [60, 50, 128, 72]))
    }

    fn map(left: f64, top: f64) -> Map {
        Map { scale: [1.0; 2], offset: [left, top] }
    }

    #[test]
    fn a_frame_agrees_where_it_lies_and_not_beside() {
        let (still, frame) = scene();
        let here = still.agreement(&frame, &map(60.0, 50.0));
        assert!(here.mean > 0.97 && here.blocks > 60.0, "{here:?}");
        assert!(still.agreement(&frame, &map(72.0, 50.0)).mean < 0.4);
        let evidence = still.evidence(&frame, &map(60.0, 50.0));
        assert!(evidence.is_agreement() && !evidence.is_chance() && evidence.surprise > 5.0, "{evidence:?}");
        assert!(!still.evidence(&frame, &map(20.0, 90.0)).is_agreement());
        assert!(!still.evidence(&boxes(2, 128, 72), &map(60.0, 50.0)).is_agreement());
    }

    #[test]
    fn brightness_contrast_and_what_hides_a_part_do_not_matter() {
        let (still, frame) = scene();
        let dim = Gray { luma: frame.luma.iter().map(|luma| 60 + luma / 3).collect(), ..frame.clone() };
        assert!(still.agreement(&dim, &map(60.0, 50.0)).mean > 0.9);
        let mut hidden = frame;
        put(&mut hidden, &boxes(3, 64, 36), [20, 20]);
        assert!(still.evidence(&hidden, &map(60.0, 50.0)).is_agreement());
    }

    #[test]
    fn a_map_climbs_to_where_the_frame_lies() {
        let (still, frame) = scene();
        let near = Map { scale: [1.02, 0.99], offset: [58.0, 51.5] };
        let found = still.climbed(&frame, near);
        let [left, top] = found.offset;
        let is_there = (left - 60.0).abs() < 0.5 && (top - 50.0).abs() < 0.5;
        assert!(is_there && found.scale.iter().all(|scale| (scale - 1.0).abs() < 0.01), "{found:?}");
    }

    #[test]
    fn a_frame_may_reach_over_the_still_and_be_larger_or_smaller() {
        let (still, frame) = scene();
        let full = boxes(1, 320, 240);
        let half = Map { scale: [2.0; 2], offset: [0.0; 2] };
        assert!(still.agreement(&full.shrunk(160, 120), &half).mean > 0.9);
        let part = Sizes::new(cut(&full, [60, 50, 64, 72]), 0.84, 64.0);
        let here = part.agreement(&frame, &map(0.0, 0.0));
        assert!(here.mean > 0.95 && here.blocks < 72.0, "{here:?}");
    }

    #[test]
    fn stripes_that_agree_with_themselves_are_no_surprise() {
        let stripes = |width: usize, height: usize| {
            let luma = (0..width * height).map(|i| if (i % width / 4).is_multiple_of(2) { 40 } else { 200 }).collect();
            Gray { luma, width, height }
        };
        let still = Sizes::new(stripes(320, 240), 0.84, 64.0);
        let evidence = still.evidence(&stripes(128, 72), &map(64.0, 40.0));
        assert!(evidence.here.mean > 0.9 && !evidence.is_agreement(), "{evidence:?}");
    }

    #[test]
    fn what_is_flat_or_elsewhere_tells_nothing() {
        let (still, frame) = scene();
        let flat = Gray { luma: vec![90; 128 * 72], width: 128, height: 72 };
        for (frame, map) in [(&flat, map(60.0, 50.0)), (&frame, map(900.0, 50.0)), (&frame, map(-900.0, 0.0))] {
            assert_eq!(still.agreement(frame, &map).blocks, 0.0);
        }
        assert_eq!(Sizes::new(boxes(1, 1, 1), 0.84, 64.0).agreement(&frame, &map(0.0, 0.0)).blocks, 0.0);
    }
}
