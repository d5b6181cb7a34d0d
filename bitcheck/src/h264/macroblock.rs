//! What is kept of a macroblock for its neighbours, and which macroblocks those are (clauses 6.4 and 7.4.5).

use super::slice_header::SliceType;
use crate::finding::{Read, Stop};

/// mb_type, as far as later syntax elements depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MbType {
    /// I_NxN: Intra_4x4 or Intra_8x8.
    INxN,
    /// Intra_16x16, with Intra16x16PredMode and CodedBlockPattern.
    I16x16 { mode: u8, coded: u8 },
    /// I_PCM.
    Pcm,
    /// Inter prediction of one or two parts. For each part, bit 0 means list 0 is used, bit 1 list 1.
    Inter { parts: Parts, lists: [u8; 2] },
    /// P_8x8 and B_8x8.
    Inter8x8,
    /// P_8x8ref0.
    Inter8x8Ref0,
    /// B_Direct_16x16.
    Direct,
}

/// How a macroblock is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// 16x16.
    Whole,
    /// 16x8.
    Rows,
    /// 8x16.
    Columns,
}

impl MbType {
    /// `number` as in Tables 7-11, 7-13 and 7-14.
    pub fn new(slice_type: SliceType, number: u32) -> Read<Self> {
        let intra = match (slice_type, number) {
            (SliceType::I, _) => number,
            (SliceType::P, 0) => return Ok(Self::Inter { parts: Parts::Whole, lists: [1; 2] }),
            (SliceType::P, 1) => return Ok(Self::Inter { parts: Parts::Rows, lists: [1; 2] }),
            (SliceType::P, 2) => return Ok(Self::Inter { parts: Parts::Columns, lists: [1; 2] }),
            (SliceType::P, 3) | (SliceType::B, 22) => return Ok(Self::Inter8x8),
            (SliceType::P, 4) => return Ok(Self::Inter8x8Ref0),
            (SliceType::P, _) => number - 5,
            (SliceType::B, 0) => return Ok(Self::Direct),
            (SliceType::B, 1..=3) => return Ok(Self::Inter { parts: Parts::Whole, lists: [number as u8; 2] }),
            (SliceType::B, 4..=21) => {
                const LISTS: [[u8; 2]; 9] = [[1, 1], [2, 2], [1, 2], [2, 1], [1, 3], [2, 3], [3, 1], [3, 2], [3, 3]];
                let parts = if number.is_multiple_of(2) { Parts::Rows } else { Parts::Columns };
                return Ok(Self::Inter { parts, lists: LISTS[(number - 4) as usize / 2] });
            }
            (SliceType::B, _) => number - 23,
        };
        match intra {
            0 => Ok(Self::INxN),
            1..=24 => {
                let (mode, coded) = ((intra - 1) % 4, (((intra - 1) / 4 % 3) << 4) | if intra > 12 { 15 } else { 0 });
                Ok(Self::I16x16 { mode: mode as u8, coded: coded as u8 })
            }
            25 => Ok(Self::Pcm),
            _ => Err(Stop::Damaged("mb_type")),
        }
    }
}

/// sub_mb_type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubMbType {
    /// The lists used, as in [`MbType::Inter`]; none if direct.
    pub lists: u8,
    /// Width and height of a part in blocks of 4x4 samples.
    pub part: [usize; 2],
}

impl SubMbType {
    /// `number` as in Tables 7-17 and 7-18.
    pub fn new(slice_type: SliceType, number: u32) -> Read<Self> {
        const P: [(u8, [usize; 2]); 4] = [(1, [2, 2]), (1, [2, 1]), (1, [1, 2]), (1, [1, 1])];
        const B: [(u8, [usize; 2]); 13] = [
            (0, [1, 1]),
            (1, [2, 2]),
            (2, [2, 2]),
            (3, [2, 2]),
            (1, [2, 1]),
            (1, [1, 2]),
            (2, [2, 1]),
            (2, [1, 2]),
            (3, [2, 1]),
            (3, [1, 2]),
            (1, [1, 1]),
            (2, [1, 1]),
            (3, [1, 1]),
        ];
        let table = if slice_type == SliceType::B { &B[..] } else { &P[..] };
        let &(lists, part) = table.get(number as usize).ok_or(Stop::Damaged("sub_mb_type"))?;
        Ok(Self { lists, part })
    }
}

