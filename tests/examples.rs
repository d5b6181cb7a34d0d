//! The programs in `examples` do what they say.

use cotejo::Fingerprint;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Runs an example, which `cargo test` builds beside the tests unless it is told to build less.
fn example(name: &str, arguments: &[&str]) -> Output {
    let folder = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("examples");
    let path: PathBuf = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !path.exists() {
        let built = Command::new(env!("CARGO")).args(["build", "--quiet", "--example", name]).status().unwrap();
        assert!(built.success(), "{name} does not build");
    }
    Command::new(path).args(arguments).output().unwrap()
}

/// What it prints; nothing may go wrong.
fn printed(name: &str, arguments: &[&str]) -> String {
    let output = example(name, arguments);
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

const SCENE: &str = "tests/cli/files/scene.cotejo";
const COPY: &str = "tests/cli/files/copy.cotejo";
const OTHER: &str = "tests/cli/files/other.cotejo";

#[test]
fn two_fingerprints_are_compared() {
    assert!(printed("compare", &[SCENE, COPY]).contains("same footage"), "{}", printed("compare", &[SCENE, COPY]));
    assert!(!printed("compare", &[SCENE, OTHER]).contains("same footage"));
}

#[test]
fn a_picture_is_found() {
    let moment = printed("find_still", &["tests/cli/files/still.png", SCENE]);
    assert!(moment.lines().next().unwrap().ends_with(" s"), "{moment}");
    assert!(!printed("find_still", &["tests/cli/files/still.png", OTHER]).contains(" s\n"));
}

#[test]
fn a_code_is_read() {
    assert!(printed("read_code", &["tests/cli/files/message.txt", SCENE]).contains("same footage"));
    let damaged = example("read_code", &["tests/cli/files/message-cut-off.txt", SCENE]);
    assert!(!damaged.status.success());
    assert!(String::from_utf8_lossy(&damaged.stderr).contains("code-damaged"));
}

#[test]
fn pictures_become_a_fingerprint() {
    let pictures = ["tests/vectors/pdq/pictures/00-rgb.png"; 3];
    let output = example("hash_images", &pictures);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let fingerprint = Fingerprint::read(output.stdout.as_slice()).unwrap();
    assert_eq!(fingerprint.frames.iter().map(|frame| frame.ticks).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!((fingerprint.header.codec.as_str(), fingerprint.header.pixel_format.as_str()), ("png", "rgb24"));
    assert_eq!(fingerprint.frames[0].sha256, fingerprint.frames[2].sha256);
}
