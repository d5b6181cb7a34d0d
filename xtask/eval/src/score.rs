//! Outcomes into tables.

use super::copies::Set;
use super::marks::marks;
use super::trial::{Answer, Outcome};
use super::truth::{TrueSegment, Truth};
use super::views::view_error;
use super::wild;
use cotejo::compare::{Segment, Verdict};
use std::collections::BTreeMap;

/// How far an answer is from the truth.
#[derive(Clone, Copy, Debug, Default)]
pub struct Errors {
    /// True stretches that were found, and all.
    pub found: (usize, usize),
    /// Segments at a wrong moment.
    pub wrong: usize,
    /// The largest error of a start and of an end in the copy, and of the moment, seconds.
    pub start_s: f64,
    /// See above.
    pub end_s: f64,
    /// See above.
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
        errors.geometry = errors.geometry.max(view_error(segment, &truth.geometry, outcome.b_rotation));
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

/// How far off the segment's middle is, seconds; infinite where it lies outside of the true stretch.
fn offset_error(segment: &Segment, truth: &TrueSegment) -> f64 {
    const SLACK_S: f64 = 0.3;
    let middle = (segment.a[0] + segment.a[1]) / 2.0;
    if middle < truth.copy[0] - SLACK_S || middle > truth.copy[1] + SLACK_S {
        return f64::INFINITY;
    }
    let truth = truth.source[0] + (middle - truth.copy[0]) * truth.speed;
    ((segment.b[0] + segment.b[1]) / 2.0 - truth).abs()
}

/// One outcome as a line: what a reader needs to find it again.
pub fn line(outcome: &Outcome) -> String {
    let comparison = &outcome.comparison;
    let errors = match &outcome.trial.answer {
        Answer::Same(truth) if outcome.trial.set == Set::Classic => format!("{:?}", errors(outcome, truth)),
        Answer::Same(truth) => format!("{:?}", marks(outcome, truth)),
        _ => String::new(),
    };
    let segments = serde_json::to_string(&comparison.segments).unwrap_or_default();
    format!(
        "{}\t{}\t{}\t{:?}\t{:?}\t{}\t{}\t{}\t{}\t{}",
        outcome.trial.kind,
        outcome.trial.name,
        if outcome.trial.aside { "aside" } else { "tuned" },
        comparison.verdict,
        comparison.reason,
        comparison.e_value.map_or("-".into(), |e_value| format!("{e_value:.1e}")),
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
        if part.is_empty() {
            continue;
        }
        println!("\n## {title}\n");
        for (from_s, to_s) in [(5.0, f64::INFINITY), (0.0, 5.0)] {
            print_copies(&part, from_s, to_s);
            wild::print_copies(&part, from_s, to_s);
        }
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
        if outcome.trial.set != Set::Classic || !(from_s..to_s).contains(&truth.duration_s) {
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
    // The aims: 0.3 s, for screen recordings and small insets 0.5 s; 5 % of the picture; ends 0.2 s and a sample.
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
