//! The functions that C calls, called as C does.
#![allow(unsafe_code, reason = "it calls the interface as C does")]

#[path = "../../device/tests/fixture/mod.rs"]
#[allow(dead_code)]
mod fixture;

use std::ffi::{CStr, c_void};
use std::ptr::{null, null_mut};

use fixture::{Parts, Picture, encode, windows};
use lampyris_capi::classifier::{
    LampyrisClassifier, LampyrisEvent, LampyrisModel, lampyris_check, lampyris_infer,
    lampyris_push, lampyris_quantized, lampyris_reset, lampyris_scores, lampyris_see,
    lampyris_shown, lampyris_start, lampyris_start_streaming,
};
use lampyris_capi::digest::lampyris_sha256;
use lampyris_capi::memory::LampyrisMemory;
use lampyris_capi::picture::LampyrisPicture;
use lampyris_capi::status::LampyrisStatus::{self, *};
use lampyris_capi::status::lampyris_reason;
use lampyris_capi::tables::{BLOCKS, OPERATORS};
use lampyris_core::{Operator, ops};
use lampyris_device::{Chip, ChipSpec, Classifier, Event, Memory, Needs};
use lampyris_dsp::{Block, Pixels};
use lampyris_graph::AlignedBytes;

/// A state that is large enough on any host.
#[repr(align(8))]
struct State {
    _bytes: [u8; 1024],
}

/// What an export generates: tables and buffers, all of them static on a chip.
struct Export {
    chip: AlignedBytes,
    operators: Vec<*const Operator>,
    blocks: Vec<*const Block>,
    state: Box<State>,
    arena: Vec<u8>,
    ring: Vec<f32>,
    scratch: Vec<f32>,
    features: Vec<f32>,
}

type Start = unsafe extern "C" fn(
    *const LampyrisModel,
    *const LampyrisMemory,
    *mut *mut LampyrisClassifier,
) -> LampyrisStatus;

impl Export {
    fn new(spec: &ChipSpec<'_>) -> Self {
        let chip = encode(spec);
        let needs = Chip::parse(chip.as_ref()).expect("legal").needs();
        Self::with(chip, &needs)
    }

    fn with(chip: AlignedBytes, needs: &Needs) -> Self {
        Self {
            chip,
            operators: OPERATORS.iter().map(|(_, one)| *one as *const _).collect(),
            blocks: BLOCKS.iter().map(|(_, one)| *one as *const _).collect(),
            state: Box::new(State {
                _bytes: [0x55; 1024],
            }),
            arena: vec![0x55; needs.arena],
            ring: vec![f32::NAN; needs.ring],
            scratch: vec![f32::NAN; needs.scratch],
            features: vec![f32::NAN; needs.features],
        }
    }

    fn model(&self) -> LampyrisModel {
        LampyrisModel {
            chip: self.chip.as_ref().as_ptr(),
            chip_bytes: self.chip.as_ref().len() as u32,
            operators: self.operators.as_ptr(),
            operator_count: self.operators.len() as u32,
            blocks: self.blocks.as_ptr(),
            block_count: self.blocks.len() as u32,
        }
    }

    fn memory(&mut self) -> LampyrisMemory {
        LampyrisMemory {
            state: (&raw mut *self.state).cast::<c_void>(),
            state_bytes: 1024,
            arena: self.arena.as_mut_ptr(),
            arena_bytes: self.arena.len() as u32,
            ring: self.ring.as_mut_ptr(),
            ring_values: self.ring.len() as u32,
            scratch: self.scratch.as_mut_ptr(),
            scratch_values: self.scratch.len() as u32,
            features: self.features.as_mut_ptr(),
            feature_values: self.features.len() as u32,
        }
    }

