//! Exports of small models with hostile names, from the templates as they are packed.

use std::fs;
use std::path::Path;

use lampyris_device::{ChipSpec, Decision, picture};
use lampyris_dsp::{Norm, Signal, block};
use lampyris_graph::{AlignedBytes, DType, Graph, Node, Op, Quant, Tensor};

use super::*;
use crate::bundle::{self, Golden, Host};
use crate::tflite::{self as file, Metadata};

/// Labels that would break out of a string, a comment, a table or a template.
const LABELS: [&str; 8] = [
    "größer",
    "a\"b",
    "*/ `x`",
    "@NAME@",
    "back\\slash?",
    "手|手",
    "\u{202e}turned",
    "\u{2066}apart",
];
const TITLE: &str = "My \"model\" */ @NAME@ `é`";

/// The templates as `examples/kit.rs` packs them, with a stand-in for what is built.
fn kit() -> Kit {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut kit = Kit::new();
    for id in ["common", "rust", "tflite"] {
        let mut files = Vec::new();
        below(&here.join("kit").join(id), "", &mut files);
        match id {
            "common" => {
                for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
                    let text = fs::read(here.join("../..").join(name)).expect("in the repository");
                    files.push(File::new(name, text));
                }
            }
            "rust" => files.push(File::new("crates/core/src/lib.rs", "//! Core.\n")),
            _ => {}
        }
        kit.add(id, &zip("", &files).expect("small"))
            .expect("whole");
    }
    kit
}

fn below(folder: &Path, prefix: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("a folder of templates") {
        let entry = entry.expect("readable");
        let name = entry.file_name().into_string().expect("plain names");
        if entry.path().is_dir() {
            below(&entry.path(), &format!("{prefix}{name}/"), files);
        } else {
            let bytes = fs::read(entry.path()).expect("readable");
            files.push(File::new(format!("{prefix}{name}"), bytes));
        }
    }
}

/// A bundle whose network is a softmax over six features.
fn model(of_pictures: bool, scale: f32) -> Vec<u8> {
    let (block, settings, signal) = if of_pictures {
        let image = block::by_id("image").expect("in the table");
        let setting = |id: &str, default| match id {
            "width" => 8.0,
            "height" => 8.0,
            "colour" => 0.0,
            _ => default,
        };
        let settings = image.settings.iter().map(|s| setting(s.id, s.default));
        let (samples, axes) = (1, 1);
        let signal = Signal {
            rate_hz: 5.0,
            samples,
            axes,
        };
        (image, settings.collect::<Vec<f32>>(), signal)
    } else {
        let raw = block::by_id("raw").expect("in the table");
        let settings = raw.settings.iter().map(|s| s.default).collect();
        let signal = Signal {
            rate_hz: 50.0,
            samples: 4,
            axes: 2,
        };
        (raw, settings, signal)
    };
    let layout = (block.check)(&signal, &settings).expect("legal");
    let count = layout.features;
    let labels: Vec<String> = (0..count)
        .map(|i| LABELS.get(i).map_or(format!("l{i}"), |l| l.to_string()))
        .collect();
    let tensor = |scale| Tensor {
        name: "t".into(),
        shape: vec![1, count],
        dtype: DType::I8,
        quant: Some(Quant {
            scale: vec![scale],
            zero_point: vec![-128],
            axis: 0,
        }),
        data: None,
    };
    let softmax = scale == 1.0 / 256.0;
    let graph = Graph {
        variables: Vec::new(),
        name: "g".into(),
        tensors: vec![tensor(if softmax { 0.1 } else { scale }), tensor(scale)],
        nodes: vec![Node {
            op: if softmax {
                Op::Softmax { beta: 1.0 }
            } else {
                Op::Relu
            },
            inputs: vec![Some(0)],
            outputs: vec![1],
        }],
        inputs: vec![0],
        outputs: vec![1],
    };
    let norm = if of_pictures {
        picture::NORM
    } else {
        Norm {
            mean: 0.0,
            inverse_deviation: 1.0,
        }
    };
    let emitted = graph.emit().expect("sound");
    let spec = ChipSpec {
        graph: &emitted,
        block: block.code,
        settings: &settings,
        norms: &vec![norm; layout.columns()],
        input_scale: if of_pictures { picture::SCALE } else { 1.0 },
        input_zero_point: 0,
        rate_hz: signal.rate_hz,
        window: signal.samples as u32,
        hop: signal.samples as u32,
        axes: signal.axes as u16,
        labels: &labels.iter().map(String::as_str).collect::<Vec<_>>(),
        none: &[],
        decision: Decision::default(),
    };
    let mut chip = AlignedBytes::from(vec![0; spec.encoded_len()]);
    spec.encode(chip.as_mut()).expect("sound");
    let features: Vec<i8> = (0..count).map(|i| i as i8 - 3).collect();
    let window = match of_pictures {
        true => Vec::new(),
        false => features.iter().map(|q| f32::from(*q)).collect(),
    };
    let metadata = Metadata {
        labels: labels.clone(),
        settings_json: r#"{"settings":{"seed":1},"axes":["x","y|z"]}"#.into(),
        ..Metadata::default()
    };
    let host = Host {
        tflite: file::write(&graph, &metadata).expect("sound"),
        report_json: r#"{"accuracy_int8":0.5,"evaluated_on":"test","labels":["a|b","c"],
            "confusion":[[1,2],[3,4]],"per_class":[{"label":"a|b","precision":null,"recall":0.25,"support":3}],
            "seed":7,"windows_test":10}"#
            .into(),
        golden: vec![Golden {
            label: labels[1].clone(),
            window,
            outputs: features.clone(),
            features,
        }],
        card: "Known limits: it knows only what was recorded.\n".into(),
    };
    bundle::write(chip.as_ref(), &host)
}

