//! VP8 (RFC 6386): reads frame after frame, each partition to the end of its boolean code.
//!
//! After an altered bit, everything decodes to something else, so the code ends elsewhere: past the partition's end, where libvpx
//! and ffmpeg go on differently, or before it. Bits coded without context, such as signs of coefficients, leave no trace when
//! altered, and all decoders show the same for them.

mod boolean;
mod header;
mod motion;
mod quantizer;
mod tables;
mod tokens;

use crate::finding::Finding;
use boolean::BooleanDecoder;
use header::{FrameHeader, InterHeader, Probabilities};
use motion::{Bounds, Motion, Neighbours};
use quantizer::SegmentQuantizers;
use tables::{
    B_PRED, CHROMA_TREE, IMPLIED_MODES, KEY_CHROMA, KEY_LUMA, KEY_LUMA_TREE, KEY_SUBBLOCK, LUMA_TREE, SEGMENT_TREE,
    SUBBLOCK, SUBBLOCK_TREE,
};
use tokens::{Edge, OutOfRange};

/// Bytes before the first partition (9.1): of any frame, and of a key frame.
const TAG_BYTES: usize = 3;
const KEY_TAG_BYTES: usize = 10;
const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];
/// The last defined version.
const MAX_VERSION: u8 = 3;
/// The most macroblocks that are read: 8192x4352 pixels.
const MAX_MACROBLOCKS: usize = 139_264;
/// The most bytes that an encoder may leave after a partition's code. An arithmetic code ends within two bytes; 64 leaves room for
/// hardware that fills a word or cache line with what was there before.
const MAX_LEFTOVER: usize = 64;
/// After this many frames that end exactly, the encoder writes nothing after the lower end of the last interval, as RFC 6386, 7.3,
/// libvpx and libwebp do. Then every frame must end so, except a key frame: another encoder may start there.
const PROVEN_FRAMES: u32 = 16;

/// Reads the frames of one stream.
#[derive(Debug, Default)]
pub struct Reader {
    /// The state since the last key frame.
    stream: Option<Stream>,
}

/// What lasts from frame to frame.
#[derive(Debug)]
struct Stream {
    rows: usize,
    columns: usize,
    probabilities: Probabilities,
    quantizers: SegmentQuantizers,
    /// How many frames in a row left no bytes. `None` from a frame that left some until the next key frame.
    exact_frames: Option<u32>,
}

