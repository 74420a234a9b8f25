//! What a board carries, before and after training, handed to the budget.
//!
//! Before training the network is drawn with first weights and lowered as it
//! will be: sizes do not depend on the values of weights, so they are the
//! very bytes that training ends with (but for labels that are still missing).

use lampyris_budget::{Conditions, Figure, Footprint, Layer, Workload};
use lampyris_device::{Chip, ChipSpec, Decision, picture};
use lampyris_dsp::normalize::Norm;
use lampyris_graph::{AlignedBytes, Graph, Plan as ArenaPlan};
use lampyris_net::{Net, NetSpec};

use crate::signals::Plan;
use crate::{LabError, LayerLoad, Settings, Task, pictures};

/// Instructions that a Cortex-M4 with a floating-point unit executes for each point of a
/// window, by block: the column `window` of docs/cost/features.csv with the block's default
/// settings, over the points of that window. Points are the values of the window, or of
/// all its FFTs where a block gives a frame for each; of a picture the camera's pixels.
const INSTRUCTIONS: [(&str, u64); 7] = [
    ("spectral", 220),
    ("statistics", 56),
    ("raw", 24),
    ("mfcc", 88),
    ("mfe", 84),
    ("spectrogram", 85),
    ("image", 47),
];

/// A picture as small cameras give it, in pixels: what a board's camera is, nobody knows
/// before it is there.
const CAMERA: [u64; 2] = [160, 120];

/// The memory that such a picture takes before the model sees it.
pub(crate) const CAMERA_BYTES: Figure = Figure::Assumed {
    low: (CAMERA[0] * CAMERA[1]) as f64,
    high: (CAMERA[0] * CAMERA[1] * 2) as f64,
    why: "a picture of 160 × 120 pixels of the camera's own, grey or of 16 bits",
};

