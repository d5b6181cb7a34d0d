//! Reads a transport stream's tables, which are in sections across packets, to find the packets of the first video (ISO/IEC
//! 13818-1, 2.4.4).

/// Packet id of the program association table.
const PROGRAMS: u16 = 0;
/// Table ids: of the program association table, and of a program map.
const PROGRAM_TABLE: u8 = 0;
const STREAM_TABLE: u8 = 2;
/// Stream types of video: ISO/IEC 13818-1, table 2-34, ATSC, and AVS.
const VIDEO: [u8; 15] = [0x01, 0x02, 0x10, 0x1b, 0x1f, 0x20, 0x21, 0x24, 0x25, 0x33, 0x42, 0xd1, 0xd2, 0xd4, 0xea];
/// H.264 whose slices are encrypted within clear packets (Apple's "MPEG-2 Stream Encryption Format for HTTP Live Streaming").
const ENCRYPTED_VIDEO: u8 = 0xdb;
/// Private stream type; a descriptor names the codec.
const PRIVATE: u8 = 0x06;
const REGISTRATION: u8 = 5;
const VIDEO_NAMES: [&[u8; 4]; 4] = [b"HEVC", b"AV01", b"VC-1", b"drac"];
/// Bytes of the longest section.
const MAX_SECTION_BYTES: usize = 3 + 4095;
/// Bytes of the checksum at a section's end.
const CHECKSUM_BYTES: usize = 4;
/// The most programs to look into.
const MAX_PROGRAMS: usize = 64;

/// What the tables say so far.
#[derive(Debug)]
pub struct Sections {
    /// The packet id of the first video.
    pub video: Option<u16>,
    /// Whether the video is declared to be encrypted within its packets.
    pub is_encrypted: bool,
    tables: Vec<Table>,
}

/// The section being assembled; `None` before its start.
#[derive(Debug)]
struct Table {
    packets: u16,
    section: Option<Vec<u8>>,
}

impl Default for Sections {
    fn default() -> Self {
        Self { video: None, is_encrypted: false, tables: vec![Table { packets: PROGRAMS, section: None }] }
    }
}

impl Sections {
    /// Whether packets of this id carry a table that may say something new.
    pub fn want(&self, packets: u16) -> bool {
        self.video.is_none() && self.tables.iter().any(|table| table.packets == packets)
    }

    /// Takes a packet's payload; a section begins in it if `begins`.
    pub fn take(&mut self, packets: u16, payload: &[u8], begins: bool) {
        let Some(table) = self.tables.iter_mut().find(|table| table.packets == packets) else { return };
        let payload = if begins {
            // The rest of the previous section comes first.
            let Some((&rest, payload)) = payload.split_first() else { return };
            table.section = Some(Vec::new());
            payload.get(usize::from(rest)..).unwrap_or_default()
        } else {
            payload
        };
        let Some(section) = &mut table.section else { return };
        section.extend_from_slice(payload);
        let length = section.get(1..3).map_or(usize::MAX, |bytes| 3 + length(bytes));
        if section.len() >= length.min(MAX_SECTION_BYTES) {
            let section = table.section.take().unwrap_or_default();
            self.read(section.get(..length.saturating_sub(CHECKSUM_BYTES)).unwrap_or_default());
        }
    }

    fn read(&mut self, section: &[u8]) {
        // A table that is not in force yet has the last bit of this byte clear.
        if section.get(5).is_none_or(|flags| flags & 1 == 0) {
            return;
        }
        match section[0] {
            PROGRAM_TABLE => {
                let programs = section.get(8..).unwrap_or_default().as_chunks::<4>().0;
                // Number 0 means the network, not a program.
                programs.iter().filter(|entry| entry[..2] != [0, 0]).for_each(|entry| self.add(packets(&entry[2..])));
            }
            STREAM_TABLE if self.video.is_none() => self.read_streams(section),
            _ => {}
        }
    }

    fn add(&mut self, packets: u16) {
        if self.tables.len() <= MAX_PROGRAMS && self.tables.iter().all(|table| table.packets != packets) {
            self.tables.push(Table { packets, section: None });
        }
    }

    fn read_streams(&mut self, section: &[u8]) {
        let mut at = section.get(10..12).map_or(usize::MAX, |bytes| 12 + length(bytes));
        while let Some(&[kind, ref entry @ ..]) = section.get(at..at.saturating_add(5)) {
            let end = at + 5 + length(&entry[2..]);
            let descriptors = section.get(at + 5..end).unwrap_or_default();
            if VIDEO.contains(&kind) || kind == ENCRYPTED_VIDEO || (kind == PRIVATE && is_video(descriptors)) {
                self.video = Some(packets(entry));
                self.is_encrypted = kind == ENCRYPTED_VIDEO;
                return;
            }
            at = end;
        }
    }
}

/// Whether a registration descriptor names a video codec.
fn is_video(mut descriptors: &[u8]) -> bool {
    while let Some((&[tag, length], rest)) = descriptors.split_first_chunk::<2>() {
        if tag == REGISTRATION && VIDEO_NAMES.iter().any(|name| rest.starts_with(*name)) {
            return true;
        }
        descriptors = rest.get(usize::from(length)..).unwrap_or_default();
    }
    false
}

/// A packet id: thirteen bits.
fn packets(bytes: &[u8]) -> u16 {
    u16::from_be_bytes([bytes[0] & 0x1f, bytes[1]])
}

/// A length: twelve bits.
fn length(bytes: &[u8]) -> usize {
    usize::from(u16::from_be_bytes([bytes[0] & 0x0f, bytes[1]]))
}
