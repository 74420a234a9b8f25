//! Puts the model into the image: `LAMPYRIS_CHIP` names a chip part or a bundle.
//!
//! What an exporter does for a project, this does for the image: it cuts the host part
//! off, aligns the bytes, states the memory that the model needs, and lays the image out
//! for the board that `LAMPYRIS_BOARD` names (see `BOARDS`).

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use lampyris_device::{Chip, chip};

/// Board, KiB of flash from 0, KiB of RAM from 0x2000_0000.
const BOARDS: [(&str, u32, u32); 3] = [
    ("microbit", 256, 16),
    ("mps2-an385", 4096, 4096),
    ("mps2-an386", 4096, 4096),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=layout.x");
    println!("cargo:rerun-if-env-changed=LAMPYRIS_CHIP");
    println!("cargo:rerun-if-env-changed=LAMPYRIS_BOARD");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let model = env::var("LAMPYRIS_CHIP")
        .map_err(|_| "LAMPYRIS_CHIP: name a chip part or a model.lampyris to put into the image")?;
    println!("cargo:rerun-if-changed={model}");
    put_model(&model, &out)?;

    let board = env::var("LAMPYRIS_BOARD")
        .map_err(|_| "LAMPYRIS_BOARD: name a board, see BOARDS in firmware/build.rs")?;
    let (_, flash, ram) = BOARDS
        .iter()
        .find(|(name, ..)| *name == board)
        .ok_or("LAMPYRIS_BOARD: not in BOARDS in firmware/build.rs")?;
    let layout = fs::read_to_string("layout.x")?
        .replace("@FLASH_KIB@", &flash.to_string())
        .replace("@RAM_KIB@", &ram.to_string());
    let script = out.join("layout.x");
    fs::write(&script, layout)?;
    println!("cargo:rustc-link-arg=-T{}", script.display());
    Ok(())
}

/// Writes `chip.bin`, without what follows the chip part, and `model.rs`.
fn put_model(path: &str, out: &Path) -> Result<(), Box<dyn Error>> {
    let file = fs::read(path).map_err(|error| format!("LAMPYRIS_CHIP={path}: {error}"))?;
    // A copy that begins at a multiple of 16, wherever the heap puts it.
    let mut room = vec![0; file.len() + chip::ALIGN];
    let start = room.as_ptr().align_offset(chip::ALIGN);
    room[start..start + file.len()].copy_from_slice(&file);
    let chip = Chip::parse(&room[start..start + file.len()])
        .map_err(|error| format!("LAMPYRIS_CHIP={path}: {error}"))?;
    let needs = chip.needs();
    fs::write(out.join("chip.bin"), chip.bytes())?;
    let model = format!(
        "static MODEL: Aligned<{}> = Aligned(*include_bytes!(concat!(env!(\"OUT_DIR\"), \"/chip.bin\")));\n\
         const WINDOW: usize = {};\n\
         const ARENA: usize = {};\n\
         const RING: usize = {};\n\
         const SCRATCH: usize = {};\n\
         const FEATURES: usize = {};\n",
        chip.bytes().len(),
        chip.window() * chip.axes(),
        needs.arena,
        needs.ring,
        needs.scratch,
        needs.features,
    );
    fs::write(out.join("model.rs"), model)?;
    Ok(())
}
