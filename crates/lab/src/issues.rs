//! What stands in the way of training, and what is worth knowing before it.

use std::collections::{BTreeMap, BTreeSet};

use lampyris_dataset::{
    HealthRule, Issue, Look, Recording, RecordingMeta, Severity, Split, health, sort_by,
};

use crate::signals::{Plan, merged};
use crate::windows::Table;
use crate::{LabError, Settings, Task};

/// Whether training can't begin because of it.
pub(crate) fn is_error(issue: &Issue) -> bool {
    issue.severity == Severity::Error
}

/// All issues, the gravest first.
pub(crate) fn issues(
    settings: &Settings,
    plan: Result<&Plan, &LabError>,
    table: Option<&Table<'_>>,
    recordings: &BTreeMap<String, (Recording, Look)>,
) -> Vec<Issue> {
    let mut issues = Vec::new();
    match plan {
        Ok(plan) => {
            // With two labels while there are fewer: that is said elsewhere.
            let classes = table.map_or(0, |table| table.labels.len()).max(2);
            let network = plan.network(settings, classes);
            issues.extend(network.check().err().map(|e| refused(&e.into())));
        }
        Err(error) => issues.push(refused(error)),
    }
    issues.extend(of_recordings(settings, table, recordings));
    if let (Ok(plan), Some(table)) = (plan, table)
        && !issues.iter().any(is_error)
    {
        issues.extend(of_windows(settings, plan, table));
    }
    sort_by(&mut issues, |a, b| a.severity.cmp(&b.severity));
    issues
}

/// Settings that can't be followed; the place stands in brackets behind the fault.
fn refused(error: &LabError) -> Issue {
    Issue {
        severity: Severity::Error,
        what: format!("{} ({}).", error.what, error.place),
        remedy: sentence(&error.remedy),
        recordings: Vec::new(),
    }
}

/// What the dataset's own health check says, over merged labels.
fn of_recordings(
    settings: &Settings,
    table: Option<&Table<'_>>,
    recordings: &BTreeMap<String, (Recording, Look)>,
) -> Vec<Issue> {
    let pictures = settings.task == Task::Image;
    let of_kind = |recording: &Recording| recording.picture.is_some() == pictures;
    if !recordings.is_empty() && !recordings.values().any(|(r, _)| of_kind(r)) {
        return vec![all_strangers(pictures)];
    }
    let mut issues: Vec<Issue> = strangers(pictures, recordings).into_iter().collect();
    let metas: Vec<(RecordingMeta, &Look)> = recordings
        .values()
        .filter(|(recording, _)| of_kind(recording))
        .map(|(recording, look)| {
            let mut meta = recording.meta.clone();
            meta.spans = merged(meta.spans, settings);
            (meta, look)
        })
        .filter(|(meta, _)| !meta.spans.is_empty())
        .collect();
    if metas.is_empty() && !recordings.is_empty() {
        issues.push(Issue {
            severity: Severity::Error,
            what: "No recording bears a label that is used.".into(),
            remedy: "Label recordings, or take their labels out of the merge list.".into(),
            recordings: Vec::new(),
        });
        return issues;
    }
    let splits = table.map(Table::splits).unwrap_or_default();
    let labels = metas.iter().flat_map(|(meta, _)| meta.labels());
    let labels: BTreeSet<String> = labels.map(String::from).collect();
    let labels: Vec<String> = labels.into_iter().collect();
    let none = settings.none_labels(&labels);
    let quiet = labels.iter().zip(none).filter(|(_, none)| *none);
    let quiet: Vec<&str> = quiet.map(|(label, _)| label.as_str()).collect();
    let padded = settings.task == Task::Audio;
    let rule = HealthRule {
        rate_hz: settings.signal_rate_hz().into(),
        window_ms: if padded || pictures {
            0.0
        } else {
            settings.window_ms.into()
        },
        axes: if pictures { &[] } else { &settings.axes },
        splits: &splits,
        quiet: &quiet,
    };
    let pairs: Vec<_> = metas.iter().map(|(meta, look)| (meta, *look)).collect();
    issues.extend(health(&pairs, &rule));
    if padded {
        issues.extend(padding(settings, &metas));
    }
    issues
}