    /// What starting says with this model and this memory changed so.
    fn refusal(
        &mut self,
        start: Start,
        change: impl FnOnce(&mut LampyrisModel, &mut LampyrisMemory),
    ) -> LampyrisStatus {
        let (mut model, mut memory) = (self.model(), self.memory());
        change(&mut model, &mut memory);
        let mut classifier = null_mut::<LampyrisClassifier>().wrapping_byte_add(8);
        // SAFETY: pointers into this export's own memory, or such as are refused unread.
        let status = unsafe { start(&raw const model, &raw const memory, &raw mut classifier) };
        assert_eq!(status == LampyrisOk, !classifier.is_null(), "{status:?}");
        status
    }

    /// A classifier that uses this export for as long as the test does.
    fn start(&mut self, start: Start) -> *mut LampyrisClassifier {
        let (model, memory) = (self.model(), self.memory());
        let mut classifier = null_mut();
        // SAFETY: all of it is this export's own.
        let status = unsafe { start(&raw const model, &raw const memory, &raw mut classifier) };
        assert_eq!(status, LampyrisOk);
        classifier
    }
}

/// The same in Rust.
fn device(spec: &ChipSpec<'_>) -> Classifier<AlignedBytes, Vec<u8>, Vec<f32>> {
    let chip = encode(spec);
    let needs = Chip::parse(chip.as_ref()).expect("legal").needs();
    let memory = Memory {
        arena: vec![0; needs.arena],
        ring: vec![0.0; needs.ring],
        scratch: vec![0.0; needs.scratch],
        features: vec![0.0; needs.features],
    };
    Classifier::new(chip, ops::ALL, lampyris_dsp::BLOCKS, memory).expect("legal")
}

const NOTHING: LampyrisEvent = LampyrisEvent {
    label: -9,
    best: 99,
    score: -1.0,
    fired: false,
    awake: false,
};

fn same(found: &LampyrisEvent, event: &Event) {
    assert_eq!(found.label, event.label.map_or(-1, |label| label as i32));
    assert_eq!(found.best as usize, event.best);
    assert_eq!(found.score.to_bits(), event.score.to_bits());
    assert_eq!((found.fired, found.awake), (event.fired, event.awake));
}

/// The values that a function gave, by pointer and count.
fn given<'a, T>(values: *const T, count: u32) -> &'a [T] {
    assert_eq!(values.is_null(), count == 0);
    if count == 0 {
        return &[];
    }
    // SAFETY: what the functions give lies in an export's memory, which the test keeps.
    unsafe { std::slice::from_raw_parts(values, count as usize) }
}

fn quantized(classifier: *mut LampyrisClassifier, window: &[f32]) -> Vec<i8> {
    let mut count = 99;
    // SAFETY: a started classifier, and places of this function's own.
    let values = unsafe {
        lampyris_quantized(
            classifier,
            window.as_ptr(),
            window.len() as u32,
            &raw mut count,
        )
    };
    given(values, count).to_vec()
}

fn infer(classifier: *mut LampyrisClassifier) -> Vec<i8> {
    let mut count = 99;
    // SAFETY: a started classifier, and a place of this function's own.
    let values = unsafe { lampyris_infer(classifier, &raw mut count) };
    given(values, count).to_vec()
}

/// Pushes all readings to both and compares all that they say; gives the number of events.
fn follow(classifier: *mut LampyrisClassifier, spec: &ChipSpec<'_>, stream: &[f32]) -> usize {
    let mut device = device(spec);
    let mut events = 0;
    for reading in stream.chunks(spec.axes.into()) {
        let mut found = NOTHING;
        // SAFETY: a started classifier, and places of this function's own.
        let ended = unsafe {
            lampyris_push(
                classifier,
                reading.as_ptr(),
                reading.len() as u32,
                &raw mut found,
            )
        };
        let event = device.push(reading);
        assert_eq!(ended, event.is_some());
        let Some(event) = event else {
            assert_eq!(found, NOTHING);
            continue;
        };
        same(&found, &event);
        let mut count = 0;
        // SAFETY: the same.
        let scores = unsafe { lampyris_scores(classifier, &raw mut count) };
        assert_eq!(given(scores, count), device.scores());
        events += 1;
    }
    events
}

