//! Whether the pictures of a match look more alike than those of other moments do, by PDQ: a witness that knows nothing of
//! motion.

use super::align::Alignment;
use super::segment::Match;
use crate::fingerprint::Fingerprint;
use crate::hash::motion::RATE_HZ;
use crate::hash::pdq::PdqHash;

/// Moments of the match that are looked at.
const MOMENTS: usize = 48;
/// Meta's advice: frames of lower quality are too plain to compare.
const LEAST_QUALITY: u8 = 50;
/// Meta's advice: two pictures are alike up to this distance, bits.
const ALIKE_BITS: f64 = 31.0;
/// With banners and logos on them, they are alike up to this.
const ALIKE_UNDER_BANNERS_BITS: f64 = 64.0;
/// How much more alike the same moments are than the most alike of other ones, from where on it is no accident, and where
/// nothing better is to be had.
const TELLING: f64 = 0.25;
const PLAIN_TO_SEE: f64 = 0.75;
/// Other moments: this far away at least, and in these steps, seconds.
const NEAR_S: f64 = 1.5;
const STEP_S: f64 = 0.5;
/// Moments further away than this are not looked at, seconds.
const FAR_S: f64 = 300.0;

/// What the evidence of a match is to be multiplied with: above 1 where the pictures bear it out, below where they would have
/// to and do not, 1 where they cannot tell.
pub(super) fn witness(found: &Match, query: &Fingerprint, reference: &Fingerprint) -> f64 {
    let Some((here, elsewhere)) = distances(found, query, reference) else { return 1.0 };
    let contrast = (elsewhere - here) / (elsewhere + 2.0);
    if contrast > TELLING && here <= ALIKE_UNDER_BANNERS_BITS {
        return 1.0 + 0.5 * ((contrast - TELLING) / (PLAIN_TO_SEE - TELLING)).min(1.0);
    }
    if here <= ALIKE_BITS || !is_nearly_whole(&found.alignment) {
        return 1.0;
    }
    match () {
        () if contrast < -TELLING => 0.6,
        () if contrast < TELLING => 0.8,
        () => 1.0,
    }
}

/// Whether both pictures show the same part, so that their hashes should be near.
fn is_nearly_whole(alignment: &Alignment) -> bool {
    const NEARLY: f64 = 0.93;
    alignment
        .shared()
        .is_some_and(|(query, reference)| [query, reference].iter().all(|[_, _, w, h]| w.min(*h) >= NEARLY))
}

/// The mean distance of the match's frames, bits, and that of the most alike of other moments; nothing where frames are too
/// plain, or there are no other moments.
fn distances(found: &Match, query: &Fingerprint, reference: &Fingerprint) -> Option<(f64, f64)> {
    let films = Films::new(found, query, reference);
    let moments: Vec<f64> = moments(found).filter(|at| films.query.hash_at(*at).is_some()).collect();
    if moments.len() < MOMENTS / 4 {
        return None;
    }
    let moved_by = |shift_s: f64| {
        let distances: Vec<u32> = moments.iter().filter_map(|at| films.distance_bits(*at, shift_s)).collect();
        let are_enough = 2 * distances.len() >= moments.len();
        are_enough.then(|| f64::from(distances.iter().sum::<u32>()) / distances.len() as f64)
    };
    let steps = (films.reference.duration_s.min(FAR_S) / STEP_S) as i64;
    let elsewhere = (-steps..=steps)
        .map(|step| step as f64 * STEP_S)
        .filter(|shift_s| shift_s.abs() >= NEAR_S)
        .filter_map(moved_by)
        .reduce(f64::min)?;
    Some((moved_by(0.0)?, elsewhere))
}

/// Moments spread over a match, seconds of the query.
fn moments(found: &Match) -> impl Iterator<Item = f64> {
    let [start, end] = [found.range.start, found.range.end].map(|sample| sample as f64 / f64::from(RATE_HZ));
    (0..MOMENTS).map(move |i| start + (end - start) * (i as f64 + 0.5) / MOMENTS as f64)
}

/// Tells moments at which the pictures of a match look as alike as within it from those at which they do not.
pub(super) struct Alike<'a> {
    films: Films<'a>,
    typical_bits: u32,
}

impl<'a> Alike<'a> {
    /// Nothing where pictures cannot tell: too plain, or cropped and framed so that hashes do not compare.
    pub fn of(found: &Match, query: &'a Fingerprint, reference: &'a Fingerprint) -> Option<Self> {
        let films = Films::new(found, query, reference);
        let mut distances: Vec<u32> = moments(found).filter_map(|at| films.distance_bits(at, 0.0)).collect();
        distances.sort_unstable();
        // Moving things differ more in some frames than in others.
        let typical_bits = *distances.get(distances.len() * 4 / 5)?;
        let can_tell = distances.len() >= MOMENTS / 2 && f64::from(typical_bits) <= ALIKE_UNDER_BANNERS_BITS;
        can_tell.then_some(Self { films, typical_bits })
    }

    /// Whether they do at a moment of the query, seconds; nothing where that is open.
    pub fn at(&self, seconds: f64) -> Option<bool> {
        const ALIKE: u32 = 16;
        const UNLIKE: u32 = 32;
        match self.films.distance_bits(seconds, 0.0)?.saturating_sub(self.typical_bits) {
            ..=ALIKE => Some(true),
            UNLIKE.. => Some(false),
            _ => None,
        }
    }
}

/// Both sides of a match, and which moment of the one is which of the other.
struct Films<'a> {
    query: Film<'a>,
    reference: Film<'a>,
    alignment: Alignment,
}

impl<'a> Films<'a> {
    fn new(found: &Match, query: &'a Fingerprint, reference: &'a Fingerprint) -> Self {
        Self { query: Film::new(query), reference: Film::new(reference), alignment: found.alignment }
    }

    /// The distance at a moment of the query, seconds, from the reference `shift_s` after the same moment; nothing where
    /// either has no telling frame.
    fn distance_bits(&self, seconds: f64, shift_s: f64) -> Option<u32> {
        let way = (self.alignment.orientation.mirrored, self.alignment.orientation.quarters);
        let there = self.reference.hash_at(self.alignment.reference_time(seconds) + shift_s)?;
        Some(self.query.hash_at(seconds)?.distance_bits(&there.oriented(way)))
    }
}

/// The hashes of a fingerprint's frames, by time.
struct Film<'a> {
    fingerprint: &'a Fingerprint,
    duration_s: f64,
}

impl<'a> Film<'a> {
    fn new(fingerprint: &'a Fingerprint) -> Self {
        Self { fingerprint, duration_s: fingerprint.duration_s() }
    }

    /// Of the frame that is shown at a time, unless it is too plain.
    fn hash_at(&self, seconds: f64) -> Option<PdqHash> {
        let (frames, base) = (&self.fingerprint.frames, self.fingerprint.header.time_base);
        let shown = frames.partition_point(|frame| base.seconds(frame.ticks) <= seconds).checked_sub(1)?;
        (seconds < self.duration_s && frames[shown].quality >= LEAST_QUALITY).then_some(frames[shown].pdq)
    }
}
