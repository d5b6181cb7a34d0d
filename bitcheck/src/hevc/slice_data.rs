//! Reads slice segment data: coding tree units and their contents (clause 7.3.8).

use super::contexts::{
    CBF_CHROMA, CBF_LUMA, CHROMA_QP_OFFSET_FLAG, CHROMA_QP_OFFSET_IDX, Contexts, INTER_PRED_IDC, INTRA_CHROMA,
    MERGE_FLAG, MERGE_IDX, MVD_GREATER0, MVD_GREATER1, MVP, PART_MODE, PRED_MODE, PREV_INTRA_LUMA, QP_DELTA, REF_IDX,
    RES_SCALE_ABS, RES_SCALE_SIGN, RQT_ROOT_CBF, SAO_MERGE, SAO_TYPE, SKIP, SPLIT_CU, SPLIT_TRANSFORM,
    TRANSQUANT_BYPASS,
};
use super::parameter_sets::{Pps, Sps};
use super::residual::{Block, Tools, residual_coding};
use super::slice_header::{SliceHeader, SliceType};
use crate::cabac::Engine;
use crate::finding::{Read, Stop};

/// INTRA_PLANAR, INTRA_DC, INTRA_ANGULAR10, INTRA_ANGULAR26 and INTRA_ANGULAR34.
const PLANAR: u8 = 0;
const DC: u8 = 1;
const ACROSS: u8 = 10;
const DOWN: u8 = 26;
const LAST_MODE: u8 = 34;
/// intra_chroma_pred_mode that means luma's mode.
const DERIVED: u32 = 4;
/// Log2 of the luma samples along a cell's side: 8x8 for coding blocks, 4x4 for intra modes.
const LOG2_CELL: u32 = 3;
const LOG2_MODE_CELL: u32 = 2;
/// Cells along the side of the largest coding tree block.
const CELLS: usize = 8;
const MODE_CELLS: usize = 16;
/// A cell holds its CtDepth; this bit is added if cu_skip_flag.
const SKIPPED: u8 = 4;
/// The most quadtree nodes waiting: three at each depth, and one.
const NODES: usize = 16;

/// Chroma's mode in 4:2:2 by its mode in 4:4:4 (Table 8-3).
const MODES_422: [u8; 35] = [
    0, 1, 2, 2, 2, 2, 3, 5, 7, 8, 10, 11, 13, 15, 16, 18, 19, 20, 21, 22, 23, 23, 24, 24, 25, 25, 26, 27, 27, 28, 28,
    29, 29, 30, 31,
];

/// Walks through a picture's coding tree blocks in tile order (6.5.1).
#[derive(Clone, Debug)]
struct Scan {
    /// Where columns and rows of tiles begin, then the ends of the picture.
    bounds: [Vec<usize>; 2],
    /// The tile.
    tile: [usize; 2],
    /// The coding tree block; below the picture after the last.
    at: [usize; 2],
}

impl Scan {
    /// The tile's extent in one direction.
    fn range(&self, direction: usize) -> std::ops::Range<usize> {
        let bound = |i: usize| self.bounds[direction].get(i).copied().unwrap_or(usize::MAX);
        bound(self.tile[direction])..bound(self.tile[direction] + 1)
    }

    fn is_over(&self) -> bool {
        self.tile[1] + 1 >= self.bounds[1].len()
    }

    fn begins_tile(&self) -> bool {
        (0..2).all(|direction| self.at[direction] == self.range(direction).start)
    }

    fn begins_row(&self) -> bool {
        self.at[0] == self.range(0).start
    }

    fn go_on(&mut self) {
        let [columns, rows] = [self.range(0), self.range(1)];
        self.at[0] += 1;
        if self.at[0] < columns.end {
            return;
        }
        self.at = [columns.start, self.at[1] + 1];
        if self.at[1] < rows.end {
            return;
        }
        self.tile[0] += 1;
        if self.tile[0] + 1 >= self.bounds[0].len() {
            self.tile = [0, self.tile[1] + 1];
        }
        self.at = [self.range(0).start, self.range(1).start];
    }
}

