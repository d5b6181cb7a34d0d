//! Encryption in transport streams: each packet says whether its payload is scrambled (ISO/IEC 13818-1, 2.4.3.2,
//! `transport_scrambling_control`).

use super::gather::Gather;
use super::sections::Sections;

/// Packet lengths, and bytes before each packet: plain, and with a 4-byte timecode (Blu-ray, many cameras).
const TS_PACKETS: [(usize, usize); 2] = [(188, 0), (192, 4)];

const SYNC: u8 = 0x47;
const HEADER_BYTES: usize = 4;
/// Bytes of a packet without a timecode.
const PACKET_BYTES: usize = 188;
/// Bytes that reveal the packet length: up to the first byte of the third packet of the longest kind.
const HEAD_BYTES: usize = 2 * 192 + 4 + 1;
/// This many packets of the video decide for the whole file.
const ENOUGH_PACKETS: u64 = 256;

/// Walks through the packets, once their length is known.
#[derive(Debug, Default)]
pub struct Transport {
    head: Gather,
    packets: Option<Packets>,
    is_over: bool,
}

#[derive(Debug)]
struct Packets {
    gather: Gather,
    packet_bytes: u64,
    sections: Sections,
    /// The number of packets of the video, and of scrambled ones among them.
    count: u64,
    scrambled: u64,
}

impl Transport {
    /// Adds `bytes`, which begin at `offset`.
    pub fn push(&mut self, offset: u64, bytes: &[u8]) {
        if self.is_over {
            return;
        }
        if self.packets.is_none() && self.head.has(HEAD_BYTES, offset, bytes) {
            let head = self.head.bytes();
            let found = TS_PACKETS.into_iter().find(|&(length, _)| ts_packet_bytes(head) == Some(length));
            self.packets = found.map(|(length, first)| Packets::new(length, first, head));
            self.is_over = found.is_none();
        }
        if let Some(packets) = &mut self.packets {
            packets.push(offset, bytes);
        }
    }

    /// The place whose bytes are needed next; `None` if enough is known.
    pub fn next(&self) -> Option<u64> {
        match &self.packets {
            None => (!self.is_over).then(|| self.head.next()),
            Some(packets) => (packets.count < ENOUGH_PACKETS).then(|| packets.gather.next()),
        }
    }

    /// Whether most of the video is scrambled, or declared to be encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.packets
            .as_ref()
            .is_some_and(|packets| packets.sections.is_encrypted || packets.scrambled * 2 > packets.count)
    }

    /// Whether any packet of the video is scrambled.
    pub fn is_partly_encrypted(&self) -> bool {
        self.packets.as_ref().is_some_and(|packets| packets.sections.is_encrypted || packets.scrambled > 0)
    }
}

impl Packets {
    /// `first` bytes precede the first packet.
    fn new(length: usize, first: usize, head: &[u8]) -> Self {
        let (gather, sections) = (Gather::default(), Sections::default());
        let mut packets = Self { gather, packet_bytes: length as u64, sections, count: 0, scrambled: 0 };
        packets.gather.go_on(first as u64);
        packets.push(0, head);
        packets
    }

    fn push(&mut self, offset: u64, bytes: &[u8]) {
        while self.step(offset, bytes) {}
    }

    /// Advances by one packet; false if more bytes are needed.
    fn step(&mut self, offset: u64, bytes: &[u8]) -> bool {
        if !self.gather.has(HEADER_BYTES, offset, bytes) {
            return false;
        }
        let [sync, flags_and_number, number, flags, ..] = *self.gather.bytes() else { return false };
        if sync != SYNC {
            self.gather.go_on_to(SYNC, offset, bytes);
            return true;
        }
        let packets = u16::from_be_bytes([flags_and_number & 0x1f, number]);
        let (is_scrambled, has_adaptation, has_payload) = (flags & 0xc0 != 0, flags & 0x20 != 0, flags & 0x10 != 0);
        // A packet marked as faulty by the receiver may belong to any stream.
        let is_sound = flags_and_number & 0x80 == 0 && has_payload;
        if is_sound && !is_scrambled && self.sections.want(packets) {
            if !self.gather.has(PACKET_BYTES, offset, bytes) {
                return false;
            }
            let packet = &self.gather.bytes()[HEADER_BYTES..PACKET_BYTES];
            let adaptation_bytes = if has_adaptation { 1 + usize::from(packet[0]) } else { 0 };
            let payload = packet.get(adaptation_bytes..).unwrap_or_default();
            self.sections.take(packets, payload, flags_and_number & 0x40 != 0);
        }
        if is_sound && self.sections.video == Some(packets) {
            self.count += 1;
            self.scrambled += u64::from(is_scrambled);
        }
        self.gather.go_on(self.gather.at() + self.packet_bytes);
        true
    }
}

/// The packet length: sync bytes recur at it three times, or to the end of `head`.
pub fn ts_packet_bytes(head: &[u8]) -> Option<usize> {
    TS_PACKETS.iter().find_map(|&(length, first)| {
        let syncs = [first, first + length, first + 2 * length];
        let has_sync = |&at: &usize| head.get(at).map_or(head.len() > length, |&byte| byte == 0x47);
        syncs.iter().all(has_sync).then_some(length)
    })
}
