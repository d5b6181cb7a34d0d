//! The inputs that fuzzing starts from: the test vectors, and small heads of every container.

use cotejo::fingerprint::Fingerprint;
use cotejo::format::compact_code::CompactCode;
use std::fs;
use std::io;
use std::path::Path;

/// An input to start from.
pub struct Seed {
    /// The fuzz target that it is for.
    pub target: &'static str,
    /// A name within the target.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// All seeds; `tests` is the folder of the vectors.
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
        ("ivf", b"\x05DKIF\0\0\x20\0VP80\0\0\0\0\x19\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0ab"),
        ("flv", b"\x05FLV\x01\x01\0\0\0\x09\0\0\0\0\x29\0\0\x02\0\0\0\0\0\0\0ab\0\0\0\x0d"),
        ("asf", &[b"\x05", encrypted_asf().as_slice()].concat()),
        ("encrypted-mp4", &[b"\x05", encrypted_mp4().as_slice()].concat()),
        ("encrypted-webm", b"\x05\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x9b\x16\x54\xae\x6b\x96\xae\x94\x6d\x80\x8e\x62\x40\x8b\x50\x33\x81\x01\x50\x35\x84\x47\xe1\x81\x05\x83\x81\x01"),
        ("ts", &[b"\x05", packets.as_slice()].concat()),
    ] {
        add("file_scan", name, head.to_vec());
    }
    Ok(seeds)
}

/// An ASF header that declares encryption, and a video.
fn encrypted_asf() -> Vec<u8> {
    let object = |name: &[u8], content: &[u8]| [name, &(content.len() as u64 + 24).to_le_bytes(), content].concat();
    let encryption = object(b"\x14\xe6\x8a\x29\x22\x26\x17\x4c\xb9\x35\xda\xe0\x7e\xe9\x28\x9c", b"key");
    let properties = [b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b", &[0; 38][..]].concat();
    let stream = object(b"\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\x00\xc0\x0c\x20\x53\x65", &properties);
    let objects = [&[2, 0, 0, 0, 1, 2], encryption.as_slice(), &stream].concat();
    object(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", &objects)
}

/// An MP4 index with a protected sample entry, and a fragment.
fn encrypted_mp4() -> Vec<u8> {
    let of = |name: &[u8], content: &[u8]| [&(content.len() as u32 + 8).to_be_bytes(), name, content].concat();
    let around = |inner: Vec<u8>, names: [&[u8]; 4]| names.iter().fold(inner, |inner, name| of(name, &inner));
    let scheme = of(b"sinf", &of(b"schi", &of(b"tenc", &[0, 0, 0, 0, 0, 0, 0, 0])));
    let table = of(b"stsd", &[&[0; 8], of(b"encv", &[&[0; 78], scheme.as_slice()].concat()).as_slice()].concat());
    let index = around(table, [b"stbl", b"minf", b"mdia", b"trak"]);
    let fragment = [of(b"tfhd", &[0; 8]), of(b"sgpd", b"\0\0\0\0seig\0\0\0\0")].concat();
    [of(b"ftyp", b"isom\0\0\0\0"), of(b"moov", &index), of(b"moof", &of(b"traf", &fragment))].concat()
}

/// A fingerprint's code in bytes, without the checksum, which the check adds.
fn code_of(path: &Path) -> io::Result<Vec<u8>> {
    let fingerprint = Fingerprint::read(fs::read(path)?.as_slice()).map_err(io::Error::other)?;
    let mut bytes = CompactCode::of(&fingerprint).map_err(io::Error::other)?.to_bytes();
    bytes.truncate(bytes.len() - 4);
    Ok(bytes)
}

/// The files in the order of their names, the same on every machine.
fn files_in(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn list_with_heading() -> String {
    format!("file,hash\r\n\"a b.jpg\",{}\n\n", "0123456789abcdef".repeat(4))
}
