//! Slice data and macroblocks (clauses 7.3.4 and 7.3.5).

use super::cabac::Cabac;
use super::cavlc::Cavlc;
use super::macroblock::{Block, BlockKind, Entropy, Kind, Layout, Macroblock, MbType, Parts, Scope, SubMbType};
use super::parameter_sets::{Pps, Sps};
use super::slice_header::{SliceHeader, SliceType};
use crate::bits::Bits;
use crate::finding::{Read, Stop};

/// More bits behind the end of a slice than any encoder leaves.
const MAX_BITS_LEFT: usize = 16;
/// More than the difference of any two vectors, in quarter samples (7.4.5.1).
const MAX_MVD: u32 = 1 << 16;
/// Whether a prediction mode needs samples to the left, and above.
type Needs = [bool; 2];
const NOTHING: Needs = [false, false];
const LEFT: Needs = [true, false];
const ABOVE: Needs = [false, true];
const BOTH: Needs = [true, true];
/// Indexed by Intra4x4PredMode and Intra8x8PredMode (8.3.1.2 and 8.3.2.2).
const INTRA_NXN: [Needs; 9] = [ABOVE, LEFT, NOTHING, ABOVE, BOTH, BOTH, BOTH, ABOVE, LEFT];
/// Indexed by Intra16x16PredMode (8.3.3).
const INTRA_16X16: [Needs; 4] = [ABOVE, LEFT, NOTHING, BOTH];
/// Indexed by intra_chroma_pred_mode (8.3.4).
const INTRA_CHROMA: [Needs; 4] = [NOTHING, LEFT, ABOVE, BOTH];

/// The state for reading one slice's macroblocks.
#[derive(Debug)]
pub struct SliceData<'a> {
    header: &'a SliceHeader,
    sps: &'a Sps,
    pps: &'a Pps,
    layout: Layout,
    /// The macroblocks of the picture, or of one of its colours.
    mbs: &'a mut [Macroblock],
    /// The number of the picture's first slice, and of this slice.
    first_slice: u32,
    slice: u32,
    /// Whether the macroblock or pair belongs to a field.
    is_field: bool,
    /// Whether mb_qp_delta of the macroblock before was not 0.
    has_qp_changed: bool,
}

impl<'a> SliceData<'a> {
    /// `slices` are the numbers of the picture's first slice and of this slice; `mbs` are the picture's macroblocks.
    pub fn new(
        header: &'a SliceHeader,
        sps: &'a Sps,
        pps: &'a Pps,
        mbs: &'a mut [Macroblock],
        slices: [u32; 2],
    ) -> Self {
        let is_mbaff = sps.mb_adaptive_frame_field && !header.is_field;
        let layout = Layout { width: sps.width, is_mbaff, chroma_array_type: sps.chroma_array_type() };
        let [first_slice, slice] = slices;
        Self { header, sps, pps, layout, mbs, first_slice, slice, is_field: header.is_field, has_qp_changed: false }
    }

    /// Reads from the end of the slice header on, and counts the macroblocks.
    pub fn read(mut self, bits: Bits, x264_build: Option<u32>) -> Read<usize> {
        let first = self.header.first_mb.saturating_mul(1 + usize::from(self.layout.is_mbaff));
        if first >= self.mbs.len() {
            return Err(Stop::Damaged("first_mb_in_slice"));
        }
        let end = if self.pps.entropy_coding_mode {
            let cabac = Cabac::new(bits.bytes(), self.header, x264_build);
            self.read_cabac(cabac, first)?
        } else {
            self.read_cavlc(Cavlc::new(bits), first)?
        };
        if self.layout.is_mbaff && end % 2 == 1 {
            return Err(Stop::Damaged("half a pair of macroblocks"));
        }
        Ok(end - first)
    }

    fn read_cabac(&mut self, mut cabac: Cabac, first: usize) -> Read<usize> {
        let slice_type = self.header.slice_type;
        let mut is_skipped = false;
        for address in first..self.mbs.len() {
            self.begin(address);
            let was_skipped = is_skipped;
            let scope = self.layout.scope(self.mbs, address, self.slice, self.is_field);
            is_skipped = slice_type != SliceType::I && cabac.mb_skip_flag(&scope, slice_type);
            if is_skipped {
                self.skip(address)?;
            } else {
                self.macroblock(&mut cabac, address, was_skipped)?;
            }
            let is_top = self.layout.is_mbaff && address % 2 == 0;
            if !is_top && cabac.end_of_slice_flag() {
                cabac.check()?;
                let is_early = cabac.bits_left() > MAX_BITS_LEFT;
                return if is_early { Err(Stop::Damaged("slice ends before its data")) } else { Ok(address + 1) };
            }
            cabac.check()?;
        }
        Err(Stop::Damaged("more data than macroblocks"))
    }

