//! From scores to events: what fires, what the gate lets sleep, what may be changed.

#[allow(dead_code)]
mod fixture;

use fixture::{Parts, encode, windows};
use lampyris_core::ops;
use lampyris_device::{
    Chip, ChipError, ChipSpec, Classifier, Decision, Duty, Event, Gate, Memory, Stage,
};
use lampyris_dsp::BLOCKS;
use lampyris_graph::AlignedBytes;

type Owned = Classifier<AlignedBytes, Vec<u8>, Vec<f32>>;

/// A classifier whose smoothing has room for `rows` windows.
fn with_room(spec: &ChipSpec<'_>, rows: usize) -> Owned {
    let bytes = encode(spec);
    let chip = Chip::parse(bytes.as_ref()).expect("legal");
    let needs = chip.needs();
    let more = rows - usize::from(chip.decision().smoothing);
    let memory = Memory {
        arena: vec![0x55; needs.arena],
        ring: vec![f32::NAN; needs.ring + more * needs.outputs],
        scratch: vec![f32::NAN; needs.scratch],
        features: vec![f32::NAN; needs.features],
    };
    Classifier::new(bytes.clone(), ops::ALL, BLOCKS, memory).expect("legal")
}

fn classifier(spec: &ChipSpec<'_>) -> Owned {
    with_room(spec, spec.decision.smoothing.into())
}

/// Every event of a stream of two axes, and the scores with it.
fn events(classifier: &mut Owned, stream: &[f32]) -> Vec<(Event, Vec<f32>)> {
    let mut told = Vec::new();
    for reading in stream.chunks(2) {
        if let Some(event) = classifier.push(reading) {
            told.push((event, classifier.scores().to_vec()));
        }
    }
    told
}

fn of_hop<'a>(parts: &'a Parts, hop: u32, decision: Decision) -> ChipSpec<'a> {
    ChipSpec {
        hop,
        decision,
        ..parts.spec()
    }
}

#[test]
fn a_label_fires_when_it_is_new_and_never_for_none_of_these() {
    let parts = Parts::small();
    let stream = windows(&parts.signal, 30);
    let spec = ChipSpec {
        none: &[],
        ..of_hop(&parts, 40, Decision::default())
    };
    let told = events(&mut classifier(&spec), &stream);
    let labels: Vec<usize> = told.iter().map(|(e, _)| e.best).collect();
    let new = |i: usize| i == 0 || labels[i] != labels[i - 1];
    for (i, (event, _)) in told.iter().enumerate() {
        assert!(event.awake && event.label == Some(event.best));
        assert_eq!(event.fired, new(i), "window {i} of {labels:?}");
    }
    assert!((2..30).contains(&(0..30).filter(|i| new(*i)).count()));

    // The label that is most often said is none of these: it never fires, and frees the
    // others to fire again.
    let count = |label| labels.iter().filter(|l| **l == label).count();
    let most = (0..3).max_by_key(|l| count(*l)).expect("three labels");
    let none: Vec<bool> = (0..3).map(|l| l == most).collect();
    let spec = ChipSpec {
        none: &none,
        ..spec
    };
    for (i, (event, _)) in events(&mut classifier(&spec), &stream).iter().enumerate() {
        assert_eq!(event.fired, event.best != most && new(i), "{labels:?}");
        assert_eq!(event.label, Some(event.best));
    }
}

#[test]
fn events_keep_their_distance() {
    let parts = Parts::small();
    let stream = windows(&parts.signal, 60);
    let suppressed = |suppress_ms| {
        let decision = Decision {
            suppress_ms,
            ..Decision::default()
        };
        let spec = ChipSpec {
            none: &[],
            ..of_hop(&parts, 40, decision)
        };
        let told = events(&mut classifier(&spec), &stream);
        let fired = told.iter().enumerate().filter(|(_, (e, _))| e.fired);
        fired.map(|(i, _)| i).collect::<Vec<usize>>()
    };
    // A hop is 800 ms.
    let (all, few) = (suppressed(0), suppressed(2400));
    assert!(all.windows(2).any(|w| w[1] - w[0] < 3), "{all:?}");
    assert!(few.len() > 3 && few.windows(2).all(|w| w[1] - w[0] >= 3));
}

#[test]
fn nothing_fires_on_fewer_windows_than_are_averaged() {
    let parts = Parts::small();
    let stream = windows(&parts.signal, 10);
    let decision = Decision {
        smoothing: 4,
        ..Decision::default()
    };
    let spec = ChipSpec {
        none: &[],
        ..of_hop(&parts, 40, decision)
    };
    let mut classifier = classifier(&spec);
    for _ in 0..2 {
        let told = events(&mut classifier, &stream);
        let first = told.iter().position(|(e, _)| e.fired);
        assert_eq!(first, Some(3));
        classifier.reset();
    }
}