/// Why a frame is damaged.
struct Damage(&'static str);

impl Reader {
    /// Starts before the first frame.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one frame (a packet of a container), in decoding order, to the end of each partition's boolean code.
    pub fn read(&mut self, packet: &[u8]) -> Finding {
        match self.frame(packet) {
            Ok(finding) => finding,
            Err(Damage(what)) => Finding::Damaged(what),
        }
    }

    fn frame(&mut self, packet: &[u8]) -> Result<Finding, Damage> {
        if packet.is_empty() {
            return Ok(if self.stream.is_some() { Finding::Sound } else { Finding::Unread });
        }
        let Some((tag, mut rest)) = packet.split_first_chunk::<TAG_BYTES>() else {
            return Err(Damage("a frame is shorter than its tag"));
        };
        let is_key = tag[0] & 1 == 0;
        if tag[0] >> 1 & 7 > MAX_VERSION {
            return Err(Damage("unknown version"));
        }
        let first_bytes = usize::from(tag[0]) >> 5 | usize::from(tag[1]) << 3 | usize::from(tag[2]) << 11;
        if is_key {
            let Some((key_tag, behind)) = rest.split_first_chunk::<{ KEY_TAG_BYTES - TAG_BYTES }>() else {
                return Err(Damage("a key frame is shorter than its tag"));
            };
            let exact_frames = self.stream.as_ref().and_then(|stream| stream.exact_frames);
            self.stream = Some(Stream::new(key_tag, exact_frames.unwrap_or(0))?);
            rest = behind;
        }
        let Some(stream) = self.stream.as_mut() else { return Ok(Finding::Unread) };
        if stream.rows * stream.columns > MAX_MACROBLOCKS {
            return Ok(Finding::Unread);
        }
        let Some((first, rest)) = rest.split_at_checked(first_bytes) else {
            return Err(Damage("the first partition does not fit"));
        };
        stream.frame(is_key, first, rest)?;
        Ok(Finding::Sound)
    }
}

impl Stream {
    /// `key_tag` is a key frame's tag; `exact_frames` frames before it left no bytes.
    fn new(key_tag: &[u8; KEY_TAG_BYTES - TAG_BYTES], exact_frames: u32) -> Result<Self, Damage> {
        let [start_code @ .., w0, w1, h0, h1] = *key_tag;
        if start_code != START_CODE {
            return Err(Damage("no start code"));
        }
        let [width, height] = [[w0, w1], [h0, h1]].map(|side| usize::from(u16::from_le_bytes(side) & 0x3fff));
        if width == 0 || height == 0 {
            return Err(Damage("an empty picture"));
        }
        Ok(Self {
            rows: height.div_ceil(16),
            columns: width.div_ceil(16),
            probabilities: Probabilities::KEY,
            quantizers: SegmentQuantizers::default(),
            exact_frames: Some(exact_frames),
        })
    }

    fn frame(&mut self, is_key: bool, first: &[u8], rest: &[u8]) -> Result<(), Damage> {
        let mut code = BooleanDecoder::new(first);
        let mut probabilities = self.probabilities.clone();
        let header = FrameHeader::read(&mut code, is_key, &mut probabilities, &mut self.quantizers);
        if header.refreshes_probabilities {
            self.probabilities = probabilities.clone();
        }
        if code.is_beyond_end() {
            return Err(Damage("the header ends early"));
        }
        let mut partitions = token_partitions(rest, 1 << header.token_partitions_log2)?;
        let mut columns = vec![Column::default(); self.columns];
        for row in 0..self.rows {
            let i = row % partitions.len();
            let tokens = &mut partitions[i];
            let mut left = Column::default();
            let mut above_left = Motion::default();
            for (column, above) in columns.iter_mut().enumerate() {
                let bounds = Bounds::new((row, self.rows), (column, self.columns));
                let next_above_left = above.motion;
                let (has_tokens, has_dc) =
                    macroblock(&mut code, &header, &probabilities, &bounds, &above_left, above, &mut left);
                above_left = next_above_left;
                if has_tokens {
                    let parameters = (&probabilities.tokens, &header.limits);
                    tokens::read(tokens, parameters, has_dc, &mut above.tokens, &mut left.tokens)
                        .map_err(|OutOfRange| Damage("a coefficient is too large"))?;
                } else {
                    above.tokens.clear(has_dc);
                    left.tokens.clear(has_dc);
                }
                if code.is_beyond_end() {
                    return Err(Damage("the first partition ends early"));
                }
                if tokens.is_beyond_end() {
                    return Err(Damage("a partition of tokens ends early"));
                }
            }
        }
        let leftover = std::iter::once(&code).chain(&partitions).map(BooleanDecoder::leftover).max();
        self.judge(is_key, leftover.unwrap_or(0))
    }

    /// Judges a frame by the number of bytes left unread.
    fn judge(&mut self, is_key: bool, leftover: usize) -> Result<(), Damage> {
        if leftover > MAX_LEFTOVER {
            return Err(Damage("a partition goes on behind its end"));
        }
        let is_proven = self.exact_frames.is_some_and(|frames| frames >= PROVEN_FRAMES);
        if leftover > 0 && is_proven && !is_key {
            return Err(Damage("a partition ends unlike the ones before"));
        }
        self.exact_frames = self.exact_frames.filter(|_| leftover == 0).map(|frames| frames.saturating_add(1));
        Ok(())
    }
}

/// 9.5. Encoders terminate even unused partitions; decoders refuse an empty one.
fn token_partitions(bytes: &[u8], count: usize) -> Result<Vec<BooleanDecoder<'_>>, Damage> {
    let does_not_fit = Damage("a partition of tokens does not fit");
    let Some((lengths, mut rest)) = bytes.split_at_checked(3 * (count - 1)) else { return Err(does_not_fit) };
    let mut partitions = Vec::with_capacity(count);
    for length in lengths.chunks_exact(3) {
        let bytes = length.iter().rev().fold(0, |sum, &byte| sum << 8 | usize::from(byte));
        let Some((partition, behind)) = rest.split_at_checked(bytes) else { return Err(does_not_fit) };
        partitions.push(partition);
        rest = behind;
    }
    partitions.push(rest);
    if partitions.iter().any(|partition| partition.is_empty()) {
        return Err(Damage("a partition of tokens is empty"));
    }
    Ok(partitions.into_iter().map(BooleanDecoder::new).collect())
}