    fn read_cavlc(&mut self, mut cavlc: Cavlc, first: usize) -> Read<usize> {
        let mut address = first;
        loop {
            let mut was_skipped = false;
            if self.header.slice_type != SliceType::I {
                let run = cavlc.mb_skip_run()?;
                if run > self.mbs.len() - address {
                    return Err(Stop::Damaged("mb_skip_run"));
                }
                for _ in 0..run {
                    self.begin(address);
                    self.skip(address)?;
                    address += 1;
                }
                was_skipped = run > 0;
                if was_skipped && !cavlc.has_more() {
                    break;
                }
            }
            // Some cameras leave bytes of earlier slices after the last macroblock; decoders ignore them.
            if address == self.mbs.len() {
                break;
            }
            self.begin(address);
            self.macroblock(&mut cavlc, address, was_skipped)?;
            address += 1;
            if !cavlc.has_more() || address == self.mbs.len() {
                break;
            }
        }
        cavlc.check()?;
        Ok(address)
    }

    /// Infers mb_field_decoding_flag of a pair (7.4.4).
    fn begin(&mut self, address: usize) {
        if self.layout.is_mbaff && address.is_multiple_of(2) {
            let [left, above] = self.layout.neighbouring_fields(self.mbs, address, self.slice);
            self.is_field = left.or(above).unwrap_or(false);
        }
    }

    fn skip(&mut self, address: usize) -> Read<()> {
        self.has_qp_changed = false;
        self.store(address, Macroblock { slice: self.slice, is_field: self.is_field, ..Macroblock::default() })
    }

    fn store(&mut self, address: usize, macroblock: Macroblock) -> Read<()> {
        let place = &mut self.mbs[address];
        if place.slice >= self.first_slice {
            return Err(Stop::Damaged("macroblock coded twice"));
        }
        *place = macroblock;
        Ok(())
    }

    fn macroblock<E: Entropy>(&mut self, entropy: &mut E, address: usize, was_skipped: bool) -> Read<()> {
        let is_bottom = address % 2 == 1;
        if self.layout.is_mbaff && (!is_bottom || was_skipped) {
            let fields = self.layout.neighbouring_fields(self.mbs, address, self.slice);
            self.is_field = entropy.mb_field_decoding_flag(fields);
            if is_bottom {
                self.mbs[address - 1].is_field = self.is_field;
            }
        }
        let mut scope = self.layout.scope(self.mbs, address, self.slice, self.is_field);
        let has_qp_changed = self.macroblock_layer(entropy, &mut scope)?;
        let current = scope.current;
        self.has_qp_changed = has_qp_changed;
        self.store(address, current)
    }

    /// macroblock_layer( ); returns whether mb_qp_delta is not 0.
    fn macroblock_layer<E: Entropy>(&self, entropy: &mut E, scope: &mut Scope) -> Read<bool> {
        let mb_type = MbType::new(self.header.slice_type, entropy.mb_type(scope, self.header.slice_type)?)?;
        scope.current.kind = match mb_type {
            MbType::INxN => Kind::INxN,
            MbType::I16x16 { .. } => Kind::I16x16,
            MbType::Pcm => Kind::Pcm,
            MbType::Direct => Kind::Direct,
            MbType::Inter { .. } | MbType::Inter8x8 | MbType::Inter8x8Ref0 => Kind::Inter,
        };
        let mut may_transform_8x8 = self.pps.transform_8x8_mode;
        match mb_type {
            MbType::Pcm => {
                self.pcm(entropy, scope)?;
                return Ok(false);
            }
            MbType::INxN => {
                scope.current.transform_8x8 = may_transform_8x8 && entropy.transform_size_8x8_flag(scope);
                may_transform_8x8 = false;
                self.intra_nxn(entropy, scope)?;
                self.intra_chroma(entropy, scope)?;
            }
            MbType::I16x16 { mode, coded } => {
                scope.current.coded = coded;
                self.require(scope, INTRA_16X16[usize::from(mode)])?;
                self.intra_chroma(entropy, scope)?;
            }
            MbType::Inter { parts, lists } => self.inter(entropy, scope, parts, lists)?,
            MbType::Inter8x8 | MbType::Inter8x8Ref0 => {
                let are_whole = self.inter_8x8(entropy, scope, mb_type == MbType::Inter8x8Ref0)?;
                may_transform_8x8 &= are_whole;
            }
            MbType::Direct => may_transform_8x8 &= self.sps.direct_8x8_inference,
        }
        if scope.current.kind != Kind::I16x16 {
            scope.current.coded = entropy.coded_block_pattern(scope)?;
            if scope.current.coded & 15 != 0 && may_transform_8x8 {
                scope.current.transform_8x8 = entropy.transform_size_8x8_flag(scope);
            }
            if scope.current.coded == 0 {
                entropy.check()?;
                return Ok(false);
            }
        }
        let delta = entropy.mb_qp_delta(self.has_qp_changed)?;
        // The standard's range is half of this. Decoders accept more, because QP wraps around.
        if delta.abs() > 51 + self.sps.qp_bd_offset() {
            return Err(Stop::Damaged("mb_qp_delta"));
        }
        self.residual(entropy, scope)?;
        entropy.check()?;
        Ok(delta != 0)
    }

