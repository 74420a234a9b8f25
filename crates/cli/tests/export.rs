//! Exports as a script makes them: what is written, and which models are refused, why.
#![allow(clippy::unwrap_used)]

mod asked;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use lampyris_formats::bundle;
use lampyris_formats::firmware::{self, File};

use asked::{json, lampyris, refusal, scratch, text};

/// Two movements as CSV files, and a model of them with this network after one epoch.
fn train(name: &str, network: &str) -> PathBuf {
    let data = scratch(&format!("{name}-data"));
    for (label, step) in [("up", 3), ("round", 7)] {
        for take in 0..4 {
            let mut csv = String::from("t_ms,x,y,z\n");
            for i in 0..200 {
                let v = |k: i32| f64::from((i * step + take * 5 + k) % 20) / 10.0;
                csv.push_str(&format!("{},{},{},{}\n", i * 20, v(0), v(1), v(2)));
            }
            fs::write(data.join(format!("{label}.{take}.csv")), csv).unwrap();
        }
    }
    let out = scratch(name);
    let config = out.join("config.json");
    let quick = format!(r#"{{"training": {{"epochs": 1}}, "network": {network}}}"#);
    fs::write(&config, quick).unwrap();
    let all = [
        "train",
        text(&data),
        "--out",
        text(&out),
        "--config",
        text(&config),
    ];
    json(&all);
    out.join("model.lampyris")
}

fn small() -> &'static Path {
    static MODEL: OnceLock<PathBuf> = OnceLock::new();
    MODEL.get_or_init(|| train("export-small", "[]"))
}

/// The kits that hold no library.
fn kit() -> &'static Path {
    static KIT: OnceLock<PathBuf> = OnceLock::new();
    KIT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let out = scratch("export-kit");
        let pack = |id: &str, places: &[(&str, PathBuf)]| {
            let read = |(path, place): &(&str, PathBuf)| File::new(*path, fs::read(place).unwrap());
            let files: Vec<File> = places.iter().map(read).collect();
            let zip = firmware::zip("", &files).unwrap();
            fs::write(out.join(id).with_extension("zip"), zip).unwrap();
        };
        let own = |id: &str, names: &[&'static str]| -> Vec<(&'static str, PathBuf)> {
            let folder = root.join("crates/formats/kit").join(id);
            names
                .iter()
                .map(|name| (*name, folder.join(name)))
                .collect()
        };
        let mut common = own("common", &["README.md", "MODEL_CARD.md", "THIRD_PARTY.md"]);
        for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
            common.push((name, root.join(name)));
        }
        pack("common", &common);
        pack(
            "tflite",
            &own("tflite", &["README.md", "model.h", "model.cc"]),
        );
        out
    })
}

fn asked_for<'a>(model: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec!["export", text(model), "--target", "tflite"];
    all.extend(["--out", text(out), "--kit", text(kit())]);
    all.extend(more);
    all
}

#[test]
fn an_export_bears_the_model_s_name_and_memory() {
    let out = scratch("export-good").join("out");
    let summary = json(&asked_for(small(), &out, &["--board", "unor4"]));
    let chip = fs::read(out.join("model/chip.lampyris")).unwrap();
    assert_eq!(summary["model_sha256"], bundle::name(&chip));
    assert_eq!(summary["flash_bytes"], chip.len());
    assert_eq!(summary["board"], "unor4");
    let readme = fs::read_to_string(out.join("README.md")).unwrap();
    let ram = summary["ram_bytes"].as_u64().unwrap();
    assert!(
        readme.contains(&format!("| RAM: these four together | {ram} ")),
        "{readme}"
    );
    let again = json(&asked_for(small(), &out, &[]));
    assert_eq!(summary["files"], again["files"]);
    let help = lampyris(&["export", "--help"]);
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("tflite, rust, c, arduino"), "{help}");
}

#[test]
fn a_damaged_model_is_refused_with_its_reason() {
    let root = scratch("export-damaged");
    let sound = fs::read(small()).unwrap();
    let out = root.join("out");
    type Change = fn(&mut Vec<u8>);
    let changes: [(&str, Change); 3] = [
        ("checksum", |bytes| bytes[200] ^= 4),
        ("version", |bytes| bytes[8] = 99),
        ("", |bytes| bytes.truncate(bytes.len() / 2)),
    ];
    for (what, change) in changes {
        let mut bytes = sound.clone();
        change(&mut bytes);
        let model = root.join("model.lampyris");
        fs::write(&model, bytes).unwrap();
        let last = refusal(&asked_for(&model, &out, &[]));
        assert!(last.contains(what), "{last}");
        assert!(last.contains("model.lampyris"), "{last}");
        assert!(!out.exists(), "{last}");
    }
}

#[test]
fn a_model_without_room_is_refused_for_its_board() {
    let root = scratch("export-large-out");
    let out = root.join("out");
    let large = train("export-large", r#"[{"kind": "dense", "units": 16384}]"#);
    let last = refusal(&asked_for(&large, &out, &["--board", "unor4"]));
    assert!(
        last.contains("bytes of ") && last.contains("unor4"),
        "{last}"
    );
    assert!(!out.exists());
    let last = refusal(&asked_for(small(), &out, &["--board", "pdp11"]));
    assert!(last.contains("unor4"), "the boards that there are: {last}");
    // A file in the place of the folder.
    fs::write(&out, "mine").unwrap();
    let last = refusal(&asked_for(small(), &out, &[]));
    assert!(last.contains("name a new folder"), "{last}");
    assert_eq!(fs::read_to_string(&out).unwrap(), "mine");
}
