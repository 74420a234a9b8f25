//! Start, readings, pictures, scores.

use core::ptr;

use lampyris_core::Operator;
use lampyris_device::{Chip, ChipError, Classifier, Event, Memory};
use lampyris_dsp::Block;

use crate::memory::{LampyrisMemory, place, room, value, values};
use crate::picture::{LampyrisPicture, view};
use crate::status::LampyrisStatus::{
    self, LampyrisMisalignedMemory, LampyrisNull, LampyrisOk, LampyrisTooLittleMemory,
};

type OnChip = Classifier<&'static [u8], &'static mut [u8], &'static mut [f32]>;

/// A model at work. It lies in the state that it was given; there is nothing to free. One
/// classifier is used by one thread or interrupt at a time; several may live side by side.
pub struct LampyrisClassifier(OnChip);

/// A model as it lies in flash, with what it needs of this library. Everything it points to
/// must stay there, unchanged, for as long as a classifier of it is used.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct LampyrisModel {
    /// The chip part of a bundle, at a multiple of 16.
    pub chip: *const u8,
    /// Bytes at `chip`: the chip part's own, or more.
    pub chip_bytes: u32,
    /// The operators that the network may use, for example
    /// { &lampyris_op_fully_connected, &lampyris_op_softmax }.
    pub operators: *const *const Operator,
    /// Entries of `operators`.
    pub operator_count: u32,
    /// The signal blocks that the model may use, for example { &lampyris_block_spectral }.
    pub blocks: *const *const Block,
    /// Entries of `blocks`.
    pub block_count: u32,
}

/// What the model says at the end of a window, or of a picture.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LampyrisEvent {
    /// Index of the label whose score reaches the model's threshold; -1 where none does.
    pub label: i32,
    /// Index of the best output, the first of equals, whatever its score.
    pub best: u32,
    /// Its score, averaged over the last windows as the model says, 0 to 1.
    pub score: f32,
    /// Whether the label is new: what a product acts on. Never for a label that means "none of
    /// these", within the suppression time, or on fewer windows than are averaged.
    pub fired: bool,
    /// Whether the window was computed. If not, nothing happened in it, and no label is given.
    pub awake: bool,
}

impl From<Event> for LampyrisEvent {
    fn from(event: Event) -> Self {
        Self {
            label: event.label.map_or(-1, |label| label as i32),
            best: event.best as u32,
            score: event.score,
            fired: event.fired,
            awake: event.awake,
        }
    }
}

/// Looks whether a chip part is whole, undamaged and of this library's version: its magic,
/// version, length, checksum, alignment and the sizes of its sections. The network and the
/// block's settings are looked at by `lampyris_start`. `chip_bytes` may be more than the chip
/// part has.
///
/// # Safety
/// `chip` is NULL or points to `chip_bytes` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_check(chip: *const u8, chip_bytes: u32) -> LampyrisStatus {
    if chip.is_null() {
        return LampyrisNull;
    }
    // SAFETY: the caller's word, as above.
    let bytes = match unsafe { values(chip, chip_bytes) } {
        Ok(bytes) => bytes,
        Err(status) => return status,
    };
    match Chip::parse_with(bytes, &[]) {
        // Which block it is comes last of what can be looked at without one.
        Ok(_) | Err(ChipError::UnknownBlock(_)) => LampyrisOk,
        Err(error) => error.into(),
    }
}

/// Checks a model once and for all, and starts it on whole windows: `*classifier` is what the
/// functions below take, or NULL where the status is not LAMPYRIS_OK. The structs themselves
/// are not needed afterwards.
///
/// # Safety
/// Pointers are NULL or point to what `LampyrisModel` and `LampyrisMemory` say, for as long
/// as they say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_start(
    model: *const LampyrisModel,
    memory: *const LampyrisMemory,
    classifier: *mut *mut LampyrisClassifier,
) -> LampyrisStatus {
    // SAFETY: the caller's word, as above.
    unsafe { start(model, memory, classifier, Classifier::new) }
}

/// As `lampyris_start`, for a model of sound whose features are computed frame by frame as
/// samples come: far less memory, and the same events and scores, byte for byte. The export
/// of a model says which of the two its memory is for.
///
/// # Safety
/// As `lampyris_start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_start_streaming(
    model: *const LampyrisModel,
    memory: *const LampyrisMemory,
    classifier: *mut *mut LampyrisClassifier,
) -> LampyrisStatus {
    // SAFETY: the caller's word, as above.
    unsafe { start(model, memory, classifier, Classifier::streaming) }
}

/// [`Classifier::new`] or [`Classifier::streaming`].
type Maker = fn(
    &'static [u8],
    &'static [&'static Operator],
    &'static [&'static Block],
    Memory<&'static mut [u8], &'static mut [f32]>,
) -> Result<OnChip, ChipError>;

