//! What the kernel lets ffmpeg reach: tried by a stand-in for it, and by the real one.
#![cfg(target_os = "linux")]

mod folder;

use folder::Folder;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// What the stand-in may do wherever it runs.
const HARMLESS: &str = "thread memory";

/// The stand-in, compiled once.
fn stand_in() -> &'static PathBuf {
    static STAND_IN: OnceLock<PathBuf> = OnceLock::new();
    STAND_IN.get_or_init(|| {
        let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("stand-in-{}", std::process::id()));
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut compile = Command::new(rustc);
        compile.args(["--edition", "2024", "tests/sandbox/stand_in.rs", "-o"]).arg(&program);
        assert!(compile.status().unwrap().success());
        program
    })
}

/// Whether there is anything to test. Said aloud where there is not.
fn has_landlock() -> bool {
    let output = Command::new(env!("CARGO_BIN_EXE_cotejo")).arg("--version").output().unwrap();
    let is_there = text(&output.stdout).contains("sandbox: Landlock ABI");
    if !is_there {
        eprintln!("NOT TESTED: {}", text(&output.stdout));
    }
    is_there
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Folder {
    /// The stand-in takes the place of both programs.
    fn replace_ffmpeg(&self) {
        fs::create_dir_all(self.0.join("bin")).unwrap();
        for name in ["ffmpeg", "ffprobe"] {
            fs::copy(stand_in(), self.0.join("bin").join(name)).unwrap();
        }
    }

    /// `cotejo`, which finds the stand-in first, with a file left open and a variable in the environment.
    fn cotejo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$0\" \"$@\" 9<left-open", env!("CARGO_BIN_EXE_cotejo")]).args(arguments);
        let path = format!("{}:{}", self.0.join("bin").display(), std::env::var("PATH").unwrap());
        command.env("PATH", path).env("SECRET", "x").current_dir(&self.0).stdin(Stdio::null());
        command
    }

    /// What `program` says that it could do, by `cotejo`'s error message. Digests alone take one ffmpeg; two would be in each other's way.
    fn attempts(&self, program: &str, arguments: &[&str]) -> String {
        let (tcp, udp) = (TcpListener::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
        let unix_path = self.0.join(format!("socket{}", arguments.concat()));
        let _unix = UnixListener::bind(&unix_path).unwrap();
        let name = format!("cotejo-test-{}-{program}-{}", std::process::id(), arguments.concat());
        let _abstract = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
        let (secret, targets) = (self.0.join("secret"), self.0.join("targets.avi"));
        fs::write(&secret, "secret").unwrap();
        fs::write(self.0.join("left-open"), "secret").unwrap();
        let lines = format!(
            "program={program}\nsecret={}\nfolder={}\ntcp={}\nudp={}\nunix={}\nabstract={name}\n",
            secret.display(),
            self.0.display(),
            tcp.local_addr().unwrap(),
            udp.local_addr().unwrap(),
            unix_path.display()
        );
        fs::write(&targets, lines).unwrap();
        let output = self
            .cotejo(&[&["hash", "--format", "framehash", "--decoders", "1", "targets.avi"], arguments].concat())
            .output()
            .unwrap();
        text(&output.stderr)
    }
}

#[test]
fn a_stand_in_for_ffmpeg_reaches_nothing_but_its_input() {
    if !has_landlock() {
        return;
    }
    for (program, said) in [
        ("ffprobe", "a track of this file is damaged, and ffprobe gives it up"),
        ("ffmpeg", "no frame could be decoded"),
    ] {
        let folder = Folder::new(&format!("stand-in-{program}"));
        folder.replace_ffmpeg();
        for arguments in [&[][..], &["--sandbox", "required"]] {
            let error = folder.attempts(program, arguments);
            let confined = format!(
                "cotejo: targets.avi: {said} (2 of 29 {HARMLESS} cpu=601 fsize=0 data=17179869184 core=1 nofile=32)\n"
            );
            assert!(error.starts_with(&confined), "{program} {arguments:?}: {error}");
            let names: Vec<_> =
                ["written", "made", "link", "renamed"].iter().filter(|name| folder.0.join(name).exists()).collect();
            assert!(names.is_empty(), "{names:?}");
            assert_eq!(fs::read_to_string(folder.0.join("secret")).unwrap(), "secret");
        }
        // The same, free: else it would prove nothing.
        let error = folder.attempts(program, &["--sandbox", "off"]);
        let all = if may_trace() { 29 } else { 28 };
        assert!(error.contains(&format!("({all} of 29 {HARMLESS} reads-a-file")), "{error}");
    }
}

