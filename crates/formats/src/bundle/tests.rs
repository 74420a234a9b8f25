//! Bundles there and back, and damage.

use lampyris_device::{ChipSpec, Decision};
use lampyris_dsp::{Norm, Signal, block};
use lampyris_graph::{DType, Graph, Node, Op, Quant, Tensor};

use super::*;

const SIGNAL: Signal = Signal {
    rate_hz: 50.0,
    samples: 64,
    axes: 1,
};

fn activation(features: usize) -> Tensor {
    Tensor {
        name: "t".into(),
        shape: vec![1, features],
        dtype: DType::I8,
        quant: Some(Quant {
            scale: vec![1.0 / 256.0],
            zero_point: vec![-128],
            axis: 0,
        }),
        data: None,
    }
}

/// A chip part whose network is a softmax over the features.
fn chip() -> Vec<u8> {
    let spectral = block::by_id("spectral").expect("in the table");
    let settings: Vec<f32> = spectral.settings.iter().map(|s| s.default).collect();
    let layout = (spectral.check)(&SIGNAL, &settings).expect("the defaults");
    let graph = Graph {
        variables: Vec::new(),
        name: "g".into(),
        tensors: vec![activation(layout.features), activation(layout.features)],
        nodes: vec![Node {
            op: Op::Softmax { beta: 1.0 },
            inputs: vec![Some(0)],
            outputs: vec![1],
        }],
        inputs: vec![0],
        outputs: vec![1],
    };
    let norm = Norm {
        mean: 0.0,
        inverse_deviation: 1.0,
    };
    let graph = AlignedBytes::from(graph.emit().expect("a sound graph"));
    let labels: Vec<String> = (0..layout.features).map(|i| format!("l{i}")).collect();
    let spec = ChipSpec {
        graph: graph.as_ref(),
        block: spectral.code,
        settings: &settings,
        norms: &vec![norm; layout.features],
        input_scale: 1.0 / 256.0,
        input_zero_point: -128,
        rate_hz: SIGNAL.rate_hz,
        window: SIGNAL.samples as u32,
        hop: 32,
        axes: SIGNAL.axes as u16,
        labels: &labels.iter().map(String::as_str).collect::<Vec<_>>(),
        none: &[],
        decision: Decision {
            smoothing: 1,
            threshold: 0.5,
            ..Decision::default()
        },
    };
    let mut out = AlignedBytes::new(&vec![0; spec.encoded_len()]);
    spec.encode(out.as_mut()).expect("a sound chip part");
    out.as_ref().to_vec()
}

fn host() -> Host {
    let golden = |label: &str, n: usize| Golden {
        label: label.into(),
        window: (0..n).map(|i| i as f32 * 0.25 - 1.0).collect(),
        features: vec![-128, 0, 127],
        outputs: vec![-1, 1],
    };
    Host {
        tflite: vec![7; 33],
        report_json: r#"{"accuracy_int8":0.97}"#.into(),
        golden: vec![golden("wave", 64), golden("höher", 0)],
        card: "Two labels.".into(),
    }
}

#[test]
fn there_and_back_is_the_same() {
    let (chip, host) = (chip(), host());
    let bytes = write(&chip, &host);
    assert_eq!(bytes, write(&chip, &host));
    let bundle = read(&bytes).expect("a sound bundle");
    assert_eq!((&bundle.chip, bundle.host.as_ref()), (&chip, Some(&host)));
    assert_eq!(bundle.sha256, name(&chip));
    let cut = read(&chip).expect("a chip part alone");
    assert_eq!((&cut.chip, cut.host), (&chip, None));
    assert_eq!(cut.sha256, bundle.sha256);
}

#[test]
fn the_name_is_a_sha_256() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(name(b"abc"), abc);
}

#[test]
fn the_checksum_is_crc_32() {
    // The check value of "123456789", with four bytes in between left out.
    let mut part = b"123456789".to_vec();
    part.splice(9..9, [0; 7]);
    let whole = checksum(&part);
    part.splice(16..16, [9, 9, 9, 9]);
    assert_eq!(checksum(&part), whole);
    assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
}

#[test]
fn every_cut_and_every_flipped_bit_is_refused() {
    let chip = chip();
    let bytes = write(&chip, &host());
    for cut in (0..bytes.len()).filter(|&c| c != chip.len()) {
        assert!(read(&bytes[..cut]).is_err(), "cut to {cut}");
    }
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        assert!(read(&damaged).is_err(), "flipped a bit of byte {at}");
    }
}

#[test]
fn refusals_say_what_and_where() {
    let chip = chip();
    let bytes = write(&chip, &host());
    let refusal = |bytes: &[u8]| read(bytes).expect_err("refused").to_string();
    assert!(refusal(b"PK\x03\x04 a zip").contains("chip part"));
    let longer = [&bytes[..], &[0]].concat();
    assert!(refusal(&longer).contains("it says"));
    let strange = [&chip[..], b"something else!!"].concat();
    assert!(refusal(&strange).contains("unknown bytes"));
    let mut newer = bytes.clone();
    newer[chip.len() + 8] = 2;
    assert!(refusal(&newer).contains("version 2 is unknown"));
    let mut damaged = bytes;
    damaged[chip.len() + 200] ^= 4;
    assert!(refusal(&damaged).contains("checksum"));
}
