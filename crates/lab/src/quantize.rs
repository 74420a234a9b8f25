//! From a trained network to an int8 model with all its figures.

use lampyris_dataset::{Split, sort_by};
use lampyris_device::{ChipSpec, Decision};
use lampyris_formats::bundle::Golden;
use lampyris_graph::{AlignedBytes, Graph};
use lampyris_net::Net;

use crate::features::Matrix;
use crate::layers::layers;
use crate::metrics::{self, Answer, argmax};
use crate::model::{Model, metadata};
use crate::runner::{Runner, score};
use crate::settings_check::hex;
use crate::signals::Plan;
use crate::windows::{Table, Window};
use crate::{ClassCoverage, LabError, Mistake, Report, Settings, TrainingResult, load};

/// Most mistakes that a report lists.
const MISTAKES: usize = 200;
/// Golden vectors of each class.
const GOLDEN: usize = 3;
/// Golden vectors of each class where a window is long: a second of sound is 64 kB.
const GOLDEN_LONG: usize = 1;
/// Values from which on a window is long.
const LONG: usize = 4000;

/// Makes the model. The result must be of these very windows.
pub(crate) fn quantize(
    settings: &Settings,
    plan: &Plan,
    table: &Table<'_>,
    matrix: &Matrix,
    result: &TrainingResult,
) -> Result<Model, LabError> {
    let net = Net::from_bytes(&result.net)?;
    if (net.inputs(), net.classes()) != (matrix.width, table.labels.len()) {
        return Err(LabError::new(
            format!(
                "the network takes {} features and tells {} labels apart; there are {} and {}",
                net.inputs(),
                net.classes(),
                matrix.width,
                table.labels.len()
            ),
            "training result",
            "train again",
        ));
    }
    let ranges = net.calibrate(matrix.training(table).map(|(_, row)| row))?;
    let graph = net.lower(&ranges, "lampyris")?;
    let chip = chip_part(settings, plan, table, matrix, &graph)?;
    let tflite = lampyris_formats::tflite::write(&graph, &metadata(settings, plan, table, matrix))?;

    let runs = run_all(plan, table, &chip)?;
    let part = evaluated_part(table);
    let float = |i: usize| argmax(&net.forward(matrix.row(i)));
    let mut report = measure(table, &runs, part, float);
    report.layers = layers(&graph, runs.iter().map(|run| run.features.as_slice()))?;
    report.calibration = coverage(table);
    fill_sizes(&mut report, &chip, &tflite)?;
    report.settings_hash.clone_from(&result.settings_hash);
    report.seed = settings.training.seed;
    report.epochs = result.history.len() as u32;
    report.best_epoch = result.best_epoch;
    let (macs, nodes) = (report.macs.into(), report.layers.len() as u64);
    report.footprint = load::of_model(settings, plan, chip.as_ref(), macs, nodes);
    let golden = golden(table, &runs, part);
    Ok(Model {
        report,
        chip,
        tflite,
        graph,
        golden,
        signal: plan.signal,
        block: plan.block.code,
        values: plan.values.clone(),
    })
}

fn coverage(table: &Table<'_>) -> Vec<ClassCoverage> {
    let labels = table.labels.iter().enumerate();
    labels
        .map(|(i, label)| ClassCoverage {
            label: label.clone(),
            windows: table.count(Split::Train, i as u32),
        })
        .collect()
}

fn chip_part(
    settings: &Settings,
    plan: &Plan,
    table: &Table<'_>,
    matrix: &Matrix,
    graph: &Graph,
) -> Result<AlignedBytes, LabError> {
    let input = graph
        .inputs
        .first()
        .and_then(|&i| graph.tensors[i].quant.as_ref());
    let input = input.expect("a lowered graph has one quantized input");
    let labels: Vec<&str> = table.labels.iter().map(String::as_str).collect();
    let bytes = graph.emit()?;
    let spec = ChipSpec {
        graph: &bytes,
        block: plan.block.code,
        settings: &plan.values,
        norms: &matrix.norms,
        input_scale: input.scale[0],
        input_zero_point: input.zero_point[0] as i8,
        rate_hz: plan.signal.rate_hz,
        window: plan.signal.samples as u32,
        hop: plan.hop,
        axes: plan.signal.axes as u16,
        labels: &labels,
        none: &settings.none_labels(&table.labels),
        decision: Decision::from(&settings.decision),
    };
    let mut chip = AlignedBytes::from(vec![0; spec.encoded_len()]);
    spec.encode(chip.as_mut())?;
    Ok(chip)
}

/// Test windows, or validation windows where there are none, or (where a data
/// set is so small that it has neither) the training windows.
fn evaluated_part(table: &Table<'_>) -> Split {
    let parts = [Split::Test, Split::Validation];
    let found = parts
        .into_iter()
        .find(|part| table.of(*part).next().is_some());
    found.unwrap_or(Split::Train)
}