#[test]
fn readings_give_what_the_device_gives() {
    let parts = Parts::small();
    let spec = parts.spec();
    let stream = windows(&parts.signal, 12);
    let mut export = Export::new(&spec);
    let classifier = export.start(lampyris_start);
    assert!(follow(classifier, &spec, &stream) > 20);
    // SAFETY: a started classifier.
    unsafe { lampyris_reset(classifier) };
    assert!(follow(classifier, &spec, &stream) > 20, "as if new");
}

#[test]
fn a_stream_of_frames_gives_the_same() {
    let parts = Parts::sound();
    let spec = parts.spec();
    let chip = encode(&spec);
    let needs = Chip::parse(chip.as_ref()).expect("legal").streaming_needs();
    let mut export = Export::with(chip, &needs.expect("sound streams"));
    let too_little = export.refusal(lampyris_start, |_, _| ());
    assert_eq!(too_little, LampyrisTooLittleMemory);
    let classifier = export.start(lampyris_start_streaming);
    assert!(follow(classifier, &spec, &windows(&parts.signal, 2)) >= 2);
}

#[test]
fn windows_give_the_devices_bytes() {
    let parts = Parts::usual();
    let spec = parts.spec();
    let mut export = Export::new(&spec);
    let classifier = export.start(lampyris_start);
    let mut device = device(&spec);
    for window in windows(&parts.signal, 6).chunks(300) {
        assert_eq!(quantized(classifier, window), device.quantized(window));
        assert_eq!(infer(classifier), device.infer());
    }
    assert!(
        quantized(classifier, &[0.0; 299]).is_empty(),
        "no whole window"
    );
}

#[test]
fn pictures_give_what_the_device_gives() {
    let parts = Parts::picture();
    let spec = parts.spec();
    let mut export = Export::new(&spec);
    let classifier = export.start(lampyris_start);
    let mut device = device(&spec);
    let forms = [Pixels::Grey, Pixels::Rgb, Pixels::Rgba, Pixels::Rgb565];
    for (number, form) in forms.into_iter().enumerate() {
        let picture = Picture::new(37, 29, form, number as u32);
        let mut handed = LampyrisPicture {
            width: 37,
            height: 29,
            pixels: number as u32,
            bytes: picture.bytes.as_ptr(),
            byte_count: picture.bytes.len() as u32,
        };
        let mut count = 0;
        // SAFETY: a started classifier, a picture and places of this test's own.
        let shown = unsafe { lampyris_shown(classifier, &raw const handed, &raw mut count) };
        assert_eq!(given(shown, count), device.show(&picture.view()));
        assert_eq!(infer(classifier), device.infer());
        let mut event = NOTHING;
        // SAFETY: the same.
        assert!(unsafe { lampyris_see(classifier, &raw const handed, &raw mut event) });
        same(
            &event,
            &device.see(&picture.view()).expect("a model for pictures"),
        );
        // SAFETY: the same; an event need not be wanted.
        assert!(unsafe { lampyris_see(classifier, &raw const handed, null_mut()) });
        device.see(&picture.view());
        for wrong in [
            |p: &mut LampyrisPicture| p.byte_count -= 1,
            |p: &mut LampyrisPicture| p.width = 0,
            |p: &mut LampyrisPicture| p.pixels = 4,
            |p: &mut LampyrisPicture| p.bytes = null(),
        ] {
            let mut wrongly = handed;
            wrong(&mut wrongly);
            // SAFETY: never more bytes than there are.
            let taken = unsafe { lampyris_see(classifier, &raw const wrongly, &raw mut event) };
            assert!(!taken);
        }
        handed.width = 36;
        // SAFETY: the same.
        let shown = unsafe { lampyris_shown(classifier, &raw const handed, &raw mut count) };
        assert!(given(shown, count).is_empty(), "sizes that do not agree");
    }
    let mut event = NOTHING;
    // SAFETY: as above.
    assert!(!unsafe { lampyris_push(classifier, [0.0; 3].as_ptr(), 3, &raw mut event) });
    assert_eq!(event, NOTHING);
}

