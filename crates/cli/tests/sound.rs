//! Sound as a script sees it: files of it in, features and models out.
#![allow(clippy::unwrap_used)]

mod asked;

use std::fs;
use std::path::{Path, PathBuf};

use asked::{json, lampyris, refusal, scratch, text};

/// A tone of 440 Hz as 16-bit PCM of one channel.
fn tone(rate: u32, samples: u32) -> Vec<u8> {
    let mut out = b"RIFF".to_vec();
    out.extend((36 + 2 * samples).to_le_bytes());
    out.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    out.extend(rate.to_le_bytes());
    out.extend((2 * rate).to_le_bytes());
    out.extend(b"\x02\0\x10\0data");
    out.extend((2 * samples).to_le_bytes());
    let wave = |i: u32| (f64::from(i) * 440.0 * std::f64::consts::TAU / f64::from(rate)).sin();
    out.extend((0..samples).flat_map(|i| ((wave(i) * 8000.0) as i16).to_le_bytes()));
    out
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn features_of_any_block() {
    let folder = scratch("features");
    let wav = write(&folder, "tone.wav", &tone(16_000, 16_000));
    let out = folder.join("f.bin");
    for block in ["mfe", "mfcc", "spectrogram", "statistics"] {
        let of = ["features", text(&wav), "--out", text(&out)];
        let told = json(&[of.as_slice(), &["--block", block]].concat());
        let shape: Vec<u64> = (told["shape"].as_array().unwrap().iter())
            .map(|n| n.as_u64().unwrap())
            .collect();
        assert_eq!(told["block"], block);
        assert_eq!(told["rate_hz"], 16_000.0);
        assert_eq!(told["dtype"], "float32");
        assert_eq!(shape[0], 1, "a second is one window");
        assert_eq!(told["columns"].as_array().unwrap().len() as u64, shape[2]);
        let bytes = fs::read(&out).unwrap();
        assert_eq!(bytes.len() as u64, 4 * shape.iter().product::<u64>());
        let finite = |b: &[u8]| f32::from_le_bytes(b.try_into().unwrap()).is_finite();
        assert!(bytes.chunks_exact(4).all(finite), "{block}");
    }
}

#[test]
fn another_rate_gives_nearly_the_same_features() {
    let folder = scratch("rates");
    let features = |rate: u32| -> (Vec<f32>, usize) {
        let wav = write(&folder, &format!("{rate}.wav"), &tone(rate, rate));
        let out = folder.join(format!("{rate}.bin"));
        let config = br#"{"rate_hz": 8000, "block": {"settings": {"high_hz": 3000}}}"#;
        let config = write(&folder, "c.json", config);
        let of = ["features", text(&wav), "--out", text(&out)];
        let by = ["--block", "mfe", "--config", text(&config)];
        let told = json(&[of.as_slice(), &by].concat());
        assert_eq!(told["rate_hz"], 8000.0);
        let columns = told["shape"][2].as_u64().unwrap() as usize;
        let bytes = fs::read(&out).unwrap();
        let value = |b: &[u8]| f32::from_le_bytes(b.try_into().unwrap());
        (bytes.chunks_exact(4).map(value).collect(), columns)
    };
    let (own, other) = (features(8_000), features(48_000));
    assert_eq!(own.0.len(), other.0.len());
    let loudest = |(values, columns): &(Vec<f32>, usize)| {
        let at = (0..values.len()).max_by(|a, b| values[*a].total_cmp(&values[*b]));
        at.unwrap() % columns
    };
    assert_eq!(loudest(&own), loudest(&other), "the band of the tone");
}

#[test]
fn what_has_no_features_is_told() {
    let folder = scratch("no-features");
    let out = folder.join("f.bin");
    let good = write(&folder, "tone.wav", &tone(16_000, 16_000));
    let refused = |file: &Path, more: &[&str]| {
        let args = [&["features", text(file), "--out", text(&out)], more].concat();
        let told = refusal(&args);
        assert!(!out.exists(), "nothing was written");
        told
    };
    let file = write(&folder, "text.wav", b"t_ms,x\n0,1\n20,2\n");
    assert!(refused(&file, &[]).contains("this is text, not sound"));
    let file = write(&folder, "empty.wav", b"");
    assert!(refused(&file, &[]).contains("the file is empty"));
    let file = write(&folder, "none.wav", &tone(16_000, 0));
    assert!(refused(&file, &[]).contains("no sample"));
    let file = write(&folder, "law.wav", &{
        let mut law = tone(16_000, 100);
        law[20] = 7;
        law
    });
    assert!(refused(&file, &[]).contains("µ-law"));
    assert!(refused(&folder.join("gone.wav"), &[]).contains("gone.wav"));
    assert!(refused(&good, &["--block", "mfccc"]).contains("mfccc"));
    let short = write(
        &folder,
        "short.csv",
        b"t_ms,x,y,z\n0,1,2,3\n20,2,3,4\n40,1,1,1\n",
    );
    assert!(refused(&short, &[]).contains("3 samples at 50 Hz are no window"));
    for window in ["0", "-1", "0.0625"] {
        let config = write(
            &folder,
            "c.json",
            format!("{{\"window_ms\": {window}}}").as_bytes(),
        );
        let told = refused(&good, &["--config", text(&config)]);
        assert!(told.contains("window_ms"), "{told}");
    }
    let config = write(
        &folder,
        "c.json",
        b"{\"block\": {\"settings\": {\"filters\": 0}}}",
    );
    let told = refused(&good, &["--block", "mfe", "--config", text(&config)]);
    assert!(told.contains("filters"), "{told}");
}

#[test]
fn one_sample_of_sound_is_padded_with_silence() {
    let folder = scratch("one-sample");
    let wav = write(&folder, "click.wav", &tone(16_000, 1));
    let out = folder.join("f.bin");
    assert_eq!(
        json(&["features", text(&wav), "--out", text(&out)])["shape"][0],
        1
    );
}

/// Four tones of each of two labels.
fn tones(folder: &Path) {
    for (label, rate) in [("high", 16_000), ("low", 8_000)] {
        for take in 0..4 {
            let samples = 16_000 + take * 100;
            write(folder, &format!("{label}.{take}.wav"), &tone(rate, samples));
        }
    }
}

#[test]
fn the_task_follows_from_the_recordings() {
    let (data, rest) = (scratch("task-data"), scratch("task"));
    tones(&data);
    let out = rest.join("m");
    let train = |config: &str, more: &[&str]| {
        let config = write(&rest, "c.json", config.as_bytes());
        let with = ["--out", text(&out), "--config", text(&config)];
        lampyris(&[&["train", text(&data)], with.as_slice(), more].concat())
    };
    let quick = r#""training": {"epochs": 1}, "network": []"#;
    for more in ["", r#""task": "audio", "#] {
        let done = train(&format!("{{{more}{quick}}}"), &[]);
        assert!(done.status.success(), "{done:?}");
        let told = json(&["inspect", text(&out.join("model.tflite")), "--json"]);
        assert_eq!(told["settings"]["settings"]["task"], "audio");
        assert_eq!(told["settings"]["rate_hz"], 16_000.0);
    }
    fs::remove_dir_all(&out).unwrap();
    let refused = |config: &str, more: &[&str], words: &[&str]| {
        let done = train(config, more);
        let errors = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(1), "{errors}");
        let last = errors.lines().last().unwrap();
        assert!(words.iter().all(|w| last.contains(w)), "{last}");
        assert!(!out.exists());
    };
    let twice = ["--task says motion", "config says audio", "c.json"];
    refused(r#"{"task": "audio"}"#, &["--task", "motion"], &twice);
    refused(r#"{"task": "sound"}"#, &[], &["no task", "motion"]);
    write(&data, "high.9.csv", b"t_ms,x,y,z\n0,1,2,3\n20,2,3,4\n");
    refused("{}", &[], &["8 of the recordings are sounds", "--task"]);
}

#[test]
fn features_take_the_task_of_the_config() {
    let folder = scratch("features-task");
    let rows: String = (0..200)
        .map(|i| format!("{},{}\n", i * 20, i % 7))
        .collect();
    let csv = write(&folder, "a.csv", format!("t_ms,x\n{rows}").as_bytes());
    let config = write(&folder, "c.json", br#"{"task": "audio", "rate_hz": 8000}"#);
    let out = folder.join("f.bin");
    let of = ["features", text(&csv), "--out", text(&out)];
    let by = ["--config", text(&config)];
    let told = json(&[of.as_slice(), &by].concat());
    assert_eq!(told["block"], "mfe");
    let last = refusal(&[of.as_slice(), &by, &["--task", "motion"]].concat());
    assert!(last.contains("c.json, task"), "{last}");
}

/// Trains on the starter data for a moment: what is told of it must fit together.
#[test]
fn a_model_of_sound_gets_the_same_bytes_everywhere() {
    let folder = scratch("sound-model");
    let starter =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/starter-sound/starter-sound.zip");
    let config = write(
        &folder,
        "c.json",
        br#"{"training": {"epochs": 1}, "network": [{"kind": "global_average_pool"}]}"#,
    );
    let noise = write(&folder, "fan.wav", &tone(8_000, 40_000));
    let model = folder.join("m");
    let report = json(&[
        "train",
        text(&starter),
        "--config",
        text(&config),
        "--background",
        text(&noise),
        "--out",
        text(&model),
    ]);
    assert_eq!(report["recordings_test"], 16);
    let labels = [
        "_background_noise_",
        "background",
        "clap",
        "knock",
        "whistle",
    ];
    assert_eq!(report["labels"], serde_json::json!(labels));

    let bundle = model.join("model.lampyris");
    let wav = write(&folder, "tone.wav", &tone(44_100, 44_100));
    let out = folder.join("f.bin");
    let told = json(&[
        "features",
        text(&wav),
        "--model",
        text(&bundle),
        "--out",
        text(&out),
    ]);
    assert_eq!(told["dtype"], "int8");
    let golden = folder.join("golden");
    json(&["golden", text(&bundle), text(&wav), "--out", text(&golden)]);
    assert_eq!(
        fs::read(&out).unwrap(),
        fs::read(golden.join("features.i8")).unwrap()
    );
}
