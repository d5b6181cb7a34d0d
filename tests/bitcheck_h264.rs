//! The reader of H.264 on clips made by the installed ffmpeg, whole and damaged, and on bytes that mean nothing.

mod folder;
mod nal_units;

use bitcheck::Finding;
use bitcheck::h264::Reader;
use folder::Folder;
use nal_units::{Bits, Random, damage, nal_units, with_start_codes};
use std::fs;
use std::process::Output;
use std::time::{Duration, Instant};

impl Folder {
    fn ffmpeg(&self, arguments: &[&str]) -> Output {
        self.run("ffmpeg", &[&["-v", "error", "-y"], arguments].concat())
    }

    /// The access units of a clip: what each begins with is a delimiter.
    fn access_units(&self, clip: &Clip) -> Vec<Vec<Vec<u8>>> {
        let name = format!("{}.h264", clip.name);
        let arguments =
            ["-f", "lavfi", "-i", clip.source, "-frames:v", "20", "-c:v", "libx264", "-threads", "1", "-aud", "1"];
        let output = self.ffmpeg(&[&arguments, &clip.options.split(' ').collect::<Vec<_>>()[..], &[&name]].concat());
        assert!(output.status.success(), "{}: {}", clip.name, String::from_utf8_lossy(&output.stderr));
        let mut access_units: Vec<Vec<Vec<u8>>> = Vec::new();
        for nal_unit in nal_units(&fs::read(self.0.join(name)).unwrap()) {
            if nal_unit[0] & 31 == 9 {
                access_units.push(Vec::new());
            }
            access_units.last_mut().expect("a delimiter comes first").push(nal_unit.to_vec());
        }
        access_units
    }

