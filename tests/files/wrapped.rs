//! What is no file, and what is no video.

use super::*;

#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = Folder::new("no-files");
    folder.write("b.cotejo", EXAMPLE);
    assert!(folder.run("mkfifo", &["pipe.mp4"]).status.success());
    let _socket = std::os::unix::net::UnixListener::bind(folder.path("socket")).unwrap();
    symlink("pipe.mp4", folder.path("link.mp4")).unwrap();
    let hint = "a video must be a file: save it to one first; `-` is a fingerprint on standard input";
    let way = "this is no file but a way to an open one, or a device";
    let cases = [
        ("pipe.mp4", "this is a pipe, not a file"),
        ("link.mp4", "this is a pipe, not a file"),
        ("socket", "this is a socket, not a file"),
        ("/dev/stdin", way),
        ("/dev/zero", way),
        ("/dev/fd/0", way),
        ("/proc/self/fd/0", way),
    ];
    for (name, sentence) in cases {
        let expected = refusal(&format!("{name}: {sentence}"), hint);
        for words in [
            &["hash"][..],
            &["hash", "-f", "sha256sum"],
            &["hash", "-f", "framehash"],
            &["inspect"],
            &["compare", "b.cotejo"],
            &["search", "b.cotejo"],
            &["code"],
        ] {
            // It would wait for ever.
            let mut run = folder.command("timeout");
            let output = run
                .args(["10", COTEJO])
                .args(words)
                .arg(name)
                .stdin(File::open(folder.path("b.cotejo")).unwrap())
                .output();
            assert_eq!(outcome(&output.unwrap()), expected, "{words:?}");
        }
    }
    let expected =
        refusal("-: a video cannot be read from standard input", "save it to a file first; a file of this name is ./-");
    assert_eq!(outcome(&folder.cotejo(&["hash", "-"])), expected);
    // Nothing takes the place of what leads to an open file, as no file takes that of a device.
    let output = folder.shell("cotejo inspect b.cotejo > facts; cotejo hash b.cotejo -o /dev/fd/3 3> three");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_fingerprint_that_was_packed_or_saved_anew_is_named() {
    let folder = Folder::new("wrapped");
    folder.write("plain.cotejo", EXAMPLE);
    folder.write("marked.cotejo", &[b"\xef\xbb\xbf", EXAMPLE].concat());
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(EXAMPLE.iter().flat_map(|&byte| [byte, 0])).collect();
    folder.write("wide.cotejo", &wide);
    assert!(folder.shell("gzip -c plain.cotejo > packed.cotejo").status.success());
    let marked = "this is a fingerprint that an editor saved anew: a byte order mark (UTF-8) was put in front";
    let again = "get it again as it was; a fingerprint holds only if not a byte of it was changed";
    let cases = [
        ("packed.cotejo", "this file is packed (gzip)", "unpack it, and give what is in it: `gunzip --keep FILE`"),
        ("marked.cotejo", marked, again),
        ("wide.cotejo", &marked.replace("UTF-8", "UTF-16"), again),
    ];
    for (name, sentence, hint) in cases {
        for words in [&["hash"][..], &["inspect"], &["compare", "plain.cotejo"], &["search", "plain.cotejo"], &["code"]]
        {
            let output = folder.cotejo(&[words, &[name]].concat());
            assert_eq!(outcome(&output), refusal(&format!("{name}: {sentence}"), hint), "{words:?}");
        }
        for command in ["inspect -", "compare - plain.cotejo"] {
            let output = folder.shell(&format!("cotejo {command} < {name}"));
            assert_eq!(outcome(&output), refusal(&format!("-: {sentence}"), hint), "{command}");
        }
    }
    let hint = "`cotejo inspect`, `compare` and `search` take it as it is";
    let sentence = "plain.cotejo: this is a fingerprint already, not a video";
    assert_eq!(outcome(&folder.cotejo(&["hash", "plain.cotejo"])), refusal(sentence, hint));
}
