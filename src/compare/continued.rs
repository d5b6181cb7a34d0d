//! Stretches that go on though no motion tells it: where only one side moves, because it shakes, zooms or flickers, or where
//! neither does. docs/accuracy/method.md, step 11.
//!
//! A stretch is continued as long as neither video looks otherwise than within it, nor moves more alone. Two stretches of one
//! orientation, speed and clock that reach each other are then one.

use super::align::InnerProducts;
use super::appearance::OwnLook;
use super::clock::seconds;
use super::evidence::Match;
use super::further::STILL_ENERGY;
use super::segment::{NOISE_ENERGY, Signatures};
use crate::fingerprint::Fingerprint;
use crate::hash::motion::RATE_HZ;
use crate::ranked::highest_first;
use std::ops::Range;

/// The shortest stretch that tells what either side moves alone, samples: 2 s. By trial.
const LEAST_KNOWN: usize = 2 * RATE_HZ as usize;
/// What moves is added up over so many samples: 1 s. By trial.
const WINDOW: usize = RATE_HZ as usize;
/// And is compared over so many: 2 s. By trial: less is noise.
const COMPARED: usize = 2 * RATE_HZ as usize;
/// The part of the sorted windows of a stretch, 19 of 20, whose unshared motion is typical. By trial.
const TYPICAL: (usize, usize) = (19, 20);
/// Unshared motion may be so much more than is typical, and [`NOISE_ENERGY`] more. By trial.
const TOLERATED: f64 = 1.25;
/// What moves on both sides has to correlate by this share of what the stretch does. By trial.
const LEAST_CORRELATION_SHARE: f64 = 0.3;
/// Unless less than this share of what moves on both sides in the stretch does. By trial.
const STILL_SHARE: f64 = 0.3;
/// Two stretches are of one clock if they tell moments that are at most so far apart, seconds. By trial.
const SAME_CLOCK_S: f64 = 0.3;
/// And of one speed, up to this share. By trial.
const SAME_SPEED: f64 = 0.02;

/// `found`, which are in the query's order, continued and joined.
pub(super) fn continued(
    signatures: &Signatures,
    found: Vec<Match>,
    query: &Fingerprint,
    reference: &Fingerprint,
) -> Vec<Match> {
    let Some(last) = found.len().checked_sub(1) else { return found };
    let known: Vec<Option<Known>> = found.iter().map(|found| Known::of(signatures, found, query, reference)).collect();
    let forwards = |i: usize, gap: &Range<usize>| known[i].as_ref().map_or(gap.start, |known| known.forwards(gap));
    let backwards = |i: usize, gap: &Range<usize>| known[i].as_ref().map_or(gap.end, |known| known.backwards(gap));
    let mut ranges: Vec<Range<usize>> = found.iter().map(|found| found.range.clone()).collect();
    let mut is_joined = vec![false; found.len()];
    for i in 1..found.len() {
        let gap = found[i - 1].range.end..found[i].range.start;
        let reached = forwards(i - 1, &gap)..backwards(i, &gap);
        if reached.start < reached.end {
            (ranges[i - 1].end, ranges[i].start) = (reached.start, reached.end);
        } else if !gap.is_empty() {
            is_joined[i] = have_one_clock(&found[i - 1], &found[i], &gap);
        }
    }
    ranges[0].start = backwards(0, &(0..ranges[0].start));
    ranges[last].end = forwards(last, &(ranges[last].end..signatures.query.len()));
    let mut told: Vec<(usize, Range<usize>)> = Vec::with_capacity(found.len());
    for (i, range) in ranges.into_iter().enumerate() {
        match told.last_mut().filter(|_| is_joined[i]) {
            // The longest has the map of all that is joined.
            Some((longest, joined)) => {
                joined.end = range.end;
                *longest = if found[i].range.len() > found[*longest].range.len() { i } else { *longest };
            }
            None => told.push((i, range)),
        }
    }
    let measured = |(i, range): (usize, Range<usize>)| {
        let changed = Some(range).filter(|range| *range != found[i].range);
        changed.and_then(|range| signatures.measured(found[i].alignment, range)).unwrap_or_else(|| found[i].clone())
    };
    told.into_iter().map(measured).collect()
}

