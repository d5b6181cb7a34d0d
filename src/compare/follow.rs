//! A part of the picture that moves: social editors cut a tall window out of a wide video, and let it follow the
//! subject.
//!
//! Under every offset in time the best path of the window is sought, entry by entry; what it gains there is held
//! against what it gains at all other offsets of the same pair, so that the freedom of the path is paid for.

use super::align::Alignment;
use super::evidence::OTHER_MOMENT_S;
use super::hypotheses::WHOLE;
use super::judge::{ONE_THING_S, offsets_cost, orientation_cost};
use super::line::{HALF_GAIN_ENERGY, Null, Side};
use super::orientation::Orientation;
use super::result::View;
use super::seeds::{COARSE_HZ, COARSE_STEP};
use super::segment::{Signatures, unpack};
use super::track::{Entry, Window, inner};
use super::whiten::{PLAIN_SHARE, Whitening};
use crate::picture::shrink::CELLS;
use std::ops::Range;

/// One picture is at least this much wider for its height than the other: it may hold a window of the other's shape
/// that moves. Chosen: between 16:9 beside 4:3 (1.33) and beside a square (1.78).
pub(super) const ANOTHER_SHAPE: f64 = 1.5;
/// Entries of the one times entries of the other that are compared. Bounds work: 30 s in two minutes.
const MOST_PRODUCTS: usize = 100_000;
/// A moment of a copy is expected to correlate so with its source. By trial.
const EXPECTED_CORRELATION: f32 = 0.25;
/// What it costs, in gains, that the window moves by a cell from one entry to the next. By trial.
const COST_OF_MOVING: f32 = 0.15;
/// What it costs that it jumps. By trial.
const COST_OF_JUMPING: f32 = 1.0;
/// Entries nearer than this to a moment are that moment, rounded up. Source: [`OTHER_MOMENT_S`].
const SAME_MOMENT: usize = (OTHER_MOMENT_S * COARSE_HZ as f64 + 0.5) as usize;
/// What agrees best for so long is left out, entries. Source: [`ONE_THING_S`].
const ONE_THING: usize = ONE_THING_S * COARSE_HZ;
/// The shortest stretch in which the window holds still, entries: 1 s. By trial.
const LEAST_HOLD: usize = COARSE_HZ;
/// What a part of the picture that moves costs, nats, beside its orientation. Chosen: ln 4 for what is tried, and as
/// much again; the freedom of the way is in the null.
const COST: f64 = 3.0;

/// A window's way through a wider or taller picture.
pub(super) struct Followed {
    /// How little chance explains it: `-ln E`.
    pub nats: f64,
    /// Where it holds, the samples of the query, in their order.
    pub holds: Vec<(Alignment, Range<usize>)>,
}

/// The likeliest way of a window, if one picture is much wider than the other. `None` if it is not, or there is too
/// much or too little to compare.
pub(super) fn followed(signatures: &Signatures) -> Option<Followed> {
    let wider = signatures.relative_width(Orientation::AS_IS);
    let share = wider.min(1.0 / wider);
    if share > 1.0 / ANOTHER_SHAPE {
        return None;
    }
    let mirrored = Orientation { mirrored: true, ..Orientation::AS_IS };
    let found = [Orientation::AS_IS, mirrored].into_iter().flat_map(|orientation| {
        // The tall one is a part of the wide one's width, or the wide one of the tall one's height.
        let reference_is_broad = [(0, wider > 1.0), (1, wider < 1.0)];
        reference_is_broad.map(|(axis, is_reference)| Windows { orientation, axis, is_reference, share })
    });
    found.filter_map(|windows| windows.followed(signatures)).max_by(|a, b| a.nats.total_cmp(&b.nats))
}

/// The places that a window may have.
#[derive(Clone, Copy)]
struct Windows {
    /// Of the reference.
    orientation: Orientation,
    /// The axis that the window moves along.
    axis: usize,
    /// Whether it moves in the reference's picture; else in the query's.
    is_reference: bool,
    /// The window's length along the axis.
    share: f64,
}