    /// What ffmpeg complains of.
    fn complaints(&self, stream: &[u8]) -> String {
        fs::write(self.0.join("damaged.h264"), stream).unwrap();
        let output = self.ffmpeg(&["-v", "info", "-threads", "1", "-i", "damaged.h264", "-f", "null", "-"]);
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

/// The access unit as MP4 has it: parameter sets are in the record.
fn with_lengths(nal_units: &[Vec<u8>]) -> Vec<u8> {
    let kept = nal_units.iter().filter(|nal_unit| !matches!(nal_unit[0] & 31, 7..=9));
    kept.flat_map(|nal_unit| [&(nal_unit.len() as u32).to_be_bytes(), &nal_unit[..]].concat()).collect()
}

fn record(nal_units: &[Vec<u8>]) -> Vec<u8> {
    let of_type = |unit_type: u8| nal_units.iter().find(|nal_unit| nal_unit[0] & 31 == unit_type).unwrap();
    let (sps, pps) = (of_type(7), of_type(8));
    let sized = |set: &[u8]| [&(set.len() as u16).to_be_bytes(), set].concat();
    [&[1], &sps[1..4], &[0xff, 0xe1], &sized(sps), &[1], &sized(pps)].concat()
}

struct Clip {
    name: &'static str,
    source: &'static str,
    options: &'static str,
}

const fn clip(name: &'static str, source: &'static str, options: &'static str) -> Clip {
    Clip { name, source, options }
}

const FLAT: &str = "testsrc2=s=112x96:r=25";
const ROUGH: &str = "mandelbrot=s=112x96:r=25,noise=alls=20:allf=t";
const SMOOTH: &str = "color=c=gray:s=112x96:r=25,fade=in:0:20";
const NOISE: &str = "nullsrc=s=64x64:r=25,geq=random(1)*255:random(2)*255:random(3)*255";
const LACED: &str = "testsrc2=s=112x96:r=50,noise=alls=9:allf=t,tinterlace=interleave_top";
const ODD: &str = "mandelbrot=s=101x75:r=25";

const CLIPS: [Clip; 47] = [
    clip("baseline", FLAT, "-profile:v baseline -pix_fmt yuv420p"),
    clip("main", ROUGH, "-profile:v main -pix_fmt yuv420p"),
    clip(
        "high",
        ROUGH,
        "-pix_fmt yuv420p -crf 18 -x264-params partitions=all:bframes=5:ref=6:b-pyramid=normal:weightp=2",
    ),
    clip("high-cavlc", ROUGH, "-pix_fmt yuv420p -x264-params cabac=0:partitions=all:8x8dct=1"),
    clip("high10", ROUGH, "-pix_fmt yuv420p10le -crf 15"),
    clip("high10-cavlc", ROUGH, "-pix_fmt yuv420p10le -crf 5 -x264-params cabac=0"),
    clip("high422", ROUGH, "-pix_fmt yuv422p -crf 20"),
    clip("high422-cavlc", ROUGH, "-pix_fmt yuv422p -crf 20 -x264-params cabac=0"),
    clip("high422-10", ROUGH, "-pix_fmt yuv422p10le"),
    clip("high444", ROUGH, "-pix_fmt yuv444p -crf 20"),
    clip("high444-cavlc", ROUGH, "-pix_fmt yuv444p -crf 20 -x264-params cabac=0"),
    clip("high444-10", ROUGH, "-pix_fmt yuv444p10le"),
    clip("lossless", ROUGH, "-pix_fmt yuv420p -qp 0"),
    clip("lossless-cavlc", ROUGH, "-pix_fmt yuv420p -qp 0 -x264-params cabac=0"),
    clip("lossless444", ROUGH, "-pix_fmt yuv444p -qp 0"),
    clip("mbaff", LACED, "-pix_fmt yuv420p -flags +ildct+ilme -x264-params tff=1:bframes=3:partitions=all"),
    clip("mbaff-cavlc", LACED, "-pix_fmt yuv420p -x264-params interlaced=1:cabac=0:ref=4"),
    clip("mbaff422", LACED, "-pix_fmt yuv422p10le -x264-params interlaced=1:ref=4:slices=3"),
    clip("mbaff422-cavlc", LACED, "-pix_fmt yuv422p -x264-params interlaced=1:ref=4:cabac=0"),
    clip("mbaff444", LACED, "-pix_fmt yuv444p -x264-params interlaced=1:ref=4"),
    clip("mbaff-constrained", LACED, "-pix_fmt yuv420p -x264-params interlaced=1:constrained-intra=1:slices=2"),
    clip("fake-interlaced", FLAT, "-pix_fmt yuv420p -x264-params fake-interlaced=1"),
    clip("slices", ROUGH, "-pix_fmt yuv420p -x264-params slices=4"),
    clip("slice-bytes", ROUGH, "-pix_fmt yuv420p -x264-params slice-max-size=300"),
    clip("slice-macroblocks", ROUGH, "-pix_fmt yuv420p -x264-params slice-max-mbs=7:cabac=0"),
    clip("fine", ROUGH, "-pix_fmt yuv420p -crf 10"),
    clip("coarse", ROUGH, "-pix_fmt yuv420p -crf 45"),
    clip("coarse-cavlc", ROUGH, "-pix_fmt yuv420p -crf 45 -x264-params cabac=0"),
    clip("intra", ROUGH, "-pix_fmt yuv420p -g 1"),
    clip("open-gop", ROUGH, "-pix_fmt yuv420p -g 5 -x264-params open-gop=1"),
    clip("intra-refresh", ROUGH, "-pix_fmt yuv420p -x264-params intra-refresh=1:keyint=8:constrained-intra=1"),
    clip("constrained", ROUGH, "-pix_fmt yuv420p -x264-params constrained-intra=1:cabac=0"),
    clip("odd", ODD, "-pix_fmt yuv444p"),
    clip("cropped", ROUGH, "-pix_fmt yuv420p -vf crop=106:74"),
    clip("gray", ROUGH, "-pix_fmt gray"),
    clip("gray-cavlc", ROUGH, "-pix_fmt gray10le -x264-params cabac=0"),
    clip("noise", NOISE, "-pix_fmt yuv420p -qp 1"),
    clip("noise-cavlc", NOISE, "-pix_fmt yuv420p -qp 1 -x264-params cabac=0"),
    clip("noise10-cavlc", NOISE, "-pix_fmt yuv422p10le -qp 1 -x264-params cabac=0"),
    clip("noise444", NOISE, "-pix_fmt yuv444p10le -qp 1"),
    clip("smooth", SMOOTH, "-pix_fmt yuv420p"),
    clip("smooth-cavlc", SMOOTH, "-pix_fmt yuv420p -x264-params cabac=0"),
    clip("temporal", ROUGH, "-pix_fmt yuv420p -x264-params direct=temporal:bframes=4:b-adapt=0:ref=5:weightb=1"),
    clip("spatial", ROUGH, "-pix_fmt yuv420p -x264-params direct=spatial:bframes=4:b-adapt=0:ref=5:cabac=0"),
    clip("small-parts", FLAT, "-pix_fmt yuv420p -x264-params partitions=all:bframes=0:ref=8:me=umh"),
    clip(
        "filler",
        ROUGH,
        "-pix_fmt yuv420p -x264-params nal-hrd=cbr:vbv-maxrate=3000:vbv-bufsize=300:bitrate=3000:filler=1",
    ),
    clip("ultrafast", ROUGH, "-pix_fmt yuv420p -preset ultrafast"),
];

#[test]
fn whole_clips_are_sound() {
    let folder = Folder::new("whole");
    for clip in &CLIPS {
        let access_units = folder.access_units(clip);
        assert_eq!(access_units.len(), 20, "{}", clip.name);
        let mut in_band = Reader::new(None);
        let mut apart = Reader::new(Some(&record(&access_units[0])));
        for (i, access_unit) in access_units.iter().enumerate() {
            assert_eq!(in_band.read(&with_start_codes(access_unit)), Finding::Sound, "{} {i}", clip.name);
            assert_eq!(apart.read(&with_lengths(access_unit)), Finding::Sound, "{} {i}", clip.name);
        }
    }
}

/// Fields of two frames of 32x32 by CAVLC, which ffmpeg decodes: what x264 does not make.
const FIELDS: [&str; 6] = [
    "6742c00ada296022000003000200000300c81e244d40",
    "68ce0292c8",
    "65888502dff1bcadfc57c98cc6b4c9e8ab4d92208909c314281232509a3c7b1d1e9243027eddd8458aee132e78c3874e58d7496a6e\
     7f4b93e18181234509da8b3fa73034adc7bf26da3f3c55f4e821b29276bbd9bf38",
    "419a180b7ecf8b283c368b6551310dac63de13f3e19377dd3f02ff80",
    "419a300c7f3d4c3d9af9b9dcc4320ef9f17e4eade0da50",
    "419a380e75d4e580",
];

#[test]
fn fields_are_sound_alone_and_in_pairs() {
    let byte = |digits: &[u8]| u8::from_str_radix(str::from_utf8(digits).unwrap(), 16).unwrap();
    let nal_units: Vec<Vec<u8>> = FIELDS.iter().map(|hex| hex.as_bytes().chunks(2).map(byte).collect()).collect();
    let (sets, fields) = nal_units.split_at(2);
    for fields_per_packet in [1, 2, 4] {
        let mut reader = Reader::new(Some(&with_start_codes(sets)));
        for packet in fields.chunks(fields_per_packet).map(with_start_codes) {
            assert_eq!(reader.read(&packet), Finding::Sound);
            let cut = &packet[..packet.len() - 2];
            assert!(matches!(Reader::new(Some(&with_start_codes(sets))).read(cut), Finding::Damaged(_)));
        }
    }
}

/// ffmpeg conceals what it cannot read, and says so: the reader has to notice at least as much. What ffmpeg says of references that
/// are missing, and of supplemental information, is not about what can be read.
#[test]
fn what_ffmpeg_conceals_is_damaged() {
    const TIMES: usize = 12;
    let folder = Folder::new("damaged");
    let mut random = Random(264);
    let (mut concealed, mut missed) = (0, Vec::new());
    let damaged =
        ["baseline", "main", "high", "high-cavlc", "high444", "high422-cavlc", "mbaff", "mbaff-cavlc", "slices"];
    for clip in CLIPS.iter().filter(|clip| damaged.contains(&clip.name)) {
        let packets: Vec<Vec<u8>> = folder.access_units(clip).iter().map(|unit| with_start_codes(unit)).collect();
        for time in 0..TIMES {
            let mut packets = packets.clone();
            let at = random.below(packets.len());
            damage(&mut random, &mut packets[at]);
            let complaints = folder.complaints(&packets.concat());
            if !complaints.contains("concealing") {
                continue;
            }
            concealed += 1;
            let mut reader = Reader::new(None);
            if packets.iter().all(|packet| reader.read(packet) == Finding::Sound) {
                missed.push(format!("{} {time}: {complaints}", clip.name));
            }
        }
    }
    assert!(concealed > 50, "{concealed}");
    assert!(missed.is_empty(), "{missed:#?}");
}

/// Parameter sets that are right but for what is made up.
fn parameter_sets(random: &mut Random, width: u64, height: u64) -> Vec<u8> {
    let mut sps = Bits::default();
    sps.u(24, 0xf4_0028);
    sps.ue(0);
    let format = random.next() % 4;
    sps.ue(format);
    if format == 3 {
        sps.u(1, random.next());
    }
    sps.ue(random.next() % 7);
    sps.ue(random.next() % 7);
    sps.u(2, 0);
    sps.ue(0);
    sps.ue(2);
    sps.ue(4);
    sps.u(1, 0);
    sps.ue(width - 1);
    sps.ue(height - 1);
    let frame_mbs_only = random.next() & 1;
    sps.u(1, frame_mbs_only);
    if frame_mbs_only == 0 {
        sps.u(1, random.next());
    }
    sps.u(3, 4);
    let mut pps = Bits::default();
    pps.ue(0);
    pps.ue(0);
    pps.u(2, random.next() & 2);
    pps.ue(0);
    pps.ue(random.next() % 4);
    pps.ue(random.next() % 4);
    pps.u(3, 0);
    pps.ue(0);
    pps.ue(0);
    pps.ue(0);
    // Constrained intra prediction and 8x8 transforms or not.
    pps.u(5, random.next() & 0b01010);
    pps.ue(0);
    [sps.nal_unit(&[0x67], &[]), pps.nal_unit(&[0x68], &[])].concat()
}

#[test]
fn bytes_that_mean_nothing_do_no_harm() {
    let mut random = Random(1);
    let mut reader = Reader::new(None);
    let mut findings = [0; 3];
    for i in 0..30_000 {
        if i % 50 == 0 {
            let (width, height) = match i % 1000 {
                0 => (1 + random.next() % (1 << 31), 1 + random.next() % (1 << 31)),
                50 => (139_264, 1),
                _ => (1 + random.next() % 20, 1 + random.next() % 20),
            };
            reader.read(&parameter_sets(&mut random, width, height));
        }
        let size = random.below(600);
        let data = random.bytes(size);
        let mut slice = Bits::default();
        slice.ue(0);
        slice.ue(random.next() % 3);
        slice.ue(0);
        let packet = match random.below(4) {
            0 => [vec![0, 0, 1], data].concat(),
            _ => slice.nal_unit(&[0x41], &data),
        };
        match reader.read(&packet) {
            Finding::Sound => findings[0] += 1,
            Finding::Damaged(_) => findings[1] += 1,
            Finding::Unread => findings[2] += 1,
        }
    }
    assert!(findings.iter().all(|&count| count > 0), "{findings:?}");
    assert!(findings[1] > 25_000, "{findings:?}");
    for _ in 0..10_000 {
        let size = random.below(80);
        let [record, packet] = [random.bytes(size), random.bytes(size)];
        let mut reader = Reader::new(Some(&record));
        reader.read(&packet);
        Reader::new(Some(&[&[1][..], &record].concat())).read(&packet);
    }
}

/// Pictures of a few bytes, each of which skips all of 100,000 macroblocks.
#[test]
fn small_slices_take_little_time() {
    let slice = |frame_num: u64| {
        let mut slice = Bits::default();
        slice.u(3, 0b111);
        slice.u(4, frame_num);
        slice.u(3, 0b001);
        slice.ue(100_000);
        slice.nal_unit(&[0x01], &[])
    };
    let mut random = Random(1);
    let mut sets = (0..1000).map(|_| parameter_sets(&mut random, 1000, 100));
    let sets = sets.find(|sets| Reader::new(Some(sets)).read(&slice(1)) == Finding::Sound).unwrap();
    let packet: Vec<u8> = (0..50_000).flat_map(|i| slice(i % 16)).collect();
    let start = Instant::now();
    assert_eq!(Reader::new(Some(&sets)).read(&packet), Finding::Unread);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn sizes_that_no_level_allows_are_not_read() {
    let slice = |first: &[u8]| [first, &[0, 0, 1, 0x65, 0x88, 0x84, 0xff]].concat();
    let mut random = Random(7);
    let mut reader = Reader::new(None);
    let too_large = parameter_sets(&mut random, 139_265, 1);
    assert_eq!(reader.read(&slice(&too_large)), Finding::Unread);
    assert_eq!(reader.read(&slice(&[])), Finding::Unread);
}

#[test]
fn what_holds_no_picture_is_sound_only_if_it_is_nothing_else() {
    let mut random = Random(9);
    let mut reader = Reader::new(None);
    assert!(matches!(reader.read(&[0, 0, 1, 0x65, 0x88, 0x84, 0xff]), Finding::Damaged("parameter set missing")));
    assert_eq!(reader.read(&parameter_sets(&mut random, 2, 2)), Finding::Sound);
    let delimiter = [0, 0, 0, 1, 9, 0xf0, 0, 0];
    assert_eq!(reader.read(&delimiter), Finding::Sound);
    assert_eq!(reader.read(&[]), Finding::Sound);
    assert_eq!(reader.read(&[0, 0, 1, 6, 5, 2, 7, 7, 0x80]), Finding::Sound);
    assert_eq!(reader.read(&[0, 0, 1, 12, 0xff, 0xff, 0x80]), Finding::Sound);
    assert_eq!(reader.read(&[0, 0, 1, 10, 0, 0, 0, 1, 11]), Finding::Sound);
    for damaged in
        [&[0, 0, 1, 6, 5, 9, 7, 7, 0x80][..], &[0, 0, 1, 20, 7, 7], &[0, 0, 1, 9, 0xf0, 8], &[0, 0, 1, 0x89], &[7]]
    {
        assert!(matches!(reader.read(damaged), Finding::Damaged(_)), "{damaged:?}");
    }
}
