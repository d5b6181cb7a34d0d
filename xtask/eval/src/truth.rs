//! What `edit.py` says it did to a copy.

use cotejo::compare::View;
use serde::Deserialize;

/// Where the source's picture lies in the copy's.
#[derive(Clone, Debug, Deserialize)]
pub struct Geometry {
    /// Which part of the source's picture is seen; where it moves, that of the stretch's middle.
    pub src_view: View,
    /// Where that lies in the copy's picture.
    pub placed: View,
    /// Whether it is mirrored.
    pub mirror: bool,
    /// Degrees clockwise, after mirroring.
    pub rotate: u16,
    /// Whether it is a negative.
    #[serde(default)]
    pub inverted: bool,
    /// Whether the picture is no upright rectangle, and these are only the nearest ones.
    #[serde(default)]
    pub approximate: bool,
    /// Seconds of the copy, and both views then; evenly between.
    #[serde(default)]
    pub moves: Vec<(f64, View, View)>,
}

/// A stretch of the copy and where it comes from, seconds.
#[derive(Clone, Debug)]
pub struct TrueSegment {
    /// Start and end in the copy.
    pub copy: [f64; 2],
    /// What is shown at these in the source; the start is the later one where it is played backwards.
    pub source: [f64; 2],
    /// Seconds of source per second of copy: negative backwards, 0 where it is frozen.
    pub speed: f64,
    /// Where the picture is.
    pub geometry: Geometry,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Truth {
    /// The stretches that come from the source.
    pub segments: Vec<TrueSegment>,
    /// Where the picture is in the longest of them.
    pub geometry: Geometry,
    /// The clip that the unrelated material comes from.
    pub unrelated: Option<String>,
    /// The copy's duration, seconds.
    pub duration_s: f64,
}

/// One entry of the index.
#[derive(Debug, Deserialize)]
pub struct Entry {
    /// The copy's file name.
    pub copy: String,
    /// The edit's name.
    pub edit: String,
    /// The names of a chain's edits.
    #[serde(default)]
    pub steps: Vec<String>,
    segments: Vec<Stretch>,
    geometry: Geometry,
    unrelated: Option<Unrelated>,
    copy_duration: f64,
}

#[derive(Debug, Deserialize)]
struct Stretch {
    copy_start: f64,
    copy_end: f64,
    src_start: Option<f64>,
    src_end: Option<f64>,
    speed: Option<f64>,
    geometry: Option<Geometry>,
}

#[derive(Debug, Deserialize)]
struct Unrelated {
    file: Option<String>,
}

impl Entry {
    /// What was done.
    pub fn truth(&self) -> Truth {
        let segment = |of: &Stretch| {
            Some(TrueSegment {
                copy: [of.copy_start, of.copy_end],
                source: [of.src_start?, of.src_end?],
                speed: of.speed?,
                geometry: of.geometry.clone().unwrap_or_else(|| self.geometry.clone()),
            })
        };
        Truth {
            segments: self.segments.iter().filter_map(segment).collect(),
            geometry: self.geometry.clone(),
            unrelated: self.unrelated.as_ref().and_then(|unrelated| unrelated.file.clone()),
            duration_s: self.copy_duration,
        }
    }
}

impl Truth {
    /// Whether each moment of the copy is the source's at the same time, within a tenth of a second.
    pub fn keeps_time(&self) -> bool {
        let is_same = |a: f64, b: f64| (a - b).abs() < 0.1;
        let [segment] = &self.segments[..] else { return false };
        segment.speed == 1.0
            && segment.copy[0] == 0.0
            && segment.source[0] == 0.0
            && is_same(segment.copy[1], self.duration_s)
    }
}

impl Geometry {
    /// The source's view and where it lies, at a time of the copy.
    pub fn at(&self, time: f64) -> (View, View) {
        let after = self.moves.partition_point(|(at, ..)| *at <= time);
        match (after.checked_sub(1).and_then(|before| self.moves.get(before)), self.moves.get(after)) {
            (Some(before), Some(after)) => {
                let share = (time - before.0) / (after.0 - before.0);
                (between(before.1, after.1, share), between(before.2, after.2, share))
            }
            (Some(end), None) | (None, Some(end)) => (end.1, end.2),
            (None, None) => (self.src_view, self.placed),
        }
    }
}

fn between(from: View, to: View, share: f64) -> View {
    std::array::from_fn(|i| from[i] + (to[i] - from[i]) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_moves_evenly_between_its_keys_and_stays_at_its_ends() {
        let whole = [0.0, 0.0, 1.0, 1.0];
        let keys = [(1.0, [0.0, 0.0, 0.5, 1.0]), (3.0, [0.4, 0.0, 0.5, 1.0])];
        let geometry = Geometry {
            src_view: whole,
            placed: whole,
            mirror: false,
            rotate: 0,
            inverted: false,
            approximate: false,
            moves: keys.map(|(at, view)| (at, view, whole)).to_vec(),
        };
        let left = |time| (geometry.at(time).0[0] * 1000.0).round();
        assert_eq!([0.0, 1.0, 1.5, 3.0, 9.0].map(left), [0.0, 0.0, 100.0, 400.0, 400.0]);
        assert_eq!(geometry.at(2.0).1, whole);
    }

    #[test]
    fn only_a_copy_of_all_moments_in_order_keeps_time() {
        let geometry = r#"{"src_view":[0,0,1,1],"placed":[0,0,1,1],"mirror":false,"rotate":0}"#;
        let keeps_time = |[start, end]: [f64; 2], [from, to]: [f64; 2]| {
            let json = format!(
                r#"{{"copy":"a.mp4","edit":"trim","copy_duration":8.0,"unrelated":null,"geometry":{geometry},"segments":[
                    {{"copy_start":{start},"copy_end":{end},"src_start":{from},"src_end":{to},"speed":{}}}]}}"#,
                (to - from) / (end - start)
            );
            serde_json::from_str::<Entry>(&json).expect("it is an entry").truth().keeps_time()
        };
        assert!(keeps_time([0.0, 8.0], [0.0, 8.0]) && keeps_time([0.0, 7.95], [0.0, 7.95]));
        assert!(!keeps_time([0.0, 8.0], [2.0, 10.0]) && !keeps_time([0.0, 8.0], [0.0, 4.0]));
        assert!(!keeps_time([0.0, 6.0], [0.0, 6.0]) && !keeps_time([2.0, 8.0], [2.0, 8.0]));
    }

    #[test]
    fn a_stretch_without_a_geometry_of_its_own_has_that_of_the_copy() {
        let geometry = r#"{"src_view":[0,0,1,1],"placed":[0,0.1,1,0.8],"mirror":true,"rotate":90,"quad":null}"#;
        let json = format!(
            r#"{{"copy":"a.mp4","edit":"montage","copy_duration":7.0,"unrelated":{{"file":"b.mp4"}},
                "geometry":{geometry},"segments":[
                {{"copy_start":0,"copy_end":5,"src_start":null,"src_end":null,"speed":null}},
                {{"copy_start":5,"copy_end":7,"src_start":4,"src_end":2,"speed":-1}}]}}"#
        );
        let entry: Entry = serde_json::from_str(&json).expect("it is an entry");
        let truth = entry.truth();
        assert_eq!(truth.segments.len(), 1, "unrelated material is no stretch of the source");
        let segment = &truth.segments[0];
        assert_eq!((segment.source, segment.speed), ([4.0, 2.0], -1.0));
        assert!(segment.geometry.mirror && segment.geometry.rotate == 90);
        assert_eq!(truth.unrelated.as_deref(), Some("b.mp4"));
    }
}
