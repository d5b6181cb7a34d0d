//! Folders.

use super::*;

#[test]
fn one_that_cannot_be_read_does_not_stop_an_archive() {
    let folder = Folder::new("archive");
    folder.write("in/2020/a.png", PICTURE);
    folder.write("in/2021/a.png", SECOND_PICTURE);
    folder.write("in/2021/broken.mp4", b"\0\0\0\x18ftypisom and then nothing of use");
    folder.write("in/2021/empty.mp4", b"");
    symlink("gone", folder.path("in/2020/dangling.mp4")).unwrap();
    symlink("loop.mp4", folder.path("in/loop.mp4")).unwrap();
    for threads in ["1", "4"] {
        let output = folder.cotejo(&["hash", "in", "-d", "out", "-j", threads]);
        let (status, said) = outcome(&output);
        assert_eq!(status, Some(2));
        let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with("  hint: ")).collect();
        let [dangling, looping, broken, empty, left_out] = lines[..] else { panic!("{said}") };
        assert!(
            dangling
                .starts_with("cotejo: in/2020/dangling.mp4: this link leads to nothing that can be read: No such file")
        );
        assert!(looping.starts_with("cotejo: in/loop.mp4: this link leads to nothing that can be read: "), "{looping}");
        assert!(broken.starts_with("cotejo: in/2021/broken.mp4: this is no video that ffmpeg can read"));
        assert_eq!(empty, "cotejo: in/2021/empty.mp4: the file is empty (0 bytes)");
        assert_eq!(left_out, "cotejo: left out 4, each for the reason above");
        for (name, bytes) in [("2020", PICTURE), ("2021", SECOND_PICTURE)] {
            let written = Fingerprint::read(folder.read(format!("out/{name}/a.png.cotejo")).as_slice()).unwrap();
            assert_eq!(written.trailer.file.bytes, bytes.len() as u64);
        }
        let made: Vec<String> = folder.names().into_iter().filter(|name| name.starts_with("out")).collect();
        assert_eq!(made, ["out/2020/a.png.cotejo", "out/2021/a.png.cotejo"]);
    }
}