/// A chip part with one of its bytes changed, and its checksum made right again if wanted.
fn changed(chip: &AlignedBytes, at: usize, to: u8) -> AlignedBytes {
    let mut bytes = chip.as_ref().to_vec();
    bytes[at] = to;
    AlignedBytes::new(&bytes)
}

#[test]
fn a_strange_model_is_refused_with_its_reason() {
    let parts = Parts::small();
    let good = encode(&parts.spec());
    let len = good.as_ref().len();
    let cases: [(AlignedBytes, LampyrisStatus); 8] = [
        (changed(&good, 0, b'l'), LampyrisNoModel),
        (changed(&good, 8, 3), LampyrisNewerVersion),
        (changed(&good, 8, 1), LampyrisOlderVersion),
        (
            changed(&good, len - 20, good.as_ref()[len - 20] ^ 4),
            LampyrisDamaged,
        ),
        (
            AlignedBytes::new(&good.as_ref()[..len - 16]),
            LampyrisCutShort,
        ),
        (AlignedBytes::new(&good.as_ref()[..9]), LampyrisCutShort),
        (AlignedBytes::new(&[]), LampyrisCutShort),
        (AlignedBytes::new(&vec![0xFF; len]), LampyrisNoModel),
    ];
    for (chip, expected) in cases {
        // SAFETY: bytes of this test's own.
        let checked = unsafe { lampyris_check(chip.as_ref().as_ptr(), chip.as_ref().len() as u32) };
        assert_eq!(checked, expected);
        let mut export = Export::new(&parts.spec());
        export.chip = chip;
        assert_eq!(export.refusal(lampyris_start, |_, _| ()), expected);
        assert_eq!(
            export.refusal(lampyris_start_streaming, |_, _| ()),
            expected
        );
    }
    let mut room = AlignedBytes::new(&vec![0; len + 16]);
    room.as_mut()[4..len + 4].copy_from_slice(good.as_ref());
    let askew = room.as_ref()[4..].as_ptr();
    // SAFETY: bytes of this test's own.
    unsafe {
        assert_eq!(lampyris_check(askew, len as u32), LampyrisMisaligned);
        assert_eq!(
            lampyris_check(good.as_ref().as_ptr(), len as u32),
            LampyrisOk
        );
        assert_eq!(lampyris_check(null(), 16), LampyrisNull);
    }
    let mut export = Export::new(&parts.spec());
    let misaligned = export.refusal(lampyris_start, |model, _| model.chip = askew);
    assert_eq!(misaligned, LampyrisMisaligned);
    assert_eq!(
        export.refusal(lampyris_start_streaming, |_, _| ()),
        LampyrisNotStreaming
    );
}

#[test]
fn a_model_whose_network_does_not_fit_its_features_is_malformed() {
    let mut parts = Parts::small();
    parts.graph = fixture::network(&[7, 3]).emit().expect("a legal graph");
    let mut export = Export::new(&parts.spec());
    assert_eq!(export.refusal(lampyris_start, |_, _| ()), LampyrisMalformed);
}

#[test]
fn what_the_table_lacks_is_named() {
    let parts = Parts::small();
    let mut export = Export::new(&parts.spec());
    let softmax: *const Operator = &raw const lampyris_capi::tables::lampyris_op_softmax;
    export.operators.retain(|one| *one != softmax);
    assert_eq!(
        export.refusal(lampyris_start, |_, _| ()),
        LampyrisLacksOperator
    );
    export.operators.push(softmax);
    let spectral: *const Block = &raw const lampyris_capi::tables::lampyris_block_spectral;
    export.blocks.retain(|one| *one != spectral);
    assert_eq!(
        export.refusal(lampyris_start, |_, _| ()),
        LampyrisLacksBlock
    );
    let none = export.refusal(lampyris_start, |model, _| {
        (model.blocks, model.block_count) = (null(), 0);
    });
    assert_eq!(none, LampyrisLacksBlock);
    export.blocks.push(null());
    assert_eq!(export.refusal(lampyris_start, |_, _| ()), LampyrisNull);
}

