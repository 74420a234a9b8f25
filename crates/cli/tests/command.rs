//! The command as a script sees it: files, standard output, exit codes.
#![allow(clippy::unwrap_used)]

mod asked;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use asked::{json, lampyris, refusal, scratch, text};

fn starter() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/starter-motion/starter-motion.zip")
}

/// A model of the starter data, trained once for all tests.
fn trained() -> &'static Path {
    static MODEL: OnceLock<PathBuf> = OnceLock::new();
    MODEL.get_or_init(|| {
        let out = scratch("trained");
        let report = json(&[
            "train",
            text(&starter()),
            "--out",
            text(&out),
            "--seed",
            "3",
        ]);
        assert!(report["accuracy_int8"].as_f64().unwrap() > 0.9, "{report}");
        out
    })
}

/// Two classes as CSV files, enough to train on for a moment.
fn small(folder: &Path) {
    for (label, step) in [("up", 3), ("round", 7)] {
        for take in 0..4 {
            let mut csv = String::from("t_ms,x,y,z\n");
            for i in 0..200 {
                let v = |k: i32| f64::from((i * step + take * 5 + k) % 20) / 10.0;
                csv.push_str(&format!("{},{},{},{}\n", i * 20, v(0), v(1), v(2)));
            }
            fs::write(folder.join(format!("{label}.{take}.csv")), csv).unwrap();
        }
    }
}

const QUICK: &str = r#"{"training": {"epochs": 2}, "network": []}"#;