/// What counts on a chip.
struct Sizes {
    flash: usize,
    arena: usize,
    ring: usize,
    scratch: usize,
    features: usize,
    layers: Vec<Layer>,
    /// Whether a device computes frame by frame, each once.
    streams: bool,
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

/// What a board carries with this model, of which the layers are [`layers`].
pub(crate) fn of_model(
    settings: &Settings,
    plan: &Plan,
    chip: &[u8],
    layers: Vec<Layer>,
) -> Option<Footprint> {
    let sizes = sizes(chip, layers).ok()?;
    on_board(settings, plan, &sizes)
}

/// What a chip part, which begins at a multiple of 16, takes at least.
fn sizes(chip: &[u8], layers: Vec<Layer>) -> Result<Sizes, LabError> {
    let chip_part = Chip::parse(chip)?;
    let needs = chip_part.least_needs();
    Ok(Sizes {
        flash: chip.len(),
        arena: needs.arena,
        ring: 4 * needs.ring,
        scratch: 4 * needs.scratch,
        features: 4 * needs.features,
        layers,
        streams: chip_part.streaming_needs().is_some(),
    })
}

/// Instructions for the features between two inferences, as a Cortex-M4 counts them: of
/// the whole window, or of the frames that are new where a device keeps the others.
fn feature_instructions(plan: &Plan, streams: bool) -> u64 {
    let named = plan.block.settings.iter().zip(&plan.values);
    let fft_length = named
        .filter(|(setting, _)| setting.id == "fft_length")
        .map(|(_, value)| *value as u64)
        .next();
    let (frames, axes) = (plan.layout.frames as u64, plan.signal.axes as u64);
    let points = match fft_length {
        _ if plan.is_of_pictures() => CAMERA[0] * CAMERA[1],
        Some(length) if frames > 1 => frames * axes * length,
        _ => axes * plan.signal.samples as u64,
    };
    let own = INSTRUCTIONS.iter().find(|(id, _)| *id == plan.block.id);
    let dearest = INSTRUCTIONS.iter().map(|(_, each)| *each).max();
    let whole = points * own.map(|(_, each)| *each).or(dearest).unwrap_or(0);
    match plan.layout.framing {
        Some(framing) if streams => {
            let new = u64::from(plan.hop) / (framing.stride as u64).max(1);
            whole * new.min(frames) / frames.max(1)
        }
        _ => whole,
    }
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
    let mut ranges = net.calibrate([window.as_slice()])?;
    // What pictures are normalised by is fixed, and checked by who reads the chip part.
    let (norm, input_scale) = if plan.is_of_pictures() {
        ranges.input = pictures::RANGE;
        (picture::NORM, picture::SCALE)
    } else {
        let still = Norm {
            mean: 0.0,
            inverse_deviation: 0.0,
        };
        (still, 1.0)
    };
    let graph = net.lower(&ranges, "drawn")?;
    let bytes = graph.emit()?;
    let chip = ChipSpec {
        graph: &bytes,
        block: plan.block.code,
        settings: &plan.values,
        norms: &vec![norm; plan.layout.columns()],
        input_scale,
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
    let sizes = sizes(part.as_ref(), layers(&graph))?;
    Ok((layer_loads(&spec, &graph, &graph.plan()?), sizes))
}

/// What each node of a graph asks of a processor.
///
/// Of the graph without the nodes that a neighbour does the work of: those are the steps
/// that run.
pub(crate) fn layers(graph: &Graph) -> Vec<Layer> {
    let graph = graph.fused();
    let elements = |&t: &usize| graph.tensors.get(t).map_or(0, |t| t.elements() as u64);
    let flows = |t: &usize| graph.tensors.get(*t).is_some_and(|t| t.data.is_none());
    let nodes = graph.nodes.iter().zip(graph.costs());
    nodes
        .map(|(node, cost)| {
            // The kernel is [outputs, rows, columns, inputs].
            let kernel = node.inputs.get(1).copied().flatten();
            let kernel = kernel.and_then(|t| graph.tensors.get(t));
            let rows = kernel.and_then(|t| t.shape.get(1)).copied();
            let rows = rows.filter(|_| cost.operator == "CONV_2D").unwrap_or(1);
            let reads = node.inputs.iter().flatten().filter(|t| flows(t));
            Layer {
                operator: cost.operator.into(),
                macs: cost.macs,
                outputs: node.outputs.first().map_or(0, elements),
                reads: reads.map(elements).sum(),
                rows: rows as u64,
            }
        })
        .collect()
}

/// How the settings say that the board is used.
pub(crate) fn conditions(settings: &Settings) -> Conditions {
    let usage = &settings.usage;
    let usual = match settings.task {
        Task::Motion => "imu",
        Task::Audio => "pdm",
        Task::Image => "camera",
    };
    let sensor = Some(usage.sensor.as_str()).filter(|id| !id.is_empty());
    Conditions {
        board: settings.board.clone(),
        whole_board: usage.whole_board,
        clock_mhz: (usage.clock_mhz > 0.0).then_some(usage.clock_mhz.into()),
        hop_ms: settings.hop_ms.into(),
        awake_share: usage.awake_share.into(),
        messages_a_day: usage.messages_a_day.into(),
        radio: usage.radio.clone(),
        sensor: sensor.unwrap_or(usual).into(),
        battery: settings.battery.clone(),
    }
}

fn on_board(settings: &Settings, plan: &Plan, sizes: &Sizes) -> Option<Footprint> {
    let work = Workload {
        weights_bytes: sizes.flash as u64,
        arena_bytes: sizes.arena as u64,
        ring_bytes: sizes.ring as u64,
        scratch_bytes: sizes.scratch as u64,
        features_bytes: sizes.features as u64,
        state_bytes: lampyris_device::STATE_BYTES as u64,
        block: plan.block.id.into(),
        layers: sizes.layers.clone(),
        streams: sizes.streams,
        feature_instructions: feature_instructions(plan, sizes.streams),
        camera_bytes: plan.is_of_pictures().then_some(CAMERA_BYTES),
        hop_ms: settings.hop_ms.into(),
    };
    let board = lampyris_budget::board(&settings.board)?;
    Some(lampyris_budget::footprint(
        &work,
        board,
        &conditions(settings),
    ))
}

#[cfg(test)]
mod tests {
    use lampyris_dsp::block::BLOCKS;

    use super::*;
    use crate::{BlockChoice, Task};

    /// The plan of a block with its defaults on what docs/cost was measured with.
    fn plan(id: &str, hop_ms: f32) -> Plan {
        let sound = matches!(id, "mfcc" | "mfe" | "spectrogram");
        let task = match id {
            "image" => Task::Image,
            _ if sound => Task::Audio,
            _ => Task::Motion,
        };
        let mut settings = Settings::default_for(task);
        (settings.rate_hz, settings.window_ms) = if sound {
            (16_000.0, 1000.0)
        } else {
            (50.0, 2000.0)
        };
        settings.hop_ms = hop_ms;
        settings.block = BlockChoice {
            id: id.into(),
            settings: Default::default(),
        };
        if id == "raw" {
            settings.block.settings.insert("decimation".into(), 3.0);
        }
        let axes: &[&str] = if sound { &["audio"] } else { &["x", "y", "z"] };
        Plan::new(&settings, axes.iter().map(|a| a.to_string()).collect()).expect("legal")
    }

    #[test]
    fn the_stack_that_is_told_is_the_stack_that_is_promised() {
        let promised = lampyris_device::STACK_BYTES;
        assert_eq!(lampyris_budget::code::STACK_BYTES as usize, promised);
    }

    #[test]
    fn every_block_costs_what_was_counted() {
        let table = include_str!("../../../docs/cost/features.csv");
        for block in BLOCKS {
            let row = format!("Cortex-M4,{},", block.id);
            let row = table.lines().find(|l| l.starts_with(&row));
            let counted = row.and_then(|l| l.rsplit(',').next()).expect("a row");
            let counted: f64 = counted.parse().expect("a number");
            let told = feature_instructions(&plan(block.id, 500.0), false) as f64;
            let off = (told / counted - 1.0).abs();
            assert!(off < 0.03, "{}: {told} told, {counted} counted", block.id);
        }
    }

    #[test]
    fn a_frame_that_is_kept_is_not_computed_again() {
        // A quarter of a second of 20 ms strides is no whole number of them; 240 ms is 12 of 49.
        let plan = plan("mfe", 240.0);
        let (new, whole) = (
            feature_instructions(&plan, true),
            feature_instructions(&plan, false),
        );
        assert_eq!(new * 49, whole * 12);
    }
}