#[test]
fn memory_is_checked() {
    type Change = fn(&mut LampyrisModel, &mut LampyrisMemory);
    let cases: [(Change, LampyrisStatus); 19] = [
        (|_, _| (), LampyrisOk),
        (|_, m| m.state_bytes = 100, LampyrisTooLittleMemory),
        (|_, m| m.arena_bytes -= 1, LampyrisTooLittleMemory),
        (|_, m| m.ring_values -= 1, LampyrisTooLittleMemory),
        (|_, m| m.scratch_values -= 1, LampyrisTooLittleMemory),
        (|_, m| m.feature_values -= 1, LampyrisTooLittleMemory),
        (
            |_, m| (m.features, m.feature_values) = (null_mut(), 0),
            LampyrisTooLittleMemory,
        ),
        (|_, m| m.state = null_mut(), LampyrisNull),
        (|_, m| m.arena = null_mut(), LampyrisNull),
        (|_, m| m.ring = null_mut(), LampyrisNull),
        (|model, _| model.chip = null(), LampyrisNull),
        (|model, _| model.operators = null(), LampyrisNull),
        (
            |_, m| m.state = m.state.wrapping_byte_add(4),
            LampyrisMisalignedMemory,
        ),
        (
            |_, m| m.ring = m.ring.wrapping_byte_add(2),
            LampyrisMisalignedMemory,
        ),
        (
            |model, _| model.blocks = model.blocks.wrapping_byte_add(1),
            LampyrisMisalignedMemory,
        ),
        (
            |_, m| m.scratch = m.ring.wrapping_add(m.ring_values as usize - 1),
            LampyrisOverlapping,
        ),
        (|_, m| m.arena = m.state.cast(), LampyrisOverlapping),
        (
            |model, m| m.arena = model.chip.cast_mut(),
            LampyrisOverlapping,
        ),
        (
            |_, m| m.ring = (usize::MAX - 15) as *mut f32,
            LampyrisOverlapping,
        ),
    ];
    let parts = Parts::small();
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        let mut export = Export::new(&parts.spec());
        assert_eq!(
            export.refusal(lampyris_start, change),
            expected,
            "case {number}"
        );
    }
}

#[test]
fn null_never_ends_in_a_fault() {
    let parts = Parts::small();
    let mut export = Export::new(&parts.spec());
    let (model, memory) = (export.model(), export.memory());
    let mut classifier = null_mut();
    let mut event = NOTHING;
    let mut count = 99;
    let reading = [0.0_f32; 2];
    // SAFETY: NULL, or places of this test's own.
    unsafe {
        let out = &raw mut classifier;
        assert_eq!(lampyris_start(null(), &raw const memory, out), LampyrisNull);
        assert_eq!(lampyris_start(&raw const model, null(), out), LampyrisNull);
        let nowhere = lampyris_start(&raw const model, &raw const memory, null_mut());
        assert_eq!(nowhere, LampyrisNull);
        assert!(!lampyris_push(
            null_mut(),
            reading.as_ptr(),
            2,
            &raw mut event
        ));
        assert!(!lampyris_see(null_mut(), null(), &raw mut event));
        assert!(lampyris_infer(null_mut(), &raw mut count).is_null() && count == 0);
        assert!(lampyris_infer(null_mut(), null_mut()).is_null());
        assert!(lampyris_scores(null(), &raw mut count).is_null() && count == 0);
        assert!(lampyris_shown(null_mut(), null(), &raw mut count).is_null() && count == 0);
        lampyris_reset(null_mut());
        lampyris_sha256(null(), 3, null_mut());
    }
    let classifier = export.start(lampyris_start);
    // SAFETY: the same, and a started classifier.
    unsafe {
        assert!(!lampyris_push(classifier, null(), 2, &raw mut event));
        assert!(!lampyris_push(
            classifier,
            reading.as_ptr(),
            1,
            &raw mut event
        ));
        assert!(lampyris_quantized(classifier, null(), 80, &raw mut count).is_null());
        let askew = (&raw mut event).wrapping_byte_add(2);
        for _ in 0..80 {
            assert!(!lampyris_push(classifier, reading.as_ptr(), 2, askew));
        }
    }
    assert_eq!((event, count), (NOTHING, 0));
}

