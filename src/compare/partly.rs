//! Motion of a picture of which the frames of one video show now this part and now that: compared where it is shown.
//!
//! Where the part lies is known; when it is is not. So what agrees at one offset in time is held against what agrees at all
//! others of the same pair, as in step 6 of docs/accuracy/method.md.

use super::chance::SAME_FOOTAGE_NATS;
use super::evidence::OTHER_MOMENT_S;
use super::judge::{ONE_THING_S, offsets_cost};
use super::line::{HALF_GAIN_ENERGY, Null, Sums};
use super::segment::best_run;
use crate::hash::motion::{RATE_HZ, SAMPLE_BYTES, Sample};
use crate::ranked::highest_first;
use std::ops::Range;

/// Words of 32 cells in a sample.
const WORDS: usize = SAMPLE_BYTES / 8;
/// The lower bit of each cell.
const LOW_BITS: u64 = 0x5555_5555_5555_5555;
/// Moments nearer than this to a moment are that moment, samples. Source: [`OTHER_MOMENT_S`].
const SAME_MOMENT: i64 = (OTHER_MOMENT_S * RATE_HZ as f64) as i64;
/// What agrees best for so long is left out, samples. Source: [`ONE_THING_S`].
const ONE_THING: usize = ONE_THING_S * RATE_HZ as usize;
/// The fewest samples that are compared: 5 s. By reason: beside [`ONE_THING`] a second is left.
const LEAST_SAMPLES: usize = 5 * RATE_HZ as usize;
/// The shortest stretch, samples: 1 s. By reason.
const LEAST_STRETCH: usize = RATE_HZ as usize;
/// A moment of a copy is expected to correlate so with its source, within these bounds. By trial.
const EXPECTED_CORRELATION: Range<f64> = 0.2..0.6;
/// What lies outside the run that agrees best still belongs to it if it takes no more from the gain, nats. By trial.
const MOST_LOST: f64 = 3.0;
/// The most stretches. Bounds work.
const MOST_STRETCHES: usize = 16;

/// What moves at a sample, and which cells are shown.
#[derive(Clone, Debug)]
pub(crate) struct Partly {
    brighter: [u64; WORDS],
    darker: [u64; WORDS],
    shown: [u64; WORDS],
}

/// A stretch that agrees.
#[derive(Clone, Debug)]
pub(super) struct Agreement {
    /// Samples of the first video.
    pub range: Range<usize>,
    /// How many samples later the second shows the same.
    pub offset: i64,
    /// Normalised cross-correlation of what both show, -1..=1.
    pub correlation: f64,
    /// How little chance explains it: `-ln E`.
    pub nats: f64,
}

impl Partly {
    /// `is_shown` says which cells are, at this sample and at the one that it is compared with; nothing else moves.
    pub fn new(sample: &Sample, is_shown: impl Fn(usize) -> bool) -> Self {
        let mut shown = [0; WORDS];
        (0..4 * SAMPLE_BYTES)
            .filter(|cell| is_shown(*cell))
            .for_each(|cell| shown[cell / 32] |= 1 << (2 * (cell % 32)));
        let word = |i: usize| u64::from_le_bytes(std::array::from_fn(|k| sample[8 * i + k]));
        Self {
            brighter: std::array::from_fn(|i| word(i) & shown[i]),
            darker: std::array::from_fn(|i| word(i) >> 1 & LOW_BITS & shown[i]),
            shown,
        }
    }

    /// How both agree where both are shown.
    fn sums(&self, other: &Self) -> Sums {
        let count = |of: &dyn Fn(usize) -> u64| (0..WORDS).map(|i| of(i).count_ones()).sum::<u32>();
        let same = count(&|i| self.brighter[i] & other.brighter[i] | self.darker[i] & other.darker[i]);
        let opposite = count(&|i| self.brighter[i] & other.darker[i] | self.darker[i] & other.brighter[i]);
        let own = f64::from(count(&|i| (self.brighter[i] | self.darker[i]) & other.shown[i]));
        let others = f64::from(count(&|i| (other.brighter[i] | other.darker[i]) & self.shown[i]));
        Sums {
            both: f64::from(same) - f64::from(opposite),
            query: own,
            reference: others,
            energy_products: own * others,
        }
    }
}

