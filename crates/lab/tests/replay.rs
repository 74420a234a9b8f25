//! Long streams of the starter data through models of it. The networks are single layers
//! fitted here to the classes' means, so that no test needs the trainer.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use lampyris_dataset::{Axis, NewRecording, Recording, Span, Split};
use lampyris_formats::import::{ImportFile, ImportOptions, import};
use lampyris_lab::{
    EpochRow, Job, Lab, LabError, Replay, ReplayOptions, Settings, Task, TrainingResult, Values,
    Worth,
};
use lampyris_net::{Activation, Dense, Layer, Net};
use serde_json::json;

/// A linear network along the classes' means.
fn fitted(job: &Job) -> TrainingResult {
    let (f, classes) = (job.features, job.labels.len());
    let x: Vec<f32> = match &job.train.x {
        Values::Floats(x) => x.clone(),
        Values::Bytes(x) => x.iter().map(|b| (f32::from(*b) - 128.0) / 128.0).collect(),
    };
    let mut means = vec![vec![0.0_f32; f]; classes];
    for (row, &label) in x.chunks_exact(f).zip(&job.train.y) {
        let share = 1.0 / job.train.y.iter().filter(|y| **y == label).count() as f32;
        for (mean, x) in means[label as usize].iter_mut().zip(row) {
            *mean += x * share;
        }
    }
    let bias = means
        .iter()
        .map(|m| -0.5 * m.iter().map(|v| v * v).sum::<f32>());
    let dense = Dense {
        inputs: f,
        units: classes,
        activation: Activation::None,
        bias: bias.collect(),
        weights: means.concat(),
    };
    TrainingResult {
        settings_hash: job.settings_hash.clone(),
        net: Net::from_layers(f, vec![Layer::Dense(dense)])
            .unwrap()
            .to_bytes(),
        history: vec![EpochRow::default()],
        best_epoch: 1,
    }
}

fn settings(task: Task, changes: serde_json::Value) -> Settings {
    let mut settings = Settings::default_for(task);
    settings.network.clear();
    settings.with_changes(&changes).unwrap()
}

fn starter(name: &str) -> Lab {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../models/{name}/{name}.zip"));
    let file = ImportFile {
        path: format!("{name}.zip"),
        bytes: std::fs::read(path).unwrap(),
    };
    let mut lab = Lab::new();
    for recording in import(vec![file], &ImportOptions::default()).recordings {
        lab.put(recording);
    }
    lab
}

fn trained(mut lab: Lab, settings: &Settings) -> Lab {
    let result = fitted(&lab.job(settings).unwrap());
    lab.quantize(settings, &result).unwrap();
    lab
}

/// Idle is what a hand does when it does nothing.
fn motion() -> (Lab, Settings) {
    let settings = settings(
        Task::Motion,
        json!({"decision": {"threshold": 0.5, "none": ["idle"]}}),
    );
    (trained(starter("starter-motion"), &settings), settings)
}

fn replay(lab: &mut Lab, settings: &Settings, options: &ReplayOptions) -> Result<Replay, LabError> {
    let mut replaying = lab.replay(settings, options)?;
    while !replaying.advance(lab, || true)? {}
    assert_eq!(replaying.done(), replaying.total());
    Ok(replaying.finish())
}

fn held_out(pause_s: f32) -> ReplayOptions {
    ReplayOptions {
        recording: None,
        pause_s,
        seed: 1,
    }
}

fn one(recording: &Recording) -> ReplayOptions {
    ReplayOptions {
        recording: Some(recording.meta.id.clone()),
        ..ReplayOptions::default()
    }
}

fn count(replay: &Replay, worth: Worth) -> usize {
    replay.said.iter().filter(|s| s.worth == worth).count()
}

#[test]
fn held_out_movements_are_found() {
    let (mut lab, settings) = motion();
    let r = replay(&mut lab, &settings, &held_out(0.0)).unwrap();
    // 16 takes of 6 s: 12 gestures, and 24 s of nothing in 13 pauses (each rounded up).
    assert_eq!(r.truths.len(), 12);
    assert!(
        (96_000.0..96_500.0).contains(&r.length_ms),
        "{}",
        r.length_ms
    );
    assert_eq!(r.found + r.missed, 12);
    assert!(r.found >= 10, "{} found", r.found);
    assert_eq!(r.windows, ((r.length_ms - 2000.0) / 1000.0) as u32 + 1);
    assert!(!r.gated);
    assert_eq!((r.awake, r.awake_share()), (r.windows, 1.0));
    let (median, worst) = (r.delay_median_ms.unwrap(), r.delay_worst_ms.unwrap());
    assert!(
        0.0 < median && median <= worst && worst < 8000.0,
        "{median} {worst}"
    );
    assert!(r.made_of.contains("12 recordings"), "{}", r.made_of);
    assert!(!r.false_alarms.telling, "half a minute tells nothing");
    assert!(r.false_alarms.high.unwrap() > 100.0);
    // Six bytes fifty times a second, against nine bytes a message.
    assert_eq!(r.raw_bytes_day, 300.0 * 86_400.0);
    assert!((r.sent_bytes_day - 9.0 * r.messages_day).abs() < 1e-6);
    assert_eq!(r.timeline.awake.len(), r.windows as usize);
    let all = [
        Worth::Found,
        Worth::Repeated,
        Worth::Mistaken,
        Worth::FalseAlarm,
        Worth::HeardBefore,
        Worth::Unjudged,
    ];
    assert_eq!(
        all.map(|w| count(&r, w)).iter().sum::<usize>(),
        r.said.len()
    );
    assert_eq!(count(&r, Worth::Found), r.found as usize);
}

