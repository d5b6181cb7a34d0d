//! Stretches of the query that agree with the reference: seeds, refined and grown.

use super::align::Alignment;
use super::evidence::Match;
use super::hypotheses::{self, WHOLE};
use super::judge::{Place, prior_cost};
use super::orientation::Orientation;
use super::overlap::overlap_seeds;
use super::result::View;
use super::seeds::{COARSE_HZ, COARSE_STEP, STRETCH_S, Seed, SeedSearch};
use super::segment::{Signatures, unpack};
use super::track::{Cells, Track};
use crate::hash::motion::RATE_HZ;
use crate::ranked::highest_first;
use std::ops::Range;

/// A reference longer than two tiles is searched in tiles of this many entries: 1 min. Bounds work and memory.
const TILE: usize = 60 * COARSE_HZ;
/// Entries of its neighbours that a tile shows on either side. Derived: the length of a stretch, 5 s, so that none is
/// cut in two.
const TILE_MARGIN: usize = STRETCH_S * COARSE_HZ;
/// Stretches of the query that a glance looks for. Bounds work.
const GLANCED: usize = 3;
/// Stretches of the query that a search looks for. Bounds work.
const SEARCHED: usize = 12;
/// Tiles that are searched, the most promising first. Bounds work.
const TILES: usize = 8;
/// Of more than twice as many tiles, so many are glanced at with all entries: the best after a first glance with one in
/// [`FIRST_STEP`]. By trial: for each of 17 copies looked for in three hours of real footage the eight best tiles were
/// among the first 35.
const GLANCED_TILES: usize = 64;
/// One in so many entries of the query is enough for a first glance. Derived: an entry tells what changed in 0.4 s, so every
/// other one, 0.4 s apart, still tells all.
const FIRST_STEP: usize = 2;
/// Tiles that are searched under every hypothesis. Bounds work.
const TILES_IN_FULL: usize = 2;
/// Seeds that are refined, and refined ones that are grown, under the likeliest hypotheses. Bounds work.
const QUICK: (usize, usize) = (24, 3);
/// The same under all hypotheses. Bounds work.
const FULL: (usize, usize) = (60, 8);
/// Evidence that ends the search: nothing better will come. By trial; the same footage needs 1.7.
pub(super) const PLENTY: f64 = 2.6;
/// Steps of the refinement of a seed. By trial.
const SEED_STEPS: Range<f64> = 0.25..1.0;
/// Samples before and after a seed's middle that refinement looks at, every second of them. Derived: its stretch.
const HALF_STRETCH: usize = STRETCH_S * RATE_HZ as usize / 2;
/// Seeds of one stretch in one orientation that are refined if they are nearly at the same time. Bounds work.
const ALIKE_SEEDS: usize = 4;
/// Seeds nearer than this in the reference are nearly at the same time, seconds. By trial.
const ALIKE_S: f64 = 0.5;
/// Places of the whole overlap that are looked at closely in each tile. Bounds work.
const OVERLAPS: usize = 6;
/// Standard deviations that a nat of what is unusual takes from a place's rank. By trial.
const COST_SHARE: f64 = 0.3;

/// Progress, share of all: what glances and a full search take, and what is done after a quick one. By guess; shown
/// only.
const PROGRESS_OF_GLANCES: f32 = 0.4;
/// See [`PROGRESS_OF_GLANCES`].
const PROGRESS_AFTER_QUICK: f32 = 0.5;
/// See [`PROGRESS_OF_GLANCES`].
const PROGRESS_OF_FULL: f32 = 0.4;

/// A search at the coarse rate.
struct CoarseSearch<'a> {
    signatures: &'a Signatures<'a>,
    /// The query's cells ...
    query: Vec<Cells>,
    /// ... and the energies of its entries, of the whole picture.
    energies: Vec<f32>,
}

impl<'a> CoarseSearch<'a> {
    fn new(signatures: &'a Signatures<'a>) -> Self {
        let query: Vec<Cells> = unpack(signatures.query, COARSE_STEP, Orientation::AS_IS).collect();
        let energies = Track::new(query.iter().copied(), WHOLE).energies;
        Self { signatures, query, energies }
    }

    /// The reference in tiles, entries.
    fn tiles(&self) -> Vec<Range<usize>> {
        let all = self.signatures.reference.len().div_ceil(COARSE_STEP);
        // A reference of up to two tiles is one tile.
        let step = if all <= 2 * TILE { all.max(1) } else { TILE };
        let tile = |start: usize| start.saturating_sub(TILE_MARGIN)..(start + step + TILE_MARGIN).min(all);
        (0..all).step_by(step).map(tile).collect()
    }

