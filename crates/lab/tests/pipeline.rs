//! The pipeline on synthetic movements, without a trainer: first weights stand
//! in for trained ones, because what is tested here is what surrounds them.
#![allow(clippy::unwrap_used)]

use lampyris_dataset::{Axis, NewRecording, Recording, Severity, Span, Split};
use lampyris_lab::{
    EpochRow, Job, Lab, Model, OpenBundle, Part, Settings, Task, TrainingResult, Values, evaluate,
    golden_windows, held_out,
};
use lampyris_net::Net;
use serde_json::json;

const RATE: f64 = 50.0;

/// A triangle wave of three axes: `period` samples long, `reach` high. The
/// `take` shifts it, so that no two takes are equal.
fn movement(label: &str, take: usize, seconds: usize, period: usize, reach: f32) -> NewValues {
    let n = seconds * RATE as usize;
    let values = (0..n * 3).map(|i| {
        let (t, axis) = (i / 3 + take * 3, i % 3);
        let phase = (t + axis * 5) % period;
        let up = phase.min(period - phase) as f32 / period as f32;
        reach * (up - 0.25) + 0.01 * ((t * 7 + take * 13 + axis) % 11) as f32
    });
    NewValues {
        new: NewRecording {
            name: format!("{label}.{take}"),
            label: label.into(),
            axes: ["x", "y", "z"]
                .map(|name| Axis {
                    name: name.into(),
                    unit: "g".into(),
                })
                .to_vec(),
            rate_hz: RATE,
            source: "import".into(),
            ..NewRecording::default()
        },
        values: values.collect(),
    }
}

struct NewValues {
    new: NewRecording,
    values: Vec<f32>,
}

impl NewValues {
    fn part(mut self, split: Split) -> Self {
        self.new.split = split;
        self
    }

    fn make(self) -> Recording {
        Recording::new(self.new, self.values, None).unwrap()
    }
}

fn recordings() -> Vec<Recording> {
    let kinds = [("still", 50, 0.02), ("swing", 40, 2.0), ("shake", 8, 3.0)];
    let mut out = Vec::new();
    for take in 0..6 {
        for (label, period, reach) in kinds {
            let part = if take < 4 { Split::Train } else { Split::Test };
            out.push(movement(label, take, 6, period, reach).part(part).make());
        }
    }
    out
}

fn lab() -> Lab {
    let mut lab = Lab::new();
    recordings().into_iter().for_each(|r| lab.put(r));
    lab
}

fn settings() -> Settings {
    Settings::default_for(Task::Motion)
}

/// First weights in the place of trained ones.
fn untrained(job: &Job) -> TrainingResult {
    TrainingResult {
        settings_hash: job.settings_hash.clone(),
        net: Net::init(&job.network(), 1).unwrap().to_bytes(),
        history: vec![EpochRow::default()],
        best_epoch: 1,
    }
}

fn errors(lab: &Lab, settings: &Settings) -> Vec<String> {
    let overview = lab.overview(settings);
    let errors = overview
        .issues
        .iter()
        .filter(|i| i.severity == Severity::Error);
    let errors: Vec<String> = errors.map(|i| format!("{} {}", i.what, i.remedy)).collect();
    assert_eq!(overview.ready, errors.is_empty());
    errors
}

#[test]
fn the_overview_counts_what_there_is() {
    let lab = lab();
    let o = lab.overview(&settings());
    assert!(o.ready, "{:?}", o.issues);
    let names: Vec<_> = o.labels.iter().map(|l| l.label.as_str()).collect();
    assert_eq!(names, ["shake", "still", "swing"]);
    // 6 s give 5 windows of 2 s every second, and 16 every 13 samples (a quarter of one).
    assert_eq!((o.labels[0].recordings, o.labels[0].test), (6, 10));
    assert_eq!(o.labels[0].validation, 5);
    assert_eq!(o.labels[0].train, 3 * 16);
    assert_eq!((o.window, o.hop), (100, 50));
    assert_eq!(o.feature_names.len(), o.features as usize);
    assert!(
        o.feature_names[0].starts_with("x "),
        "{}",
        o.feature_names[0]
    );
    assert_eq!(o.splits.len(), 18);
    assert_eq!(o.layers.last().unwrap().cost.operator, "SOFTMAX");
    assert!(o.footprint.is_some());
}

