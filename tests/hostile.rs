//! The fuzz targets' checks on damaged inputs, always the same ones: a smoke test that needs no fuzzer. `fuzz/` searches further.

#[path = "../fuzz/checks/compact_code.rs"]
mod compact_code;
#[path = "../fuzz/corpus.rs"]
mod corpus;
#[path = "../fuzz/checks/file_scan.rs"]
mod file_scan;
#[path = "../fuzz/checks/fingerprint.rs"]
mod fingerprint;
#[path = "../fuzz/checks/packets.rs"]
mod packets;
#[path = "../fuzz/checks/pdq_list.rs"]
mod pdq_list;
#[path = "../fuzz/checks/picture.rs"]
mod picture;

use bitcheck::Finding;
use corpus::Seed;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngSeed, TestRunner};
use std::path::Path;

/// Something done to bytes.
#[derive(Clone, Debug)]
enum Damage {
    Flip(Index, u8),
    Overwrite(Index, Vec<u8>),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Double(Index, usize),
    CutOff(Index),
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let end = |start: usize, length: usize| (start + length).min(bytes.len());
        match self {
            Self::Flip(at, bit) => {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            Self::Overwrite(at, new) => {
                let start = at.index(bytes.len());
                let end = end(start, new.len());
                bytes[start..end].copy_from_slice(&new[..end - start]);
            }
            Self::Insert(at, new) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, new.iter().copied());
            }
            Self::Remove(at, length) => {
                let start = at.index(bytes.len());
                bytes.drain(start..end(start, *length));
            }
            Self::Double(at, length) => {
                let start = at.index(bytes.len());
                bytes.extend_from_within(start..end(start, *length));
            }
            Self::CutOff(at) => bytes.truncate(at.index(bytes.len())),
        }
    }
}

/// Digits and marks are likelier than other bytes: most of what is read here is text.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![any::<u8>(), select(b"0123456789-.,:\"{}[]\n\0\xff".to_vec())], 1..24)
}

fn any_damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        (at(), 0..8u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        (at(), any_bytes()).prop_map(|(at, new)| Damage::Overwrite(at, new)),
        (at(), any_bytes()).prop_map(|(at, new)| Damage::Insert(at, new)),
        (at(), 1..64usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        (at(), 1..64usize).prop_map(|(at, length)| Damage::Double(at, length)),
        at().prop_map(Damage::CutOff),
    ]
}

/// Checks the seeds of a target as they are, and `cases` times one of them damaged.
fn check_all(target: &str, cases: u32, check: fn(&[u8])) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let seeds: Vec<Seed> = corpus::seeds(&tests).unwrap().into_iter().filter(|seed| seed.target == target).collect();
    for seed in &seeds {
        // Shown where it fails.
        println!("{target}: {}", seed.name);
        check(&seed.bytes);
    }
    let config = ProptestConfig { cases, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..Default::default() };
    let damaged = (any::<Index>(), vec(any_damage(), 1..6));
    let outcome = TestRunner::new(config).run(&damaged, |(seed, damages)| {
        let mut bytes = seed.get(&seeds).bytes.clone();
        damages.iter().for_each(|damage| damage.apply(&mut bytes));
        check(&bytes);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn a_damaged_code_is_refused_or_written_back() {
    check_all("compact_code", 5_000, compact_code::check);
}

#[test]
fn a_damaged_fingerprint_is_refused_or_written_back() {
    check_all("fingerprint", 20_000, fingerprint::check);
}

#[test]
fn a_damaged_list_is_refused_or_makes_sense() {
    check_all("pdq_list", 20_000, pdq_list::check);
}

#[test]
fn sound_packets_are_sound_and_damaged_ones_are_read_twice_the_same() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let seeds = corpus::seeds(&tests).unwrap();
    for seed in seeds.iter().filter(|seed| seed.target == "packets") {
        let findings = packets::check(&seed.bytes);
        assert!(
            !findings.is_empty() && findings.iter().all(|finding| *finding == Finding::Sound),
            "{}: {findings:?}",
            seed.name
        );
    }
    check_all("packets", 3_000, |bytes| _ = packets::check(bytes));
}

#[test]
fn a_damaged_picture_is_refused_or_hashed() {
    check_all("picture", 400, picture::check);
}

#[test]
fn a_damaged_file_is_the_same_in_any_pieces() {
    check_all("file_scan", 2_000, file_scan::check);
}