/// What a picture's slice segments hand on to later ones.
#[derive(Clone, Debug)]
pub struct Progress {
    scan: Scan,
    /// PicWidthInCtbsY.
    width: usize,
    /// The number of the slice.
    slice: u32,
    /// For each column of coding tree blocks, the slice of the last block read.
    slices_above: Vec<u32>,
    /// The slice of the block to the left.
    slice_left: u32,
    /// Cells above the current coding tree unit and all others of its row, and cells to its left.
    above: Vec<u8>,
    left: [u8; CELLS],
    /// Luma intra modes to the left, by cell.
    modes_left: [u8; MODE_CELLS],
    /// Contexts after the second coding tree unit of a row.
    of_row: Option<Contexts>,
    /// Contexts after the last slice segment.
    of_segment: Option<Contexts>,
}

impl Progress {
    /// A picture before its first block; `size` is in coding tree blocks.
    pub fn new(sps: &Sps, bounds: [Vec<usize>; 2], size: [usize; 2]) -> Self {
        Self {
            scan: Scan { bounds, tile: [0; 2], at: [0; 2] },
            width: size[0],
            slice: 0,
            slices_above: vec![0; size[0]],
            slice_left: 0,
            above: vec![0; size[0] << (sps.log2_ctb - LOG2_CELL)],
            left: [0; CELLS],
            modes_left: [DC; MODE_CELLS],
            of_row: None,
            of_segment: None,
        }
    }

    /// Whether all of the picture has been read.
    pub fn is_over(&self) -> bool {
        self.scan.is_over()
    }

    /// The address of the next coding tree block.
    pub fn address(&self) -> usize {
        self.scan.at[1] * self.width + self.scan.at[0]
    }
}

/// The neighbours of a coding tree unit.
#[derive(Clone, Copy)]
struct Around {
    left: bool,
    above: bool,
    above_right: bool,
}

/// A coding unit, as far as its transform units depend on it.
struct CodingUnit {
    is_intra: bool,
    transquant_bypass: bool,
    /// MaxTrafoDepth.
    max_depth: u32,
    /// IntraSplitFlag.
    intra_split: bool,
    /// interSplitFlag, at depth 0.
    inter_split: bool,
    /// IntraPredModeY of the parts.
    modes: [u8; 4],
    /// IntraPredModeC of the parts.
    chroma_modes: [u8; 4],
    /// Whether intra_chroma_pred_mode of the parts is 4.
    is_derived: [bool; 4],
}

#[derive(Clone, Copy, Default)]
struct CodingNode {
    x: usize,
    y: usize,
    log2: u32,
}

#[derive(Clone, Copy, Default)]
struct TransformNode {
    log2: u32,
    depth: u32,
    /// blkIdx.
    index: u32,
    /// The part of the coding unit that it is in.
    part: usize,
    /// cbf_cb and cbf_cr of the parent, one bit for each of 4:2:2's two blocks.
    cbf: [u8; 2],
}

/// Reads the data of a slice segment.
pub struct SliceData<'a> {
    sps: &'a Sps,
    pps: &'a Pps,
    header: &'a SliceHeader,
    progress: &'a mut Progress,
    engine: Engine<'a>,
    contexts: Contexts,
    tools: Tools,
    chroma_array_type: u32,
    /// Luma intra modes above, by cell of the coding tree unit.
    modes_above: [u8; MODE_CELLS],
    /// IsCuQpDeltaCoded.
    is_qp_delta_coded: bool,
    /// IsCuChromaQpOffsetCoded.
    is_chroma_qp_offset_coded: bool,
}