#[test]
fn what_is_missing_is_an_error_that_says_the_way_out() {
    let empty = Lab::new();
    assert_eq!(errors(&empty, &settings()).len(), 1);
    assert!(
        empty.overview(&settings()).features > 0,
        "forms still show figures"
    );

    let mut one = Lab::new();
    one.put(movement("still", 0, 6, 50, 0.02).make());
    assert!(errors(&one, &settings())[0].contains("one class"));

    let mut short = Lab::new();
    short.put(movement("still", 0, 1, 50, 0.02).make());
    short.put(movement("shake", 1, 1, 8, 2.0).make());
    assert!(errors(&short, &settings())[0].contains("shorter"));

    let mut mixed = lab();
    let mut other = movement("still", 9, 6, 50, 0.02);
    other.new.axes[2].name = "w".into();
    mixed.put(other.make());
    assert!(errors(&mixed, &settings())[0].contains("\"w\""));

    let merged = settings()
        .with_changes(&json!({"merge": {"still": "a", "swing": "a", "shake": "a"}}))
        .unwrap();
    assert!(errors(&lab(), &merged)[0].contains("one class"));
    let nothing = settings()
        .with_changes(&json!({"merge": {"still": "", "swing": "", "shake": ""}}))
        .unwrap();
    assert!(errors(&lab(), &nothing)[0].contains("label"));

    let mut wild = settings();
    wild.rate_hz = f32::NAN;
    assert!(errors(&lab(), &wild)[0].contains("rate_hz"));
    let tiny = settings().with_changes(&json!({"window_ms": 100})).unwrap();
    assert!(
        errors(&lab(), &tiny)[0].contains("window"),
        "the block refuses 5 samples"
    );
}

#[test]
fn a_label_without_a_training_window_is_named() {
    let mut lab = lab();
    let mut brief = movement("swing", 20, 6, 40, 2.0).part(Split::Train);
    let span = |start, end, label: &str| Span {
        start,
        end,
        label: label.into(),
    };
    // Half a second of it: never more than half of a window of 2 s.
    brief.new.spans = vec![
        span(0, 100, "swing"),
        span(100, 125, "jolt"),
        span(125, 300, "swing"),
    ];
    lab.put(brief.make());
    // Only held-out windows bear it.
    lab.put(movement("jolt", 21, 6, 4, 2.0).part(Split::Test).make());
    let errors = errors(&lab, &settings());
    assert!(errors[0].contains("jolt"), "{errors:?}");
}

#[test]
fn a_job_is_the_same_whoever_loads_the_recordings() {
    let job = lab().job(&settings()).unwrap();
    let mut reversed = Lab::new();
    recordings().into_iter().rev().for_each(|r| reversed.put(r));
    assert_eq!(
        job.to_bytes(),
        reversed.job(&settings()).unwrap().to_bytes()
    );

    // Normalised over the first epoch: mean 0, deviation 1 (or switched off).
    let (n, f) = (job.len(Part::Train), job.features);
    assert_eq!(n, 4 * job.train.y.len());
    let x = epoch(&job, 0);
    for column in 0..f {
        let values = x.iter().skip(column).step_by(f);
        let mean: f32 = values.clone().sum::<f32>() / n as f32;
        let variance = values.map(|v| (v - mean) * (v - mean)).sum::<f32>() / n as f32;
        assert!(mean.abs() < 1e-3, "column {column}: mean {mean}");
        assert!(
            (variance - 1.0).abs() < 1e-2 || variance == 0.0,
            "column {column}"
        );
    }

    let bytes = job.to_bytes();
    assert_eq!(Job::from_bytes(&bytes).unwrap(), job);
    for at in (0..bytes.len()).step_by(97) {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        Job::from_bytes(&bad).unwrap_err();
        Job::from_bytes(&bytes[..at]).unwrap_err();
    }
}

/// All training windows of an epoch.
fn epoch(job: &Job, epoch: u32) -> Vec<f32> {
    let mut x = vec![0.0; job.len(Part::Train) * job.features];
    for (i, row) in x.chunks_exact_mut(job.features).enumerate() {
        job.draw(Part::Train, epoch, i, row);
        assert_eq!(
            job.label(Part::Train, i),
            job.train.y[i % job.train.y.len()]
        );
    }
    x
}

