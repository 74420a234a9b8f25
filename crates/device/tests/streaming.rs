//! A stream of frames gives what whole windows give, byte for byte.

#[allow(dead_code)]
mod fixture;

use fixture::{LABELS, Parts, Random, encode, network, windows};
use lampyris_core::ops;
use lampyris_device::{
    Chip, ChipError, ChipSpec, Classifier, Decision, Event, Gate, Memory, Needs, Stage,
};
use lampyris_dsp::{BLOCKS, Norm, Signal, block};
use lampyris_graph::AlignedBytes;

type Owned = Classifier<AlignedBytes, Vec<u8>, Vec<f32>>;

/// A model of sound on `axes` channels at 1 kHz, in frames of these lengths.
struct Sound {
    block: &'static str,
    samples: u32,
    hop: u32,
    frame_ms: f32,
    stride_ms: f32,
    axes: u16,
}

impl Sound {
    fn chip(&self) -> AlignedBytes {
        let block = block::by_id(self.block).expect("in the table");
        let value = |id| match id {
            "frame_ms" => Some(self.frame_ms),
            "stride_ms" => Some(self.stride_ms),
            "fft_length" => Some(64.0),
            "pre_emphasis" => Some(0.9),
            "filters" => Some(10.0),
            "coefficients" => Some(5.0),
            _ => None,
        };
        let settings = block.settings.iter();
        let settings: Vec<f32> = settings.map(|s| value(s.id).unwrap_or(s.default)).collect();
        let signal = self.signal();
        let layout = (block.check)(&signal, &settings).expect("legal");
        let mut random = Random(5);
        let norms = (0..layout.columns()).map(|_| Norm {
            mean: 10.0 * random.unit() - 20.0,
            inverse_deviation: 0.1,
        });
        encode(&ChipSpec {
            graph: &network(&[layout.features, 3]).emit().expect("legal"),
            block: block.code,
            settings: &settings,
            norms: &norms.collect::<Vec<_>>(),
            input_scale: 0.03,
            input_zero_point: -5,
            rate_hz: signal.rate_hz,
            window: self.samples,
            hop: self.hop,
            axes: self.axes,
            labels: &LABELS,
            none: &[],
            decision: Decision {
                smoothing: 2,
                threshold: 0.4,
                suppress_ms: 50,
                gate: Gate {
                    level: 0.1,
                    hold_ms: 20,
                },
            },
        })
    }

    fn signal(&self) -> Signal {
        Signal {
            rate_hz: 1000.0,
            samples: self.samples as usize,
            axes: self.axes.into(),
        }
    }
}

fn memory(needs: Needs) -> Memory<Vec<u8>, Vec<f32>> {
    Memory {
        arena: vec![0x55; needs.arena],
        ring: vec![f32::NAN; needs.ring],
        scratch: vec![f32::NAN; needs.scratch],
        features: vec![f32::NAN; needs.features],
    }
}

fn whole(chip: &AlignedBytes) -> Owned {
    let needs = Chip::parse(chip.as_ref()).expect("legal").needs();
    Classifier::new(chip.clone(), ops::ALL, BLOCKS, memory(needs)).expect("legal")
}

fn streaming(chip: &AlignedBytes) -> Owned {
    let parsed = Chip::parse(chip.as_ref()).expect("legal");
    let needs = parsed.streaming_needs().expect("a stream of frames");
    Classifier::streaming(chip.clone(), ops::ALL, BLOCKS, memory(needs)).expect("legal")
}

/// Quiet and loud stretches.
fn signal(signal: &Signal, seconds: usize) -> Vec<f32> {
    let short = Signal {
        samples: 125,
        ..*signal
    };
    windows(&short, 8 * seconds)
}

/// Every event: after which reading it came, the outputs and the scores.
fn events(
    classifier: &mut Owned,
    axes: u16,
    readings: &[f32],
) -> Vec<(usize, Event, Vec<i8>, Vec<f32>)> {
    let mut told = Vec::new();
    for (i, reading) in readings.chunks(axes.into()).enumerate() {
        if let Some(event) = classifier.push(reading) {
            let mut outputs = classifier.outputs().to_vec();
            if !event.awake {
                outputs.clear();
            }
            told.push((i, event, outputs, classifier.scores().to_vec()));
        }
    }
    told
}

