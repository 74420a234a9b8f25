//! Runs a model on windows natively and writes what a chip must give:
//! `cargo run -p lampyris-device --example golden -- DIR` reads `chip.bin` (a chip part
//! or a whole bundle) and `windows.f32` (little-endian, `[windows, samples, axes]`) in
//! DIR and writes `features.i8`, what reached the network, and `outputs.i8` beside them.

use std::{env, error::Error, fs, path::PathBuf};

use lampyris_core::ops;
use lampyris_device::{Chip, Classifier, Memory};
use lampyris_dsp::BLOCKS;
use lampyris_graph::AlignedBytes;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("usage: golden DIR")?;
    let folder = PathBuf::from(folder);
    let bytes = AlignedBytes::new(&fs::read(folder.join("chip.bin"))?);
    let chip = Chip::parse(bytes.as_ref())?;
    let values = fs::read(folder.join("windows.f32"))?;
    let values: Vec<f32> = values
        .as_chunks()
        .0
        .iter()
        .map(|b| f32::from_le_bytes(*b))
        .collect();
    let length = chip.window() * chip.axes();
    if !values.len().is_multiple_of(length) {
        return Err(format!("windows.f32: give whole windows of {length} values").into());
    }
    let needs = chip.needs();
    let memory = Memory {
        arena: vec![0; needs.arena],
        ring: vec![0.0; needs.ring],
        scratch: vec![0.0; needs.scratch],
        features: vec![0.0; needs.features],
    };
    let mut classifier = Classifier::new(bytes.as_ref(), ops::ALL, BLOCKS, memory)?;
    let (mut features, mut outputs) = (Vec::new(), Vec::new());
    for window in values.chunks(length) {
        features.extend(classifier.quantized(window).iter().map(|q| *q as u8));
        outputs.extend(classifier.infer().iter().map(|q| *q as u8));
    }
    fs::write(folder.join("features.i8"), features)?;
    fs::write(folder.join("outputs.i8"), outputs)?;
    println!("{} windows", values.len() / length);
    Ok(())
}
