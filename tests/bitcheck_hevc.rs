//! The reader of HEVC on clips made by the installed ffmpeg, whole and damaged, and on bytes that mean nothing.

mod folder;
mod nal_units;

use bitcheck::Finding;
use bitcheck::hevc::Reader;
use folder::Folder;
use nal_units::{Bits, Random, damage, nal_units, with_start_codes};
use std::fs;
use std::process::Output;
use std::time::{Duration, Instant};

const FRAMES: usize = 10;

fn ffmpeg(folder: &Folder, arguments: &[&str]) -> Output {
    folder.run("ffmpeg", &[&["-v", "error", "-y"], arguments].concat())
}

/// The NAL units of each access unit of a clip: what each begins with is a delimiter.
fn access_units(folder: &Folder, clip: &Clip) -> Vec<Vec<Vec<u8>>> {
    let name = format!("{}.hevc", clip.name);
    let frames = FRAMES.to_string();
    let parameters = format!("log-level=none:aud=1:pools=1:frame-threads=1:{}", clip.parameters);
    let source = ["-f", "lavfi", "-i", clip.source, "-frames:v", &frames, "-pix_fmt", clip.format];
    let encoder = ["-c:v", "libx265", "-x265-params", &parameters, &name];
    let output = ffmpeg(folder, &[&source[..], &encoder].concat());
    assert!(output.status.success(), "{}: {}", clip.name, String::from_utf8_lossy(&output.stderr));
    let mut access_units: Vec<Vec<Vec<u8>>> = Vec::new();
    for nal_unit in nal_units(&fs::read(folder.0.join(name)).unwrap()) {
        if unit_type(nal_unit) == 35 {
            access_units.push(Vec::new());
        }
        access_units.last_mut().expect("a delimiter comes first").push(nal_unit.to_vec());
    }
    access_units
}

fn unit_type(nal_unit: &[u8]) -> u8 {
    nal_unit[0] >> 1
}

/// The access unit as MP4 has it: parameter sets are in the record.
fn with_lengths(nal_units: &[Vec<u8>]) -> Vec<u8> {
    let kept = nal_units.iter().filter(|nal_unit| !matches!(unit_type(nal_unit), 32..=35));
    kept.flat_map(|nal_unit| [&(nal_unit.len() as u32).to_be_bytes(), &nal_unit[..]].concat()).collect()
}

fn record(nal_units: &[Vec<u8>]) -> Vec<u8> {
    let mut record = vec![0; 23];
    [record[0], record[21], record[22]] = [1, 3, 3];
    for kind in 32..=34 {
        let set = nal_units.iter().find(|nal_unit| unit_type(nal_unit) == kind).unwrap();
        record.extend_from_slice(&[kind, 0, 1]);
        record.extend_from_slice(&(set.len() as u16).to_be_bytes());
        record.extend_from_slice(set);
    }
    record
}

struct Clip {
    name: &'static str,
    source: &'static str,
    format: &'static str,
    parameters: &'static str,
}

const fn clip(name: &'static str, source: &'static str, format: &'static str, parameters: &'static str) -> Clip {
    Clip { name, source, format, parameters }
}

const FLAT: &str = "testsrc2=s=144x96:r=25";
const ROUGH: &str = "mandelbrot=s=144x96:r=25,noise=alls=20:allf=t";
const SMOOTH: &str = "color=c=gray:s=144x96:r=25,fade=in:0:10";
const NOISE: &str = "nullsrc=s=64x64:r=25,geq=random(1)*255:random(2)*255:random(3)*255";
const ODD: &str = "mandelbrot=s=138x74:r=25";

