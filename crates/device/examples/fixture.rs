//! Writes a model of random weights and windows for it:
//! `cargo run -p lampyris-device --example fixture -- DIR [small]` leaves `chip.bin`,
//! its `graph.bin` alone, and `windows.f32` (little-endian, `[windows, samples, axes]`) in DIR.

#[path = "../tests/fixture/mod.rs"]
#[allow(dead_code)]
mod fixture;

use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: fixture DIR [small]")?);
    let parts = match arguments.next() {
        Some(_) => fixture::Parts::small(),
        None => fixture::Parts::usual(),
    };
    let windows = fixture::windows(&parts.signal, 60);
    let bytes: Vec<u8> = windows.iter().flat_map(|x| x.to_le_bytes()).collect();
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("chip.bin"), fixture::encode(&parts.spec()))?;
    fs::write(folder.join("graph.bin"), &parts.graph)?;
    fs::write(folder.join("windows.f32"), bytes)?;
    Ok(())
}