    fn pcm<E: Entropy>(&self, entropy: &mut E, scope: &mut Scope) -> Read<()> {
        let chroma_samples = [0, 64, 128, 256][self.layout.chroma_array_type as usize];
        let [luma, chroma] = self.sps.bit_depths.map(|depth| depth as usize);
        entropy.pcm_samples(256 * luma + 2 * chroma_samples * chroma)?;
        let current = &mut scope.current;
        current.coded = 0x2f;
        current.coded_dc = 7;
        current.coefficients = [[16; 16]; 3];
        Ok(())
    }

    /// Fails unless the samples that predicting the whole macroblock needs are available.
    fn require(&self, scope: &Scope, needs: Needs) -> Read<()> {
        let (left, above) = scope.intra_available(self.pps.constrained_intra_pred);
        available([left == [true; 4], above], needs)
    }

    fn intra_nxn<E: Entropy>(&self, entropy: &mut E, scope: &mut Scope) -> Read<()> {
        let constrained = self.pps.constrained_intra_pred;
        let (left, above) = scope.intra_available(constrained);
        let side = if scope.current.transform_8x8 { 2 } else { 1 };
        for block in (0..16).step_by(side * side) {
            let (x, y) = place(block);
            let predicted = scope.predicted_intra_mode(x, y, constrained);
            let mode = match entropy.rem_intra_pred_mode() {
                None => predicted,
                Some(rem) => rem + u8::from(rem >= predicted),
            };
            available([x > 0 || left[y], y > 0 || above], INTRA_NXN[usize::from(mode)])?;
            fill(&mut scope.current.intra_modes, [x, y, side, side], mode);
        }
        Ok(())
    }

    fn intra_chroma<E: Entropy>(&self, entropy: &mut E, scope: &mut Scope) -> Read<()> {
        if matches!(self.layout.chroma_array_type, 1 | 2) {
            let mode = entropy.intra_chroma_pred_mode(scope)?;
            scope.current.intra_chroma_pred_mode = mode;
            self.require(scope, INTRA_CHROMA[usize::from(mode)])?;
        }
        Ok(())
    }

    fn ref_idx<E: Entropy>(&self, entropy: &mut E, scope: &Scope, list: usize, quarter: usize) -> Read<u8> {
        let both_fields = self.layout.is_mbaff && self.is_field;
        let count = self.header.num_ref_idx_active[list] << u32::from(both_fields);
        let ref_idx = if count > 1 { entropy.ref_idx(scope, list, quarter, count)? } else { 0 };
        if ref_idx >= count { Err(Stop::Damaged("ref_idx")) } else { Ok(ref_idx as u8) }
    }

    fn mvd<E: Entropy>(&self, entropy: &mut E, scope: &mut Scope, list: usize, area: [usize; 4]) -> Read<()> {
        let mvd = entropy.mvd(scope, list, area[0], area[1])?;
        if mvd.iter().any(|&part| part > MAX_MVD) {
            return Err(Stop::Damaged("mvd"));
        }
        fill(&mut scope.current.mvd[list], area, mvd.map(|part| part.min(255) as u8));
        Ok(())
    }

    /// mb_pred( ).
    fn inter<E: Entropy>(&self, entropy: &mut E, scope: &mut Scope, parts: Parts, lists: [u8; 2]) -> Read<()> {
        let areas: &[[usize; 4]] = match parts {
            Parts::Whole => &[[0, 0, 4, 4]],
            Parts::Rows => &[[0, 0, 4, 2], [0, 2, 4, 2]],
            Parts::Columns => &[[0, 0, 2, 4], [2, 0, 2, 4]],
        };
        let uses = |list: usize, part: usize| lists[part] >> list & 1 == 1;
        for list in 0..2 {
            for (part, &[x, y, width, height]) in areas.iter().enumerate().filter(|&(part, _)| uses(list, part)) {
                let ref_idx = self.ref_idx(entropy, scope, list, y + x / 2)?;
                let quarters = (0..4).filter(|quarter| match parts {
                    Parts::Whole => width + height == 8,
                    Parts::Rows => quarter / 2 == part,
                    Parts::Columns => quarter % 2 == part,
                });
                for quarter in quarters {
                    scope.current.ref_idx[list][quarter] = ref_idx;
                }
            }
        }
        for list in 0..2 {
            for (_, &area) in areas.iter().enumerate().filter(|&(part, _)| uses(list, part)) {
                self.mvd(entropy, scope, list, area)?;
            }
        }
        Ok(())
    }

