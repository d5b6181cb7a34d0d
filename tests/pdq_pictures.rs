//! PDQ of picture files: the `image` crate's decoders and `hash_rgb`, against Pillow's decoders and the reference.

use std::fs;
use std::path::Path;

use cotejo::hash::pdq::{PdqHash, PdqResult, dihedral_hashes, grid_of_luma, hash_photo, hash_rgb, luma_of_rgb};
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
fn the_references_regression_pictures_have_their_published_hashes() {
    let published = include_str!("vectors/pdq/published.txt");
    let pictures = published.lines().filter_map(|line| {
        let (hash, rest) = line.split_once(',')?;
        let (quality, file) = rest.split_once(',')?;
        Some((PdqResult { hash: hash.parse::<PdqHash>().ok()?, quality: quality.parse().ok()? }, file))
    });
    let mut count = 0;
    for (result, file) in pictures {
        assert_eq!(hash(&decode(&format!("../{file}")), hash_photo), result, "{file}");
        count += 1;
    }
    assert_eq!(count, 8);
}

#[test]
fn the_references_photo_has_its_published_hashes_turned_and_mirrored() {
    let published: Vec<&str> =
        include_str!("vectors/pdq/published.txt").lines().filter(|line| line.len() == 64).collect();
    let grid = grid_of_luma(&luma_of_rgb(&shrunk_as_photo(&decode("bridge.jpg"))), 512, 512).unwrap();
    assert_eq!(dihedral_hashes(&grid).map(|hash| hash.to_string()).to_vec(), published);
}

#[test]
fn the_references_photo_has_its_published_hash_unshrunk() {
    // As the Python package `threatexchange` gives it.
    let published = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
    let whole = hash(&decode("bridge.jpg"), hash_rgb);
    assert_eq!((whole.hash.to_string().as_str(), whole.quality), (published, 100));
}

fn shrunk_as_photo(picture: &RgbImage) -> Vec<u8> {
    let at = |x: u32, y: u32| picture.get_pixel(x * picture.width() / 512, y * picture.height() / 512).0;
    (0..512).flat_map(|y| (0..512).flat_map(move |x| at(x, y))).collect()
}