#[test]
fn every_operator_and_block_has_its_symbol() {
    let operators: Vec<&str> = OPERATORS.iter().map(|(_, one)| one.name).collect();
    let expected: Vec<&str> = ops::ALL.iter().map(|one| one.name).collect();
    let sorted = |mut names: Vec<&'static str>| {
        names.sort_unstable();
        names
    };
    assert_eq!(sorted(operators), sorted(expected));
    for (symbol, operator) in OPERATORS {
        assert_eq!(
            *symbol,
            format!("lampyris_op_{}", operator.name.to_lowercase())
        );
        let known = ops::find(ops::ALL, operator.code).expect("in the table");
        assert_eq!(known.name, operator.name);
    }
    let blocks: Vec<String> = BLOCKS
        .iter()
        .map(|(symbol, _)| (*symbol).to_owned())
        .collect();
    let expected = lampyris_dsp::BLOCKS.iter();
    let expected: Vec<String> = expected
        .map(|b| format!("lampyris_block_{}", b.id))
        .collect();
    assert_eq!(blocks, expected);
    for ((_, found), expected) in BLOCKS.iter().zip(lampyris_dsp::BLOCKS) {
        assert_eq!((found.id, found.code), (expected.id, expected.code));
    }
}

#[test]
fn every_status_says_what_to_do() {
    let mut texts = Vec::new();
    for status in 0..20 {
        // SAFETY: a text in the program, which ends with a zero.
        let text = unsafe { CStr::from_ptr(lampyris_reason(status)) };
        texts.push(text.to_str().expect("English"));
    }
    let last = LampyrisNotStreaming as usize;
    assert_eq!(texts[0], "ok");
    for (number, text) in texts.iter().enumerate().take(last + 1).skip(1) {
        assert!(
            text.contains(", ") || text.contains(": "),
            "{text}: no remedy"
        );
        assert!(!texts[..number].contains(text), "{text}: twice");
    }
    assert!(
        texts[last + 1..]
            .iter()
            .all(|text| text.starts_with("unknown status"))
    );
    assert!(
        texts[..=last]
            .iter()
            .all(|text| !text.starts_with("unknown status"))
    );
}

#[test]
fn the_digest_is_sha_256() {
    use sha2::{Digest, Sha256};
    let bytes: Vec<u8> = (0..300_u32).map(|i| (i * 37 % 251) as u8).collect();
    for len in (0..=130).chain([191, 192, 193, 300]) {
        let mut digest = [0; 32];
        // SAFETY: bytes of this test's own.
        unsafe { lampyris_sha256(bytes.as_ptr(), len as u32, digest.as_mut_ptr()) };
        assert_eq!(digest[..], Sha256::digest(&bytes[..len])[..], "{len} bytes");
    }
    let mut digest = [7; 32];
    // SAFETY: the same; no bytes at NULL.
    unsafe { lampyris_sha256(null(), 0, digest.as_mut_ptr()) };
    assert_eq!(digest[..4], [0xe3, 0xb0, 0xc4, 0x42]);
}
