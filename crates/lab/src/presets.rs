//! Networks by task and size: where a learner begins.

use std::collections::BTreeMap;

use lampyris_net::{Activation, LayerSpec, Padding};
use serde::Serialize;
use ts_rs::TS;

use crate::Task;

/// A network with a name.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct NetworkPreset {
    /// What it is for.
    pub task: Task,
    /// Stable name, unique within its task.
    pub id: String,
    /// What a person reads.
    pub title: String,
    /// One or two sentences: when to take it.
    pub help: String,
    /// The block whose features it is made for.
    pub block: String,
    /// The block's settings that it is made for; those left out keep their default.
    pub block_settings: BTreeMap<String, f32>,
    /// Hidden layers.
    pub network: Vec<LayerSpec>,
}

/// All presets; those of a task from small to large.
pub(crate) fn presets() -> Vec<NetworkPreset> {
    let row = |task, id: &str, title: &str, help: &str, block: &str, network| NetworkPreset {
        task,
        id: id.into(),
        title: title.into(),
        help: help.into(),
        block: block.into(),
        block_settings: BTreeMap::new(),
        network,
    };
    let mut rows = vec![
        row(
            Task::Motion,
            "dense",
            "Dense",
            "Two dense layers on features of the whole window: small, fast, and enough for most gestures.",
            "spectral",
            vec![dense(32), dense(16)],
        ),
        row(
            Task::Motion,
            "conv",
            "1-D convolutions on samples",
            "Learns its own features from the samples as they are. Wants more recordings than features that are given.",
            "raw",
            [conv1d(16, 5), pool(), conv1d(24, 5), pool(), conv1d(32, 3)]
                .into_iter()
                .flatten()
                .chain([LayerSpec::GlobalAveragePool, dropout(0.2)])
                .collect(),
        ),
        row(
            Task::Audio,
            "tiny",
            "Tiny: 1-D convolutions",
            "For the smallest chips, and for few sounds that differ clearly.",
            AUDIO_BLOCK,
            [conv1d(16, 3), pool(), conv1d(24, 3), pool(), conv1d(32, 3)]
                .into_iter()
                .flatten()
                .chain([LayerSpec::GlobalAveragePool, dropout(0.1)])
                .collect(),
        ),
        row(
            Task::Audio,
            "small",
            "Small: 1-D convolutions",
            "For words and noises on most chips: filters over all frequencies that slide along time.",
            AUDIO_BLOCK,
            [conv1d(48, 5), pool(), conv1d(64, 3), pool(), conv1d(80, 3)]
                .into_iter()
                .flatten()
                .chain([LayerSpec::GlobalAveragePool, dropout(0.3)])
                .collect(),
        ),
        row(
            Task::Audio,
            "medium",
            "Medium: separable convolutions",
            "A small DS-CNN: filters that slide along time and frequency. More multiplications than weights, so it wants a faster chip.",
            AUDIO_BLOCK,
            [
                conv2d(32, [5, 5], [2, 2]),
                separable(48, [1, 1]),
                separable(64, [2, 2]),
                separable(64, [1, 1]),
            ]
            .into_iter()
            .flatten()
            .chain([LayerSpec::GlobalAveragePool, dropout(0.3)])
            .collect(),
        ),
    ];
    rows.extend(pictures());
    rows
}

/// Networks for pictures, from small to large. Each brings the size of its picture.
fn pictures() -> Vec<NetworkPreset> {
    let row = |id: &str, title: &str, help: &str, side: f32, colour: bool, network| NetworkPreset {
        task: Task::Image,
        id: id.into(),
        title: title.into(),
        help: help.into(),
        block: IMAGE_BLOCK.into(),
        block_settings: [("width", side), ("height", side), ("colour", colour.into())]
            .map(|(id, value)| (id.to_string(), value))
            .into(),
        network,
    };
    vec![
        row(
            "tiny",
            "Tiny: convolutions on 32 × 32 grey",
            "For the smallest chips, and for a few things that differ in their shape.",
            32.0,
            false,
            convolutions(&[(8, 2), (16, 2), (24, 2), (32, 2)], 0.1),
        ),
        row(
            "small",
            "Small: convolutions on 48 × 48 grey",
            "For signs, poses and shapes on most chips. Light of another colour does not disturb it.",
            48.0,
            false,
            convolutions(&[(16, 2), (24, 2), (32, 1), (48, 2), (64, 2)], 0.2),
        ),
        row(
            "colour",
            "Colour: convolutions on 64 × 64 in colour",
            "Where colour tells more than shape: fruit, cards, lights.",
            64.0,
            true,
            convolutions(&[(16, 2), (24, 2), (32, 2), (32, 1), (56, 2)], 0.2),
        ),
        row(
            "mobile-12",
            "Mobile × 0.125: separable convolutions on 96 × 96 in colour",
            "A short MobileNet for things that are small in the picture. The width says how many filters it has: this is the narrowest.",
            96.0,
            true,
            mobile(4),
        ),
        row(
            "mobile-25",
            "Mobile × 0.25: separable convolutions on 96 × 96 in colour",
            "A short MobileNet, twice as wide: for many classes, and for more pictures than a hundred of each.",
            96.0,
            true,
            mobile(8),
        ),
        row(
            "mobile-50",
            "Mobile × 0.5: separable convolutions on 96 × 96 in colour",
            "A short MobileNet, four times as wide. Wants thousands of pictures, a chip with 256 kB of memory, and patience.",
            96.0,
            true,
            mobile(16),
        ),
    ]
}

