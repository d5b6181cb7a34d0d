//! Which files ffmpeg opens for each container that is allowed, seen from outside by `strace`.
#![cfg(target_os = "linux")]

mod folder;

use cotejo::ffmpeg::allowed::{allowed, containers};
use cotejo::ffmpeg::recipe::{self, Start};
use folder::Folder;
use std::collections::BTreeSet;
use std::fs;

/// A picture that moves, and a tone.
const INPUTS: &str = "-v error -y -f lavfi -i testsrc2=s=176x144:r=25:d=0.4 -f lavfi -i sine=d=0.4 -pix_fmt yuv420p";

/// How this ffmpeg makes a file for each demuxer that it has an encoder and a muxer for: demuxer, name, arguments.
const MADE: [(&str, &str, &str); 61] = [
    ("asf", "a.wmv", "SCENE SOUND -c:v wmv2 -c:a wmav2"),
    ("avi", "a.avi", "SCENE SOUND -c:v mpeg4"),
    ("flv", "a.flv", "SCENE SOUND -c:v flv -ar 22050"),
    ("matroska", "a.mkv", "SCENE SOUND -c:v libx264"),
    ("matroska", "a.webm", "SCENE -c:v libvpx"),
    ("mov", "a.mp4", "SCENE SOUND -c:v libx264"),
    ("mov", "a.mov", "SCENE -c:v prores"),
    ("mov", "a.avif", "SCENE -c:v libaom-av1 -cpu-used 8 -frames:v 1"),
    ("mpeg", "a.mpg", "SCENE SOUND -c:v mpeg2video"),
    ("mpegts", "a.ts", "SCENE SOUND -c:v mpeg2video"),
    ("ogg", "a.ogv", "SCENE -c:v libtheora"),
    ("nut", "a.nut", "SCENE -c:v mpeg4"),
    ("rm", "a.rm", "SCENE -c:v rv10"),
    ("smjpeg", "a.mjpg", "SCENE -c:v mjpeg -pix_fmt yuvj420p -f smjpeg"),
    ("swf", "a.swf", "SCENE -c:v flv"),
    ("wtv", "a.wtv", "SCENE SOUND -c:v mpeg2video -c:a mp2"),
    ("mpjpeg", "a.mpjpeg", "SCENE -c:v mjpeg -pix_fmt yuvj420p -f mpjpeg"),
    ("dv", "a.dv", "SCENE -s 720x576 -c:v dvvideo"),
    ("gxf", "a.gxf", "SCENE -s 720x576 -r 25 -c:v mpeg2video"),
    ("filmstrip", "a.flm", "SCENE -c:v rawvideo -pix_fmt rgba -f filmstrip"),
    ("mxf", "a.mxf", "SCENE -c:v mpeg2video"),
    ("dirac", "a.drc", "SCENE -c:v vc2 -pix_fmt yuv422p -f dirac"),
    ("dnxhd", "a.dnxhd", "SCENE -s 1920x1080 -c:v dnxhd -b:v 120M -pix_fmt yuv422p"),
    ("h261", "a.h261", "SCENE -c:v h261"),
    ("h263", "a.h263", "SCENE -c:v h263"),
    ("h264", "a.h264", "SCENE -c:v libx264"),
    ("hevc", "a.hevc", "SCENE -c:v libx265 -x265-params log-level=none"),
    ("ivf", "a.ivf", "SCENE -c:v libvpx"),
    ("m4v", "a.m4v", "SCENE -c:v mpeg4 -f m4v"),
    ("jpeg_pipe", "a.mjpeg", "SCENE -c:v mjpeg -pix_fmt yuvj420p -f mjpeg"),
    ("mpegvideo", "a.m2v", "SCENE -c:v mpeg2video -f mpeg2video"),
    ("obu", "a.obu", "SCENE -c:v libaom-av1 -cpu-used 8 -f obu"),
    ("yuv4mpegpipe", "a.y4m", "SCENE"),
    ("apng", "a.apng", "SCENE -pix_fmt rgb24"),
    ("gif", "a.gif", "SCENE -pix_fmt pal8"),
    ("bmp_pipe", "bmp", "SCENE -frames:v 1 -c:v bmp -pix_fmt bgr24 -f image2"),
    ("jpeg_pipe", "jpeg", "SCENE -frames:v 1 -c:v mjpeg -pix_fmt yuvj420p -f image2"),
    ("jpegls_pipe", "jpegls", "SCENE -frames:v 1 -c:v jpegls -pix_fmt gray -f image2"),
    ("j2k_pipe", "j2k", "SCENE -frames:v 1 -c:v jpeg2000 -f image2"),
    ("png_pipe", "png", "SCENE -frames:v 1 -c:v png -pix_fmt rgb24 -f image2"),
    ("tiff_pipe", "tiff", "SCENE -frames:v 1 -c:v tiff -f image2"),
    ("webp_pipe", "webp", "SCENE -frames:v 1 -c:v libwebp -f image2"),
    ("aac", "a.aac", "SOUND -c:a aac"),
    ("ac3", "a.ac3", "SOUND -c:a ac3"),
    ("aiff", "a.aiff", "SOUND"),
    ("au", "a.au", "SOUND"),
    ("caf", "a.caf", "SOUND"),
    ("dts", "a.dts", "SOUND -c:a dca -strict -2"),
    ("eac3", "a.eac3", "SOUND -c:a eac3"),
    ("flac", "a.flac", "SOUND"),
    ("loas", "a.latm", "SOUND -c:a aac -f latm"),
    ("mlp", "a.mlp", "SOUND -ar 48000 -c:a mlp -strict -2"),
    ("mp3", "a.mp3", "SOUND -c:a libmp3lame"),
    ("sox", "a.sox", "SOUND -c:a pcm_s32le"),
    ("spdif", "a.spdif", "SOUND -c:a ac3 -f spdif"),
    ("truehd", "a.thd", "SOUND -ar 48000 -c:a truehd -strict -2"),
    ("tta", "a.tta", "SOUND"),
    ("voc", "a.voc", "SOUND -ac 1 -c:a pcm_u8"),
    ("w64", "a.w64", "SOUND"),
    ("wav", "a.wav", "SOUND"),
    ("wv", "a.wv", "SOUND"),
];

