//! Says for which processor there are kernels of its own: `cfg(lampyris_kernels = "…")`, and
//! `cfg(lampyris_kernels)` where there are any.
//!
//! Stable Rust shows no code which instructions of Arm's it may name, so the target's name
//! and the flags say it.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=CARGO_ENCODED_RUSTFLAGS");
    println!(
        "cargo:rustc-check-cfg=cfg(lampyris_kernels, values(none(), \"dsp\", \"v8m\", \"small\", \"v6m\", \"rv32\"))"
    );
    let variable = |name| env::var(name).unwrap_or_default();
    let flags = variable("CARGO_ENCODED_RUSTFLAGS");
    // Armv8-M may do without the signal instructions; this core of it has them in Rust's eyes.
    let with_dsp = flags.contains("target-cpu=cortex-m33");
    let target = variable("TARGET");
    let kernels = match target.split('-').next() {
        Some("thumbv7em") => &["dsp"][..],
        Some("thumbv8m.main") if with_dsp => &["dsp", "v8m"],
        Some("thumbv6m") => &["small", "v6m"],
        Some(riscv) if riscv.starts_with("riscv32im") => &["small", "rv32"],
        _ => return,
    };
    println!("cargo:rustc-cfg=lampyris_kernels");
    for kernels in kernels {
        println!("cargo:rustc-cfg=lampyris_kernels=\"{kernels}\"");
    }
}
