//! The command's words: transcripts in `cli/`, and what a transcript cannot hold.
//!
//! `TRYCMD=overwrite cargo test --test cli` writes the transcripts anew; read the difference before keeping it.

mod scene;

use image::{GrayImage, ImageFormat, imageops};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

const EXAMPLE: &[u8] = include_bytes!("vectors/fingerprint/example.cotejo");

/// What the transcripts of comparisons compare: a scene, a mirrored part of it, another scene, and a still of the first.
///
/// `WRITE_VECTORS=1 cargo test --test cli` writes them anew.
#[test]
fn the_transcripts_files_are_what_the_scenes_give() {
    let first = scene::Scene::new(1, true);
    let second = scene::Scene::new(2, true);
    let footage = |frames: &mut dyn Iterator<Item = GrayImage>| scene::fingerprint(frames).to_bytes();
    let crop = imageops::crop_imm(&first.frame(61), 12, 6, 170, 130).to_image();
    let files = [
        ("scene.cotejo", footage(&mut (0..120).map(|i| first.frame(i)))),
        ("copy.cotejo", footage(&mut (40..100).map(|i| imageops::flip_horizontal(&first.frame(i))))),
        ("other.cotejo", footage(&mut (0..120).map(|i| second.frame(i)))),
        ("still.png", scene::file(&crop, ImageFormat::Png)),
    ];
    for (name, bytes) in files {
        let path = Path::new("tests/cli/files").join(name);
        if std::env::var_os("WRITE_VECTORS").is_some() {
            fs::write(&path, &bytes).unwrap();
        }
        assert!(fs::read(&path).unwrap() == bytes, "{name} was made by other code");
    }
}

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}

fn start(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cotejo"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn run(arguments: &[&str]) -> Output {
    start(arguments).wait_with_output().unwrap()
}

/// Writes `pieces` to the command's standard input, with time between them.
fn run_with_input(arguments: &[&str], pieces: &[&[u8]]) -> Output {
    let mut child = start(arguments);
    let mut input = child.stdin.take().unwrap();
    for piece in pieces {
        input.write_all(piece).unwrap();
        input.flush().unwrap();
        thread::sleep(Duration::from_millis(50));
    }
    drop(input);
    child.wait_with_output().unwrap()
}

#[test]
fn results_go_to_standard_output_and_errors_to_standard_error() {
    let good = run(&["inspect", "tests/vectors/fingerprint/example.cotejo"]);
    assert_eq!((good.status.code(), good.stderr.len()), (Some(0), 0));
    assert!(good.stdout.starts_with(b"file "));
    for arguments in [
        &["inspect", "tests/cli/files/damaged.cotejo"][..],
        &["hash", "tests/cli/files/garbage.mp4"],
        &["hash", "--format", "tiff", "a.mp4"],
        &["hash"],
        &["--no-such-option"],
        &[],
    ] {
        let bad = run(arguments);
        assert_eq!((bad.status.code(), bad.stdout.len()), (Some(2), 0), "{arguments:?}");
        assert!(!bad.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_fingerprint_is_inspected_from_standard_input() {
    let whole = run_with_input(&["inspect", "-"], &[EXAMPLE]);
    let pieces = run_with_input(&["inspect", "-"], &[&EXAMPLE[..1], &EXAMPLE[1..7], &EXAMPLE[7..]]);
    let file = run(&["inspect", "tests/vectors/fingerprint/example.cotejo"]);
    assert_eq!(String::from_utf8(whole.stdout).unwrap(), String::from_utf8(file.stdout.clone()).unwrap());
    assert_eq!(pieces.stdout, file.stdout);
}

#[test]
fn a_list_is_inspected_from_standard_input() {
    let line = format!("0,100,{},0.000\n", "0f".repeat(32));
    let output = run_with_input(&["inspect", "-"], &[line.as_bytes()]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "PDQ list      1 hashes\ntoo plain     0\n");
}

#[test]
fn a_fingerprint_is_compared_from_standard_input() {
    let bytes = fs::read("tests/cli/files/scene.cotejo").unwrap();
    let output = run_with_input(&["compare", "tests/cli/files/still.png", "-"], &[&bytes]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stdout.starts_with(b"still.png shows standard input"), "{output:?}");
    let search = run_with_input(&["search", "--json", "-", "tests/cli/files/other.cotejo"], &[&bytes]);
    assert_eq!(search.status.code(), Some(1), "{search:?}");
    assert!(search.stdout.starts_with(b"[{\"file\":\"tests/cli/files/other.cotejo\""), "{search:?}");
}

#[test]
fn nothing_on_standard_input_is_no_list() {
    let output = run_with_input(&["inspect", "-"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.starts_with(b"cotejo: pdq list: line 1: "));
}

#[test]
fn whoever_closes_our_output_has_seen_enough() {
    let mut child = start(&["inspect", "-"]);
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(EXAMPLE).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn without_ffmpeg_the_message_says_how_to_get_it() {
    let wave = Path::new("tests/cli/files/tone.wav");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cotejo"));
    let output = command.arg("hash").arg(wave).env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let expected = "cotejo: tests/cli/files/tone.wav: ffmpeg is not installed; it decodes the videos\n  \
                    hint: install version 5.1 or newer: `apt-get install ffmpeg` on Debian, \
                    `brew install ffmpeg` on macOS\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
}

#[test]
fn pictures_need_no_ffmpeg() {
    let picture = "tests/vectors/pdq/pictures/00-rgb.png";
    let mut command = Command::new(env!("CARGO_BIN_EXE_cotejo"));
    let output = command.args(["hash", picture]).env("PATH", "").output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    cotejo::fingerprint::Fingerprint::read(output.stdout.as_slice()).unwrap();
}