    /// sub_mb_pred( ); returns whether no part is smaller than 8x8.
    fn inter_8x8<E: Entropy>(&self, entropy: &mut E, scope: &mut Scope, is_ref_0: bool) -> Read<bool> {
        let slice_type = self.header.slice_type;
        let mut types = [SubMbType { lists: 0, part: [0; 2] }; 4];
        for sub in &mut types {
            *sub = SubMbType::new(slice_type, entropy.sub_mb_type(slice_type)?)?;
        }
        let uses = |list: usize, quarter: usize| types[quarter].lists >> list & 1 == 1;
        for list in 0..2 {
            for quarter in (0..4).filter(|&quarter| !is_ref_0 && uses(list, quarter)) {
                scope.current.ref_idx[list][quarter] = self.ref_idx(entropy, scope, list, quarter)?;
            }
        }
        for list in 0..2 {
            for quarter in (0..4).filter(|&quarter| uses(list, quarter)) {
                let [width, height] = types[quarter].part;
                for y in (0..2).step_by(height) {
                    for x in (0..2).step_by(width) {
                        self.mvd(entropy, scope, list, [quarter % 2 * 2 + x, quarter / 2 * 2 + y, width, height])?;
                    }
                }
            }
        }
        let is_whole = |sub: &SubMbType| match sub.lists {
            0 => self.sps.direct_8x8_inference,
            _ => sub.part == [2; 2],
        };
        Ok(types.iter().all(is_whole))
    }

    /// residual( ).
    fn residual<E: Entropy>(&self, entropy: &mut E, scope: &mut Scope) -> Read<()> {
        let planes = if self.layout.chroma_array_type == 3 { 3 } else { 1 };
        for plane in 0..planes {
            self.residual_luma(entropy, scope, plane)?;
        }
        let coded_chroma = match self.layout.chroma_array_type {
            1 | 2 => scope.current.coded >> 4,
            _ => 0,
        };
        for plane in (1..3).filter(|_| coded_chroma > 0) {
            let count = entropy.residual_block(scope, Block { kind: BlockKind::ChromaDc, plane, x: 0, y: 0 })?;
            scope.current.coded_dc |= u8::from(count > 0) << plane;
        }
        let kind = BlockKind::ChromaAc;
        let [columns, rows] = kind.grid(self.layout.chroma_array_type);
        for plane in (1..3).filter(|_| coded_chroma > 1) {
            for (x, y) in (0..columns * rows).map(|block| (block % columns, block / columns)) {
                let count = entropy.residual_block(scope, Block { kind, plane, x, y })?;
                scope.current.coefficients[plane][y * columns + x] = count;
            }
        }
        Ok(())
    }

    /// residual_luma( ), which also codes Cb and Cr in 4:4:4.
    fn residual_luma<E: Entropy>(&self, entropy: &mut E, scope: &mut Scope, plane: usize) -> Read<()> {
        let is_16x16 = scope.current.kind == Kind::I16x16;
        if is_16x16 {
            let count = entropy.residual_block(scope, Block { kind: BlockKind::Dc16x16, plane, x: 0, y: 0 })?;
            scope.current.coded_dc |= u8::from(count > 0) << plane;
        }
        let (kind, side) = match scope.current.transform_8x8 {
            true if E::HAS_8X8_BLOCKS => (BlockKind::Luma8x8, 2),
            _ if is_16x16 => (BlockKind::Ac16x16, 1),
            _ => (BlockKind::Luma4x4, 1),
        };
        let coded = scope.current.coded;
        for block in (0..16).step_by(side * side).filter(|block| coded >> (block / 4) & 1 == 1) {
            let (x, y) = place(block);
            let count = entropy.residual_block(scope, Block { kind, plane, x, y })?;
            fill(&mut scope.current.coefficients[plane], [x, y, side, side], count);
        }
        Ok(())
    }
}

/// Column and row of a 4x4 block (6.4.3).
fn place(block: usize) -> (usize, usize) {
    (block & 1 | block >> 1 & 2, block >> 1 & 1 | block >> 2 & 2)
}

/// Sets the blocks of an area to `value`: first column and row, number of columns and rows.
fn fill<T: Copy>(blocks: &mut [T; 16], [x, y, width, height]: [usize; 4], value: T) {
    for row in blocks.chunks_exact_mut(4).skip(y).take(height) {
        row[x..x + width].fill(value);
    }
}

fn available(available: [bool; 2], needs: Needs) -> Read<()> {
    let is_missing = (0..2).any(|side| needs[side] && !available[side]);
    if is_missing { Err(Stop::Damaged("intra prediction from samples that are not available")) } else { Ok(()) }
}
