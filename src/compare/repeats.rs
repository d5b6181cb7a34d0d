//! What one video shows of the other more than once: where stretches of an answer overlap.

use super::result::{Comparison, Reason, Repeat, Segment, Side, Verdict, rounded};
use crate::ranked::highest_first;
use std::ops::Range;

/// The shortest part that is said to be shown again, seconds. Chosen: the ends of stretches are good to about 0.1 s, and what is
/// searched for is 2 s long.
const LEAST_S: f64 = 1.0;

impl Comparison {
    /// The same footage in `segments`.
    pub(super) fn same_footage(reason: Reason, e_value: f64, segments: Vec<Segment>) -> Self {
        let repeats = repeats(&segments);
        Self { verdict: Verdict::SameFootage, e_value: Some(e_value), reason, segments, repeats }
    }
}

/// The parts of either video that more than one of `segments` shows, in the order of B, then of A.
fn repeats(segments: &[Segment]) -> Vec<Repeat> {
    let mut repeats = Vec::new();
    for of in [Side::B, Side::A] {
        let spans: Vec<[f64; 2]> =
            segments.iter().map(|segment| if of == Side::B { segment.b } else { segment.a }).collect();
        for (part, times) in shown_again(&spans) {
            repeats.push(Repeat { of, span: [part.start, part.end].map(rounded), times });
        }
    }
    repeats
}

/// The parts that more than one of `spans` covers, and by how many.
fn shown_again(spans: &[[f64; 2]]) -> Vec<(Range<f64>, usize)> {
    let ends = highest_first(spans.iter().flatten().copied().collect(), |end| -end);
    let mut parts: Vec<(Range<f64>, usize)> = Vec::new();
    for pair in ends.windows(2) {
        let times = spans.iter().filter(|span| span[0] <= pair[0] && pair[1] <= span[1]).count();
        // What is cut off by the error of an end belongs to what it borders on.
        match parts.last_mut() {
            Some((part, before)) if *before == times || pair[1] - pair[0] < LEAST_S / 2.0 => part.end = pair[1],
            _ => parts.push((pair[0]..pair[1], times)),
        }
    }
    parts.retain(|(part, times)| *times > 1 && part.end - part.start >= LEAST_S);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_stretches_cover_is_shown_so_often() {
        assert!(shown_again(&[[0.0, 10.0], [10.0, 20.0]]).is_empty());
        assert!(shown_again(&[[0.0, 10.2], [9.9, 20.0]]).is_empty());
        assert_eq!(shown_again(&[[4.275, 12.267], [4.3, 12.267], [4.3, 12.3]]), [(4.3..12.3, 3)]);
        assert_eq!(shown_again(&[[0.0, 13.7], [8.9, 13.8], [13.7, 22.0]]), [(8.9..13.8, 2)]);
        assert_eq!(shown_again(&[[0.0, 10.0], [2.0, 8.0], [4.0, 6.0]]), [(2.0..4.0, 2), (4.0..6.0, 3), (6.0..8.0, 2)]);
        assert!(shown_again(&[]).is_empty());
    }
}