impl<'a> SliceData<'a> {
    /// `data` begins after the header.
    pub fn new(
        sps: &'a Sps,
        pps: &'a Pps,
        header: &'a SliceHeader,
        is_dependent: bool,
        progress: &'a mut Progress,
        data: &'a [u8],
    ) -> Self {
        let mut contexts = Contexts::new(header);
        if is_dependent {
            if let Some(of_segment) = progress.of_segment.take() {
                contexts = of_segment;
            }
        } else {
            progress.slice += 1;
        }
        Self {
            sps,
            pps,
            header,
            progress,
            engine: Engine::new(data),
            contexts,
            tools: Tools::new(sps, pps),
            chroma_array_type: sps.chroma_array_type(),
            modes_above: [DC; MODE_CELLS],
            is_qp_delta_coded: false,
            is_chroma_qp_offset_coded: false,
        }
    }

    /// Reads to the end. Puts the starts of all substreams but the first into `starts`. Returns the number of bits left.
    pub fn read(mut self, starts: &mut Vec<usize>) -> Read<usize> {
        while !self.progress.is_over() {
            let around = self.around();
            self.begin_contexts(around);
            self.coding_tree_unit(around)?;
            let second = self.progress.scan.range(0).start + 1;
            if self.pps.entropy_coding_sync && self.progress.scan.at[0] == second {
                self.progress.of_row = Some(self.contexts.clone());
            }
            self.progress.scan.go_on();
            let is_end = self.engine.terminate();
            self.engine.check()?;
            if is_end {
                if self.pps.dependent_slice_segments {
                    self.progress.of_segment = Some(self.contexts);
                }
                return Ok(self.engine.bits_left());
            }
            let scan = &self.progress.scan;
            let begins_substream =
                self.pps.has_tiles() && scan.begins_tile() || self.pps.entropy_coding_sync && scan.begins_row();
            if begins_substream && !self.progress.is_over() {
                if !self.engine.terminate() {
                    return Err(Stop::Damaged("end_of_subset_one_bit"));
                }
                starts.push(self.engine.next_byte());
                self.engine.restart(0)?;
            }
        }
        Err(Stop::Damaged("more data than coding tree units"))
    }

    /// Which neighbours of the coding tree unit are in its slice and tile (6.4.1).
    fn around(&self) -> Around {
        let progress = &*self.progress;
        let [x, y] = progress.scan.at;
        let [columns, rows] = [progress.scan.range(0), progress.scan.range(1)];
        let is_above = |x: usize| {
            y > rows.start
                && x < columns.end
                && progress.slices_above.get(x).is_some_and(|&slice| slice == progress.slice)
        };
        Around {
            left: x > columns.start && progress.slice_left == progress.slice,
            above: is_above(x),
            above_right: is_above(x + 1),
        }
    }

    /// Sets the contexts for the beginning of a coding tree unit (9.3.1).
    fn begin_contexts(&mut self, around: Around) {
        let scan = &self.progress.scan;
        if scan.begins_tile() {
            self.contexts = Contexts::new(self.header);
        } else if self.pps.entropy_coding_sync && scan.begins_row() {
            self.contexts = match &self.progress.of_row {
                Some(contexts) if around.above_right => contexts.clone(),
                _ => Contexts::new(self.header),
            };
        }
    }

    // Not inlined, to keep the callers small; nearly all time goes into coefficients.
    #[inline(never)]
    fn bypass(&mut self) -> bool {
        self.engine.bypass()
    }

    #[inline(never)]
    fn bypass_bits(&mut self, count: u32) -> u32 {
        self.engine.bypass_bits(count)
    }

    #[inline(never)]
    fn decision(&mut self, context: usize) -> bool {
        self.engine.decision(&mut self.contexts.states[context & 255])
    }

    fn bin(&mut self, context: usize) -> u32 {
        u32::from(self.decision(context))
    }

