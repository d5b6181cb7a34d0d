//! All stretches of the query that agree with the reference: seeds, refined and grown, the strongest first, then what they
//! leave uncovered.

use super::align::Alignment;
use super::hypotheses::{self, WHOLE};
use super::orientation::Orientation;
use super::result::View;
use super::seeds::{COARSE_HZ, STRETCH_S, Seed, Sought, places, stretches};
use super::segment::{Match, Pair, unpack};
use super::track::{Cells, Track};
use crate::hash::motion::RATE_HZ;
use std::ops::Range;

/// Samples of the signature per entry of the coarse search.
const COARSE_STEP: usize = RATE_HZ as usize / COARSE_HZ;
/// A long reference is searched in tiles of this many entries: a minute, and 5 s of its neighbours on either side.
const TILE: usize = 60 * COARSE_HZ;
const TILE_MARGIN: usize = 5 * COARSE_HZ;
/// Stretches of the query that a glance looks for, and a search.
const GLANCED: usize = 3;
const SEARCHED: usize = 12;
/// Tiles that are searched after a glance at all, and those that are searched under every hypothesis.
const TILES: usize = 8;
const TILES_IN_FULL: usize = 2;
/// Seeds that are refined, and refined ones that are grown, in a quick search and in a full one.
const QUICK: (usize, usize) = (24, 3);
const FULL: (usize, usize) = (60, 8);
/// Evidence that ends the search: nothing better will come.
const PLENTY: f64 = 2.6;

/// Both signatures at the coarse rate, and where to look.
struct Field<'a> {
    pair: &'a Pair<'a>,
    query: Vec<Cells>,
    energies: Vec<f32>,
}

impl<'a> Field<'a> {
    fn new(pair: &'a Pair<'a>) -> Self {
        let query: Vec<Cells> = unpack(pair.query, COARSE_STEP, Orientation::AS_IS).collect();
        let energies = Track::new(query.iter().copied(), WHOLE).energies;
        Self { pair, query, energies }
    }

    /// The reference in tiles.
    fn tiles(&self) -> Vec<Range<usize>> {
        let all = self.pair.reference.len().div_ceil(COARSE_STEP);
        // A short reference is one tile.
        let step = if all <= 2 * TILE { all.max(1) } else { TILE };
        let tile = |start: usize| start.saturating_sub(TILE_MARGIN)..(start + step + TILE_MARGIN).min(all);
        (0..all).step_by(step).map(tile).collect()
    }

    /// Up to `most` stretches of the query under the hypotheses that are made of `pairs`.
    fn sought(&self, pairs: &[(View, View)], most: usize) -> Sought {
        Sought::new(&self.query, &self.energies, most, pairs)
    }

    /// Seeds in one tile.
    fn seeds(&self, tile: &Range<usize>, sought: &Sought, progress: &mut dyn FnMut(f32)) -> Vec<Seed> {
        let samples = tile.start * COARSE_STEP..(tile.end * COARSE_STEP).min(self.pair.reference.len());
        let reference: Vec<Cells> = unpack(&self.pair.reference[samples], COARSE_STEP, Orientation::AS_IS).collect();
        let mut found = sought.seeds(&reference, progress);
        let offset_s = tile.start as f64 / COARSE_HZ as f64;
        found.iter_mut().for_each(|seed| seed.reference_s += offset_s);
        found
    }

    /// How promising each tile is at a glance.
    fn promises(&self) -> impl Iterator<Item = (f32, Range<usize>)> {
        let sought = self.sought(&hypotheses::likely(), GLANCED);
        let promise_of =
            move |tile: &Range<usize>| self.seeds(tile, &sought, &mut |_| {}).iter().map(promise).fold(0.0, f32::max);
        self.tiles().into_iter().map(move |tile| (promise_of(&tile), tile))
    }

    /// The strongest match that grows out of `seeds`.
    fn best_of(&self, seeds: Vec<Seed>, (refined, grown): (usize, usize)) -> Option<Match> {
        let all = 0..self.query_samples();
        refine_distinct(self.pair, &choose(seeds, refined), grown)
            .into_iter()
            .filter_map(|(alignment, middle)| self.pair.grow(alignment, middle, &all))
            .max_by(|a, b| a.evidence().total_cmp(&b.evidence()))
    }

    fn query_samples(&self) -> usize {
        self.pair.query.len()
    }
}

/// How promising a closer look is: the best of a few stretches of the query under the likeliest hypotheses. Cheap.
pub(super) fn glance(pair: &Pair) -> f32 {
    Field::new(pair).promises().map(|(promise, _)| promise).fold(0.0, f32::max)
}

fn promise(seed: &Seed) -> f32 {
    seed.correlation.max(0.0) * seed.contrast
}

/// The strongest match of the query, whatever was done to the picture.
pub(super) fn best_match(pair: &Pair, progress: &mut dyn FnMut(f32)) -> Option<Match> {
    let field = Field::new(pair);
    let mut best: Option<Match> = None;
    let mut keep = |found: Option<Match>| {
        if let Some(found) = found.filter(|found| best.as_ref().is_none_or(|best| found.evidence() > best.evidence())) {
            best = Some(found);
        }
        best.as_ref().is_some_and(|best| best.evidence() >= PLENTY)
    };
    let tiles = promising_tiles(&field, &mut |done| progress(0.4 * done));
    let likely = field.sought(&hypotheses::likely(), SEARCHED);
    let quick = tiles.iter().any(|tile| keep(field.best_of(field.seeds(tile, &likely, &mut |_| {}), QUICK)));
    progress(0.5);
    if !quick {
        let all = field.sought(&hypotheses::pairs(), SEARCHED);
        let tiles = &tiles[..tiles.len().min(TILES_IN_FULL)];
        tiles.iter().any(|tile| {
            let found = field.seeds(tile, &all, &mut |done| progress(0.5 + 0.4 * done));
            keep(field.best_of(found, FULL))
        });
    }
    best.map(|best| pair.with_best_map(best))
}

