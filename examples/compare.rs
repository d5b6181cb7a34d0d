//! Compares two fingerprints and prints what they have in common:
//!
//! `cargo run --example compare -- a.cotejo b.cotejo`

use cotejo::{Fingerprint, report};
use std::error::Error;
use std::fs::File;
use std::io::BufReader;

fn main() -> Result<(), Box<dyn Error>> {
    let [a, b] = std::env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "name two fingerprints")?;
    let read = |path: &str| Ok::<_, Box<dyn Error>>(Fingerprint::read(BufReader::new(File::open(path)?))?);
    let found = cotejo::compare(&read(&a)?, &read(&b)?);
    print!("{}", report::comparison(&a, &b, &found));
    Ok(())
}
