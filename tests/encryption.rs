//! Encryption that a container declares is told, and what only looks like it is not.

use cotejo::file_scan::{EncryptionLook, FileFacts, FileScan};

fn scan(file: &[u8], piece: usize) -> FileFacts {
    let mut scan = FileScan::default();
    file.chunks(piece).for_each(|piece| scan.push(piece));
    scan.finish()
}

/// What a look at a few places says, and how many there were.
fn look(file: &[u8]) -> (bool, usize) {
    let (mut look, mut places) = (EncryptionLook::default(), 0);
    while let Some(place) = look.next() {
        let rest = file.get(place as usize..).unwrap_or_default();
        look.push(place, &rest[..rest.len().min(EncryptionLook::PIECE_BYTES)]);
        places += 1;
    }
    (look.is_encrypted(), places)
}

/// Whether the file is encrypted, by both ways and in pieces of any size.
fn is_encrypted(file: &[u8]) -> bool {
    let facts = scan(file, file.len());
    for piece in [1, 3, 189] {
        assert_eq!(scan(file, piece), facts);
    }
    assert_eq!(look(file).0, facts.encrypted);
    facts.encrypted
}

mod boxes {
    use super::*;

    fn of(kind: &[u8], contents: &[&[u8]]) -> Vec<u8> {
        let content = contents.concat();
        [&(content.len() as u32 + 8).to_be_bytes(), kind, &content].concat()
    }

