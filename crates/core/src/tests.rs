//! A blob written by hand, run, and spoiled in every way that is refused.

extern crate std;

use std::string::ToString;
use std::vec::Vec;

use crate::{Aligned, Fault, ModelError, Section, Session, arena_bytes, ops};

const WORDS: usize = 92;
const TENSORS: usize = 20;
const NODES: usize = 44;
const LIST: usize = 60;
const PARAMS: usize = 68;
const DATA: usize = 80;

/// x `[1, 2]` → FULLY_CONNECTED → y `[1, 2]` → SOFTMAX → p `[1, 2]`.
///
/// Weights 1 2 −3 4, bias 6 −2, times 1/4; the softmax at 1/16 a step.
fn words() -> [u32; WORDS] {
    let mut w = [0u32; WORDS];
    let header = [
        u32::from_le_bytes(*b"LGRF"),
        2,
        4 * WORDS as u32,
        6,
        4 * TENSORS as u32,
        3,
        4 * NODES as u32,
        2,
        4 * LIST as u32,
        6,
        4 * PARAMS as u32,
        12,
        4 * DATA as u32,
        48,
        1,
        1,
    ];
    w[..16].copy_from_slice(&header);
    for t in 0..3 {
        let record = [100 + t, 2 << 8, 2 * t, 2, 1, 2, 1, 1];
        w[TENSORS + 8 * t as usize..][..8].copy_from_slice(&record);
    }
    w[NODES..][..16].copy_from_slice(&[9, 0, 9, 2, 1, 3, 1, 0, 25, 9, 3, 4, 1, 5, 1, 0]);
    w[LIST..][..6].copy_from_slice(&[0, 2, 0, 1, 1, 2]);
    let low = -128i32 as u32;
    w[PARAMS..][..9].copy_from_slice(&[2, 2, 0, 16, 32, 1, 3, low, 127]);
    w[PARAMS + 9..][..3].copy_from_slice(&[1 << 30, 23, -248i32 as u32]);
    w[DATA] = u32::from_le_bytes([1, 2, -3i8 as u8, 4]);
    w[DATA + 4] = 6;
    w[DATA + 5] = -2i32 as u32;
    w[DATA + 8] = 1 << 30;
    w[DATA + 9] = -1i32 as u32;
    w
}

fn bytes(words: &[u32; WORDS]) -> Aligned<{ 4 * WORDS }> {
    let mut bytes = Aligned([0; 4 * WORDS]);
    for (to, from) in bytes.0.chunks_exact_mut(4).zip(words) {
        to.copy_from_slice(&from.to_le_bytes());
    }
    bytes
}

fn refusal(spoil: impl FnOnce(&mut [u32; WORDS])) -> ModelError {
    let mut w = words();
    spoil(&mut w);
    match Session::new(bytes(&w), [0; 6], ops::ALL) {
        Ok(_) => panic!("the spoiled model was taken"),
        Err(e) => e,
    }
}

#[test]
fn runs_and_shows_each_step() {
    let mut session = Session::new(bytes(&words()), [0u8; 6], ops::ALL).expect("a sound model");
    assert_eq!(session.arity(), (1, 1));
    session.input_mut(0).copy_from_slice(&[10, 20]);
    let mut seen = Vec::new();
    session.run_with(|node, step| {
        for (id, values) in step.outputs() {
            seen.push((node, step.code(), id, values.to_vec()));
        }
    });
    // By hand: 14 + 3 and 12 + 3; e^(2/16) : 1 = 0.531 : 0.469, times 256, less 128.
    assert_eq!(seen[0], (0, 9, 101, [17, 15].to_vec()));
    assert_eq!(seen[1], (1, 25, 102, [8, -8].to_vec()));
    assert_eq!(session.output(0), [8, -8]);
    assert_eq!(session.input(0), [10, 20]);
}