    /// A search for up to `most` stretches of the query, under the hypotheses that are made of `view_pairs`.
    fn for_stretches(&self, view_pairs: &[(View, View)], most: usize) -> SeedSearch {
        SeedSearch::new(&self.query, &self.energies, most, 1, view_pairs)
    }

    /// Seeds in one tile.
    fn seeds(&self, tile: &Range<usize>, search: &SeedSearch, progress: &mut dyn FnMut(f32)) -> Vec<Seed> {
        let reference: Vec<Cells> = self.cells_of_tile(tile).collect();
        let mut found = search.seeds(&reference, progress);
        let offset_s = tile.start as f64 / COARSE_HZ as f64;
        found.iter_mut().for_each(|seed| seed.reference_s += offset_s);
        found
    }

    /// The score of each of `tiles`' best seed at a glance with one in `step` entries of the query.
    fn tile_scores(&self, tiles: Vec<Range<usize>>, step: usize) -> impl Iterator<Item = (f32, Range<usize>)> {
        let search = SeedSearch::new(&self.query, &self.energies, GLANCED, step, &hypotheses::likely_view_pairs());
        let score_of = move |tile: &Range<usize>| {
            self.seeds(tile, &search, &mut |_| {}).iter().map(Seed::score).fold(0.0, f32::max)
        };
        tiles.into_iter().map(move |tile| (score_of(&tile), tile))
    }

    /// The matches that grow out of the best of `seeds`.
    fn grown(&self, seeds: Vec<Seed>, (refined, grown): (usize, usize)) -> Vec<Match> {
        let all = 0..self.query_samples();
        refine_distinct(self.signatures, &choose(seeds, refined), grown)
            .into_iter()
            .filter_map(|(alignment, middle)| self.signatures.grow(alignment, middle, &all))
            .collect()
    }

    /// The matches of all of the query that may overlap a tile, the likeliest ones.
    fn overlapping(&self, tile: &Range<usize>, maps: &[(View, View)]) -> Vec<Place> {
        let reference: Vec<Cells> = self.cells_of_tile(tile).collect();
        let offset_s = tile.start as f64 / COARSE_HZ as f64;
        let places: Vec<(f64, Alignment)> = overlap_seeds(&self.query, &reference, maps)
            .iter()
            .map(|seed| {
                let alignment = Alignment::from_seed(&Seed { reference_s: seed.reference_s + offset_s, ..*seed });
                (f64::from(seed.contrast) - COST_SHARE * prior_cost(&alignment), alignment)
            })
            .collect();
        let mut chosen: Vec<Alignment> = Vec::new();
        for (_, alignment) in highest_first(places, |place| place.0) {
            if chosen.len() < OVERLAPS && !chosen.iter().any(|other| alignment.is_near(other)) {
                chosen.push(alignment);
            }
        }
        chosen.into_iter().filter_map(|alignment| self.signatures.over_overlap(alignment)).collect()
    }

    fn cells_of_tile(&self, tile: &Range<usize>) -> impl Iterator<Item = Cells> {
        let samples = tile.start * COARSE_STEP..(tile.end * COARSE_STEP).min(self.signatures.reference.len());
        unpack(&self.signatures.reference[samples], COARSE_STEP, Orientation::AS_IS)
    }

    fn query_samples(&self) -> usize {
        self.signatures.query.len()
    }
}

/// The best seed's score, of a few stretches of the query under the likeliest hypotheses. Cheap.
pub(super) fn glance(signatures: &Signatures) -> f32 {
    let search = CoarseSearch::new(signatures);
    search.tile_scores(search.tiles(), 1).map(|(score, _)| score).fold(0.0, f32::max)
}

/// What a search grew, whatever was done to the picture.
pub(super) struct Found {
    /// All of it, in no order.
    pub grown: Vec<Match>,
    /// The tiles of the reference that were searched, the most promising first, entries.
    tiles: Vec<Range<usize>>,
}

impl Found {
    /// The match with most evidence, under the best map there is. `None` if nothing grew to a second.
    pub fn best(&self, signatures: &Signatures) -> Option<Match> {
        let best = self.grown.iter().max_by(|a, b| a.evidence().total_cmp(&b.evidence()))?;
        Some(signatures.with_best_map(best.clone()))
    }

    fn is_plenty(&self) -> bool {
        self.grown.iter().any(|found| found.evidence() >= PLENTY)
    }
}

