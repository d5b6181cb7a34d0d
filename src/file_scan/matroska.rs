//! Checks the nested lengths of a Matroska file as its bytes come, down to the blocks of each cluster.
//!
//! Demuxers search for the next place that makes sense, and do not report what they left out or took for something else. In a whole
//! file every element lies within the one that holds it; so if one reaches further, bytes were lost, moved or altered. (RFC 8794, 4
//! to 6; RFC 9559, 5.1.)

pub(super) const EBML: u32 = 0x1a45_dfa3;
pub(super) const SEGMENT: u32 = 0x1853_8067;
pub(super) const CLUSTER: u32 = 0x1f43_b675;
/// Elements on the level of clusters: one of them ends a cluster of unknown length.
const TOP_LEVEL: [u32; 8] =
    [CLUSTER, 0x114d_9b74, 0x1549_a966, 0x1654_ae6b, 0x1043_a770, 0x1c53_bb6b, 0x1941_a469, 0x1254_c367];
/// Bytes of an id (four) and a length (eight).
const HEADER_BYTES: usize = 12;

/// Takes a file's bytes in order.
#[derive(Debug, Default)]
pub struct MatroskaWalk {
    next_element: u64,
    header: Vec<u8>,
    /// Where the current segment and cluster end; the inner `None` if the file does not say.
    segment: Option<Option<u64>>,
    cluster: Option<Option<u64>>,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Walking,
    Broken,
    /// Past the segment, or not Matroska.
    Over,
}

/// An element's header.
pub(super) struct Element {
    pub(super) id: u32,
    pub(super) header_bytes: usize,
    /// Length of the contents; `None` if unknown.
    pub(super) length: Option<u64>,
}

impl MatroskaWalk {
    /// Adds `bytes`, which begin at `offset`.
    pub fn push(&mut self, offset: u64, bytes: &[u8]) {
        let end = offset + bytes.len() as u64;
        while self.state == State::Walking && self.next_element + (self.header.len() as u64) < end {
            let start = (self.next_element + self.header.len() as u64 - offset) as usize;
            let missing = HEADER_BYTES - self.header.len();
            self.header.extend_from_slice(&bytes[start..bytes.len().min(start + missing)]);
            match element(&self.header) {
                Ok(Some(element)) => {
                    self.header.clear();
                    self.take(&element);
                }
                Ok(None) => return,
                Err(NoElement) => self.stop(),
            }
        }
    }

    /// Whether an element reaches out of the one that holds it.
    pub fn is_broken(&self) -> bool {
        self.state == State::Broken
    }

    fn take(&mut self, element: &Element) {
        let start = self.next_element;
        let content = start + element.header_bytes as u64;
        let end = element.length.map(|length| content.saturating_add(length));
        self.leave(start, element.id);
        if self.state == State::Over {
            return;
        }
        let limit = self.cluster.flatten().or(self.segment.flatten());
        let is_open = matches!(element.id, SEGMENT | CLUSTER);
        let is_too_long = end.is_some_and(|end| limit.is_some_and(|limit| end > limit)) || (end.is_none() && !is_open);
        match element.id {
            _ if is_too_long => self.state = State::Broken,
            SEGMENT if self.segment.is_none() => self.segment = Some(end),
            CLUSTER if self.segment.is_some() && self.cluster.is_none() => self.cluster = Some(end),
            EBML if start == 0 => {}
            _ if self.segment.is_none() => self.state = State::Over,
            _ => {}
        }
        let is_entered = is_open && self.state == State::Walking;
        self.next_element = if is_entered { content } else { end.unwrap_or(content) };
    }

    /// Leaves elements that end before `start`, or that cannot hold an element with this id.
    fn leave(&mut self, start: u64, id: u32) {
        let is_behind = |end: u64| end <= start;
        if self.cluster.is_some_and(|end| end.map_or(TOP_LEVEL.contains(&id), is_behind)) {
            self.cluster = None;
        }
        if self.segment.flatten().is_some_and(is_behind) {
            self.state = State::Over;
        }
    }

