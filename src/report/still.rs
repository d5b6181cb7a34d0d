//! Where a picture occurs, in words.

use super::comparison::orientation;
use super::name::harmless;
use super::views::{is_whole, part};
use super::words::clock;
use crate::still::{Occurrence, StillReason, StillSearch, StillVerdict};
use std::fmt::Write as _;

/// The most places to list one by one.
const LISTED: usize = 8;
/// Chance is not called rarer than once in this many searches. Chosen: no measurement supports more.
const MILLION: f64 = 1e6;

/// The whole answer in several lines; `still` and `video` are the names of the two. If the other is a picture, too, no times are
/// given.
pub fn still_search(still: &str, video: &str, search: &StillSearch, is_video: bool) -> String {
    let mut text = sentence(&harmless(still), &harmless(video), search, is_video);
    text.push('\n');
    if is_video && search.at.len() > 1 {
        for at in search.at.iter().take(LISTED) {
            writeln!(text, "  {}", line(at)).expect("writing to a string");
        }
        if let Some(more) = search.at.len().checked_sub(LISTED).filter(|&more| more > 0) {
            writeln!(text, "  and {more} more").expect("writing to a string");
        }
    }
    if let Some(e_value) = search.e_value {
        writeln!(text, "  {}", chance(e_value)).expect("writing to a string");
    }
    text.push_str(limits(search.verdict));
    text
}

/// [`StillSearch::e_value`] as a line.
fn chance(e_value: f64) -> String {
    let searches = 1.0 / e_value;
    let often = if searches >= MILLION {
        "less than once in a million searches".to_owned()
    } else {
        // Two digits, as it has itself; more than it has would be a claim.
        let unit = 10f64.powi((searches.log10() as i32 - 1).max(0));
        let searches = (searches / unit).floor() * unit;
        match (searches / 1000.0).floor() {
            0.0 => format!("once in {searches} searches"),
            thousands => format!("once in {thousands},{:03} searches", searches - 1000.0 * thousands),
        }
    };
    format!("chance gives a find as good as this {often} (E-value {e_value:.1e})")
}

/// Verdict and place in a few words, for a table row.
pub fn still_search_in_short(search: &StillSearch) -> (&'static str, String) {
    let verdict = match search.verdict {
        StillVerdict::Found => "found",
        StillVerdict::NotFound => "not found",
        StillVerdict::CantTell => "can't tell",
    };
    let place = match (search.at.first(), search.reason) {
        (Some(at), StillReason::StretchLooksSame) => format!("within {}", span(at)),
        (Some(at), _) => format!("at {}", clock(at.time)),
        (None, _) => String::new(),
    };
    (verdict, place)
}

fn sentence(still: &str, video: &str, search: &StillSearch, is_video: bool) -> String {
    match (search.reason, search.at.first()) {
        (StillReason::FramesAgree | StillReason::StretchLooksSame, Some(at)) => {
            let place = match search.reason {
                _ if !is_video => String::new(),
                StillReason::StretchLooksSame => {
                    format!(" within {}, where frames look the same to it", span(at))
                }
                _ => format!(" at {}", clock(at.time)),
            };
            let by = if at.distance_bits.is_none() { " Found by the frames' pixels." } else { "" };
            format!("{still} shows {video}{place}{}.{by}", changes(at))
        }
        (StillReason::TooPlain, _) => format!(
            "Whether {still} shows {video} cannot be told: one of them has too little detail \
             where they might be the same."
        ),
        (StillReason::FewFrames, _) => format!(
            "Whether {still} shows {video} cannot be told: a code holds only a few frames. \
             Use the video or its fingerprint."
        ),
        (StillReason::MayBePart, _) => format!(
            "Whether {still} shows {video} cannot be told: no frame looks like all of it, but it may show a part of one, or \
             other things as well. Cut the picture out of its surroundings and try again. A third of a frame or less is not \
             found by hashes: give the video itself, so that its pixels can be looked through."
        ),
        (StillReason::NoPixelsAgree, _) => format!(
            "Whether {still} shows {video} cannot be told: no frame looks like all of it, and its pixels, looked for in the \
             frames at several sizes, do not tell either. It may be a small part, turned, mirrored, or have too little detail. \
             Cut the picture out of its surroundings and try again."
        ),
        (StillReason::WeakEvidence, _) => format!(
            "Whether {still} shows {video} cannot be told: something agrees a little, but not more than \
             chance may give."
        ),
        _ => format!("{still} was not found in {video}."),
    }
}

/// How the still differs from the frame.
fn changes(at: &Occurrence) -> String {
    let mut changes = orientation(at.mirrored, at.turned);
    if !is_whole(at.view) {
        changes.push(format!("cropped to {}", part(at.view)));
    }
    if !is_whole(at.still_view) {
        changes.push(format!("in {} of the still", part(at.still_view)));
    }
    changes.iter().map(|change| format!(", {change}")).collect()
}

fn line(at: &Occurrence) -> String {
    let place = format!("{}, best at {}", span(at), clock(at.time));
    match at.distance_bits {
        Some(bits) => format!("{place}: {bits} of 256 bits differ"),
        None => place,
    }
}

fn span(at: &Occurrence) -> String {
    format!("{}-{}", clock(at.stretch[0]), clock(at.stretch[1]))
}

/// What the answer does not say.
fn limits(verdict: StillVerdict) -> &'static str {
    match verdict {
        StillVerdict::Found => {
            "That a picture is found says where it is from, not that it was not altered: small changes stay unseen.\n"
        }
        StillVerdict::NotFound => {
            "No match here does not mean that the picture is from elsewhere: a small part of a frame, or one with \
             much added, is not found.\n"
        }
        StillVerdict::CantTell => "This is neither a match nor the absence of one.\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_told_in_two_digits_up_to_a_million() {
        let told = [1.0e-7, 1.7e-6, 1.0e-4, 0.009].map(chance);
        let often = ["less than once in a million", "once in 580,000", "once in 10,000", "once in 110"];
        for (told, often) in told.iter().zip(often) {
            assert!(told.contains(&format!("this {often} searches (E-value ")), "{told}");
        }
    }
}
