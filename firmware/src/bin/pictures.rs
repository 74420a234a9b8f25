//! Runs the model that was built in on pictures: `pictures.bin` in the emulator's folder
//! holds for each, in words of four bytes, little-endian, how its pixels lie in memory
//! (0 grey, 1 RGB, 2 RGBA, 3 RGB565), its width and its height, then its bytes. For each
//! it prints
//!
//! ```text
//! f <int8 values that reached the network, in hex>
//! o <int8 outputs, in hex>
//! ```
//!
//! and what is said, as `lines` has it, then `end` and the count.
#![no_std]
#![no_main]

use bytemuck::must_cast_slice_mut;
use lampyris_core::{Aligned, Operator, ops};
use lampyris_device::{ChipError, Classifier, Memory};
use lampyris_dsp::{Block, Pixels, View};
use lampyris_firmware::board::{File, print, print_number};
use lampyris_firmware::lines::{print_bytes, print_event};
use lampyris_firmware::{classifier, program};

// The model, the memory it needs, and what starts it: only its own operators and its own
// block are linked.
include!(concat!(env!("OUT_DIR"), "/pictures.rs"));

/// The largest picture that fits.
const PICTURE_BYTES: usize = 256 * 1024;

program!(run);

fn run() -> Result<(), &'static str> {
    classifier!(classifier);
    let mut file = File::open(c"pictures.bin")
        .ok_or("pictures.bin: not there, start the emulator in its folder")?;
    let mut bytes = [0; PICTURE_BYTES];
    let mut head = [0u32; 3];
    let mut count = 0;
    while file.read(must_cast_slice_mut(&mut head)) {
        let [pixels, width, height] = head.map(|word| word as usize);
        let forms = [Pixels::Grey, Pixels::Rgb, Pixels::Rgba, Pixels::Rgb565];
        let pixels = *forms
            .get(pixels)
            .ok_or("pictures.bin: pixels that are unknown")?;
        let bytes = bytes
            .get_mut(..width * height * pixels.bytes())
            .ok_or("pictures.bin: a picture that is too large, raise PICTURE_BYTES")?;
        if !file.read(bytes) {
            return Err("pictures.bin: ends within a picture");
        }
        let picture =
            View::new(width, height, pixels, bytes).ok_or("pictures.bin: an empty picture")?;
        print_bytes("f ", classifier.show(&picture));
        let event = classifier
            .say()
            .ok_or("model: it is not for pictures, take the image stream")?;
        print_bytes("o ", classifier.outputs());
        count += 1;
        print_event(count, &event, classifier.scores());
    }
    print("end");
    print_number(count);
    print("\n");
    Ok(())
}