fn export(bundle: &[u8], target_id: &str, kit: &Kit) -> Vec<File> {
    let opened = Opened::new(bundle).expect("whole");
    let source = opened.source(TITLE).expect("runs");
    files(&source, target(target_id).expect("is there"), kit).expect("exports")
}

fn text<'a>(files: &'a [File], path: &str) -> &'a str {
    let file = files.iter().find(|file| file.path == path);
    let file = file.unwrap_or_else(|| panic!("{path} is not there"));
    str::from_utf8(&file.bytes).expect("UTF-8")
}

#[test]
fn exports_are_whole_and_the_same_each_time() {
    let kit = kit();
    for of_pictures in [false, true] {
        let bundle = model(of_pictures, 1.0 / 256.0);
        for id in ["tflite", "rust"] {
            let made = export(&bundle, id, &kit);
            assert_eq!(made, export(&bundle, id, &kit), "{id}");
            let (list, rest) = made.split_last().expect("files");
            assert_eq!(*list, package::sums(rest), "{id}");
            let opened = bundle::read(&bundle).expect("whole");
            let chip = rest.iter().find(|f| f.path == "model/chip.lampyris");
            assert_eq!(chip.expect("is there").bytes, opened.chip);
            for path in ["README.md", "MODEL_CARD.md"] {
                assert!(text(&made, path).contains(&opened.sha256), "{path}");
            }
            let inputs = ["golden/inputs.f32", "golden/inputs.u8"][usize::from(of_pictures)];
            for path in [
                inputs,
                "golden/features.i8",
                "golden/outputs.i8",
                "golden/golden.json",
            ] {
                assert!(made.iter().any(|f| f.path == path), "{path}");
            }
            for path in ["LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY.md"] {
                assert!(text(&made, path).len() > 1000, "{path}");
            }
        }
    }
}

#[test]
fn labels_and_titles_stay_where_they_are_put() {
    let kit = kit();
    let bundle = model(false, 1.0 / 256.0);
    let made = export(&bundle, "rust", &kit);
    let label = text(&made, "src/label.rs");
    for one in LABELS {
        assert!(label.contains(&format!("    {one:?},\n")), "{one}: {label}");
    }
    assert!(text(&made, "src/lib.rs").contains(&format!("TITLE: &str = {TITLE:?};")));
    assert!(text(&made, "Cargo.toml").contains("name = \"my_model_name\""));
    let made = export(&bundle, "tflite", &kit);
    let source = text(&made, "my_model_name_tflite.cc");
    assert!(source.contains("\"a\\\"b\",") && source.contains("\"back\\\\slash\\?\","));
    assert!(source.contains("\"gr\\303\\266\\303\\237er\",") && source.is_ascii());
    let header = text(&made, "my_model_name_tflite.h");
    assert!(header.contains("return resolver.AddSoftmax() == 0;"));
    let readme = text(&made, "README.md");
    assert!(readme.contains("手\\|手") && readme.contains("\\*/ \\`x\\`"));
    let card = text(&made, "MODEL_CARD.md");
    assert!(card.contains("| **a\\|b** | 1 | 2 |") && card.contains("Seed 7"));
}

#[test]
fn what_is_no_probability_is_not_called_one() {
    let kit = kit();
    let honest = |scale| {
        let made = export(&model(false, scale), "tflite", &kit);
        text(&made, "README.md").contains("no probabilities")
    };
    assert!(!honest(1.0 / 256.0));
    assert!(honest(0.5));
}