    fn track(id: u8, handler: &[u8], entries: &[Vec<u8>], more: &[u8]) -> Vec<u8> {
        let header = of(b"tkhd", &[&[0; 15], &[id], &[0; 64]]);
        let handler = of(b"hdlr", &[&[0; 8], handler, &[0; 12]]);
        let table = of(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, entries.len() as u8], &entries.concat()]);
        let media = of(b"mdia", &[&handler, &of(b"minf", &[&of(b"stbl", &[&table, more])])]);
        of(b"trak", &[&header, &media])
    }

    fn entry(name: &[u8], boxes: &[u8]) -> Vec<u8> {
        of(name, &[&[0; 78], &of(b"avcC", &[&[1; 30]]), boxes])
    }

    fn scheme(name: &[u8], track_encryption: &[u8]) -> Vec<u8> {
        let (original, scheme) = (of(b"frma", &[b"avc1"]), of(b"schm", &[&[0; 4], name, &[0, 1, 0, 0]]));
        of(b"sinf", &[&original, &scheme, &of(b"schi", &[track_encryption])])
    }

    fn cenc(is_protected: u8) -> Vec<u8> {
        scheme(b"cenc", &of(b"tenc", &[&[0, 0, 0, 0, 0, 0, is_protected, 8 * is_protected], &[7; 16]]))
    }

    fn piff(algorithm: u8) -> Vec<u8> {
        let name = b"\x89\x74\xdb\xce\x7b\xe7\x4c\x51\x84\xf9\x71\x48\xf9\x88\x25\x54";
        scheme(b"piff", &of(b"uuid", &[name, &[0, 0, 0, 0, 0, 0, algorithm, 8], &[7; 16]]))
    }

    fn sample_group(name: &[u8]) -> Vec<u8> {
        of(b"sgpd", &[&[1, 0, 0, 0], name, &[0, 0, 0, 20, 0, 0, 0, 1], &[1; 20]])
    }

    fn file(tracks: &[Vec<u8>], behind: &[Vec<u8>]) -> Vec<u8> {
        let index = of(b"moov", &[&of(b"mvhd", &[&[0; 100]]), &tracks.concat()]);
        [of(b"ftyp", &[b"isom\0\0\0\0"]), of(b"mdat", &[&[9; 300]]), index, behind.concat()].concat()
    }

    fn video(entries: &[Vec<u8>]) -> Vec<u8> {
        file(&[track(1, b"vide", entries, &[])], &[])
    }

    #[test]
    fn protected_entries_are_encrypted_unless_they_say_that_they_are_not() {
        assert!(is_encrypted(&video(&[entry(b"encv", &cenc(1))])));
        assert!(is_encrypted(&video(&[entry(b"encv", &piff(1))])));
        assert!(is_encrypted(&video(&[entry(b"encv", &[])])), "by a scheme that is not known");
        assert!(is_encrypted(&video(&[entry(b"drmi", &scheme(b"itun", &[]))])));
        assert!(is_encrypted(&video(&[entry(b"resv", &cenc(1))])));
        assert!(is_encrypted(&video(&[entry(b"encv", &[piff(0), cenc(1)].concat())])), "one of two schemes");
        assert!(is_encrypted(&video(&[entry(b"avc1", &[]), entry(b"encv", &cenc(1))])), "a clear beginning");
        for clear in [entry(b"encv", &cenc(0)), entry(b"encv", &piff(0)), entry(b"resv", &of(b"rinf", &[&[0; 20]]))] {
            assert!(!is_encrypted(&video(&[clear])));
        }
    }

    #[test]
    fn what_decrypting_leaves_behind_is_no_encryption() {
        let keys = of(b"pssh", &[&[0; 40]]);
        let samples = of(b"senc", &[&[0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0]]);
        let fragment = of(b"moof", &[&of(b"traf", &[&of(b"tfhd", &[&[0, 0, 0, 0, 0, 0, 0, 1]]), &samples]), &keys]);
        let clear = [track(1, b"vide", &[entry(b"avc1", &cenc(1))], &sample_group(b"seig")), keys.clone()];
        assert!(!is_encrypted(&file(&clear, &[fragment])));
    }

    #[test]
    fn only_the_first_video_counts() {
        let clear = track(1, b"vide", &[entry(b"avc1", &[])], &[]);
        let sound = track(2, b"soun", &[of(b"enca", &[&[0; 28], &cenc(1)])], &[]);
        let encrypted = track(3, b"vide", &[entry(b"encv", &cenc(1))], &[]);
        assert!(!is_encrypted(&file(&[sound.clone(), clear.clone()], &[])));
        assert!(!is_encrypted(&file(&[clear.clone(), encrypted.clone()], &[])));
        assert!(is_encrypted(&file(&[sound, encrypted.clone(), clear.clone()], &[])));
        assert!(scan(&[file(&[clear], &[]), file(&[encrypted], &[])].concat(), 99).encrypted, "a second index");
    }

    #[test]
    fn groups_of_samples_may_be_encrypted_where_the_others_are_not() {
        let fragment = |id: u8, group: Vec<u8>| {
            let header = of(b"tfhd", &[&[0, 0, 0, 0, 0, 0, 0, id]]);
            of(b"moof", &[&of(b"mfhd", &[&[0; 8]]), &of(b"traf", &[&header, &group])])
        };
        let piff = |flag: u8| {
            let name = b"\xa2\x39\x4f\x52\x5a\x9b\x4f\x14\xa2\x44\x6c\x42\x7c\x64\x8d\xf4";
            of(b"uuid", &[name, &[0, 0, 0, flag, 0, 0, 1, 8], &[7; 16]])
        };
        let clear = |more: &[u8]| track(5, b"vide", &[entry(b"encv", &cenc(0))], more);
        assert!(is_encrypted(&file(&[clear(&sample_group(b"seig"))], &[])));
        assert!(!is_encrypted(&file(&[clear(&sample_group(b"roll"))], &[])));
        let whole = |fragment| scan(&file(&[clear(&[])], &[fragment]), 50).encrypted;
        assert!(whole(fragment(5, sample_group(b"seig"))) && whole(fragment(5, piff(1))));
        assert!(!whole(fragment(6, sample_group(b"seig"))) && !whole(fragment(5, piff(0))));
    }

    #[test]
    fn a_large_file_is_looked_at_in_few_places() {
        let mut large = of(b"ftyp", &[b"isom\0\0\0\0"]);
        large.extend(of(b"mdat", &[&vec![9; 5 << 20]]));
        large.extend(video(&[entry(b"encv", &cenc(1))]));
        assert_eq!(look(&large), (true, 2));
    }

    #[test]
    fn a_long_box_and_one_to_the_end_are_read() {
        let whole = video(&[entry(b"encv", &cenc(1))]);
        let index = whole.windows(4).position(|name| name == b"moov").unwrap() - 4;
        let mut to_the_end = whole.clone();
        to_the_end[index..index + 4].fill(0);
        assert!(is_encrypted(&to_the_end));
        let length = (whole.len() - index + 8) as u64;
        let long = [&whole[..index], &[0, 0, 0, 1], b"moov", &length.to_be_bytes(), &whole[index + 8..]].concat();
        assert!(is_encrypted(&long));
    }
}

mod elements {
    use super::*;

    fn of(id: &[u8], contents: &[&[u8]]) -> Vec<u8> {
        let content = contents.concat();
        [id, &[0x40 | (content.len() >> 8) as u8, content.len() as u8], &content].concat()
    }

    fn encodings(content: &[u8]) -> Vec<u8> {
        of(b"\x6d\x80", &[&of(b"\x62\x40", &[&of(b"\x50\x31", &[&[0]]), content])])
    }

    fn track(kind: u8, more: &[u8]) -> Vec<u8> {
        of(b"\xae", &[&of(b"\xd7", &[&[1]]), more, &of(b"\x83", &[&[kind]])])
    }

