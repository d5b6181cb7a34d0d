//! Reads the code in a message that somebody sent, and compares it with a fingerprint:
//!
//! `cargo run --example read_code -- message.txt video.cotejo`

use cotejo::{CompactCode, ErrorCode, Fingerprint, report};
use std::error::Error;
use std::fs::{self, File};
use std::io::BufReader;

fn main() -> Result<(), Box<dyn Error>> {
    let [message, video] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "name a message and a fingerprint")?;
    let code = CompactCode::from_text(&fs::read_to_string(&message)?)
        .map_err(|error| format!("{message}: {error} ({})", error.code()))?;
    let video_fingerprint = Fingerprint::read(BufReader::new(File::open(&video)?))?;
    let found = cotejo::compare(&code.fingerprint(), &video_fingerprint);
    print!("{}", report::comparison(&message, &video, &found));
    Ok(())
}