/// Where nothing fits the task: it was most likely changed by mistake.
fn all_strangers(pictures: bool) -> Issue {
    let (what, remedy) = if pictures {
        (
            "The task is pictures, and no recording is one.",
            "Set the task back to what was recorded, or begin another project for pictures.",
        )
    } else {
        (
            "All recordings are pictures, and the task is another.",
            "Set the task back to pictures, or begin another project.",
        )
    };
    Issue {
        severity: Severity::Error,
        what: what.into(),
        remedy: remedy.into(),
        recordings: Vec::new(),
    }
}

/// Recordings of another kind than the task's: pictures, or anything else.
fn strangers(pictures: bool, recordings: &BTreeMap<String, (Recording, Look)>) -> Option<Issue> {
    let metas = recordings.values().map(|(recording, _)| recording);
    let ids: Vec<String> = metas
        .filter(|recording| recording.picture.is_some() != pictures)
        .map(|recording| recording.meta.id.clone())
        .collect();
    let what = match (ids.len(), pictures) {
        (0, _) => return None,
        (1, true) => "1 recording is no picture and is left out.".into(),
        (1, false) => "1 recording is a picture and is left out.".into(),
        (n, true) => format!("{n} recordings are no pictures and are left out."),
        (n, false) => format!("{n} recordings are pictures and are left out."),
    };
    Some(Issue {
        severity: Severity::Warning,
        what,
        remedy: "Keep pictures and other recordings in projects of their own.".into(),
        recordings: ids,
    })
}

/// Sounds that do not fill a window.
fn padding(settings: &Settings, metas: &[(RecordingMeta, &Look)]) -> Option<Issue> {
    let seconds = f64::from(settings.window_ms) / 1000.0;
    // A sample more or less is rounding.
    let short = |meta: &&RecordingMeta| meta.seconds() < seconds * 0.999;
    let ids: Vec<String> = metas
        .iter()
        .map(|(meta, _)| meta)
        .filter(short)
        .map(|meta| meta.id.clone())
        .collect();
    let what = match ids.len() {
        0 => return None,
        1 => format!(
            "1 recording is shorter than a window of {seconds} s: it stands in the middle of silence."
        ),
        n => format!(
            "{n} recordings are shorter than a window of {seconds} s: they stand in the middle of silence."
        ),
    };
    Some(Issue {
        severity: Severity::Note,
        what,
        remedy: "Nothing needs to be done; a shorter window would cost the device less.".into(),
        recordings: ids,
    })
}

/// Labels that have recordings, but no window to learn from.
fn of_windows(settings: &Settings, plan: &Plan, table: &Table<'_>) -> Vec<Issue> {
    let mut issues = Vec::new();
    let pictures = plan.is_of_pictures();
    for (i, label) in table.labels.iter().enumerate() {
        if table.count(Split::Train, i as u32) == 0 {
            let (what, remedy) = if pictures {
                (
                    format!("No training picture is \"{label}\"."),
                    format!("Take more of \"{label}\", or merge it into another label."),
                )
            } else {
                (
                    format!("No training window is mostly \"{label}\"."),
                    format!(
                        "Choose a window shorter than {} ms, record more of \"{label}\", or merge it into another label.",
                        settings.window_ms
                    ),
                )
            };
            issues.push(Issue {
                severity: Severity::Error,
                what,
                remedy,
                recordings: ids(table, |r| bears(settings, plan, r, label)),
            });
        }
    }
    if table.labels.len() < 2 && !pictures {
        issues.push(Issue {
            severity: Severity::Error,
            what: "Fewer than two labels fill a window.".into(),
            remedy: "Choose a shorter window, or record longer stretches of each label.".into(),
            recordings: Vec::new(),
        });
    }
    issues
}

fn bears(settings: &Settings, plan: &Plan, recording: &Recording, label: &str) -> bool {
    plan.spans(recording, settings)
        .iter()
        .any(|s| s.label == label)
}

fn ids(table: &Table<'_>, keep: impl Fn(&Recording) -> bool) -> Vec<String> {
    let kept = table.recordings.iter().filter(|r| keep(r));
    kept.map(|r| r.meta.id.clone()).collect()
}

/// With a capital first and a full stop last.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), chars.as_str())
}