const CLIPS: [Clip; 30] = [
    clip("main", ROUGH, "yuv420p", "crf=22:no-wpp=1"),
    clip("wavefronts", ROUGH, "yuv420p", "crf=22:wpp=1:ctu=16"),
    clip("slices", ROUGH, "yuv420p", "slices=3:wpp=1:ctu=16:min-cu-size=8"),
    clip("flat", FLAT, "yuv420p", "crf=18:rect=1:amp=1:rd=4:ctu=32"),
    clip("fast", FLAT, "yuv420p", "rd=1:ref=1:bframes=0:max-merge=1:no-wpp=1"),
    clip("large-units", SMOOTH, "yuv420p", "ctu=64:min-cu-size=32:crf=20"),
    clip("deep", ROUGH, "yuv420p", "tu-inter-depth=4:tu-intra-depth=4:limit-tu=0:crf=16:rd=5"),
    clip("shallow", ROUGH, "yuv420p", "max-tu-size=4:ctu=16:crf=18:max-merge=5"),
    clip("skipped-transforms", FLAT, "yuv444p", "tskip=1:crf=12:rd=6"),
    clip("lossless", ROUGH, "yuv420p", "lossless=1"),
    clip("lossless-units", FLAT, "yuv422p", "cu-lossless=1:crf=4:rd=6"),
    clip("lossless-gray", ROUGH, "gray", "lossless=1:tu-intra-depth=4"),
    clip("gray", ROUGH, "gray10le", "crf=20:tu-intra-depth=3:tu-inter-depth=3"),
    clip("ten", ROUGH, "yuv420p10le", "crf=18:weightp=1:weightb=1:no-wpp=1"),
    clip("422", ROUGH, "yuv422p", "crf=14:no-wpp=1"),
    clip("422-ten", ROUGH, "yuv422p10le", "keyint=1:crf=8"),
    clip("444", ROUGH, "yuv444p", "crf=20:no-wpp=1"),
    clip("444-twelve", ROUGH, "yuv444p12le", "crf=10:rect=1"),
    clip("quantizers", ROUGH, "yuv420p", "aq-mode=2:aq-strength=2.5:qg-size=8:cbqpoffs=-6:crqpoffs=6"),
    clip("matrices", ROUGH, "yuv444p", "scaling-list=default"),
    clip("shown-signs", ROUGH, "yuv420p", "no-signhide=1:crf=12"),
    clip("no-filters", ROUGH, "yuv420p", "no-sao=1:no-deblock=1:no-temporal-mvp=1"),
    clip("noise", NOISE, "yuv420p", "qp=0"),
    clip("coarse", NOISE, "yuv420p", "qp=51"),
    clip("odd", ODD, "yuv420p", "crf=20"),
    clip("references", ROUGH, "yuv420p", "ref=5:bframes=4:b-adapt=0:b-pyramid=1:keyint=6:open-gop=1"),
    clip("fields", FLAT, "yuv420p", "interlace=tff"),
    clip("refreshed", ROUGH, "yuv420p", "intra-refresh=1:keyint=6:constrained-intra=1"),
    clip(
        "buffered",
        ROUGH,
        "yuv420p",
        "hrd=1:strict-cbr=1:vbv-bufsize=300:vbv-maxrate=600:bitrate=600:temporal-layers=1",
    ),
    clip(
        "information",
        ROUGH,
        "yuv420p10le",
        "repeat-headers=1:hash=1:overscan=show:colorprim=bt2020:display-window=2,2,2,2",
    ),
];

#[test]
fn whole_clips_are_sound() {
    let folder = Folder::new("hevc-whole");
    for clip in &CLIPS {
        let access_units = access_units(&folder, clip);
        assert!(access_units.len() >= FRAMES, "{}", clip.name);
        let mut in_band = Reader::new(None);
        let mut apart = Reader::new(Some(&record(&access_units[0])));
        for (i, access_unit) in access_units.iter().enumerate() {
            assert_eq!(in_band.read(&with_start_codes(access_unit)), Finding::Sound, "{} {i}", clip.name);
            assert_eq!(apart.read(&with_lengths(access_unit)), Finding::Sound, "{} {i}", clip.name);
        }
    }
}

