//! Writes a network with a layer of every kind, some windows and what our engine makes
//! of them, for other interpreters to compare with:
//!
//! `every_layer DIR` writes `model.tflite`, `features.i8` and `outputs.i8` into DIR.

#[path = "../tests/fixture/mod.rs"]
mod fixture;

use std::error::Error;
use std::path::PathBuf;

use lampyris_core::{Session, ops};
use lampyris_formats::tflite::{Metadata, write};
use lampyris_graph::AlignedBytes;

fn main() -> Result<(), Box<dyn Error>> {
    let dir: PathBuf = std::env::args_os().nth(1).ok_or("give a folder")?.into();
    std::fs::create_dir_all(&dir)?;
    let net = fixture::every_layer();
    let windows = fixture::windows(&net, 200);
    let ranges = net.calibrate(windows.iter().map(Vec::as_slice))?;
    let graph = net.lower(&ranges, "every layer")?;
    let model = AlignedBytes::new(&graph.emit()?);
    let arena = AlignedBytes::from(vec![0; lampyris_core::arena_bytes(model.as_ref())?]);
    let mut session = Session::new(model, arena, ops::ALL)?;
    let (mut features, mut outputs) = (Vec::new(), Vec::new());
    for x in &windows {
        // The windows are within ±2: 60 steps a unit fill most of int8.
        for (q, v) in session.input_mut(0).iter_mut().zip(x) {
            *q = (v * 60.0) as i8;
            features.push(*q as u8);
        }
        session.run();
        outputs.extend(session.output(0).iter().map(|q| *q as u8));
    }
    std::fs::write(
        dir.join("model.tflite"),
        write(&graph, &Metadata::default())?,
    )?;
    std::fs::write(dir.join("features.i8"), features)?;
    std::fs::write(dir.join("outputs.i8"), outputs)?;
    println!("{} nodes, {} windows", graph.nodes.len(), windows.len());
    Ok(())
}
