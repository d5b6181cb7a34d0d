//! Interrupts.

use super::*;

/// Stands before ffmpeg in the path, notes its number, and is as slow as a long video. No sandbox lets a script be ffmpeg.
const SLOW_FFMPEG: &str = "#!/bin/sh\ncase \"$*\" in *-decoders*|*-demuxers*) ;; *) echo $$ >> pids; exec sleep 1000;; esac\n\
    PATH=${PATH#*:} exec ffmpeg \"$@\"\n";

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Whether a program with this number runs.
fn runs(pid: &str) -> bool {
    Command::new("sh").args(["-c", "kill -0 \"$1\" 2> /dev/null", "sh", pid]).status().unwrap().success()
}

#[test]
fn an_interrupt_leaves_no_file_and_no_ffmpeg() {
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        for arguments in [&["-o", "out.cotejo"][..], &["-d", "out"], &["-f", "framehash", "-d", "out"]] {
            let folder = Folder::new(&format!("interrupt-{signal}"));
            folder.make(VIDEO, "a.mp4");
            folder.write("out.cotejo", b"an earlier one");
            fs::set_permissions(folder.path("out.cotejo"), fs::Permissions::from_mode(0o600)).unwrap();
            let path = put_before_ffmpeg(&folder, "ffmpeg", SLOW_FFMPEG);
            let child = folder
                .interruptible_cotejo()
                .args(["hash", "--sandbox", "off", "a.mp4"])
                .args(arguments)
                .env("PATH", path)
                .spawn()
                .unwrap();
            let is_begun =
                || folder.path("pids").exists() && folder.names().iter().any(|name| name.contains(".cotejo-"));
            wait_until("an unfinished file, and ffmpeg", is_begun);
            let unfinished = folder.names().into_iter().find(|name| name.contains(".cotejo-")).unwrap();
            // What is to replace a file that others may not read is not for them either.
            let is_private = fs::metadata(folder.path(unfinished)).unwrap().permissions().mode() & 0o077 == 0;
            assert_eq!(is_private, arguments.contains(&"-o"));
            folder.run("kill", &[format!("-{signal}"), child.id().to_string()]);
            let output = child.wait_with_output().unwrap();
            assert_eq!((output.status.signal(), text(&output.stderr)), (Some(number), String::new()));
            assert_eq!(folder.names(), ["a.mp4", "bin/ffmpeg", "out.cotejo", "pids"]);
            assert_eq!(folder.read("out.cotejo"), b"an earlier one");
            for pid in text(&folder.read("pids")).lines() {
                assert!(!runs(pid), "ffmpeg goes on");
            }
        }
    }
}

#[test]
fn an_interrupt_ends_ffprobe_too() {
    let folder = Folder::new("interrupt-probe");
    folder.make(VIDEO, "a.mp4");
    let path = put_before_ffmpeg(&folder, "ffprobe", "#!/bin/sh\necho $$ > pids\nexec sleep 1000\n");
    let child = folder
        .interruptible_cotejo()
        .args(["compare", "--sandbox", "off", "a.mp4", "a.mp4"])
        .env("PATH", path)
        .spawn()
        .unwrap();
    wait_until("ffprobe", || folder.path("pids").metadata().is_ok_and(|file| file.len() > 0));
    folder.run("kill", &["-TERM".to_owned(), child.id().to_string()]);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.signal(), text(&output.stderr)), (Some(15), String::new()));
    assert!(!runs(text(&folder.read("pids")).trim()));
}

#[test]
fn a_signal_that_whoever_started_it_had_ignored_stays_ignored() {
    let folder = Folder::new("nohup");
    folder.make("-f lavfi -i testsrc=s=64x48:r=50:d=4 -c:v mpeg4", "a.avi");
    let line = "trap '' HUP INT; cotejo hash a.avi -o out.cotejo & pid=$!; sleep 0.1; kill -HUP $pid; kill -INT $pid; wait $pid";
    // A function would run in a shell of its own.
    let line = line.replace("cotejo hash", &format!("{COTEJO} hash"));
    assert_eq!(outcome(&folder.shell(&line)), (Some(0), String::new()));
    assert!(is_fingerprint(&folder.read("out.cotejo")));
}
