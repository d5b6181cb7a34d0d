//! The edits keep their promises: their truth composes, and each copy is as long and as large as it says.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const HOME: &str = env!("CARGO_MANIFEST_DIR");

fn run(program: &str, arguments: &[&str]) -> String {
    let done = Command::new(program).args(arguments).current_dir(HOME).output().expect("the program is installed");
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{program} {arguments:?} failed:\n{out}\n{err}");
    out.into_owned()
}

#[test]
fn truth_composes_and_the_classic_edits_are_the_same_as_ever() {
    run("python3", &["-m", "unittest", "discover", "--start-directory", "tests"]);
}

/// A pattern in motion, small and of few frames, so that this takes seconds.
fn make_clip(path: &str, pattern: &str) {
    let input = format!("{pattern}=s=192x108:r=12.5");
    let arguments = ["-v", "error", "-y", "-f", "lavfi", "-i", &input, "-t", "6", "-crf", "12", "-pix_fmt", "yuv420p"];
    run("ffmpeg", &[&arguments[..], &[path]].concat());
}

#[test]
fn classic_copies_are_as_long_and_as_large_as_promised() {
    check_set("classic");
}

#[test]
fn wild_copies_are_as_long_and_as_large_as_promised() {
    check_set("wild");
}

#[test]
fn chains_are_as_long_and_as_large_as_promised() {
    check_set("chains");
}

fn check_set(set: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("edits").join(set);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the folder is this test's own");
    }
    fs::create_dir_all(&folder).expect("the folder can be made");
    let path = |name: &str| folder.join(name).to_str().expect("the path is UTF-8").to_owned();
    let (clip, other, copies) = (path("clip.mp4"), path("other.mp4"), path("copies"));
    make_clip(&clip, "testsrc2");
    make_clip(&other, "mandelbrot");
    // Fails where a duration or a size is not as planned.
    run("python3", &["edit.py", &clip, &copies, "--set", set, "--strict", "--seed", "1", "--unrelated", &other]);
    let index = fs::read_to_string(folder.join("copies/clip__index.json")).expect("there is an index");
    let entries: Vec<Value> = serde_json::from_str(&index).expect("the index is JSON");
    let names: Vec<&str> = entries.iter().filter_map(|entry| entry["edit"].as_str()).collect();
    assert_eq!(names, run("python3", &["edit.py", "--list", "--set", set]).lines().collect::<Vec<_>>());
    entries.iter().for_each(check_stretches);
}

/// The stretches follow each other without gaps, and lie within the source.
fn check_stretches(entry: &Value) {
    let (name, mut end) = (&entry["edit"], 0.0);
    let length = entry["source_duration"].as_f64().expect("it has a length") + 0.01;
    for stretch in entry["segments"].as_array().expect("it has stretches") {
        let at = |key: &str| stretch[key].as_f64();
        let start = at("copy_start").expect("it has a start");
        assert!((start - end).abs() < 0.3, "{name}: nothing is said of {end} to {start} s");
        end = at("copy_end").expect("it has an end");
        let (Some(from), Some(to), Some(speed)) = (at("src_start"), at("src_end"), at("speed")) else { continue };
        assert!((0.0..=length).contains(&from) && (0.0..=length).contains(&to), "{name}: {from} to {to} s");
        assert!(((to - from) - speed * (end - start)).abs() < 0.02, "{name}: {from} to {to} s at {speed}");
    }
}
