//! Measures what hashing one 1080p frame costs, step by step, and the plain version of each step.
//!
//! `cargo bench -p cotejo-steps --bench frame`

use cotejo::hash::classic::{self, Algorithm};
use cotejo::hash::digest::{sha256, sha256_pair};
use cotejo::hash::pdq::{self, GRID};
use cotejo::picture::frame::FrameFormat;
use cotejo::picture::luma::Matrix;
use cotejo::picture::pixel_format::PixelFormat;
use cotejo::picture::plane::{Plane, Range};
use cotejo::picture::shrink::{self, CELLS};
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use img_hash::{FilterType, HashAlg, HasherConfig, image::GrayImage};
use std::hint::black_box;
use std::time::Duration;

const WIDTH: usize = 1920;
const HEIGHT: usize = 1080;

/// A frame with large shapes and fine grain.
fn frame(format: &FrameFormat) -> Vec<u8> {
    let level = |i: usize| {
        let (x, y) = (i % WIDTH, i / WIDTH);
        let grain = (i as u32).wrapping_mul(2_654_435_761) >> 29;
        (16 + (x / 16 + y / 9 + (x * y) / 20_000) % 200 + grain as usize) as u8
    };
    (0..format.frame_bytes()).map(level).collect()
}

fn format(name: &str) -> FrameFormat {
    let pixel_format = PixelFormat::from_name(name).expect("listed");
    let (width, height) = (WIDTH as u32, HEIGHT as u32);
    FrameFormat { pixel_format, range: Range::Limited, width, height, matrix: Matrix::Bt601 }
}

fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1)).sample_size(20);
    group
}

/// The area averages by definition, one sample at a time, in f64.
fn plain_averages(plane: &Plane) -> [f32; CELLS * CELLS] {
    let (width, height) = (plane.width(), plane.height());
    let mut sums = [0f64; CELLS * CELLS];
    for y in 0..height {
        let row = plane.row(y);
        for (x, &sample) in row.iter().enumerate() {
            for cell_y in y * CELLS / height..=((y + 1) * CELLS - 1) / height {
                for cell_x in x * CELLS / width..=((x + 1) * CELLS - 1) / width {
                    let overlap = |pixel: usize, cell: usize, side: usize| {
                        (side * (cell + 1)).min(CELLS * (pixel + 1)) - (side * cell).max(CELLS * pixel)
                    };
                    let weight = overlap(x, cell_x, width) * overlap(y, cell_y, height);
                    sums[cell_y * CELLS + cell_x] += weight as f64 * f64::from(sample);
                }
            }
        }
    }
    sums.map(|sum| plane.to_full_range((sum / (width * height) as f64) as f32))
}

fn shrinking(criterion: &mut Criterion) {
    let format = format("yuv420p");
    let frame = frame(&format);
    let plane = Plane::new(&frame, WIDTH as u32, HEIGHT as u32, WIDTH, 8, Range::Limited).expect("sizes fit");
    assert_eq!(shrink::area_averages(&plane), plain_averages(&plane));
    let mut group = group(criterion, "shrink");
    group.bench_function("area_averages", |bench| bench.iter(|| shrink::area_averages(black_box(&plane))));
    group.bench_function("one sample at a time", |bench| bench.iter(|| plain_averages(black_box(&plane))));
}

fn pdq(criterion: &mut Criterion) {
    let frame = frame(&format("yuv420p"));
    let luma: Vec<f32> = frame[..WIDTH * HEIGHT].iter().map(|&level| f32::from(level)).collect();
    let mut group = group(criterion, "pdq");
    group.bench_function("video frame", |bench| {
        bench.iter(|| {
            let mut grid = [0.0; GRID * GRID];
            pdq::tent_grid_u8(black_box(&frame), WIDTH, HEIGHT, WIDTH, &mut grid);
            pdq::hash_grid(&grid)
        });
    });
    let grid = pdq::grid_of_luma(&luma, WIDTH, HEIGHT).expect("large enough");
    group.bench_function("of that, hash_grid", |bench| bench.iter(|| pdq::hash_grid(black_box(&grid))));
    group.bench_function("the reference's way", |bench| {
        bench.iter(|| pdq::hash_luma(black_box(&luma), WIDTH, HEIGHT));
    });
}

fn gradient(criterion: &mut Criterion) {
    let frame = frame(&format("yuv420p"));
    let plane = Plane::new(&frame, WIDTH as u32, HEIGHT as u32, WIDTH, 8, Range::Limited).expect("sizes fit");
    let picture = GrayImage::from_raw(WIDTH as u32, HEIGHT as u32, frame[..WIDTH * HEIGHT].to_vec()).expect("it fits");
    let config = HasherConfig::new().hash_size(8, 8).resize_filter(FilterType::Triangle).hash_alg(HashAlg::Gradient);
    let hasher = config.to_hasher();
    assert_eq!(classic::hash(&plane, Algorithm::Gradient), hasher.hash_image(&picture).as_bytes());
    let mut group = group(criterion, "classic gradient");
    group.bench_function("row by row", |bench| bench.iter(|| classic::hash(black_box(&plane), Algorithm::Gradient)));
    group.bench_function("the img_hash crate", |bench| bench.iter(|| hasher.hash_image(black_box(&picture))));
}

fn digest(criterion: &mut Criterion) {
    let frame = frame(&format("yuv420p"));
    let mut group = group(criterion, "digest");
    group.throughput(Throughput::Bytes(frame.len() as u64));
    group.bench_function("sha256", |bench| bench.iter(|| sha256(black_box(&frame))));
    let mut other = frame.clone();
    other.reverse();
    group.throughput(Throughput::Bytes(2 * frame.len() as u64));
    group.bench_function("sha256 of two frames", |bench| {
        bench.iter(|| sha256_pair(black_box([&frame, &other])));
    });
}

fn whole(criterion: &mut Criterion) {
    let mut group = group(criterion, "whole frame without digest");
    for name in ["yuv420p", "nv12", "yuv420p10le", "bgra"] {
        let format = format(name);
        let frame = frame(&format);
        group.bench_function(name, |bench| bench.iter(|| format.hash(black_box(&frame), &[Algorithm::Gradient])));
    }
}

criterion_group!(benches, shrinking, pdq, gradient, digest, whole);
criterion_main!(benches);