    fn file(tracks: &[Vec<u8>]) -> Vec<u8> {
        let (head, cluster) = (of(b"\x1a\x45\xdf\xa3", &[b"\x42\x82\x84webm"]), b"\x1f\x43\xb6\x75\xff\xe7\x81\0");
        let info = of(b"\x15\x49\xa9\x66", &[&[0xec, 0x81, 0]]);
        [&head[..], b"\x18\x53\x80\x67\xff", &info, &of(b"\x16\x54\xae\x6b", &[&tracks.concat()]), cluster].concat()
    }

    #[test]
    fn a_video_track_with_an_algorithm_is_encrypted() {
        let encrypted = encodings(&of(b"\x50\x35", &[&of(b"\x47\xe1", &[&[5]])]));
        let signed = encodings(&of(b"\x50\x35", &[&of(b"\x47\xe1", &[&[0]])]));
        let compressed = encodings(&of(b"\x50\x34", &[&of(b"\x42\x54", &[&[3]])]));
        assert!(is_encrypted(&file(&[track(1, &encrypted)])));
        assert!(is_encrypted(&file(&[track(1, &encodings(&of(b"\x50\x35", &[])))])));
        assert!(is_encrypted(&file(&[track(2, &[]), track(1, &encrypted), track(1, &[])])));
        assert!(!is_encrypted(&file(&[track(2, &encrypted), track(1, &signed)])));
        assert!(!is_encrypted(&file(&[track(1, &compressed), track(1, &encrypted)])));
    }

    #[test]
    fn a_length_beyond_all_files_ends_the_look() {
        let mut file = of(b"\x1a\x45\xdf\xa3", &[&[]]);
        file.extend(b"\x18\x53\x80\x67\xff\xec\x01\xff\xff\xff\xff\xff\xff\xfe");
        file.extend([0; 500]);
        assert_eq!(look(&file), (false, 1));
    }

    #[test]
    fn a_long_file_is_looked_at_once() {
        let long = [file(&[track(1, &[])]), vec![0xec; 1 << 20]].concat();
        assert_eq!(look(&long), (false, 1));
    }
}

mod packets {
    use super::*;

    const MAP: u16 = 0x1000;
    const VIDEO: u16 = 0x100;

    fn packet(number: u16, begins: bool, scrambled: u8, payload: &[u8]) -> Vec<u8> {
        let [high, low] = number.to_be_bytes();
        let mut packet = vec![0x47, high | u8::from(begins) << 6, low, scrambled << 6 | 0x10];
        packet.extend(payload);
        packet.resize(188, 0xff);
        packet
    }

    fn section(table: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len() + 9;
        [&[table, 0xb0 | (length >> 8) as u8, length as u8, 0, 1, 0xc1, 0, 0], content, &[0; 4]].concat()
    }

    /// The tables of one program, whose second stream is of this kind; the last table goes on in a second packet.
    fn tables(kind: u8, descriptors: &[u8]) -> Vec<u8> {
        let programs = [&[0][..], &section(0, &[0, 0, 0xe0, 0x10, 0, 1, 0xf0, 0])].concat();
        let sound = [0x0f, 0xe1, 1, 0xf0, 0];
        let video = [&[kind, 0xe1, 0, 0xf0, descriptors.len() as u8], descriptors].concat();
        let streams = section(2, &[&[0xe1, 0, 0xf0, 200], &[9; 200][..], &sound, &video].concat());
        let (first, rest) = streams.split_at(183);
        let first = packet(MAP, true, 0, &[&[0], first].concat());
        [packet(0, true, 0, &programs), first, packet(MAP, false, 0, rest)].concat()
    }

    fn file(tables: &[u8], clear: usize, scrambled: usize) -> Vec<u8> {
        let one = |number, control| packet(number, false, control, &[1; 184]);
        let clear = one(VIDEO, 0).repeat(clear);
        [tables, &clear, &[one(VIDEO, 2), one(0x101, 0)].concat().repeat(scrambled), &one(0x101, 3).repeat(9)].concat()
    }

    #[test]
    fn a_video_most_of_whose_packets_are_scrambled_is_encrypted() {
        let avc = tables(0x1b, &[]);
        assert_eq!(avc.len() % 188, 0);
        assert!(is_encrypted(&file(&avc, 1, 5)));
        assert!(is_encrypted(&file(&tables(0x06, b"\x0a\x04und\0\x05\x04HEVC"), 1, 5)));
        assert!(!is_encrypted(&file(&tables(0x06, b"\x0a\x04und\0\x05\x04AC-3"), 1, 5)));
        assert!(is_encrypted(&file(&tables(0xdb, &[]), 5, 0)));
        assert!(!is_encrypted(&file(&avc, 5, 0)), "scrambled sound");
    }