    fn coding_tree_unit(&mut self, around: Around) -> Read<()> {
        let log2_ctb = self.sps.log2_ctb;
        let cells = 1 << (log2_ctb - LOG2_CELL);
        let [x, y] = self.progress.scan.at;
        // A neighbour that is not available counts as depth 0, not skipped.
        if !around.left {
            self.progress.left = [0; CELLS];
            self.progress.modes_left = [DC; MODE_CELLS];
        }
        if !around.above {
            self.progress.above[x * cells..][..cells].fill(0);
        }
        self.modes_above = [DC; MODE_CELLS];
        if self.header.sao_luma || self.header.sao_chroma {
            self.sao(around);
        }
        self.coding_quadtree(x << log2_ctb, y << log2_ctb)?;
        self.progress.slices_above[x] = self.progress.slice;
        self.progress.slice_left = self.progress.slice;
        Ok(())
    }

    fn sao(&mut self, around: Around) {
        if around.left && self.decision(SAO_MERGE) || around.above && self.decision(SAO_MERGE) {
            return;
        }
        let mut kind = None;
        for colour in 0..if self.chroma_array_type == 0 { 1 } else { 3 } {
            if !(if colour == 0 { self.header.sao_luma } else { self.header.sao_chroma }) {
                continue;
            }
            if colour < 2 {
                // `Some(true)` is an edge offset.
                kind = self.decision(SAO_TYPE).then(|| self.bypass());
            }
            let Some(is_edge) = kind else { continue };
            let max = (1 << (self.sps.bit_depths[colour.min(1)].min(10) - 5)) - 1;
            let mut signs = 0;
            for _ in 0..4 {
                let offset = (0..max).find(|_| !self.bypass()).unwrap_or(max);
                signs += u32::from(offset > 0);
            }
            if !is_edge {
                self.bypass_bits(signs + 5);
            } else if colour < 2 {
                self.bypass_bits(2);
            }
        }
    }

    fn coding_quadtree(&mut self, x0: usize, y0: usize) -> Read<()> {
        let Self { sps, pps, .. } = *self;
        let [width, height] = sps.size;
        let log2_qp = pps.qp_delta_depth.map(|depth| sps.log2_ctb.saturating_sub(depth));
        let log2_chroma_qp = pps.range.chroma_qp_offsets.map(|[depth, _]| sps.log2_ctb.saturating_sub(depth));
        let mut nodes = [CodingNode::default(); NODES];
        nodes[0] = CodingNode { x: x0, y: y0, log2: sps.log2_ctb };
        let mut waiting = 1;
        while waiting > 0 {
            waiting -= 1;
            let CodingNode { x, y, log2 } = nodes[waiting];
            let size = 1 << log2;
            let is_splittable = log2 > sps.log2_min_cb;
            let is_whole = x + size <= width && y + size <= height;
            let is_split = is_splittable && (!is_whole || self.split_cu_flag(x, y, sps.log2_ctb - log2));
            if log2_qp.is_some_and(|least| log2 >= least) {
                self.is_qp_delta_coded = false;
            }
            if log2_chroma_qp.is_some_and(|least| log2 >= least) {
                self.is_chroma_qp_offset_coded = false;
            }
            if !is_split {
                self.coding_unit(x, y, log2)?;
                continue;
            }
            for child in (0..4).rev() {
                let (x, y) = (x + child % 2 * size / 2, y + child / 2 * size / 2);
                if x < width && y < height {
                    nodes[waiting] = CodingNode { x, y, log2: log2 - 1 };
                    waiting += 1;
                }
            }
        }
        Ok(())
    }

    /// The cells to the left of and above these samples.
    fn cells_around(&self, x: usize, y: usize) -> [u8; 2] {
        let [x, y] = self.cells(x, y);
        [self.progress.left[y], self.progress.above[x]]
    }

    /// The cells that samples are in: index among all above, and among the coding tree unit's on the left.
    fn cells(&self, x: usize, y: usize) -> [usize; 2] {
        let mask = (1 << (self.sps.log2_ctb - LOG2_CELL)) - 1;
        [x >> LOG2_CELL, y >> LOG2_CELL & mask]
    }

