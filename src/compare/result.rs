//! What a comparison says. Its JSON is the command's and the page's.

use crate::fingerprint::Fingerprint;
use serde::Serialize;

/// The part of a picture that shows what both share: x, y, width, height in fractions of its width and height, from the
/// top left.
pub type View = [f64; 4];

/// Is it the same footage?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// The same moments; [`Comparison::segments`] says which.
    SameFootage,
    /// The same place or camera, but not the same moment, or the moment cannot be told.
    SameScene,
    /// Nothing in common was found. That is no proof that there is no earlier copy.
    NoMatch,
    /// Neither can be said; the [`Reason`] says why.
    CantTell,
}

/// Why a verdict was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// Same footage: what moves in one moves in the other, at the same time and place.
    MotionAgrees,
    /// Same footage: the pixels tell where the one picture lies in the other, and what moves there agrees.
    PixelsAgree,
    /// Same footage: many frames are the same, bit for bit.
    FramesIdentical,
    /// Same scene: the pictures look alike, and both move, but differently.
    MotionDiffers,
    /// Same scene: the pictures look alike, but too little moves to tell moments apart.
    MomentUnknown,
    /// No match: enough moves in both, and no place agrees.
    NothingAgrees,
    /// Can't tell: one of the two is too short.
    TooShort,
    /// Can't tell: too little moves.
    NothingMoves,
    /// Can't tell: some motion agrees, but not more than chance may give.
    WeakEvidence,
    /// Can't tell: some motion agrees if one of the two is a negative, or is played backwards or
    /// much faster.
    PlayedOtherwise,
    /// Can't tell: nothing agrees, but so little moves, or the pictures' shapes differ so much, that a copy may have
    /// been missed.
    MayBeMissed,
    /// Can't tell: among many, it looked less promising at a glance than others, and was not compared in full.
    OnlyGlancedAt,
}

/// A stretch of A that shows the same moments as a stretch of B.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Segment {
    /// Start and end in A, seconds after its first frame.
    pub a: [f64; 2],
    /// Start and end in B, seconds after its first frame.
    pub b: [f64; 2],
    /// Seconds of B per second of A.
    pub speed: f64,
    /// How well the motion agrees, -1..=1: the normalised cross-correlation of the motion in the shared view.
    pub score: f64,
    /// Whether A's picture is B's mirrored left to right. Mirroring comes before turning.
    pub mirrored: bool,
    /// Degrees clockwise, 0, 90, 180 or 270, by which B's (mirrored) picture is turned to be A's.
    pub turned: u16,
    /// Degrees clockwise by which A's picture is turned further: about, and 0 if it is less than 3.
    pub tilted: f64,
    /// Whether one of the two plays what the other shows backwards: [`Segment::a`] begins where [`Segment::b`] ends.
    pub backwards: bool,
    /// Whether one of the two is the other's negative: brighter and darker are swapped.
    pub negative: bool,
    /// The part of A's picture that shows what both share.
    pub a_view: View,
    /// The part of B's picture that shows what both share.
    pub b_view: View,
}

impl Segment {
    /// The same stretch without what `told` ones show of B, if `of_b`, or of A.
    pub(super) fn beside(self, told: &[Self], of_b: bool) -> Self {
        let span = |segment: &Self| if of_b { segment.b } else { segment.a };
        let middle = |span: [f64; 2]| (span[0] + span[1]) / 2.0;
        let own = span(&self);
        let mut left = own;
        for other in told.iter().map(span).filter(|other| other[0] < own[1] && own[0] < other[1]) {
            if middle(other) < middle(own) {
                left[0] = left[0].max(other[1]);
            } else {
                left[1] = left[1].min(other[0]);
            }
        }
        self.cut(left, of_b)
    }

    /// The part of it that shows `left` of B, if `of_b`, or of A; all of it if that is nothing.
    fn cut(self, left: [f64; 2], of_b: bool) -> Self {
        let (own, other) = if of_b { (self.b, self.a) } else { (self.a, self.b) };
        if left[0] >= left[1] {
            return self;
        }
        let pace = (other[1] - other[0]) / (own[1] - own[0]);
        let (from, to) = if self.backwards { (1, 0) } else { (0, 1) };
        let inwards = [left[0] - own[0], own[1] - left[1]].map(|by| by * pace);
        let cut = [rounded(other[0] + inwards[from]), rounded(other[1] - inwards[to])];
        if of_b { Self { a: cut, b: left, ..self } } else { Self { a: left, b: cut, ..self } }
    }
}