/// Kinds of macroblocks, as far as neighbours tell them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// P_Skip and B_Skip.
    #[default]
    Skip,
    /// B_Direct_16x16.
    Direct,
    /// Any other inter prediction.
    Inter,
    /// I_NxN.
    INxN,
    /// Intra_16x16.
    I16x16,
    /// I_PCM.
    Pcm,
}

/// Intra4x4PredMode of DC prediction; stands also for macroblocks predicted in another way.
const DC: u8 = 2;

/// What is kept of a macroblock. Its 4x4 blocks are in raster order, chroma's too.
#[derive(Clone, Copy, Debug)]
pub struct Macroblock {
    /// The number of its slice, counted through the stream; 0 if none.
    pub slice: u32,
    /// Its kind.
    pub kind: Kind,
    /// Whether it belongs to a field.
    pub is_field: bool,
    /// transform_size_8x8_flag.
    pub transform_8x8: bool,
    /// CodedBlockPatternLuma, and 16 times CodedBlockPatternChroma.
    pub coded: u8,
    /// coded_block_flag of each colour's DC block, one bit each.
    pub coded_dc: u8,
    /// intra_chroma_pred_mode.
    pub intra_chroma_pred_mode: u8,
    /// Intra4x4PredMode or Intra8x8PredMode of each block.
    pub intra_modes: [u8; 16],
    /// The number of coefficients of each colour's blocks, without DC blocks. With CABAC, 1 if there are any.
    pub coefficients: [[u8; 16]; 3],
    /// ref_idx by list and quarter.
    pub ref_idx: [[u8; 4]; 2],
    /// Magnitudes of mvd by list, block and direction, capped at 255.
    pub mvd: [[[u8; 2]; 16]; 2],
}

impl Default for Macroblock {
    fn default() -> Self {
        Self {
            slice: 0,
            kind: Kind::Skip,
            is_field: false,
            transform_8x8: false,
            coded: 0,
            coded_dc: 0,
            intra_chroma_pred_mode: 0,
            intra_modes: [DC; 16],
            coefficients: [[0; 16]; 3],
            ref_idx: [[0; 4]; 2],
            mvd: [[[0; 2]; 16]; 2],
        }
    }
}

impl Macroblock {
    /// Whether it is predicted from its own picture alone.
    pub fn is_intra(&self) -> bool {
        matches!(self.kind, Kind::INxN | Kind::I16x16 | Kind::Pcm)
    }
}

/// One row of blocks of the macroblock to the left.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// The macroblock's address.
    pub mb: usize,
    /// The row in it.
    pub row: usize,
}

/// A macroblock as far as it is read, and its available neighbours.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    mbs: &'a [Macroblock],
    /// The macroblock being read.
    pub current: Macroblock,
    /// The neighbour to the left of each row of luma blocks.
    left: Option<[Left; 4]>,
    /// The macroblock above, of which the last row is used.
    above: Option<usize>,
    /// ChromaArrayType.
    pub chroma_array_type: u32,
}

/// The layout of macroblocks in a picture.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// PicWidthInMbs.
    pub width: usize,
    /// MbaffFrameFlag: macroblocks come in pairs, one above the other.
    pub is_mbaff: bool,
    /// ChromaArrayType.
    pub chroma_array_type: u32,
}