impl Windows {
    fn places(&self) -> usize {
        ((1.0 - self.share) * CELLS as f64).floor() as usize + 2
    }

    /// The window at a place; places lie evenly, at most a cell of the signature apart.
    fn view(&self, place: usize) -> View {
        let mut view = WHOLE;
        view[self.axis] = (1.0 - self.share) * place as f64 / (self.places() - 1) as f64;
        view[self.axis + 2] = self.share;
        view
    }

    fn alignment(&self, place: usize, reference_s: f64) -> Alignment {
        let view = self.view(place);
        let (query_view, reference_view) = if self.is_reference { (WHOLE, view) } else { (view, WHOLE) };
        Alignment { reference_s, query_view, reference_view, orientation: self.orientation, ..Alignment::AS_IS }
    }

    fn followed(&self, signatures: &Signatures) -> Option<Followed> {
        let gains = Gains::new(self, signatures)?;
        let ways: Vec<f64> = (0..gains.ring).map(|offset| gains.without_strongest(offset)).collect();
        let best = (0..gains.ring).max_by(|a, b| ways[*a].total_cmp(&ways[*b]))?;
        let apart = |offset: usize| offset.abs_diff(best).min(gains.ring - offset.abs_diff(best));
        let others = (0..gains.ring).filter(|&offset| apart(offset) >= SAME_MOMENT).map(|offset| ways[offset]);
        let surprise = Null::of(others.collect())?.surprise(ways[best]);
        let nats = surprise - COST - orientation_cost(self.orientation) - offsets_cost(signatures.lengths());
        Some(Followed { nats, holds: self.holds(&gains, best) })
    }

    /// Where the window holds still under the best way at an offset; each hold lasts until the middle of the way to the
    /// next.
    fn holds(&self, gains: &Gains, offset: usize) -> Vec<(Alignment, Range<usize>)> {
        let (_, way) = gains.best_way(offset);
        // Of the two turns of the ring that an offset stands for, the one under which more of the query lies in the
        // reference.
        let (rows, ring) = (gains.rows as i64, gains.ring as i64);
        let ahead = offset as i64;
        let (shift, inside) = if ring - ahead >= rows + ahead - ring {
            (ahead, 0..(ring - ahead).min(rows))
        } else {
            (ahead - ring, (ring - ahead).min(rows)..rows)
        };
        let inside = inside.start as usize..inside.end as usize;
        let mut runs: Vec<(usize, Range<usize>)> = Vec::new();
        for row in inside {
            match runs.last_mut().filter(|run| run.0 == way[row]) {
                Some(run) => run.1.end = row + 1,
                None => runs.push((way[row], row..row + 1)),
            }
        }
        runs.retain(|(place, run)| {
            let gain = |row: usize| gains.at(*place, row, (row + offset) % gains.ring);
            run.len() >= LEAST_HOLD && run.clone().map(gain).sum::<f32>() > 0.0
        });
        let ends: Vec<Range<usize>> = (0..runs.len())
            .map(|i| {
                let start = if i == 0 { runs[0].1.start } else { (runs[i - 1].1.end + runs[i].1.start) / 2 };
                let end = runs.get(i + 1).map_or(runs[i].1.end, |next| (runs[i].1.end + next.1.start) / 2);
                start * COARSE_STEP..(end * COARSE_STEP).min(gains.samples)
            })
            .collect();
        let reference_s = shift as f64 / COARSE_HZ as f64;
        runs.iter().zip(ends).map(|((place, _), samples)| (self.alignment(*place, reference_s), samples)).collect()
    }
}

/// What each pair of moments says for the same footage, for each place of the window.
struct Gains {
    /// Samples of the query.
    samples: usize,
    /// Entries of the query, and of the reference, which is closed to a ring.
    rows: usize,
    ring: usize,
    places: usize,
    /// By row, moment of the reference, and place.
    gains: Vec<f32>,
}

