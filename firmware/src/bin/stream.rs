//! Runs the model that was built in as a product would: on readings as they come, from
//! `readings.f32` (little-endian, `[readings, axes]`, in the emulator's folder). At the end
//! of each window it prints what is said, as `lines` has it, and at last `end`, the windows
//! that were computed and those that slept.
#![no_std]
#![no_main]

use lampyris_core::{Aligned, Operator, ops};
use lampyris_device::{ChipError, Classifier, Memory};
use lampyris_dsp::Block;
use lampyris_firmware::board::{File, print, print_number};
use lampyris_firmware::lines::print_event;
use lampyris_firmware::{classifier, program};

// The model, the memory it needs, and what starts it: only its own operators and its own
// block are linked.
include!(concat!(env!("OUT_DIR"), "/stream.rs"));

program!(run);

fn run() -> Result<(), &'static str> {
    classifier!(classifier);
    let mut file = File::open(c"readings.f32")
        .ok_or("readings.f32: not there, start the emulator in its folder")?;
    let (mut bytes, mut reading) = ([0; 4 * AXES], [0.0; AXES]);
    let mut count = 0;
    while file.read(&mut bytes) {
        for (value, word) in reading.iter_mut().zip(bytes.as_chunks().0) {
            *value = f32::from_le_bytes(*word);
        }
        count += 1;
        if let Some(event) = classifier.push(&reading) {
            print_event(count, &event, classifier.scores());
        }
    }
    let duty = classifier.duty();
    print("end");
    print_number(duty.awake);
    print_number(duty.asleep);
    print("\n");
    Ok(())
}
