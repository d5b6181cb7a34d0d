//! Outcomes -> tables.

use super::trial::{Answer, Outcome};
use super::truth::{TrueSegment, Truth};
use cotejo::compare::{Segment, Verdict, View};
use std::collections::BTreeMap;

/// How far an answer is from the truth.
#[derive(Clone, Copy, Debug, Default)]
pub struct Errors {
    /// True stretches that were found, and all true stretches.
    pub found: (usize, usize),
    /// Segments at a wrong moment.
    pub wrong: usize,
    /// The largest error in seconds of a start in the copy.
    pub start_s: f64,
    /// The largest error in seconds of an end in the copy.
    pub end_s: f64,
    /// The largest error in seconds of the moment.
    pub offset_s: f64,
    /// The largest error of the map from picture to picture, as a share of the picture.
    pub geometry: f64,
}

/// Compares with the truth.
pub fn errors(outcome: &Outcome, truth: &Truth) -> Errors {
    let mut errors = Errors { found: (0, truth.segments.len()), ..Errors::default() };
    for segment in &outcome.comparison.segments {
        if !truth.segments.iter().any(|truth| offset_error(segment, truth) < 0.3) {
            errors.wrong += 1;
        }
        errors.geometry = errors.geometry.max(geometry_error(segment, truth, outcome.b_rotation));
    }
    for truth in &truth.segments {
        let mine: Vec<&Segment> =
            outcome.comparison.segments.iter().filter(|segment| offset_error(segment, truth) < 0.3).collect();
        let (Some(first), Some(last)) = (mine.first(), mine.last()) else { continue };
        errors.found.0 += 1;
        errors.start_s = errors.start_s.max((first.a[0] - truth.copy[0]).abs());
        errors.end_s = errors.end_s.max((last.a[1] - truth.copy[1]).abs());
        errors.offset_s = errors.offset_s.max(offset_error(first, truth));
    }
    errors
}

/// How far off the segment's middle is, in seconds; infinite outside the true stretch.
fn offset_error(segment: &Segment, truth: &TrueSegment) -> f64 {
    const SLACK_S: f64 = 0.3;
    let middle = (segment.a[0] + segment.a[1]) / 2.0;
    if middle < truth.copy[0] - SLACK_S || middle > truth.copy[1] + SLACK_S {
        return f64::INFINITY;
    }
    let truth = truth.source[0] + (middle - truth.copy[0]) * truth.speed;
    ((segment.b[0] + segment.b[1]) / 2.0 - truth).abs()
}

/// The largest distance between a true and a found side of either view; 1 for a wrong orientation. `edit.py` works on the picture
/// as players show it, turned by `b_rotation`.
fn geometry_error(segment: &Segment, truth: &Truth, b_rotation: u16) -> f64 {
    let turned = (truth.turned + b_rotation) % 360;
    if segment.mirrored != truth.mirrored || segment.turned != turned {
        return 1.0;
    }
    let source_view = unturned(truth.source_view, b_rotation);
    side_error(segment.a_view, truth.placed).max(side_error(segment.b_view, source_view))
}