#[test]
fn each_epoch_varies_the_windows_afresh() {
    let job = lab().job(&settings()).unwrap();
    let recorded = job.train.x.len();
    let (first, second) = (epoch(&job, 0), epoch(&job, 1));
    assert_eq!(Values::Floats(first[..recorded].to_vec()), job.train.x);
    assert_eq!(Values::Floats(second[..recorded].to_vec()), job.train.x);
    let rows = first[recorded..].chunks(job.features);
    let again = second[recorded..].chunks(job.features);
    let changed = rows.zip(again).filter(|(a, b)| a != b).count();
    assert_eq!(changed, 3 * job.train.y.len());
    // Another module draws the same.
    let other = Job::from_bytes(&job.to_bytes()).unwrap();
    assert_eq!(epoch(&other, 1), second);

    let plain = settings()
        .with_changes(&json!({"training": {"augment": {"copies": 0}}}))
        .unwrap();
    let plain = lab().job(&plain).unwrap();
    assert!(plain.varied.is_none());
    assert_eq!(plain.len(Part::Train), plain.train.y.len());
}

#[test]
fn features_that_were_kept_give_the_same_job() {
    let mut warm = lab();
    let first = warm.job(&settings()).unwrap();
    let other = settings()
        .with_changes(&json!({"window_ms": 1500}))
        .unwrap();
    assert_ne!(warm.job(&other).unwrap().train.x.len(), first.train.x.len());
    assert_eq!(warm.job(&settings()).unwrap(), first);
    // A refused job loses neither recordings nor features.
    let wild = settings().with_changes(&json!({"merge": {"still": "swing", "shake": "swing"}}));
    warm.job(&wild.unwrap()).unwrap_err();
    assert_eq!(warm.job(&settings()).unwrap(), first);
}

fn model(lab: &mut Lab) -> Model {
    let job = lab.job(&settings()).unwrap();
    lab.quantize(&settings(), &untrained(&job)).unwrap().clone()
}

#[test]
fn a_report_adds_up() {
    let mut lab = lab();
    let model = model(&mut lab);
    let r = &model.report;
    assert_eq!(r.evaluated_on, Split::Test);
    assert_eq!((r.windows_test, r.recordings_test), (30, 6));
    for table in [&r.confusion, &r.confusion_float] {
        assert_eq!(table.iter().flatten().sum::<u32>(), 30);
    }
    let right: u32 = (0..3).map(|i| r.confusion[i][i]).sum();
    assert_eq!(r.accuracy_int8, right as f32 / 30.0);
    assert_eq!(r.mistakes.len() as u32, 30 - right);
    assert!(r.mistakes.windows(2).all(|m| m[0].score >= m[1].score));
    assert!(r.per_class.iter().all(|c| c.support == 10));
    assert!(
        r.calibration.iter().all(|c| c.windows > 0),
        "every class calibrates"
    );
    let params: u32 = r.layers.iter().map(|l| l.params).sum();
    assert_eq!(r.params, params);
    assert!(r.layers.iter().all(|l| (0.0..=1.0).contains(&l.saturated)));
    assert_eq!(r.flash_bytes as usize, model.chip.as_ref().len());
    assert_eq!(r.tflite_bytes as usize, model.tflite.len());
    assert!(r.ram_bytes > r.arena_bytes);
    assert!(r.agreement > 0.8, "int8 follows float: {}", r.agreement);
    let labels: Vec<_> = model.golden.iter().map(|g| g.label.as_str()).collect();
    assert!(
        ["shake", "still", "swing"]
            .iter()
            .all(|l| labels.contains(l))
    );
    assert_eq!(model.bundle(), lab.model().unwrap().bundle());
}

