//! Which of ffmpeg's decoders and demuxers a file may reach, by the command.

mod folder;

use folder::Folder;
use std::fs;
use std::process::Output;

/// A second of moving pictures.
const SCENE: &str = "-f lavfi -i testsrc2=s=128x96:r=25:d=1";
/// The sentence that names the decoder, and what to do.
const REFUSED: &str = "needs ffmpeg's decoder magicyuv, which is hardly ever used";
/// One of the many that are allowed only because `ffmpeg` lists them: what sound there is changes nothing.
const SOUND: &str = "-f lavfi -i sine=d=1";

fn make(folder: &Folder, arguments: &str, name: &str) {
    let all: Vec<&str> = "-v error -y".split(' ').chain(arguments.split_whitespace()).chain([name]).collect();
    let output = folder.run("ffmpeg", &all);
    assert!(output.status.success(), "{}", complaints(&output));
}

fn complaints(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn cotejo(folder: &Folder, arguments: &[&str]) -> Output {
    folder.run(env!("CARGO_BIN_EXE_cotejo"), arguments)
}

#[test]
fn a_decoder_that_is_not_allowed_is_named() {
    let folder = Folder::new("not-allowed");
    for name in ["a.avi", "a.mkv", "a.mov"] {
        make(&folder, &format!("{SCENE} -c:v magicyuv"), name);
        for format in ["fingerprint", "framehash"] {
            let output = cotejo(&folder, &["hash", "--format", format, name]);
            assert_eq!(output.status.code(), Some(2), "{name}");
            assert!(output.stdout.is_empty(), "{name}");
            let said = complaints(&output);
            assert!(said.contains(REFUSED) && said.contains("hint: ") && !said.contains("damaged"), "{said}");
        }
    }
}

#[test]
fn nor_is_it_reached_by_another_stream() {
    let folder = Folder::new("second-stream");
    for name in ["a.avi", "a.mkv", "a.mov"] {
        let both = format!("{SCENE} {SCENE} -map 0 -map 1 -pix_fmt yuv420p -c:v:0 libx264 -c:v:1 magicyuv");
        make(&folder, &both, name);
        let said = complaints(&cotejo(&folder, &["hash", name]));
        assert!(said.contains(REFUSED), "{name}: {said}");
    }
}

#[test]
fn whatever_the_sound_is_the_frames_are_the_same() {
    let folder = Folder::new("any-sound");
    let frames = |name: &str| {
        let output = cotejo(&folder, &["hash", "--format", "csv", name]);
        assert_eq!(complaints(&output), "", "{name}");
        String::from_utf8(output.stdout).unwrap()
    };
    make(&folder, &format!("{SCENE} -c:v mpeg4"), "silent.mkv");
    for sound in ["aac", "pcm_mulaw", "flac", "adpcm_ms", "pcm_s24le", "wmav2", "real_144", "tta"] {
        make(&folder, &format!("{SCENE} {SOUND} -ar 8000 -ac 1 -c:v mpeg4 -c:a {sound}"), "sound.mkv");
        assert_eq!(frames("sound.mkv"), frames("silent.mkv"), "{sound}");
    }
}

#[test]
fn a_file_that_leads_to_others_is_not_hashed() {
    let folder = Folder::new("leading-away");
    make(&folder, &format!("{SCENE} -c:v mpeg2video"), "secret.ts");
    make(&folder, SCENE, "row%02d.png");
    let hls = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.ts\n#EXT-X-ENDLIST\n";
    let files =
        [("hls.mp4", hls), ("concat.mp4", "ffconcat version 1.0\nfile secret.ts\n"), ("text.nfo", "No video.\n")];
    for (name, content) in files {
        fs::write(folder.0.join(name), content).unwrap();
        let said = complaints(&cotejo(&folder, &["hash", name]));
        assert!(said.contains("is not opened: such files lead to others"), "{name}: {said}");
    }
    fs::write(folder.0.join("row%02d.png"), "GIF89a").unwrap();
    let said = complaints(&cotejo(&folder, &["hash", "row%02d.png"]));
    assert!(said.contains("takes this name for that of a picture"), "{said}");
}