#[test]
fn golden_pictures_are_bytes() {
    let made = export(&model(true, 1.0 / 256.0), "rust", &kit());
    let inputs = made
        .iter()
        .find(|f| f.path == "golden/inputs.u8")
        .expect("is there");
    // What reaches the network is a byte less 128.
    assert_eq!(inputs.bytes[..4], [125, 126, 127, 128]);
    assert_eq!(inputs.bytes.len(), 64);
    assert!(text(&made, "src/model.rs").contains("pub fn see("));
}

#[test]
fn notices_name_the_versions_that_are_built() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pins = fs::read_to_string(here.join("../../Cargo.toml")).expect("is there");
    let notice = fs::read_to_string(here.join("kit/common/THIRD_PARTY.md")).expect("is there");
    for name in ["libm", "bytemuck"] {
        let line = pins
            .lines()
            .find(|line| line.starts_with(&format!("{name} = ")));
        let version = line.and_then(|line| line.split('=').nth(if name == "libm" { 2 } else { 3 }));
        let version = version.and_then(|v| v.split('"').next()).expect("pinned");
        assert!(
            notice.contains(&format!("{name} {version}")),
            "{name} {version}"
        );
    }
}

/// A bundle's golden vector changed by a hand that knows nothing of the chip part.
fn refused_with(of_pictures: bool, change: impl Fn(&mut Golden)) -> crate::FormatError {
    let whole = bundle::read(&model(of_pictures, 1.0 / 256.0)).expect("whole");
    let mut host = whole.host.expect("both parts");
    change(&mut host.golden[0]);
    let opened = Opened::new(&bundle::write(&whole.chip, &host)).expect("sound as a file");
    opened
        .source("m")
        .err()
        .expect("the vector is of another model")
}

#[test]
fn golden_vectors_of_another_model_are_refused() {
    type Change = (&'static str, fn(&mut Golden));
    let changes: [Change; 7] = [
        ("window", |g| g.window.truncate(7)),
        ("window", |g| g.window.clear()),
        ("features", |g| g.features.push(0)),
        ("outputs", |g| g.outputs.truncate(7)),
        ("outputs", |g| g.outputs.push(127)),
        ("no number", |g| g.window[1] = f32::NAN),
        ("no number", |g| g.window[0] = f32::NEG_INFINITY),
    ];
    for (what, change) in changes {
        let refused = refused_with(false, change);
        assert!(refused.what.contains(what), "{refused}");
        assert!(refused.place.contains("golden vector 0"), "{refused}");
    }
    let refused = refused_with(true, |g| g.features.truncate(63));
    assert!(refused.what.contains("63 features"), "{refused}");
    let refused = refused_with(true, |g| g.outputs.clear());
    assert!(refused.what.contains("0 outputs"), "{refused}");
}

#[test]
fn libraries_come_with_their_own_notices() {
    let mut kit = kit();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    below(&here.join("kit/c"), "", &mut files);
    kit.add("c", &zip("", &files).expect("small"))
        .expect("whole");
    let lib = [
        File::new("THIRD_PARTY.md", "of what is linked"),
        File::new("include/lampyris.h", "#define LAMPYRIS_STATE_BYTES 448\n"),
    ];
    kit.add("lib", &zip("", &lib).expect("small"))
        .expect("whole");
    let made = export(&model(false, 1.0 / 256.0), "c", &kit);
    assert_eq!(text(&made, "THIRD_PARTY.md"), "of what is linked");
    let source = text(&made, "model/my_model_name_model.c");
    assert!(source.contains(r#""\342\200\256turned","#), "{source}");
    for file in &made {
        let turned = file.bytes.windows(3).any(|w| w == "\u{202e}".as_bytes());
        let json = file.path.starts_with("golden/") || file.path.ends_with(".lampyris");
        assert!(json || !turned, "{}", file.path);
    }
    for target in [&c::TARGET, &arduino::TARGET] {
        assert!(target.kits.contains(&"lib"), "{}", target.id);
    }
}

#[test]
fn what_is_missing_is_told() {
    let refused = target("pascal").err().expect("there is none");
    assert!(
        refused.remedy.contains("tflite, rust, c, arduino"),
        "{refused}"
    );
    let bundle = model(false, 1.0 / 256.0);
    let opened = Opened::new(&bundle).expect("whole");
    let source = opened.source("m").expect("runs");
    let refused = files(&source, &tflite::TARGET, &Kit::new()).expect_err("no kit");
    assert!(refused.remedy.contains("make build"), "{refused}");
    let chip = bundle::read(&bundle).expect("whole").chip;
    let refused = Opened::new(&chip)
        .err()
        .expect("a chip part alone says too little");
    assert!(refused.remedy.contains("whole model.lampyris"), "{refused}");
}