/// The stretches of `own` that show the same as `scene` at some offset, beyond chance, in their order.
/// `cost`: what was tried beside offsets, nats.
pub(super) fn agreements(own: &[Partly], scene: &[Partly], cost: f64) -> Vec<Agreement> {
    let mut found: Vec<Agreement> = Vec::new();
    let mut open: Vec<Range<usize>> = std::iter::once(0..own.len()).collect();
    while let Some(rows) = open.pop() {
        if found.len() == MOST_STRETCHES || rows.len() < LEAST_SAMPLES {
            continue;
        }
        let Some(agreement) = likeliest(own, scene, &rows, cost) else { continue };
        open.extend([rows.start..agreement.range.start, agreement.range.end..rows.end]);
        found.push(agreement);
    }
    highest_first(found, |found| -(found.range.start as f64))
}

/// What agrees best of some samples. `None` if chance may explain it.
fn likeliest(own: &[Partly], scene: &[Partly], rows: &Range<usize>, cost: f64) -> Option<Agreement> {
    let offsets =
        LEAST_SAMPLES as i64 - rows.end as i64..scene.len() as i64 - LEAST_SAMPLES as i64 - rows.start as i64 + 1;
    let compared = |offset: i64| -> Vec<(usize, Sums)> {
        let inside = |row: &usize| (0..scene.len() as i64).contains(&(*row as i64 + offset));
        let at = |row: usize| (row, own[row].sums(&scene[(row as i64 + offset) as usize]));
        rows.clone().filter(inside).map(at).collect()
    };
    let tried: Vec<(i64, f64)> = offsets.map(|offset| (offset, without_strongest(&compared(offset)))).collect();
    let (offset, statistic) = tried.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let others = tried.iter().filter(|(other, _)| (other - offset).abs() >= SAME_MOMENT).map(|(_, other)| *other);
    let null = Null::of(others.collect())?;
    let nats = null.surprise(statistic) - cost - offsets_cost([own.len(), scene.len()]);
    if nats < SAME_FOOTAGE_NATS {
        return None;
    }
    let compared = compared(offset);
    let expected = sum(&compared).correlation().clamp(EXPECTED_CORRELATION.start, EXPECTED_CORRELATION.end);
    let gains: Vec<f64> = compared.iter().map(|(_, at)| gain(at, expected, null.spread)).collect();
    let run = whole_run(&gains);
    if run.len() < LEAST_STRETCH {
        return None;
    }
    let range = compared[run.start].0..compared[run.end - 1].0 + 1;
    Some(Agreement { correlation: sum(&compared[run]).correlation(), range, offset, nats })
}

/// The statistic of what agrees, but for [`ONE_THING`] in which most does.
fn without_strongest(compared: &[(usize, Sums)]) -> f64 {
    let length = ONE_THING.min(compared.len());
    let both: Vec<f64> =
        compared.windows(length.max(1)).map(|window| window.iter().map(|(_, at)| at.both).sum()).collect();
    let start = (0..both.len()).max_by(|a, b| both[*a].total_cmp(&both[*b])).unwrap_or(0);
    let left: Vec<(usize, Sums)> =
        compared.iter().enumerate().filter(|(i, _)| !(start..start + length).contains(i)).map(|(_, at)| *at).collect();
    sum(&left).statistic()
}

fn sum(compared: &[(usize, Sums)]) -> Sums {
    compared.iter().fold(Sums::default(), |mut sums, (_, at)| {
        sums.both += at.both;
        sums.query += at.query;
        sums.reference += at.reference;
        sums.energy_products += at.energy_products;
        sums
    })
}

