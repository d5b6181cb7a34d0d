//! Streams of NAL units, and damage to them, for the tests of H.264 and HEVC.

#[path = "../random/mod.rs"]
mod random;

pub use random::Random;

/// NAL units of a byte stream.
pub fn nal_units(stream: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> = (0..stream.len()).filter(|&at| stream[at..].starts_with(&[0, 0, 1])).collect();
    let ends = starts.iter().skip(1).copied().chain([stream.len()]);
    starts.iter().zip(ends).map(|(start, end)| without_zeros_behind(&stream[start + 3..end])).collect()
}

fn without_zeros_behind(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1)]
}

/// A byte stream of NAL units.
pub fn with_start_codes(nal_units: &[Vec<u8>]) -> Vec<u8> {
    nal_units.iter().flat_map(|nal_unit| [&[0, 0, 0, 1], &nal_unit[..]].concat()).collect()
}

/// Flips bits, overwrites, removes or cuts off.
pub fn damage(random: &mut Random, packet: &mut Vec<u8>) {
    let at = random.below(packet.len());
    let end = (at + 1 + random.below(64)).min(packet.len());
    match random.below(5) {
        0 => packet[at] ^= 1 << random.below(8),
        1 => (0..10).for_each(|_| {
            let at = random.below(packet.len());
            packet[at] ^= 1 << random.below(8);
        }),
        2 => packet[at..end].copy_from_slice(&random.bytes(end - at)),
        3 => _ = packet.drain(at..end),
        _ => packet.truncate(at.max(1)),
    }
}

/// Writes bits.
#[derive(Default)]
pub struct Bits(Vec<bool>);

impl Bits {
    pub fn u(&mut self, count: usize, value: u64) {
        self.0.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }

    pub fn ue(&mut self, value: u64) {
        let length = 64 - (value + 1).leading_zeros() as usize;
        self.u(2 * length - 1, value + 1);
    }

    /// A NAL unit that ends with these bits, or with `data` behind them and behind ones up to the next byte.
    pub fn nal_unit(mut self, header: &[u8], data: &[u8]) -> Vec<u8> {
        self.0.push(true);
        self.0.resize(self.0.len().next_multiple_of(8), !data.is_empty());
        let byte = |bits: &[bool]| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
        let mut nal_unit = [&[0, 0, 0, 1], header].concat();
        let mut zeros = 0;
        for byte in self.0.chunks(8).map(byte).chain(data.iter().copied()) {
            if zeros >= 2 && byte <= 3 {
                nal_unit.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            nal_unit.push(byte);
        }
        nal_unit
    }
}
