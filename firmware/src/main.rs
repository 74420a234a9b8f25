//! Runs the model that was built in on every window of `windows.f32` (little-endian,
//! `[windows, samples, axes]`, in the emulator's folder) and prints for each window
//!
//! ```text
//! f <int8 features that reached the network, in hex>
//! o <int8 outputs, in hex>
//! ```
//!
//! then `end` and the count. A refused model or a panic prints the reason and ends the
//! emulator with an error.
#![no_std]
#![no_main]

use lampyris_core::{Aligned, Operator, ops};
use lampyris_device::{ChipError, Classifier, Memory};
use lampyris_dsp::Block;
use lampyris_firmware::board::File;
use lampyris_firmware::lines::print_bytes;
use lampyris_firmware::{classifier, program};

// The model, the memory it needs, and what starts it: only its own operators and its own
// block are linked.
include!(concat!(env!("OUT_DIR"), "/chip.rs"));

program!(run);

fn run() -> Result<(), &'static str> {
    classifier!(classifier);
    let mut file = File::open(c"windows.f32")
        .ok_or("windows.f32: not there, start the emulator in its folder")?;
    let mut window = [0.0; WINDOW];
    let mut count = 0;
    while read(&mut file, &mut window) {
        print_bytes("f ", classifier.quantized(&window));
        print_bytes("o ", classifier.infer());
        count += 1;
    }
    print_bytes("end ", &i8s(count));
    Ok(())
}

/// Fills the window from the file; false where the file holds no further whole one.
fn read(file: &mut File, window: &mut [f32]) -> bool {
    // Few large requests: each stops the processor.
    let mut buffer = [0; 256];
    for part in window.chunks_mut(buffer.len() / 4) {
        let Some(bytes) = buffer.get_mut(..part.len() * 4) else {
            return false;
        };
        if !file.read(bytes) {
            return false;
        }
        for (value, word) in part.iter_mut().zip(bytes.as_chunks().0) {
            *value = f32::from_le_bytes(*word);
        }
    }
    true
}

/// The count as four bytes, the highest first.
fn i8s(count: u32) -> [i8; 4] {
    count.to_be_bytes().map(|byte| byte as i8)
}