/// What a macroblock hands to those below and to the right.
#[derive(Clone, Copy, Debug, Default)]
struct Column {
    motion: Motion,
    /// Modes of the subblocks at the edge; key frames only.
    modes: [u8; 4],
    tokens: Edge,
}

/// Reads a macroblock's header (19.3): whether it has tokens, and whether luma's DC has a block of its own.
fn macroblock(
    code: &mut BooleanDecoder,
    header: &FrameHeader,
    probabilities: &Probabilities,
    bounds: &Bounds,
    above_left: &Motion,
    above: &mut Column,
    left: &mut Column,
) -> (bool, bool) {
    if let Some(segments) = header.segments {
        code.leaf(&SEGMENT_TREE, &segments);
    }
    let has_tokens = !header.skip.is_some_and(|skip| code.bool(skip));
    let has_dc = match &header.inter {
        None => key_modes(code, &mut above.modes, &mut left.modes),
        Some(inter) => {
            let reference = reference(code, inter);
            let motion = if reference == 0 {
                None
            } else {
                let neighbours = Neighbours { above: &above.motion, left: &left.motion, above_left };
                Some(motion::read(code, reference, &neighbours, &inter.sign_bias, bounds, &probabilities.motion))
            };
            let has_dc = motion.map_or_else(|| intra_modes(code, probabilities), |motion| !motion.is_split);
            (above.motion, left.motion) = (motion.unwrap_or_default(), motion.unwrap_or_default());
            has_dc
        }
    };
    (has_tokens, has_dc)
}

/// 11.2, 11.3: modes in a key frame.
fn key_modes(code: &mut BooleanDecoder, above: &mut [u8; 4], left: &mut [u8; 4]) -> bool {
    let luma = code.leaf(&KEY_LUMA_TREE, &KEY_LUMA);
    let implied = IMPLIED_MODES.get(usize::from(luma));
    if let Some(&mode) = implied {
        (*above, *left) = ([mode; 4], [mode; 4]);
    } else {
        for left in left.iter_mut() {
            for above in above.iter_mut() {
                let probabilities = &KEY_SUBBLOCK[usize::from(*above)][usize::from(*left)];
                let mode = code.leaf(&SUBBLOCK_TREE, probabilities);
                (*above, *left) = (mode, mode);
            }
        }
    }
    code.leaf(&CHROMA_TREE, &KEY_CHROMA);
    implied.is_some()
}

/// 16.1: modes of an intra-coded macroblock of an interframe.
fn intra_modes(code: &mut BooleanDecoder, probabilities: &Probabilities) -> bool {
    let has_dc = code.leaf(&LUMA_TREE, &probabilities.luma) != B_PRED;
    if !has_dc {
        (0..16).for_each(|_| _ = code.leaf(&SUBBLOCK_TREE, &SUBBLOCK));
    }
    code.leaf(&CHROMA_TREE, &probabilities.chroma);
    has_dc
}

/// 16.2: the reference frame of a macroblock, 0 if it is intra-coded.
fn reference(code: &mut BooleanDecoder, inter: &InterHeader) -> u8 {
    match code.bool(inter.intra) {
        false => 0,
        true if !code.bool(inter.last) => 1,
        true => 2 + u8::from(code.bool(inter.golden)),
    }
}
