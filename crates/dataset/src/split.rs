//! Who is trained on, chosen on and held out: by recording or by group, never
//! by window, so that no neighbour of a test window was ever trained on.
//!
//! What must hold: a source's own assignment is kept; a group stays whole;
//! every class with enough material is in every part; the same recordings give
//! the same parts in whatever order they are listed, and one more recording
//! moves few of the others (a unit's rank is a hash of its own name).

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::{RecordingMeta, Split, sort_by};

/// What is never torn apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SplitBy {
    /// Each recording stays whole; groups are not looked at.
    Recording,
    /// Recordings of one group stay together; one without a group stays whole.
    #[default]
    Group,
}

/// How recordings that nobody assigned are split.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitRule {
    /// Share held out for the final figures, 0 to 1.
    pub test_fraction: f64,
    /// Share on which the best epoch is chosen, 0 to 1.
    pub validation_fraction: f64,
    /// What stays together.
    pub by: SplitBy,
    /// Seed of the draw.
    pub seed: u64,
}

/// A recording or a group: assigned as one.
struct Unit<'a> {
    members: Vec<&'a RecordingMeta>,
    labels: BTreeSet<&'a str>,
    /// What its source said, where it said one thing.
    said: Split,
    part: Split,
}

/// The part of each recording, by id; never [`Split::Auto`].
///
/// Explicit parts are kept. The others are drawn by hash rank, so that each
/// label has its share (rounded, counted in units: recordings or groups) in
/// test and in validation: at least one unit in test where the label has two,
/// in validation where it has three, and at least one stays for training.
///
/// * Where some recordings are explicitly test, none is drawn for test; the
///   same for validation.
/// * Where none is explicitly validation, and a label has no undecided unit,
///   validation is drawn from its explicit training units: a source that says
///   "training" without a word of validation means "not test".
/// * Undecided members of a group follow its decided ones (training, where a
///   source itself tore the group apart; [`crate::health()`] then tells).
pub fn assign_splits(recordings: &[&RecordingMeta], rule: &SplitRule) -> BTreeMap<String, Split> {
    let mut units = units(recordings, rule);
    let explicit = |split: Split| recordings.iter().any(|r| r.split == split);
    let draw_test = !explicit(Split::Test) && rule.test_fraction > 0.0;
    let draw_validation = !explicit(Split::Validation) && rule.validation_fraction > 0.0;
    let labels = labels_rarest_first(&units);

    if draw_test {
        let reserve = |n: usize| if draw_validation && n >= 3 { 2 } else { 1 };
        let draw = Draw {
            part: Split::Test,
            fraction: rule.test_fraction,
            least_units: 2,
        };
        draw.run(&mut units, &labels, reserve, |_, unit| {
            unit.said == Split::Auto
        });
    }
    if draw_validation {
        let draw = Draw {
            part: Split::Validation,
            fraction: rule.validation_fraction,
            least_units: 3,
        };
        draw.run(
            &mut units,
            &labels,
            |_| 1,
            |undecided, unit| match unit.said {
                Split::Auto => true,
                Split::Train => !undecided && unit.members.iter().all(|m| m.split == Split::Train),
                Split::Validation | Split::Test => false,
            },
        );
    }
    parts(&units)
}

struct Draw {
    part: Split,
    fraction: f64,
    /// Labels with fewer units than this give none.
    least_units: usize,
}