impl Gains {
    /// `None` if there is too much to compare.
    fn new(windows: &Windows, signatures: &Signatures) -> Option<Self> {
        let (rows, ring) =
            (signatures.query.len().div_ceil(COARSE_STEP), signatures.reference.len().div_ceil(COARSE_STEP));
        if rows * ring > MOST_PRODUCTS || rows > ring {
            return None;
        }
        let entries = |is_reference: bool, views: &[View]| -> Vec<Vec<Entry>> {
            let (samples, orientation) = if is_reference {
                (signatures.reference, windows.orientation)
            } else {
                (signatures.query, Orientation::AS_IS)
            };
            let of = |view: &View| {
                let window = Window::new(*view);
                unpack(samples, COARSE_STEP, orientation).map(|cells| window.entry(&cells)).collect()
            };
            views.iter().map(of).collect()
        };
        let views: Vec<View> = (0..windows.places()).map(|place| windows.view(place)).collect();
        let narrow = entries(!windows.is_reference, &[WHOLE]).concat();
        let broad = entries(windows.is_reference, &views);
        let whitening = Whitening::new([&narrow, &broad.concat()], PLAIN_SHARE);
        let narrow = Side::whitened(&narrow, &whitening);
        let broad: Vec<Side> = broad.iter().map(|entries| Side::whitened(entries, &whitening)).collect();
        let mut gains = Vec::with_capacity(rows * ring * views.len());
        let mut squares = 0f32;
        for row in 0..rows {
            for at in 0..ring {
                let (one, other) = if windows.is_reference { (row, at) } else { (at, row) };
                for place in &broad {
                    let energy = (narrow.energies[one] * place.energies[other]).sqrt();
                    let weight = energy / (energy + HALF_GAIN_ENERGY as f32);
                    let correlation =
                        inner(&narrow.entries[one], &place.entries[other]) / energy.max(f32::MIN_POSITIVE.sqrt());
                    squares += weight * weight;
                    gains.push(weight * (correlation - EXPECTED_CORRELATION / 2.0));
                }
            }
        }
        // As the statistic of a line is scaled: a sum over the root of the sum of squared weights.
        let scale = 1.0 / (squares / (ring * views.len()) as f32 + 1.0).sqrt();
        gains.iter_mut().for_each(|gain| *gain *= scale);
        Some(Self { samples: signatures.query.len(), rows, ring, places: views.len(), gains })
    }

    fn at(&self, place: usize, row: usize, at: usize) -> f32 {
        self.gains[(row * self.ring + at) * self.places + place]
    }

    /// What the best way gains at an offset without the [`ONE_THING`] in which it gains most.
    fn without_strongest(&self, offset: usize) -> f64 {
        let (all, way) = self.best_way(offset);
        let gain = |row: usize| self.at(way[row], row, (row + offset) % self.ring);
        let gains: Vec<f32> = (0..self.rows).map(gain).collect();
        let strongest = gains.windows(ONE_THING.min(self.rows)).map(|window| window.iter().sum()).fold(0.0, f32::max);
        f64::from(all - strongest)
    }

    /// What the best way of the window gains at an offset, and its place at each row.
    fn best_way(&self, offset: usize) -> (f32, Vec<usize>) {
        let scale = 1.0 / (self.rows as f32).sqrt();
        let (moving, jumping) = (COST_OF_MOVING * scale, COST_OF_JUMPING * scale);
        let mut sums = vec![0f32; self.places];
        let mut came_from: Vec<usize> = Vec::with_capacity(self.rows * self.places);
        for row in 0..self.rows {
            let at = (row + offset) % self.ring;
            let highest = highest(&sums);
            let from = |place: usize| {
                let neighbours = [place.checked_sub(1), Some(place + 1).filter(|&next| next < self.places)];
                let moved = neighbours.into_iter().flatten().map(|from| (sums[from] - moving, from));
                let jumped = (sums[highest] - jumping, highest);
                moved.chain([jumped]).fold((sums[place], place), |best, way| if way.0 > best.0 { way } else { best })
            };
            let next: Vec<(f32, usize)> = (0..self.places).map(from).collect();
            came_from.extend(next.iter().map(|(_, from)| *from));
            sums = next.iter().enumerate().map(|(place, (sum, _))| sum + self.at(place, row, at)).collect();
        }
        let mut place = highest(&sums);
        let gained = sums[place];
        let mut way = vec![0; self.rows];
        for row in (0..self.rows).rev() {
            way[row] = place;
            place = came_from[row * self.places + place];
        }
        (gained, way)
    }
}