/// One of the two videos that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

/// A part of one video that the other shows more than once.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Repeat {
    /// The video that it is a part of.
    pub of: Side,
    /// Start and end, seconds after its first frame.
    pub span: [f64; 2],
    /// How many times the other shows it, in whatever direction and at whatever speed.
    pub times: usize,
}

/// What two fingerprints have in common.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Is it the same footage?
    pub verdict: Verdict,
    /// The E-value: how many matches as good as this one chance is expected to give in such a search, 0 where frames are
    /// identical; `None` unless the verdict is [`Verdict::SameFootage`]. docs/accuracy.md, "E".
    pub e_value: Option<f64>,
    /// Why.
    pub reason: Reason,
    /// The matching stretches, in the order of A; empty unless the verdict is [`Verdict::SameFootage`].
    pub segments: Vec<Segment>,
    /// What one shows of the other more than once.
    pub repeats: Vec<Repeat>,
}

/// If so much of the shorter video is told, little is left open. Chosen: ends are found less exactly.
const NEARLY_ALL: f64 = 0.9;
/// Results are rounded to 1 of this many parts. Chosen: no time is known better than a frame, no view than a few
/// thousandths.
const PER_UNIT: f64 = 1000.0;

/// What a registered comparison tells stands in place of another if it is so much more of A, seconds. Chosen: ends differ by less.
const CLEARLY_MORE_S: f64 = 1.0;
/// Or if about as much agrees so much better. Chosen: maps that differ by a tenth of the picture differ by more.
const CLEARLY_BETTER: f64 = 0.05;
/// Below this mean score a map may be another. By trial: pictures behind graphics and in insets have as little.
const ROUGH_BELOW: f64 = 0.6;

/// To thousandths.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * PER_UNIT).round() / PER_UNIT
}

impl Comparison {
    /// Of what was not compared in full.
    pub fn only_glanced_at() -> Self {
        Self::without_match(Verdict::CantTell, Reason::OnlyGlancedAt)
    }

    /// Whether it leaves open whether `a` and `b` are the same footage, or much of the shorter one, or agrees so little that the map may
    /// be another.
    pub fn leaves_much_open(&self, a: &Fingerprint, b: &Fingerprint) -> bool {
        let is_partial = || self.explained_s() < NEARLY_ALL * a.duration_s().min(b.duration_s());
        let is_rough = || self.mean_score() < ROUGH_BELOW;
        self.verdict != Verdict::SameFootage || self.reason == Reason::MotionAgrees && (is_partial() || is_rough())
    }

    /// The same after this same footage was found where both pictures lie alike: it stands where it tells more, or where about
    /// as much agrees better.
    pub fn with_registered(self, found: Option<Self>) -> Self {
        let is_more = |found: &Self| {
            let [own_s, found_s] = [&self, found].map(Self::explained_s);
            let is_better = || found.mean_score() > self.mean_score() + CLEARLY_BETTER && found_s > NEARLY_ALL * own_s;
            self.verdict != Verdict::SameFootage || found_s > own_s + CLEARLY_MORE_S || is_better()
        };
        found.filter(is_more).unwrap_or(self)
    }

    /// The mean score of all that its stretches tell of A; 0 if there are none.
    fn mean_score(&self) -> f64 {
        let weighted = self.segments.iter().map(|segment| segment.score * (segment.a[1] - segment.a[0])).sum::<f64>();
        weighted / self.explained_s().max(f64::MIN_POSITIVE)
    }

    /// How many seconds of A its stretches tell.
    fn explained_s(&self) -> f64 {
        self.segments.iter().map(|segment| segment.a[1] - segment.a[0]).sum()
    }

