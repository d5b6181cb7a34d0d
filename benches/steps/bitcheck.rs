//! Measures what reading a second of 1080p for damage costs, by codec. The installed ffmpeg makes the streams.
//!
//! `cargo bench -p cotejo-steps --bench bitcheck`

use bitcheck::{Finding, PacketReader};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

/// A moving pattern with noise, which uses up the bit rate.
const SOURCE: &str = "testsrc2=s=1920x1080:r=30:d=1,noise=alls=12:allf=t";
const RATE: &str = "-pix_fmt yuv420p -b:v 6M -maxrate 6M -bufsize 12M";
const STREAMS: [(&str, &str, &str); 4] = [
    ("H.264, CABAC", "h264", "-c:v libx264 -preset veryfast -aud 1 -f h264"),
    ("H.264, CAVLC", "h264", "-c:v libx264 -preset veryfast -aud 1 -x264-params cabac=0 -f h264"),
    ("HEVC", "hevc", "-c:v libx265 -preset veryfast -x265-params log-level=none:aud=1 -f hevc"),
    ("VP8", "vp8", "-c:v libvpx -deadline realtime -cpu-used 6 -f ivf"),
];
/// The headers of an IVF file and of a frame in it.
const IVF_BYTES: usize = 32;
const IVF_FRAME_BYTES: usize = 12;

/// The packets of a stream, by ffmpeg.
fn packets(codec: &str, encoder: &str) -> Vec<Vec<u8>> {
    let arguments = format!("-v error -f lavfi -i {SOURCE} {RATE} {encoder} -");
    let output = Command::new("ffmpeg").args(arguments.split(' ')).output().expect("ffmpeg is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    match codec {
        "h264" => access_units(&output.stdout, &[0, 0, 0, 1, 9]),
        "hevc" => access_units(&output.stdout, &[0, 0, 0, 1, 70]),
        _ => frames(&output.stdout),
    }
}

/// Splits a stream into access units; each begins with `delimiter`.
fn access_units(stream: &[u8], delimiter: &[u8]) -> Vec<Vec<u8>> {
    let starts: Vec<usize> = (0..stream.len()).filter(|&at| stream[at..].starts_with(delimiter)).collect();
    let ends = starts.iter().skip(1).copied().chain([stream.len()]);
    starts.iter().zip(ends).map(|(&start, end)| stream[start..end].to_vec()).collect()
}

/// The frames of an IVF file.
fn frames(file: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = &file[IVF_BYTES..];
    let mut frames = Vec::new();
    while let Some((header, behind)) = rest.split_at_checked(IVF_FRAME_BYTES) {
        let length = u32::from_le_bytes(header[..4].try_into().expect("4 bytes"));
        let (frame, behind) = behind.split_at(length as usize);
        frames.push(frame.to_vec());
        rest = behind;
    }
    frames
}

fn bitcheck(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bitcheck");
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(3)).sample_size(20);
    for (name, codec, encoder) in STREAMS {
        let packets = packets(codec, encoder);
        group.throughput(Throughput::Bytes(packets.iter().map(Vec::len).sum::<usize>() as u64));
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let mut reader = PacketReader::new(codec, None).expect("a codec that is read");
                for packet in &packets {
                    assert_eq!(reader.read(black_box(packet)), Finding::Sound);
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bitcheck);
criterion_main!(benches);