/// The block that networks for pictures are made for.
pub(crate) const IMAGE_BLOCK: &str = "image";
/// The block that networks for sound are made for.
pub(crate) const AUDIO_BLOCK: &str = "mfe";

/// The layers of one preset.
pub(crate) fn preset(task: Task, id: &str) -> Vec<LayerSpec> {
    let found = presets().into_iter().find(|p| p.task == task && p.id == id);
    found.expect("defaults name presets that exist").network
}

fn dense(units: u32) -> LayerSpec {
    LayerSpec::Dense {
        units,
        activation: Activation::Relu,
    }
}

fn dropout(rate: f32) -> LayerSpec {
    LayerSpec::Dropout { rate }
}

/// Filters over time, each followed by a batch norm that is folded into them.
fn conv1d(filters: u32, kernel: u32) -> Vec<LayerSpec> {
    vec![
        LayerSpec::Conv1d {
            filters,
            kernel,
            stride: 1,
            padding: Padding::Same,
            activation: Activation::None,
        },
        NORM,
    ]
}

const NORM: LayerSpec = LayerSpec::BatchNorm {
    activation: Activation::Relu,
};

/// Halves the frames.
fn pool() -> Vec<LayerSpec> {
    vec![LayerSpec::MaxPool {
        size: [2, 1],
        stride: None,
    }]
}

fn conv2d(filters: u32, kernel: [u32; 2], stride: [u32; 2]) -> Vec<LayerSpec> {
    vec![
        LayerSpec::Conv2d {
            filters,
            kernel,
            stride,
            padding: Padding::Same,
            activation: Activation::None,
        },
        NORM,
    ]
}

/// Filters of 3 × 3, as many and with that stride; what they found anywhere is averaged.
fn convolutions(filters: &[(u32, u32)], dropped: f32) -> Vec<LayerSpec> {
    let layers = filters
        .iter()
        .flat_map(|&(n, stride)| conv2d(n, [3, 3], [stride, stride]));
    layers
        .chain([LayerSpec::GlobalAveragePool, dropout(dropped)])
        .collect()
}

/// MobileNet with a layer or two of each size, whose first layer has that many filters
/// (32 are the width 1).
///
/// Source: Howard et al., "MobileNets", 2017, table 1.
fn mobile(first: u32) -> Vec<LayerSpec> {
    let blocks = [(2, 1), (4, 2), (4, 1), (8, 2), (8, 1), (16, 2), (16, 1)];
    let blocks = blocks
        .into_iter()
        .flat_map(|(times, stride)| separable(first * times, [stride, stride]));
    conv2d(first, [3, 3], [2, 2])
        .into_iter()
        .chain(blocks)
        .chain([LayerSpec::GlobalAveragePool, dropout(0.2)])
        .collect()
}

/// A filter a channel, then a mixture of the channels.
fn separable(filters: u32, stride: [u32; 2]) -> Vec<LayerSpec> {
    let mut layers = vec![
        LayerSpec::DepthwiseConv2d {
            kernel: [3, 3],
            stride,
            padding: Padding::Same,
            activation: Activation::None,
        },
        NORM,
    ];
    layers.extend(conv2d(filters, [1, 1], [1, 1]));
    layers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use crate::signals::net_spec;
    use lampyris_dsp::block::Signal;

    /// Bytes of weights, and the most values that a layer of the network takes and gives.
    fn size(preset: &NetworkPreset) -> (u64, usize) {
        let mut settings = Settings::default_for(Task::Image);
        settings.block.settings.clone_from(&preset.block_settings);
        let (block, values) = settings.block_values().expect("legal");
        let signal = Signal {
            rate_hz: 5.0,
            samples: 1,
            axes: if preset.block_settings["colour"] > 0.0 {
                3
            } else {
                1
            },
        };
        let layout = (block.check)(&signal, &values).expect("legal");
        let spec = net_spec(&layout, 10, &preset.network);
        let mut sizes = vec![spec.input.len()];
        sizes.extend(spec.outputs().expect("it fits").iter().map(|s| s.len()));
        let pairs = sizes.windows(2).map(|w| w[0] + w[1]);
        let weights = spec.costs().iter().map(|c| c.bytes).sum::<u64>();
        (weights, pairs.max().unwrap_or(0))
    }

    #[test]
    fn networks_for_pictures_fit_their_chips() {
        for preset in presets().iter().filter(|p| p.task == Task::Image) {
            let (weights, values) = size(preset);
            let (flash, memory) = match preset.id.as_str() {
                "tiny" => (16_000, 8_000),
                "small" | "colour" => (60_000, 64_000),
                _ => (200_000, 200_000),
            };
            assert!(weights <= flash, "{}: {weights}", preset.id);
            assert!(values <= memory, "{}: {values}", preset.id);
        }
    }
}
