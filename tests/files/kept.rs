//! Inputs stay as they are.

use super::*;

#[test]
fn a_file_that_is_called_as_unfinished_ones_were_is_no_output() {
    let folder = Folder::new("part");
    folder.write("clip.png.part", PICTURE);
    assert_eq!(outcome(&folder.cotejo(&["hash", "clip.png.part", "-o", "clip.png"])), (Some(0), String::new()));
    assert_eq!(folder.read("clip.png.part"), PICTURE);
    assert!(is_fingerprint(&folder.read("clip.png")));
}

#[test]
fn no_name_can_be_laid_out_for_an_unfinished_file() {
    let folder = Folder::new("laid-out");
    folder.write("a.png", PICTURE);
    folder.write("diary", b"dear diary");
    folder.write("b.cotejo.part", b"mine");
    symlink("diary", folder.path("a.cotejo.part")).unwrap();
    for output in ["a.cotejo", "b.cotejo"] {
        assert_eq!(outcome(&folder.cotejo(&["hash", "a.png", "-o", output])), (Some(0), String::new()));
    }
    assert_eq!((folder.read("diary"), folder.read("b.cotejo.part")), (b"dear diary".to_vec(), b"mine".to_vec()));
    assert_eq!(folder.names(), ["a.cotejo", "a.cotejo.part", "a.png", "b.cotejo", "b.cotejo.part", "diary"]);
}

#[test]
fn an_input_is_no_output_by_whatever_name() {
    let folder = Folder::new("names");
    folder.write("a.png", PICTURE);
    folder.write("sub/x", b"");
    fs::hard_link(folder.path("a.png"), folder.path("hard.cotejo")).unwrap();
    symlink("a.png", folder.path("soft.cotejo")).unwrap();
    symlink("soft.cotejo", folder.path("softer.cotejo")).unwrap();
    symlink(".", folder.path("loop")).unwrap();
    let inputs = ["a.png", "hard.cotejo", "softer.cotejo", "loop/sub/../a.png"];
    for input in inputs {
        for output in ["a.png", "hard.cotejo", "soft.cotejo", "softer.cotejo", "loop/loop/a.png", "sub/../a.png"] {
            let (status, said) = outcome(&folder.cotejo(&["hash", input, "-o", output]));
            assert_eq!(status, Some(2), "{input} -> {output}");
            assert!(said.starts_with(&format!("cotejo: {output} ")) && said.contains("written over"), "{said}");
        }
    }
    assert_eq!(folder.names(), ["a.png", "hard.cotejo", "loop", "soft.cotejo", "softer.cotejo", "sub/x"]);
    assert!(inputs.iter().all(|input| folder.read(input) == PICTURE));
}

#[test]
fn files_in_a_folder_are_held_against_all_inputs() {
    let folder = Folder::new("all-inputs");
    folder.write("a.png", PICTURE);
    folder.write("b.png", SECOND_PICTURE);
    // A picture, whatever its name says, and the name of the other's output.
    folder.write("in/c.png", SECOND_PICTURE);
    symlink("in/c.png", folder.path("a.png.cotejo")).unwrap();
    let output = folder.cotejo(&["hash", "-d", ".", "a.png", "b.png", "in/c.png"]);
    assert_eq!(
        outcome(&output),
        refusal("./a.png.cotejo is the input in/c.png, and would be written over", "give the output another name")
    );
    assert_eq!((folder.read("a.png"), folder.read("in/c.png")), (PICTURE.to_vec(), SECOND_PICTURE.to_vec()));
    assert!(is_fingerprint(&folder.read("b.png.cotejo")) && is_fingerprint(&folder.read("c.png.cotejo")));
}

#[test]
fn nothing_is_appended_to_an_input() {
    let folder = Folder::new("append");
    folder.write("a.png", PICTURE);
    folder.write("b.cotejo", EXAMPLE);
    fs::hard_link(folder.path("a.png"), folder.path("hard.png")).unwrap();
    let lines = [
        "cotejo hash a.png >> a.png",
        "cotejo hash a.png >> hard.png",
        "cotejo hash a.png -o /dev/stdout >> a.png",
        "cotejo hash -f sha256sum b.cotejo a.png >> a.png",
        "cotejo inspect b.cotejo >> b.cotejo",
        "cotejo code b.cotejo >> b.cotejo",
        "cotejo compare a.png b.cotejo >> b.cotejo",
        "cotejo search a.png b.cotejo >> a.png",
        "cotejo search a.png . >> hard.png",
    ];
    for line in lines {
        let (status, said) = outcome(&folder.shell(line));
        assert_eq!(status, Some(2), "{line}");
        assert!(said.starts_with("cotejo: standard output is the input "), "{line}: {said}");
    }
    // There is nowhere to say it.
    assert_eq!(outcome(&folder.shell("cotejo hash a.png missing.png 2>> a.png")), (Some(2), String::new()));
    assert_eq!((folder.read("a.png"), folder.read("b.cotejo")), (PICTURE.to_vec(), EXAMPLE.to_vec()));
    assert_eq!(outcome(&folder.shell("cotejo hash a.png >> new")), (Some(0), String::new()));
    assert!(is_fingerprint(&folder.read("new")));
}

#[test]
fn somebody_elses_recording_is_not_replaced() {
    let folder = Folder::new("recordings");
    folder.write("a.png", PICTURE);
    folder.make("-f lavfi -i testsrc=s=64x48:r=5:d=0.4 -c:v ffv1", "other.mkv");
    folder.make(&format!("{VIDEO} -f h264"), "other.h264");
    folder.write("sound", &fs::read("tests/cli/files/tone.wav").unwrap());
    folder.write("out/a.png.cotejo", SECOND_PICTURE);
    let hint = "give the output another name; no video, picture or sound is ever written over";
    for (arguments, output) in [
        (["-o", "other.mkv"], "other.mkv"),
        (["-o", "other.h264"], "other.h264"),
        (["-o", "sound"], "sound"),
        (["-d", "out"], "out/a.png.cotejo"),
    ] {
        let before = folder.read(output);
        let outcome = outcome(&folder.cotejo(&[&["hash", "a.png"], &arguments[..]].concat()));
        assert_eq!(outcome, refusal(&format!("{output} is there already, and is a recording"), hint));
        assert!(folder.read(output) == before);
    }
}