impl Layout {
    /// The neighbours of macroblock `address` of `slice`.
    pub fn scope<'a>(&self, mbs: &'a [Macroblock], address: usize, slice: u32, is_field: bool) -> Scope<'a> {
        let current = Macroblock { slice, is_field, ..Macroblock::default() };
        let (left, above) = if self.is_mbaff {
            self.around_in_pairs(mbs, address, slice, is_field)
        } else {
            let [left, above] = self.neighbours(mbs, address, 1, slice);
            (left.map(|mb| [0, 1, 2, 3].map(|row| Left { mb, row })), above)
        };
        Scope { mbs, current, left, above, chroma_array_type: self.chroma_array_type }
    }

    /// Whether the pairs to the left and above macroblock `address` are field pairs; `None` if they are not available.
    pub fn neighbouring_fields(&self, mbs: &[Macroblock], address: usize, slice: u32) -> [Option<bool>; 2] {
        self.neighbours(mbs, address / 2, 2, slice).map(|mb| mb.map(|mb| mbs[mb].is_field))
    }

    /// The available macroblocks to the left and above place `at`. With `step` 2, the first ones of pairs.
    fn neighbours(&self, mbs: &[Macroblock], at: usize, step: usize, slice: u32) -> [Option<usize>; 2] {
        let left = if at.is_multiple_of(self.width) { None } else { Some(at - 1) };
        let above = at.checked_sub(self.width);
        [left, above].map(|at| at.map(|at| step * at).filter(|&mb| mbs[mb].slice == slice))
    }

    /// Neighbours in frames with pairs (6.4.12.2).
    fn around_in_pairs(
        &self,
        mbs: &[Macroblock],
        address: usize,
        slice: u32,
        is_field: bool,
    ) -> (Option<[Left; 4]>, Option<usize>) {
        let bottom = address % 2;
        let [left, above] = self.neighbours(mbs, address / 2, 2, slice);
        let left = left.map(|top| {
            [0, 4, 8, 12].map(|y| {
                let (of_pair, y) = match (is_field, mbs[top].is_field) {
                    (false, true) => (0, (y + 16 * bottom) / 2),
                    (true, false) => (y / 8, 2 * y % 16),
                    _ => (bottom, y),
                };
                Left { mb: top + of_pair, row: y / 4 }
            })
        });
        let above = match (is_field, bottom) {
            (false, 1) => Some(address - 1),
            (true, 0) => above.map(|top| if mbs[top].is_field { top } else { top + 1 }),
            _ => above.map(|top| top + 1),
        };
        (left, above)
    }
}

impl Scope<'_> {
    /// mbAddrA.
    pub fn left(&self) -> Option<&Macroblock> {
        self.left.map(|rows| &self.mbs[rows[0].mb])
    }

    /// mbAddrB.
    pub fn above(&self) -> Option<&Macroblock> {
        self.above.map(|mb| &self.mbs[mb])
    }

    /// The macroblock with the block to the left of luma block (0, `y`), and the row in it.
    pub fn left_of(&self, y: usize) -> Option<(&Macroblock, usize)> {
        self.left.map(|rows| (&self.mbs[rows[y].mb], rows[y].row))
    }

    /// The numbers of coefficients of the blocks to the left and above block (`x`, `y`) of `plane`. `size` is the plane's columns
    /// and rows of blocks in one macroblock.
    #[inline]
    pub fn coefficients_around(&self, plane: usize, x: usize, y: usize, size: [usize; 2]) -> [Option<u8>; 2] {
        let [columns, rows] = size;
        let own = &self.current.coefficients[plane];
        let left = if x > 0 {
            Some(own[y * columns + x - 1])
        } else {
            let (mb, row) = self.left_of(y * 4 / rows).unzip();
            mb.zip(row).map(|(mb, row)| mb.coefficients[plane][row * rows / 4 * columns + columns - 1])
        };
        let above = if y > 0 {
            Some(own[(y - 1) * columns + x])
        } else {
            self.above().map(|mb| mb.coefficients[plane][(rows - 1) * columns + x])
        };
        [left, above]
    }

    /// Which rows of blocks have samples to the left that intra prediction may use, and whether samples above may be used.
    pub fn intra_available(&self, constrained_intra_pred: bool) -> ([bool; 4], bool) {
        let may_use = |mb: usize| !constrained_intra_pred || self.mbs[mb].is_intra();
        let left = self.left.map_or([false; 4], |rows| {
            rows.map(|Left { mb, .. }| {
                // In a field pair, lines of a frame alternate between both macroblocks.
                let is_of_both = self.mbs[mb].is_field && !self.current.is_field;
                may_use(mb) && (!is_of_both || may_use(mb ^ 1))
            })
        });
        (left, self.above.is_some_and(may_use))
    }

    /// predIntra4x4PredMode or predIntra8x8PredMode of the block at (`x`, `y`) (8.3.1.1 and 8.3.2.1).
    pub fn predicted_intra_mode(&self, x: usize, y: usize, constrained_intra_pred: bool) -> u8 {
        let may_use = |mb: &Macroblock| !constrained_intra_pred || mb.is_intra();
        let left = if x > 0 {
            Some(self.current.intra_modes[4 * y + x - 1])
        } else {
            self.left_of(y).filter(|(mb, _)| may_use(mb)).map(|(mb, row)| mb.intra_modes[4 * row + 3])
        };
        let above = if y > 0 {
            Some(self.current.intra_modes[4 * (y - 1) + x])
        } else {
            self.above().filter(|mb| may_use(mb)).map(|mb| mb.intra_modes[12 + x])
        };
        left.zip(above).map_or(DC, |(left, above)| left.min(above))
    }
}