/// # Safety
/// As [`lampyris_start`].
unsafe fn start(
    model: *const LampyrisModel,
    memory: *const LampyrisMemory,
    classifier: *mut *mut LampyrisClassifier,
    make: Maker,
) -> LampyrisStatus {
    // SAFETY: the caller's word.
    let out = match unsafe { place(classifier) } {
        Ok(out) => out,
        Err(status) => return status,
    };
    *out = ptr::null_mut();
    // SAFETY: the same.
    match unsafe { started(model, memory, make) } {
        Ok(classifier) => {
            *out = classifier;
            LampyrisOk
        }
        Err(status) => status,
    }
}

/// # Safety
/// As [`lampyris_start`].
unsafe fn started(
    model: *const LampyrisModel,
    memory: *const LampyrisMemory,
    make: Maker,
) -> Result<*mut LampyrisClassifier, LampyrisStatus> {
    // SAFETY: the caller's word; both are only read here.
    let (model, memory) = unsafe { (value(model)?, value(memory)?) };
    memory.check_apart(model.chip, model.chip_bytes)?;
    if model.chip.is_null() || memory.state.is_null() {
        return Err(LampyrisNull);
    }
    let state = memory.state.cast::<LampyrisClassifier>();
    if !state.is_aligned() || !state.cast::<u64>().is_aligned() {
        return Err(LampyrisMisalignedMemory);
    }
    if (memory.state_bytes as usize) < size_of::<LampyrisClassifier>() {
        return Err(LampyrisTooLittleMemory);
    }
    // SAFETY: the caller's word that bytes and tables lie there for as long as the classifier
    // is used; that no two of the ranges share bytes is checked above.
    let (chip, operators, blocks, memory) = unsafe {
        (
            values(model.chip, model.chip_bytes)?,
            table(model.operators, model.operator_count)?,
            table(model.blocks, model.block_count)?,
            Memory {
                arena: room(memory.arena, memory.arena_bytes)?,
                ring: room(memory.ring, memory.ring_values)?,
                scratch: room(memory.scratch, memory.scratch_values)?,
                features: room(memory.features, memory.feature_values)?,
            },
        )
    };
    let classifier = make(chip, operators, blocks, memory)?;
    // SAFETY: not NULL, aligned and large enough, by the checks above; what was there is not read.
    unsafe { state.write(LampyrisClassifier(classifier)) };
    Ok(state)
}

/// A table of pointers to operators or blocks, none of them NULL.
///
/// # Safety
/// `at` is NULL, or `count` pointers lie there for ever that are NULL or point to what this
/// library exports.
unsafe fn table<T>(
    at: *const *const T,
    count: u32,
) -> Result<&'static [&'static T], LampyrisStatus> {
    // SAFETY: the caller's word.
    let pointers: &'static [*const T] = unsafe { values(at, count) }?;
    for one in pointers {
        // SAFETY: the same.
        unsafe { value(*one) }?;
    }
    // SAFETY: a reference is a pointer that is not NULL, aligned and points to a `T`.
    unsafe { values(at.cast::<&'static T>(), count) }
}

/// Takes one reading of all axes at the model's rate and in the unit that it was trained with.
/// True at the end of each window, first when one is full, then at every hop: `*event` then
/// says what the model found. False otherwise, and where a pointer is NULL or misaligned,
/// `axes` is not the model's number, or the model is for pictures. `event` may be NULL.
///
/// A window's end takes the whole time of features and network, every other reading next to
/// none; when streaming, features are computed at the end of each frame.
///
/// # Safety
/// `classifier` is NULL or what `lampyris_start` gave and used by nothing else meanwhile;
/// `reading` points to `axes` floats.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_push(
    classifier: *mut LampyrisClassifier,
    reading: *const f32,
    axes: u32,
    event: *mut LampyrisEvent,
) -> bool {
    // SAFETY: the caller's word, as above.
    let (Ok(classifier), Ok(reading)) = (unsafe { (place(classifier), values(reading, axes)) })
    else {
        return false;
    };
    if !event.is_aligned() {
        return false;
    }
    let said = classifier.0.push(reading);
    // SAFETY: the same.
    unsafe { tell(said, event) }
}

/// Takes one picture: it is one window and one reading. True where it was taken: `*event` then
/// says what the model found. False where a pointer is NULL or misaligned, the picture's sizes
/// do not agree, or the model is not for pictures. `event` may be NULL.
///
/// # Safety
/// `classifier` as for `lampyris_push`; `picture` and its bytes are NULL or as
/// `LampyrisPicture` says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_see(
    classifier: *mut LampyrisClassifier,
    picture: *const LampyrisPicture,
    event: *mut LampyrisEvent,
) -> bool {
    // SAFETY: the caller's word, as above.
    let (Ok(classifier), Some(picture)) = (unsafe { (place(classifier), view(picture)) }) else {
        return false;
    };
    if !event.is_aligned() {
        return false;
    }
    let said = classifier.0.see(&picture);
    // SAFETY: the same.
    unsafe { tell(said, event) }
}

