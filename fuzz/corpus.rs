//! What fuzzing begins from: the test vectors, and small heads of every container.

use cotejo::compact_code::CompactCode;
use cotejo::fingerprint::Fingerprint;
use std::fs;
use std::io;
use std::path::Path;

/// Bytes to begin from.
pub struct Seed {
    /// The target that they are for.
    pub target: &'static str,
    /// A name within the target.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// All of them; `tests` is the folder of the vectors.
pub fn seeds(tests: &Path) -> io::Result<Vec<Seed>> {
    let mut seeds = Vec::new();
    let mut add = |target, name: &str, bytes: Vec<u8>| seeds.push(Seed { target, name: name.to_owned(), bytes });
    add("fingerprint", "example", fs::read(tests.join("vectors/fingerprint/example.cotejo"))?);
    add("pdq_list", "vpdq", fs::read(tests.join("cli/files/vpdq.txt"))?);
    for (name, list) in [("alone", "f".repeat(64)), ("dropped", "f".repeat(58)), ("heading", list_with_heading())] {
        add("pdq_list", name, list.into_bytes());
    }
    for name in ["scene", "copy"] {
        add("compact_code", name, code_of(&tests.join(format!("cli/files/{name}.cotejo")))?);
    }
    for path in files_in(&tests.join("vectors/pdq/pictures"))? {
        let (name, bytes) = (path.file_name().unwrap_or_default().to_string_lossy(), fs::read(&path)?);
        add("file_scan", &name, [b"\x03", bytes.as_slice()].concat());
        add("picture", &name, bytes);
    }
    for path in
        files_in(&tests.join("vectors/packets"))?.iter().filter(|path| path.extension().is_some_and(|it| it == "bin"))
    {
        add("packets", &path.file_name().unwrap_or_default().to_string_lossy(), fs::read(path)?);
    }
    let packets: Vec<u8> = (0..4 * 188).map(|i| if i % 188 == 0 { 0x47 } else { 0 }).collect();
    for (name, head) in [
        ("mp4", &b"\x05\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x01mdat\0\0\0\0\0\0\0\x12ab\0\0\0\x08moov"[..]),
        ("webm", b"\x05\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\x82ab"),
        ("avi", b"\x05RIFF\x06\0\0\0AVI ab"),
        ("ts", &[b"\x05", packets.as_slice()].concat()),
    ] {
        add("file_scan", name, head.to_vec());
    }
    Ok(seeds)
}

/// The bytes of a fingerprint's code without the checksum, which the check adds.
fn code_of(path: &Path) -> io::Result<Vec<u8>> {
    let fingerprint = Fingerprint::read(fs::read(path)?.as_slice()).map_err(io::Error::other)?;
    let mut bytes = CompactCode::of(&fingerprint).map_err(io::Error::other)?.to_bytes();
    bytes.truncate(bytes.len() - 4);
    Ok(bytes)
}

/// In the order of their names, which is the same on every machine.
fn files_in(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn list_with_heading() -> String {
    format!("file,hash\r\n\"a b.jpg\",{}\n\n", "0123456789abcdef".repeat(4))
}
