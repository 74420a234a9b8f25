//! From a trained network to an int8 model with all its figures.

use lampyris_dataset::{Split, sort_by};
use lampyris_device::{ChipSpec, Decision};
use lampyris_dsp::normalize::Norm;
use lampyris_graph::{AlignedBytes, Graph};
use lampyris_net::Net;

use crate::cache::Cache;
use crate::inputs::Inputs;
use crate::layers::layers;
use crate::metrics::{self, Answer, argmax};
use crate::model::{Model, metadata};
use crate::runner::score;
use crate::runs::Run;
use crate::settings_check::hex;
use crate::signals::Plan;
use crate::windows::Table;
use crate::{LabError, Mistake, Report, Settings, TrainingResult, load};

/// Most mistakes that a report lists.
const MISTAKES: usize = 200;
/// Makes the model. The result must be of these very windows.
pub(crate) fn quantize(
    cache: &mut Cache,
    settings: &Settings,
    (plan, table): (&Plan, &Table<'_>),
    result: &TrainingResult,
) -> Result<Model, LabError> {
    let net = Net::from_bytes(&result.net)?;
    if (net.inputs(), net.classes()) != (plan.layout.features, table.labels.len()) {
        return Err(LabError::new(
            format!(
                "the network takes {} features and tells {} labels apart; there are {} and {}",
                net.inputs(),
                net.classes(),
                plan.layout.features,
                table.labels.len()
            ),
            "training result",
            "train again",
        ));
    }
    let mut inputs = Inputs::new(cache, plan, table)?;
    let (ranges, calibration) = inputs.calibrate(&net, plan, table)?;
    let graph = net.lower(&ranges, "lampyris")?;
    let norms = inputs.norms(plan);
    let chip = chip_part(settings, plan, table, &norms, &graph)?;
    let tflite = lampyris_formats::tflite::write(&graph, &metadata(settings, plan, table, &norms))?;

    let part = evaluated_part(table);
    let runs = inputs.run_all(&net, plan, table, &chip)?;
    let mut report = measure(table, &runs.runs, part);
    report.layers = layers(&graph, runs.inputs.iter().map(Vec::as_slice))?;
    report.calibration = calibration;
    fill_sizes(&mut report, &chip, &tflite)?;
    report.settings_hash.clone_from(&result.settings_hash);
    report.seed = settings.training.seed;
    report.epochs = result.history.len() as u32;
    report.best_epoch = result.best_epoch;
    let layers = load::layers(&graph);
    report.footprint = load::of_model(settings, plan, chip.as_ref(), layers);
    Ok(Model {
        report,
        chip,
        tflite,
        graph,
        answers: runs.answers(table),
        parts: table.splits(),
        golden: runs.golden(),
        signal: plan.signal,
        hop: plan.hop,
        block: plan.block.code,
        values: plan.values.clone(),
    })
}

fn chip_part(
    settings: &Settings,
    plan: &Plan,
    table: &Table<'_>,
    norms: &[Norm],
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
        norms,
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
pub(crate) fn evaluated_part(table: &Table<'_>) -> Split {
    let parts = [Split::Test, Split::Validation];
    let found = parts
        .into_iter()
        .find(|part| table.of(*part).next().is_some());
    found.unwrap_or(Split::Train)
}

/// The figures that rest on answers; sizes are filled in later.
fn measure(table: &Table<'_>, runs: &[Run], part: Split) -> Report {
    let classes = table.labels.len();
    let answer = |run: &Run, said| Answer {
        recording: run.window.recording,
        truth: run.window.label as usize,
        said,
    };
    let int8: Vec<Answer> = runs.iter().map(|r| answer(r, argmax(&r.outputs))).collect();
    let float: Vec<Answer> = runs.iter().map(|r| answer(r, r.float)).collect();
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
