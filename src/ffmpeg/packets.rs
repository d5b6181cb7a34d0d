//! Checks a video's packets, as ffmpeg copies them, for damage and for frames that its decoders pass over silently.
//!
//! ffmpeg writes a line with each packet's size, and the packet's bytes to another output: [`super::recipe::packets`].

use super::log::{Complained, Lines, PacketLine, parse_time_base};
use super::probe::Video;
use crate::hash::motion::TimeBase;
use bitcheck::{Finding, FrameTally, PacketReader};

/// Codecs whose decoders in ffmpeg do not report all damage: docs/robustness.md.
const SILENT: [&str; 2] = ["hevc", "vp8"];
/// Codecs whose decoders need a configuration record; a packet's side data may replace it.
const WITH_RECORD: [&str; 1] = ["hevc"];
/// A video with a larger packet is not checked: no picture of the largest size has as many bytes.
const MAX_PACKET_BYTES: usize = 64 << 20;

/// Joins each packet's line and bytes.
#[derive(Debug, Default)]
pub struct PacketCutter {
    lines: Lines,
    time_base: Option<TimeBase>,
    line: Option<PacketLine>,
    packet: Vec<u8>,
    /// Bytes of the packet still to come.
    missing: usize,
    is_lost: bool,
}

impl PacketCutter {
    /// Takes the next bytes of the lines.
    pub fn take_lines(&mut self, bytes: &[u8]) {
        let Self { lines, time_base, line, packet, missing, is_lost } = self;
        lines.push(bytes, |text| {
            let Some(read) = PacketLine::read(text) else {
                *time_base = time_base.or_else(|| parse_time_base(text));
                return;
            };
            *is_lost |= *missing > 0 || read.bytes > MAX_PACKET_BYTES;
            *missing = read.bytes;
            *line = Some(read);
            packet.clear();
        });
    }

    /// The time base of the packets' times; `None` until the heading is read.
    pub fn time_base(&self) -> Option<TimeBase> {
        self.time_base
    }

    /// Bytes still to come of the packet whose line was read last.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Takes the next bytes of the packets; returns the packet that they complete. Skips packets without bytes.
    pub fn take_packets(&mut self, bytes: &[u8]) -> Option<(PacketLine, &[u8])> {
        let Some(missing) = self.missing.checked_sub(bytes.len()) else {
            self.is_lost = true;
            return None;
        };
        self.missing = missing;
        if self.is_lost {
            return None;
        }
        self.packet.extend_from_slice(bytes);
        self.line.filter(|_| missing == 0).map(|line| (line, &*self.packet))
    }

    /// Whether lines and bytes do not match; then no more packets come out.
    pub fn is_lost(&self) -> bool {
        self.is_lost
    }
}

/// Reads the packets of one video: for damage, and to count the frames that they show.
#[derive(Debug)]
pub struct PacketCheck {
    damage: Option<DamageCheck>,
    tally: Option<FrameTally>,
}

impl PacketCheck {
    /// A check before the first packet; `None` for codecs whose packets are not read.
    pub fn new(video: &Video) -> Option<Self> {
        let (damage, tally) = (DamageCheck::new(video), FrameTally::new(&video.codec, video.record.as_deref()));
        (damage.is_some() || tally.is_some()).then_some(Self { damage, tally })
    }

    /// Reads the next packet.
    pub fn read(&mut self, line: PacketLine, packet: &[u8]) {
        if let Some(tally) = &mut self.tally {
            tally.read(packet, line.pts, line.is_key, line.is_hidden);
        }
        if let Some(damage) = &mut self.damage {
            damage.read(line, packet);
        }
    }

    /// Whether all packets so far are sound; true for codecs that are not read for damage.
    pub fn is_sound(&self) -> bool {
        self.damage.as_ref().is_none_or(DamageCheck::is_sound)
    }

    /// Whether a packet was damaged; then nothing more needs to be read.
    pub fn is_damaged(&self) -> bool {
        self.damage.as_ref().is_some_and(DamageCheck::is_damaged)
    }

    /// Whether ffmpeg's complaints mean that packets are damaged. Slices left out mean nothing if the video begins with packets
    /// that no decoder can begin with.
    pub fn shows_damage(&self, complained: &Complained) -> bool {
        let begins_within = || self.tally.as_ref().is_some_and(FrameTally::begins_within);
        self.is_damaged() || complained.lost_slices && !begins_within()
    }

    /// Whether `frames` are fewer than the packets show.
    pub fn are_missing(&self, frames: u64) -> bool {
        self.tally.as_ref().is_some_and(|tally| tally.are_missing(frames))
    }
}

