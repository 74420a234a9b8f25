//! What is found in labels, groups and parts.

use std::collections::{BTreeMap, BTreeSet};

use super::picture::pictures_in_words;
use super::{HealthRule, Issue, Severity, quoted, recordings_in_words};
use crate::{RecordingMeta, Split};

/// Below this a class is called small.
const FEW_SECONDS: f64 = 10.0;
/// Below this many takes a class of short sounds is called small.
const FEW_TAKES: usize = 10;
/// Below this many pictures a class is called small.
const FEW_PICTURES: usize = 20;
/// The longest class against the shortest, in seconds of label.
const IMBALANCE: f64 = 3.0;

/// What there is of one label.
#[derive(Default)]
struct Class<'a> {
    recordings: Vec<&'a RecordingMeta>,
    seconds: f64,
    groups: BTreeSet<&'a str>,
}

impl Class<'_> {
    fn is_pictures(&self) -> bool {
        self.recordings.iter().all(|r| r.is_picture())
    }

    /// How much there is of it.
    fn in_words(&self) -> String {
        if self.is_pictures() {
            pictures_in_words(self.recordings.len())
        } else {
            format!("{:.0} s", self.seconds)
        }
    }
}

pub(super) fn check(metas: &[&RecordingMeta], rule: &HealthRule<'_>, out: &mut Vec<Issue>) {
    let classes = classes(metas);
    if let [(label, _)] = classes.iter().collect::<Vec<_>>()[..] {
        out.push(Issue::new(
            Severity::Error,
            format!("There is only one class, \"{label}\"."),
            "Record or import a second one; \"idle\" or \"other\" is a good start.",
        ));
    }
    size(&classes, out);
    balance(&classes, out);
    occasions(metas, &classes, out);
    torn_groups(metas, out);
    if !rule.splits.is_empty() {
        parts(&classes, rule.splits, out);
    }
}

fn classes<'a>(metas: &[&'a RecordingMeta]) -> BTreeMap<&'a str, Class<'a>> {
    let mut classes: BTreeMap<&str, Class<'_>> = BTreeMap::new();
    for meta in metas {
        for label in meta.labels() {
            let class = classes.entry(label).or_default();
            class.recordings.push(meta);
            class.groups.extend(meta.group.as_deref());
        }
        for span in &meta.spans {
            let seconds = f64::from(span.end - span.start) / meta.rate_hz;
            classes.entry(&span.label).or_default().seconds += seconds;
        }
    }
    classes
}

fn size(classes: &BTreeMap<&str, Class<'_>>, out: &mut Vec<Issue>) {
    for (label, class) in classes {
        let n = class.recordings.len();
        if n < 3 {
            let lacking = match n {
                1 => "so nothing can be held out to test it",
                _ => "so nothing is left to choose the best epoch on",
            };
            out.push(
                Issue::new(
                    Severity::Warning,
                    format!("\"{label}\" has {}, {lacking}.", recordings_in_words(n)),
                    "Make more: 5 takes, on different occasions, are a good start.",
                )
                .of(class.recordings.iter().copied()),
            );
        }
        if class.is_pictures() {
            if (3..FEW_PICTURES).contains(&n) {
                let what = format!("\"{label}\" has only {}.", pictures_in_words(n));
                let remedy = "Take at least 50 of each class: near and far, in other light, before other backgrounds.";
                let few = Issue::new(Severity::Warning, what, remedy);
                out.push(few.of(class.recordings.iter().copied()));
            }
            continue;
        }
        let short = class.seconds < FEW_SECONDS;
        if class.recordings.iter().all(|r| r.is_sound()) {
            // A word is short, whoever says it: what counts is how often it was said.
            if short && (3..FEW_TAKES).contains(&n) {
                out.push(
                    Issue::new(
                        Severity::Warning,
                        format!("\"{label}\" has only {n} takes."),
                        "Record at least 20 of each class, by several people or on several days.",
                    )
                    .of(class.recordings.iter().copied()),
                );
            }
        } else if short {
            out.push(
                Issue::new(
                    Severity::Warning,
                    format!("\"{label}\" has only {:.1} s of signal.", class.seconds),
                    "Record at least 30 s of each class, in several takes.",
                )
                .of(class.recordings.iter().copied()),
            );
        }
    }
}

fn balance(classes: &BTreeMap<&str, Class<'_>>, out: &mut Vec<Issue>) {
    let by_seconds =
        |a: &(&&str, &Class<'_>), b: &(&&str, &Class<'_>)| a.1.seconds.total_cmp(&b.1.seconds);
    let (Some(least), Some(most)) = (
        classes.iter().min_by(by_seconds),
        classes.iter().max_by(by_seconds),
    ) else {
        return;
    };
    if most.1.seconds > IMBALANCE * least.1.seconds {
        out.push(
            Issue::new(
                Severity::Warning,
                format!(
                    "\"{}\" has {}, \"{}\" only {}: the model will favour the former.",
                    most.0,
                    most.1.in_words(),
                    least.0,
                    least.1.in_words()
                ),
                format!("Record more of \"{}\".", least.0),
            )
            .of(least.1.recordings.iter().copied()),
        );
    }
}

