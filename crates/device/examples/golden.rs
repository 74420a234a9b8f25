//! Runs a model natively and writes what a chip must give:
//! `cargo run -p lampyris-device --example golden -- DIR` reads `chip.bin` (a chip part
//! or a whole bundle) and `windows.f32` (little-endian, `[windows, samples, axes]`) in
//! DIR and writes `features.i8`, what reached the network, and `outputs.i8` beside them,
//! if they are not there yet.
//! Where DIR has `readings.f32` (`[readings, axes]`), they are pushed one by one and
//! `events.txt` holds what is said: the lines of the firmware's image `stream`.
//! Where DIR has `pictures.bin` instead, as the firmware's image `pictures` reads it, all
//! three files are of those pictures.

use std::{env, error::Error, fmt::Write, fs, path::Path};

use lampyris_core::ops;
use lampyris_device::{Chip, Classifier, Event, Memory, Needs};
use lampyris_dsp::{BLOCKS, Pixels, View};
use lampyris_graph::AlignedBytes;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let folder = env::args().nth(1).ok_or("usage: golden DIR")?;
    let folder = Path::new(&folder);
    let bytes = AlignedBytes::new(&fs::read(folder.join("chip.bin"))?);
    let chip = Chip::parse(bytes.as_ref())?;
    if folder.join("pictures.bin").exists() {
        let count = pictures(folder, &chip)?;
        println!("{count} pictures");
        return Ok(());
    }
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
        line(&mut text, i + 1, &event, classifier.scores())?;
    }
    let duty = classifier.duty();
    writeln!(text, "end {:08x} {:08x}", duty.awake, duty.asleep)?;
    Ok(text)
}

/// One line of `events.txt`.
fn line(text: &mut String, count: usize, event: &Event, scores: &[f32]) -> Outcome {
    let label = event.label.map_or(u32::MAX, |label| label as u32);
    let flags = 2 * u32::from(event.awake) + u32::from(event.fired);
    let best = event.best;
    write!(text, "e {count:08x} {label:08x} {best:08x} {flags:08x}")?;
    for score in scores {
        write!(text, " {:08x}", score.to_bits())?;
    }
    writeln!(text)?;
    Ok(())
}

/// Pictures one by one: what the network sees, its outputs, and what is said.
fn pictures(folder: &Path, chip: &Chip<'_>) -> Outcome<usize> {
    const FORMS: [Pixels; 4] = [Pixels::Grey, Pixels::Rgb, Pixels::Rgba, Pixels::Rgb565];
    let file = fs::read(folder.join("pictures.bin"))?;
    let mut classifier = Classifier::new(chip.bytes(), ops::ALL, BLOCKS, memory(chip.needs()))?;
    let (mut features, mut outputs, mut events) = (Vec::new(), Vec::new(), String::new());
    let (mut rest, mut count) = (file.as_slice(), 0);
    while let Some((head, behind)) = rest.split_first_chunk::<12>() {
        let words: Vec<usize> = head
            .as_chunks()
            .0
            .iter()
            .map(|word| u32::from_le_bytes(*word) as usize)
            .collect();
        let (width, height) = (words[1], words[2]);
        let pixels = *FORMS.get(words[0]).ok_or("pixels that are unknown")?;
        let (bytes, behind) = behind
            .split_at_checked(width * height * pixels.bytes())
            .ok_or("pictures.bin: ends within a picture")?;
        let view = View::new(width, height, pixels, bytes).ok_or("an empty picture")?;
        features.extend(classifier.show(&view).iter().map(|q| *q as u8));
        let event = classifier.say().ok_or("a model that is not for pictures")?;
        outputs.extend(classifier.outputs().iter().map(|q| *q as u8));
        (rest, count) = (behind, count + 1);
        line(&mut events, count, &event, classifier.scores())?;
    }
    writeln!(events, "end {count:08x}")?;
    fs::write(folder.join("features.i8"), features)?;
    fs::write(folder.join("outputs.i8"), outputs)?;
    fs::write(folder.join("events.txt"), events)?;
    Ok(count)
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