#[test]
fn a_stream_of_frames_is_the_same_as_whole_windows() {
    let mut random = Random(1);
    let mut number = |from: u32, to: u32| {
        let share = (random.unit() + 1.0) / 2.0;
        (from + (share * (to - from) as f32) as u32).min(to - 1)
    };
    let mut streamed = 0;
    for case in 0..150 {
        let stride = number(1, 50);
        let frame = number(2, 65);
        let samples = frame + number(0, 200);
        let sound = Sound {
            block: ["mfe", "mfcc", "spectrogram"][case % 3],
            samples,
            // Overlapping, touching, with gaps; beyond all frames of a window.
            hop: match number(0, 4) {
                0 => samples + number(0, 50),
                _ => stride * number(1, 2 + samples / stride),
            },
            frame_ms: frame as f32,
            stride_ms: stride as f32,
            axes: if case % 5 == 0 { 2 } else { 1 },
        };
        let text = format!(
            "{}: window {samples}, hop {}, frame {frame}, stride {stride}, {} axes",
            sound.block, sound.hop, sound.axes
        );
        let chip = sound.chip();
        let parsed = Chip::parse(chip.as_ref()).expect("legal");
        let needs = parsed.streaming_needs().expect("a stream of frames");
        let less = (samples - frame) as usize * usize::from(sound.axes);
        assert_eq!(needs.ring, parsed.needs().ring - less, "{text}");

        let readings = signal(&sound.signal(), 2);
        let (mut whole, mut stream) = (whole(&chip), streaming(&chip));
        let expected = events(&mut whole, sound.axes, &readings);
        assert!(
            events(&mut stream, sound.axes, &readings) == expected,
            "{text}"
        );
        assert_eq!(stream.duty(), whole.duty(), "{text}");
        streamed += expected.iter().filter(|(_, e, ..)| e.awake).count();

        // After a gap in the middle of a frame, and after whole windows in between.
        events(&mut stream, sound.axes, &readings[..readings.len() / 3]);
        stream.reset();
        let again = events(&mut stream, sound.axes, &readings);
        assert!(again == expected, "{text}");
        let length = samples as usize * usize::from(sound.axes);
        let window = &readings[..length];
        assert_eq!(stream.features(window), whole.features(window), "{text}");
        assert_eq!(stream.classify(window), whole.classify(window), "{text}");
        assert!(stream.classify(&readings[..length - 1]).is_empty());
        stream.reset();
        let again = events(&mut stream, sound.axes, &readings);
        assert!(again == expected, "{text}");
    }
    assert!(streamed > 500, "{streamed} windows were computed");
}

#[test]
fn a_second_of_sound_needs_a_tenth_of_the_samples() {
    let sound = Sound {
        block: "mfcc",
        samples: 1000,
        hop: 200,
        frame_ms: 30.0,
        stride_ms: 20.0,
        axes: 1,
    };
    let chip = sound.chip();
    let chip = Chip::parse(chip.as_ref()).expect("legal");
    let (all, few) = (chip.needs(), chip.streaming_needs().expect("frames"));
    // A frame, the gate, the scores and two windows of history.
    assert_eq!((all.ring, few.ring), (1000 + 2 + 9, 30 + 2 + 9));
    assert_eq!((all.features, few.features), (49 * 5, 49 * 5));
    assert!(few.scratch <= all.scratch && few.bytes() < all.bytes() / 2);
}

#[test]
fn each_frame_is_computed_once() {
    let sound = Sound {
        block: "mfe",
        samples: 100,
        hop: 20,
        frame_ms: 30.0,
        stride_ms: 10.0,
        axes: 1,
    };
    let mut classifier = streaming(&sound.chip());
    let (mut frames, mut windows) = (0, 0);
    for reading in signal(&sound.signal(), 1) {
        let mut networks = 0;
        let event = classifier.push_with(&[reading], |stage| match stage {
            Stage::Begin => frames += 1,
            Stage::Features => (),
            Stage::Network => networks += 1,
        });
        windows += usize::from(event.is_some());
        frames -= networks;
    }
    // The last frame that is whole begins at 970; the last window ends with the signal.
    assert_eq!((frames, windows), (98, 46));
}

#[test]
fn what_does_not_suit_is_told() {
    let odd = Sound {
        block: "mfe",
        samples: 100,
        hop: 25,
        frame_ms: 30.0,
        stride_ms: 10.0,
        axes: 1,
    };
    for chip in [odd.chip(), encode(&Parts::small().spec())] {
        let parsed = Chip::parse(chip.as_ref()).expect("legal");
        assert_eq!(parsed.streaming_needs(), None);
        let memory = memory(parsed.needs());
        let error = Classifier::streaming(chip.clone(), ops::ALL, BLOCKS, memory).err();
        assert_eq!(error, Some(ChipError::NotStreaming));
    }
}