/// One window as the chip saw it.
pub(crate) struct Run {
    pub window: Window,
    /// Index of the window in the table.
    pub index: usize,
    /// `[samples, axes]` at the model's rate, of those that become golden vectors.
    pub samples: Option<Vec<f32>>,
    /// What reached the network.
    pub features: Vec<i8>,
    /// What the network said.
    pub outputs: Vec<i8>,
}

/// Runs the chip part on every window that is reported on, from its samples on.
fn run_all(plan: &Plan, table: &Table<'_>, chip: &AlignedBytes) -> Result<Vec<Run>, LabError> {
    let part = evaluated_part(table);
    let mut runner = Runner::new(chip)?;
    let values = plan.signal.samples * plan.signal.axes;
    let most = if values < LONG { GOLDEN } else { GOLDEN_LONG };
    let mut golden = vec![0; table.labels.len()];
    let mut runs = Vec::new();
    for (r, recording) in table.recordings.iter().enumerate() {
        if table.parts[r] != part {
            continue;
        }
        let signal = plan.resampled(recording)?;
        let windows = table.windows.iter().enumerate();
        for (index, window) in windows.filter(|(_, w)| w.recording == r) {
            let from = window.start as usize * plan.signal.axes;
            let samples = &signal[from..from + values];
            let (features, outputs) = runner.run(samples);
            let kept = &mut golden[window.label as usize];
            *kept += 1;
            runs.push(Run {
                window: *window,
                index,
                samples: (*kept <= most).then(|| samples.to_vec()),
                features,
                outputs,
            });
        }
    }
    Ok(runs)
}

/// The figures that rest on answers; sizes are filled in later.
fn measure(table: &Table<'_>, runs: &[Run], part: Split, float: impl Fn(usize) -> usize) -> Report {
    let classes = table.labels.len();
    let answer = |run: &Run, said| Answer {
        recording: run.window.recording,
        truth: run.window.label as usize,
        said,
    };
    let int8: Vec<Answer> = runs.iter().map(|r| answer(r, argmax(&r.outputs))).collect();
    let float: Vec<Answer> = runs.iter().map(|r| answer(r, float(r.index))).collect();
    let agreeing = int8
        .iter()
        .zip(&float)
        .filter(|(a, b)| a.said == b.said)
        .count();
    let confusion = metrics::confusion(classes, &int8);
    let (recordings_test, by_recording) = metrics::by_recording(classes, &int8);
    Report {
        labels: table.labels.clone(),
        evaluated_on: part,
        accuracy_float: metrics::accuracy(&float),
        accuracy_int8: metrics::accuracy(&int8),
        windows_test: runs.len() as u32,
        recordings_test,
        accuracy_int8_by_recording: by_recording,
        accuracy_float_by_recording: metrics::by_recording(classes, &float).1,
        confusion_float: metrics::confusion(classes, &float),
        per_class: metrics::per_class(&table.labels, &confusion),
        confusion,
        agreement: metrics::share(agreeing, runs.len()),
        mistakes: mistakes(table, runs),
        windows_train: table.of(Split::Train).count() as u32,
        windows_validation: table.of(Split::Validation).count() as u32,
        ..Report::default()
    }
}

/// Wrong answers, the surest first.
fn mistakes(table: &Table<'_>, runs: &[Run]) -> Vec<Mistake> {
    let wrong = runs.iter().filter_map(|run| {
        let said = argmax(&run.outputs);
        (said != run.window.label as usize).then(|| Mistake {
            recording: table.recordings[run.window.recording].meta.id.clone(),
            start: run.window.start,
            truth: run.window.label,
            said: said as u32,
            score: score(run.outputs[said]),
        })
    });
    let mut mistakes: Vec<Mistake> = wrong.collect();
    sort_by(&mut mistakes, |a, b| b.score.total_cmp(&a.score));
    mistakes.truncate(MISTAKES);
    mistakes
}

fn fill_sizes(report: &mut Report, chip: &AlignedBytes, tflite: &[u8]) -> Result<(), LabError> {
    let needs = lampyris_device::Chip::parse(chip.as_ref())?.least_needs();
    report.model_sha256 = hex(&<sha2::Sha256 as sha2::Digest>::digest(chip.as_ref()));
    report.params = report.layers.iter().map(|l| l.params).sum();
    report.macs = report.layers.iter().map(|l| l.macs).sum();
    report.tflite_bytes = tflite.len() as u32;
    report.flash_bytes = chip.as_ref().len() as u32;
    report.arena_bytes = needs.arena as u32;
    report.ram_bytes = needs.bytes() as u32;
    Ok(())
}

/// The first windows of each class among those reported on.
fn golden(table: &Table<'_>, runs: &[Run], part: Split) -> Vec<Golden> {
    debug_assert!(runs.iter().all(|r| table.parts[r.window.recording] == part));
    let mut golden = Vec::new();
    for (label, name) in table.labels.iter().enumerate() {
        let of_label = runs.iter().filter(|r| r.window.label as usize == label);
        golden.extend(of_label.filter_map(|run| {
            Some(Golden {
                label: name.clone(),
                window: run.samples.clone()?,
                features: run.features.clone(),
                outputs: run.outputs.clone(),
            })
        }));
    }
    golden
}
