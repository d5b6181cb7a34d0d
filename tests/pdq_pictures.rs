//! PDQ of picture files: the `image` crate's decoders and `hash_rgb`, against Pillow's decoders and the reference.

use std::fs;
use std::path::Path;

use cotejo::pdq::{PdqHash, PdqResult, hash_photo, hash_rgb};
use image::RgbImage;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    file: String,
    hash: String,
    quality: u8,
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("vectors/pdq/pictures.json")).unwrap()
}

fn decode(file: &str) -> RgbImage {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/pdq/pictures");
    image::load_from_memory(&fs::read(folder.join(file)).unwrap()).unwrap().to_rgb8()
}

fn hash(picture: &RgbImage, how: impl Fn(&[u8], usize, usize) -> PdqResult) -> PdqResult {
    how(picture.as_raw(), picture.width() as usize, picture.height() as usize)
}

#[test]
fn png_and_webp_hash_as_in_the_reference() {
    for vector in vectors().iter().filter(|vector| !vector.file.ends_with(".jpg")) {
        let result = hash(&decode(&vector.file), hash_rgb);
        assert_eq!((result.hash.to_string(), result.quality), (vector.hash.clone(), vector.quality), "{}", vector.file);
    }
}

#[test]
fn jpeg_hashes_within_6_bits_of_the_reference() {
    // The standard leaves decoders a level of freedom: this one is up to 6 levels off Pillow's at a few per cent of
    // pixels.
    for vector in vectors().iter().filter(|vector| vector.file.ends_with(".jpg")) {
        let result = hash(&decode(&vector.file), hash_rgb);
        let bits = result.hash.distance_bits(&vector.hash.parse().unwrap());
        assert!(bits <= 6, "{}: {bits} bits", vector.file);
        assert!(result.quality.abs_diff(vector.quality) <= 1, "{}: quality {}", vector.file, result.quality);
    }
}

#[test]
fn the_references_own_photo_has_its_published_hashes() {
    let bridge = decode("bridge.jpg");
    let published = |text: &str| PdqResult { hash: text.parse::<PdqHash>().unwrap(), quality: 100 };
    // As the Python package `threatexchange` gives it, and as the reference's list for `pdq-photo-hasher` does.
    let whole = published("f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22");
    let shrunk = published("d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22");
    assert_eq!(hash(&bridge, hash_rgb), whole);
    assert_eq!(hash(&bridge, hash_photo), shrunk);
}