/// Whether two stretches tell the same moments of the reference for what lies between them, in one picture.
fn have_one_clock(before: &Match, found: &Match, gap: &Range<usize>) -> bool {
    let apart_s = |sample: usize| {
        let [a, b] = [before, found].map(|found| found.alignment.reference_time(seconds(sample)));
        (a - b).abs()
    };
    let speeds = [before, found].map(|found| found.alignment.speed);
    before.alignment.orientation == found.alignment.orientation
        && (speeds[0] / speeds[1] - 1.0).abs() <= SAME_SPEED
        && [gap.start, gap.end].into_iter().all(|sample| apart_s(sample) <= SAME_CLOCK_S)
}

/// What is known of a stretch: what either side moves alone, and how both look.
struct Known<'a> {
    /// How each sample of the query agrees with its moment.
    profile: Vec<Option<InnerProducts>>,
    /// Energy of a sample up to which either side moves alone.
    limits: [f64; 2],
    /// And while the other side is still.
    limits_beside_still: [f64; 2],
    /// What moves on both sides, energy of a sample.
    moving: f64,
    correlation: f64,
    look: OwnLook<'a>,
}

impl<'a> Known<'a> {
    /// `None` if the stretch is too short to tell.
    fn of(signatures: &Signatures, found: &Match, query: &'a Fingerprint, reference: &'a Fingerprint) -> Option<Self> {
        if found.range.len() < LEAST_KNOWN {
            return None;
        }
        let profile = signatures.profile(&found.alignment, 0..signatures.query.len());
        let inside = &profile[found.range.clone()];
        let windows: Vec<InnerProducts> = inside.windows(WINDOW).map(sum).collect();
        let alone: Vec<[f64; 2]> = windows.iter().map(|window| unshared(window, WINDOW)).collect();
        let of = |side: usize| alone.iter().map(move |alone| alone[side]);
        let beside_still = |side: usize| {
            let still = alone.iter().filter(|alone| alone[1 - side] <= STILL_ENERGY).map(|alone| alone[side]);
            let others = windows.iter().map(|window| [window.reference, window.query][side] / WINDOW as f64);
            typical(still.collect()).max(at_rest(&others.zip(of(side)).collect::<Vec<_>>())) * TOLERATED + NOISE_ENERGY
        };
        let all = sum(inside);
        Some(Self {
            limits: [0, 1].map(|side| typical(of(side).collect()) * TOLERATED + NOISE_ENERGY),
            limits_beside_still: [0, 1].map(beside_still),
            moving: both_move(&all, inside.len()),
            correlation: all.correlation(),
            profile,
            look: OwnLook::of(found, query, reference),
        })
    }

    /// The end of what goes on from the start of a gap.
    fn forwards(&self, gap: &Range<usize>) -> usize {
        gap.start + self.reach(&gap.clone().collect::<Vec<_>>())
    }

    /// The start of what goes on to the end of a gap.
    fn backwards(&self, gap: &Range<usize>) -> usize {
        gap.end - self.reach(&gap.clone().rev().collect::<Vec<_>>())
    }