fn highest(sums: &[f32]) -> usize {
    (0..sums.len()).max_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::testing::motion;
    use super::*;
    use crate::hash::motion::{SAMPLE_BYTES, Sample};

    const SHAPES: [f64; 2] = [9.0 / 16.0, 16.0 / 9.0];

    /// A window of 5 of 16 columns, from column `left`, as wide as the picture.
    fn cut_out(sample: &Sample, left: usize) -> Sample {
        let code = |cell: usize| sample[cell / 4] >> (2 * (cell % 4)) & 3;
        let mut cut: Sample = [0; SAMPLE_BYTES];
        for cell in 0..CELLS * CELLS {
            let column = left + cell % CELLS * 5 / CELLS;
            cut[cell / 4] |= code(cell / CELLS * CELLS + column) << (2 * (cell % 4));
        }
        cut
    }

    /// Holds for two seconds and moves for one.
    fn left_at(sample: usize) -> usize {
        let (round, rest) = (sample / 30, sample % 30);
        let places = [1, 6, 9, 3, 8];
        let (from, to) = (places[round % 5], places[(round + 1) % 5]);
        if rest < 20 { from } else { (from * (30 - rest) + to * (rest - 20)) / 10 }
    }

    #[test]
    fn a_window_that_moves_is_followed() {
        let wide = motion(0..300);
        let copy: Vec<Sample> = (0..141).map(|i| cut_out(&wide[60 + i], left_at(i))).collect();
        let signatures = Signatures { query: &copy, reference: &wide, shapes: SHAPES };
        let found = followed(&signatures).unwrap();
        assert!(found.nats > 20.0 && found.holds.len() >= 4, "{} {:?}", found.nats, found.holds);
        assert_eq!(found.holds.last().unwrap().1.end, copy.len());
        for (alignment, samples) in &found.holds {
            assert!((alignment.reference_time(0.0) - 6.0).abs() < 0.11, "{alignment:?}");
            let middle = (samples.start + samples.end) / 2;
            let left = alignment.reference_view[0] * CELLS as f64;
            assert!((left - left_at(middle) as f64).abs() <= 1.5, "{left} at {middle}");
        }
        // The other way round the window moves in the query.
        let signatures = Signatures { query: &wide[60..200], reference: &copy, shapes: [SHAPES[1], SHAPES[0]] };
        let back = followed(&signatures).unwrap();
        assert!(back.nats > 20.0 && back.holds.iter().all(|(at, _)| at.query_view[2] < 0.4), "{}", back.nats);
    }

    #[test]
    fn other_footage_is_not_followed() {
        let (wide, other) = (motion(0..300), motion(5000..5300));
        let copy: Vec<Sample> = (0..150).map(|i| cut_out(&other[60 + i], left_at(i))).collect();
        let found = followed(&Signatures { query: &copy, reference: &wide, shapes: SHAPES }).unwrap();
        assert!(found.nats < 3.0, "{}", found.nats);
        assert!(followed(&Signatures { query: &copy, reference: &wide, shapes: [16.0 / 9.0, 4.0 / 3.0] }).is_none());
    }

    #[test]
    fn windows_reach_from_edge_to_edge() {
        let share = 81.0 / 256.0;
        let windows = Windows { orientation: Orientation::AS_IS, axis: 0, is_reference: true, share };
        let views: Vec<View> = (0..windows.places()).map(|place| windows.view(place)).collect();
        assert_eq!((views[0], views.len()), ([0.0, 0.0, share, 1.0], 12));
        assert!((views[11][0] + share - 1.0).abs() < 1e-12 && views[1][0] < 1.0 / 16.0);
    }
}
