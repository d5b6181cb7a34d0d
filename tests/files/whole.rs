//! Outputs are whole, or not there.

use super::*;

#[test]
fn what_replaces_a_file_may_be_read_by_the_same_people() {
    let folder = Folder::new("modes");
    folder.write("a.png", PICTURE);
    folder.write("old.cotejo", b"an earlier fingerprint");
    fs::set_permissions(folder.path("old.cotejo"), fs::Permissions::from_mode(0o604)).unwrap();
    let mode = |name: &str| fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o7777;
    for mask in ["022", "077", "000"] {
        let line = format!(
            "umask {mask}; cotejo hash a.png -o old.cotejo && cotejo hash a.png -o {mask} && touch usual-{mask}"
        );
        assert_eq!(outcome(&folder.shell(&line)), (Some(0), String::new()));
        assert_eq!((mode("old.cotejo"), mode(mask)), (0o604, mode(&format!("usual-{mask}"))));
        assert!(is_fingerprint(&folder.read("old.cotejo")));
    }
}

#[test]
fn a_link_is_replaced_and_what_it_leads_to_is_not() {
    let folder = Folder::new("links");
    folder.write("a.png", PICTURE);
    folder.write("diary", b"dear diary");
    folder.write("other.png", SECOND_PICTURE);
    for (i, target) in ["diary", "other.png", "nothing"].into_iter().enumerate() {
        let name = format!("{i}.cotejo");
        symlink(target, folder.path(&name)).unwrap();
        assert_eq!(outcome(&folder.cotejo(&["hash", "a.png", "-o", &name])), (Some(0), String::new()));
        assert!(fs::symlink_metadata(folder.path(&name)).unwrap().is_file());
        assert!(is_fingerprint(&folder.read(&name)));
    }
    assert_eq!((folder.read("diary"), folder.read("other.png")), (b"dear diary".to_vec(), SECOND_PICTURE.to_vec()));
    assert!(!folder.path("nothing").exists());
}

#[test]
fn runs_that_write_to_the_same_name_each_end_whole() {
    let folder = Folder::new("together");
    folder.make("-f lavfi -i testsrc=s=64x48:r=50:d=4 -c:v mpeg4", "a.avi");
    folder.make("-f lavfi -i testsrc=s=48x64:r=50:d=4 -c:v mpeg4", "b.avi");
    let alone = ["a.avi", "b.avi"].map(|name| folder.cotejo(&["hash", name]).stdout);
    for _ in 0..3 {
        let start = |name| folder.command(COTEJO).args(["hash", name, "-o", "out.cotejo"]).spawn().unwrap();
        let both = ["a.avi", "b.avi"].map(start);
        for child in both {
            assert_eq!(outcome(&child.wait_with_output().unwrap()), (Some(0), String::new()));
        }
        let written = folder.read("out.cotejo");
        assert!(alone.contains(&written));
    }
    assert_eq!(folder.names(), ["a.avi", "b.avi", "out.cotejo"]);
}

#[test]
fn a_full_disk_is_blamed_on_the_output() {
    let folder = Folder::new("full");
    folder.write("a.png", PICTURE);
    folder.write("b.cotejo", EXAMPLE);
    folder.make(VIDEO, "a.mp4");
    let full =
        |name: &str| (Some(2), format!("cotejo: {name} cannot be written: No space left on device (os error 28)\n"));
    for input in ["a.png", "a.mp4"] {
        for format in ["fingerprint", "csv", "vpdq", "sha256sum"] {
            let output = folder.cotejo(&["hash", "-f", format, input, "-o", "/dev/full"]);
            assert_eq!(outcome(&output), full("/dev/full"), "{input} {format}");
        }
    }
    for line in [
        "hash a.mp4",
        "hash -f framehash a.mp4",
        "inspect b.cotejo",
        "compare a.png a.png",
        "search a.png a.png",
        "--help",
    ] {
        assert_eq!(outcome(&folder.shell(&format!("cotejo {line} > /dev/full"))), full("standard output"), "{line}");
    }
    let missing =
        (Some(2), "cotejo: none/a.cotejo cannot be written: No such file or directory (os error 2)\n".to_owned());
    assert_eq!(outcome(&folder.cotejo(&["hash", "a.png", "-o", "none/a.cotejo"])), missing);
    // A limit of 512 bytes, or 1,024, for any file.
    let limited = folder.shell("trap '' XFSZ; ulimit -f 1; cotejo hash a.mp4 -o out.cotejo");
    assert_eq!(
        outcome(&limited),
        (Some(2), "cotejo: out.cotejo cannot be written: File too large (os error 27)\n".to_owned())
    );
    assert_eq!(folder.names(), ["a.mp4", "a.png", "b.cotejo"]);
}

#[test]
fn without_standard_output_there_is_an_error() {
    let folder = Folder::new("closed");
    folder.write("a.png", PICTURE);
    folder.write("b.cotejo", EXAMPLE);
    let sentence = "standard output is closed, so the result cannot be written";
    let closed = refusal(sentence, "leave it open, or write to a file with -o");
    let lines = [
        "hash a.png",
        "hash -f sha256sum a.png",
        "inspect b.cotejo",
        "compare a.png a.png",
        "search a.png a.png",
        "--version",
    ];
    for line in lines {
        assert_eq!(outcome(&folder.shell(&format!("cotejo {line} >&-"))), closed, "{line}");
        // What is thrown away on purpose is no error, also where it could be read from.
        for null in [">/dev/null", "1<>/dev/null"] {
            assert_eq!(outcome(&folder.shell(&format!("cotejo {line} {null}"))), (Some(0), String::new()), "{line}");
        }
    }
    assert_eq!(outcome(&folder.shell("cotejo hash a.png -o out.cotejo >&-")), (Some(0), String::new()));
    assert!(is_fingerprint(&folder.read("out.cotejo")));
}
