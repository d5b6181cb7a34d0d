//! The only place in the core that puts results into words (in English; the page's words are in `www/i18n`).

mod comparison;
mod name;
mod runs;
mod still;
mod views;
mod words;

use crate::fingerprint::facts::Facts;
use crate::fingerprint::timeline::{PLAIN_BELOW_QUALITY, Timeline};
use crate::fingerprint::{Decoder, Fingerprint, Kind, Problem, ProblemCode, Tier, TierReason};
use crate::format::compact_code::CodeFacts;
use crate::format::import::PdqEntry;
use crate::format::overview::Overview;
use std::fmt::Write as _;

pub use comparison::{comparison, comparison_in_short};
pub use name::{harmless, is_unseen};
pub use still::{still_search, still_search_in_short};
pub use words::{clock, percent, time};

/// The facts of a fingerprint, as lines of label and value.
pub fn facts(fingerprint: &Fingerprint) -> String {
    let Overview { facts, timeline } = Overview::of(fingerprint);
    let mut text = String::new();
    let mut line = |label: &str, value: String| writeln!(text, "{label:<14}{value}").expect("writing to a string");
    line("file", format!("{} bytes, SHA-256 {}", facts.file.bytes, facts.file.sha256));
    line("container", facts.file.container.clone().unwrap_or_else(|| "unknown".to_owned()));
    line("codec", facts.codec.clone());
    line("picture", picture(&facts));
    if facts.kind == Kind::Video {
        line("frames", format!("{} in {}", facts.frames, time(facts.duration_s)));
        line("rate", rate(&facts));
        line("cuts", cuts(&timeline, fingerprint));
        line("too plain", plain(&timeline));
    } else {
        let frame = &fingerprint.frames[0];
        line("PDQ", format!("{} (quality {})", frame.pdq, frame.quality));
    }
    line("tier", tier(&facts));
    line("complete", if facts.complete { "yes".to_owned() } else { "no".to_owned() });
    for found in &facts.problems {
        line("problem", problem(found));
    }
    text
}

/// The facts of another tool's list of PDQ hashes.
pub fn pdq_list(entries: &[PdqEntry]) -> String {
    let last_s = entries.iter().filter_map(|entry| entry.time_s).fold(0.0, f64::max);
    let plain = entries.iter().filter(|entry| entry.quality.is_some_and(|q| q < PLAIN_BELOW_QUALITY)).count();
    let timed = if last_s > 0.0 { format!(", up to {}", time(last_s)) } else { String::new() };
    format!("PDQ list      {} hashes{timed}\ntoo plain     {plain}\n", entries.len())
}

/// The facts of a compact code.
pub fn code(facts: &CodeFacts) -> String {
    let CodeFacts { duration_s, width, height, samples_per_second, cells, frames, bytes } = facts;
    format!(
        "code          {bytes} bytes\nduration      {}\npicture       {width} x {height}\nmotion        {samples_per_second} samples a second, {cells} x {cells} cells\nPDQ           of {frames} frames\n",
        time(*duration_s)
    )
}

/// A problem in one sentence.
pub fn problem(problem: &Problem) -> String {
    let from = problem.frame.map_or(String::new(), |frame| format!(" from frame {frame} on"));
    match problem.code {
        ProblemCode::CutOff => "the file is cut off: it ends before its container says it should".to_owned(),
        ProblemCode::EndsEarly => "the frames end well before the duration that the file promises".to_owned(),
        ProblemCode::DecodeError => format!("the video is damaged: exact digests{from} are unreliable"),
        ProblemCode::FramesMissing => "frames are missing: the decoder gave fewer than the file has".to_owned(),
        ProblemCode::SizeChanges => format!("the picture changes its size: nothing{from} was hashed"),
        ProblemCode::TimestampsRepeat => format!("several frames have the same time{from}"),
        ProblemCode::TimestampsGoBack => format!("times run backwards{from}"),
    }
}

fn picture(facts: &Facts) -> String {
    let range = format!("{:?}", facts.range).to_lowercase();
    let mut text = format!("{} x {}, {}, {range} range", facts.width, facts.height, facts.pixel_format);
    let turned = format!("turned {} degrees clockwise", facts.rotation);
    let shown = match (facts.mirrored, facts.rotation) {
        (false, 0) => return text,
        (false, _) => turned,
        (true, 0) => "mirrored".to_owned(),
        (true, _) => format!("mirrored and then {turned}"),
    };
    write!(text, ", to be {shown} (recorded, not applied)").expect("writing to a string");
    text
}

fn rate(facts: &Facts) -> String {
    let kind = if facts.rate.constant { "constant" } else { "variable" };
    format!("{kind}, {:.3} frames a second", facts.rate.fps)
}

fn cuts(Timeline { cuts, .. }: &Timeline, fingerprint: &Fingerprint) -> String {
    let times: Vec<String> = cuts
        .iter()
        .take(12)
        .map(|&i| time(fingerprint.header.time_base.seconds(fingerprint.frames[i].ticks)))
        .collect();
    match cuts.len() {
        0 => "none".to_owned(),
        n if n > times.len() => format!("{n}: {}, ...", times.join(", ")),
        n => format!("{n}: {}", times.join(", ")),
    }
}

fn plain(timeline: &Timeline) -> String {
    let seconds: f64 = timeline.plain.iter().map(|(start, end)| end - start).sum();
    if seconds == 0.0 { "none".to_owned() } else { format!("{seconds:.1} s of too little detail to compare by PDQ") }
}

fn tier(facts: &Facts) -> String {
    let reason = match facts.tier_reason {
        Some(TierReason::RgbFrames) => ": the browser hands frames over as red, green and blue",
        Some(TierReason::OpaqueFrames) => ": the browser does not show how its frames are laid out",
        Some(TierReason::AlteredPixels) => ": the browser alters pixels",
        Some(TierReason::Unverified) => ": the browser's decoder could not be checked",
        Some(TierReason::Picture) => ": decoders of pictures may differ by a level",
        Some(TierReason::CompactCode) => ": a code holds only a part",
        None => "",
    };
    let decoder = match facts.decoder {
        Decoder::Conformant => "any conforming decoder gives these samples",
        Decoder::Ffmpeg => "ffmpeg gives these samples",
        Decoder::WebcodecsRgb | Decoder::Webcodecs => "a browser's decoder",
        Decoder::Image => "the image crate",
        Decoder::Unstated => "it does not say whose samples these are",
    };
    match facts.tier {
        Tier::Exact => format!("exact ({decoder})"),
        Tier::Perceptual => format!("perceptual{reason} ({decoder})"),
    }
}