/// Pictures that x265 does not make: random syntax elements and PCM samples, which ffmpeg and libde265 decode to these samples.
const MADE_UP: [&str; 6] = [
    // Wavefronts, dependent slice segments, PCM, transform skip and 4:2:0.
    "0000000140010c01ffff040800000300900000030000030078f02400000001420101040800000300900000030000030078a0420a4d97\
     ee4cc02f04000000014401e077c152400000012601ae6810000003002040abfffffd4d4fea7fffff4faa43fdcab9b9fe81a93808714f\
     4bea3f1c87b44ec27d14622f6ec949dc137614669a1618d9a5cc1bff091b6b5fff52f256c91f7e3b40e3d8983f0229ef3cdc414080ea\
     2ae4fc5ec481b13c961ca980501223b8a12353ffffc410ce96bdbfbe",
    // Tiles, persistent Rice adaptation, implicit RDPCM and 4:4:4.
    "0000000140010c01ffff040800000300900000030000030078f0240000000142010104080000030090000003000003007890190c9b2f\
     d5b62015860185000000014401c17185529600e00000012601ac28810000030002146220e7bff7d908c3a7fc740d6889fd96781e3b09\
     5eca5f5003e4729bff272471c35b82179ff8ff124543795bd996c2d82b322990a197743e7a8af7ecfceffd3fae79c00fbedc4c4c511f\
     6b42ded5b01633bebe6b18ef4b8f7540ae696bc4321580a82ad6ca36971fff6d8d5ffdedf69e434e",
    // Tiles, lossless coding units and 4:2:2.
    "0000000140010c01ffff040800000300900000030000030078f02400000001420101040800000300900000030000030078b0621965fa\
     bc402b04000000014401c176b1aa52400000012601ac662f26e0a2e5cda4990d46dfd491a04082c995bb6cf33d822e8532c3168ca26d\
     1ea687e87b0659f5d75cdc91ead26626d84c4e491b488677250822a919af5c21c84d7ecbb5f226b2ed04a491bd42aa62fe8000000126\
     012988c071bf9ea800000126012d86b0def9641f3fc2095a4462237102999cfd7331cd8c0504ca2cf9f7e1b5ba3011f69d945f74ebb6\
     cf5beecf13d4bccd41d5c7a75c69596d2d771c1eec9cf84f3ee1d559244fc5476af910d5ae",
    // Wavefronts, cross-component prediction and 4:4:4.
    "0000000140010c01ffff040800000300900000030000030078f0240000000142010104080000030090000003000003007890190426cb\
     f569088d61804040000000014401e177c552c012e00000012601ac2580e26f8d35503cbe64cd721fadc94fa31471ca9da17a29162b39\
     2bda1caf78b3313ff60b2fc338d834e78a4be7ac7a1b3214b65c35bf845b4c4db75d72babfad42fcfeaa788d264218f615f2be2fec56\
     8ffff36827c4a24ffb6ffb7eb5865c533dffb00b7ff602e7ff02289b575e00000126012988c05f9df2a6ea6216b211485b0b17ff2fe3\
     f2f64cb953eab26577165cbffdedbb1ed05ec3c99bfefa3f3760",
    // Tiles with dependent slice segments.
    "0000000140010c01ffff040800000300900000030000030078f02400000001420101040800000300900000030000030078a04208597e\
     ad2100ac300028000000014401e173c2594b00700000012601ac664f6274499c16efd8b2637f910a2a7387bfa07feffcbdf4d9700000\
     0126013bce2c835c5ae6137fca1db2a9daacf73f8003561200c3a7675790afb3be98e4503578856d7e4d10690db22ee6a4a56156bb80\
     0000012601258cc09d5e4a65de7b47bfd1b6db75b0b1cca9289c97d261d88b28b38793552ef197d6429b0e62cb0754123fa7a4e035b5\
     61f457d07bc0b9faca7a7adf3f8bfeaf6230eb8c",
    // Larger transform skip and 4:2:2.
    "0000000140010c01ffff040800000300900000030000030078f02400000001420101040800000300900000030000030078b0c86597ee\
     448c02f0c010a0000000014401e17580a580670000012601af2489451e5be0d4f5396511ac9f1bb73fe07a294639631b61e9bc717270\
     a49281aa3fbd340bed79bc6f5caa82d31df5468589a2ce13c45a3fe5eb5e58ddb40bcaf985680c286138004e5afff7697fc939ea7f85\
     02ff35381d4f5de8170998001c3cfff316d7ff9b474ffccd90e51314770908258017a4b3c8c2981ea6d33da3d758558d0b65c3cd5e27\
     c940",
];