    fn split_cu_flag(&mut self, x: usize, y: usize, depth: u32) -> bool {
        let deeper = self.cells_around(x, y).map(|cell| usize::from(u32::from(cell & (SKIPPED - 1)) > depth));
        self.decision(SPLIT_CU + deeper[0] + deeper[1])
    }

    fn coding_unit(&mut self, x: usize, y: usize, log2: u32) -> Read<()> {
        let Self { sps, pps, header, .. } = *self;
        let depth = sps.log2_ctb - log2;
        let is_smallest = log2 == sps.log2_min_cb;
        let transquant_bypass = pps.transquant_bypass && self.decision(TRANSQUANT_BYPASS);
        let mut is_skipped = false;
        if header.slice_type != SliceType::I {
            let skipped = self.cells_around(x, y).map(|cell| usize::from(cell >= SKIPPED));
            is_skipped = self.decision(SKIP + skipped[0] + skipped[1]);
        }
        let cells = 1 << (log2 - LOG2_CELL);
        let cell = depth as u8 | if is_skipped { SKIPPED } else { 0 };
        let [across, down] = self.cells(x, y);
        self.progress.left[down..][..cells].fill(cell);
        self.progress.above[across..][..cells].fill(cell);
        if is_skipped {
            self.merge_idx();
            self.set_modes(x, y, log2, DC);
            return Ok(());
        }
        let is_intra = header.slice_type == SliceType::I || self.decision(PRED_MODE);
        let mut unit = CodingUnit {
            is_intra,
            transquant_bypass,
            max_depth: if is_intra { sps.max_depth_intra } else { sps.max_depth_inter },
            intra_split: false,
            inter_split: false,
            modes: [DC; 4],
            chroma_modes: [DC; 4],
            is_derived: [false; 4],
        };
        let mut has_residual = true;
        if is_intra {
            unit.intra_split = is_smallest && !self.decision(PART_MODE);
            unit.max_depth += u32::from(unit.intra_split);
            if let Some(pcm) = &sps.pcm {
                let [min, max] = pcm.log2_sizes;
                if !unit.intra_split && (min..=max).contains(&log2) && self.engine.terminate() {
                    self.set_modes(x, y, log2, DC);
                    return self.pcm_samples(pcm.bit_depths, log2);
                }
            }
            self.intra_modes(&mut unit, x, y, log2);
        } else {
            self.set_modes(x, y, log2, DC);
            let parts = self.part_mode(log2, is_smallest);
            let mut is_merged = false;
            for &[width, height] in parts {
                // nPbW + nPbH, from quarters of the coding block.
                is_merged = self.prediction_unit((u32::from(width) + u32::from(height)) << log2 >> 2, depth)?;
            }
            let is_whole = parts.len() == 1;
            unit.inter_split = sps.max_depth_inter == 0 && !is_whole;
            has_residual = is_whole && is_merged || self.decision(RQT_ROOT_CBF);
        }
        if has_residual { self.transform_tree(&unit, log2) } else { Ok(()) }
    }

    /// Passes over PCM samples and restarts arithmetic decoding.
    fn pcm_samples(&mut self, bit_depths: [usize; 2], log2: u32) -> Read<()> {
        let luma = 1 << (2 * log2);
        let chroma = match self.chroma_array_type {
            0 => 0,
            1 => luma / 2,
            2 => luma,
            _ => 2 * luma,
        };
        self.engine.restart((luma * bit_depths[0] + chroma * bit_depths[1]).div_ceil(8))
    }