#[test]
fn slices_and_order_of_loading_change_nothing() {
    let (mut lab, settings) = motion();
    let options = held_out(3.0);
    let whole = replay(&mut lab, &settings, &options).unwrap();
    let mut replaying = lab.replay(&settings, &options).unwrap();
    let mut calls = 0;
    while !replaying.advance(&mut lab, || false).unwrap() {
        calls += 1;
        assert!(replaying.done() <= replaying.total());
    }
    assert!(calls > 90, "{calls}");
    assert_eq!(replaying.finish(), whole);
    // Another seed is another order of the same.
    let other = ReplayOptions { seed: 2, ..options };
    let other = replay(&mut lab, &settings, &other).unwrap();
    assert_ne!(other.truths, whole.truths);
    assert_eq!(other.truths.len(), whole.truths.len());
    assert_eq!(other.length_ms, whole.length_ms);
}

#[test]
fn long_pauses_repeat_what_there_is_and_do_not_count_it() {
    let (mut lab, settings) = motion();
    let r = replay(&mut lab, &settings, &held_out(30.0)).unwrap();
    assert!((r.length_ms - (13.0 * 30_000.0 + 72_000.0)).abs() < 100.0);
    assert!(r.made_of.contains("again and again"), "{}", r.made_of);
    // The 24 s of nothing count once, where no event is in sight any more.
    let seconds = r.false_alarms.hours * 3600.0;
    assert!((seconds - 24.0).abs() < 0.1, "{seconds}");
}

#[test]
fn a_gate_sleeps_where_nothing_happens() {
    let (mut lab, ungated) = motion();
    let gated = ungated
        .with_changes(&json!({"decision": {"gate": {"level": 2.0, "hold_ms": 0}}}))
        .unwrap();
    let r = replay(&mut lab, &gated, &held_out(20.0)).unwrap();
    assert!(r.gated);
    assert!(r.awake < r.windows / 2, "{} of {}", r.awake, r.windows);
    let quiet = f64::from(r.quiet_awake) / f64::from(r.quiet_windows);
    assert!(quiet < 0.2, "{quiet}");
    let each = r.awake_s_per_event.unwrap();
    assert!(
        (4.0..10.0).contains(&each),
        "a gesture of 6 s keeps it awake for {each} s"
    );
    assert!(r.timeline.awake.contains(&0.0) && r.timeline.awake.contains(&1.0));
    let open = replay(&mut lab, &ungated, &held_out(20.0)).unwrap();
    assert_eq!(open.awake, open.windows);
}

#[test]
fn one_long_recording_with_its_labels() {
    let (mut lab, settings) = motion();
    // A test take of each gesture, with a pause of idling before each, in one recording.
    let takes: Vec<Recording> = lab.recordings().cloned().collect();
    let take = |label: &str| {
        let fits = |r: &&Recording| r.meta.split == Split::Test && r.meta.labels() == [label];
        takes.iter().find(fits).unwrap().values.clone()
    };
    let (mut values, mut spans, mut at) = (Vec::new(), Vec::new(), 0);
    for label in ["idle", "circle", "idle", "shake", "idle", "wave"] {
        let part = take(label);
        let end = at + part.len() as u32 / 3;
        if label != "idle" {
            spans.push(Span {
                start: at,
                end,
                label: label.into(),
            });
        }
        values.extend(part);
        at = end;
    }
    let new = NewRecording {
        name: "a minute of hands".into(),
        spans,
        axes: takes[0].meta.axes.clone(),
        rate_hz: 50.0,
        source: "import".into(),
        split: Split::Test,
        ..NewRecording::default()
    };
    let long = Recording::new(new, values, None).unwrap();
    lab.put(long.clone());
    let r = replay(&mut lab, &settings, &one(&long)).unwrap();
    assert_eq!(r.length_ms, 36_000.0);
    let starts: Vec<f64> = r.truths.iter().map(|t| t.start_ms).collect();
    assert_eq!(starts, [6000.0, 18_000.0, 30_000.0]);
    assert!(r.found >= 2, "{:?}", r.truths);
    assert!(r.cautions.is_empty(), "{:?}", r.cautions);
    assert!(r.made_of.contains("a minute of hands"));
    // One that it learned from says so.
    let train = takes.iter().find(|r| r.meta.split == Split::Train);
    let r = replay(&mut lab, &settings, &one(train.unwrap())).unwrap();
    assert!(r.cautions[0].contains("trained with"), "{:?}", r.cautions);
}

