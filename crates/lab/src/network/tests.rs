//! The project's own golden cases through the module that faces use.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use super::{Fill, Network};

fn case(name: &str, file: &str) -> Vec<u8> {
    let cases = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/cases");
    fs::read(cases.join(name).join(file)).unwrap()
}

fn open(name: &str) -> Network {
    Network::open(&case(name, "model.tflite")).unwrap()
}

#[test]
fn a_golden_network_answers_with_the_golden_bytes() {
    let mut network = open("network_reshape");
    let len = network.fill(0, Fill::Zeros).len();
    let outputs: Vec<u8> = case("network_reshape", "in.bin")
        .chunks_exact(len)
        .flat_map(|input| network.run(&[input]).unwrap().remove(0))
        .collect();
    assert!(outputs == case("network_reshape", "out.bin"));
}

#[test]
fn what_is_told_agrees_with_itself() {
    let network = open("network_reshape");
    let info = network.info();
    assert_eq!(
        info.file_bytes as usize,
        case("network_reshape", "model.tflite").len()
    );
    assert!(info.bound_bytes <= info.arena_bytes);
    assert_eq!(
        info.params,
        info.layers.iter().map(|l| l.params).sum::<u64>()
    );
    assert!(info.macs > 0 && info.flash_bytes > 0);
    let live = info.layers.iter().map(|l| l.live_bytes).max().unwrap();
    assert_eq!(live, info.bound_bytes);
    for place in &info.places {
        assert!(place.offset + place.size <= info.arena_bytes, "{place:?}");
        assert!(place.first <= place.last && (place.last as usize) < info.layers.len());
    }
    assert!(info.layers.iter().any(|l| l.operator == "RESHAPE"));
    assert!(info.layers.iter().skip(1).all(|l| !l.from.is_empty()));
    assert_eq!(info.inputs[0].scales, 1);
}

#[test]
fn what_a_neighbour_does_is_named_there() {
    let cases = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/cases");
    let mut fused = Vec::new();
    for entry in fs::read_dir(cases).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let info = open(&name).info().clone();
        let along: usize = info.layers.iter().map(|l| l.with.len()).sum();
        assert_eq!(info.layers.len() + along, info.operators as usize, "{name}");
        for layer in info.layers.into_iter().filter(|l| !l.with.is_empty()) {
            fused.push(format!(
                "{name}: {} with {}",
                layer.operator,
                layer.with.join(", ")
            ));
        }
    }
    for one in [
        "conv_relu_separate: CONV_2D with RELU",
        "pad_depthwise: DEPTHWISE_CONV_2D with PAD",
        "padv2_conv_zero_point: CONV_2D with PADV2",
    ] {
        assert!(fused.iter().any(|f| f == one), "{one}: {fused:?}");
    }
}

#[test]
fn options_are_words_and_leave_out_what_is_plain() {
    let options = |name: &str| open(name).info().layers[0].options.clone();
    assert_eq!(options("fc"), "");
    assert_eq!(options("fc_relu6"), "activation: Relu6");
}

#[test]
fn zeros_are_real_zeros_and_seeds_repeat() {
    let network = open("fc");
    let zero = network.info().inputs[0].zero_point as u8;
    let zeros = network.fill(0, Fill::Zeros);
    assert!(!zeros.is_empty() && zeros.iter().all(|&v| v == zero));
    assert_eq!(network.quantize(0, &vec![0.0; zeros.len()]), zeros);
    let random = |seed| network.fill(0, Fill::Random(seed));
    assert_eq!(random(1), random(1));
    assert_ne!(random(1), random(2));
    assert!(network.fill(1, Fill::Zeros).is_empty());
    let out = &network.info().outputs[0];
    assert_eq!(network.dequantize(0, &[out.zero_point as u8]), [0.0]);
}

#[test]
fn inputs_of_another_length_are_refused() {
    let mut network = open("fc");
    let none = network.run(&[]).unwrap_err();
    assert!(none.what.contains("0 inputs"), "{none}");
    let short = network.run(&[&[1, 2]]).unwrap_err();
    assert_eq!(short.place, "input 0");
}

#[test]
fn a_coarse_clock_gives_each_layer_its_share() {
    let mut network = open("network");
    // A clock that shows tenths of a millisecond and takes 23 µs to read.
    let mut now = 0.0_f64;
    let mut clock = || {
        now += 0.023;
        (now * 10.0).floor() / 10.0
    };
    let times = network.measure(0.25, true, &mut clock);
    assert_eq!(times.blocks, 1);
    assert_eq!(times.layers.len(), network.info().layers.len());
    assert!((times.resolution_us - 100.0).abs() < 1e-6, "{times:?}");
    assert!((times.reading_us - 23.0).abs() < 3.0, "{times:?}");
    // Only readings take time here, so that a layer without them takes none.
    assert!(times.layers.iter().all(|l| l.median_us < 10.0), "{times:?}");
    assert_eq!(network.measure(0.25, false, &mut clock).blocks, 2);
    assert_eq!(network.measure(0.25, true, &mut clock).blocks, 1);
    // A clock that stands still, or gives no numbers, ends all the same.
    let mut broken = || f64::NAN;
    assert_eq!(network.measure(1.0, true, &mut broken).blocks, 1);
}

#[test]
fn damaged_files_are_refused_and_never_panic() {
    let good = case("network", "model.tflite");
    for cut in (0..good.len()).step_by(7) {
        let error = Network::open(&good[..cut]).err().unwrap();
        assert!(!error.remedy.is_empty());
    }
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        let Ok(mut network) = Network::open(&bad) else {
            continue;
        };
        let inputs: Vec<_> = (0..network.info().inputs.len())
            .map(|i| network.fill(i, Fill::Random(1)))
            .collect();
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        network.run(&inputs).unwrap();
    }
}