/// Searches until something has plenty of evidence, or all hypotheses are tried.
pub(super) fn search(signatures: &Signatures, progress: &mut dyn FnMut(f32)) -> Found {
    let search = CoarseSearch::new(signatures);
    let tiles = promising_tiles(&search, &mut |done| progress(PROGRESS_OF_GLANCES * done));
    let mut found = Found { grown: Vec::new(), tiles: tiles.clone() };
    let likely = search.for_stretches(&hypotheses::likely_view_pairs(), SEARCHED);
    for tile in &tiles {
        found.grown.extend(search.grown(search.seeds(tile, &likely, &mut |_| {}), QUICK));
        if found.is_plenty() {
            break;
        }
    }
    progress(PROGRESS_AFTER_QUICK);
    if found.is_plenty() {
        return found;
    }
    let all = search.for_stretches(&hypotheses::view_pairs(), SEARCHED);
    for tile in tiles.iter().take(TILES_IN_FULL) {
        let seeds = search.seeds(tile, &all, &mut |done| progress(PROGRESS_AFTER_QUICK + PROGRESS_OF_FULL * done));
        found.grown.extend(search.grown(seeds, FULL));
        if found.is_plenty() {
            break;
        }
    }
    found
}

/// What agrees a little all the time: the matches of the whole overlap of both signatures, at any offset, in the tiles
/// that were searched.
pub(super) fn overlapping(signatures: &Signatures, found: &Found) -> Vec<Place> {
    let (search, maps) = (CoarseSearch::new(signatures), hypotheses::overlap_view_pairs());
    found.tiles.iter().flat_map(|tile| search.overlapping(tile, &maps)).collect()
}

/// Samples of the reference in which [`overlapping_whole`] looks: 8 min.
pub(super) const WHOLE_SAMPLES: usize = TILES * TILE * COARSE_STEP;

/// The same of whole pictures only, in the first tiles of the reference.
pub(super) fn overlapping_whole(signatures: &Signatures) -> Vec<Place> {
    let search = CoarseSearch::new(signatures);
    let tiles = search.tiles();
    tiles.iter().take(TILES).flat_map(|tile| search.overlapping(tile, &[(WHOLE, WHOLE)])).collect()
}

/// The tiles of the reference that are worth searching, the most promising first.
fn promising_tiles(search: &CoarseSearch, progress: &mut dyn FnMut(f32)) -> Vec<Range<usize>> {
    let tiles = search.tiles();
    if tiles.len() == 1 {
        return tiles;
    }
    let is_many = tiles.len() > 2 * GLANCED_TILES;
    let (count, mut done) = ((tiles.len() + if is_many { GLANCED_TILES } else { 0 }) as f32, 0.0);
    let mut best_of = |tiles, step, most| -> Vec<Range<usize>> {
        let scored = search.tile_scores(tiles, step).inspect(|_| {
            done += 1.0;
            progress(done / count);
        });
        let best = highest_first(scored.collect(), |tile| f64::from(tile.0));
        best.into_iter().take(most).map(|(_, tile)| tile).collect()
    };
    let tiles = if is_many { best_of(tiles, FIRST_STEP, GLANCED_TILES) } else { tiles };
    best_of(tiles, 1, TILES)
}

/// The best of the refined seeds, each place once, with the middle sample of its stretch.
fn refine_distinct(signatures: &Signatures, seeds: &[Seed], most: usize) -> Vec<(Alignment, usize)> {
    let refined: Vec<(Alignment, f64, usize)> = seeds
        .iter()
        .map(|seed| {
            let middle = (seed.query_s * f64::from(RATE_HZ)) as usize;
            let range = middle.saturating_sub(HALF_STRETCH)..(middle + HALF_STRETCH).min(signatures.query.len());
            let start = Alignment::from_seed(seed);
            let (alignment, score) = signatures.refine(&start, range, HALF_STRETCH, SEED_STEPS);
            (alignment, score, middle)
        })
        .collect();
    let mut distinct: Vec<(Alignment, usize)> = Vec::new();
    for (alignment, _, middle) in highest_first(refined, |place| place.1) {
        if distinct.len() < most && !distinct.iter().any(|(other, _)| alignment.is_near(other)) {
            distinct.push((alignment, middle));
        }
    }
    distinct
}

