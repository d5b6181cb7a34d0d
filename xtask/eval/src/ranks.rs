//! Where a glance ranks a copy's source among all clips: a search compares only what is near the top, unless asked for more.

use super::copies::{Clip, Copy, Corpus};
use anyhow::{Context, Result};
use cotejo::compare::glance;
use cotejo::fingerprint::Fingerprint;
use std::collections::BTreeMap;
use std::path::Path;

/// Glances at every clip for every copy, and prints how often the source is among the first.
pub fn run(corpus: &Corpus, copies: &[(&Clip, Copy)]) -> Result<()> {
    let prints: Vec<(&Clip, Fingerprint)> =
        corpus.clips.iter().map(|clip| Ok((clip, read(&corpus.print(clip))?))).collect::<Result<_>>()?;
    let mut ranks: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (clip, copy) in copies {
        let query = read(&copy.print)?;
        let rivals = prints.iter().filter(|(other, _)| !other.is_related(clip));
        let (_, source) =
            prints.iter().find(|(other, _)| other.file == clip.file).context("the clip is of the corpus")?;
        let promise = glance(&query, source);
        let better = rivals.filter(|(_, rival)| glance(&query, rival) >= promise).count();
        ranks.entry(&copy.edit).or_default().push(better + 1);
    }
    print_table(&ranks, corpus.clips.len());
    Ok(())
}

fn read(path: &Path) -> Result<Fingerprint> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(Fingerprint::read(&bytes[..])?)
}

fn print_table(ranks: &BTreeMap<&str, Vec<usize>>, clips: usize) {
    println!(
        "The source's rank among {clips} clips, by a glance\n\n| edit | copies | first | among 3 | among 8 | last rank |"
    );
    println!("|---|---|---|---|---|---|");
    let all: Vec<usize> = ranks.values().flatten().copied().collect();
    for (edit, ranks) in ranks.iter().map(|(edit, ranks)| (*edit, ranks)).chain([("**all**", &all)]) {
        let among = |most: usize| ranks.iter().filter(|rank| **rank <= most).count();
        let last = ranks.iter().max().copied().unwrap_or_default();
        println!("| {edit} | {} | {} | {} | {} | {last} |", ranks.len(), among(1), among(3), among(8));
    }
}