/// A residual block; `x` and `y` count blocks of 4x4 samples.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// The kind of its coefficients.
    pub kind: BlockKind,
    /// The colour plane.
    pub plane: usize,
    /// Column.
    pub x: usize,
    /// Row.
    pub y: usize,
}

/// ctxBlockCat 0 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Intra16x16DCLevel.
    Dc16x16,
    /// Intra16x16ACLevel.
    Ac16x16,
    /// LumaLevel4x4.
    Luma4x4,
    /// ChromaDCLevel.
    ChromaDc,
    /// ChromaACLevel.
    ChromaAc,
    /// LumaLevel8x8.
    Luma8x8,
}

impl BlockKind {
    /// The largest number of coefficients.
    pub fn max_coefficients(self, chroma_array_type: u32) -> usize {
        match self {
            Self::Dc16x16 | Self::Luma4x4 => 16,
            Self::Ac16x16 | Self::ChromaAc => 15,
            Self::ChromaDc => 4 * chroma_array_type as usize,
            Self::Luma8x8 => 64,
        }
    }

    /// Columns and rows of the grid in which blocks of this kind are counted.
    pub fn grid(self, chroma_array_type: u32) -> [usize; 2] {
        match self {
            Self::ChromaAc => [2, 2 * chroma_array_type as usize],
            _ => [4; 2],
        }
    }
}

/// Reads syntax elements of macroblocks: CAVLC and CABAC code the same elements differently.
pub trait Entropy {
    /// Whether an 8x8 block is coded as one block, not as four interleaved ones.
    const HAS_8X8_BLOCKS: bool;

    /// mb_field_decoding_flag. `fields` as [`Layout::neighbouring_fields`] gives it.
    fn mb_field_decoding_flag(&mut self, fields: [Option<bool>; 2]) -> bool;
    /// mb_type as a number.
    fn mb_type(&mut self, scope: &Scope, slice_type: SliceType) -> Read<u32>;
    /// Passes over the `count` bits of I_PCM's samples.
    fn pcm_samples(&mut self, count: usize) -> Read<()>;
    /// transform_size_8x8_flag.
    fn transform_size_8x8_flag(&mut self, scope: &Scope) -> bool;
    /// rem_intra4x4_pred_mode or rem_intra8x8_pred_mode; `None` if the mode is the predicted one.
    fn rem_intra_pred_mode(&mut self) -> Option<u8>;
    /// intra_chroma_pred_mode.
    fn intra_chroma_pred_mode(&mut self, scope: &Scope) -> Read<u8>;
    /// sub_mb_type as a number.
    fn sub_mb_type(&mut self, slice_type: SliceType) -> Read<u32>;
    /// ref_idx of the part at `quarter`; fails unless below `count`.
    fn ref_idx(&mut self, scope: &Scope, list: usize, quarter: usize, count: u32) -> Read<u32>;
    /// Magnitudes of mvd of the part whose first block is (`x`, `y`).
    fn mvd(&mut self, scope: &Scope, list: usize, x: usize, y: usize) -> Read<[u32; 2]>;
    /// coded_block_pattern.
    fn coded_block_pattern(&mut self, scope: &Scope) -> Read<u8>;
    /// mb_qp_delta. `follows_change`: whether mb_qp_delta of the macroblock before was not 0.
    fn mb_qp_delta(&mut self, follows_change: bool) -> Read<i32>;
    /// Reads a residual block and counts its coefficients.
    fn residual_block(&mut self, scope: &Scope, block: Block) -> Read<u8>;
    /// Fails if more was read than there is.
    fn check(&self) -> Read<()>;
}