/// The tiles of the reference that are worth searching, the most promising first.
fn promising_tiles(field: &Field, progress: &mut dyn FnMut(f32)) -> Vec<Range<usize>> {
    let tiles = field.tiles();
    if tiles.len() == 1 {
        return tiles;
    }
    let count = tiles.len() as f32;
    let mut promising: Vec<(f32, Range<usize>)> = Vec::new();
    for promise in field.promises() {
        promising.push(promise);
        progress(promising.len() as f32 / count);
    }
    promising.sort_by(|a, b| b.0.total_cmp(&a.0));
    promising.into_iter().take(TILES).map(|(_, tile)| tile).collect()
}

/// The best of the refined seeds, each place once, with the middle sample of its stretch.
fn refine_distinct(pair: &Pair, seeds: &[Seed], most: usize) -> Vec<(Alignment, usize)> {
    const HALF: usize = STRETCH_S * RATE_HZ as usize / 2;
    let mut refined: Vec<(Alignment, f64, usize)> = seeds
        .iter()
        .map(|seed| {
            let middle = (seed.query_s * f64::from(RATE_HZ)) as usize;
            let range = middle.saturating_sub(HALF)..(middle + HALF).min(pair.query.len());
            let (alignment, worth) = pair.refine(&Alignment::from_seed(seed), range, HALF, 0.25..1.0);
            (alignment, worth, middle)
        })
        .collect();
    refined.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut distinct: Vec<(Alignment, usize)> = Vec::new();
    for (alignment, _, middle) in refined {
        if distinct.len() < most && !distinct.iter().any(|(other, _)| alignment.is_near(other)) {
            distinct.push((alignment, middle));
        }
    }
    distinct
}

/// The most promising seeds, not too many of them alike.
fn choose(mut seeds: Vec<Seed>, count: usize) -> Vec<Seed> {
    const ALIKE: usize = 4;
    const NEAR_S: f64 = 0.5;
    seeds.sort_by(|a, b| promise(b).total_cmp(&promise(a)));
    let mut chosen: Vec<Seed> = Vec::new();
    for seed in seeds {
        let is_alike = |other: &&Seed| {
            other.hypothesis.orientation == seed.hypothesis.orientation
                && other.query_s == seed.query_s
                && (other.reference_s - seed.reference_s).abs() < NEAR_S
        };
        if chosen.len() < count && chosen.iter().filter(is_alike).count() < ALIKE {
            chosen.push(seed);
        }
    }
    chosen
}

/// Further stretches under the map of `first`: behind a jump cut, or played at another speed.
pub(super) fn further_matches(pair: &Pair, first: &Match) -> Vec<Match> {
    let Some((query_view, reference_view)) = first.alignment.shared() else { return Vec::new() };
    let orientation = first.alignment.orientation;
    let query = Track::new(unpack(pair.query, COARSE_STEP, Orientation::AS_IS), query_view);
    let reference = Track::new(unpack(pair.reference, COARSE_STEP, orientation), reference_view);
    let trimmed = pair.trimmed(first.clone());
    let mut open: Vec<Range<usize>> = vec![0..trimmed.range.start, trimmed.range.end..pair.query.len()];
    let mut found: Vec<Match> = vec![trimmed];
    while let Some(gap) = open.pop() {
        let Some(next) = best_in_gap(pair, first, &query, &reference, &gap) else { continue };
        open.extend([gap.start..next.range.start, next.range.end..gap.end]);
        found.push(next);
    }
    found.sort_by_key(|found| found.range.start);
    found
}

/// Stretches in the search for further matches, entries: 2 s.
const SHORT_STRETCH: usize = 2 * COARSE_HZ;
/// Places of a gap that are grown.
const PLACES: usize = 4;

fn best_in_gap(pair: &Pair, first: &Match, query: &Track, reference: &Track, gap: &Range<usize>) -> Option<Match> {
    let entries = gap.start.div_ceil(COARSE_STEP)..gap.end / COARSE_STEP;
    if entries.len() < SHORT_STRETCH {
        return None;
    }
    let stretches = stretches(&query.energies, entries, SHORT_STRETCH, SEARCHED);
    let mut seeds = places(query, stretches, reference);
    seeds.sort_by(|a, b| b.correlation.total_cmp(&a.correlation));
    let grown = seeds.into_iter().take(PLACES).filter_map(|place| {
        let alignment =
            Alignment { query_s: place.query_s, reference_s: place.reference_s, speed: place.speed, ..first.alignment };
        let middle = ((place.query_s * f64::from(RATE_HZ)) as usize).clamp(gap.start, gap.end - 1);
        pair.grow(alignment, middle, gap)
    });
    grown
        .max_by(|a, b| a.evidence().total_cmp(&b.evidence()))
        .filter(|found| found.is_strong_beside(first))
        .map(|found| pair.trimmed(found))
}
