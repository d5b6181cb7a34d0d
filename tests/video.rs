//! The command on real video, made by the installed ffmpeg in a folder of its own for each test.

mod folder;

use cotejo::fingerprint::{Fingerprint, ProblemCode, Trailer};
use cotejo::picture::pixel_format::PixelFormat;
use cotejo::report;
use folder::Folder;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

/// How docs/format.md tells readers to check the digests of frames.
const BEFORE_INPUT: [&str; 10] =
    ["-v", "error", "-threads", "1", "-noautorotate", "-idct", "simple", "-flags", "+bitexact+unaligned", "-i"];
const AFTER_INPUT: [&str; 11] =
    ["-map", "0:V:0", "-fps_mode", "passthrough", "-threads", "1", "-f", "framehash", "-hash", "sha256", "-"];

impl Folder {
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs ffmpeg with `arguments`, split at spaces, and the name of the file to make.
    fn make(&self, arguments: &str, name: &str) {
        let arguments = arguments.split_whitespace().map(str::to_owned);
        let all: Vec<String> = ["-v", "error", "-y"].map(str::to_owned).into_iter().chain(arguments).collect();
        let output = self.run("ffmpeg", &[all, vec![format!("file:{name}")]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
    }

    fn cotejo(&self, arguments: &[&str]) -> Output {
        self.run(env!("CARGO_BIN_EXE_cotejo"), arguments)
    }

    /// What the command writes for `arguments`; nothing may go wrong.
    fn written(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.cotejo(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        assert_eq!(text(&output.stderr), "");
        output.stdout
    }

    fn fingerprint(&self, name: &str) -> Fingerprint {
        Fingerprint::read(self.written(&["hash", "--", name]).as_slice()).unwrap()
    }

    fn ffmpeg_framehash(&self, name: &str, layout: &[&str]) -> String {
        let input = [format!("file:{name}")];
        let (before, after) = (BEFORE_INPUT.map(str::to_owned), AFTER_INPUT.map(str::to_owned));
        let (last, options) = after.split_last().unwrap();
        let layout: Vec<String> = layout.iter().map(|&option| option.to_owned()).collect();
        let arguments = [&before[..], &input, options, &layout, std::slice::from_ref(last)].concat();
        let output = self.run("ffmpeg", &arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The digests in what `framehash` prints.
fn digests(framehash: &str) -> Vec<&str> {
    framehash.lines().filter(|line| !line.starts_with('#')).map(|line| line.rsplit(", ").next().unwrap()).collect()
}

fn frame_digests(fingerprint: &Fingerprint) -> Vec<String> {
    fingerprint.frames.iter().map(|frame| cotejo::hash::digest::to_hex(&frame.sha256.unwrap())).collect()
}

const H264: &str = "-f lavfi -i testsrc2=s=128x96:r=25:d=1.2 -c:v libx264 -g 12 -bf 2 -pix_fmt yuv420p";

#[test]
fn two_runs_and_any_number_of_jobs_give_the_same_bytes() {
    let folder = Folder::new("runs");
    folder.make(H264, "a.mp4");
    folder.make("-f lavfi -i mandelbrot=s=100x70:r=10 -t 1 -c:v libvpx-vp9 -pix_fmt yuv420p", "b.webm");
    folder.make("-f lavfi -i testsrc=s=64x48:r=5:d=2 -c:v mpeg4", "c.avi");
    folder.make("-f lavfi -i smptebars=s=64x48 -frames:v 1", "d.png");
    let names = ["a.mp4", "b.webm", "c.avi", "d.png"];
    for jobs in ["1", "4"] {
        folder.written(&[&["hash", "-j", jobs, "-d", jobs], &names[..]].concat());
    }
    for name in names {
        let alone = folder.written(&["hash", name]);
        for jobs in ["1", "4"] {
            assert_eq!(fs::read(folder.0.join(jobs).join(format!("{name}.cotejo"))).unwrap(), alone, "{name}");
        }
        Fingerprint::read(alone.as_slice()).unwrap();
    }
}

#[test]
fn the_name_and_place_of_a_file_leave_no_trace() {
    let folder = Folder::new("place");
    folder.make(H264, "a.mp4");
    let names =
        ["with space.mp4", "-v.mp4", "a:b.mp4", "%d.mp4", "line\nfeed.mp4", "quo'te\".mp4", "é.mp4", "pipe:.mp4"];
    let expected = folder.written(&["hash", "a.mp4"]);
    for name in names {
        fs::copy(folder.0.join("a.mp4"), folder.0.join(name)).unwrap();
        assert!(folder.written(&["hash", "--", name]) == expected, "{name:?}");
    }
    folder.written(&["hash", "--quiet", "-d", "out", "."]);
    assert_eq!(fs::read_dir(folder.0.join("out")).unwrap().count(), names.len() + 1);
}

/// Of the layouts with the higher byte first, one of each kind.
const BIG_ENDIAN: [&str; 6] = ["yuv420p10be", "gray16be", "gbrp12be", "rgb48be", "rgb565be", "yuva444p16be"];
/// NUT has no tag for these, or ffmpeg does not make them.
const NOT_IN_NUT: [&str; 11] = [
    "yuv440p10le",
    "yuv440p12le",
    "nv16",
    "nv24",
    "nv42",
    "nv20le",
    "p010le",
    "p016le",
    "ya16le",
    "x2rgb10le",
    "x2bgr10le",
];

#[test]
fn framehash_is_ffmpegs_own_for_every_layout() {
    let folder = Folder::new("layouts");
    let is_sampled =
        |name: &&str| BIG_ENDIAN.contains(name) || !["be", "9le", "12le", "14le"].iter().any(|end| name.ends_with(end));
    let layouts: Vec<_> = PixelFormat::all().map(|format| format.name).filter(is_sampled).collect();
    let layouts: Vec<_> = layouts.into_iter().filter(|name| !NOT_IN_NUT.contains(name)).collect();
    // Each program once for all: to start ffmpeg takes longer than what it does here. Odd sides, so that chroma is rounded up and
    // rows are not aligned.
    let mut made = vec!["-v", "error", "-f", "lavfi", "-i", "testsrc=s=67x51:r=5:d=0.6"];
    let names: Vec<_> = layouts.iter().map(|layout| format!("{layout}.nut")).collect();
    for (layout, name) in layouts.iter().zip(&names) {
        if *layout == "pal8" {
            made.extend(["-vf", "split[s][t];[s]palettegen[p];[t][p]paletteuse"]);
        }
        made.extend(["-pix_fmt", layout, "-c:v", "rawvideo", name]);
    }
    let output = folder.run("ffmpeg", &made);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    for format in ["framehash", "fingerprint"] {
        folder.written(&[&["hash", "--format", format, "-d", "hashed"], &names[..]].concat());
    }
    let hashed = |name: &str, ending: &str| fs::read(folder.0.join(format!("hashed/{name}.{ending}"))).unwrap();
    for (layout, name) in layouts.into_iter().zip(names) {
        let theirs = folder.ffmpeg_framehash(name, &[]);
        assert_eq!(text(&hashed(name, "framehash")), theirs, "{layout}");
        let fingerprint = Fingerprint::read(hashed(name, "cotejo").as_slice()).unwrap();
        let recorded = if layout == "nv12" { "yuv420p" } else { layout };
        assert_eq!(fingerprint.header.pixel_format, recorded);
        let in_recorded_layout = folder.ffmpeg_framehash(name, &["-pix_fmt", recorded]);
        assert_eq!(frame_digests(&fingerprint), digests(&in_recorded_layout), "{layout}");
        assert_eq!(fingerprint.frames.len(), 3);
    }
}

#[test]
fn framehash_is_ffmpegs_own_for_lossy_codecs() {
    let folder = Folder::new("codecs");
    for (arguments, name) in [
        (H264, "a.mp4"),
        ("-f lavfi -i testsrc=s=90x70:r=30000/1001:d=0.5 -c:v mpeg4 -bf 2", "b.avi"),
        ("-f lavfi -i testsrc=s=90x70:r=25:d=0.4 -c:v mjpeg -pix_fmt yuvj422p", "c.mkv"),
        ("-f lavfi -i testsrc=s=90x70:r=25:d=0.4 -c:v mpeg2video -bf 2", "d.ts"),
        ("-f lavfi -i testsrc=s=720x480:r=30000/1001:d=0.1 -c:v dvvideo -pix_fmt yuv411p", "e.dv"),
    ] {
        folder.make(arguments, name);
        let ours = text(&folder.written(&["hash", "--format", "framehash", name]));
        let theirs = folder.ffmpeg_framehash(name, &[]);
        assert_eq!(ours, theirs, "{name}");
        assert_eq!(frame_digests(&folder.fingerprint(name)), digests(&theirs), "{name}");
    }
}

/// Matroska's PixelWidth (0xB0), one byte long.
const PIXEL_WIDTH: [u8; 2] = [0xb0, 0x81];

#[test]
fn the_size_is_the_streams_not_the_containers() {
    let folder = Folder::new("stated");
    folder.make("-f lavfi -i testsrc=s=64x48:r=10:d=1 -c:v libvpx", "right.webm");
    let mut bytes = fs::read(folder.0.join("right.webm")).unwrap();
    let width = [&PIXEL_WIDTH[..], &[64]].concat();
    let at = bytes.windows(3).position(|window| window == width).expect("the width");
    bytes[at + 2] = 80;
    fs::write(folder.0.join("wrong.webm"), bytes).unwrap();
    let (right, wrong) = (folder.fingerprint("right.webm"), folder.fingerprint("wrong.webm"));
    assert_eq!((wrong.header.width, wrong.header.height), (64, 48));
    assert_eq!(wrong.frames.len(), 10);
    assert_eq!(frame_digests(&wrong), frame_digests(&right));
}

#[test]
fn where_the_picture_changes_its_size_hashing_stops() {
    let folder = Folder::new("sizes");
    for (name, size) in [("a.ts", "128x96"), ("b.ts", "96x64")] {
        folder.make(&format!("-f lavfi -i testsrc=s={size}:r=25:d=0.8 -c:v libx264 -bf 0 -pix_fmt yuv420p"), name);
    }
    let joined = [fs::read(folder.0.join("a.ts")).unwrap(), fs::read(folder.0.join("b.ts")).unwrap()].concat();
    fs::write(folder.0.join("joined.ts"), joined).unwrap();
    let (whole, first) = (folder.fingerprint("joined.ts"), folder.fingerprint("a.ts"));
    assert_eq!(frame_digests(&whole), frame_digests(&first));
    let problem = whole.trailer.problems.iter().find(|problem| problem.code == ProblemCode::SizeChanges).unwrap();
    assert_eq!(problem.frame, Some(20));
    assert_eq!(report::problem(problem), "the picture changes its size: nothing from frame 20 on was hashed");
    assert!(!whole.trailer.complete && first.trailer.complete);
}

#[test]
fn what_is_left_of_a_cut_off_file_is_hashed_and_said() {
    let folder = Folder::new("cut");
    folder.make(&format!("{H264} -movflags +faststart"), "a.mp4");
    let bytes = fs::read(folder.0.join("a.mp4")).unwrap();
    fs::write(folder.0.join("cut.mp4"), &bytes[..bytes.len() * 2 / 3]).unwrap();
    let (whole, cut) = (folder.fingerprint("a.mp4"), folder.fingerprint("cut.mp4"));
    assert!(whole.trailer.complete && whole.trailer.problems.is_empty());
    assert!(!cut.trailer.complete);
    assert!(cut.trailer.problems.iter().any(|problem| problem.code == ProblemCode::CutOff));
    assert!(cut.frames.len() > 5 && cut.frames.len() < whole.frames.len());
    // The index of the frames stands at the end here, and is gone.
    folder.make(H264, "b.mp4");
    let bytes = fs::read(folder.0.join("b.mp4")).unwrap();
    fs::write(folder.0.join("lost.mp4"), &bytes[..bytes.len() / 2]).unwrap();
    let output = folder.cotejo(&["hash", "lost.mp4"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("cotejo: lost.mp4: this is no video that ffmpeg can read"));
}

/// With several threads for decoding, or for its encoder of raw frames, ffmpeg shows damaged frames differently from run to run.
#[test]
fn damaged_videos_give_the_same_digests_each_time() {
    let folder = Folder::new("damage-again");
    let vp9 =
        "-f lavfi -i mandelbrot=s=320x240:r=25 -t 2 -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p";
    let h264 = "-f lavfi -i testsrc2=s=320x240:r=25:d=2,noise=alls=9:allf=t -c:v libx264 -pix_fmt yuv420p";
    let mjpeg = "-f lavfi -i testsrc2=s=320x240:r=25:d=2,noise=alls=9:allf=t -c:v mjpeg -pix_fmt yuvj420p";
    let prores = "-f lavfi -i testsrc2=s=320x240:r=25:d=2,noise=alls=9:allf=t -c:v prores";
    for (recipe, name) in [(h264, "a.mkv"), (h264, "a.ts"), (vp9, "b.webm"), (mjpeg, "c.avi"), (prores, "d.mov")] {
        folder.make(recipe, name);
        let mut bytes = fs::read(folder.0.join(name)).unwrap();
        for place in [3, 5, 8] {
            let at = bytes.len() / 10 * place;
            bytes[at..at + 20].fill(0xa5);
        }
        fs::write(folder.0.join(name), bytes).unwrap();
        let by_ffmpeg = folder.ffmpeg_framehash(name, &[]);
        for _ in 0..3 {
            assert_eq!(frame_digests(&folder.fingerprint(name)), digests(&by_ffmpeg), "{name}");
        }
    }
}

#[test]
fn damage_is_said() {
    let folder = Folder::new("damage");
    folder.make(&format!("{H264} -bsf:v noise=amount=400"), "a.mkv");
    let trailer = folder.fingerprint("a.mkv").trailer;
    assert!(is_damage_said(&trailer), "{trailer:?}");
    assert!(!trailer.complete);
}

fn is_damage_said(trailer: &Trailer) -> bool {
    trailer.problems.iter().any(|problem| problem.code == ProblemCode::DecodeError)
}

#[test]
fn damage_that_ffmpeg_is_silent_on_is_said() {
    let folder = Folder::new("silent");
    let source = "-f lavfi -i testsrc2=s=320x240:r=25:d=1,noise=alls=9:allf=t -pix_fmt yuv420p";
    for (encoder, name) in
        [("libvpx -b:v 1M", "a.webm"), ("libvpx -b:v 1M", "a.avi"), ("libx265", "a.mp4"), ("libx265", "a.ts")]
    {
        folder.make(&format!("{source} -c:v {encoder}"), name);
        assert_eq!(folder.fingerprint(name).trailer.problems, [], "{name}");
        let mut bytes = fs::read(folder.0.join(name)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 4].iter_mut().for_each(|byte| *byte ^= 0x5a);
        fs::write(folder.0.join(name), bytes).unwrap();
        let decoded = folder.run("ffmpeg", &["-v", "error", "-threads", "1", "-i", name, "-f", "null", "-"]);
        assert_eq!(text(&decoded.stderr), "", "{name}");
        let trailer = folder.fingerprint(name).trailer;
        assert!(is_damage_said(&trailer), "{name}: {trailer:?}");
    }
}

#[test]
fn nothing_unfinished_is_left_behind() {
    let folder = Folder::new("unfinished");
    folder.make(H264, "a.mp4");
    fs::write(folder.0.join("b.mp4"), b"\0\0\0\x18ftypisom and then nothing of use").unwrap();
    let output = folder.cotejo(&["hash", "-d", ".", "a.mp4", "b.mp4"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(folder.names(), ["a.mp4", "a.mp4.cotejo", "b.mp4"]);
    let output = folder.cotejo(&["hash", "-o", "none/a.cotejo", "a.mp4"]);
    assert!(text(&output.stderr).starts_with("cotejo: none/a.cotejo cannot be written: "));
}

#[test]
fn what_is_there_is_replaced_only_by_something_whole() {
    let folder = Folder::new("replaced");
    folder.make(H264, "a.mp4");
    fs::write(folder.0.join("b.mp4"), b"no video").unwrap();
    fs::write(folder.0.join("out.cotejo"), b"what was there before").unwrap();
    let failed = folder.cotejo(&["hash", "-o", "out.cotejo", "b.mp4"]);
    assert_eq!(failed.status.code(), Some(2));
    assert_eq!(fs::read(folder.0.join("out.cotejo")).unwrap(), b"what was there before");
    folder.written(&["hash", "-o", "out.cotejo", "a.mp4"]);
    assert!(fs::read(folder.0.join("out.cotejo")).unwrap() == folder.written(&["hash", "a.mp4"]));
    let before = fs::read(folder.0.join("a.mp4")).unwrap();
    let refused = folder.cotejo(&["hash", "-o", "./a.mp4", "a.mp4"]);
    assert_eq!(
        text(&refused.stderr),
        "cotejo: ./a.mp4 is the input a.mp4, and would be written over\n  hint: give the output another name\n"
    );
    assert!(fs::read(folder.0.join("a.mp4")).unwrap() == before);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_written_to_and_stays_a_pipe() {
    use std::os::unix::fs::FileTypeExt;
    let folder = Folder::new("named-pipe");
    folder.make("-f lavfi -i testsrc=s=64x48:r=5:d=0.4 -c:v ffv1", "a.mkv");
    assert!(folder.run("mkfifo", &["pipe"]).status.success());
    let pipe = folder.0.join("pipe");
    let reader = std::thread::spawn(move || fs::read(pipe).unwrap());
    folder.written(&["hash", "-o", "pipe", "a.mkv"]);
    assert!(fs::metadata(folder.0.join("pipe")).unwrap().file_type().is_fifo());
    assert!(reader.join().unwrap() == folder.written(&["hash", "a.mkv"]));
}

#[test]
fn a_playlist_opens_no_connection() {
    let folder = Folder::new("playlist");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let hls = format!("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://{address}/a.ts\n#EXT-X-ENDLIST\n");
    let concat = format!("ffconcat version 1.0\nfile 'http://{address}/a.ts'\n");
    let dash = format!(
        "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" \
        mediaPresentationDuration=\"PT1S\"><Period><BaseURL>http://{address}/</BaseURL><AdaptationSet \
        mimeType=\"video/mp4\"><Representation id=\"1\" bandwidth=\"1\"><SegmentList><SegmentURL media=\"a.mp4\"/>\
        </SegmentList></Representation></AdaptationSet></Period></MPD>"
    );
    let sdp = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n".to_owned();
    for (name, content) in [("a.m3u8", &hls), ("hls.mp4", &hls), ("c.ts", &concat), ("d.mpd", &dash), ("e.sdp", &sdp)] {
        fs::write(folder.0.join(name), content).unwrap();
        let output = folder.cotejo(&["hash", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(output.stdout.is_empty(), "{name}");
        assert!(listener.accept().is_err(), "{name} opened a connection");
    }
}

#[test]
fn whoever_closes_our_output_has_seen_enough() {
    let folder = Folder::new("pipe");
    folder.make("-f lavfi -i testsrc=s=64x48:r=250:d=20 -c:v mpeg4", "a.avi");
    for format in ["fingerprint", "csv", "vpdq", "framehash"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cotejo"));
        command.args(["hash", "--format", format, "a.avi"]).current_dir(&folder.0);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!line.is_empty());
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{format}");
    }
}

#[test]
fn the_other_formats_hold_what_the_fingerprint_holds() {
    let folder = Folder::new("formats");
    folder.make(H264, "a.mp4");
    let fingerprint = folder.fingerprint("a.mp4");
    for (name, format) in [("csv", cotejo::format::export::Format::Csv), ("vpdq", cotejo::format::export::Format::Vpdq)]
    {
        let written = folder.written(&["hash", "--format", name, "a.mp4"]);
        assert_eq!(text(&written), text(&cotejo::format::export::to_bytes(&fingerprint, format, "")));
    }
    let entries =
        cotejo::format::import::read_pdq_list(folder.written(&["hash", "-f", "vpdq", "a.mp4"]).as_slice()).unwrap();
    let hashes: Vec<_> = entries.iter().map(|entry| entry.hash).collect();
    assert_eq!(hashes, fingerprint.frames.iter().map(|frame| frame.pdq).collect::<Vec<_>>());
    folder.written(&["hash", "--format", "sha256sum", "-o", "sums", "a.mp4"]);
    let checked = folder.run("sha256sum", &["--check", "sums"]);
    assert_eq!(text(&checked.stdout), "a.mp4: OK\n");
}

/// Stands before ffmpeg in the path and notes what each is asked.
const NOTING_FFMPEG: &str = "#!/bin/sh\necho \"$*\" >> asked\nPATH=${PATH#*:} exec ffmpeg \"$@\"\n";

impl Folder {
    /// What so many decoders give, and how many times ffmpeg was asked for a part of the video, and for all.
    fn hashed_by(&self, name: &str, decoders: &str) -> (Output, usize, usize) {
        let path = format!("{}:{}", self.0.join("noting").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(env!("CARGO_BIN_EXE_cotejo"));
        // A script that notes something is what the sandbox keeps from running.
        command.args(["hash", "--sandbox", "off", "--decoders", decoders, name]);
        let output = command.current_dir(&self.0).env("PATH", path).output();
        let output = output.unwrap();
        // Where nothing can be read, it is not asked at all.
        let asked = fs::read_to_string(self.0.join("asked")).unwrap_or_default();
        let _ = fs::remove_file(self.0.join("asked"));
        let decoding = asked.lines().filter(|line| line.contains(" -i ") && !line.contains("-c copy"));
        let (parts, whole): (Vec<_>, Vec<_>) = decoding.partition(|line| line.contains("-copyts"));
        (output, parts.len(), whole.len())
    }

    fn note_ffmpeg(&self) {
        use std::os::unix::fs::PermissionsExt;
        let program = self.0.join("noting/ffmpeg");
        fs::create_dir(self.0.join("noting")).unwrap();
        fs::write(&program, NOTING_FFMPEG).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn any_number_of_decoders_gives_the_same_bytes() {
    let folder = Folder::new("decoders");
    folder.note_ffmpeg();
    let source = "-f lavfi -i testsrc2=s=64x48:r=10:d=16,noise=alls=9:allf=t -pix_fmt yuv420p";
    // What makes it, and whether several decoders share it to the end.
    let clips = [
        ("-c:v libx264 -g 20", "h264.mp4", true),
        ("-c:v libx264 -g 20 -movflags frag_keyframe+empty_moov", "h264-fragmented.mp4", true),
        ("-c:v libx264 -g 20 -output_ts_offset 5", "h264-late.mkv", true),
        ("-c:v libx264 -g 20", "h264.flv", true),
        ("-c:v libx264 -g 20 -bf 0", "h264.avi", true),
        ("-c:v libx265 -x265-params keyint=20:log-level=none", "hevc.mp4", true),
        ("-c:v libx265 -x265-params keyint=20:log-level=none", "hevc.mkv", true),
        ("-c:v mpeg2video -g 10 -bf 2", "mpeg2.mkv", true),
        ("-c:v mpeg4 -g 20 -bf 2", "mpeg4.mp4", true),
        ("-c:v mpeg4 -g 20", "mpeg4.avi", true),
        ("-c:v mjpeg -pix_fmt yuvj420p", "mjpeg.avi", true),
        ("-c:v prores", "prores.mov", true),
        ("-c:v wmv2 -g 20", "wmv2.wmv", true),
        ("-c:v libtheora -g 20", "theora.ogv", false),
        ("-c:v libvpx -deadline realtime -cpu-used 8 -g 20", "vp8.webm", true),
        ("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20", "vp9.webm", true),
        ("-c:v libx264 -g 500", "h264-one-key.mp4", false),
        ("-c:v libx264 -g 20 -x264-params open-gop=1", "h264-open.mkv", false),
        ("-c:v mpeg4 -g 20 -bf 2", "mpeg4-untimed.avi", false),
        ("-c:v libx264 -g 20", "h264.ts", false),
        ("-c:v mpeg2video -g 10 -bf 2", "mpeg2.mpg", false),
    ];
    for (encoding, name, _) in clips {
        folder.make(&format!("{source} {encoding}"), name);
    }
    folder.make("-ss 1.3 -i h264.mp4 -c copy", "h264-edited.mp4");
    for (name, is_shared) in
        clips.map(|(_, name, is_shared)| (name, is_shared)).into_iter().chain([("h264-edited.mp4", true)])
    {
        let (alone, parts, whole) = folder.hashed_by(name, "1");
        assert!(alone.status.success(), "{name}: {}", text(&alone.stderr));
        assert_eq!((parts, whole), (0, 1), "{name}");
        let (shared, parts, whole) = folder.hashed_by(name, "3");
        assert!(shared.stdout == alone.stdout, "{name}");
        assert_eq!(parts > 1 && whole == 0, is_shared, "{name}: {parts} parts, {whole} times the whole");
    }
}

/// A video damaged in one of five ways; which and where follows from the number.
fn damaged(sound: &[u8], number: u32) -> Vec<u8> {
    let random = cotejo::hash::digest::sha256(&number.to_le_bytes());
    let (at, length) =
        (u32::from_le_bytes(*random.first_chunk().unwrap()) as usize % sound.len(), usize::from(random[4]));
    let end = sound.len().min(at + 1 + length);
    let mut bytes = sound.to_vec();
    match random[5] % 5 {
        0 => bytes[at] ^= 1 << (random[6] % 8),
        1 => bytes[at..end].fill(0),
        2 => bytes[at..end].iter_mut().zip(random.iter().cycle()).for_each(|(byte, other)| *byte = *other),
        3 => drop(bytes.drain(at..end)),
        _ => bytes.truncate(at),
    }
    bytes
}

/// Damages videos of several seconds so many times; several decoders must say of each what one says. Returns how many they
/// did to the end, and how many they began and left to one.
fn damage_for_several_decoders(folder: &str, count: u32) -> (usize, usize) {
    let folder = Folder::new(folder);
    folder.note_ffmpeg();
    let source = "-f lavfi -i testsrc2=s=64x48:r=10:d=16,noise=alls=9:allf=t -pix_fmt yuv420p";
    let clips = [
        ("-c:v libx264 -g 20", "h264.mp4"),
        ("-c:v libx265 -x265-params keyint=20:log-level=none", "hevc.mkv"),
        ("-c:v libvpx -deadline realtime -cpu-used 8 -g 20", "vp8.webm"),
        ("-c:v mpeg4 -g 20", "mpeg4.avi"),
        ("-c:v mjpeg -pix_fmt yuvj420p", "mjpeg.mov"),
        ("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20", "vp9.webm"),
        ("-c:v mpeg2video -g 10 -bf 2", "mpeg2.mkv"),
        ("-c:v wmv2 -g 20", "wmv2.wmv"),
        ("-c:v libx264 -g 20", "h264.flv"),
    ];
    let sound = clips.map(|(encoding, name)| {
        folder.make(&format!("{source} {encoding}"), name);
        fs::read(folder.0.join(name)).unwrap()
    });
    let (mut to_the_end, mut left) = (0, 0);
    for number in 0..count {
        let at = number as usize % clips.len();
        let name = clips[at].1;
        fs::write(folder.0.join(name), damaged(&sound[at], number)).unwrap();
        let (alone, ..) = folder.hashed_by(name, "1");
        let (shared, parts, whole) = folder.hashed_by(name, "3");
        assert_eq!(
            (alone.status, text(&alone.stderr)),
            (shared.status, text(&shared.stderr)),
            "{name}, damage {number}"
        );
        assert!(alone.stdout == shared.stdout, "{name}, damage {number}");
        to_the_end += usize::from(parts > 0 && whole == 0);
        left += usize::from(parts > 0 && whole > 0);
    }
    (to_the_end, left)
}

#[test]
fn damaged_videos_are_the_same_by_several_decoders() {
    let (to_the_end, left) = damage_for_several_decoders("damaged", 18);
    assert!(to_the_end > 1 && left > 1, "{to_the_end} by several decoders, {left} left to one");
}

/// `cargo test --release --test video -- --ignored many_damaged --nocapture`
#[test]
#[ignore = "takes half an hour"]
fn many_damaged_videos_are_the_same_by_several_decoders() {
    println!("by several decoders, and left to one: {:?}", damage_for_several_decoders("many-damaged", 1000));
}

#[test]
fn a_third_of_a_frame_is_found_in_the_video_itself_and_not_in_its_fingerprint() {
    let folder = Folder::new("pixels");
    folder.make("-f lavfi -i testsrc2=size=320x180:rate=10:duration=4 -pix_fmt yuv420p", "clip.mkv");
    folder.make("-i clip.mkv -vf select=eq(n\\,23),crop=90:160:200:10,scale=405:720 -frames:v 1", "tall.png");
    folder.make("-f lavfi -i mandelbrot=size=400x720:rate=10 -frames:v 1", "other.png");
    folder.written(&["hash", "-o", "clip.cotejo", "clip.mkv"]);

    let by_hashes = folder.cotejo(&["compare", "--json", "tall.png", "clip.cotejo"]);
    assert_eq!(by_hashes.status.code(), Some(1));
    assert!(text(&by_hashes.stdout).contains(r#""searched":"hashes","verdict":"cant-tell""#), "{by_hashes:?}");

    let found: serde_json::Value =
        serde_json::from_slice(&folder.written(&["compare", "--json", "clip.mkv", "tall.png"])).unwrap();
    assert_eq!([&found["picture"], &found["searched"], &found["reason"]], ["b", "pixels", "frames-agree"]);
    let at = &found["at"][0];
    assert_eq!((at["time"].as_f64(), at["distance_bits"].as_f64()), (Some(2.3), None));
    for (side, expected) in [200.0 / 320.0, 10.0 / 180.0, 90.0 / 320.0, 160.0 / 180.0].into_iter().enumerate() {
        assert!((at["view"][side].as_f64().unwrap() - expected).abs() < 0.01, "{at}");
    }
    let words = text(&folder.written(&["compare", "tall.png", "clip.mkv"]));
    assert!(words.starts_with("tall.png shows clip.mkv at 0:02.3, cropped to "), "{words}");
    assert!(words.contains(". Found by the frames' pixels.\n"), "{words}");

    let other = folder.cotejo(&["compare", "other.png", "clip.mkv"]);
    assert_eq!(other.status.code(), Some(1));
    assert!(text(&other.stdout).contains("at several sizes"), "{other:?}");
}