/// Computes the features of one whole window, `[samples, axes]` with the axes of a sample side
/// by side, and gives the network's input that they become: `*count` int8 in the arena, valid
/// until the next call. `lampyris_infer` then runs on it. NULL, and `*count` 0, where `values`
/// is not samples times axes of the model, a pointer is NULL or misaligned, or the model is
/// for pictures. When streaming, the next reading begins a window.
///
/// # Safety
/// `classifier` as for `lampyris_push`; `window` points to `values` floats, `count` to a place
/// of the caller's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_quantized(
    classifier: *mut LampyrisClassifier,
    window: *const f32,
    values: u32,
    count: *mut u32,
) -> *const i8 {
    // SAFETY: the caller's word, as above.
    let found = match unsafe { (place(classifier), self::values(window, values)) } {
        (Ok(classifier), Ok(window)) => classifier.0.quantized(window),
        _ => &[],
    };
    // SAFETY: the same.
    unsafe { give(found, count) }
}

/// Puts what the model sees of a picture into the network's input and gives it: `*count` int8
/// `[rows, columns, channels]`, each a byte less 128, valid until the next call.
/// `lampyris_infer` then runs on it. NULL, and `*count` 0, where `lampyris_see` is false.
///
/// # Safety
/// `classifier` and `picture` as for `lampyris_see`, `count` as for `lampyris_quantized`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_shown(
    classifier: *mut LampyrisClassifier,
    picture: *const LampyrisPicture,
    count: *mut u32,
) -> *const i8 {
    // SAFETY: the caller's word, as above.
    let found = match unsafe { (place(classifier), view(picture)) } {
        (Ok(classifier), Some(picture)) => classifier.0.show(&picture),
        _ => &[],
    };
    // SAFETY: the same.
    unsafe { give(found, count) }
}

/// Runs the network on what its input holds and gives its outputs, one int8 a label, valid
/// until the next call: a score is (value + 128) / 256. The run may overwrite the input: where
/// none was put there before, the outputs mean nothing. No smoothing and no event come of it.
/// NULL, and `*count` 0, where `classifier` is NULL.
///
/// # Safety
/// `classifier` as for `lampyris_push`, `count` as for `lampyris_quantized`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_infer(
    classifier: *mut LampyrisClassifier,
    count: *mut u32,
) -> *const i8 {
    // SAFETY: the caller's word, as above.
    let found = match unsafe { place(classifier) } {
        Ok(classifier) => classifier.0.infer(),
        Err(_) => &[],
    };
    // SAFETY: the same.
    unsafe { give(found, count) }
}

/// The averaged scores as of the last event, 0 to 1, one a label, valid until the next call;
/// of no meaning before the first. NULL, and `*count` 0, where `classifier` is NULL.
///
/// # Safety
/// `classifier` as for `lampyris_push`, `count` as for `lampyris_quantized`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_scores(
    classifier: *const LampyrisClassifier,
    count: *mut u32,
) -> *const f32 {
    // SAFETY: the caller's word, as above.
    let found = match unsafe { value(classifier) } {
        Ok(classifier) => classifier.0.scores(),
        Err(_) => &[],
    };
    // SAFETY: the same.
    unsafe { give(found, count) }
}

/// Forgets the window, the scores that are averaged and the last event, for example after a
/// gap in the readings. Does nothing where `classifier` is NULL.
///
/// # Safety
/// `classifier` as for `lampyris_push`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_reset(classifier: *mut LampyrisClassifier) {
    // SAFETY: the caller's word, as above.
    if let Ok(classifier) = unsafe { place(classifier) } {
        classifier.0.reset();
    }
}

/// Writes an event, where there is one and a place for it.
///
/// # Safety
/// `at` is NULL or aligned and a place of the caller's.
unsafe fn tell(said: Option<Event>, at: *mut LampyrisEvent) -> bool {
    let Some(said) = said else {
        return false;
    };
    if !at.is_null() {
        // SAFETY: not NULL; the rest is the caller's word. Written without a look at what was
        // there, which may be anything.
        unsafe { at.write(said.into()) };
    }
    true
}

/// A pointer to values, and how many there are; NULL where there are none.
///
/// # Safety
/// `count` is NULL or a place of the caller's.
unsafe fn give<T>(found: &[T], count: *mut u32) -> *const T {
    if !count.is_null() && count.is_aligned() {
        // SAFETY: not NULL and aligned; the rest is the caller's word.
        unsafe { count.write(found.len() as u32) };
    }
    if found.is_empty() {
        ptr::null()
    } else {
        found.as_ptr()
    }
}
