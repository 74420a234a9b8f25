//! A graph, run on inputs from a file.
//!
//! The functions whose names begin with `lampyris_mark` do nothing: whoever counts
//! instructions looks when they are called (`tests/firmware/count.c`).
#![allow(
    unsafe_code,
    reason = "the names of the marks are known outside the image"
)]

use core::hint::black_box;

use bytemuck::must_cast_slice;
use lampyris_core::{Operator, Session};

use crate::board::File;
use crate::stack::paint;

/// Called right before a graph runs.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn lampyris_mark_begin() {
    black_box(());
}

/// Called after each layer, with its index.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn lampyris_mark_layer(index: usize) {
    black_box(index);
}

type Graph<'a> = Session<&'a [u8], &'a mut [u8]>;

/// What was done, and how many bytes of stack the engine took for it.
pub struct Report {
    /// How often the graph ran.
    pub calls: u32,
    /// Stack of the check, `Session::new`.
    pub check_stack: usize,
    /// Stack of `Session::run`, the deepest of all calls.
    pub run_stack: usize,
}

/// Runs the graph `limit` times, or until the file has no more whole inputs: inputs one
/// after another as the graph has them, outputs likewise. State that a graph keeps is
/// kept from call to call.
pub fn run(
    model: &[u8],
    arena: &mut [u8],
    ops: &'static [&'static Operator],
    limit: u32,
    inputs: &mut File,
    outputs: &mut File,
) -> Result<Report, &'static str> {
    let painted = paint();
    let mut graph =
        check(model, arena, ops).ok_or("graph: refused, emit it anew for this engine")?;
    let mut report = Report {
        calls: 0,
        check_stack: painted.used(),
        run_stack: 0,
    };
    let arity = graph.arity();
    while report.calls < limit && read(&mut graph, arity.0, inputs) {
        let painted = paint();
        infer(&mut graph);
        report.run_stack = report.run_stack.max(painted.used());
        for output in 0..arity.1 {
            if !outputs.write(must_cast_slice(graph.output(output))) {
                return Err("outputs.bin: can't be written, make room");
            }
        }
        report.calls += 1;
    }
    Ok(report)
}

// Kept whole, as is the next: what they need of the stack would else be the caller's.
#[inline(never)]
fn check<'a>(
    model: &'a [u8],
    arena: &'a mut [u8],
    ops: &'static [&'static Operator],
) -> Option<Graph<'a>> {
    Session::new(model, arena, ops).ok()
}

#[inline(never)]
fn infer(graph: &mut Graph<'_>) {
    lampyris_mark_begin();
    graph.run_with(|index, _| lampyris_mark_layer(index));
}

/// Fills all inputs; false where the file has less left.
fn read(graph: &mut Graph<'_>, count: usize, inputs: &mut File) -> bool {
    (0..count).all(|input| inputs.read(bytemuck::must_cast_slice_mut(graph.input_mut(input))))
}