#[test]
fn the_gate_lets_quiet_windows_sleep_and_changes_no_other() {
    let parts = Parts::small();
    // Rest, one short knock, rest.
    let mut stream = vec![0.5; 2 * 400];
    for (i, value) in stream[2 * 205..2 * 210].iter_mut().enumerate() {
        *value += if i % 4 < 2 { 3.0 } else { -3.0 };
    }
    let gated = |level, hold_ms| Decision {
        gate: Gate { level, hold_ms },
        ..Decision::default()
    };
    let all = events(&mut classifier(&of_hop(&parts, 10, gated(0.0, 0))), &stream);
    assert!(all.iter().all(|(e, _)| e.awake));
    for (hold_ms, last) in [(0, 248), (400, 268)] {
        let mut classifier = classifier(&of_hop(&parts, 10, gated(0.5, hold_ms)));
        let told = events(&mut classifier, &stream);
        assert_eq!(told.len(), all.len());
        for (i, (found, expected)) in told.iter().zip(&all).enumerate() {
            // This window's last reading; it is computed while it holds the knock.
            let end = 39 + 10 * i;
            if (205..=last).contains(&end) {
                assert_eq!(found.1, expected.1, "window that ends at {end}");
                assert!(found.0.awake && found.0.label == expected.0.label);
            } else {
                assert!(!found.0.awake, "window that ends at {end}");
                assert_eq!((found.0.label, found.0.fired), (None, false));
                assert_eq!(found.1, [0.0; 3]);
            }
        }
        let awake = told.iter().filter(|(e, _)| e.awake).count() as u32;
        let asleep = told.len() as u32 - awake;
        assert_eq!(classifier.duty(), Duty { awake, asleep });
        assert!(awake >= 4 && asleep > awake);
        classifier.reset();
        assert_eq!(classifier.duty(), Duty::default());
    }
}

#[test]
fn windows_that_slept_count_as_silence() {
    let parts = Parts::small();
    let decision = Decision {
        smoothing: 4,
        gate: Gate {
            level: 0.5,
            hold_ms: 0,
        },
        ..Decision::default()
    };
    let mut classifier = classifier(&of_hop(&parts, 40, decision));
    let mut stream = vec![0.0; 80 * 5];
    stream[80 * 4..].copy_from_slice(&windows(&parts.signal, 4)[80 * 3..]);
    let told = events(&mut classifier, &stream);
    let (event, scores) = &told[4];
    assert!(event.awake && told[..4].iter().all(|(e, _)| !e.awake));
    for (score, output) in scores.iter().zip(classifier.outputs()) {
        assert_eq!(*score, (f32::from(*output) + 128.0) / 256.0 / 4.0);
    }
}

#[test]
fn a_decision_may_be_changed_at_any_time() {
    let parts = Parts::small();
    let stream = windows(&parts.signal, 24);
    let (before, after) = stream.split_at(80 * 12);
    let spec = |smoothing, threshold| {
        let decision = Decision {
            smoothing,
            threshold,
            ..Decision::default()
        };
        of_hop(&parts, 20, decision)
    };
    let mut changed = with_room(&spec(1, 0.0), 5);
    events(&mut changed, before);
    let decision = spec(5, 0.4).decision;
    assert_eq!(changed.set_decision(decision), Ok(()));
    assert_eq!(changed.decision(), decision);
    assert_eq!(changed.chip().decision(), spec(1, 0.0).decision);
    let mut fresh = classifier(&spec(5, 0.4));
    events(&mut fresh, before);
    // The last windows are remembered, as if it had always been so.
    for (found, expected) in events(&mut changed, after)
        .iter()
        .zip(events(&mut fresh, after))
    {
        assert_eq!(found.1, expected.1);
        assert_eq!(found.0.label, expected.0.label);
    }

    let error = changed.set_decision(spec(6, 0.4).decision);
    assert_eq!(
        error,
        Err(ChipError::Memory {
            what: "ring",
            needed: 80 + 4 + 3 + 6 * 3,
            found: 80 + 4 + 3 + 5 * 3,
        })
    );
    let error = changed.set_decision(spec(0, 0.4).decision);
    assert_eq!(error, Err(ChipError::Field("smoothing")));
    assert_eq!(
        changed.decision(),
        decision,
        "a refused one changes nothing"
    );
}

#[test]
fn stages_are_told_in_their_order() {
    let parts = Parts::small();
    let mut classifier = classifier(&parts.spec());
    let mut stages = Vec::new();
    for reading in windows(&parts.signal, 1).chunks(2) {
        assert!(stages.is_empty());
        classifier.push_with(reading, |stage| stages.push(stage));
    }
    assert_eq!(stages, [Stage::Begin, Stage::Features, Stage::Network]);
}
