//! Writes the seeds to `corpus/TARGET/`.

mod corpus;

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for seed in corpus::seeds(&folder.join("../tests"))? {
        let target = folder.join("corpus").join(seed.target);
        fs::create_dir_all(&target)?;
        fs::write(target.join(seed.name), seed.bytes)?;
    }
    Ok(())
}
