//! Writes a model of random weights and signals for it:
//! `cargo run -p lampyris-device --example fixture -- DIR [small|sound]` leaves `chip.bin`,
//! its `graph.bin` alone, `windows.f32` (little-endian, `[windows, samples, axes]`) and
//! `readings.f32` (`[readings, axes]`) in DIR.

#[path = "../tests/fixture/mod.rs"]
#[allow(dead_code)]
mod fixture;

use std::{env, error::Error, fs, path::PathBuf};

use lampyris_device::{ChipSpec, Decision, Gate};

fn main() -> Result<(), Box<dyn Error>> {
    let usage = "usage: fixture DIR [small|sound]";
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or(usage)?);
    let (parts, count) = match arguments.next().as_deref() {
        Some("small") => (fixture::Parts::small(), 60),
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
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("chip.bin"), fixture::encode(&spec))?;
    fs::write(folder.join("graph.bin"), &parts.graph)?;
    fs::write(folder.join("windows.f32"), bytes(&windows))?;
    fs::write(folder.join("readings.f32"), bytes(readings))?;
    Ok(())
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}