/// The most promising seeds, not too many of them alike.
fn choose(seeds: Vec<Seed>, count: usize) -> Vec<Seed> {
    let mut chosen: Vec<Seed> = Vec::new();
    for seed in highest_first(seeds, |seed| f64::from(seed.score())) {
        let is_alike = |other: &&Seed| {
            other.hypothesis.orientation == seed.hypothesis.orientation
                && other.query_s == seed.query_s
                && (other.reference_s - seed.reference_s).abs() < ALIKE_S
        };
        if chosen.len() < count && chosen.iter().filter(is_alike).count() < ALIKE_SEEDS {
            chosen.push(seed);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::super::hypotheses::Hypothesis;
    use super::super::testing::motion;
    use super::*;
    use crate::hash::motion::Sample;

    fn signatures<'a>(query: &'a [Sample], reference: &'a [Sample]) -> Signatures<'a> {
        Signatures { query, reference, shapes: [1.0, 1.0] }
    }

    fn best_match(signatures: &Signatures) -> Match {
        search(signatures, &mut |_| {}).best(signatures).unwrap()
    }

    #[test]
    fn a_reference_above_two_minutes_is_searched_in_tiles() {
        let query = motion(0..20);
        let tiles = |samples: usize| {
            let reference = vec![query[0]; samples];
            CoarseSearch::new(&signatures(&query, &reference)).tiles()
        };
        assert_eq!(tiles(1200), vec![0..600; 1]);
        assert_eq!(tiles(1201), [0..325, 275..601, 575..601]);
        assert_eq!(tiles(1801), [0..325, 275..625, 575..901, 875..901]);
    }

    #[test]
    fn of_seeds_that_are_alike_four_are_kept() {
        let seed = |reference_s: f64, score: f32| Seed {
            hypothesis: Hypothesis { query: WHOLE, reference: WHOLE, orientation: Orientation::AS_IS },
            query_s: 3.0,
            reference_s,
            speed: 1.0,
            correlation: score,
            contrast: 1.0,
        };
        let mut seeds: Vec<Seed> = (0..6).map(|i| seed(10.0 + 0.09 * f64::from(i), 0.9)).collect();
        seeds.extend([seed(10.5, 0.5), seed(10.77, 0.4), seed(9.0, 0.95)]);
        let times: Vec<f64> = choose(seeds.clone(), 9).iter().map(|seed| seed.reference_s).collect();
        assert_eq!(times, [9.0, 10.0, 10.09, 10.18, 10.27, 10.5, 10.77]);
        assert_eq!(choose(seeds.clone(), 2).len(), 2);
        // In another orientation, or of another stretch, they are not alike.
        seeds[0].hypothesis.orientation.mirrored = true;
        seeds[1].query_s = 4.0;
        assert_eq!(choose(seeds, 9).iter().filter(|seed| seed.correlation == 0.9).count(), 6);
    }

    #[test]
    fn a_copy_is_found_and_a_glance_tells_it_from_other_footage() {
        let (query, reference, other) = (motion(205..305), motion(0..400), motion(5000..5400));
        let found = best_match(&signatures(&query, &reference));
        assert!((found.alignment.reference_time(0.0) - 20.5).abs() < 0.05, "{found:?}");
        assert!(found.evidence() > PLENTY && found.range == (0..100), "{found:?}");
        let [own, others] = [&reference, &other].map(|reference| glance(&signatures(&query, reference)));
        assert!(own > 3.0 * others && others > 0.0, "{own} {others}");
        let still = vec![[0; crate::hash::motion::SAMPLE_BYTES]; 300];
        assert_eq!(glance(&signatures(&still[..100], &still)), 0.0);
    }

    #[test]
    fn a_piece_of_a_long_reference_is_found_in_its_tile() {
        let (query, reference) = (motion(1300..1400), motion(0..2000));
        let signatures = signatures(&query, &reference);
        let search = CoarseSearch::new(&signatures);
        assert_eq!(promising_tiles(&search, &mut |_| {})[0], 575..925);
        let found = best_match(&signatures);
        assert!((found.alignment.reference_time(0.0) - 130.0).abs() < 0.05, "{found:?}");
    }

    #[test]
    fn a_piece_of_hours_is_found_in_its_tile_after_a_first_glance() {
        let query = motion(1300..1400);
        let mut reference = vec![[0; crate::hash::motion::SAMPLE_BYTES]; (2 * GLANCED_TILES + 2) * 600];
        reference[50_000..52_000].copy_from_slice(&motion(0..2000));
        let signatures = signatures(&query, &reference);
        let mut told = Vec::new();
        let tiles = promising_tiles(&CoarseSearch::new(&signatures), &mut |done| told.push(done));
        // The piece lies at 51,300.
        assert_eq!((tiles[0].clone(), tiles.len()), (25_475..25_825, TILES));
        assert!(told.is_sorted() && told.len() == 3 * GLANCED_TILES + 2 && told.last() == Some(&1.0), "{told:?}");
    }
}
