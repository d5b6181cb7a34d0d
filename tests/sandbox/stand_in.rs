//! Stands for `ffmpeg` and `ffprobe`, as if a decoder had a hole: tries what the sandbox is to prevent, and says what succeeded.
//! Its input names what to try it on, a line each.

use std::collections::HashMap;
use std::ffi::{CString, c_char, c_int, c_long, c_void};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::{TcpStream, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixStream};
use std::process::Command;

unsafe extern "C" {
    fn kill(process: c_int, signal: c_int) -> c_int;
    fn fork() -> c_int;
    fn ptrace(request: c_long, process: c_int, address: *mut c_void, data: *mut c_void) -> c_long;
    fn fcntl(file: c_int, command: c_int, argument: c_int) -> c_int;
    fn open(path: *const c_char, flags: c_int) -> c_int;
    fn fchmod(file: c_int, mode: u32) -> c_int;
    fn read(file: c_int, bytes: *mut c_void, count: usize) -> isize;
    fn getrlimit(resource: c_int, limit: *mut [u64; 2]) -> c_int;
    fn prlimit(process: c_int, resource: c_int, new: *const [u64; 2], old: *mut [u64; 2]) -> c_int;
    fn memfd_create(name: *const c_char, flags: u32) -> c_int;
    fn _exit(status: c_int) -> !;
}

const SIGURG: c_int = 23;
const F_SETOWN: c_int = 8;
const O_TRUNC: c_int = 0o1000;
const PTRACE_SEIZE: c_long = 0x4206;
const RLIMITS: [(&str, c_int); 5] = [("cpu", 0), ("fsize", 1), ("data", 2), ("core", 4), ("nofile", 7)];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let Some(input) = arguments.iter().find_map(|argument| argument.strip_prefix("file:")) else {
        let needed = std::env::current_exe().unwrap().with_file_name("needed");
        if needed.exists() && fs::read(&needed).is_err() {
            eprintln!("{} cannot be read", needed.file_name().unwrap().display());
            std::process::exit(1);
        }
        println!("Decoders:\n V..... = Video\n ------\n V....D rawvideo             raw video");
        return;
    };
    let targets = fs::read_to_string(input).expect("the input can be read");
    let targets: HashMap<&str, &str> = targets.lines().filter_map(|line| line.split_once('=')).collect();
    let is_ffprobe = has("-show_entries");
    if is_ffprobe && targets["program"] == "ffmpeg" {
        println!(
            r#"{{"streams":[{{"codec_name":"rawvideo","pix_fmt":"gray","width":64,"height":64}}],"format":{{"format_name":"avi"}}}}"#
        );
        return;
    }
    if targets["program"] == "waits" {
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
    if is_ffprobe {
        println!("{{\n}}");
    }
    eprintln!("[avi @ 0x1] [warning] {}", attempts(input, &targets));
}

fn attempts(input: &str, targets: &HashMap<&str, &str>) -> String {
    let secret = targets["secret"];
    let folder = targets["folder"];
    let parent = std::os::unix::process::parent_id() as c_int;
    let nobody = std::ptr::null_mut();
    let c_input = CString::new(input).unwrap();
    // In this order: what removes things comes last.
    let tried: Vec<(&str, bool)> = vec![
        ("thread", std::thread::spawn(|| 1).join().is_ok()),
        ("memory", vec![1u8; 1 << 26].iter().map(|&byte| u64::from(byte)).sum::<u64>() > 0),
        ("reads-a-file", fs::read(secret).is_ok()),
        ("reads-etc", fs::read("/etc/passwd").is_ok()),
        ("reads-its-parents-memory-map", fs::read(format!("/proc/{parent}/maps")).is_ok()),
        ("lists-a-folder", fs::read_dir(folder).is_ok()),
        ("writes-a-file", fs::write(format!("{folder}/written"), "x").is_ok()),
        (
            "appends-to-a-file",
            OpenOptions::new().append(true).open(secret).is_ok_and(|mut file| file.write_all(b"x").is_ok()),
        ),
        ("makes-a-folder", fs::create_dir(format!("{folder}/made")).is_ok()),
        ("links", std::os::unix::fs::symlink(secret, format!("{folder}/link")).is_ok()),
        ("opens-its-input-to-write", OpenOptions::new().write(true).open(input).is_ok()),
        ("changes-its-inputs-mode", fs::set_permissions(input, fs::Permissions::from_mode(0o600)).is_ok()),
        ("changes-its-open-inputs-mode", unsafe { fchmod(open(c_input.as_ptr(), 0), 0o644) == 0 }),
        ("reads-what-its-parent-left-open", unsafe { read(9, [0u8; 1].as_mut_ptr().cast(), 1) == 1 }),
        ("sees-the-environment", std::env::var("SECRET").is_ok()),
        ("connects", TcpStream::connect(targets["tcp"]).is_ok()),
        (
            "sends-a-datagram",
            UdpSocket::bind("127.0.0.1:0").is_ok_and(|socket| socket.send_to(b"x", targets["udp"]).is_ok()),
        ),
        ("connects-to-a-socket-file", UnixStream::connect(targets["unix"]).is_ok()),
        (
            "sends-to-an-abstract-socket",
            UnixDatagram::unbound().is_ok_and(|socket| {
                SocketAddr::from_abstract_name(targets["abstract"])
                    .is_ok_and(|to| socket.send_to_addr(b"x", &to).is_ok())
            }),
        ),
        ("signals-its-parent", unsafe { kill(parent, SIGURG) == 0 }),
        ("has-signals-sent-to-its-parent", unsafe { fcntl(0, F_SETOWN, parent) == 0 }),
        ("limits-its-parent", unsafe { prlimit(parent, 4, std::ptr::null(), &mut [0; 2]) == 0 }),
        ("traces-its-parent", unsafe { ptrace(PTRACE_SEIZE, parent, nobody, nobody) == 0 }),
        ("forks", forks()),
        ("spawns", Command::new("/bin/true").status().is_ok_and(|status| status.success())),
        ("makes-a-file-in-memory", unsafe { memfd_create(c"x".as_ptr(), 0) >= 0 }),
        ("empties-its-input", unsafe { open(c_input.as_ptr(), O_TRUNC) >= 0 }),
        ("renames-its-input", fs::rename(input, format!("{folder}/renamed")).is_ok()),
        ("removes-a-file", fs::remove_file(secret).is_ok()),
    ];
    let succeeded: Vec<&str> = tried.iter().filter(|(_, succeeded)| *succeeded).map(|(name, _)| *name).collect();
    let limits = RLIMITS.map(|(name, resource)| {
        let mut limit = [0; 2];
        unsafe { getrlimit(resource, &mut limit) };
        format!("{name}={}", limit[0])
    });
    format!("{} of {} {} {}", succeeded.len(), tried.len(), succeeded.join(" "), limits.join(" "))
}

fn forks() -> bool {
    match unsafe { fork() } {
        0 => unsafe { _exit(0) },
        process => process > 0,
    }
}