/// Some systems keep users from it anyway.
fn may_trace() -> bool {
    let is_root = fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    is_root || fs::read("/proc/sys/kernel/yama/ptrace_scope").map_or(true, |scope| scope.starts_with(b"0"))
}

#[test]
fn ffmpeg_ends_with_the_command() {
    if !has_landlock() {
        return;
    }
    let folder = Folder::new("parent-dies");
    folder.replace_ffmpeg();
    fs::write(folder.0.join("left-open"), "").unwrap();
    fs::write(folder.0.join("a.avi"), "program=waits\n").unwrap();
    let mut cotejo = folder.cotejo(&["hash", "a.avi"]).stderr(Stdio::null()).spawn().unwrap();
    let program = fs::canonicalize(folder.0.join("bin/ffprobe")).unwrap();
    let runs = || {
        let processes = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path().join("exe"));
        processes.filter_map(|exe| fs::read_link(exe).ok()).any(|exe| exe == program)
    };
    wait_until("ffprobe runs", runs);
    cotejo.kill().unwrap();
    wait_until("ffprobe is gone", || !runs());
    cotejo.wait().unwrap();
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "not so: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_cannot_be_confined_is_said_with_a_way_on() {
    if !has_landlock() {
        return;
    }
    let folder = Folder::new("not-confined");
    folder.replace_ffmpeg();
    fs::write(folder.0.join("left-open"), "").unwrap();
    fs::write(folder.0.join("a.avi"), "program=ffprobe\n").unwrap();
    fs::write(folder.0.join("bin/needed"), "").unwrap();
    let said = |arguments: &[&str]| text(&folder.cotejo(arguments).output().unwrap().stderr);
    let error = said(&["hash", "a.avi"]);
    assert!(
        error.starts_with("cotejo: a.avi: ffmpeg does not run in its sandbox (needed cannot be read)\n  hint: "),
        "{error}"
    );
    assert!(error.contains("--sandbox off goes on without one"), "{error}");
    fs::remove_file(folder.0.join("bin/needed")).unwrap();

    let script = folder.0.join("bin/ffmpeg");
    fs::write(&script, "#!/bin/sh\nexec /usr/bin/ffmpeg \"$@\"\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let error = said(&["hash", "a.avi"]);
    assert!(error.starts_with("cotejo: a.avi: ffmpeg cannot be held to its one file: "), "{error}");
    assert!(error.contains("bin/ffmpeg is no program but perhaps a script"), "{error}");
    assert!(error.contains("--sandbox off goes on without"), "{error}");
}

