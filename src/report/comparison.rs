//! A comparison of two videos, in words.

use super::name::harmless;
use super::runs::Run;
use super::views::{is_whole, part};
use super::words::clock;
use crate::compare::{Comparison, Reason, Side, Verdict};
use std::fmt::Write as _;

/// A speed this close to 1 is a clock's error.
const NORMAL_SPEED: f64 = 0.005;
/// Chance is not called rarer than once in this many million comparisons. Chosen: no measurement supports more.
const MOST_MILLIONS: f64 = 100.0;

/// The whole answer in several lines; `a` and `b` are the names of the two videos.
pub fn comparison(a: &str, b: &str, comparison: &Comparison) -> String {
    let (a, b) = (&harmless(a), &harmless(b));
    let mut text = sentence(a, b, comparison);
    text.push('\n');
    for run in Run::all(&comparison.segments) {
        writeln!(text, "  {}", line(&run)).expect("writing to a string");
    }
    for repeat in &comparison.repeats {
        let (of, by) = if repeat.of == Side::A { (a, b) } else { (b, a) };
        writeln!(text, "  {by} shows {} of {of} {}", span(repeat.span), times(repeat.times))
            .expect("writing to a string");
    }
    // Of identical frames the sentence says enough.
    if let Some(e_value) = comparison.e_value.filter(|e_value| *e_value > 0.0) {
        writeln!(text, "  {}", chance(e_value)).expect("writing to a string");
    }
    text.push_str(limits(comparison.verdict));
    text
}

/// [`Comparison::e_value`] as a line.
fn chance(e_value: f64) -> String {
    const MILLION: f64 = 1e6;
    let millions = 1.0 / e_value / MILLION;
    let often = if millions >= MOST_MILLIONS {
        format!("less than once in {MOST_MILLIONS} million comparisons")
    } else if millions >= 2.0 {
        format!("once in {} million comparisons", millions.floor())
    } else {
        "once in a million comparisons".to_owned()
    };
    format!("chance gives a match as good as this {often} (E-value {e_value:.1e})")
}

/// Verdict and place in a few words, for a table row.
pub fn comparison_in_short(comparison: &Comparison) -> (&'static str, String) {
    let verdict = match comparison.verdict {
        Verdict::SameFootage => "same footage",
        Verdict::SameScene => "same scene",
        Verdict::NoMatch => "no match",
        Verdict::CantTell => "can't tell",
    };
    let runs = Run::all(&comparison.segments);
    let place = runs.first().map(Run::as_one).map_or(String::new(), |first| {
        let more = runs.len() - 1;
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{} = {}{more}", span(first.a), span(first.b))
    });
    (verdict, place)
}

fn sentence(a: &str, b: &str, comparison: &Comparison) -> String {
    match comparison.reason {
        Reason::MotionAgrees => format!("{}.", same_footage(a, b, comparison)),
        Reason::PixelsAgree => format!("{}. Found by the frames' pixels.", same_footage(a, b, comparison)),
        Reason::FramesIdentical => format!("{}: frame by frame the same, bit for bit.", same_footage(a, b, comparison)),
        Reason::MotionDiffers => {
            format!("{a} and {b} show the same place, but what moves in them differs: not the same moment.")
        }
        Reason::MomentUnknown => {
            format!("{a} and {b} show the same place; whether it is the same moment cannot be told from what moves.")
        }
        Reason::NothingAgrees => format!("{a} and {b} have no footage in common that was found."),
        Reason::TooShort => {
            format!("Whether {a} and {b} show the same footage cannot be told: one of them is too short.")
        }
        Reason::NothingMoves => {
            format!("Whether {a} and {b} show the same footage cannot be told: too little moves in them.")
        }
        Reason::OnlyGlancedAt => {
            format!("Whether {a} and {b} show the same footage was not looked at closely: others are more promising.")
        }
        Reason::WeakEvidence => format!(
            "Whether {a} and {b} show the same footage cannot be told: some motion agrees, but not more than chance \
             may give."
        ),
        Reason::PlayedOtherwise => format!(
            "Whether {a} and {b} show the same footage cannot be told: some motion agrees if one of them is a negative, \
             or is played backwards or much faster."
        ),
        Reason::MayBeMissed => format!(
            "Whether {a} and {b} show the same footage cannot be told: nothing agrees, but little moves, one of \
             them is a code, or the pictures have very different shapes: a copy may have been missed. A longer or less \
             compressed piece, or a fingerprint in place of a code, may tell."
        ),
    }
}

fn same_footage(a: &str, b: &str, comparison: &Comparison) -> String {
    let runs = Run::all(&comparison.segments);
    // The longest says most about how the copy was made.
    let Some(longest) =
        runs.iter().reduce(|longest, run| if run.length_s() > longest.length_s() { run } else { longest })
    else {
        return format!("{a} shows the same footage as {b}");
    };
    let where_in_b = match runs.len() {
        1 => {
            let [start, end] = longest.as_one().b;
            format!("from {} to {}", clock(start), clock(end))
        }
        n => format!("in {n} stretches"),
    };
    format!("{a} shows the same footage as {b} {where_in_b}{}", changes(longest))
}