    /// How many samples of the query, from the stretch outwards, go on as it does.
    fn reach(&self, outwards: &[usize]) -> usize {
        let looks_so = |at: usize| self.look.is_at(seconds(outwards[at]));
        let goes_on = |at: &usize| {
            let latest = |samples: usize| {
                let latest = &outwards[(at + 1).saturating_sub(samples)..=*at];
                (latest.iter().filter_map(|sample| self.profile[*sample]).sum(), latest.len())
            };
            self.profile[outwards[*at]].is_some()
                && self.agrees(latest(COMPARED))
                && self.is_usual(latest(WINDOW))
                && looks_so(*at)
        };
        let reached = (0..outwards.len()).take_while(goes_on).count();
        if reached == outwards.len() || !looks_so(reached) {
            return reached;
        }
        // Other footage of the same look began no later than one side became still.
        let is_still =
            |sample: &&usize| self.profile[**sample].is_some_and(|at| at.query.min(at.reference) <= STILL_ENERGY);
        reached - outwards[..reached].iter().rev().take_while(is_still).count()
    }

    /// Whether what moves on both sides in so many samples is the same, as far as can be told.
    fn agrees(&self, (at, samples): (InnerProducts, usize)) -> bool {
        let is_still = both_move(&at, samples) <= STILL_SHARE * self.moving;
        is_still || at.correlation() >= LEAST_CORRELATION_SHARE * self.correlation
    }

    /// Whether neither side moves more alone in so many samples than within the stretch.
    fn is_usual(&self, (at, samples): (InnerProducts, usize)) -> bool {
        let alone = unshared(&at, samples);
        let is_usual = |side: usize| {
            let is_beside_still = alone[1 - side] <= STILL_ENERGY;
            let beside_still = if is_beside_still { self.limits_beside_still[side] } else { f64::INFINITY };
            alone[side] <= self.limits[side].min(beside_still)
        };
        is_usual(0) && is_usual(1)
    }
}

/// What most of the values reach at most; 0 if there are none.
fn typical(values: Vec<f64>) -> f64 {
    let sorted = highest_first(values, |value| -value);
    sorted.get(sorted.len() * TYPICAL.0 / TYPICAL.1).copied().unwrap_or(0.0)
}

/// What the second of each two is where the first is 0, on the line that lies nearest to all by least squares; at least 0. Noise and shake
/// are there however much the other side moves; what a map leaves unshared grows with it.
fn at_rest(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let [mean_x, mean_y] =
        [pairs.iter().map(|(x, _)| x).sum::<f64>(), pairs.iter().map(|(_, y)| y).sum()].map(|sum| sum / count);
    let (both, square) = pairs.iter().fold((0.0, 0.0), |(both, square), (x, y)| {
        (both + (x - mean_x) * (y - mean_y), square + (x - mean_x) * (x - mean_x))
    });
    let slope = if square > 0.0 { (both / square).max(0.0) } else { 0.0 };
    (mean_y - slope * mean_x).max(0.0)
}

fn sum(profile: &[Option<InnerProducts>]) -> InnerProducts {
    profile.iter().flatten().copied().sum()
}

/// What moves on both sides, energy of each of so many samples.
fn both_move(at: &InnerProducts, samples: usize) -> f64 {
    at.query.min(at.reference) / samples.max(1) as f64
}