impl Draw {
    /// Draws units for the part, rarest label first. `reserve` says how many
    /// units of a label with `n` must stay in training; `may` whether a unit
    /// can be drawn, told whether the label still has undecided units at all.
    fn run(
        &self,
        units: &mut [Unit<'_>],
        labels: &[(&str, usize)],
        reserve: impl Fn(usize) -> usize,
        may: impl Fn(bool, &Unit<'_>) -> bool,
    ) {
        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        sizes.extend(labels.iter().copied());
        let mut training: BTreeMap<&str, usize> = BTreeMap::new();
        training.extend(sizes.keys().map(|l| (*l, count(units, l, Split::Train))));
        for &(label, n) in labels {
            if n < self.least_units {
                continue;
            }
            let target = ((n as f64 * self.fraction).round() as usize).max(1);
            let mut drawn = count(units, label, self.part);
            let undecided = units.iter().any(|u| {
                u.said == Split::Auto && u.part == Split::Train && u.labels.contains(label)
            });
            for unit in units.iter_mut() {
                if drawn >= target {
                    break;
                }
                let free = unit.part == Split::Train && unit.labels.contains(label);
                let spared = |l: &&str| training[l] > reserve(sizes[l]);
                if free && may(undecided, unit) && unit.labels.iter().all(spared) {
                    unit.part = self.part;
                    drawn += 1;
                    for l in &unit.labels {
                        training.entry(l).and_modify(|n| *n -= 1);
                    }
                }
            }
        }
    }
}

fn count(units: &[Unit<'_>], label: &str, part: Split) -> usize {
    units
        .iter()
        .filter(|u| u.part == part && u.labels.contains(label))
        .count()
}

/// Units in the order of their hash ranks.
fn units<'a>(recordings: &[&'a RecordingMeta], rule: &SplitRule) -> Vec<Unit<'a>> {
    let mut by_name: BTreeMap<(bool, &str), Vec<&RecordingMeta>> = BTreeMap::new();
    for r in recordings {
        let name = match (&r.group, rule.by) {
            (Some(group), SplitBy::Group) => (true, group.as_str()),
            (None, SplitBy::Group) | (_, SplitBy::Recording) => (false, r.id.as_str()),
        };
        by_name.entry(name).or_default().push(r);
    }
    let mut ranked: Vec<([u8; 32], Unit<'_>)> = by_name
        .into_iter()
        .map(|((is_group, name), members)| {
            let mut hash = Sha256::new();
            hash.update(rule.seed.to_le_bytes());
            hash.update([u8::from(is_group)]);
            hash.update(name.as_bytes());
            (hash.finalize().into(), unit(members))
        })
        .collect();
    sort_by(&mut ranked, |a, b| a.0.cmp(&b.0));
    ranked.into_iter().map(|(_, unit)| unit).collect()
}

fn unit(members: Vec<&RecordingMeta>) -> Unit<'_> {
    let mut labels = BTreeSet::new();
    for member in &members {
        labels.extend(member.spans.iter().map(|s| s.label.as_str()));
    }
    let decided: Vec<Split> = members
        .iter()
        .map(|m| m.split)
        .filter(|s| *s != Split::Auto)
        .collect();
    let said = match decided.first() {
        None => Split::Auto,
        Some(first) if decided.iter().all(|s| s == first) => *first,
        Some(_) => Split::Train,
    };
    let part = if said == Split::Auto {
        Split::Train
    } else {
        said
    };
    Unit {
        members,
        labels,
        said,
        part,
    }
}

/// Each label with the number of its units outside of explicit test and
/// validation: the fewest first, because they are the hardest to serve.
fn labels_rarest_first<'a>(units: &[Unit<'a>]) -> Vec<(&'a str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for unit in units.iter().filter(|u| u.part == Split::Train) {
        for label in &unit.labels {
            *counts.entry(label).or_default() += 1;
        }
    }
    let mut labels: Vec<_> = counts.into_iter().collect();
    // They are in the order of their names.
    sort_by(&mut labels, |a, b| a.1.cmp(&b.1));
    labels
}

