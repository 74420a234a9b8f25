//! Lays the image out: layout.x with the addresses of memory/<target>.x.

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let target = env::var("TARGET")?;
    let memory = format!("memory/{target}.x");
    let found = fs::read(&memory).map_err(|error| {
        format!("{memory}: {error}. Say where this target's flash and RAM are: copy a file of that folder, or build with --target")
    })?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("memory.x"), found)?;
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=layout.x");
    println!("cargo:rerun-if-changed=memory");
    println!("cargo:rustc-link-search={}", out.display());
    let here = env::var("CARGO_MANIFEST_DIR")?;
    println!("cargo:rustc-link-arg=-T{here}/layout.x");
    Ok(())
}
