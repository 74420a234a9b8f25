//! A finished model on other recordings.

use lampyris_dataset::{Recording, Split, sort_by, window_labels};
use lampyris_device::Chip;
use lampyris_graph::AlignedBytes;
use serde::Serialize;
use ts_rs::TS;

use crate::metrics::{self, Answer, argmax};
use crate::pictures::{see, shape};
use crate::runner::{Runner, score};
use crate::signals::{Plan, Tables};
use crate::{ClassReport, LabError, Mistake, Settings};

/// The int8 result of a model on recordings; names as in [`crate::Report`].
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Evaluation {
    /// In the order of the outputs.
    pub labels: Vec<String>,
    /// Per window.
    pub accuracy_int8: f32,
    /// Windows that the figures rest on.
    pub windows_test: u32,
    /// Recordings; one that bears several labels counts once a label.
    pub recordings_test: u32,
    /// Share of those recordings whose most frequent answer is right.
    pub accuracy_int8_by_recording: f32,
    /// `[truth][said]`.
    pub confusion: Vec<Vec<u32>>,
    /// By class.
    pub per_class: Vec<ClassReport>,
    /// Wrong answers, in the order of recording and time.
    pub mistakes: Vec<Mistake>,
    /// Labels of the data that the model does not know; their windows are not counted.
    pub unknown_labels: Vec<String>,
}

/// One window with the bytes that the chip part gives for it.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldenWindow {
    /// Id of its recording.
    pub recording: String,
    /// First sample, at the model's rate.
    pub start: u32,
    /// Its label.
    pub label: String,
    /// `[samples, axes]`; of pictures none: the features are what the model sees of one.
    pub samples: Vec<f32>,
    /// Int8 features that reach the network.
    pub features: Vec<i8>,
    /// Int8 scores.
    pub outputs: Vec<i8>,
}

/// Runs a chip part on every labelled window of these recordings. `settings`
/// (as the model carries them) give the merge list, `axes` the names of the
/// model's axes; without names the recordings' own order is taken.
///
/// # Errors
/// A chip part that is refused, a recording that lacks an axis, and recordings
/// without a single window.
pub fn golden_windows<'a>(
    chip: &[u8],
    settings: &Settings,
    axes: &[String],
    recordings: impl Iterator<Item = &'a Recording>,
) -> Result<Vec<GoldenWindow>, LabError> {
    let chip = AlignedBytes::new(chip);
    let parsed = Chip::parse(chip.as_ref())?;
    let mut runner = Runner::new(&chip)?;
    let mut recordings: Vec<&Recording> = recordings.collect();
    sort_by(&mut recordings, |a, b| a.meta.id.cmp(&b.meta.id));
    let mut out = Vec::new();
    let tables = Tables::default();
    for recording in recordings {
        let mut plan = Plan::of_chip(&parsed, settings.task, axes, recording)?;
        if plan.is_of_pictures() {
            let label = plan.spans(recording, settings).into_iter().next();
            let Some(label) = label.map(|span| span.label) else {
                continue;
            };
            let (features, outputs) = runner.see(&see(&plan, recording)?, shape(&plan));
            out.push(GoldenWindow {
                recording: recording.meta.id.clone(),
                start: 0,
                label,
                samples: Vec::new(),
                features,
                outputs,
            });
            continue;
        }
        plan.tables = tables.clone();
        let signal = plan.resampled(recording)?;
        let (width, samples) = (plan.signal.axes, plan.signal.samples);
        let spans = plan.spans(recording, settings);
        let len = plan.resampled_len(recording);
        for window in window_labels(&spans, len, samples as u32, plan.hop) {
            let from = window.start as usize * width;
            let samples = signal[from..from + samples * width].to_vec();
            let (features, outputs) = runner.run(&samples);
            out.push(GoldenWindow {
                recording: recording.meta.id.clone(),
                start: window.start,
                label: window.label,
                samples,
                features,
                outputs,
            });
        }
    }
    if out.is_empty() {
        return Err(LabError::new(
            if parsed.grid().is_some() {
                "no picture has a label".into()
            } else {
                format!(
                    "no recording has a labelled window of {} samples at {} Hz",
                    parsed.window(),
                    parsed.rate_hz()
                )
            },
            "dataset",
            "give recordings that last at least one window and bear labels",
        ));
    }
    Ok(out)
}

/// Measures a chip part; see [`golden_windows`] for what it takes.
///
/// # Errors
/// As [`golden_windows`], and where the model knows none of the labels.
pub fn evaluate<'a>(
    chip: &[u8],
    settings: &Settings,
    axes: &[String],
    recordings: impl Iterator<Item = &'a Recording>,
) -> Result<Evaluation, LabError> {
    let aligned = AlignedBytes::new(chip);
    let labels: Vec<String> = Chip::parse(aligned.as_ref())?
        .labels()
        .map(String::from)
        .collect();
    let windows = golden_windows(chip, settings, axes, recordings)?;
    let mut ids: Vec<&String> = windows.iter().map(|w| &w.recording).collect();
    ids.dedup();
    let mut unknown_labels: Vec<String> = Vec::new();
    let (mut answers, mut mistakes) = (Vec::new(), Vec::new());
    for window in &windows {
        let Some(truth) = labels.iter().position(|l| *l == window.label) else {
            if !unknown_labels.contains(&window.label) {
                unknown_labels.push(window.label.clone());
            }
            continue;
        };
        let said = argmax(&window.outputs);
        answers.push(Answer {
            recording: ids.binary_search(&&window.recording).expect("sorted by id"),
            truth,
            said,
        });
        if said != truth {
            mistakes.push(Mistake {
                recording: window.recording.clone(),
                start: window.start,
                truth: truth as u32,
                said: said as u32,
                score: score(window.outputs[said]),
            });
        }
    }
    if answers.is_empty() {
        return Err(LabError::new(
            format!(
                "the model knows none of the labels {}",
                unknown_labels.join(", ")
            ),
            "dataset",
            format!("it knows: {}", labels.join(", ")),
        ));
    }
    sort_by(&mut unknown_labels, |a, b| a.cmp(b));
    let confusion = metrics::confusion(labels.len(), &answers);
    let (recordings_test, by_recording) = metrics::by_recording(labels.len(), &answers);
    Ok(Evaluation {
        accuracy_int8: metrics::accuracy(&answers),
        windows_test: answers.len() as u32,
        recordings_test,
        accuracy_int8_by_recording: by_recording,
        per_class: metrics::per_class(&labels, &confusion),
        confusion,
        mistakes,
        unknown_labels,
        labels,
    })
}

/// The recordings that a model is measured on: those kept for test; where
/// nothing says which part a recording is for, all of them.
///
/// # Errors
/// Recordings that are all kept for something else.
pub fn held_out(recordings: &[Recording]) -> Result<Vec<&Recording>, LabError> {
    let test = |r: &&Recording| r.meta.split == Split::Test;
    let found: Vec<&Recording> = recordings.iter().filter(test).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if recordings.iter().all(|r| r.meta.split == Split::Auto) {
        return Ok(recordings.iter().collect());
    }
    Err(LabError::new(
        "no recording is kept for test",
        "dataset",
        "put recordings into a folder test/, or give a folder without train/ and val/",
    ))
}
