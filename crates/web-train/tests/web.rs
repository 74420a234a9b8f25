//! The trainer in a dedicated worker of a real browser, where it lives.

use js_sys::{Error, Reflect};
use lampyris_lab::{Job, Rows, Settings, Task, TrainingResult, Values};
use lampyris_net::{LayerSpec, Net};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::{JobReader, Trainer};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const FEATURES: usize = 6;

/// Two clouds, drawn by a formula so that every machine has the same.
fn rows(windows: u32, offset: u32) -> Rows {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for i in offset..offset + windows {
        let label = i % 2;
        for f in 0..FEATURES as u32 {
            let noise = (i * 7919 + f * 104_729) % 1000;
            x.push(noise as f32 / 500.0 - 1.0 + label as f32);
        }
        y.push(label);
    }
    Rows {
        x: Values::Floats(x),
        y,
    }
}

/// A trainer of a job that comes in pieces of so many bytes.
fn trainer(job: &[u8], piece: usize) -> Result<Trainer, JsValue> {
    let mut reader = JobReader::new();
    for piece in job.chunks(piece) {
        reader.push(piece)?;
    }
    Trainer::new(reader)
}

fn job() -> Job {
    let mut training = Settings::default_for(Task::Motion).training;
    training.epochs = 20;
    training.learning_rate = 0.01;
    training.patience = 0;
    training.seed = 11;
    let hidden = |units| LayerSpec::Dense {
        units,
        activation: Default::default(),
    };
    Job {
        settings_hash: "made by a test".into(),
        labels: vec!["left".into(), "right".into()],
        features: FEATURES,
        frames: 1,
        grid: None,
        network: vec![hidden(12), LayerSpec::Dropout { rate: 0.1 }, hidden(8)],
        training,
        train: rows(160, 0),
        validation: rows(40, 160),
        varied: None,
    }
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).expect("an object")
}

/// Trains to the end in slices of `batches`.
fn train(job: &Job, batches: u32) -> Vec<u8> {
    let mut trainer = trainer(&job.to_bytes(), 1000).expect("a good job");
    loop {
        let progress = trainer.advance(batches).expect("a tame loss");
        if field(&progress, "finished") == JsValue::TRUE {
            return trainer.finish().expect("epochs have finished");
        }
    }
}

#[wasm_bindgen_test]
fn it_learns_and_slices_change_nothing() {
    let bytes = train(&job(), 1_000_000);
    let result = TrainingResult::from_bytes(&bytes).expect("intact");
    let net = Net::from_bytes(&result.net).expect("intact");
    let test = rows(100, 200);
    let Values::Floats(x) = &test.x else {
        unreachable!("rows are of floats");
    };
    let right = x.chunks_exact(FEATURES).zip(&test.y).filter(|(x, y)| {
        let logits = net.forward(x);
        u32::from(logits[1] > logits[0]) == **y
    });
    let right = right.count();
    assert!(right >= 90, "{right} of 100");
    assert_eq!(result.history.len(), 20);

    let digest = Sha256::digest(&bytes);
    let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    console_log!("training sha256 {hex}");
    assert!(train(&job(), 1) == bytes, "slices of one batch");
    assert!(train(&job(), 13) == bytes, "slices of thirteen");
    let mut other = job();
    other.training.seed = 12;
    assert!(train(&other, 13) != bytes, "another seed");
}

#[wasm_bindgen_test]
fn progress_is_a_plain_object() {
    let mut trainer = trainer(&job().to_bytes(), 7).expect("a good job");
    let progress = trainer.advance(1).expect("a tame loss");
    assert_eq!(field(&progress, "epoch"), 1);
    assert_eq!(field(&progress, "epochs"), 20);
    assert_eq!(field(&progress, "batch"), 1);
    assert_eq!(field(&progress, "finished"), JsValue::FALSE);
    assert!(field(&progress, "history").is_array());
}

#[wasm_bindgen_test]
fn refusals_are_errors_with_what_place_and_remedy() {
    let mut damaged = job().to_bytes();
    damaged[40] ^= 1;
    let one_class = Job {
        train: Rows {
            y: vec![0; 160],
            ..rows(160, 0)
        },
        ..job()
    };
    let empty = Job {
        train: Rows::default(),
        ..job()
    };
    let cases: [(&[u8], &str); 5] = [
        (&[], "end"),
        (
            b"not a job at all, but long enough to be looked at",
            "no training job",
        ),
        (&damaged, "damaged"),
        (&one_class.to_bytes(), "same label"),
        (&empty.to_bytes(), "no windows"),
    ];
    for (bytes, what) in cases {
        let error = trainer(bytes, 1 << 20).err().expect(what);
        let text = field(&error, "what").as_string().expect("text");
        assert!(text.contains(what), "{text}");
        for name in ["place", "remedy"] {
            let text = field(&error, name).as_string().expect("text");
            assert!(!text.is_empty(), "{what}: {name}");
        }
        assert!(error.dyn_ref::<Error>().is_some(), "{what}: not an Error");
    }
    let early = trainer(&job().to_bytes(), 7).expect("a good job");
    let error = early.finish().expect_err("before the first epoch");
    assert!(error.dyn_ref::<Error>().is_some());
}
