//! Context-adaptive variable-length coding, and the other codes used without CABAC (clauses 9.1 and 9.2).

use super::cavlc_tables::{
    CODED_BLOCK_PATTERN, CODED_BLOCK_PATTERN_WITHOUT_CHROMA, COEFF_TOKEN, COEFF_TOKEN_CHROMA_DC, RUN_BEFORE,
    TOTAL_ZEROS, TOTAL_ZEROS_420_DC, TOTAL_ZEROS_422_DC, Vlc,
};
use super::macroblock::{Block, BlockKind, Entropy, Scope};
use super::slice_header::SliceType;
use crate::bits::Bits;
use crate::finding::{Read, Stop};

/// More zeros than level_prefix has at any bit depth.
const MAX_LEVEL_PREFIX: u32 = 25;

/// Reads a slice's data.
#[derive(Clone, Debug)]
pub struct Cavlc<'a> {
    bits: Bits<'a>,
}

impl<'a> Cavlc<'a> {
    /// `bits` are at the end of the slice header.
    pub fn new(bits: Bits<'a>) -> Self {
        Self { bits }
    }

    /// mb_skip_run.
    pub fn mb_skip_run(&mut self) -> Read<usize> {
        Ok(self.bits.ue()? as usize)
    }

    /// more_rbsp_data( ).
    pub fn has_more(&self) -> bool {
        self.bits.has_more()
    }

    fn vlc(&mut self, vlc: &Vlc, what: &'static str) -> Read<u8> {
        let (length, value) = vlc.find(self.bits.peek());
        if length == 0 {
            return Err(Stop::Damaged(what));
        }
        self.bits.skip(usize::from(length));
        Ok(value)
    }

    /// TotalCoeff and TrailingOnes.
    fn coeff_token(&mut self, scope: &Scope, block: Block) -> Read<[u8; 2]> {
        let Block { kind, plane, x, y } = block;
        let token = if kind == BlockKind::ChromaDc {
            let table = &COEFF_TOKEN_CHROMA_DC[usize::from(scope.chroma_array_type == 2)];
            self.vlc(table, "coeff_token")?
        } else {
            let around = scope.coefficients_around(plane, x, y, kind.grid(scope.chroma_array_type));
            let n_c = match around {
                [Some(left), Some(above)] => (left + above).div_ceil(2),
                [Some(one), None] | [None, Some(one)] => one,
                [None, None] => 0,
            };
            match n_c {
                0..=1 => self.vlc(&COEFF_TOKEN[0], "coeff_token")?,
                2..=3 => self.vlc(&COEFF_TOKEN[1], "coeff_token")?,
                4..=7 => self.vlc(&COEFF_TOKEN[2], "coeff_token")?,
                _ => match self.bits.u(6) as u8 {
                    3 => 0,
                    code => code + 4,
                },
            }
        };
        let [total, ones] = [token / 4, token % 4];
        let max = kind.max_coefficients(scope.chroma_array_type);
        if ones > total || usize::from(total) > max { Err(Stop::Damaged("coeff_token")) } else { Ok([total, ones]) }
    }

    /// 9.2.2.
    fn levels(&mut self, total: u8, ones: u8) -> Read<()> {
        self.bits.skip(usize::from(ones));
        let mut suffix_length = u32::from(total > 10 && ones < 3);
        for i in ones..total {
            let prefix = self.bits.peek().leading_zeros();
            if prefix > MAX_LEVEL_PREFIX {
                return Err(Stop::Damaged("level_prefix"));
            }
            self.bits.skip(prefix as usize + 1);
            let suffix_size = match (prefix, suffix_length) {
                (14, 0) => 4,
                (15.., _) => prefix - 3,
                _ => suffix_length,
            };
            let mut code = (prefix.min(15) << suffix_length) + self.bits.u(suffix_size as usize);
            if prefix >= 15 && suffix_length == 0 {
                code += 15;
            }
            if prefix >= 16 {
                code += (1 << (prefix - 3)) - 4096;
            }
            if i == ones && ones < 3 {
                code += 2;
            }
            let magnitude = code / 2 + 1;
            suffix_length = suffix_length.max(1);
            if magnitude > 3 << (suffix_length - 1) && suffix_length < 6 {
                suffix_length += 1;
            }
        }
        Ok(())
    }

    /// 9.2.3.
    fn runs(&mut self, total: u8, kind: BlockKind, max: usize) -> Read<()> {
        let total = usize::from(total);
        if total == max {
            return Ok(());
        }
        let table = match (kind, max) {
            (BlockKind::ChromaDc, 4) => &TOTAL_ZEROS_420_DC[total - 1],
            (BlockKind::ChromaDc, _) => &TOTAL_ZEROS_422_DC[total - 1],
            _ => &TOTAL_ZEROS[total - 1],
        };
        let mut zeros = usize::from(self.vlc(table, "total_zeros")?);
        if total + zeros > max {
            return Err(Stop::Damaged("total_zeros"));
        }
        for _ in 1..total {
            if zeros == 0 {
                break;
            }
            let run = self.vlc(&RUN_BEFORE[zeros.min(7) - 1], "run_before")?;
            zeros = zeros.checked_sub(usize::from(run)).ok_or(Stop::Damaged("run_before"))?;
        }
        Ok(())
    }
}

