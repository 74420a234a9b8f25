//! What a board carries, before and after training, handed to the budget.
//!
//! Before training the network is drawn with first weights and lowered as it
//! will be: sizes do not depend on the values of weights, so they are the
//! very bytes that training ends with (but for labels that are still missing).

use lampyris_budget::{Figure, Footprint, Workload};
use lampyris_device::{Chip, ChipSpec, Decision};
use lampyris_dsp::normalize::Norm;
use lampyris_graph::{AlignedBytes, Graph, Plan as ArenaPlan};
use lampyris_net::{Net, NetSpec};

use crate::signals::Plan;
use crate::{LabError, LayerLoad, Settings};

/// Operations of a block per value of the window: sums for the statistics, and
/// half-overlapping real FFTs of 32 samples (about 2.5 · log2 N each, twice).
const OPS_PER_VALUE: u64 = 45;
/// Operations per feature: a root or a logarithm in software.
const OPS_PER_FEATURE: u64 = 40;

const CODE: Figure = Figure::Assumed {
    low: 12_000.0,
    high: 40_000.0,
    why: "engine, block and soft-float library; an image linked for the board tells exactly",
};
const STACK: Figure = Figure::Assumed {
    low: 1_024.0,
    high: 4_096.0,
    why: "the FFT's and the engine's local variables",
};

/// What counts on a chip.
struct Sizes {
    flash: usize,
    arena: usize,
    ring: usize,
    scratch: usize,
    macs: u64,
    layers: u64,
}

/// The layers and what a board would carry; nothing where the network can't be drawn.
pub(crate) fn before_training(
    settings: &Settings,
    plan: &Plan,
    labels: &[String],
) -> (Vec<LayerLoad>, Option<Footprint>) {
    match drawn(settings, plan, labels) {
        Ok((layers, sizes)) => (layers, on_board(settings, plan, &sizes)),
        Err(_) => (Vec::new(), None),
    }
}

/// What a board carries with this model.
pub(crate) fn of_model(
    settings: &Settings,
    plan: &Plan,
    chip: &[u8],
    macs: u64,
    layers: u64,
) -> Option<Footprint> {
    let sizes = sizes(chip, macs, layers).ok()?;
    on_board(settings, plan, &sizes)
}

/// What a chip part, which begins at a multiple of 16, takes at least.
fn sizes(chip: &[u8], macs: u64, layers: u64) -> Result<Sizes, LabError> {
    let needs = Chip::parse(chip)?.least_needs();
    Ok(Sizes {
        flash: chip.len(),
        arena: needs.arena,
        ring: 4 * needs.ring,
        scratch: 4 * (needs.scratch + needs.features),
        macs,
        layers,
    })
}

/// Each layer's costs and where it runs in the graph. A layer's node writes a tensor of
/// the layer's name; one that vanishes has none.
fn layer_loads(spec: &NetSpec, graph: &Graph, arena: &ArenaPlan) -> Vec<LayerLoad> {
    let live = |name: &str| {
        let outputs = graph
            .nodes
            .iter()
            .map(|n| &graph.tensors[n.outputs[0]].name);
        let nodes = outputs.zip(&arena.live_bytes).filter(|(n, _)| *n == name);
        nodes.map(|(_, bytes)| *bytes as u32).max().unwrap_or(0)
    };
    let layers = spec.costs().into_iter();
    layers
        .map(|cost| LayerLoad {
            arena_bytes: live(&cost.name),
            cost,
        })
        .collect()
}

/// Layers and sizes of the network as drawn, with two labels while there are fewer.
fn drawn(
    settings: &Settings,
    plan: &Plan,
    labels: &[String],
) -> Result<(Vec<LayerLoad>, Sizes), LabError> {
    let mut labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    while labels.len() < 2 {
        labels.push("label");
    }
    let spec = plan.network(settings, labels.len());
    let net = Net::init(&spec, 0)?;
    // Any values do, as long as something flows.
    let window: Vec<f32> = (0..plan.layout.features)
        .map(|i| (i % 5) as f32 - 2.0)
        .collect();
    let ranges = net.calibrate([window.as_slice()])?;
    let graph = net.lower(&ranges, "drawn")?;
    let bytes = graph.emit()?;
    let still = Norm {
        mean: 0.0,
        inverse_deviation: 0.0,
    };
    let chip = ChipSpec {
        graph: &bytes,
        block: plan.block.code,
        settings: &plan.values,
        norms: &vec![still; plan.layout.columns()],
        input_scale: 1.0,
        input_zero_point: 0,
        rate_hz: plan.signal.rate_hz,
        window: plan.signal.samples as u32,
        hop: plan.hop,
        axes: plan.signal.axes as u16,
        labels: &labels,
        none: &[],
        decision: Decision::from(&settings.decision),
    };
    let mut part = AlignedBytes::from(vec![0; chip.encoded_len()]);
    chip.encode(part.as_mut())?;
    let macs = graph.costs().iter().map(|c| c.macs).sum();
    let sizes = sizes(part.as_ref(), macs, graph.nodes.len() as u64)?;
    Ok((layer_loads(&spec, &graph, &graph.plan()?), sizes))
}

fn on_board(settings: &Settings, plan: &Plan, sizes: &Sizes) -> Option<Footprint> {
    let values = (plan.signal.samples * plan.signal.axes) as u64;
    let features = plan.layout.features as u64;
    let work = Workload {
        weights_bytes: sizes.flash as u64,
        arena_bytes: sizes.arena as u64,
        ring_bytes: sizes.ring as u64,
        scratch_bytes: sizes.scratch as u64,
        stack_bytes: STACK,
        code_bytes: CODE,
        macs: sizes.macs,
        layers: sizes.layers,
        feature_ops: OPS_PER_VALUE * values + OPS_PER_FEATURE * features,
        hop_ms: settings.hop_ms.into(),
    };
    let board = lampyris_budget::board(&settings.board)?;
    let battery = lampyris_budget::battery(&settings.battery)?;
    Some(lampyris_budget::footprint(&work, board, battery))
}
