//! A file gives the same facts however it is cut into pieces, and a look at a few of its places ends.

use cotejo::file_scan::{EncryptionLook, FileFacts, FileScan};

/// Takes any bytes; panics if the rule is broken.
pub fn check(bytes: &[u8]) {
    let Some((&piece, file)) = bytes.split_first() else { return };
    let whole = scan(file, file.len().max(1));
    assert_eq!(whole, scan(file, usize::from(piece).max(1)));
    assert_eq!(whole.bytes, file.len() as u64);
    look(file);
}

fn look(file: &[u8]) {
    let mut look = EncryptionLook::default();
    for _ in 0..=EncryptionLook::MOST_PIECES {
        let Some(place) = look.next() else { return };
        let rest = usize::try_from(place).ok().and_then(|place| file.get(place..)).unwrap_or_default();
        look.push(place, &rest[..rest.len().min(EncryptionLook::PIECE_BYTES)]);
    }
    panic!("no end");
}

fn scan(file: &[u8], piece: usize) -> FileFacts {
    let mut scan = FileScan::default();
    for piece in file.chunks(piece) {
        scan.push(piece);
    }
    scan.finish()
}