fn side_error(a: View, b: View) -> f64 {
    let sides = |[x, y, w, h]: View| [x, y, x + w, y + h];
    sides(a).iter().zip(sides(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// A rectangle of a picture that was turned clockwise, in the picture before it was turned.
fn unturned([x, y, w, h]: View, rotation: u16) -> View {
    match rotation {
        90 => [y, 1.0 - x - w, h, w],
        180 => [1.0 - x - w, 1.0 - y - h, w, h],
        270 => [1.0 - y - h, x, h, w],
        _ => [x, y, w, h],
    }
}

/// One outcome as a line, with what is needed to find it again.
pub fn line(outcome: &Outcome) -> String {
    let comparison = &outcome.comparison;
    let errors = match &outcome.trial.answer {
        Answer::Same(truth) => format!("{:?}", errors(outcome, truth)),
        _ => String::new(),
    };
    let segments = serde_json::to_string(&comparison.segments).unwrap_or_default();
    format!(
        "{}\t{}\t{}\t{:?}\t{:?}\t{:.2}\t{}\t{}\t{}\t{}",
        outcome.trial.kind,
        outcome.trial.name,
        if outcome.trial.aside { "aside" } else { "tuned" },
        comparison.verdict,
        comparison.reason,
        comparison.confidence,
        if outcome.vpdq { "vpdq" } else { "-" },
        outcome.took_ms,
        errors,
        segments,
    )
}

/// The tables of docs/accuracy/videos.md and codes.md.
pub fn print_tables(outcomes: &[Outcome]) {
    for (title, aside) in [("Tuned on", false), ("Kept aside", true)] {
        let part: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.trial.aside == aside).collect();
        println!("\n## {title}\n");
        print_copies(&part, 5.0, f64::INFINITY);
        print_copies(&part, 0.0, 5.0);
        print_negatives(&part);
    }
    let took: u128 = outcomes.iter().map(|outcome| outcome.took_ms).sum();
    println!("\n{} comparisons, {} ms each on average", outcomes.len(), took / outcomes.len().max(1) as u128);
}

#[derive(Default)]
struct Row {
    copies: usize,
    same: usize,
    wrong: usize,
    cant_tell: usize,
    good_start: usize,
    good_end: usize,
    good_geometry: usize,
    all_good: usize,
    vpdq: usize,
}

fn print_copies(part: &[&Outcome], from_s: f64, to_s: f64) {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut total = Row::default();
    for outcome in part {
        let Answer::Same(truth) = &outcome.trial.answer else { continue };
        if !(from_s..to_s).contains(&truth.duration_s) {
            continue;
        }
        for row in [rows.entry(&outcome.trial.kind).or_default(), &mut total] {
            count(row, outcome, truth);
        }
    }
    if total.copies == 0 {
        return;
    }
    println!("Copies of {from_s} s or more, below {to_s} s\n");
    println!(
        "| edit | copies | same footage | wrong moment | can't tell | start | end | geometry | all right | vPDQ |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (edit, row) in rows.into_iter().chain([("**all**", total)]) {
        let Row { copies, same, wrong, cant_tell, good_start, good_end, good_geometry, all_good, vpdq } = row;
        println!(
            "| {edit} | {copies} | {same} | {wrong} | {cant_tell} | {good_start} | {good_end} | {good_geometry} | {all_good} | {vpdq} |"
        );
    }
    println!();
}

fn count(row: &mut Row, outcome: &Outcome, truth: &Truth) {
    let errors = errors(outcome, truth);
    // The aims: 0.3 s, or 0.5 s for screen recordings and small insets; 5 % of the picture; for ends, 0.2 s and a sample.
    let is_loose = outcome.trial.kind == "screenrec" || outcome.trial.kind == "pip_source_small";
    let same = outcome.comparison.verdict == Verdict::SameFootage;
    let found = same && errors.wrong == 0 && errors.found.0 == errors.found.1;
    let start = found && errors.start_s.max(errors.offset_s) <= if is_loose { 0.5 } else { 0.3 };
    let geometry = found && errors.geometry <= 0.05;
    row.copies += 1;
    row.same += usize::from(same);
    row.wrong += usize::from(errors.wrong > 0);
    row.cant_tell += usize::from(outcome.comparison.verdict == Verdict::CantTell);
    row.good_start += usize::from(start);
    row.good_end += usize::from(found && errors.end_s <= 0.3);
    row.good_geometry += usize::from(geometry);
    row.all_good += usize::from(start && geometry);
    row.vpdq += usize::from(outcome.vpdq);
}

fn print_negatives(part: &[&Outcome]) {
    println!(
        "| not the same | comparisons | same footage (false) | same scene | no match | can't tell | vPDQ (false) |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut kinds: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for outcome in part.iter().filter(|outcome| !matches!(outcome.trial.answer, Answer::Same(_))) {
        kinds.entry(&outcome.trial.kind).or_default().push(outcome);
    }
    for (kind, outcomes) in kinds {
        let count = |verdict| outcomes.iter().filter(|outcome| outcome.comparison.verdict == verdict).count();
        let verdicts = [Verdict::SameFootage, Verdict::SameScene, Verdict::NoMatch, Verdict::CantTell].map(count);
        let [same, scene, none, unknown] = verdicts;
        let vpdq = outcomes.iter().filter(|outcome| outcome.vpdq).count();
        println!("| {kind} | {} | {same} | {scene} | {none} | {unknown} | {vpdq} |", outcomes.len());
    }
    println!();
}
