//! The run: windows, hops, smoothing and labels.

#[allow(dead_code)]
mod fixture;

use fixture::{Parts, encode, network, windows};
use lampyris_core::ops;
use lampyris_device::{Chip, ChipError, ChipSpec, Classifier, Decision, Memory, quantize};
use lampyris_dsp::{BLOCKS, normalize};
use lampyris_graph::AlignedBytes;

type Owned = Classifier<AlignedBytes, Vec<u8>, Vec<f32>>;

fn memory(chip: &AlignedBytes) -> Memory<Vec<u8>, Vec<f32>> {
    let needs = Chip::parse(chip.as_ref()).expect("legal").needs();
    Memory {
        arena: vec![0x55; needs.arena],
        ring: vec![f32::NAN; needs.ring],
        scratch: vec![f32::NAN; needs.scratch],
        features: vec![f32::NAN; needs.features],
    }
}

fn classifier(spec: &ChipSpec<'_>) -> Owned {
    let chip = encode(spec);
    let memory = memory(&chip);
    Classifier::new(chip, ops::ALL, BLOCKS, memory).expect("legal")
}

#[test]
fn a_window_goes_through_all_steps() {
    let parts = Parts::small();
    let mut classifier = classifier(&parts.spec());
    for window in windows(&parts.signal, 10).chunks(80) {
        let mut features = classifier.features(window).to_vec();
        normalize(&mut features, &parts.norms);
        let expected: Vec<i8> = features.iter().map(|x| quantize(*x, 0.03, -5)).collect();
        assert_eq!(classifier.quantized(window), expected);
        let outputs = classifier.infer().to_vec();
        assert_eq!(classifier.classify(window), outputs);
        assert_eq!(classifier.outputs(), outputs);
        let sum: i32 = outputs.iter().map(|q| i32::from(*q) + 128).sum();
        assert!((253..=259).contains(&sum), "a softmax adds up: {sum}");
    }
}

#[test]
fn a_window_of_another_length_gives_nothing() {
    let parts = Parts::small();
    let mut classifier = classifier(&parts.spec());
    for len in [0, 79, 81, 160] {
        let window = vec![1.0; len];
        assert!(classifier.features(&window).is_empty());
        assert!(classifier.quantized(&window).is_empty());
        assert!(classifier.classify(&window).is_empty());
    }
    assert_eq!(classifier.push(&[1.0]), None);
    assert_eq!(classifier.push(&[1.0; 3]), None);
}

/// Every event of a stream: after which reading it came, and the raw outputs.
fn events(classifier: &mut Owned, stream: &[f32]) -> Vec<(usize, Vec<i8>)> {
    let mut events = Vec::new();
    for (i, reading) in stream.chunks(2).enumerate() {
        if classifier.push(reading).is_some() {
            events.push((i + 1, classifier.outputs().to_vec()));
        }
    }
    events
}

#[test]
fn a_stream_gives_its_windows_at_each_hop() {
    let parts = Parts::small();
    let stream = windows(&parts.signal, 6);
    for hop in [1, 7, 20, 40, 55] {
        let spec = ChipSpec {
            hop,
            ..parts.spec()
        };
        let mut whole = classifier(&spec);
        let expected: Vec<(usize, Vec<i8>)> = (0..=200)
            .step_by(hop as usize)
            .map(|start| {
                let window = &stream[start * 2..(start + 40) * 2];
                (start + 40, whole.classify(window).to_vec())
            })
            .collect();
        let mut streamed = classifier(&spec);
        assert_eq!(events(&mut streamed, &stream), expected, "hop {hop}");
        // After a gap everything begins anew.
        for reading in stream[..30].chunks(2) {
            streamed.push(reading);
        }
        streamed.reset();
        assert_eq!(events(&mut streamed, &stream), expected, "hop {hop}");
    }
}