#[test]
fn what_x265_does_not_make_is_sound_whole_only() {
    let byte = |digits: &[u8]| u8::from_str_radix(str::from_utf8(digits).unwrap(), 16).unwrap();
    for (i, hex) in MADE_UP.iter().enumerate() {
        let stream: Vec<u8> = hex.as_bytes().chunks(2).map(byte).collect();
        assert_eq!(Reader::new(None).read(&stream), Finding::Sound, "{i}");
        for left_out in 1..20 {
            let cut = &stream[..stream.len() - left_out];
            assert!(matches!(Reader::new(None).read(cut), Finding::Damaged(_)), "{i} {left_out}");
        }
    }
}

/// The pictures that ffmpeg makes, as their hashes, and how many lines of complaint.
fn pictures(folder: &Folder, stream: &[u8]) -> (Vec<String>, usize) {
    fs::write(folder.0.join("damaged.hevc"), stream).unwrap();
    let output = ffmpeg(folder, &["-threads", "1", "-i", "damaged.hevc", "-f", "framehash", "-hash", "md5", "-"]);
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let hashes = lines.lines().filter(|line| !line.starts_with('#'));
    let hashes = hashes.filter_map(|line| line.rsplit(',').next()).map(|hash| hash.trim().to_owned());
    (hashes.collect(), String::from_utf8_lossy(&output.stderr).lines().count())
}

/// ffmpeg conceals what it cannot read, mostly without a word: the reader has to notice nearly all that makes other pictures, and
/// everything that ffmpeg complains of.
#[test]
fn what_ffmpeg_shows_otherwise_is_damaged() {
    const TIMES: usize = 15;
    let folder = Folder::new("hevc-damaged");
    let mut random = Random(265);
    let (mut otherwise, mut passed, mut missed) = (0, 0, Vec::new());
    let damaged = ["main", "wavefronts", "flat", "fast", "ten", "422", "444", "references"];
    for clip in CLIPS.iter().filter(|clip| damaged.contains(&clip.name)) {
        let packets: Vec<Vec<u8>> =
            access_units(&folder, clip).iter().map(|unit| with_start_codes(&unit[1..])).collect();
        let (whole, silence) = pictures(&folder, &packets.concat());
        assert_eq!(silence, 0, "{}", clip.name);
        for time in 0..TIMES {
            let mut packets = packets.clone();
            // The first packet has the parameter sets.
            let at = 1 + random.below(packets.len() - 1);
            damage(&mut random, &mut packets[at]);
            let (shown, complaints) = pictures(&folder, &packets.concat());
            if shown == whole && complaints == 0 {
                continue;
            }
            otherwise += 1;
            let mut reader = Reader::new(None);
            if packets.iter().all(|packet| reader.read(packet) == Finding::Sound) {
                passed += 1;
                if complaints > 0 {
                    missed.push(format!("{} {time}", clip.name));
                }
            }
        }
    }
    assert!(otherwise > 100, "{otherwise}");
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(passed * 50 < otherwise, "{passed} of {otherwise}");
}