impl Entropy for Cavlc<'_> {
    const HAS_8X8_BLOCKS: bool = false;

    fn mb_field_decoding_flag(&mut self, _: [Option<bool>; 2]) -> bool {
        self.bits.flag()
    }

    fn mb_type(&mut self, _: &Scope, _: SliceType) -> Read<u32> {
        self.bits.ue()
    }

    fn pcm_samples(&mut self, count: usize) -> Read<()> {
        let alignment = self.bits.alignment();
        self.bits.skip(alignment + count);
        self.check()
    }

    fn transform_size_8x8_flag(&mut self, _: &Scope) -> bool {
        self.bits.flag()
    }

    fn rem_intra_pred_mode(&mut self) -> Option<u8> {
        if self.bits.flag() { None } else { Some(self.bits.u(3) as u8) }
    }

    fn intra_chroma_pred_mode(&mut self, _: &Scope) -> Read<u8> {
        Ok(self.bits.ue_to(3, "intra_chroma_pred_mode")? as u8)
    }

    fn sub_mb_type(&mut self, _: SliceType) -> Read<u32> {
        self.bits.ue()
    }

    fn ref_idx(&mut self, _: &Scope, _: usize, _: usize, count: u32) -> Read<u32> {
        if count == 2 { Ok(u32::from(!self.bits.flag())) } else { self.bits.ue() }
    }

    fn mvd(&mut self, _: &Scope, _: usize, _: usize, _: usize) -> Read<[u32; 2]> {
        Ok([self.bits.se()?.unsigned_abs(), self.bits.se()?.unsigned_abs()])
    }

    fn coded_block_pattern(&mut self, scope: &Scope) -> Read<u8> {
        let of = usize::from(!scope.current.is_intra());
        let table = match scope.chroma_array_type {
            1 | 2 => &CODED_BLOCK_PATTERN[of][..],
            _ => &CODED_BLOCK_PATTERN_WITHOUT_CHROMA[of][..],
        };
        table.get(self.bits.ue()? as usize).copied().ok_or(Stop::Damaged("coded_block_pattern"))
    }

    fn mb_qp_delta(&mut self, _: bool) -> Read<i32> {
        self.bits.se()
    }

    fn residual_block(&mut self, scope: &Scope, block: Block) -> Read<u8> {
        let [total, ones] = self.coeff_token(scope, block)?;
        if total > 0 {
            self.levels(total, ones)?;
            self.runs(total, block.kind, block.kind.max_coefficients(scope.chroma_array_type))?;
        }
        Ok(total)
    }

    fn check(&self) -> Read<()> {
        self.bits.check()
    }
}

#[cfg(test)]
mod tests {
    use super::super::macroblock::Layout;
    use super::*;

    /// Reads a block without neighbours from bits written as text.
    fn block(bits: &str, kind: BlockKind) -> (Read<u8>, bool) {
        let bits = format!("{bits}1");
        let bytes: Vec<u8> = bits
            .as_bytes()
            .chunks(8)
            .map(|byte| byte.iter().enumerate().fold(0, |all, (i, bit)| all | (bit - b'0') << (7 - i)))
            .collect();
        let layout = Layout { width: 1, is_mbaff: false, chroma_array_type: 1 };
        let scope = layout.scope(&[], 0, 1, false);
        let mut cavlc = Cavlc::new(Bits::new(&bytes));
        let count = cavlc.residual_block(&scope, Block { kind, plane: 0, x: 0, y: 0 });
        let is_at_end = !cavlc.has_more() && cavlc.check().is_ok();
        (count, is_at_end)
    }

    #[test]
    fn blocks_end_where_their_codes_do() {
        // 0, 3, 0, 1, -1, -1, 0, 1, 0: five coefficients, three of them trailing ones, and three zeros before the last.
        assert!(matches!(block("000010001110010111101101", BlockKind::Luma4x4), (Ok(5), true)));
        // -2, 4, 3, -3, 0, 0, -1: five coefficients, one of them a trailing one, and two zeros.
        assert!(matches!(block("0000000110100010010000100101100111", BlockKind::Luma4x4), (Ok(5), false)));
        assert!(matches!(block("1", BlockKind::Luma4x4), (Ok(0), true)));
        assert!(matches!(block("01", BlockKind::ChromaDc), (Ok(0), true)));
        assert!(matches!(block("0000000000000001", BlockKind::Luma4x4), (Err(Stop::Damaged("coeff_token")), _)));
        // One coefficient after fifteen zeros is one too many in a block of 15.
        assert!(matches!(block("010000000001", BlockKind::Luma4x4), (Ok(1), true)));
        assert!(matches!(block("010000000001", BlockKind::Ac16x16), (Err(Stop::Damaged("total_zeros")), _)));
    }
}
