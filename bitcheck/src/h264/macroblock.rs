//! What is kept of a macroblock for those that follow, and which those are (clauses 6.4 and 7.4.5).

use super::slice_header::SliceType;
use crate::finding::{Read, Stop};

/// mb_type, as far as the rest of a macroblock's syntax depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MbType {
    /// I_NxN: Intra_4x4 or Intra_8x8.
    INxN,
    /// Intra_16x16, with Intra16x16PredMode and CodedBlockPattern.
    I16x16 { mode: u8, coded: u8 },
    /// I_PCM.
    Pcm,
    /// Inter prediction of one or two parts; for each, bit 0 says that list 0 is used, and bit 1 that list 1 is.
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
    /// Takes the number of Tables 7-11, 7-13 and 7-14.
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
    /// Which lists are used, as in [`MbType::Inter`]; none if direct.
    pub lists: u8,
    /// Width and height of the parts in blocks of 4x4 samples.
    pub part: [usize; 2],
}

impl SubMbType {
    /// Takes the number of Tables 7-17 and 7-18.
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

/// The kinds of macroblocks that others tell apart.
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

/// Intra4x4PredMode of DC prediction, which stands for whatever is predicted in another way.
const DC: u8 = 2;

/// What is kept of a macroblock. Blocks of 4x4 samples are in raster order, those of chroma too.
#[derive(Clone, Copy, Debug)]
pub struct Macroblock {
    /// The number of its slice, counted through the stream; 0: none.
    pub slice: u32,
    /// Its kind.
    pub kind: Kind,
    /// Whether it is one of a field.
    pub is_field: bool,
    /// transform_size_8x8_flag.
    pub transform_8x8: bool,
    /// CodedBlockPatternLuma, and 16 times CodedBlockPatternChroma.
    pub coded: u8,
    /// coded_block_flag of the DC blocks of each colour, one bit each.
    pub coded_dc: u8,
    /// intra_chroma_pred_mode.
    pub intra_chroma_pred_mode: u8,
    /// Intra4x4PredMode or Intra8x8PredMode of each block.
    pub intra_modes: [u8; 16],
    /// How many coefficients each block of each colour has, not counting DC blocks. If CABAC is used, whether it has any.
    pub coefficients: [[u8; 16]; 3],
    /// ref_idx of both lists and each quarter.
    pub ref_idx: [[u8; 4]; 2],
    /// The magnitudes of mvd of both lists, each block and both directions, up to 255.
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
    /// Whether it is not predicted from other pictures.
    pub fn is_intra(&self) -> bool {
        matches!(self.kind, Kind::INxN | Kind::I16x16 | Kind::Pcm)
    }
}

/// A row of blocks of the macroblock on the left.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// Which macroblock.
    pub mb: usize,
    /// Which row of it.
    pub row: usize,
}

/// What surrounds a macroblock, as far as it is available, and itself as far as it is read.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    mbs: &'a [Macroblock],
    /// What was read.
    pub current: Macroblock,
    /// What is left of each row of blocks of luma.
    left: Option<[Left; 4]>,
    /// The macroblock whose last row is above.
    above: Option<usize>,
    /// ChromaArrayType.
    pub chroma_array_type: u32,
}

/// Where macroblocks are.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// PicWidthInMbs.
    pub width: usize,
    /// MbaffFrameFlag: macroblocks are in pairs, one above the other.
    pub is_mbaff: bool,
    /// ChromaArrayType.
    pub chroma_array_type: u32,
}

impl Layout {
    /// The surroundings of macroblock `address` of `slice`.
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

    /// Whether the pairs left of and above macroblock `address` are pairs of fields; `None` if they are not available.
    pub fn neighbouring_fields(&self, mbs: &[Macroblock], address: usize, slice: u32) -> [Option<bool>; 2] {
        self.neighbours(mbs, address / 2, 2, slice).map(|mb| mb.map(|mb| mbs[mb].is_field))
    }