fn occasions(metas: &[&RecordingMeta], classes: &BTreeMap<&str, Class<'_>>, out: &mut Vec<Issue>) {
    if metas.iter().all(|m| m.group.is_none()) {
        out.push(Issue::new(
            Severity::Note,
            "No recording says who or which occasion it is of, so the test can't tell how the model does with a new person.".into(),
            "Give recordings a group, for example a person's initials; groups are never torn apart.",
        ));
        return;
    }
    let single: Vec<&str> = classes
        .iter()
        .filter(|(_, c)| c.groups.len() == 1 && c.recordings.iter().all(|r| r.group.is_some()))
        .map(|(label, _)| *label)
        .collect();
    if !single.is_empty() {
        let concerned = single
            .iter()
            .flat_map(|l| classes[l].recordings.iter().copied());
        out.push(
            Issue::new(
                Severity::Warning,
                format!(
                    "{} {} recorded by one group only: the model may learn the occasion instead of the class.",
                    quoted(&single),
                    if single.len() == 1 { "was" } else { "were" }
                ),
                "Record it with another person or on another day.",
            )
            .of(concerned),
        );
    }
}

fn torn_groups(metas: &[&RecordingMeta], out: &mut Vec<Issue>) {
    let mut groups: BTreeMap<&str, Vec<&RecordingMeta>> = BTreeMap::new();
    for meta in metas {
        if let Some(group) = &meta.group {
            groups.entry(group).or_default().push(meta);
        }
    }
    for (group, members) in groups {
        let tests = members.iter().filter(|m| m.split == Split::Test).count();
        let others = members
            .iter()
            .filter(|m| matches!(m.split, Split::Train | Split::Validation))
            .count();
        if tests > 0 && others > 0 {
            out.push(
                Issue::new(
                    Severity::Warning,
                    format!("The group \"{group}\" is both trained on and tested on, so the test flatters."),
                    "Keep all its recordings in one part, or leave the part to the playground.",
                )
                .of(members),
            );
        }
    }
}

fn parts(
    classes: &BTreeMap<&str, Class<'_>>,
    splits: &BTreeMap<String, Split>,
    out: &mut Vec<Issue>,
) {
    let absent = |part: Split| -> Vec<&str> {
        classes
            .iter()
            .filter(|(_, c)| {
                !c.recordings
                    .iter()
                    .any(|r| splits.get(&r.id) == Some(&part))
            })
            .map(|(label, _)| *label)
            .collect()
    };
    let rows = [
        (
            Split::Train,
            Severity::Error,
            "nothing to train on",
            "Move some of its recordings to training, or record more.",
        ),
        (
            Split::Validation,
            Severity::Note,
            "nothing to choose the best epoch on",
            "Record more of it: three recordings or groups are the least.",
        ),
        (
            Split::Test,
            Severity::Warning,
            "nothing held out, so its accuracy can't be told",
            "Record more of it, or move one of its recordings to test.",
        ),
    ];
    for (part, severity, lacks, remedy) in rows {
        let labels = absent(part);
        if !labels.is_empty() {
            let concerned = labels
                .iter()
                .flat_map(|l| classes[l].recordings.iter().copied());
            let has = if labels.len() == 1 { "has" } else { "have" };
            out.push(
                Issue::new(
                    severity,
                    format!("{} {has} {lacks}.", quoted(&labels)),
                    remedy,
                )
                .of(concerned),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::testing::*;
    use super::*;
    use crate::Recording;

    fn no_splits(recordings: &[Recording]) -> Vec<Issue> {
        issues(recordings, &BTreeMap::new())
    }

    #[test]
    fn one_class_is_an_error() {
        let mut recordings = sound();
        recordings.retain(|r| r.meta.spans[0].label == "a");
        let got = no_splits(&recordings);
        let issue = find(&got, "only one class, \"a\"").unwrap();
        assert_eq!(issue.severity, Severity::Error);
        assert!(issue.remedy.contains("second"));
    }

    #[test]
    fn few_and_short_classes_are_named() {
        let mut recordings = sound();
        recordings.push(take("c", "lone", 50.0, wave(40, 200)));
        let id = recordings.last().unwrap().meta.id.clone();
        let got = no_splits(&recordings);
        assert_eq!(
            find(&got, "\"c\" has 1 recording,").unwrap().recordings,
            [id]
        );
        assert!(find(&got, "\"c\" has only 4.0 s").is_some());
        assert!(find(&got, "\"b\" has 50 s, \"c\" only 4 s").is_some());
    }

    #[test]
    fn one_person_only() {
        let mut recordings = sound();
        assert!(find(&no_splits(&recordings), "who or which occasion").is_some());
        for (i, r) in recordings.iter_mut().enumerate() {
            let two = r.meta.spans[0].label == "b" && i > 4;
            r.meta.group = Some(if two { "Bo" } else { "Al" }.into());
        }
        let got = no_splits(&recordings);
        let issue = find(&got, "one group only").unwrap();
        assert!(issue.what.starts_with("\"a\" was"));
        assert_eq!(issue.recordings.len(), 5);
    }

    #[test]
    fn torn_group_is_told() {
        let mut recordings = sound();
        for r in &mut recordings {
            r.meta.group = Some("Al".into());
            r.meta.split = Split::Train;
        }
        assert!(find(&no_splits(&recordings), "flatters").is_none());
        recordings[0].meta.split = Split::Test;
        assert!(find(&no_splits(&recordings), "flatters").is_some());
    }

    #[test]
    fn empty_parts_are_told() {
        let recordings = sound();
        let splits: BTreeMap<String, Split> = recordings
            .iter()
            .map(|r| {
                let part = if r.meta.spans[0].label == "a" {
                    Split::Train
                } else {
                    Split::Test
                };
                (r.meta.id.clone(), part)
            })
            .collect();
        let got = issues(&recordings, &splits);
        let issue = find(&got, "\"b\" has nothing to train on").unwrap();
        assert_eq!(issue.severity, Severity::Error);
        assert!(find(&got, "\"a\" has nothing held out").is_some());
        assert!(find(&got, "\"a\" and \"b\" have nothing to choose").is_some());
    }
}