    /// Stops where there should be an element and is none.
    fn stop(&mut self) {
        let is_within = self.segment.is_some_and(|end| end.is_none_or(|end| self.next_element < end));
        self.state = if is_within { State::Broken } else { State::Over };
    }
}

/// The bytes are not an element's header.
pub(super) struct NoElement;

/// The element whose header begins `header`; `Ok(None)` if more bytes are needed.
pub(super) fn element(header: &[u8]) -> Result<Option<Element>, NoElement> {
    let Some(&first) = header.first() else { return Ok(None) };
    let id_bytes = first.leading_zeros() as usize + 1;
    if id_bytes > 4 {
        return Err(NoElement);
    }
    let Some(&first) = header.get(id_bytes) else { return Ok(None) };
    let length_bytes = first.leading_zeros() as usize + 1;
    if length_bytes > 8 {
        return Err(NoElement);
    }
    let header_bytes = id_bytes + length_bytes;
    let Some(rest) = header.get(id_bytes + 1..header_bytes) else { return Ok(None) };
    let id = header[..id_bytes].iter().fold(0, |id, &byte| id << 8 | u32::from(byte));
    let marker_free = u64::from(first) & ((1 << (8 - length_bytes)) - 1);
    let length = rest.iter().fold(marker_free, |length, &byte| length << 8 | u64::from(byte));
    let unknown = (1u64 << (7 * length_bytes)) - 1;
    Ok(Some(Element { id, header_bytes, length: (length != unknown).then_some(length) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_broken(file: &[u8], piece: usize) -> bool {
        let mut walk = MatroskaWalk::default();
        for (i, bytes) in file.chunks(piece).enumerate() {
            walk.push((i * piece) as u64, bytes);
        }
        walk.is_broken()
    }

    /// A file of two clusters, each with a time and two blocks, and cues; `segment` and `cluster` are the length fields.
    fn file(segment: &[u8], cluster: &[u8]) -> Vec<u8> {
        let blocks = b"\xe7\x81\0\xa3\x84abcd\xa3\x82ab";
        let clusters = [b"\x1f\x43\xb6\x75", cluster, blocks].concat().repeat(2);
        [b"\x1a\x45\xdf\xa3\x81x\x18\x53\x80\x67", segment, &clusters, b"\x1c\x53\xbb\x6b\x81x"].concat()
    }

    #[test]
    fn a_whole_file_is_not_broken_whether_or_not_it_says_its_lengths() {
        for (segment, cluster) in [(&b"\xaa"[..], &b"\x8d"[..]), (b"\xff", b"\x8d"), (b"\xff", b"\xff")] {
            let file = file(segment, cluster);
            for piece in [1, 5, 1000] {
                assert!(!is_broken(&file, piece));
                assert!(!is_broken(&[&file[..], b"behind the segment"].concat(), piece) || segment == b"\xff");
            }
            assert!(!(1..file.len()).any(|end| is_broken(&file[..end], 7)), "a cut is another thing");
        }
    }

    #[test]
    fn a_block_that_reaches_out_of_its_cluster_is_broken() {
        let file = file(b"\xaa", b"\x8d");
        let blocks: Vec<usize> = (0..file.len()).filter(|&at| file[at] == 0xa3 && file[at + 1] == 0x82).collect();
        assert_eq!(blocks.len(), 2);
        for at in blocks {
            let mut longer = file.clone();
            longer[at + 1] += 1;
            assert!(is_broken(&longer, 1000));
        }
    }

    #[test]
    fn zeros_and_doubled_bytes_are_broken() {
        let file = file(b"\xaa", b"\x8d");
        let mut zeroed = file.clone();
        zeroed[13..20].fill(0);
        assert!(is_broken(&zeroed, 3));
        assert!(is_broken(&[&file[..22], &file[18..]].concat(), 3));
    }

    #[test]
    fn what_is_no_matroska_is_not_called_broken() {
        assert!(!is_broken(b"\0\0\0\x10ftypisom", 4));
        assert!(!is_broken(b"\x1a\x45\xdf\xa3\x84abcdRIFF", 4));
    }
}
