//! Synthetic motion in two classes and a model of it, for tests. The network is a
//! single layer fitted here, so that no test needs the trainer.

use lampyris_dataset::{Axis, NewRecording, Recording, Split};
use lampyris_lab::{EpochRow, Job, Lab, Settings, Task, TrainingResult, Values};
use lampyris_net::{Activation, Dense, Layer, Net};

/// A model and what it was made with.
pub(crate) struct Sample {
    pub chip: Vec<u8>,
    pub settings: Settings,
}

/// Acceleration in m/s² on three axes at `t_ms`: class 0 sways slowly along x,
/// class 1 shakes along y.
pub(crate) fn motion(class: usize, t_ms: f64) -> [f32; 3] {
    let wave = |hz: f64| ((t_ms / 1000.0 * hz * std::f64::consts::TAU).sin() * 6.0) as f32;
    match class {
        0 => [wave(1.0), 0.3 * wave(0.7), 9.8],
        _ => [0.3 * wave(3.1), wave(4.3), 9.8],
    }
}

pub(crate) const LABELS: [&str; 2] = ["shake", "sway"];

/// The class of [`motion`] that bears a label; labels are sorted by bytes.
pub(crate) fn class_of(label: usize) -> usize {
    1 - label
}

pub(crate) fn settings() -> Settings {
    let mut settings = Settings::default_for(Task::Motion);
    settings.network.clear();
    settings
}

/// A take of 10 s at 50 Hz.
pub(crate) fn take(label: usize, number: usize) -> (NewRecording, Vec<f32>) {
    let start = (number * 7333 + label * 411) as f64;
    let class = class_of(label);
    let values = (0..500).flat_map(|i| motion(class, start + f64::from(i) * 20.0));
    let axis = |name: &str| Axis {
        name: name.into(),
        unit: "m/s2".into(),
    };
    let new = NewRecording {
        name: format!("{} {number}", LABELS[label]),
        label: LABELS[label].into(),
        split: [Split::Train, Split::Train, Split::Validation, Split::Test][number % 4],
        axes: vec![axis("x"), axis("y"), axis("z")],
        rate_hz: 50.0,
        source: "test".into(),
        ..NewRecording::default()
    };
    (new, values.collect())
}

/// What a trainer could have given back for `job`: a linear network along the
/// line between the two classes' means.
pub(crate) fn trained(job: &Job) -> Vec<u8> {
    let f = job.features;
    let mut means = [vec![0.0_f32; f], vec![0.0; f]];
    let x: Vec<f32> = match &job.train.x {
        Values::Floats(x) => x.clone(),
        // What the network sees of a byte.
        Values::Bytes(x) => x.iter().map(|b| (f32::from(*b) - 128.0) / 128.0).collect(),
    };
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
        units: 2,
        activation: Activation::None,
        bias: bias.collect(),
        weights: means.concat(),
    };
    let net = Net::from_layers(f, vec![Layer::Dense(dense)]).expect("the shapes fit");
    let result = TrainingResult {
        settings_hash: job.settings_hash.clone(),
        net: net.to_bytes(),
        history: vec![EpochRow::default()],
        best_epoch: 1,
    };
    result.to_bytes()
}

/// The whole pipeline.
pub(crate) fn model() -> Sample {
    let settings = settings();
    let mut lab = Lab::new();
    for label in 0..2 {
        for number in 0..4 {
            let (new, values) = take(label, number);
            lab.put(Recording::new(new, values, None).expect("a good take"));
        }
    }
    let job = lab.job(&settings).expect("two classes");
    let result = TrainingResult::from_bytes(&trained(&job)).expect("intact");
    let model = lab.quantize(&settings, &result).expect("finite weights");
    Sample {
        chip: model.chip.as_ref().to_vec(),
        settings,
    }
}