    /// part_mode of a unit that is not intra: width and height of the parts in quarters of the block.
    fn part_mode(&mut self, log2: u32, is_smallest: bool) -> &'static [[u8; 2]] {
        if self.decision(PART_MODE) {
            return &[[4, 4]];
        }
        let is_across = self.decision(PART_MODE + 1);
        let halves: &[[u8; 2]] = if is_across { &[[4, 2]; 2] } else { &[[2, 4]; 2] };
        if is_smallest {
            let is_quartered = !is_across && log2 > 3 && !self.decision(PART_MODE + 2);
            return if is_quartered { &[[2, 2]; 4] } else { halves };
        }
        if !self.sps.amp || self.decision(PART_MODE + 3) {
            return halves;
        }
        match (is_across, self.bypass()) {
            (true, false) => &[[4, 1], [4, 3]],
            (true, true) => &[[4, 3], [4, 1]],
            (false, false) => &[[1, 4], [3, 4]],
            (false, true) => &[[3, 4], [1, 4]],
        }
    }

    fn merge_idx(&mut self) {
        let max = self.header.max_num_merge_cand;
        if max > 1 && self.decision(MERGE_IDX) {
            (1..max - 1).find(|_| !self.bypass());
        }
    }

    /// Reads a prediction unit; returns whether it is merged. `sides` is nPbW + nPbH.
    fn prediction_unit(&mut self, sides: u32, depth: u32) -> Read<bool> {
        if self.decision(MERGE_FLAG) {
            self.merge_idx();
            return Ok(true);
        }
        let mut has_list = [true, false];
        if self.header.slice_type == SliceType::B {
            if sides != 12 && self.decision(INTER_PRED_IDC + depth as usize) {
                has_list = [true; 2];
            } else if self.decision(INTER_PRED_IDC + 4) {
                has_list = [false, true];
            }
        }
        for list in 0..2 {
            if !has_list[list] {
                continue;
            }
            let max = self.header.num_ref_idx_active[list].saturating_sub(1);
            for bin in 0..max {
                let is_more = if bin < 2 { self.decision(REF_IDX + bin as usize) } else { self.bypass() };
                if !is_more {
                    break;
                }
            }
            if !(list == 1 && self.header.mvd_l1_zero && has_list[0]) {
                self.mvd_coding()?;
            }
            self.decision(MVP);
        }
        Ok(false)
    }

    fn mvd_coding(&mut self) -> Read<()> {
        let greater0 = [(); 2].map(|()| self.decision(MVD_GREATER0));
        let greater1 = greater0.map(|is_greater| is_greater && self.decision(MVD_GREATER1));
        for (greater0, greater1) in greater0.into_iter().zip(greater1) {
            if greater0 {
                let magnitude = if greater1 { 2 + self.engine.suffix(1)? } else { 1 };
                let is_negative = self.bypass();
                if magnitude > 0x7fff + u32::from(is_negative) {
                    return Err(Stop::Damaged("mvd"));
                }
            }
        }
        Ok(())
    }

    /// Sets the luma intra mode of a square of samples.
    fn set_modes(&mut self, x: usize, y: usize, log2: u32, mode: u8) {
        let [x, y] = self.mode_cells(x, y);
        let cells = 1 << (log2 - LOG2_MODE_CELL);
        self.progress.modes_left[y..][..cells].fill(mode);
        self.modes_above[x..][..cells].fill(mode);
    }

    /// The cells that samples are in, among the coding tree unit's.
    fn mode_cells(&self, x: usize, y: usize) -> [usize; 2] {
        let mask = (1 << (self.sps.log2_ctb - LOG2_MODE_CELL)) - 1;
        [x, y].map(|at| at >> LOG2_MODE_CELL & mask)
    }

    /// prev_intra_luma_pred_flag up to intra_chroma_pred_mode.
    fn intra_modes(&mut self, unit: &mut CodingUnit, x: usize, y: usize, log2: u32) {
        let parts = if unit.intra_split { 4 } else { 1 };
        let log2_part = log2 - u32::from(unit.intra_split);
        let mut is_predicted = [false; 4];
        for flag in &mut is_predicted[..parts] {
            *flag = self.decision(PREV_INTRA_LUMA);
        }
        for (part, is_predicted) in is_predicted.into_iter().enumerate().take(parts) {
            let (x, y) = (x + ((part % 2) << log2_part), y + ((part / 2) << log2_part));
            let [across, down] = self.mode_cells(x, y);
            let mut candidates = candidates(self.progress.modes_left[down], self.modes_above[across]);
            unit.modes[part] = if is_predicted {
                let index = (0..2).find(|_| !self.bypass()).unwrap_or(2);
                candidates[index]
            } else {
                for [low, high] in [[0, 1], [0, 2], [1, 2]] {
                    if candidates[low] > candidates[high] {
                        candidates.swap(low, high);
                    }
                }
                let mode = self.bypass_bits(5) as u8;
                candidates.iter().fold(mode, |mode, &candidate| mode + u8::from(mode >= candidate))
            };
            self.set_modes(x, y, log2_part, unit.modes[part]);
        }
        if parts == 1 {
            unit.modes = [unit.modes[0]; 4];
        }
        if self.chroma_array_type == 0 {
            return;
        }
        let chroma_parts = if self.chroma_array_type == 3 { parts } else { 1 };
        for part in 0..chroma_parts {
            let code = if self.decision(INTRA_CHROMA) { self.bypass_bits(2) } else { DERIVED };
            let luma = unit.modes[part];
            let mode = match code {
                DERIVED => luma,
                code => {
                    let mode = [PLANAR, DOWN, ACROSS, DC][code as usize & 3];
                    if mode == luma { LAST_MODE } else { mode }
                }
            };
            unit.is_derived[part] = code == DERIVED;
            unit.chroma_modes[part] = match self.chroma_array_type {
                2 => MODES_422[usize::from(mode).min(34)],
                _ => mode,
            };
        }
        if chroma_parts == 1 {
            unit.chroma_modes = [unit.chroma_modes[0]; 4];
            unit.is_derived = [unit.is_derived[0]; 4];
        }
    }

    fn transform_tree(&mut self, unit: &CodingUnit, log2: u32) -> Read<()> {
        let Self { sps, chroma_array_type, .. } = *self;
        let mut nodes = [TransformNode::default(); NODES];
        nodes[0] = TransformNode { log2, depth: 0, index: 0, part: 0, cbf: [1; 2] };
        let mut waiting = 1;
        while waiting > 0 {
            waiting -= 1;
            let node = nodes[waiting];
            let TransformNode { log2, depth, .. } = node;
            let intra_split = unit.intra_split && depth == 0;
            let is_split =
                if log2 <= sps.log2_max_tb && log2 > sps.log2_min_tb && depth < unit.max_depth && !intra_split {
                    self.decision(SPLIT_TRANSFORM + 5 - log2 as usize)
                } else {
                    log2 > sps.log2_max_tb || intra_split || unit.inter_split && depth == 0
                };
            let mut cbf = [0; 2];
            if chroma_array_type == 3 || log2 > 2 && chroma_array_type != 0 {
                for (cbf, parent) in cbf.iter_mut().zip(node.cbf) {
                    if parent != 0 {
                        *cbf = self.bin(CBF_CHROMA + depth as usize) as u8;
                        if chroma_array_type == 2 && (!is_split || log2 == 3) {
                            *cbf |= (self.bin(CBF_CHROMA + depth as usize) as u8) << 1;
                        }
                    }
                }
            } else if chroma_array_type != 0 {
                cbf = node.cbf;
            }
            if is_split {
                for index in (0..4).rev() {
                    let part = if depth == 0 { index } else { node.part };
                    nodes[waiting] = TransformNode { log2: log2 - 1, depth: depth + 1, index: index as u32, part, cbf };
                    waiting += 1;
                }
                continue;
            }
            let has_luma = if unit.is_intra || depth > 0 || cbf != [0; 2] {
                self.decision(CBF_LUMA + usize::from(depth == 0))
            } else {
                true
            };
            if has_luma || cbf != [0; 2] {
                self.transform_unit(unit, TransformNode { cbf, ..node }, has_luma)?;
            }
        }
        Ok(())
    }

    /// `node.cbf` are the unit's own; at least one block is coded.
    fn transform_unit(&mut self, unit: &CodingUnit, node: TransformNode, has_luma: bool) -> Read<()> {
        let TransformNode { log2, index, part, cbf, .. } = node;
        if self.pps.qp_delta_depth.is_some() && !self.is_qp_delta_coded {
            self.is_qp_delta_coded = true;
            self.cu_qp_delta()?;
        }
        if self.header.chroma_qp_offsets && cbf != [0; 2] && !unit.transquant_bypass && !self.is_chroma_qp_offset_coded
        {
            self.is_chroma_qp_offset_coded = true;
            let last = self.pps.range.chroma_qp_offsets.map_or(0, |[_, last]| last);
            if self.decision(CHROMA_QP_OFFSET_FLAG) {
                (0..last).find(|_| !self.decision(CHROMA_QP_OFFSET_IDX));
            }
        }
        let mut block = Block {
            log2,
            is_chroma: false,
            intra_mode: unit.is_intra.then_some(unit.modes[part]),
            transquant_bypass: unit.transquant_bypass,
            chroma_array_type: self.chroma_array_type,
        };
        if has_luma {
            self.residual_coding(block)?;
        }
        block.is_chroma = true;
        block.intra_mode = unit.is_intra.then_some(unit.chroma_modes[part]);
        let is_full = self.chroma_array_type == 3;
        if !is_full {
            if log2 > 2 {
                block.log2 -= 1;
            } else if index < 3 {
                return Ok(());
            }
        }
        let has_prediction = is_full
            && self.pps.range.cross_component_prediction
            && has_luma
            && (!unit.is_intra || unit.is_derived[part]);
        for (colour, cbf) in cbf.into_iter().enumerate() {
            if has_prediction {
                self.cross_comp_pred(colour);
            }
            for _ in 0..cbf.count_ones() {
                self.residual_coding(block)?;
            }
        }
        Ok(())
    }

    fn residual_coding(&mut self, block: Block) -> Read<()> {
        residual_coding(&mut self.engine, &mut self.contexts, &self.tools, block)
    }

    fn cu_qp_delta(&mut self) -> Read<()> {
        const PREFIX: u32 = 5;
        if !self.decision(QP_DELTA) {
            return Ok(());
        }
        let mut magnitude = (1..PREFIX).find(|_| !self.decision(QP_DELTA + 1)).unwrap_or(PREFIX);
        if magnitude == PREFIX {
            magnitude += self.engine.suffix(0)?;
        }
        let is_negative = self.bypass();
        let half = self.sps.qp_bd_offset() as u32 / 2;
        let max = if is_negative { 26 + half } else { 25 + half };
        if magnitude > max { Err(Stop::Damaged("cu_qp_delta")) } else { Ok(()) }
    }

    fn cross_comp_pred(&mut self, colour: usize) {
        let scale = (0..4).find(|bin| !self.decision(RES_SCALE_ABS + 4 * colour + bin)).unwrap_or(4);
        if scale > 0 {
            self.decision(RES_SCALE_SIGN + colour);
        }
    }
}

/// candModeList (8.4.2).
fn candidates(left: u8, above: u8) -> [u8; 3] {
    match (left, above) {
        (PLANAR | DC, _) if left == above => [PLANAR, DC, DOWN],
        _ if left == above => [left, 2 + (left + 29) % 32, 2 + (left - 1) % 32],
        _ => {
            let third = [PLANAR, DC, DOWN].into_iter().find(|&mode| mode != left && mode != above);
            [left, above, third.unwrap_or(DOWN)]
        }
    }
}
