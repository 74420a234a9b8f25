//! What the module exports. A page writes a file into [`lampyris_buffer`], opens it, and from then on
//! reads and writes the model's own memory.

use std::cell::RefCell;

use crate::model::{End, Kind, Model};

#[derive(Default)]
struct State {
    models: Vec<Option<Model>>,
    buffer: Vec<u8>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

fn with<T>(then: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(then)
}

fn with_model<T>(model: usize, then: impl FnOnce(&mut Model) -> T) -> Option<T> {
    with(|state| state.models.get_mut(model)?.as_mut().map(then))
}

/// Makes the buffer that long, and gives its address: for files on their way in, and texts on
/// their way out. 0 where there is no room.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_buffer(len: usize) -> usize {
    with(|state| {
        state.buffer = Vec::new();
        if state.buffer.try_reserve_exact(len).is_err() {
            return 0;
        }
        state.buffer.resize(len, 0);
        state.buffer.as_mut_ptr() as usize
    })
}

/// Opens the file in the buffer, and empties that. Gives the model's number; −1 where it can't be
/// opened: then [`lampyris_text`] has what is wrong, where, and the remedy, a line each.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_open() -> i32 {
    with(|state| {
        let opened = Model::open(std::mem::take(&mut state.buffer));
        match opened {
            Ok(model) => {
                let free = state.models.iter().position(Option::is_none);
                let number = free.unwrap_or(state.models.len());
                if free.is_none() {
                    state.models.push(None);
                }
                if let Some(place) = state.models.get_mut(number) {
                    *place = Some(model);
                }
                number as i32
            }
            Err(error) => {
                let parts = [error.what, error.place, error.remedy];
                state.buffer = parts
                    .map(|part| part.replace('\n', " "))
                    .join("\n")
                    .into_bytes();
                -1
            }
        }
    })
}

/// Where the buffer's text lies.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_text() -> usize {
    with(|state| state.buffer.as_ptr() as usize)
}

/// How long the buffer's text is, in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_text_len() -> usize {
    with(|state| state.buffer.len())
}

/// Puts a model's labels into the buffer, a line each.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_labels(model: usize) {
    let labels = with_model(model, |model| model.labels().join("\n"));
    with(|state| state.buffer = labels.unwrap_or_default().into_bytes());
}

/// How many inputs (0) or outputs (1) a model has.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_ends(model: usize, output: u32) -> usize {
    with_model(model, |model| ends(model, output).len()).unwrap_or(0)
}

/// A fact about an input (`output` 0) or an output (1): 0 its address, 1 how many values
/// it has, 2 their kind (0 int8, 1 uint8, 2 float32), 3 what a step is worth, 4 the value that
/// means 0. 0 where there is none.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_end(model: usize, output: u32, i: usize, fact: u32) -> f64 {
    let told = with_model(model, |model| {
        if fact == 0 {
            let at = [model.input_at(i), model.output_at(i)];
            return Some(at[(output != 0) as usize] as f64);
        }
        let end = ends(model, output).get(i)?;
        Some(match fact {
            1 => end.len as f64,
            2 => match end.kind {
                Kind::Int8 => 0.0,
                Kind::Uint8 => 1.0,
                Kind::Float32 => 2.0,
            },
            3 => end.scale.into(),
            _ => end.zero.into(),
        })
    });
    told.flatten().unwrap_or(0.0)
}

fn ends(model: &Model, output: u32) -> &[End] {
    if output == 0 {
        model.inputs()
    } else {
        model.outputs()
    }
}

/// Runs a model on what its inputs hold.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_run(model: usize) {
    let _ = with_model(model, Model::run);
}

/// Forgets what a model's earlier runs have left in its state.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_reset(model: usize) {
    let _ = with_model(model, Model::reset);
}

/// Gives a model's memory back.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_close(model: usize) {
    with(|state| {
        if let Some(place) = state.models.get_mut(model) {
            *place = None;
        }
    });
}

/// Where in the table of functions kernel number `kernel` of relaxed SIMD belongs: 0
/// `four_windows`, 1 `one_window`, 2 `channels`.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_place(kernel: usize) -> usize {
    let place = lampyris_core::relaxed::places().get(kernel).copied();
    place.unwrap_or(0)
}

/// What the `version` of a module of kernels must give.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_version() -> u32 {
    lampyris_core::relaxed::VERSION
}

/// Takes the kernels that stand there now, if what their probe gave is exact. Gives 1 then, else 0.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_adopt(probed: i32) -> u32 {
    use lampyris_core::relaxed::{Path, adopt};
    let path = Path::of_probe(probed);
    adopt(path);
    u32::from(path != Path::Pairs)
}