/// How much a sample speaks for a copy that correlates as `expected`, against chance with a spread of `spread`.
fn gain(at: &Sums, expected: f64, spread: f64) -> f64 {
    let energy = (at.query * at.reference).sqrt();
    let weight = energy / (energy + HALF_GAIN_ENERGY);
    weight * (expected * at.correlation() - expected * expected / 2.0) / (spread * spread)
}

/// The run that gains most, and what lies before and behind it unless that speaks against it.
fn whole_run(gains: &[f64]) -> Range<usize> {
    let best = best_run(gains.iter().copied());
    let is_open = |outside: &[f64]| outside.iter().sum::<f64>() >= -MOST_LOST;
    let start = if is_open(&gains[..best.start]) { 0 } else { best.start };
    let end = if is_open(&gains[best.end..]) { gains.len() } else { best.end };
    start..end
}

#[cfg(test)]
mod tests {
    use super::super::testing::motion;
    use super::*;
    use crate::picture::shrink::CELLS;

    /// A window of 5 of 16 columns that sweeps to and fro.
    fn window(samples: &[Sample]) -> Vec<Partly> {
        let left = |i: usize| (i % 40).min(40 - i % 40) * 11 / 20;
        let shown = |i: usize| move |cell: usize| (left(i)..left(i) + 5).contains(&(cell % CELLS));
        samples.iter().enumerate().map(|(i, sample)| Partly::new(sample, shown(i))).collect()
    }

    fn whole(samples: &[Sample]) -> Vec<Partly> {
        samples.iter().map(|sample| Partly::new(sample, |_| true)).collect()
    }

    #[test]
    fn what_is_shown_of_both_is_compared() {
        let mut sample: Sample = [0; SAMPLE_BYTES];
        // Cells 0 to 3 get brighter, 4 to 7 darker.
        (sample[0], sample[1]) = (0b0101_0101, 0b1010_1010);
        let other: Sample = std::array::from_fn(|i| if i < 2 { 0b0101_0101 } else { 0 });
        let (whole, part) = (Partly::new(&sample, |_| true), Partly::new(&other, |cell| (2..5).contains(&cell)));
        let sums = whole.sums(&part);
        assert_eq!((sums.both, sums.query, sums.reference, sums.energy_products), (1.0, 3.0, 3.0, 9.0));
        let back = part.sums(&whole);
        assert_eq!((back.both, back.query, back.reference), (1.0, 3.0, 3.0));
    }

    #[test]
    fn a_window_agrees_at_its_moment_alone() {
        let all = motion(0..400);
        let [found] = &agreements(&window(&all[100..250]), &whole(&all), 0.0)[..] else { panic!("one") };
        assert_eq!((found.range.clone(), found.offset), (0..150, 100));
        assert!(found.nats > 20.0 && found.correlation > 0.99, "{found:?}");
        assert!(agreements(&window(&motion(5000..5150)), &whole(&all), 0.0).is_empty());
        assert!(agreements(&window(&all[100..149]), &whole(&all), 0.0).is_empty());
        // What was tried is paid for.
        assert!(agreements(&window(&all[100..250]), &whole(&all), found.nats).is_empty());
    }

    #[test]
    fn pieces_of_two_moments_are_two_stretches() {
        let all = motion(0..600);
        let copy = motion((300..520).chain(50..130));
        let found = agreements(&window(&copy), &whole(&all), 0.0);
        let told: Vec<(usize, usize, i64)> =
            found.iter().map(|found| (found.range.start, found.range.end, found.offset)).collect();
        let [one, two] = told[..] else { panic!("{told:?}") };
        assert!(one.0 == 0 && one.1.abs_diff(220) < 5 && one.2 == 300, "{told:?}");
        assert!(two.0.abs_diff(220) < 5 && two.1 == 300 && two.2 == -170, "{told:?}");
    }
}