/// How A differs from B; does not claim that B is the original.
fn changes(run: &Run) -> String {
    let segment = &run.as_one();
    let mut changes = orientation(segment.mirrored, segment.turned);
    if segment.tilted != 0.0 {
        let direction = if segment.tilted > 0.0 { "clockwise" } else { "anticlockwise" };
        changes.push(format!("turned about {:.0} degrees {direction}", segment.tilted.abs()));
    }
    match run.change(Side::B) {
        Some(change) => changes.push(format!("cropped to {change}")),
        None if !is_whole(segment.b_view) => changes.push(format!("cropped to {}", part(segment.b_view))),
        None => {}
    }
    match run.change(Side::A) {
        Some(change) => changes.push(format!("shown in {change} of the picture")),
        None if !is_whole(segment.a_view) => changes.push(format!("shown in {} of the picture", part(segment.a_view))),
        None => {}
    }
    if segment.negative {
        changes.push("as a negative".to_owned());
    }
    changes.push(speed(segment.speed, segment.backwards));
    changes.iter().map(|change| format!(", {change}")).collect()
}

/// Mirroring and turning in words; empty if neither.
pub(super) fn orientation(mirrored: bool, turned: u16) -> Vec<String> {
    let mut words = Vec::new();
    if mirrored {
        words.push("mirrored".to_owned());
    }
    if turned != 0 {
        words.push(format!("turned {turned} degrees clockwise"));
    }
    words
}

fn speed(speed: f64, backwards: bool) -> String {
    let direction = if backwards { "played backwards" } else { "played" };
    if is_normal(speed) {
        format!("{direction} at normal speed")
    } else {
        format!("{direction} at {speed:.2} times the speed")
    }
}

fn line(run: &Run) -> String {
    let segment = &run.as_one();
    let meaning = match segment.score {
        score if score >= 0.9 => "what moves is nearly the same",
        score if score >= 0.7 => "most of what moves is the same",
        score if score >= 0.5 => "much of what moves is the same",
        _ => "some of what moves is the same",
    };
    let backwards = if segment.backwards { " backwards" } else { "" };
    let speed =
        if is_normal(segment.speed) { String::new() } else { format!(" at {:.2} times the speed", segment.speed) };
    let [here, there] = [segment.a, segment.b].map(span);
    let views = if run.views() > 1 { format!(", in {} views", run.views()) } else { String::new() };
    format!("{here} here = {there} there{backwards}{speed}{views}, score {:.2}: {meaning}", segment.score)
}

fn times(times: usize) -> String {
    if times == 2 { "twice".to_owned() } else { format!("{times} times") }
}

fn is_normal(speed: f64) -> bool {
    (speed - 1.0).abs() <= NORMAL_SPEED
}

fn span([start, end]: [f64; 2]) -> String {
    format!("{}-{}", clock(start), clock(end))
}

/// What the answer does not say.
fn limits(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::SameFootage => {
            "Which of the two came first, which was changed, and whether either is the original, cannot be told from this.\n"
        }
        Verdict::SameScene => {
            "The same camera at another time looks like this; so may a copy that is heavily edited.\n"
        }
        Verdict::NoMatch => "No match here does not mean that no earlier copy exists, here or elsewhere.\n",
        Verdict::CantTell => "This is neither a match nor the absence of one.\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Repeat, Segment};

    #[test]
    fn a_copy_is_described_in_one_sentence() {
        let segment = Segment {
            a: [0.0, 32.0],
            b: [40.2, 72.2],
            speed: 1.0,
            score: 0.93,
            mirrored: true,
            backwards: false,
            negative: false,
            turned: 0,
            tilted: 0.0,
            a_view: [0.0, 0.0, 1.0, 1.0],
            b_view: [0.125, 0.125, 0.75, 0.75],
        };
        let found = Comparison {
            verdict: Verdict::SameFootage,
            e_value: Some(3.4e-8),
            reason: Reason::MotionAgrees,
            segments: vec![segment],
            repeats: Vec::new(),
        };
        let otherwise = Segment { backwards: true, negative: true, ..found.segments[0].clone() };
        let text = comparison("A", "B", &Comparison { segments: vec![otherwise], ..found.clone() });
        assert!(text.contains(", as a negative, played backwards at normal speed.\n"), "{text}");
        assert!(text.contains("0:40.2-1:12.2 there backwards, score"), "{text}");
        let text = comparison("A", "B", &found);
        let first = "A shows the same footage as B from 0:40.2 to 1:12.2, mirrored, cropped to the middle 75 %, \
                     played at normal speed.\n";
        assert!(text.starts_with(first), "{text}");
        assert!(text.contains("0:00.0-0:32.0 here = 0:40.2-1:12.2 there, score 0.93"), "{text}");
        assert!(
            text.contains("\n  chance gives a match as good as this once in 29 million comparisons (E-value 3.4e-8)\n")
        );
        let slow = Segment { speed: 0.5, ..found.segments[0].clone() };
        let repeats = [(Side::B, 3), (Side::A, 2)].map(|(of, times)| Repeat { of, span: [1.0, 2.0], times });
        let text =
            comparison("A", "B", &Comparison { segments: vec![slow], repeats: repeats.to_vec(), ..found.clone() });
        assert!(text.contains(" there at 0.50 times the speed, score "), "{text}");
        assert!(
            text.contains("\n  A shows 0:01.0-0:02.0 of B 3 times\n  B shows 0:01.0-0:02.0 of A twice\n"),
            "{text}"
        );
        let text = comparison("A", "B", &Comparison { e_value: Some(0.0), ..found });
        assert!(!text.contains("chance"), "{text}");
    }

    #[test]
    fn chance_is_told_in_millions_up_to_what_was_measured() {
        let told = [8.3e-7, 6.0e-7, 4.9e-7, 1.2e-8, 9.9e-9, 1e-21].map(chance);
        let often = ["once in a million", "once in a million", "once in 2 million", "once in 83 million"];
        let rarest = "less than once in 100 million";
        for (told, often) in told.iter().zip(often.into_iter().chain([rarest; 2])) {
            assert!(told.contains(&format!("this {often} comparisons (E-value ")), "{told}");
        }
    }
}
