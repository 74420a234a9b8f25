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
    vec![
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
        row(
            Task::Image,
            "small",
            "Small: convolutions on 48 × 48 grey",
            "For shapes, signs and poses on most chips.",
            IMAGE_BLOCK,
            [
                conv2d(16, [3, 3], [2, 2]),
                conv2d(24, [3, 3], [2, 2]),
                conv2d(32, [3, 3], [2, 2]),
                conv2d(48, [3, 3], [2, 2]),
            ]
            .into_iter()
            .flatten()
            .chain([LayerSpec::GlobalAveragePool, dropout(0.3)])
            .collect(),
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
