//! Runs a model natively and writes what a chip must give:
//! `cargo run -p lampyris-device --example golden -- DIR` reads `chip.bin` (a chip part
//! or a whole bundle) and `windows.f32` (little-endian, `[windows, samples, axes]`) in
//! DIR and writes `features.i8`, what reached the network, and `outputs.i8` beside them,
//! if they are not there yet.
//! Where DIR has `readings.f32` (`[readings, axes]`), they are pushed one by one and
//! `events.txt` holds what is said: the lines of the firmware's image `stream`.

use std::{env, error::Error, fmt::Write, fs, path::Path};

use lampyris_core::ops;
use lampyris_device::{Chip, Classifier, Memory, Needs};
use lampyris_dsp::BLOCKS;
use lampyris_graph::AlignedBytes;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let folder = env::args().nth(1).ok_or("usage: golden DIR")?;
    let folder = Path::new(&folder);
    let bytes = AlignedBytes::new(&fs::read(folder.join("chip.bin"))?);
    let chip = Chip::parse(bytes.as_ref())?;
    if !folder.join("features.i8").exists() {
        let count = windows(folder, &chip)?;
        println!("{count} windows");
    }
    if folder.join("readings.f32").exists() {
        let events = events(folder, &chip)?;
        fs::write(folder.join("events.txt"), &events)?;
        println!("{} events", events.lines().count() - 1);
    }
    Ok(())
}

/// Whole windows, past gate and smoothing.
fn windows(folder: &Path, chip: &Chip<'_>) -> Outcome<usize> {
    let values = numbers(&folder.join("windows.f32"))?;
    let length = chip.window() * chip.axes();
    if !values.len().is_multiple_of(length) {
        return Err(format!("windows.f32: give whole windows of {length} values").into());
    }
    let mut classifier = Classifier::new(chip.bytes(), ops::ALL, BLOCKS, memory(chip.needs()))?;
    let (mut features, mut outputs) = (Vec::new(), Vec::new());
    for window in values.chunks(length) {
        features.extend(classifier.quantized(window).iter().map(|q| *q as u8));
        outputs.extend(classifier.infer().iter().map(|q| *q as u8));
    }
    fs::write(folder.join("features.i8"), features)?;
    fs::write(folder.join("outputs.i8"), outputs)?;
    Ok(values.len() / length)
}

/// Readings one by one, from windows of samples.
fn events(folder: &Path, chip: &Chip<'_>) -> Outcome<String> {
    let values = numbers(&folder.join("readings.f32"))?;
    let mut classifier = Classifier::new(chip.bytes(), ops::ALL, BLOCKS, memory(chip.needs()))?;
    let mut text = String::new();
    for (i, reading) in values.chunks_exact(chip.axes()).enumerate() {
        let Some(event) = classifier.push(reading) else {
            continue;
        };
        let label = event.label.map_or(u32::MAX, |label| label as u32);
        let flags = 2 * u32::from(event.awake) + u32::from(event.fired);
        write!(
            text,
            "e {:08x} {label:08x} {:08x} {flags:08x}",
            i + 1,
            event.best
        )?;
        for score in classifier.scores() {
            write!(text, " {:08x}", score.to_bits())?;
        }
        writeln!(text)?;
    }
    let duty = classifier.duty();
    writeln!(text, "end {:08x} {:08x}", duty.awake, duty.asleep)?;
    Ok(text)
}

fn memory(needs: Needs) -> Memory<Vec<u8>, Vec<f32>> {
    Memory {
        arena: vec![0; needs.arena],
        ring: vec![0.0; needs.ring],
        scratch: vec![0.0; needs.scratch],
        features: vec![0.0; needs.features],
    }
}

fn numbers(file: &Path) -> Outcome<Vec<f32>> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let words = bytes.as_chunks().0.iter();
    Ok(words.map(|word| f32::from_le_bytes(*word)).collect())
}
