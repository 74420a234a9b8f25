//! `lampyris train`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lampyris_dataset::{Recording, Severity};
use lampyris_lab::{Lab, Part, Settings, Task};

use crate::{Outcome, config, data, output, training};

/// Where recordings come from.
pub(crate) struct Sources {
    pub data: PathBuf,
    /// Noise that is mixed into training windows.
    pub background: Option<PathBuf>,
}

/// Trains on DATA and writes the model's files into a folder.
pub(crate) fn train(
    sources: &Sources,
    out: &Path,
    task: Option<Task>,
    seed: Option<u32>,
    config: Option<&Path>,
) -> Outcome {
    let config = config::load(config)?;
    let mut lab = Lab::new();
    let mut recordings = data::load(&sources.data, config.group_by.clone())?;
    let task = config.task(task, &recordings)?;
    let settings = config.settings(task, seed, |_| {})?;
    if let Some(background) = &sources.background {
        recordings.extend(data::background(background)?);
    }
    eprintln!("lampyris: {} recordings", recordings.len());
    warn_of_idle_names(&recordings, config.group_by.as_deref(), &settings);
    recordings.into_iter().for_each(|r| lab.put(r));
    for issue in lab.overview(&settings).issues {
        if issue.severity != Severity::Note {
            eprintln!("lampyris: {} {}", issue.what, issue.remedy);
        }
    }
    let job = lab.job(&settings)?;
    eprintln!(
        "lampyris: {} training windows ({} an epoch, with variations), {} validation windows, {} features, labels {}",
        job.train.y.len(),
        job.len(Part::Train),
        job.len(Part::Validation),
        job.features,
        job.labels.join(", ")
    );
    let (result, seconds) = training::train(job)?;
    let model = lab.quantize(&settings, &result)?;
    let mut report = model.report.clone();
    report.train_seconds = Some(seconds);
    output::folder(out)?;
    output::write_all(&[
        (out.join("model.tflite"), model.tflite.clone()),
        (out.join("model.lampyris"), model.bundle()),
        (out.join("report.json"), output::json(&report)),
    ])?;
    output::print(&report)
}

/// A name in the config that fits nothing is told: it is a typing error, or the
/// config of another data set.
fn warn_of_idle_names(recordings: &[Recording], group_by: Option<&str>, settings: &Settings) {
    let known: BTreeSet<&str> = recordings.iter().flat_map(|r| r.meta.labels()).collect();
    for label in settings
        .merge
        .keys()
        .filter(|l| !known.contains(l.as_str()))
    {
        let known: Vec<&str> = known.iter().copied().collect();
        eprintln!(
            "lampyris: merge names \"{label}\", and no recording has that label; there are {}",
            known.join(", ")
        );
    }
    if let Some(name) = group_by
        && recordings.iter().all(|r| r.meta.group.is_none())
    {
        eprintln!("lampyris: group_by names \"{name}\", and no recording tells a group by that");
    }
}
