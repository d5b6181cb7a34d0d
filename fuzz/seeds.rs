//! Writes `corpus/TARGET/` to begin from: the test vectors, and small heads of every container.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (corpus, tests) = (folder.join("corpus"), folder.join("../tests"));
    let example = fs::read(tests.join("vectors/fingerprint/example.cotejo"))?;
    write(&corpus, "fingerprint", "example", &example)?;
    write(&corpus, "pdq_list", "vpdq", &fs::read(tests.join("cli/files/vpdq.txt"))?)?;
    for (name, list) in [("alone", "f".repeat(64)), ("dropped", "f".repeat(58)), ("heading", list_with_heading())] {
        write(&corpus, "pdq_list", name, list.as_bytes())?;
    }
    for entry in fs::read_dir(tests.join("vectors/pdq/pictures"))? {
        let entry = entry?;
        let (name, bytes) = (entry.file_name(), fs::read(entry.path())?);
        write(&corpus, "picture", &name.to_string_lossy(), &bytes)?;
        write(&corpus, "file_scan", &name.to_string_lossy(), &[b"\x03", bytes.as_slice()].concat())?;
    }
    let packets: Vec<u8> = (0..4 * 188).map(|i| if i % 188 == 0 { 0x47 } else { 0 }).collect();
    for (name, head) in [
        ("mp4", &b"\x05\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x01mdat\0\0\0\0\0\0\0\x12ab\0\0\0\x08moov"[..]),
        ("webm", b"\x05\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\x82ab"),
        ("avi", b"\x05RIFF\x06\0\0\0AVI ab"),
        ("ts", &[b"\x05", packets.as_slice()].concat()),
    ] {
        write(&corpus, "file_scan", name, head)?;
    }
    Ok(())
}

fn list_with_heading() -> String {
    format!("file,hash\r\n\"a b.jpg\",{}\n\n", "0123456789abcdef".repeat(4))
}

fn write(corpus: &Path, target: &str, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(corpus.join(target))?;
    fs::write(corpus.join(target).join(name), bytes)
}
