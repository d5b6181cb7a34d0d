//! However a file is cut in pieces, it is the same file.

use cotejo::file_scan::{FileFacts, FileScan};

/// Takes any bytes; panics where that does not hold.
pub fn check(bytes: &[u8]) {
    let Some((&piece, file)) = bytes.split_first() else { return };
    let whole = scan(file, file.len().max(1));
    assert_eq!(whole, scan(file, usize::from(piece).max(1)));
    assert_eq!(whole.bytes, file.len() as u64);
}

fn scan(file: &[u8], piece: usize) -> FileFacts {
    let mut scan = FileScan::default();
    for piece in file.chunks(piece) {
        scan.push(piece);
    }
    scan.finish()
}