/// Reads the packets of one video for damage.
///
/// ffmpeg gives the size of a packet's side data, but not what it is. It may be a new decoder configuration, without which sound
/// packets seem damaged; or how a packet was encrypted, which remains in decrypted files; or an addition to the picture. A new
/// configuration comes once, where a new description of the video begins; the others come with packet after packet. So side data of
/// two packets in a row is no configuration. Until that is known, reading goes on, and damage is only suspected.
#[derive(Debug)]
struct DamageCheck {
    reader: PacketReader,
    needs_record: bool,
    state: State,
    /// Whether the configuration may have changed before or with the last packet, and whether that packet had side data.
    is_in_doubt: bool,
    had_side_data: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Reading,
    /// The last packet is damaged, unless a new configuration came with it.
    Suspected,
    Damaged,
    /// Decoding needs something that is not known, so nothing more is found.
    Lost,
}

impl DamageCheck {
    /// A check before the first packet; `None` for codecs whose damage ffmpeg reports.
    fn new(video: &Video) -> Option<Self> {
        let reader =
            SILENT.contains(&&*video.codec).then(|| PacketReader::new(&video.codec, video.record.as_deref()))??;
        let needs_record = WITH_RECORD.contains(&&*video.codec);
        Some(Self { reader, needs_record, state: State::Reading, is_in_doubt: false, had_side_data: false })
    }

    /// Reads the next packet.
    fn read(&mut self, line: PacketLine, packet: &[u8]) {
        let has_side_data = self.needs_record && line.may_have_record;
        if has_side_data {
            self.is_in_doubt = !self.had_side_data;
        }
        self.had_side_data = has_side_data;
        if self.state == State::Suspected {
            self.state = if self.is_in_doubt || !has_side_data { State::Lost } else { State::Damaged };
        }
        if self.state == State::Reading && matches!(self.reader.read(packet), Finding::Damaged(_)) {
            self.state = match (self.is_in_doubt, has_side_data) {
                (false, _) => State::Damaged,
                (true, true) => State::Suspected,
                (true, false) => State::Lost,
            };
        }
    }

    /// Whether all packets so far are sound, and were read with the right configuration.
    fn is_sound(&self) -> bool {
        self.state == State::Reading && !self.is_in_doubt
    }

    /// Whether a packet was damaged; then nothing more needs to be read.
    fn is_damaged(&self) -> bool {
        self.state == State::Damaged
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ffmpeg::probe::Video;

    /// The configuration and the packets of a sound video, as `tests/vectors/packets/make.py` writes them.
    fn vector() -> Vec<&'static [u8]> {
        let mut rest = &include_bytes!("../../tests/vectors/packets/hevc-lengths.bin")[1..];
        std::iter::from_fn(|| {
            let (length, behind) = rest.split_first_chunk::<2>()?;
            let (packet, behind) = behind.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
            rest = behind;
            Some(packet)
        })
        .collect()
    }

    /// The findings of a check. `side_data` lists packets with side data, `damaged` packets that are cut short.
    fn check(side_data: &[usize], damaged: &[usize]) -> DamageCheck {
        let (record, packets) = vector().split_first().map(|(record, packets)| (*record, packets.to_vec())).unwrap();
        let json = br#"{"streams":[{"codec_name":"hevc","pix_fmt":"yuv420p","width":64,"height":64}]}"#;
        let video = Video { record: Some(record.to_vec()), ..Video::from_probe(json).unwrap() };
        let mut check = DamageCheck::new(&video).unwrap();
        for (i, packet) in packets.iter().enumerate() {
            let bytes = if damaged.contains(&i) { packet.len() - 3 } else { packet.len() };
            let is_beside = side_data.contains(&i);
            let line = PacketLine { pts: None, bytes, is_key: true, is_hidden: false, may_have_record: is_beside };
            check.read(line, &packet[..bytes]);
        }
        check
    }

    #[test]
    fn sound_packets_are_sound_whatever_lies_beside_them() {
        assert!(vector().len() > 4);
        for side_data in [&[][..], &[1], &[0, 1, 2, 3]] {
            let check = check(side_data, &[]);
            assert_ne!(check.state, State::Lost);
            assert!(!check.is_damaged());
            assert_eq!(check.is_sound(), side_data != [1]);
        }
    }

    #[test]
    fn damage_is_found_where_something_lies_beside_each_packet() {
        let all: Vec<usize> = (0..vector().len()).collect();
        for damaged in [0, 1, 2] {
            assert!(check(&all, &[damaged]).is_damaged(), "packet {damaged}");
        }
    }

    #[test]
    fn what_may_come_of_a_new_record_is_not_called_damage() {
        for damaged in [1, 2] {
            let check = check(&[1], &[damaged]);
            assert_eq!(check.state, State::Lost, "packet {damaged}");
        }
        assert!(check(&[2], &[1]).is_damaged(), "before it");
    }
}