/// A header and one block with a frame, as the source of ffmpeg's `mlvdec.c` reads them.
fn mlv() -> Vec<u8> {
    let header = [&b"MLVI"[..], &52u32.to_le_bytes(), b"v2.0\0\0\0\0", &[7; 8], &[0; 8]].concat();
    let frames =
        [&[2, 0, 0, 0][..], &1u32.to_le_bytes(), &0u32.to_le_bytes(), &25u32.to_le_bytes(), &1u32.to_le_bytes()];
    let block = [&b"VIDF"[..], &32u32.to_le_bytes(), &[0; 24]].concat();
    [header, frames.concat(), block].concat()
}

impl Folder {
    fn make(&self, arguments: &str, name: &str) {
        let arguments = format!("{INPUTS} {arguments} {name}").replace("SCENE", "-map 0").replace("SOUND", "-map 1");
        let made = self.run("ffmpeg", &arguments.split_whitespace().collect::<Vec<_>>());
        assert!(made.status.success(), "{name}: {}", String::from_utf8_lossy(&made.stderr));
    }

    /// What a program opens, asks after, connects to or starts; and what it wrote.
    fn traced(&self, program: &str, arguments: &[String]) -> (BTreeSet<String>, String) {
        let strace = ["--seccomp-bpf", "-f", "-qq", "-s", "4096", "-e", "trace=%file,%network", "-o", "trace", program]
            .map(str::to_owned);
        let output = self.run("strace", &[&strace[..], arguments].concat());
        let trace = fs::read_to_string(self.0.join("trace")).unwrap();
        let calls = trace.lines().filter_map(|line| line.split_once(' ')).map(|(_process, call)| call.trim());
        // Of an address or a name, what stands between the first quotes; of anything else, all of it.
        let reached = calls.filter(|call| !call.starts_with(['+', '-'])).map(|call| match call.split('"').nth(1) {
            Some(name) => name.to_owned(),
            None => call.to_owned(),
        });
        (reached.collect(), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What `ffprobe` and `ffmpeg` reach for, by the file's name, and what `ffprobe` says.
    fn reached(&self, name: &str, allowed: &[String]) -> (BTreeSet<String>, String) {
        let input = format!("file:{name}");
        let (probed, said) = self.traced("ffprobe", &[recipe::probe(allowed), vec![input.clone()]].concat());
        let frames = ["-map", "0:v?", "-f", "null", "-"].map(str::to_owned);
        let decoding = [recipe::before_input(Start::Beginning, "h264", allowed), vec![input], frames.into()].concat();
        let (decoded, _) = self.traced("ffmpeg", &decoding);
        (probed.into_iter().chain(decoded).collect(), said)
    }

    /// What they reach for without any file: libraries, and what these ask of the system.
    fn reached_alone(&self) -> BTreeSet<String> {
        ["ffprobe", "ffmpeg"].iter().flat_map(|program| self.traced(program, &["-version".to_owned()]).0).collect()
    }
}

/// The C library's own tables of characters, for the names of television channels.
fn is_gconv(name: &str) -> bool {
    name.starts_with("/usr/lib") && name.contains("/gconv/")
}

#[test]
fn no_container_that_is_allowed_has_ffmpeg_open_anything_but_its_file() {
    let folder = Folder::new("containers");
    let listed = folder.run("ffmpeg", &recipe::LIST);
    let (allowed, alone) = (allowed(&String::from_utf8_lossy(&listed.stdout)), folder.reached_alone());
    for (demuxer, name, arguments) in MADE {
        assert!(containers().any(|container| container == demuxer), "{demuxer} is not allowed");
        folder.make(arguments, name);
        let (reached, said) = folder.reached(name, &allowed);
        let (_, format) = said.split_once("\"format_name\": \"").unwrap_or_else(|| panic!("{name}: {said}"));
        let (names, _) = format.split_once('"').unwrap();
        assert!(names.split(',').any(|name| name == demuxer), "{name} was read by {names}");
        let reached: Vec<_> = reached.difference(&alone).filter(|name| !is_gconv(name)).collect();
        assert_eq!(reached, [name], "{demuxer}");
    }
}

/// The same look at a demuxer that is not allowed: what it opens is seen.
#[test]
fn magic_lanterns_neighbours_are_seen_and_not_opened_where_it_is_not_allowed() {
    let folder = Folder::new("neighbours");
    fs::write(folder.0.join("holiday.mp4"), mlv()).unwrap();
    fs::write(folder.0.join("holiday.m00"), mlv()).unwrap();
    let listed = folder.run("ffmpeg", &recipe::LIST);
    let mut arguments = allowed(&String::from_utf8_lossy(&listed.stdout));
    let alone = folder.reached_alone();
    let beyond = |arguments: &[String]| -> Vec<String> {
        folder.reached("holiday.mp4", arguments).0.difference(&alone).cloned().collect()
    };
    assert_eq!(beyond(&arguments), ["holiday.mp4"]);
    arguments[3] = "mlv".to_owned();
    assert_eq!(beyond(&arguments), ["holiday.m00", "holiday.m01", "holiday.mp4"]);
}