/// What each side moves beside what both do, energy of each of so many samples.
fn unshared(at: &InnerProducts, samples: usize) -> [f64; 2] {
    let both = at.both.max(0.0);
    [(at.query, at.reference), (at.reference, at.query)]
        .map(|(own, other)| (own - both * both / other.max(f64::MIN_POSITIVE)).max(0.0) / samples.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::super::align::Alignment;
    use super::super::orientation::Orientation;
    use super::super::testing::{as_is, fingerprint, hash, match_of, motion};
    use super::*;
    use crate::hash::motion::{SAMPLE_BYTES, Sample};
    use crate::hash::pdq::PdqHash;

    /// Ten seconds, five in which the footage is still, and ten more.
    const GAP: Range<usize> = 100..150;
    const LENGTH: usize = 250;

    /// Now much moves, and now little.
    fn footage() -> Vec<Sample> {
        let mut footage = motion(0..LENGTH);
        for second in footage.chunks_mut(20) {
            second[10..].iter_mut().for_each(|sample| sample[24..].fill(0));
        }
        footage[GAP].fill([0; SAMPLE_BYTES]);
        footage
    }

    /// The same, with other things that move in a quarter of the picture all the time.
    fn noisy() -> Vec<Sample> {
        let noise = motion(7000..7000 + LENGTH);
        let mut copy = footage();
        copy.iter_mut().zip(&noise).for_each(|(sample, noise)| sample[..16].copy_from_slice(&noise[..16]));
        copy
    }

    /// The ranges of what is found around the gap, continued; `picture` shows how many bits of each frame are set.
    fn ranges(query: &[Sample], behind: Alignment, picture: impl Fn(usize) -> usize) -> Vec<Range<usize>> {
        let reference = footage();
        let signatures = Signatures { query, reference: &reference, shapes: [1.0, 1.0] };
        let found = [(as_is(), 0..GAP.start), (behind, GAP.end..LENGTH)].map(|(alignment, range)| Match {
            range,
            correlation: 0.8,
            ..match_of(alignment)
        });
        let frames: Vec<(PdqHash, u8)> = (0..LENGTH).map(|i| (hash(picture(i)), 100)).collect();
        let still = fingerprint(&[(hash(0), 100); LENGTH], Vec::new());
        let told = continued(&signatures, found.to_vec(), &fingerprint(&frames, Vec::new()), &still);
        told.into_iter().map(|found| found.range).collect()
    }

    #[test]
    fn what_always_moves_beside_the_footage_does_not_end_it() {
        for query in [noisy(), footage()] {
            let told = ranges(&query, as_is(), |_| 0);
            assert_eq!((told.len(), told[0].clone()), (1, 0..LENGTH));
        }
    }

    #[test]
    fn more_that_moves_or_another_look_ends_it() {
        let mut busy = noisy();
        busy[GAP].copy_from_slice(&motion(9000..9000 + GAP.len()));
        let [before, behind] = &ranges(&busy, as_is(), |_| 0)[..] else { panic!("joined") };
        assert!(before.end < 106 && behind.start > 144, "{before:?} {behind:?}");
        let shown_between = |i: usize| if (120..130).contains(&i) { 128 } else { 0 };
        assert_eq!(ranges(&noisy(), as_is(), shown_between), [0..120, 130..LENGTH]);
    }

    #[test]
    fn a_card_before_what_moves_is_no_part_of_it() {
        let mut card = noisy();
        card[60..GAP.end].fill([0; SAMPLE_BYTES]);
        let reference = motion(0..LENGTH);
        let signatures = Signatures { query: &card, reference: &reference, shapes: [1.0, 1.0] };
        let found = [0..60, GAP.end..LENGTH].map(|range| Match { range, correlation: 0.8, ..match_of(as_is()) });
        let still = fingerprint(&[(hash(0), 100); LENGTH], Vec::new());
        let told = continued(&signatures, found.to_vec(), &still, &still);
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn two_clocks_or_pictures_stay_two_stretches() {
        let later = Alignment { reference_s: 0.5, ..as_is() };
        let mirrored = Alignment { orientation: Orientation { mirrored: true, quarters: 0 }, ..as_is() };
        for behind in [later, mirrored] {
            assert_eq!(ranges(&noisy(), behind, |_| 0).len(), 2);
        }
    }

    #[test]
    fn a_stretch_goes_on_to_the_ends_of_the_video() {
        let (query, reference) = (footage(), footage());
        let signatures = Signatures { query: &query, reference: &reference, shapes: [1.0, 1.0] };
        let found = Vec::from([Match { range: 30..90, correlation: 0.8, ..match_of(as_is()) }]);
        let still = fingerprint(&[(hash(0), 100); LENGTH], Vec::new());
        assert_eq!(continued(&signatures, found, &still, &still)[0].range, 0..LENGTH);
        assert!(continued(&signatures, Vec::new(), &still, &still).is_empty());
    }
}