#[test]
fn what_is_not_there_is_empty() {
    let mut session = Session::new(bytes(&words()), [0u8; 6], ops::ALL).expect("a sound model");
    assert!(session.input(1).is_empty());
    assert!(session.input_mut(9).is_empty());
    assert!(session.output(1).is_empty());
}

#[test]
fn the_size_of_the_arena_can_be_asked() {
    assert_eq!(arena_bytes(bytes(&words()).as_ref()), Ok(6));
    assert_eq!(
        arena_bytes(&[]),
        Err(ModelError::Misaligned).or(arena_bytes(&[]))
    );
}

#[test]
fn wrong_bytes_are_refused() {
    let sound = bytes(&words());
    let refused = |model: &[u8], arena: usize| {
        let arena = std::vec![0u8; arena];
        Session::new(model, arena, ops::ALL).err()
    };
    assert_eq!(
        refused(&sound.0[..64], 6),
        Some(ModelError::TooShort { given: 64 })
    );
    // Blob + 1: the very same bytes, one place on.
    let mut moved = Aligned([0; 4 * WORDS + 16]);
    moved.0[1..][..4 * WORDS].copy_from_slice(&sound.0);
    assert_eq!(
        refused(&moved.0[1..=4 * WORDS], 6),
        Some(ModelError::Misaligned)
    );
    assert_eq!(
        refused(&sound.0[..4 * WORDS - 16], 6),
        Some(ModelError::Length {
            stated: 368,
            given: 352
        })
    );
    assert_eq!(
        refused(&sound.0, 5),
        Some(ModelError::ArenaTooSmall {
            needed: 6,
            given: 5
        })
    );
}

#[test]
fn operators_must_be_in_the_table() {
    static ONLY: &[&ops::Operator] = &[&ops::FULLY_CONNECTED];
    assert_eq!(
        Session::new(bytes(&words()), [0u8; 6], ONLY).err(),
        Some(ModelError::UnknownOperator { node: 1, code: 25 })
    );
}

/// One kind of damage: where, what is put there, and the answer.
type Damage = (usize, u32, ModelError);

fn damages() -> Vec<Damage> {
    let node = |fault| ModelError::Node { node: 0, fault };
    let soft = |fault| ModelError::Node { node: 1, fault };
    std::vec![
        (0, 0, ModelError::NotAModel),
        (1, 1, ModelError::Version { found: 1 }),
        (
            4,
            84,
            ModelError::SectionMisaligned {
                section: Section::Tensors
            }
        ),
        (
            6,
            4096,
            ModelError::SectionOutOfRange {
                section: Section::Nodes
            }
        ),
        (
            7,
            u32::MAX,
            ModelError::SectionOutOfRange {
                section: Section::Nodes
            }
        ),
        (
            8,
            0,
            ModelError::SectionOutOfRange {
                section: Section::List
            }
        ),
        (
            11,
            1 << 30,
            ModelError::SectionOutOfRange {
                section: Section::Params
            }
        ),
        (
            13,
            u32::MAX,
            ModelError::SectionOutOfRange {
                section: Section::Data
            }
        ),
        (14, 0, ModelError::InputsOutputs),
        (15, 90, ModelError::InputsOutputs),
        (
            TENSORS + 1,
            (2 << 8) | 2,
            ModelError::TensorType { tensor: 0 }
        ),
        (TENSORS + 1, 0, ModelError::TensorShape { tensor: 0 }),
        (TENSORS + 13, 3, ModelError::TensorShape { tensor: 1 }),
        (
            TENSORS + 18,
            5,
            ModelError::TensorOutsideArena { tensor: 2 }
        ),
        (
            TENSORS + 18,
            u32::MAX,
            ModelError::TensorOutsideArena { tensor: 2 }
        ),
        (LIST + 3, 3, ModelError::TensorIndex { at: 3 }),
        (NODES, 77, ModelError::UnknownOperator { node: 0, code: 77 }),
        (NODES + 1, 2, node(Fault::Constant)),
        (NODES + 1, u32::MAX, ModelError::NodeRange { node: 0 }),
        (NODES + 2, 8, node(Fault::Params)),
        (NODES + 4, 0, node(Fault::Arity)),
        (NODES + 11, 7, ModelError::NodeRange { node: 1 }),
        (TENSORS + 10, 1, ModelError::OutputOverlapsInput { node: 0 }),
        (LIST + 5, 0, ModelError::WrittenTwice { node: 1 }),
        (LIST + 2, 2, ModelError::ReadBeforeWritten { node: 0 }),
        (PARAMS, 3, node(Fault::Shape)),
        (PARAMS, u32::MAX, node(Fault::Constant)),
        (PARAMS, 0, node(Fault::Shape)),
        (PARAMS + 2, 45, node(Fault::Constant)),
        (PARAMS + 3, 17, node(Fault::Constant)),
        (PARAMS + 5, 0, node(Fault::Multiplier)),
        (PARAMS + 6, 128, node(Fault::Params)),
        (PARAMS + 8, 128, node(Fault::Params)),
        (DATA + 8, 5, node(Fault::Multiplier)),
        (DATA + 9, 31, node(Fault::Multiplier)),
        (PARAMS + 9, 1, soft(Fault::Multiplier)),
        (PARAMS + 10, 32, soft(Fault::Multiplier)),
        (PARAMS + 11, 1, soft(Fault::Params)),
        (PARAMS + 11, -257i32 as u32, soft(Fault::Params)),
    ]
}