#[test]
fn the_fingerprint_is_the_same_with_and_without() {
    let folder = Folder::new("same");
    let make = "-v error -y -f lavfi -i testsrc2=s=96x64:r=25:d=12 -f lavfi -i sine=d=12 -map 0 -map 1 -ar 48000 -pix_fmt yuv420p";
    let clips = [
        ("a.ts", "-c:v mpeg2video"),
        ("a.mkv", "-c:v libx264 -g 5"),
        ("a.avi", "-c:v mpeg4"),
        ("a.mxf", "-c:v mpeg2video"),
    ];
    fs::create_dir(folder.0.join("videos")).unwrap();
    for (name, arguments) in clips {
        let all = format!("{make} {arguments} videos/{name}");
        assert!(folder.run("ffmpeg", &all.split_whitespace().collect::<Vec<_>>()).status.success(), "{name}");
        symlink(format!("videos/{name}"), folder.0.join(format!("link-{name}"))).unwrap();
    }
    let odd = OsStr::from_bytes(b"videos/odd \xff\n%d [1] 'x'.mkv");
    fs::copy(folder.0.join("videos/a.mkv"), folder.0.join(odd)).unwrap();
    let hash = |sandbox: &str, name: &OsStr| -> Output {
        folder.run(
            env!("CARGO_BIN_EXE_cotejo"),
            &[
                OsStr::new("hash"),
                OsStr::new("--decoders"),
                OsStr::new("3"),
                OsStr::new("--sandbox"),
                OsStr::new(sandbox),
                name,
            ],
        )
    };
    let names = clips.iter().flat_map(|(name, _)| [format!("videos/{name}"), format!("link-{name}")]);
    for name in names.map(Into::into).chain([odd.to_owned()]) {
        let (free, confined) = (hash("off", &name), hash("auto", &name));
        assert!(free.status.success() && !free.stdout.is_empty(), "{}", text(&free.stderr));
        assert_eq!(
            (text(&confined.stderr), confined.stdout == free.stdout),
            (String::new(), true),
            "{}",
            name.display()
        );
    }
}

/// `cotejo` on a kernel that does not know a system call.
fn without(call: i64, errno: i32, arguments: &[&str]) -> Output {
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let run = move || {
        let rules = BTreeMap::from([(call, Vec::new())]);
        let unknown = SeccompAction::Errno(errno as u32);
        let architecture = std::env::consts::ARCH.try_into().unwrap();
        let filter = SeccompFilter::new(rules, SeccompAction::Allow, unknown, architecture).unwrap();
        let filter: BpfProgram = filter.try_into().unwrap();
        apply_filter(&filter).unwrap();
        Command::new(env!("CARGO_BIN_EXE_cotejo")).args(arguments).stdin(Stdio::null()).output().unwrap()
    };
    thread::spawn(run).join().unwrap()
}

#[test]
fn where_the_kernel_cannot_hold_ffmpeg_the_command_says_so_and_works_or_refuses() {
    let folder = Folder::new("old-kernel");
    let make = "-v error -f lavfi -i testsrc2=s=96x64:r=25:d=0.2 -c:v mpeg4 a.avi";
    assert!(folder.run("ffmpeg", &make.split(' ').collect::<Vec<_>>()).status.success());
    let video = folder.0.join("a.avi");
    let video = video.to_str().unwrap();
    let fingerprint = folder.run(env!("CARGO_BIN_EXE_cotejo"), &["hash", "--sandbox", "off", "a.avi"]).stdout;
    let landlock = (libc::SYS_landlock_create_ruleset, libc::ENOSYS, "sandbox: none (this system has no Landlock)");
    let seccomp = (libc::SYS_seccomp, libc::EPERM, ", no seccomp");
    for (call, errno, said) in if has_landlock() { vec![landlock, seccomp] } else { vec![landlock] } {
        let version = text(&without(call, errno, &["--version"]).stdout);
        assert!(version.lines().nth(1).is_some_and(|line| line.contains(said)), "{version}");
        let works = without(call, errno, &["hash", video]);
        assert!(works.stdout == fingerprint && works.stderr.is_empty(), "{}", text(&works.stderr));
        let refuses = without(call, errno, &["hash", "--sandbox", "required", video]);
        assert_eq!((refuses.status.code(), refuses.stdout.len()), (Some(2), 0));
        let error = text(&refuses.stderr);
        assert!(
            error.starts_with("cotejo: ffmpeg cannot be held to its one file here: ") && error.contains("hint: "),
            "{error}"
        );
    }
}

#[test]
fn the_long_version_says_what_the_kernel_can_do_and_the_short_one_is_one_line() {
    let lines = |argument| text(&Command::new(env!("CARGO_BIN_EXE_cotejo")).arg(argument).output().unwrap().stdout);
    let (short, long) = (lines("-V"), lines("--version"));
    assert_eq!(short.lines().count(), 1);
    assert_eq!(long.lines().count(), 2);
    assert!(long.starts_with(&short) && long.contains("\nsandbox: "), "{long}");
}
