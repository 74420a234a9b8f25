//! Flash and RAM, part by part as the linked export has them.

use crate::footprint::{Estimate, Term};
use crate::{Board, Figure, Workload, code};

/// Bytes of code that an export links for this model.
fn linked(work: &Workload, board: &Board) -> Figure {
    let operators: Vec<&str> = work.layers.iter().map(|l| l.operator.as_str()).collect();
    code::linked(board.core, &operators, &work.block, work.streams)
}

/// What is left of `whole` once the board's own software has taken what it keeps, at most.
fn left(whole: Figure, kept: Figure) -> Option<f64> {
    Some((whole.low()? - kept.high()?).max(0.0))
}

pub(super) fn flash(work: &Workload, board: &Board) -> Estimate {
    let parts = vec![
        Term::counted(
            "model",
            work.weights_bytes,
            "counted: weights, biases, tables and labels",
        ),
        Term::of("code", linked(work, board), "B"),
    ];
    let limit = left(board.flash_bytes, board.flash_kept);
    let note = "The sum; your own program comes on top. The limit is what the board's own software leaves of its flash.";
    Estimate::sum(parts, "B", limit, note)
}

pub(super) fn ram(work: &Workload, board: &Board) -> Estimate {
    let rows = [
        (
            "lampyris_arena",
            work.arena_bytes,
            "counted: peak of the activations",
        ),
        (
            "lampyris_ring",
            work.ring_bytes,
            "counted: samples of one window or frame, and the scores that are averaged",
        ),
        (
            "lampyris_scratch",
            work.scratch_bytes,
            "counted: work space of the block",
        ),
        (
            "lampyris_features",
            work.features_bytes,
            "counted: features of one window",
        ),
        (
            "lampyris_state",
            work.state_bytes,
            "counted: the classifier itself",
        ),
    ];
    let parts = rows
        .map(|(name, bytes, source)| Term::counted(name, bytes, source))
        .into();
    let limit = left(board.ram_bytes, board.ram_kept);
    let note = "The sum of the export's own memory, to the byte, by the names in the map file. Stack, a camera's picture and your own program come on top.";
    Estimate::sum(parts, "B", limit, note)
}

pub(super) fn ram_whole(work: &Workload, board: &Board, ram: &Estimate) -> Estimate {
    let own = ram.range();
    let mut parts = vec![Term::told(
        "memory of the export",
        own,
        "B",
        "the sum above".into(),
    )];
    parts.push(Term::of("stack", code::stack(board.core, &work.block), "B"));
    if let Some(camera) = work.camera_bytes {
        parts.push(Term::of("camera", camera, "B"));
    }
    let limit = left(board.ram_bytes, board.ram_kept);
    let note = "The sum; your own program comes on top. The limit is what the board's own software leaves of its RAM.";
    Estimate::sum(parts, "B", limit, note)
}