    pub(super) fn without_match(verdict: Verdict, reason: Reason) -> Self {
        Self { verdict, e_value: None, reason, segments: Vec::new(), repeats: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fingerprint, hash, six_seconds};
    use super::*;

    #[test]
    fn results_are_rounded_to_thousandths() {
        assert_eq!([0.0004, 0.0005, 1.2344999, -0.0015].map(rounded), [0.0, 0.001, 1.234, -0.002]);
    }

    #[test]
    fn a_stretch_beside_others_shows_nothing_of_theirs() {
        let stretch = |a, b, backwards| Segment {
            a,
            b,
            speed: 0.5,
            score: 0.9,
            mirrored: false,
            turned: 0,
            tilted: 0.0,
            backwards,
            negative: false,
            a_view: [0.0, 0.0, 1.0, 1.0],
            b_view: [0.0, 0.0, 1.0, 1.0],
        };
        let told = [stretch([0.0, 10.0], [0.0, 10.0], false), stretch([20.0, 30.0], [10.0, 20.0], false)];
        let cut = |backwards| stretch([9.0, 22.0], [4.0, 10.5], backwards).beside(&told, false);
        assert_eq!((cut(false).a, cut(false).b), ([10.0, 20.0], [4.5, 9.5]));
        assert_eq!((cut(true).a, cut(true).b), ([10.0, 20.0], [5.0, 10.0]));
        let of_b = stretch([4.0, 10.5], [9.0, 22.0], false);
        let turned = told.map(|told| Segment { a: told.b, b: told.a, ..told });
        assert_eq!((of_b.clone().beside(&turned, true).a, of_b.clone().beside(&[], true)), ([4.5, 9.5], of_b));
    }

    #[test]
    fn what_was_registered_stands_where_it_tells_more_or_agrees_better() {
        let told = |end_s: f64, score: f64| {
            let segment = Segment { a: [0.0, end_s], b: [0.0, end_s], score, ..six_seconds() };
            Comparison::same_footage(Reason::MotionAgrees, 1e-9, Vec::from([segment]))
        };
        let stands = |own: Comparison, found: Comparison| own.with_registered(Some(found.clone())) == found;
        assert!(stands(told(10.0, 0.9), told(11.1, 0.5)) && !stands(told(10.0, 0.9), told(10.9, 0.9)));
        assert!(stands(told(10.0, 0.5), told(9.1, 0.56)) && !stands(told(10.0, 0.5), told(9.1, 0.54)));
        assert!(!stands(told(10.0, 0.5), told(8.9, 0.9)));
        assert!(stands(Comparison::only_glanced_at(), told(3.0, 0.2)));
        assert_eq!(told(10.0, 0.5).with_registered(None), told(10.0, 0.5));
    }

    #[test]
    fn what_is_short_or_agrees_little_leaves_much_open() {
        let video = |samples: usize| fingerprint(&vec![(hash(0), 100); samples], Vec::new());
        let (short, long) = (video(60), video(600));
        let is_open = |told: Comparison| told.leaves_much_open(&short, &long);
        let told = |reason, parts: &[(f64, f64)]| {
            let part = |&(end_s, score): &(f64, f64)| Segment { a: [0.0, end_s], score, ..six_seconds() };
            Comparison::same_footage(reason, 1e-9, parts.iter().map(part).collect())
        };
        let by_motion = |parts| is_open(told(Reason::MotionAgrees, parts));
        assert!(by_motion(&[(5.3, 0.9)]) && !by_motion(&[(5.5, 0.9)]));
        assert!(by_motion(&[(6.0, 0.59)]) && !by_motion(&[(6.0, 0.61)]) && by_motion(&[(2.0, 0.9), (4.0, 0.4)]));
        assert!(!is_open(told(Reason::FramesIdentical, &[(2.0, 0.1)])) && is_open(Comparison::only_glanced_at()));
    }

    #[test]
    fn verdicts_are_in_the_order_of_what_they_say() {
        let all = [Verdict::SameFootage, Verdict::SameScene, Verdict::NoMatch, Verdict::CantTell];
        assert!(all.is_sorted());
        let glanced = Comparison::only_glanced_at();
        assert_eq!(
            (glanced.verdict, glanced.e_value, glanced.reason),
            (Verdict::CantTell, None, Reason::OnlyGlancedAt)
        );
    }
}