#[test]
fn held_out_sounds_are_found() {
    let changes = json!({"decision": {"threshold": 0.5, "none": ["background"]}});
    let settings = settings(Task::Audio, changes);
    let mut lab = trained(starter("starter-sound"), &settings);
    let r = replay(&mut lab, &settings, &held_out(2.0)).unwrap();
    assert_eq!(r.truths.len(), 12);
    assert!(r.found >= 6, "{} of 12 found", r.found);
    assert_eq!(r.raw_bytes_day, 32_000.0 * 86_400.0);
    assert!(r.sent_bytes_day * 100.0 < r.raw_bytes_day);
}

#[test]
fn held_out_pictures_are_seen() {
    let changes = json!({"decision": {"threshold": 0.3, "none": ["nothing"]}});
    let settings = settings(Task::Image, changes);
    let mut lab = trained(starter("starter-picture"), &settings);
    let r = replay(&mut lab, &settings, &held_out(0.0)).unwrap();
    assert_eq!(r.windows, 56, "each picture is a window");
    assert!(!r.truths.is_empty());
    assert!(r.made_of.contains("42 pictures"), "{}", r.made_of);
    assert_eq!(r.found + r.missed, r.truths.len() as u32);
}

#[test]
fn what_can_t_be_replayed_says_why() {
    let what = |lab: &Lab, settings: &Settings, options: &ReplayOptions| {
        lab.replay(settings, options).err().unwrap().to_string()
    };
    let untrained = starter("starter-motion");
    let (lab, settings) = motion();
    assert!(what(&untrained, &settings, &held_out(0.0)).contains("train a network first"));
    for change in [json!({"window_ms": 1500}), json!({"hop_ms": 500})] {
        let other = settings.with_changes(&change).unwrap();
        let why = what(&lab, &other, &held_out(0.0));
        assert!(why.contains("out of date"), "{change}: {why}");
    }
    assert!(what(&lab, &settings, &held_out(-1.0)).contains("pause"));
    assert!(what(&lab, &settings, &held_out(f32::NAN)).contains("pause"));
    let gone = ReplayOptions {
        recording: Some("gone".into()),
        ..ReplayOptions::default()
    };
    assert!(what(&lab, &settings, &gone).contains("no such recording"));

    let axis = |name: &str| Axis {
        name: name.into(),
        unit: String::new(),
    };
    let make = |axes: Vec<Axis>, samples: usize| {
        let new = NewRecording {
            name: "short".into(),
            label: "circle".into(),
            rate_hz: 50.0,
            source: "import".into(),
            axes,
            ..NewRecording::default()
        };
        let values = vec![0.5; samples * new.axes.len()];
        Recording::new(new, values, None).unwrap()
    };
    let mut lab = lab;
    let short = make(vec![axis("x"), axis("y"), axis("z")], 99);
    let flat = make(vec![axis("x"), axis("y")], 500);
    lab.put(short.clone());
    lab.put(flat.clone());
    assert!(what(&lab, &settings, &one(&short)).contains("longer recording"));
    assert!(what(&lab, &settings, &one(&flat)).contains("lacks an axis"));
    // A window more than that is enough, for one window.
    let window = make(vec![axis("x"), axis("y"), axis("z")], 100);
    lab.put(window.clone());
    let r = replay(&mut lab, &settings, &one(&window)).unwrap();
    assert_eq!((r.windows, r.truths.len()), (1, 1));
    assert_eq!(r.false_alarms.per_hour, None);

    // A recording that goes while it is replayed.
    let mut replaying = lab.replay(&settings, &one(&window)).unwrap();
    lab.remove(&window.meta.id);
    assert!(replaying.advance(&mut lab, || true).is_err());
}

#[test]
fn nothing_held_out_is_no_stream() {
    let settings = settings(
        Task::Motion,
        json!({"split": {"test_fraction": 0.0}, "decision": {"none": ["idle"]}}),
    );
    let mut lab = Lab::new();
    for mut recording in starter("starter-motion").recordings().cloned() {
        recording.meta.split = Split::Train;
        lab.put(recording);
    }
    let lab = trained(lab, &settings);
    let error = lab.replay(&settings, &held_out(1.0)).err().unwrap();
    assert!(error.what.contains("held out"), "{error}");
}
