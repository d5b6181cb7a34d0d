//! Names.

use super::*;

/// A name that moves the cursor, begins lines of its own, turns the direction of writing, and is no UTF-8.
fn forging_name(ending: &str) -> OsString {
    let mut name = b"x\x1b[2K\x1b]0;t\x07\rsame footage  1.00\nfound         1.00  at 0:01.0  real.mp4\n".to_vec();
    name.extend("\u{9b}31m\u{202e}\u{2028}\u{200b}\u{85}".bytes());
    name.extend(b"\xff\xfe");
    name.extend([b' '; 30]);
    name.extend(ending.bytes());
    OsString::from_vec(name)
}

fn assert_harmless(bytes: &[u8], what: &str) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| panic!("{what}: no UTF-8"));
    let harmful = text.chars().find(|c| *c != '\n' && cotejo::report::is_unseen(*c));
    assert_eq!(harmful, None, "{what}: {text:?}");
    assert!(!text.contains("   ".repeat(8).as_str()), "{what}: {text:?}");
    text
}

#[test]
fn a_name_forges_nothing() {
    let folder = Folder::new("forging");
    let (png, cotejo, txt) = (forging_name(".png"), forging_name(".cotejo"), forging_name(".txt"));
    folder.write(Path::new("in").join(&png), PICTURE);
    folder.write(Path::new("in").join(&cotejo), &fs::read("tests/cli/files/scene.cotejo").unwrap());
    folder.write(Path::new("in").join(&txt), b"a text");
    folder.write(&png, PICTURE);
    folder.write(&cotejo, b"no fingerprint");
    folder.write(forging_name(".mp4"), b"no video");
    folder.write("still.png", &fs::read("tests/cli/files/still.png").unwrap());
    symlink("gone", folder.path(forging_name(".mkv"))).unwrap();
    let mut missing = OsString::from("in/");
    missing.push(forging_name(".none"));
    let mut option = OsString::from("--no\n");
    option.push(&png);
    let arguments = |words: &[&str], names: &[&OsStr]| -> Vec<OsString> {
        words.iter().map(OsString::from).chain(names.iter().map(OsString::from)).collect()
    };
    let mut found = OsString::from("in/");
    found.push(&cotejo);
    let cases = [
        ("errors", arguments(&["hash"], &[&missing]), 2),
        ("an empty or broken file", arguments(&["hash"], &[&forging_name(".mp4")]), 2),
        ("outputs", arguments(&["hash", "still.png", "-o"], &[&png]), 2),
        ("several", arguments(&["hash", "-d", "out"], &[&png, OsStr::new("in"), &missing]), 2),
        ("a folder", arguments(&["hash", "-d", "out", "."], &[]), 2),
        ("options", arguments(&["hash"], &[&option]), 2),
        ("values", arguments(&["hash", "a", "--format"], &[&png]), 2),
        ("inspect", arguments(&["inspect"], &[&cotejo]), 2),
        ("inspect what is missing", arguments(&["inspect"], &[&missing]), 2),
        ("compare", arguments(&["compare"], &[OsStr::new("still.png"), &found]), 0),
        ("compare what is missing", arguments(&["compare"], &[&missing, &missing]), 2),
        ("search", arguments(&["search", "still.png", "in"], &[]), 0),
        ("search in JSON", arguments(&["search", "--json", "still.png"], &[&found]), 0),
        ("code", arguments(&["code"], &[&png]), 2),
    ];
    for (what, arguments, status) in cases {
        let output = folder.cotejo(&arguments);
        assert_eq!(output.status.code(), Some(status), "{what}: {output:?}");
        let (printed, said) = (assert_harmless(&output.stdout, what), assert_harmless(&output.stderr, what));
        let is_usage = ["options", "values"].contains(&what);
        let is_ours = |line: &str| line.starts_with("cotejo: ") || line.starts_with("  hint: ");
        assert!(is_usage || said.lines().all(is_ours), "{what}: {said}");
        match what {
            "search" => assert_eq!(printed.lines().count(), 2, "{printed}"),
            "search in JSON" => assert_eq!(printed.lines().count(), 1, "{printed}"),
            "compare" => assert!(printed.starts_with("still.png shows x\\u{1b}[2K\\u{1b}]0;t"), "{printed}"),
            _ => assert_eq!(printed, "", "{what}"),
        }
    }
}

/// What the command writes to a terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_harmless_names_in_bars_and_lists() {
    let folder = Folder::new("terminal");
    folder.make("-f lavfi -i testsrc=s=64x48:r=50:d=4 -c:v mpeg4 -f avi", "plain");
    let name = OsStr::from_bytes("bar\u{202e}\u{9b}31m\nforged.avi".as_bytes());
    fs::rename(folder.path("plain"), folder.path(name)).unwrap();
    for arguments in ["", " --format sha256sum"] {
        let line = format!("{COTEJO} hash *.avi{arguments}{}", if arguments.is_empty() { " -o out" } else { "" });
        let output = folder.run("script", &["--quiet", "--return", "--command", &line, "/dev/null"]);
        assert!(output.status.success(), "{output:?}");
        let shown = text(&output.stdout);
        assert!(shown.contains("bar\\") && shown.contains("u{202e}"), "{shown:?}");
        assert!(!shown.contains('\u{202e}') && !shown.contains('\u{9b}') && !shown.contains("\nforged"), "{shown:?}");
    }
}

#[test]
fn what_ffmpeg_says_of_a_file_is_harmless() {
    let folder = Folder::new("said");
    folder.write("a.mp4", b"no video");
    let script = "#!/bin/sh\nprintf 'a.mp4: \\033[2Ksame\\302\\233footage\\r\\342\\200\\256x\\n' >&2\nexit 1\n";
    let path = put_before_ffmpeg(&folder, "ffprobe", script);
    let output = folder.command(COTEJO).args(["hash", "--sandbox", "off", "a.mp4"]).env("PATH", path).output().unwrap();
    let said = assert_harmless(&output.stderr, "ffprobe's words");
    assert!(said.contains("\\u{1b}[2Ksame\\u{9b}footage\\u{d}\\u{202e}x"), "{said}");
}

#[test]
fn sha256sum_finds_files_of_any_name() {
    let folder = Folder::new("sums");
    let names: Vec<OsString> = [
        &b"plain.png"[..],
        b"no\xffutf8\xfe.png",
        b"line\nend.png",
        b"back\\slash.png",
        b"re\rturn.png",
        b"\xf0\x28\x8c.png",
    ]
    .into_iter()
    .map(|name| OsString::from_vec(name.to_vec()))
    .collect();
    for name in &names {
        folder.write(name, PICTURE);
    }
    let of_each: Vec<OsString> =
        ["hash", "-f", "sha256sum", "-o", "sums"].map(OsString::from).into_iter().chain(names.clone()).collect();
    assert_eq!(outcome(&folder.cotejo(&of_each)), (Some(0), String::new()));
    let by_sha256sum: Vec<OsString> = std::iter::once(OsString::from("--")).chain(names.clone()).collect();
    assert_eq!(text(&folder.read("sums")), text(&folder.run("sha256sum", &by_sha256sum).stdout));
    let checked = folder.run("sha256sum", &["--check", "--strict", "sums"]);
    assert_eq!(
        (checked.status.code(), text(&checked.stdout).matches(": OK").count()),
        (Some(0), names.len()),
        "{checked:?}"
    );
}
