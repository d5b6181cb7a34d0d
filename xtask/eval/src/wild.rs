//! Tables of edits of the wild and of chains.

use super::copies::Set;
use super::marks::{Marks, Told, marks};
use super::trial::{Answer, Outcome};
use std::collections::BTreeMap;

#[derive(Default)]
struct Row {
    copies: usize,
    same: usize,
    time: usize,
    view: usize,
    all_right: usize,
    wrong_stretches: usize,
    no_match: usize,
    other_moment: usize,
    cant_tell: usize,
    vpdq: usize,
}

impl Row {
    fn count(&mut self, marks: &Marks, vpdq: bool) {
        self.copies += 1;
        self.same += usize::from(marks.told == Told::Same);
        self.time += usize::from(marks.is_time_right());
        self.view += usize::from(marks.is_view_right());
        self.all_right += usize::from(marks.is_all_right());
        self.wrong_stretches += usize::from(marks.wrong_stretches > 0);
        self.no_match += usize::from(marks.told == Told::NoMatch);
        self.other_moment += usize::from(marks.told == Told::OtherMoment);
        self.cant_tell += usize::from(marks.told == Told::CantTell);
        self.vpdq += usize::from(vpdq);
    }

    fn print(&self, name: &str) {
        let Self { copies, same, time, view, all_right, wrong_stretches, no_match, other_moment, cant_tell, vpdq } =
            self;
        println!(
            "| {name} | {copies} | {same} | {time} | {view} | {all_right} | {wrong_stretches} | {no_match} | {other_moment} | {cant_tell} | {vpdq} |"
        );
    }
}

/// The tables for copies of so many seconds: edits alone, chains by their length, and by the edits in them.
pub fn print_copies(part: &[&Outcome], from_s: f64, to_s: f64) {
    let (mut alone, mut chains, mut steps) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for outcome in part {
        let Answer::Same(truth) = &outcome.trial.answer else { continue };
        if outcome.trial.set == Set::Classic || !(from_s..to_s).contains(&truth.duration_s) {
            continue;
        }
        let (marks, trial) = (marks(outcome, truth), outcome.trial);
        let count = |rows: &mut BTreeMap<String, Row>, name: &str| {
            rows.entry(name.to_owned()).or_default().count(&marks, outcome.vpdq);
        };
        if trial.steps.is_empty() {
            count(&mut alone, &trial.kind);
            count(&mut alone, "**all**");
        } else {
            count(&mut chains, &format!("{} edits", trial.steps.len()));
            count(&mut chains, "**all**");
            trial.steps.iter().for_each(|step| count(&mut steps, step));
        }
    }
    for (title, rows) in [("Edits of the wild", alone), ("Chains", chains), ("Chains that have this edit", steps)] {
        print_table(&format!("{title}, copies of {from_s} s or more, below {to_s} s"), rows);
    }
}

fn print_table(title: &str, rows: BTreeMap<String, Row>) {
    if rows.is_empty() {
        return;
    }
    println!("{title}\n");
    println!(
        "| edit | copies | same footage | time | geometry | all right | wrong stretches | no match | another moment | can't tell | vPDQ |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let (total, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(name, _)| name.starts_with('*'));
    others.iter().chain(&total).for_each(|(name, row)| row.print(name));
    println!();
}
