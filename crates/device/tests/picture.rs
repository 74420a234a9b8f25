//! Models for pictures: shown one at a time, with nothing but bytes on the way.

#[allow(dead_code)]
mod fixture;

use fixture::{LABELS, Parts, Picture, encode, pictures};
use lampyris_core::{Session, arena_bytes, ops};
use lampyris_device::{
    Chip, ChipError, ChipSpec, Classifier, Decision, Duty, Event, Gate, Memory, Stage, picture,
};
use lampyris_dsp::{BLOCKS, BlockError, Norm, Pixels};
use lampyris_graph::AlignedBytes;

type Owned = Classifier<AlignedBytes, Vec<u8>, Vec<f32>>;

const FORMATS: [Pixels; 4] = [Pixels::Grey, Pixels::Rgb, Pixels::Rgba, Pixels::Rgb565];

fn memory(chip: &AlignedBytes) -> Memory<Vec<u8>, Vec<f32>> {
    let needs = Chip::parse(chip.as_ref()).expect("legal").least_needs();
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

/// Pictures of many sizes and every form.
fn gallery(count: usize) -> Vec<Picture> {
    let sizes = [(160, 120), (96, 96), (37, 53), (1, 1), (24, 20), (5, 300)];
    (0..count)
        .map(|i| {
            let (width, height) = sizes[i % sizes.len()];
            Picture::new(width, height, FORMATS[i / 2 % 4], i as u32)
        })
        .collect()
}

#[test]
fn what_is_written_is_read() {
    let parts = Parts::picture();
    let bytes = encode(&parts.spec());
    let chip = Chip::parse(bytes.as_ref()).expect("just written");
    assert_eq!((chip.window(), chip.hop(), chip.axes()), (1, 1, 3));
    assert_eq!(chip.block().id, "image");
    assert_eq!(chip.settings(), [24.0, 20.0, 1.0, 0.0]);
    assert_eq!(
        (chip.grid(), chip.features()),
        (Some([20, 24]), 24 * 20 * 3)
    );
    assert_eq!(chip.norms().collect::<Vec<_>>(), [picture::NORM; 3]);
    assert_eq!(chip.labels().collect::<Vec<_>>(), LABELS);
    // Two pictures of history and the scores; no samples, no features, no scratch.
    let needs = chip.needs();
    assert_eq!((needs.ring, needs.scratch, needs.features), (9, 0, 0));
    assert_eq!(needs.bytes(), needs.arena + 4 * 9);
    assert_eq!((chip.streaming_needs(), chip.least_needs()), (None, needs));
    let refused = Classifier::streaming(bytes.clone(), ops::ALL, BLOCKS, memory(&bytes)).err();
    assert_eq!(refused, Some(ChipError::NotStreaming));
}

#[test]
fn what_no_picture_has_is_refused() {
    let parts = Parts::picture();
    let mut out = AlignedBytes::new(&[0; 1 << 16]);
    let mut refused = |spec: ChipSpec<'_>| spec.encode(out.as_mut()).expect_err("refused");
    let good = parts.spec();
    let gate = Gate {
        level: 0.1,
        hold_ms: 0,
    };
    let decision = Decision {
        gate,
        ..Decision::default()
    };
    let norms = |mean, inverse_deviation| {
        let bad = Norm {
            mean,
            inverse_deviation,
        };
        [picture::NORM, bad, picture::NORM]
    };
    for (spec, field) in [
        (ChipSpec { hop: 2, ..good }, "hop"),
        (
            ChipSpec {
                input_scale: picture::SCALE.next_up(),
                ..good
            },
            "input_scale",
        ),
        (
            ChipSpec {
                input_zero_point: -1,
                ..good
            },
            "input_zero_point",
        ),
        (ChipSpec { decision, ..good }, "gate level"),
        (
            ChipSpec {
                norms: &norms(127.0, picture::SCALE),
                ..good
            },
            "norms",
        ),
        (
            ChipSpec {
                norms: &norms(128.0, 1.0),
                ..good
            },
            "norms",
        ),
    ] {
        let error = refused(spec);
        assert_eq!(error, ChipError::Picture(field));
        assert!(error.to_string().contains(field));
    }
    let fields = Err::<(), _>(refused(ChipSpec {
        norms: &[picture::NORM; 2],
        ..good
    }));
    assert!(matches!(
        fields,
        Err(ChipError::Mismatch { what: "norms", .. })
    ));
    for (window, axes) in [(2, 3), (1, 1)] {
        let error = refused(ChipSpec {
            window,
            axes,
            ..good
        });
        let found = matches!(
            error,
            ChipError::Block(BlockError::Picture { channels: 3, .. })
        );
        assert!(found, "{error}");
    }
    // The network's own ends are looked at when it is about to run.
    let other = pictures([20, 24, 1]).emit().expect("legal");
    let chip = encode(&ChipSpec {
        graph: &other,
        ..good
    });
    let memory = memory(&chip);
    let error = Classifier::new(chip, ops::ALL, BLOCKS, memory).err();
    let mismatch = ChipError::Mismatch {
        what: "input",
        expected: 24 * 20 * 3,
        found: 24 * 20,
    };
    assert_eq!(error, Some(mismatch));
}

#[test]
fn damage_is_refused() {
    let parts = Parts::picture();
    let mut bytes = encode(&parts.spec());
    // All of the header and what follows the graph, and some of the weights.
    let (graph, end) = (80 + parts.graph.len(), bytes.as_ref().len());
    for at in (0..80).chain((80..graph).step_by(97)).chain(graph..end) {
        for bit in 0..8 {
            bytes.as_mut()[at] ^= 1 << bit;
            assert!(Chip::parse(bytes.as_ref()).is_err(), "byte {at}, bit {bit}");
            bytes.as_mut()[at] ^= 1 << bit;
        }
    }
    assert!(Chip::parse(bytes.as_ref()).is_ok());
}

#[test]
fn a_picture_goes_through_all_steps() {
    let parts = Parts::picture();
    let needed = arena_bytes(&parts.graph).expect("legal");
    let mut arena = AlignedBytes::new(&vec![0; needed]);
    let graph = AlignedBytes::new(&parts.graph);
    let mut session = Session::new(graph, arena.as_mut(), ops::ALL).expect("legal");
    let spec = ChipSpec {
        decision: Decision::default(),
        ..parts.spec()
    };
    let mut classifier = classifier(&spec);
    let mut best = [0; 3];
    for picture in gallery(48) {
        let see = parts.block.see.expect("a block for pictures");
        see(&parts.settings, &picture.view(), session.input_mut(0));
        let shown = session.input(0).to_vec();
        session.run();
        let outputs = session.output(0).to_vec();

        assert_eq!(classifier.show(&picture.view()), shown);
        assert_eq!(classifier.infer(), outputs);
        let event = classifier.see(&picture.view()).expect("a picture");
        assert_eq!(classifier.outputs(), outputs);
        let scores = outputs.iter().map(|q| (f32::from(*q) + 128.0) / 256.0);
        assert_eq!(classifier.scores(), scores.collect::<Vec<_>>());
        assert_eq!(event.score, classifier.scores()[event.best]);
        assert!(event.awake && event.label == Some(event.best));
        best[event.best] += 1;
    }
    assert!(best.iter().filter(|n| **n > 0).count() > 1, "{best:?}");
    let duty = Duty {
        awake: 48,
        asleep: 0,
    };
    assert_eq!(classifier.duty(), duty);
}

#[test]
fn each_kind_of_model_takes_its_own() {
    let picture = Picture::new(30, 30, Pixels::Rgba, 1);
    let mut seeing = classifier(&Parts::picture().spec());
    // Three values are as many as the axes, and no picture.
    assert!(seeing.features(&[1.0; 3]).is_empty());
    assert!(seeing.quantized(&[1.0; 3]).is_empty());
    assert!(seeing.classify(&[1.0; 3]).is_empty());
    assert_eq!(seeing.push(&[1.0; 3]), None);
    assert_eq!(seeing.power(), 0.0);
    assert_eq!(seeing.duty(), Duty::default());

    let parts = Parts::small();
    let mut feeling = classifier(&parts.spec());
    let before = feeling.outputs().to_vec();
    let mut stages = 0;
    assert_eq!(feeling.show(&picture.view()), []);
    assert_eq!(feeling.see_with(&picture.view(), |_| stages += 1), None);
    assert_eq!((feeling.say(), stages), (None, 0));
    assert_eq!(feeling.outputs(), before);
}

#[test]
fn nothing_is_said_of_what_was_not_shown() {
    let picture = Picture::new(30, 30, Pixels::Grey, 1);
    let mut classifier = classifier(&Parts::picture().spec());
    assert_eq!(classifier.say(), None);
    assert_eq!(classifier.show(&picture.view()).len(), 24 * 20 * 3);
    assert!(classifier.say().is_some());
    assert_eq!(classifier.say(), None);
    classifier.show(&picture.view());
    classifier.reset();
    assert_eq!(classifier.say(), None);
    classifier.show(&picture.view());
    classifier.infer();
    assert_eq!(classifier.say(), None);
}

#[test]
fn stages_are_told_in_their_order() {
    let picture = Picture::new(30, 30, Pixels::Rgb565, 1);
    let mut classifier = classifier(&Parts::picture().spec());
    let mut stages = Vec::new();
    classifier.see_with(&picture.view(), |stage| stages.push(stage));
    assert_eq!(stages, [Stage::Begin, Stage::Features, Stage::Network]);
}

fn events(classifier: &mut Owned, gallery: &[Picture]) -> Vec<(Event, Vec<f32>)> {
    let see = |picture: &Picture| {
        let event = classifier.see(&picture.view()).expect("a picture");
        (event, classifier.scores().to_vec())
    };
    gallery.iter().map(see).collect()
}

fn told(decision: Decision, gallery: &[Picture]) -> Vec<(Event, Vec<f32>)> {
    let parts = Parts::picture();
    let spec = ChipSpec {
        none: &[],
        decision,
        ..parts.spec()
    };
    events(&mut classifier(&spec), gallery)
}

#[test]
fn scores_are_averaged_picture_by_picture() {
    let gallery = gallery(30);
    let each = told(Decision::default(), &gallery);
    let smoothed = told(
        Decision {
            smoothing: 3,
            threshold: 0.5,
            ..Decision::default()
        },
        &gallery,
    );
    let mut unsure = 0;
    for (i, (event, scores)) in smoothed.iter().enumerate() {
        let last = &each[i.saturating_sub(2)..=i];
        for (label, score) in scores.iter().enumerate() {
            let sum: f32 = last.iter().map(|(_, scores)| scores[label]).sum();
            assert!((score - sum / last.len() as f32).abs() < 1e-6);
        }
        assert_eq!(event.label, (event.score >= 0.5).then_some(event.best));
        assert!(!event.fired || i >= 2);
        unsure += usize::from(event.label.is_none());
    }
    assert!(unsure > 0 && unsure < 30, "{unsure}");
}

#[test]
fn a_picture_is_a_reading_of_the_suppression() {
    let gallery = gallery(60);
    let fired = |suppress_ms| {
        let decision = Decision {
            suppress_ms,
            ..Decision::default()
        };
        let told = told(decision, &gallery);
        let fired = told.iter().enumerate().filter(|(_, (e, _))| e.fired);
        fired.map(|(i, _)| i).collect::<Vec<usize>>()
    };
    // Ten pictures a second.
    let (all, few) = (fired(0), fired(400));
    assert!(all.windows(2).any(|w| w[1] - w[0] < 4), "{all:?}");
    assert!(
        few.len() > 3 && few.windows(2).all(|w| w[1] - w[0] >= 4),
        "{few:?}"
    );
    assert!(few.windows(2).any(|w| w[1] - w[0] == 4), "{few:?}");
}

#[test]
fn a_decision_may_be_changed_but_for_a_gate() {
    let gallery = gallery(12);
    let mut changed = classifier(&Parts::picture().spec());
    let decision = Decision {
        smoothing: 1,
        threshold: 0.25,
        ..Decision::default()
    };
    assert_eq!(changed.set_decision(decision), Ok(()));
    for (event, scores) in events(&mut changed, &gallery) {
        assert_eq!(scores[event.best], event.score);
    }
    let error = changed.set_decision(Decision {
        gate: Gate {
            level: 1.0,
            hold_ms: 0,
        },
        ..decision
    });
    assert_eq!(error, Err(ChipError::Picture("gate level")));
    assert_eq!(changed.decision(), decision);
    let error = changed.set_decision(Decision {
        smoothing: 3,
        ..decision
    });
    let memory = ChipError::Memory {
        what: "ring",
        needed: 3 + 3 * 3,
        found: 9,
    };
    assert_eq!(error, Err(memory));
}