#[test]
fn every_damage_has_its_answer() {
    for (at, value, want) in damages() {
        assert_eq!(refusal(|w| w[at] = value), want, "word {at} = {value}");
    }
    let mut answers: Vec<_> = damages().iter().map(|d| d.2.to_string()).collect();
    answers.sort();
    answers.dedup();
    assert!(answers.len() >= 25, "{} different answers", answers.len());
}

#[test]
fn bytes_that_are_still_needed_may_not_be_written_over() {
    // The graph's outputs are y and p, and p lies where x is, which is done
    // with: sound. Only when p lies on y it is lost.
    let two_outputs = |w: &mut [u32; WORDS], offset: u32| {
        w[LIST..][..7].copy_from_slice(&[0, 1, 2, 0, 1, 1, 2]);
        w[9] = 7;
        w[15] = 2;
        for at in [NODES + 3, NODES + 5, NODES + 11, NODES + 13] {
            w[at] += 1;
        }
        w[TENSORS + 18] = offset;
    };
    let mut w = words();
    two_outputs(&mut w, 0);
    assert!(Session::new(bytes(&w), [0u8; 6], ops::ALL).is_ok());
    assert_eq!(
        refusal(|w| {
            two_outputs(w, 0);
            // The outputs are now x, which p was written over, and p.
            w[LIST + 1] = 0;
        }),
        ModelError::Clobbered { node: 1, tensor: 0 }
    );
}

#[test]
fn inputs_may_not_share_bytes() {
    let e = refusal(|w| {
        w[14] = 2;
        w[LIST..][..7].copy_from_slice(&[0, 1, 2, 0, 1, 1, 2]);
        w[9] = 7;
        w[TENSORS + 10] = 1;
    });
    assert_eq!(e, ModelError::InputsOverlap { input: 1 });
}

#[test]
fn any_word_may_be_anything() {
    // Whatever is taken must run; nothing may panic (tests check overflow too).
    let values = [
        0,
        1,
        2,
        3,
        7,
        16,
        255,
        256,
        0x7fff_ffff,
        0x8000_0000,
        u32::MAX,
    ];
    // All words take Miri an hour.
    for at in (0..WORDS).step_by(if cfg!(miri) { 11 } else { 1 }) {
        for value in values {
            let mut w = words();
            w[at] = value;
            if let Ok(mut session) = Session::new(bytes(&w), [0u8; 64], ops::ALL) {
                session.run();
            }
        }
    }
}
