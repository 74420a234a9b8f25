//! Writes a model of random weights and signals for it:
//! `cargo run -p lampyris-device --example fixture -- DIR [small|sound|picture]` leaves
//! `chip.bin`, its `graph.bin` alone, `windows.f32` (little-endian,
//! `[windows, samples, axes]`) and `readings.f32` (`[readings, axes]`) in DIR; for pictures
//! `pictures.bin` instead of the two, as the firmware's image `pictures` reads it.

#[path = "../tests/fixture/mod.rs"]
#[allow(dead_code)]
mod fixture;

use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

use lampyris_device::{ChipSpec, Decision, Gate};
use lampyris_dsp::Pixels;

fn main() -> Result<(), Box<dyn Error>> {
    let usage = "usage: fixture DIR [small|sound|picture]";
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or(usage)?);
    fs::create_dir_all(&folder)?;
    let (parts, count) = match arguments.next().as_deref() {
        Some("small") => (fixture::Parts::small(), 60),
        Some("picture") => return pictures(&folder),
        Some("sound") => (fixture::Parts::sound(), 5),
        None => (fixture::Parts::usual(), 60),
        Some(_) => return Err(usage.into()),
    };
    let windows = fixture::windows(&parts.signal, count);
    // Quiet, then louder and louder: the gate sleeps, wakes and stays awake.
    let readings = &windows[..windows
        .len()
        .min(5 * parts.signal.samples * parts.signal.axes)];
    let spec = ChipSpec {
        decision: Decision {
            smoothing: 2,
            threshold: 0.5,
            suppress_ms: 500,
            gate: Gate {
                level: 0.1,
                hold_ms: 100,
            },
        },
        ..parts.spec()
    };
    fs::write(folder.join("chip.bin"), fixture::encode(&spec))?;
    fs::write(folder.join("graph.bin"), &parts.graph)?;
    fs::write(folder.join("windows.f32"), bytes(&windows))?;
    fs::write(folder.join("readings.f32"), bytes(readings))?;
    Ok(())
}

/// Pictures of several sizes, in every way that they may lie in memory.
fn pictures(folder: &Path) -> Result<(), Box<dyn Error>> {
    let parts = fixture::Parts::picture();
    let spec = ChipSpec {
        none: &[],
        decision: Decision {
            smoothing: 2,
            threshold: 0.4,
            suppress_ms: 200,
            gate: Gate::OFF,
        },
        ..parts.spec()
    };
    let forms = [Pixels::Grey, Pixels::Rgb, Pixels::Rgba, Pixels::Rgb565];
    let sizes = [(160, 120), (96, 96), (37, 53), (24, 20), (1, 1)];
    let mut file = Vec::new();
    for number in 0..20 {
        let (form, (width, height)) = (number % 4, sizes[number % 5]);
        let head = [form, width, height];
        file.extend(head.iter().flat_map(|word| (*word as u32).to_le_bytes()));
        file.extend(fixture::Picture::new(width, height, forms[form], number as u32).bytes);
    }
    fs::write(folder.join("chip.bin"), fixture::encode(&spec))?;
    fs::write(folder.join("graph.bin"), &parts.graph)?;
    fs::write(folder.join("pictures.bin"), file)?;
    Ok(())
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}
