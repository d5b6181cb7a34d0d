//! One decoded frame -> its hashes.
//!
//! In: the bytes of a tightly packed frame in a known [`FrameFormat`]. Out: PDQ and its quality, the motion grid, the classic
//! hashes asked for, and the points of some frames. Without state, so frames may be hashed on any number of threads.

use crate::hash::classic::{self, Algorithm};
use crate::hash::pdq::{self, PdqHash};
use crate::hash::points::{self, KeyPoint};
use crate::picture::frame::{FrameError, FrameFormat};
use crate::picture::plane::Plane;
use crate::picture::shrink::{self, CELLS};

/// The hashes of one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameHashes {
    /// PDQ of the luma, full range.
    pub pdq: PdqHash,
    /// PDQ's quality, 0..=100.
    pub quality: u8,
    /// 16 x 16 area averages, full range.
    pub grid: [f32; CELLS * CELLS],
    /// The classic hashes, by position in [`classic::ALGORITHMS`].
    pub classic: [Option<[u8; 8]>; 4],
    /// The points, of the frames that have some: [`points::has_points`].
    pub points: Option<Vec<KeyPoint>>,
}

impl FrameHashes {
    /// Bytes of [`Self::to_bytes`] without points: PDQ, quality, cells, and for each classic hash a byte that says whether it is
    /// there.
    const BYTES: usize = 32 + 1 + 4 * CELLS * CELLS + 9 * 4;

    /// The hashes as bytes, to pass them from the thread that hashes to the one that records; never stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::BYTES);
        bytes.extend(self.pdq.0);
        bytes.push(self.quality);
        bytes.extend(self.grid.iter().flat_map(|cell| cell.to_le_bytes()));
        for hash in self.classic {
            bytes.push(u8::from(hash.is_some()));
            bytes.extend(hash.unwrap_or_default());
        }
        if let Some(points) = &self.points {
            // A byte that says that they are there: a flat frame has none of them.
            bytes.push(1);
            bytes.extend(points.iter().flat_map(KeyPoint::to_bytes));
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` for any other length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (bytes, points) = bytes.split_at_checked(Self::BYTES)?;
        let points = match points.split_first() {
            Some((_, points)) => {
                let (points, []) = points.as_chunks() else { return None };
                Some(points.iter().map(KeyPoint::from_bytes).collect::<Option<_>>()?)
            }
            None => None,
        };
        let (pdq, rest) = bytes.split_first_chunk()?;
        let (&quality, rest) = rest.split_first()?;
        let (cells, classic) = rest.split_at(4 * CELLS * CELLS);
        let mut hashes = Self { pdq: PdqHash(*pdq), quality, grid: [0.0; CELLS * CELLS], classic: [None; 4], points };
        for (cell, bytes) in hashes.grid.iter_mut().zip(cells.as_chunks().0) {
            *cell = f32::from_le_bytes(*bytes);
        }
        for (hash, bytes) in hashes.classic.iter_mut().zip(classic.as_chunks::<9>().0) {
            let (is_there, value) = bytes.split_first_chunk::<1>()?;
            *hash = (is_there[0] == 1).then(|| value.try_into().expect("nine bytes are one and eight"));
        }
        Some(hashes)
    }
}

impl FrameFormat {
    /// Hashes one tightly packed frame, without points.
    pub fn hash(&self, frame: &[u8], algorithms: &[Algorithm]) -> Result<FrameHashes, FrameError> {
        self.with_luma(frame, |plane| hash_plane(plane, algorithms))
    }

    /// Hashes the frame with this number, from 0, of a video, with points if it has some.
    pub fn hash_nth(&self, number: u64, frame: &[u8], algorithms: &[Algorithm]) -> Result<FrameHashes, FrameError> {
        self.with_luma(frame, |plane| FrameHashes {
            points: points::has_points(number).then(|| points::of_luma(plane)),
            ..hash_plane(plane, algorithms)
        })
    }
}

/// Hashes one luma plane, without points.
pub fn hash_plane(plane: &Plane, algorithms: &[Algorithm]) -> FrameHashes {
    let (pdq, quality) = pdq_of_plane(plane);
    let mut classic = [None; 4];
    for &algorithm in algorithms {
        classic[algorithm as usize] = Some(classic::hash(plane, algorithm));
    }
    FrameHashes { pdq, quality, grid: shrink::area_averages(plane), classic, points: None }
}

fn pdq_of_plane(plane: &Plane) -> (PdqHash, u8) {
    let mut grid = Box::new([0f32; pdq::GRID * pdq::GRID]);
    let (width, height, stride) = (plane.width(), plane.height(), plane.stride_bytes());
    if plane.depth_bits() == 8 {
        pdq::tent_grid_u8(plane.samples(), width, height, stride, &mut grid);
    } else {
        pdq::tent_grid_u16(plane.samples(), width, height, stride, &mut grid);
    }
    for value in grid.iter_mut() {
        *value = plane.to_full_range(*value);
    }
    let result = pdq::hash_grid(&grid);
    (result.hash, result.quality)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::luma::Matrix;
    use crate::picture::pixel_format::PixelFormat;
    use crate::picture::plane::Range;

    #[test]
    fn a_frame_of_the_wrong_length_is_refused() {
        let pixel_format = PixelFormat::from_name("yuv420p").unwrap();
        let format = FrameFormat { pixel_format, range: Range::Limited, width: 4, height: 4, matrix: Matrix::Bt601 };
        assert_eq!(format.hash(&[0; 23], &[]), Err(FrameError::Length { found: 23, needed: 24 }));
        assert!(format.hash(&[0; 24], &[]).is_ok());
    }

    #[test]
    fn hashes_are_the_same_after_a_way_as_bytes() {
        let pixel_format = PixelFormat::from_name("yuv420p").unwrap();
        let format = FrameFormat { pixel_format, range: Range::Limited, width: 64, height: 48, matrix: Matrix::Bt601 };
        let blocks = |i: usize| if (i / 64 / 9 + i % 64 / 7).is_multiple_of(2) { 40 } else { 200 };
        let frame: Vec<u8> = (0..format.frame_bytes()).map(blocks).collect();
        for number in [0, 1] {
            let hashes = format.hash_nth(number, &frame, &classic::ALGORITHMS[..2]).unwrap();
            let has_points = hashes.points.as_ref().is_some_and(|points| !points.is_empty());
            assert_eq!((has_points, hashes.points.is_some()), (number == 0, number == 0));
            assert_eq!(FrameHashes::from_bytes(&hashes.to_bytes()), Some(hashes.clone()));
            assert_eq!(FrameHashes::from_bytes(&hashes.to_bytes()[1..]), None);
        }
        let flat = format.hash_nth(0, &vec![90; frame.len()], &[]).unwrap();
        assert_eq!(flat.points, Some(Vec::new()));
        assert_eq!(FrameHashes::from_bytes(&flat.to_bytes()), Some(flat));
    }

    #[test]
    fn chroma_does_not_reach_the_perceptual_hashes() {
        let pixel_format = PixelFormat::from_name("yuv420p").unwrap();
        let format = FrameFormat { pixel_format, range: Range::Limited, width: 64, height: 48, matrix: Matrix::Bt601 };
        let mut frame: Vec<u8> = (0..format.frame_bytes()).map(|i| (i * i / 17) as u8).collect();
        let before = format.hash(&frame, &classic::ALGORITHMS).unwrap();
        frame[64 * 48..].fill(0);
        assert_eq!(format.hash(&frame, &classic::ALGORITHMS).unwrap(), before);
    }
}