/// Parameter sets that are right but for what is made up.
fn parameter_sets(random: &mut Random, width: u64, height: u64, has_all: bool) -> Vec<u8> {
    let mut sps = Bits::default();
    sps.u(8, 1);
    // A profile of the format range extensions.
    sps.u(8, 4);
    sps.u(32, 1 << 27);
    sps.u(48, 0);
    sps.u(8, 120);
    sps.ue(0);
    let format = random.next() % 4;
    sps.ue(format);
    if format == 3 {
        sps.u(1, 0);
    }
    sps.ue(8 * width);
    sps.ue(8 * height);
    sps.u(1, 0);
    sps.ue(random.next() % 9);
    sps.ue(random.next() % 9);
    sps.ue(0);
    sps.u(1, 0);
    (0..3).for_each(|_| sps.ue(0));
    sps.ue(0);
    sps.ue(1 + random.next() % 3);
    sps.ue(0);
    sps.ue(random.next() % 3);
    sps.ue(random.next() % 3);
    sps.ue(random.next() % 3);
    sps.u(1, 0);
    sps.u(2, random.next());
    let pcm = random.next() & 1;
    sps.u(1, pcm);
    if pcm == 1 {
        sps.u(8, 0x77);
        sps.ue(0);
        sps.ue(random.next() % 2);
        sps.u(1, 0);
    }
    // One set of one picture, no long-term pictures, no usability information.
    sps.ue(1);
    sps.ue(1);
    sps.ue(0);
    sps.ue(0);
    sps.u(1, 1);
    sps.u(4, random.next() & 2);
    sps.u(1, u64::from(has_all));
    if has_all {
        sps.u(8, 0x80);
        sps.u(9, random.next());
    }
    let mut pps = Bits::default();
    pps.ue(0);
    pps.ue(0);
    pps.u(1, random.next());
    pps.u(4, 0);
    pps.u(2, random.next());
    pps.ue(random.next() % 3);
    pps.ue(random.next() % 3);
    pps.ue(0);
    pps.u(2, random.next());
    let qp_delta = random.next() & 1;
    pps.u(1, qp_delta);
    if qp_delta == 1 {
        pps.ue(random.next() % 2);
    }
    pps.ue(0);
    pps.ue(0);
    pps.u(4, random.next() & 0b1001);
    let tiles = u64::from(random.below(4) == 0 && width > 16 && height > 16);
    pps.u(1, tiles);
    pps.u(1, random.next());
    if tiles == 1 {
        pps.ue(1);
        pps.ue(1);
        pps.u(2, 0b10);
    }
    pps.u(4, 0);
    pps.ue(0);
    pps.u(1, 0);
    pps.u(1, 0);
    [sps.nal_unit(&[33 << 1, 1], &[]), pps.nal_unit(&[34 << 1, 1], &[])].concat()
}

#[test]
fn bytes_that_mean_nothing_do_no_harm() {
    let mut random = Random(1);
    let mut reader = Reader::new(None);
    let mut findings = [0; 3];
    for i in 0..30_000 {
        if i % 50 == 0 {
            let (width, height) = match i % 1000 {
                0 => (1 + random.next() % (1 << 27), 1 + random.next() % (1 << 27)),
                50 => (4000, 1),
                _ => (1 + random.next() % 40, 1 + random.next() % 40),
            };
            let sets = parameter_sets(&mut random, width, height, i % 100 == 0);
            assert_eq!(reader.read(&sets), Finding::Sound, "{i}");
        }
        let size = random.below(600);
        let data = random.bytes(size);
        let mut slice = Bits::default();
        slice.u(3, 0b101);
        slice.ue(random.next() % 3);
        let packet = match random.below(4) {
            0 => [vec![0, 0, 1, 0x26, 1], data].concat(),
            1 => [slice.nal_unit(&[1 << 1, 1], &[]), data].concat(),
            _ => [slice.nal_unit(&[19 << 1, 1], &[]), data].concat(),
        };
        match reader.read(&packet) {
            Finding::Sound => findings[0] += 1,
            Finding::Damaged(_) => findings[1] += 1,
            Finding::Unread => findings[2] += 1,
        }
    }
    assert!(findings[1] > 20_000, "{findings:?}");
    for _ in 0..10_000 {
        let size = random.below(80);
        let [record, packet] = [random.bytes(size), random.bytes(size)];
        let mut reader = Reader::new(Some(&record));
        reader.read(&packet);
        Reader::new(Some(&[&[1][..], &record].concat())).read(&packet);
    }
}