#[test]
fn a_folder_without_the_right_to_read_it_does_not_stop_an_archive() {
    // Who may do anything is told apart by nothing else than trying: root becomes nobody.
    let folder = tempfile::tempdir().unwrap();
    let is_root = fs::metadata(&folder).unwrap().uid() == 0;
    let command = folder.path().join("cotejo");
    fs::copy(COTEJO, &command).unwrap();
    for name in ["in/open", "in/shut", "out"] {
        fs::create_dir_all(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("in/open/a.png"), PICTURE).unwrap();
    fs::write(folder.path().join("in/open/secret"), SECOND_PICTURE).unwrap();
    let set =
        |name: &str, mode| fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    for (name, mode) in [("", 0o755), ("out", 0o777), ("in/shut", 0), ("in/open/secret", 0)] {
        set(name, mode);
    }
    let mut run = Command::new(&command);
    run.args(["hash", "in", "-d", "out"]).current_dir(&folder);
    if is_root {
        run.uid(65_534).gid(65_534);
    }
    let output = run.output().unwrap();
    set("in/shut", 0o755);
    let expected = "cotejo: in/open/secret: Permission denied (os error 13)\ncotejo: in/shut: Permission denied (os error 13)\n\
                    cotejo: left out 2, each for the reason above\n";
    assert_eq!(outcome(&output), (Some(2), expected.to_owned()));
    assert!(is_fingerprint(&fs::read(folder.path().join("out/open/a.png.cotejo")).unwrap()));
}

#[test]
fn what_is_passed_over_is_said_in_a_line_for_each_reason() {
    let folder = Folder::new("passed-over");
    folder.write("in/a.png", PICTURE);
    for name in ["1.txt", "2.txt", "3.txt", "4.txt", "old.cotejo"] {
        folder.write(Path::new("in").join(name), EXAMPLE);
    }
    folder.write("in/._a.png", b"\0\x05\x16\x07\0\x02\0\0Mac OS X        ");
    folder.write("in/voice.wav", &fs::read("tests/cli/files/tone.wav").unwrap());
    folder.make("-f lavfi -i sine=d=0.5 -c:a aac", "in/voice.mp4");
    folder.write("elsewhere/b.png", PICTURE);
    symlink("../elsewhere", folder.path("in/link")).unwrap();
    symlink(".", folder.path("in/round")).unwrap();
    symlink("../elsewhere/b.png", folder.path("in/linked.png")).unwrap();
    assert!(folder.run("mkfifo", &["in/pipe.mp4"]).status.success());
    let output = folder.cotejo(&["hash", "in", "-d", "out"]);
    let expected = "cotejo: passed over 7 (no videos or pictures): in/._a.png, in/1.txt, in/2.txt, ...\n\
                    cotejo: passed over 1 (no video in them): in/voice.mp4\n\
                    cotejo: passed over 2 (links to folders, which are searched where they are named): in/link, in/round\n\
                    cotejo: passed over 1 (pipes, sockets or devices): in/pipe.mp4\n";
    assert_eq!(outcome(&output), (Some(0), expected.to_owned()));
    let made: Vec<String> = folder.names().into_iter().filter(|name| name.starts_with("out")).collect();
    assert_eq!(made, ["out/a.png.cotejo", "out/linked.png.cotejo"]);
}

#[test]
fn files_in_folders_are_known_by_what_is_in_them() {
    let folder = Folder::new("content");
    let source = "-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -pix_fmt yuv420p";
    let made = [
        ("-c:v libx264 -f mp4", "in/mp4"),
        ("-c:v libx264 -f matroska", "in/mkv.bin"),
        ("-c:v libx264 -f h264", "in/h264"),
        ("-c:v libx265 -x265-params log-level=none -f hevc", "in/hevc.backup"),
        ("-c:v libvpx -f ivf", "in/ivf.1"),
        ("-c:v mpeg2video -f mpeg2video", "in/m2v.old"),
        ("-f yuv4mpegpipe", "in/y4m.raw"),
        ("-c:v libx264 -f h264", "in/x.264"),
        ("-c:v libx264 -f h264", "in/x.avc"),
        ("-c:v libx265 -x265-params log-level=none -f hevc", "in/x.265"),
        ("-c:v libx265 -x265-params log-level=none -f hevc", "in/x.HEVC"),
        ("-c:v libvpx -f ivf", "in/x.ivf"),
        ("-c:v libaom-av1 -cpu-used 8 -f obu", "in/x.obu"),
        ("-c:v libaom-av1 -cpu-used 8 -f obu", "in/obu.bak"),
    ];
    fs::create_dir(folder.path("in")).unwrap();
    for (encoding, name) in made {
        folder.make(&format!("{source} {encoding}"), name);
    }
    assert_eq!(outcome(&folder.cotejo(&["hash", "in", "-d", "out"])), (Some(0), String::new()));
    for (_, name) in made {
        let written = folder.read(format!("out/{}.cotejo", name.strip_prefix("in/").unwrap()));
        assert!(Fingerprint::read(written.as_slice()).unwrap().frames.len() >= 5, "{name}");
    }
    // Search knows fingerprints so, too.
    fs::copy(folder.path("out/mp4.cotejo"), folder.path("out/renamed.txt")).unwrap();
    let output = folder.cotejo(&["search", "--all", "in/mp4", "out"]);
    assert_eq!(outcome(&output).1, "");
    assert_eq!(text(&output.stdout).lines().count(), made.len() + 1);
    assert!(text(&output.stdout).contains("out/renamed.txt"));
}

#[test]
fn a_search_goes_on_where_an_entry_cannot_be_read() {
    let folder = Folder::new("search");
    folder.write("in/scene.cotejo", &fs::read("tests/cli/files/scene.cotejo").unwrap());
    folder.write("in/notes.txt", b"notes");
    symlink("gone", folder.path("in/gone.mp4")).unwrap();
    folder.write("copy.cotejo", &fs::read("tests/cli/files/copy.cotejo").unwrap());
    let output = folder.cotejo(&["search", "copy.cotejo", "in"]);
    let expected = "cotejo: in/gone.mp4: this link leads to nothing that can be read: No such file or directory (os error 2)\n\
                    cotejo: passed over 1 (no videos or pictures): in/notes.txt\n";
    assert_eq!(outcome(&output), (Some(2), expected.to_owned()));
    assert!(text(&output.stdout).starts_with("same footage"));
}

#[test]
fn several_folders_keep_their_names_and_the_second_of_a_name_is_left_out() {
    let folder = Folder::new("cards");
    for (name, bytes) in [
        ("one/card/a.png", PICTURE),
        ("two/card/a.png", SECOND_PICTURE),
        ("x/a.png", PICTURE),
        ("y/a.png", SECOND_PICTURE),
    ] {
        folder.write(name, bytes);
    }
    let output = folder.cotejo(&["hash", "-d", "out", "one", "two"]);
    assert_eq!(outcome(&output), (Some(0), String::new()));
    assert!(folder.path("out/one/card/a.png.cotejo").exists() && folder.path("out/two/card/a.png.cotejo").exists());
    let output = folder.cotejo(&["hash", "-d", "flat", "x/a.png", "y/a.png", "x/a.png"]);
    let sentence = "y/a.png: its output would have the name of that of x/a.png";
    assert_eq!(outcome(&output), refusal(sentence, "hash them one at a time, into different folders"));
    let written = Fingerprint::read(folder.read("flat/a.png.cotejo").as_slice()).unwrap();
    assert_eq!(written.trailer.file.bytes, PICTURE.len() as u64);
}