#[test]
fn a_bundle_tells_and_answers_without_its_project() {
    let mut lab = lab();
    let job = lab.job(&settings()).unwrap();
    let model = lab.quantize(&settings(), &untrained(&job)).unwrap();
    let open = OpenBundle::open(&model.bundle()).unwrap();
    let info = open.info();
    assert_eq!(info.model.sha256, model.report.model_sha256);
    assert_eq!(info.model.axis_names, ["x", "y", "z"]);
    assert_eq!(info.model.macs, Some(model.report.macs));
    assert_eq!(open.tflite(), model.tflite);
    assert_eq!(info.golden as usize, model.golden.len());
    for i in 0..model.golden.len() {
        let check = open.check(i).unwrap().unwrap();
        assert!(check.features && check.outputs, "{}", check.label);
    }
    assert!(open.check(model.golden.len()).unwrap().is_none());

    // On the board of the settings it costs what the report says.
    let costs = open.footprints(&settings());
    let own = model.report.footprint.as_ref().unwrap();
    assert!(costs.len() >= 5 && costs.contains(own));
    let another = settings().with_changes(&json!({"battery": "aaa2"}));
    let costs = open.footprints(&another.unwrap());
    assert!(costs.iter().all(|f| f.battery == "aaa2"));
}

#[test]
fn a_bundle_that_answers_otherwise_is_told() {
    let mut lab = lab();
    let job = lab.job(&settings()).unwrap();
    let model = lab.quantize(&settings(), &untrained(&job)).unwrap();
    let bundle = lampyris_formats::bundle::read(&model.bundle()).unwrap();
    let mut host = bundle.host.unwrap();
    host.golden[0].outputs[0] ^= 1;
    host.golden[1].features[0] ^= 1;
    let open = OpenBundle::open(&lampyris_formats::bundle::write(&bundle.chip, &host)).unwrap();
    let told = |i: usize| {
        let check = open.check(i).unwrap().unwrap();
        (check.features, check.outputs)
    };
    assert_eq!((told(0), told(1)), ((true, false), (false, true)));
    host.golden[2].window.pop();
    let error = OpenBundle::open(&lampyris_formats::bundle::write(&bundle.chip, &host));
    let error = error.err().unwrap();
    assert!(error.what.contains("values in its window"), "{error}");
    let error = OpenBundle::open(&bundle.chip).err().unwrap();
    assert!(error.what.contains("only the chip part"), "{error}");
}

#[test]
fn a_result_meets_only_the_data_it_came_from() {
    let mut lab = lab();
    let job = lab.job(&settings()).unwrap();
    let result = untrained(&job);
    let bytes = result.to_bytes();
    assert_eq!(TrainingResult::from_bytes(&bytes).unwrap(), result);
    TrainingResult::from_bytes(&bytes[1..]).unwrap_err();

    let other = settings().with_changes(&json!({"hop_ms": 500})).unwrap();
    let error = lab.quantize(&other, &result).unwrap_err();
    assert!(error.what.contains("other settings"), "{error}");
    // The decision is made after training, so it may change.
    let bolder = settings().with_changes(&json!({"decision": {"threshold": 0.9}}));
    lab.quantize(&bolder.unwrap(), &result).unwrap();
    lab.put(movement("still", 30, 6, 50, 0.02).make());
    lab.quantize(&settings(), &result).unwrap_err();
    assert!(lab.model().is_some(), "the model before stays");

    let mut junk = untrained(&job);
    junk.net.truncate(20);
    self::lab().quantize(&settings(), &junk).unwrap_err();
}

#[test]
fn a_loss_that_ran_away_still_travels() {
    let row = EpochRow {
        train_loss: f32::NAN,
        ..EpochRow::default()
    };
    let result = TrainingResult {
        settings_hash: "x".into(),
        net: vec![1],
        history: vec![row],
        best_epoch: 0,
    };
    let back = TrainingResult::from_bytes(&result.to_bytes()).unwrap();
    assert_eq!(back.history[0].train_loss, f32::MAX);
}

#[test]
fn without_test_recordings_the_report_says_so() {
    let mut lab = Lab::new();
    for mut r in recordings() {
        r.meta.split = Split::Auto;
        lab.put(r);
    }
    let untested = settings()
        .with_changes(&json!({"split": {"test_fraction": 0}}))
        .unwrap();
    let job = lab.job(&untested).unwrap();
    let model = lab.quantize(&untested, &untrained(&job)).unwrap();
    assert_eq!(model.report.evaluated_on, Split::Validation);
    assert!(model.report.windows_test > 0);
}