#[test]
fn scores_are_averaged_and_gated() {
    let parts = Parts::small();
    let stream = windows(&parts.signal, 12);
    let decision = |smoothing, threshold| ChipSpec {
        hop: 40,
        decision: Decision {
            smoothing,
            threshold,
            ..Decision::default()
        },
        ..parts.spec()
    };
    let mut raw = classifier(&decision(1, 0.0));
    let history: Vec<Vec<i8>> = stream
        .chunks(80)
        .map(|window| raw.classify(window).to_vec())
        .collect();
    let averages = |i: usize| -> Vec<f32> {
        let past = &history[(i + 1).saturating_sub(3)..=i];
        let sum = |label: usize| -> f32 { past.iter().map(|q| f32::from(q[label]) + 128.0).sum() };
        let scale = (256 * past.len()) as f32;
        (0..3).map(|label| sum(label) / scale).collect()
    };
    let top = |scores: &[f32]| scores.iter().copied().fold(0.0, f32::max);
    // A threshold that about half of the windows reach.
    let mut tops: Vec<f32> = (0..history.len()).map(|i| top(&averages(i))).collect();
    tops.sort_by(f32::total_cmp);
    let threshold = (tops[5] + tops[6]) / 2.0;
    let mut smooth = classifier(&decision(3, threshold));
    let mut given = 0;
    for (i, window) in stream.chunks(80).enumerate() {
        let readings = window.chunks(2).filter_map(|reading| smooth.push(reading));
        let event = readings.last().expect("a window has ended");
        for (score, expected) in smooth.scores().iter().zip(averages(i)) {
            assert!((score - expected).abs() < 1e-6, "{score} {expected}");
        }
        assert_eq!(event.score, top(smooth.scores()));
        assert_eq!(event.score, smooth.scores()[event.best]);
        let reaches = event.score >= threshold;
        assert_eq!(event.label, reaches.then_some(event.best));
        given += usize::from(reaches);
    }
    assert_eq!(given, 6);
}

#[test]
fn the_first_of_equals_is_the_best() {
    // A network without input: both outputs are the same.
    let parts = Parts::small();
    let mut graph = network(&[16, 3]);
    for tensor in &mut graph.tensors {
        if tensor.name == "w" {
            tensor.data = Some(vec![0; 48]);
        }
    }
    let graph = graph.emit().expect("legal");
    let mut classifier = classifier(&ChipSpec {
        graph: &graph,
        ..parts.spec()
    });
    let stream = windows(&parts.signal, 1);
    let event = stream
        .chunks(2)
        .filter_map(|reading| classifier.push(reading))
        .last()
        .expect("one window");
    assert_eq!((event.best, event.label), (0, None));
}

#[test]
fn a_network_of_other_ends_is_refused() {
    let parts = Parts::small();
    let refused = |graph: &[u8]| {
        let chip = encode(&ChipSpec {
            graph,
            ..parts.spec()
        });
        let memory = memory(&chip);
        Classifier::new(chip, ops::ALL, BLOCKS, memory)
            .err()
            .expect("must be refused")
    };
    let found = refused(&network(&[15, 3]).emit().expect("legal"));
    assert_eq!(
        found,
        ChipError::Mismatch {
            what: "input",
            expected: 16,
            found: 15
        }
    );
    let found = refused(&network(&[16, 4]).emit().expect("legal"));
    assert_eq!(
        found,
        ChipError::Mismatch {
            what: "labels",
            expected: 4,
            found: 3
        }
    );
}

#[test]
fn too_little_memory_is_refused() {
    let chip = encode(&Parts::small().spec());
    let refused = |cut: fn(&mut Memory<Vec<u8>, Vec<f32>>)| {
        let mut memory = memory(&chip);
        cut(&mut memory);
        Classifier::new(chip.clone(), ops::ALL, BLOCKS, memory)
            .err()
            .expect("must be refused")
    };
    let what = |error| match error {
        ChipError::Memory {
            what,
            needed,
            found,
        } if needed == found + 1 => what,
        other => panic!("{other}"),
    };
    assert_eq!(what(refused(|m| assert!(m.arena.pop().is_some()))), "arena");
    assert_eq!(what(refused(|m| assert!(m.ring.pop().is_some()))), "ring");
    assert_eq!(
        what(refused(|m| assert!(m.scratch.pop().is_some()))),
        "scratch"
    );
    assert_eq!(
        what(refused(|m| assert!(m.features.pop().is_some()))),
        "features"
    );
}

#[test]
fn only_what_is_linked_is_found() {
    let chip = encode(&Parts::small().spec());
    let error = Classifier::new(chip.clone(), &[], BLOCKS, memory(&chip))
        .err()
        .expect("no operators");
    assert!(matches!(error, ChipError::Model(_)), "{error}");
    let error = Classifier::new(chip.clone(), ops::ALL, &[], memory(&chip))
        .err()
        .expect("no blocks");
    assert_eq!(error, ChipError::UnknownBlock(1));
}