    #[test]
    fn where_a_few_are_scrambled_frames_are_damaged() {
        let facts = scan(&file(&tables(0x1b, &[]), 5, 2), 1000);
        assert!(facts.broken && !facts.encrypted);
        assert!(!scan(&file(&tables(0x1b, &[]), 5, 0), 1000).broken);
    }

    #[test]
    fn packets_are_found_behind_time_codes_and_lost_bytes() {
        let file = file(&tables(0x1b, &[]), 1, 20);
        let with_codes: Vec<u8> = file.chunks(188).flat_map(|packet| [&[0; 4], packet].concat()).collect();
        assert!(is_encrypted(&with_codes));
        let lost = [&file[..188 * 6], &file[188 * 6 + 100..]].concat();
        assert!(is_encrypted(&lost));
    }

    #[test]
    fn a_long_file_is_looked_at_as_far_as_its_first_frames() {
        let long = file(&tables(0x1b, &[]), 9000, 0);
        assert_eq!(look(&long), (false, 1));
    }
}

mod objects {
    use super::*;

    fn of(name: &[u8], contents: &[&[u8]]) -> Vec<u8> {
        let content = contents.concat();
        [name, &(content.len() as u64 + 24).to_le_bytes(), &content].concat()
    }

    fn stream(video: bool, flags: u8) -> Vec<u8> {
        let kind = if video { b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b" } else { &[7; 16] };
        let name = b"\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\x00\xc0\x0c\x20\x53\x65";
        of(name, &[kind, &[0; 32], &[1, flags, 0, 0, 0, 0], &[0; 11]])
    }

    fn file(objects: &[Vec<u8>]) -> Vec<u8> {
        let name = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";
        [of(name, &[&[3, 0, 0, 0, 1, 2], &objects.concat()]), of(&[9; 16], &[&[0; 50]])].concat()
    }

    #[test]
    fn a_marked_video_or_encryption_without_marks_is_encrypted() {
        let content = of(b"\xfb\xb3\x11\x22\x23\xbd\xd2\x11\xb4\xb7\x00\xa0\xc9\x55\xfc\x6e", &[&[0; 30]]);
        let extended = of(b"\x14\xe6\x8a\x29\x22\x26\x17\x4c\xb9\x35\xda\xe0\x7e\xe9\x28\x9c", &[&[0; 30]]);
        let advanced = of(b"\x33\x85\x05\x43\x81\x69\xe6\x49\x9b\x74\xad\x12\xcb\x86\xd5\x8c", &[&[0; 30]]);
        let extension = of(b"\xb5\x03\xbf\x5f\x2e\xa9\xcf\x11\x8e\xe3\x00\xc0\x0c\x20\x53\x65", &[&[0; 22], &advanced]);
        for declared in [content, extended.clone(), extension] {
            assert!(is_encrypted(&file(&[stream(false, 0), stream(true, 0), declared.clone()])));
            assert!(is_encrypted(&file(&[declared.clone(), stream(true, 0x80)])));
            assert!(!is_encrypted(&file(&[stream(false, 0x80), stream(true, 0), declared])), "sound alone");
        }
        assert!(is_encrypted(&file(&[stream(true, 0x80)])));
        assert!(!is_encrypted(&file(&[stream(false, 0), stream(true, 0), stream(true, 0x80)])), "another video");
    }
}

mod tags {
    use super::*;

    fn file(kinds: &[u8]) -> Vec<u8> {
        let tags = kinds.iter().flat_map(|kind| [&[0, 0, 0, 0, *kind, 0, 0, 20], &[0; 27][..]].concat());
        [b"FLV\x01\x05\0\0\0\x09".to_vec(), tags.collect()].concat()
    }

    #[test]
    fn video_whose_tags_are_filtered_is_encrypted() {
        assert!(is_encrypted(&file(&[18, 9, 0x29, 0x29, 8])));
        assert!(!is_encrypted(&file(&[18, 9, 0x28, 9, 0x28])), "sound alone");
        let facts = scan(&file(&[9, 9, 9, 0x29]), 7);
        assert!(facts.broken && !facts.encrypted);
    }
}

#[test]
fn files_of_other_kinds_are_not_encrypted() {
    for file in
        [&b""[..], b"hello, this is text that says encv", &[0x47; 9000], &[0; 5000], b"FLV", b"\x1a\x45\xdf\xa3"]
    {
        assert!(!scan(file, 7).encrypted);
        assert!(!look(file).0);
    }
}