/// Packets of clips, damaged beyond what happens: all that they lead to is a finding.
#[test]
fn mutated_clips_do_no_harm() {
    let folder = Folder::new("hevc-mutated");
    let mut random = Random(3);
    for clip in CLIPS.iter().step_by(3) {
        let access_units = access_units(&folder, clip);
        let mut reader = Reader::new(None);
        for _ in 0..300 {
            let at = random.below(access_units.len());
            let mut packet = with_start_codes(&access_units[at]);
            for _ in 0..1 + random.below(4) {
                if !packet.is_empty() {
                    damage(&mut random, &mut packet);
                }
            }
            reader.read(&packet);
            if random.below(20) == 0 {
                reader.read(&with_start_codes(&access_units[0]));
            }
        }
    }
}

#[test]
fn small_slices_take_little_time() {
    let mut random = Random(5);
    let mut reader = Reader::new(None);
    for _ in 0..20 {
        reader.read(&parameter_sets(&mut random, 4000, 4000, false));
        let mut slice = Bits::default();
        slice.u(3, 0b101);
        slice.ue(2);
        let packet: Vec<u8> = slice.nal_unit(&[19 << 1, 1], &[]).repeat(5000);
        let start = Instant::now();
        assert_ne!(reader.read(&packet), Finding::Sound);
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn what_holds_no_picture_is_sound_only_if_it_is_nothing_else() {
    let mut random = Random(9);
    let mut reader = Reader::new(None);
    assert!(matches!(reader.read(&[0, 0, 1, 0x26, 1, 0xaf, 0xff]), Finding::Damaged("parameter set missing")));
    assert_eq!(reader.read(&parameter_sets(&mut random, 2, 2, false)), Finding::Sound);
    let delimiter = [0, 0, 0, 1, 0x46, 1, 0x50, 0, 0];
    assert_eq!(reader.read(&delimiter), Finding::Sound);
    assert_eq!(reader.read(&[]), Finding::Sound);
    assert_eq!(reader.read(&[0, 0, 1, 0x4e, 1, 5, 2, 7, 7, 0x80]), Finding::Sound);
    assert_eq!(reader.read(&[0, 0, 1, 0x4c, 1, 0xff, 0xff, 0x80]), Finding::Sound);
    assert_eq!(reader.read(&[0, 0, 1, 0x48, 1, 0, 0, 0, 1, 0x4a, 1]), Finding::Sound);
    // What decoders of Dolby Vision use.
    assert_eq!(reader.read(&[0, 0, 1, 0x7c, 1, 7, 7]), Finding::Sound);
    for damaged in [
        // Information that does not fill its unit, a reserved type, a long delimiter, a forbidden bit, no temporal layer, another
        // layer without a first one, and no start code.
        &[0, 0, 1, 0x4e, 1, 5, 9, 7, 7, 0x80][..],
        &[0, 0, 1, 0x2c, 1, 7, 7],
        &[0, 0, 1, 0x46, 1, 0x50, 8],
        &[0, 0, 1, 0xc6, 1, 0x50],
        &[0, 0, 1, 0x46, 0, 0x50],
        &[0, 0, 1, 2, 9, 0xd0],
        &[7],
    ] {
        assert!(matches!(reader.read(damaged), Finding::Damaged(_)), "{damaged:?}");
    }
}