fn parts(units: &[Unit<'_>]) -> BTreeMap<String, Split> {
    let mut out = BTreeMap::new();
    for unit in units {
        for member in &unit.members {
            let carved = unit.said == Split::Train && unit.part == Split::Validation;
            let part = match member.split {
                Split::Auto => unit.part,
                Split::Train if carved => Split::Validation,
                said => said,
            };
            out.insert(member.id.clone(), part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{Axis, Span};

    fn meta(id: &str, labels: &[&str], group: Option<&str>, split: Split) -> RecordingMeta {
        RecordingMeta {
            id: id.into(),
            name: id.into(),
            spans: (0u32..)
                .zip(labels)
                .map(|(i, l)| Span {
                    start: i * 10,
                    end: i * 10 + 10,
                    label: (*l).into(),
                })
                .collect(),
            group: group.map(Into::into),
            split,
            axes: vec![Axis {
                name: "x".into(),
                unit: String::new(),
            }],
            rate_hz: 50.0,
            samples: 100,
            source: "import".into(),
            created_ms: None,
            notes: String::new(),
            original_rate_hz: None,
            device: None,
            size: None,
        }
    }

    fn rule(by: SplitBy, seed: u64) -> SplitRule {
        SplitRule {
            test_fraction: 0.2,
            validation_fraction: 0.2,
            by,
            seed,
        }
    }

    fn run(metas: &[RecordingMeta], rule: &SplitRule) -> BTreeMap<String, Split> {
        let refs: Vec<_> = metas.iter().collect();
        assign_splits(&refs, rule)
    }

    fn tally(metas: &[RecordingMeta], got: &BTreeMap<String, Split>, label: &str) -> [usize; 3] {
        [Split::Train, Split::Validation, Split::Test].map(|part| {
            metas
                .iter()
                .filter(|m| m.spans.iter().any(|s| s.label == label) && got[&m.id] == part)
                .count()
        })
    }

    fn many(label: &str, n: usize, split: Split) -> Vec<RecordingMeta> {
        (0..n)
            .map(|i| meta(&format!("{label}{i}"), &[label], None, split))
            .collect()
    }

    #[test]
    fn each_class_has_its_share() {
        let mut metas = many("a", 10, Split::Auto);
        metas.extend(many("b", 20, Split::Auto));
        let got = run(&metas, &rule(SplitBy::Recording, 7));
        assert_eq!(tally(&metas, &got, "a"), [6, 2, 2]);
        assert_eq!(tally(&metas, &got, "b"), [12, 4, 4]);
    }

    #[test]
    fn few_recordings_still_reach_every_part() {
        for (n, want) in [
            (1, [1, 0, 0]),
            (2, [1, 0, 1]),
            (3, [1, 1, 1]),
            (4, [2, 1, 1]),
        ] {
            let metas = many("a", n, Split::Auto);
            let got = run(&metas, &rule(SplitBy::Recording, 3));
            assert_eq!(tally(&metas, &got, "a"), want, "{n} recordings");
        }
    }

    #[test]
    fn order_does_not_matter_and_the_seed_does() {
        let mut metas = many("a", 12, Split::Auto);
        let first = run(&metas, &rule(SplitBy::Recording, 1));
        metas.reverse();
        assert_eq!(first, run(&metas, &rule(SplitBy::Recording, 1)));
        assert!((2..10).any(|seed| run(&metas, &rule(SplitBy::Recording, seed)) != first));
    }

    #[test]
    fn groups_stay_whole() {
        let metas: Vec<_> = (0..40)
            .map(|i| {
                let label = ["a", "b", "c"][i % 3];
                meta(
                    &format!("r{i}"),
                    &[label],
                    Some(&format!("p{}", i % 8)),
                    Split::Auto,
                )
            })
            .collect();
        for seed in 0..50 {
            let got = run(&metas, &rule(SplitBy::Group, seed));
            for p in 0..8 {
                let group = format!("p{p}");
                let parts: BTreeSet<_> = metas
                    .iter()
                    .filter(|m| m.group.as_deref() == Some(group.as_str()))
                    .map(|m| format!("{:?}", got[&m.id]))
                    .collect();
                assert_eq!(parts.len(), 1, "seed {seed}, group {group}");
            }
            for label in ["a", "b", "c"] {
                assert!(tally(&metas, &got, label).iter().all(|n| *n > 0));
            }
        }
    }

    #[test]
    fn recordings_of_many_labels_serve_all_of_them() {
        let metas: Vec<_> = (0..10)
            .map(|i| meta(&format!("run{i}"), &["sit", "walk"], None, Split::Auto))
            .collect();
        let got = run(&metas, &rule(SplitBy::Recording, 0));
        assert_eq!(tally(&metas, &got, "sit"), [6, 2, 2]);
        assert_eq!(tally(&metas, &got, "walk"), [6, 2, 2]);
    }

    #[test]
    fn explicit_test_is_kept_and_none_is_added() {
        let mut metas = many("a", 10, Split::Auto);
        metas[0].split = Split::Test;
        let got = run(&metas, &rule(SplitBy::Recording, 0));
        assert_eq!(got["a0"], Split::Test);
        assert_eq!(tally(&metas, &got, "a"), [7, 2, 1]);
    }

    #[test]
    fn a_source_without_validation_gives_some_of_its_training() {
        let mut metas = many("a", 18, Split::Train);
        metas.extend((0..6).map(|i| meta(&format!("t{i}"), &["a"], None, Split::Test)));
        let got = run(&metas, &rule(SplitBy::Group, 0));
        assert_eq!(tally(&metas, &got, "a"), [14, 4, 6]);
        // Undecided ones go first where there are any.
        metas.extend(many("a-more", 1, Split::Auto));
        metas.last_mut().unwrap().spans[0].label = "a".into();
        let got = run(&metas, &rule(SplitBy::Group, 0));
        assert_eq!(got["a-more0"], Split::Validation);
        assert_eq!(tally(&metas, &got, "a"), [18, 1, 6]);
        // And where validation is said, nothing is drawn for it.
        metas[0].split = Split::Validation;
        let got = run(&metas, &rule(SplitBy::Group, 0));
        assert_eq!(tally(&metas, &got, "a"), [18, 1, 6]);
        assert_eq!(got["a0"], Split::Validation);
    }

    #[test]
    fn the_undecided_of_a_group_follow() {
        let mut metas: Vec<_> = (0..6)
            .map(|i| meta(&format!("r{i}"), &["a"], Some("p"), Split::Auto))
            .collect();
        metas[3].split = Split::Test;
        let got = run(&metas, &rule(SplitBy::Group, 0));
        assert!(got.values().all(|s| *s == Split::Test));
    }

    #[test]
    fn nothing_is_nothing() {
        assert!(run(&[], &rule(SplitBy::Group, 0)).is_empty());
    }
}