    /// The macroblocks left of and above the place `at`, if they are available: the first ones of pairs if `step` is 2.
    fn neighbours(&self, mbs: &[Macroblock], at: usize, step: usize, slice: u32) -> [Option<usize>; 2] {
        let left = if at.is_multiple_of(self.width) { None } else { Some(at - 1) };
        let above = at.checked_sub(self.width);
        [left, above].map(|at| at.map(|at| step * at).filter(|&mb| mbs[mb].slice == slice))
    }

    /// 6.4.12.2.
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

    /// The macroblock that holds the block left of block (0, `y`) of luma, and the row there.
    pub fn left_of(&self, y: usize) -> Option<(&Macroblock, usize)> {
        self.left.map(|rows| (&self.mbs[rows[y].mb], rows[y].row))
    }

    /// The numbers of coefficients of the blocks left of and above block (`x`, `y`) of `plane`, whose blocks are in as many
    /// columns and rows as `size` says.
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

    /// Which rows of blocks have samples on the left that intra prediction may use, and whether there are such above.
    pub fn intra_available(&self, constrained_intra_pred: bool) -> ([bool; 4], bool) {
        let may_use = |mb: usize| !constrained_intra_pred || self.mbs[mb].is_intra();
        let left = self.left.map_or([false; 4], |rows| {
            rows.map(|Left { mb, .. }| {
                // Lines of a frame are in turn in both macroblocks of a pair of fields.
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
    /// What it holds.
    pub kind: BlockKind,
    /// Which colour it is of.
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
    /// The most coefficients of one.
    pub fn max_coefficients(self, chroma_array_type: u32) -> usize {
        match self {
            Self::Dc16x16 | Self::Luma4x4 => 16,
            Self::Ac16x16 | Self::ChromaAc => 15,
            Self::ChromaDc => 4 * chroma_array_type as usize,
            Self::Luma8x8 => 64,
        }
    }

    /// Columns and rows of the blocks among which it counts.
    pub fn grid(self, chroma_array_type: u32) -> [usize; 2] {
        match self {
            Self::ChromaAc => [2, 2 * chroma_array_type as usize],
            _ => [4; 2],
        }
    }
}

/// Which syntax elements a macroblock consists of is one thing; how each is coded is what implements this.
pub trait Entropy {
    /// Whether a block of 8x8 coefficients is coded as one, not as four of a quarter each.
    const HAS_8X8_BLOCKS: bool;

    /// mb_field_decoding_flag; `fields`: [`Layout::neighbouring_fields`].
    fn mb_field_decoding_flag(&mut self, fields: [Option<bool>; 2]) -> bool;
    /// mb_type as a number.
    fn mb_type(&mut self, scope: &Scope, slice_type: SliceType) -> Read<u32>;
    /// The samples of I_PCM, `count` bits.
    fn pcm_samples(&mut self, count: usize) -> Read<()>;
    /// transform_size_8x8_flag.
    fn transform_size_8x8_flag(&mut self, scope: &Scope) -> bool;
    /// rem_intra4x4_pred_mode or rem_intra8x8_pred_mode, unless the mode is the predicted one.
    fn rem_intra_pred_mode(&mut self) -> Option<u8>;
    /// intra_chroma_pred_mode.
    fn intra_chroma_pred_mode(&mut self, scope: &Scope) -> Read<u8>;
    /// sub_mb_type as a number.
    fn sub_mb_type(&mut self, slice_type: SliceType) -> Read<u32>;
    /// ref_idx of the part at `quarter`, which is below `count` unless an error is met.
    fn ref_idx(&mut self, scope: &Scope, list: usize, quarter: usize, count: u32) -> Read<u32>;
    /// The magnitudes of mvd of the part that begins with the block at (`x`, `y`).
    fn mvd(&mut self, scope: &Scope, list: usize, x: usize, y: usize) -> Read<[u32; 2]>;
    /// coded_block_pattern.
    fn coded_block_pattern(&mut self, scope: &Scope) -> Read<u8>;
    /// mb_qp_delta; `follows_change`: that of the macroblock before was not 0.
    fn mb_qp_delta(&mut self, follows_change: bool) -> Read<i32>;
    /// A residual block; how many coefficients it has.
    fn residual_block(&mut self, scope: &Scope, block: Block) -> Read<u8>;
    /// An error if more was read than there is.
    fn check(&self) -> Read<()>;
}
