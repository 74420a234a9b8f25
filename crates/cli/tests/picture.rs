//! Pictures as a script sees them: files in class folders in, a model and features out.
#![allow(clippy::unwrap_used)]

mod asked;
#[path = "../../lab/tests/png/mod.rs"]
mod png;

use std::fs;
use std::path::{Path, PathBuf};

use asked::{json, lampyris, refusal, scratch, text};
use png::png;

const SIDE: usize = 40;

/// Stripes that lie or stand, each somewhere else and in light of its own.
fn stripes(standing: bool, take: usize) -> Vec<u8> {
    let places = (0..SIDE * SIDE).map(|i| [i % SIDE, i / SIDE]);
    let rgb = places.flat_map(|[x, y]| {
        let along = if standing { x } else { y } + take * 3;
        let light = if along % 10 < 5 {
            220 - take * 4
        } else {
            30 + take
        };
        let noise = (x * 31 + y * 17 + take * 7) % 11;
        [(light + noise) as u8; 3]
    });
    png(SIDE, SIDE, &rgb.collect::<Vec<u8>>())
}

/// `train/` and `test/`, a folder a class.
fn data(folder: &Path) -> PathBuf {
    let data = folder.join("data");
    for (part, takes) in [("train", 0..16), ("test", 16..22)] {
        for (standing, class) in [(false, "lying"), (true, "standing")] {
            let folder = data.join(part).join(class);
            fs::create_dir_all(&folder).unwrap();
            for take in takes.clone() {
                let name = folder.join(format!("{take:02}.png"));
                fs::write(name, stripes(standing, take)).unwrap();
            }
        }
    }
    data
}

/// A small network that learns stripes in seconds. A turned stripe would be another class.
const CONFIG: &str = r#"{"block": {"settings": {"width": 16, "height": 16}},
    "network": [
        {"kind": "conv2d", "filters": 8, "kernel": [3, 3], "stride": [2, 2], "activation": "none"},
        {"kind": "batch_norm", "activation": "relu"},
        {"kind": "global_average_pool"}],
    "training": {"epochs": 40, "learning_rate": 0.01, "augment": {"rotate_deg": 5}}}"#;

#[test]
fn pictures_become_a_model() {
    let folder = scratch("pictures");
    let (data, out) = (data(&folder), folder.join("model"));
    let config = folder.join("config.json");
    fs::write(&config, CONFIG).unwrap();
    let by = ["--config", text(&config)];
    let train = ["train", text(&data), "--out", text(&out)];
    // Nobody says the task: the recordings tell.
    let report = json(&[train.as_slice(), &by].concat());
    assert_eq!(report["labels"], serde_json::json!(["lying", "standing"]));
    assert_eq!(report["windows_test"], 12);
    assert!(report["accuracy_int8"].as_f64().unwrap() > 0.9, "{report}");
    assert!(report["agreement"].as_f64().unwrap() > 0.9, "{report}");
    let bundle = fs::read(out.join("model.lampyris")).unwrap();
    let again = folder.join("again");
    let train = [
        "train",
        text(&data),
        "--out",
        text(&again),
        "--task",
        "image",
    ];
    json(&[train.as_slice(), &by].concat());
    assert!(bundle == fs::read(again.join("model.lampyris")).unwrap());

    let model = out.join("model.lampyris");
    let told = json(&["eval", text(&model), text(&data), "--task", "image"]);
    assert_eq!(told["accuracy_int8"], report["accuracy_int8"]);
    assert_eq!(told["confusion"], report["confusion"]);
    refusal(&["eval", text(&model), text(&data), "--task", "audio"]);

    let info = json(&["inspect", text(&model), "--json"]);
    let seen = serde_json::json!({"width": 16, "height": 16, "channels": 1});
    assert_eq!(info["picture"], seen);

    let golden = folder.join("golden");
    let told = json(&["golden", text(&model), text(&data), "--out", text(&golden)]);
    assert_eq!(
        (&told["windows"], &told["features"]),
        (&12.into(), &256.into())
    );
    assert_eq!(told["window_values"], 0);
    assert_eq!(
        fs::read(golden.join("features.i8")).unwrap().len(),
        12 * 256
    );

    let one = data.join("test/lying/16.png");
    let bin = folder.join("f.bin");
    let of = ["features", text(&one), "--out", text(&bin)];
    let told = json(&[of.as_slice(), &by].concat());
    assert_eq!(told["shape"], serde_json::json!([1, 256, 1]));
    let floats = fs::read(&bin).unwrap();
    let told = json(&[of.as_slice(), &["--model", text(&model)]].concat());
    assert_eq!(told["dtype"], "int8");
    let bytes = fs::read(&bin).unwrap();
    for (float, byte) in floats.chunks_exact(4).zip(bytes) {
        let float = f32::from_le_bytes(float.try_into().unwrap());
        assert_eq!(float, f32::from(byte as i8) + 128.0);
    }
}

#[test]
fn other_recordings_among_pictures_must_be_named() {
    let folder = scratch("mixed_pictures");
    let data = data(&folder);
    let csv = "t,x\n0,1\n0.02,2\n0.04,1\n";
    fs::write(data.join("train/lying/walk.csv"), csv).unwrap();
    let out = folder.join("model");
    let told = refusal(&["train", text(&data), "--out", text(&out)]);
    assert!(told.contains("44 of the recordings are pictures"), "{told}");
    assert!(told.contains("--task image"), "{told}");
    assert!(!out.exists());
}

#[test]
fn a_picture_that_is_none_stops_the_command() {
    let folder = scratch("no_picture");
    let data = data(&folder);
    let cut = stripes(true, 3);
    fs::write(data.join("train/lying/cut.png"), &cut[..cut.len() / 2]).unwrap();
    let out = folder.join("model");
    let told = refusal(&["train", text(&data), "--out", text(&out)]);
    assert!(told.contains("can't be read"), "{told}");
    let output = lampyris(&["train", text(&data), "--out", text(&out)]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("cut.png"), "{errors}");
}
