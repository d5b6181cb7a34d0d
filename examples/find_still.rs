//! Looks for a picture in a video's fingerprint and prints the moments that show it:
//!
//! `cargo run --example find_still -- still.png video.cotejo`

use cotejo::still::{self, StillVerdict};
use cotejo::{Fingerprint, Still};
use std::error::Error;
use std::fs::{self, File};
use std::io::BufReader;

fn main() -> Result<(), Box<dyn Error>> {
    let [picture, video] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "name a picture and a fingerprint")?;
    let still = Still::read(&fs::read(picture)?)?;
    let video = Fingerprint::read(BufReader::new(File::open(video)?))?;
    let search = still::find(&still, &video);
    match search.verdict {
        StillVerdict::Found => search.at.iter().for_each(|found| println!("{:.3} s", found.time)),
        StillVerdict::NotFound => println!("no frame looks like it"),
        _ => println!("that cannot be told"),
    }
    Ok(())
}