#[test]
fn a_window_is_shown_as_the_network_gets_it() {
    let mut lab = lab();
    let id = lab.recordings().next().unwrap().meta.id.clone();
    let view = lab.window(&settings(), &id, 25).unwrap();
    assert_eq!(view.samples.len(), 300);
    assert_eq!(view.axes, ["x", "y", "z"]);
    assert!(view.label.is_some());
    assert!(view.features.iter().all(|f| f.normalized.is_some()));
    assert_eq!(view.label_scores, None);
    model(&mut lab);
    let scores = lab
        .window(&settings(), &id, 25)
        .unwrap()
        .label_scores
        .unwrap();
    assert_eq!(scores.len(), 3);
    assert!((scores.iter().sum::<f32>() - 1.0).abs() < 0.02);

    let error = lab.window(&settings(), &id, 201).unwrap_err();
    assert!(error.what.contains("end"), "{error}");
    lab.window(&settings(), "nobody", 0).unwrap_err();
    // Nothing to normalise by: values, but no normalised ones.
    let mut alone = Lab::new();
    let r = movement("still", 0, 6, 50, 0.02).part(Split::Test).make();
    let id = r.meta.id.clone();
    alone.put(r);
    assert_eq!(
        alone.window(&settings(), &id, 0).unwrap().features[0].normalized,
        None
    );
}

#[test]
fn another_look_at_the_same_windows_gives_the_same_figures() {
    let mut lab = lab();
    let model = model(&mut lab);
    let all = recordings();
    let test = held_out(&all).unwrap();
    let axes = ["x", "y", "z"].map(String::from);
    let chip = model.chip.as_ref();
    let again = evaluate(chip, &settings(), &axes, test.iter().copied()).unwrap();
    assert_eq!(again.confusion, model.report.confusion);
    assert_eq!(again.accuracy_int8, model.report.accuracy_int8);
    assert_eq!(again.recordings_test, model.report.recordings_test);

    let windows = golden_windows(chip, &settings(), &axes, test.iter().copied()).unwrap();
    let golden = &model.golden[0];
    let same = windows.iter().find(|w| w.samples == golden.window).unwrap();
    assert_eq!(
        (&same.features, &same.outputs),
        (&golden.features, &golden.outputs)
    );

    let wrong = ["x", "y"].map(String::from);
    evaluate(chip, &settings(), &wrong, test.iter().copied()).unwrap_err();
    let strangers = [movement("dance", 0, 6, 30, 1.0).make()];
    let error = evaluate(chip, &settings(), &axes, strangers.iter()).unwrap_err();
    assert!(error.what.contains("dance"), "{error}");
    let trained: Vec<Recording> = all
        .into_iter()
        .filter(|r| r.meta.split == Split::Train)
        .collect();
    held_out(&trained).unwrap_err();
}

#[test]
fn samples_at_other_rates_and_uneven_times_give_near_equal_features() {
    let mut lab = lab();
    let even = movement("swing", 40, 6, 40, 2.0);
    let times: Vec<f64> = (0..300)
        .map(|i| f64::from(i) * 20.0 + f64::from(i % 3))
        .collect();
    let mut new = even.new.clone();
    new.name = "uneven".into();
    let uneven = Recording::new(new, even.values.clone(), Some(times)).unwrap();
    let even = even.make();
    let (a, b) = (even.meta.id.clone(), uneven.meta.id.clone());
    assert_ne!(a, b);
    lab.put(even);
    lab.put(uneven);
    let a = lab.window(&settings(), &a, 50).unwrap();
    let b = lab.window(&settings(), &b, 50).unwrap();
    let rms = |view: &lampyris_lab::WindowView| {
        view.features
            .iter()
            .find(|f| f.name == "rms")
            .unwrap()
            .value
    };
    assert!((rms(&a) - rms(&b)).abs() < 0.02 * rms(&a));
}

#[test]
fn what_is_promised_before_training_is_what_training_ends_with() {
    let mut lab = lab();
    let before = lab.overview(&settings()).footprint.unwrap();
    let after = model(&mut lab).report.footprint.unwrap();
    assert_eq!(before, after);
    let bytes = before
        .flash
        .parts
        .iter()
        .find(|p| p.name == "model")
        .unwrap();
    assert_eq!(
        bytes.low,
        Some(f64::from(lab.model().unwrap().report.flash_bytes))
    );
}