#[test]
fn train_then_eval_run_inspect_and_golden_agree() {
    let out = trained();
    let report: Value =
        serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
    for key in [
        "accuracy_float",
        "accuracy_int8",
        "confusion",
        "labels",
        "params",
        "macs",
        "tflite_bytes",
        "arena_bytes",
        "train_seconds",
    ] {
        assert!(!report[key].is_null(), "{key}");
    }
    assert_eq!(report["evaluated_on"], "test");
    assert_eq!(report["seed"], 3);
    let tflite = fs::read(out.join("model.tflite")).unwrap();
    assert_eq!(report["tflite_bytes"], tflite.len());
    assert_eq!(
        fs::read_dir(out).unwrap().count(),
        3,
        "nothing but the three files"
    );

    let model = out.join("model.lampyris");
    let again = json(&["eval", text(&model), text(&starter())]);
    let data = starter();
    let of_task = |task| ["eval", "--task", task, text(&model), text(&data)];
    assert_eq!(json(&of_task("motion")), again);
    let told = refusal(&of_task("audio"));
    assert!(
        told.contains("a model for motion, not for audio") && told.contains("model.lampyris"),
        "{told}"
    );
    for key in [
        "accuracy_int8",
        "confusion",
        "labels",
        "params",
        "arena_bytes",
        "model_sha256",
    ] {
        assert_eq!(again[key], report[key], "{key}");
    }

    let golden = scratch("golden");
    let manifest = json(&[
        "golden",
        text(&model),
        text(&starter()),
        "--out",
        text(&golden),
    ]);
    assert_eq!(manifest["windows"], report["windows_test"]);
    let features = golden.join("features.i8");
    let (outputs, layers) = (golden.join("again.i8"), golden.join("layers"));
    let run = lampyris(&[
        "run",
        text(&out.join("model.tflite")),
        "--input",
        text(&features),
        "--output",
        text(&outputs),
        "--layers",
        text(&layers),
    ]);
    assert!(run.status.success());
    let expected = fs::read(golden.join("outputs.i8")).unwrap();
    assert_eq!(
        fs::read(&outputs).unwrap(),
        expected,
        "the file says what the chip says"
    );
    let classes = report["labels"].as_array().unwrap().len();
    let mut first: Vec<_> = fs::read_dir(layers.join("000"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    first.sort();
    assert_eq!(
        fs::read(first.last().unwrap()).unwrap(),
        expected[..classes]
    );

    let of_bundle = json(&["inspect", text(&model), "--json"]);
    assert_eq!(of_bundle["sha256"], report["model_sha256"]);
    assert_eq!(of_bundle["network"]["labels"], report["labels"]);
    let of_tflite = json(&["inspect", text(&out.join("model.tflite")), "--json"]);
    assert_eq!(of_tflite["arena_bytes"], report["arena_bytes"]);
    assert_eq!(of_tflite["settings"]["settings"]["training"]["seed"], 3);
    assert!(lampyris(&["inspect", text(&model)]).status.success());
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let data = scratch("same-data");
    small(&data);
    let config = scratch("same-config").join("quick.json");
    fs::write(&config, QUICK).unwrap();
    let bytes = |name: &str, seed: &str| {
        let out = scratch(name);
        json(&[
            "train",
            text(&data),
            "--out",
            text(&out),
            "--config",
            text(&config),
            "--seed",
            seed,
        ]);
        (
            fs::read(out.join("model.tflite")).unwrap(),
            fs::read(out.join("model.lampyris")).unwrap(),
        )
    };
    let first = bytes("same-1", "5");
    assert_eq!(first, bytes("same-2", "5"));
    assert_ne!(first.0, bytes("same-3", "6").0);
}

#[test]
fn data_that_cannot_be_learned_from_is_refused_and_writes_nothing() {
    let root = scratch("bad-data");
    let out = root.join("out");
    let train = |data: &Path| {
        let last = refusal(&["train", text(data), "--out", text(&out)]);
        assert!(!out.exists(), "nothing is written: {last}");
        last
    };
    assert!(train(&root.join("nowhere")).contains("nowhere"));

    let empty = scratch("bad-empty");
    assert!(train(&empty).contains("no recording"));

    let one = scratch("bad-one");
    small(&one);
    for take in 0..4 {
        fs::remove_file(one.join(format!("up.{take}.csv"))).unwrap();
    }
    assert!(train(&one).contains("one class"));

    type Spoil = (&'static str, &'static str);
    let spoiled: [Spoil; 5] = [
        ("up.9.json", "{\"payload\": {\"interval_ms\": 20, "),
        ("up.9.csv", "t_ms,x,y,z\n0,1,2,3\n20,NaN,2,3\n"),
        ("up.9.csv", "t_ms,x,y,z\n0,1,2,3\n20,inf,2,3\n"),
        ("up.9.csv", "t_ms,x,y,z\n0,1,2,3\n20,1,2\n"),
        ("up.9.csv", "t_ms,x,y,z\n20,1,2,3\n0,1,2,3\n"),
    ];
    for (name, content) in spoiled {
        let data = scratch("bad-file");
        small(&data);
        fs::write(data.join(name), content).unwrap();
        let errors = lampyris(&["train", text(&data), "--out", text(&out)]).stderr;
        let errors = String::from_utf8(errors).unwrap();
        assert!(errors.contains(name), "the file is named: {errors}");
        train(&data);
    }

    let short = scratch("bad-short");
    for (label, x) in [("up", 1), ("down", 2)] {
        let rows: String = (0..20).map(|i| format!("{},{i},{x},2\n", i * 20)).collect();
        fs::write(
            short.join(format!("{label}.1.csv")),
            format!("t_ms,x,y,z\n{rows}"),
        )
        .unwrap();
    }
    assert!(train(&short).contains("shorter"));

    let cut = root.join("cut.zip");
    let zip = fs::read(starter()).unwrap();
    fs::write(&cut, &zip[..zip.len() / 2]).unwrap();
    train(&cut);
}

#[test]
fn config_mistakes_are_refused_with_what_is_known() {
    let root = scratch("bad-config");
    let data = scratch("bad-config-data");
    small(&data);
    let config = root.join("config.json");
    for (content, words) in [
        ("{\"rate\": 3}", vec!["rate", "rate_hz", "group_by"]),
        ("{\"rate_hz\": 0}", vec!["rate_hz", "1 to 48000"]),
        ("{\"training\": {\"epochs\": \"many\"}}", vec!["wrong type"]),
        ("not json", vec!["not JSON", "line 1"]),
    ] {
        fs::write(&config, content).unwrap();
        let out = root.join("out");
        let last = refusal(&[
            "train",
            text(&data),
            "--out",
            text(&out),
            "--config",
            text(&config),
        ]);
        assert!(words.iter().all(|w| last.contains(w)), "{content}: {last}");
        assert!(!out.exists());
    }
    let wrong = lampyris(&["train"]);
    assert_eq!(wrong.status.code(), Some(2), "a wrong command line");
}

#[test]
fn damaged_models_are_refused() {
    let root = scratch("bad-models");
    let out = trained();
    let bundle = fs::read(out.join("model.lampyris")).unwrap();
    let bad = root.join("bad.lampyris");
    for at in [
        0,
        9,
        70,
        bundle.len() / 3,
        bundle.len() / 2,
        bundle.len() - 20,
    ] {
        let mut flipped = bundle.clone();
        flipped[at] ^= 4;
        fs::write(&bad, &flipped).unwrap();
        refusal(&["inspect", text(&bad), "--json"]);
        refusal(&["eval", text(&bad), text(&starter())]);
    }
    let tflite = fs::read(out.join("model.tflite")).unwrap();
    let (input, output) = (root.join("in.bin"), root.join("out.bin"));
    fs::write(&input, [0; 7]).unwrap();
    let bad = root.join("bad.tflite");
    for len in [0, 3, 8, 100, tflite.len() / 2] {
        fs::write(&bad, &tflite[..len]).unwrap();
        refusal(&[
            "run",
            text(&bad),
            "--input",
            text(&input),
            "--output",
            text(&output),
        ]);
        refusal(&["inspect", text(&bad), "--json"]);
    }
    let good = out.join("model.tflite");
    let last = refusal(&[
        "run",
        text(&good),
        "--input",
        text(&input),
        "--output",
        text(&output),
    ]);
    assert!(last.contains("7 bytes"), "{last}");
    let twice = [
        "run",
        text(&good),
        "--input",
        text(&input),
        "--input",
        text(&input),
        "--output",
        text(&output),
    ];
    assert!(refusal(&twice).contains("--input"));
    let nowhere = root.join("none.bin");
    refusal(&[
        "run",
        text(&good),
        "--input",
        text(&nowhere),
        "--output",
        text(&output),
    ]);
    assert!(!output.exists());
    // Nothing that is read is replaced, no folder is a file, and two results are two files.
    fs::write(&input, vec![0; 33]).unwrap();
    let onto = |to: &Path| {
        let all = [
            "run",
            text(&good),
            "--input",
            text(&input),
            "--output",
            text(to),
        ];
        refusal(&all)
    };
    assert!(onto(&good).contains("replace"));
    assert!(onto(&input).contains("replace") || onto(&input).contains("whole cases"));
    assert!(onto(&root).contains("folder") || onto(&root).contains("whole cases"));
    assert_eq!(fs::read(&good).unwrap(), tflite);
}

#[cfg(unix)]
#[test]
fn results_go_through_links_and_into_devices() {
    use std::os::unix::fs::symlink;
    let root = scratch("through");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/cases/network");
    let (model, input) = (golden.join("model.tflite"), golden.join("in.bin"));
    let wanted = fs::read(golden.join("out.bin")).unwrap();
    let (real, link) = (root.join("real.bin"), root.join("link.bin"));
    fs::write(&real, b"old").unwrap();
    symlink(&real, &link).unwrap();
    let run = |to: &Path| {
        let all = [
            "run",
            text(&model),
            "--input",
            text(&input),
            "--output",
            text(to),
        ];
        let done = lampyris(&all);
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        done.stdout
    };
    run(&link);
    assert!(link.is_symlink());
    assert_eq!(fs::read(&real).unwrap(), wanted);
    assert_eq!(run(Path::new("/dev/stdout")), wanted);
    // Into one file twice, and from a device without end.
    let twice =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/cases/two_in_two_out");
    let (a, b) = (twice.join("in0.bin"), twice.join("in1.bin"));
    let model = twice.join("model.tflite");
    let to = root.join("both.bin");
    let all = [
        "run",
        text(&model),
        "--input",
        text(&a),
        "--input",
        text(&b),
        "--output",
        text(&to),
        "--output",
        text(&to),
    ];
    assert!(refusal(&all).contains("one file"));
    assert!(!to.exists());
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_end_and_links_to_nowhere_are_named() {
    use std::os::unix::fs::symlink;
    let data = scratch("links");
    small(&data);
    symlink(&data, data.join("loop")).unwrap();
    let config = scratch("links-config").join("c.json");
    fs::write(&config, QUICK).unwrap();
    let out = scratch("links-out");
    json(&[
        "train",
        text(&data),
        "--out",
        text(&out),
        "--config",
        text(&config),
    ]);
    symlink(data.join("gone"), data.join("down.1.csv")).unwrap();
    let last = refusal(&["train", text(&data), "--out", text(&out)]);
    assert!(last.contains("down.1.csv"), "{last}");
}
