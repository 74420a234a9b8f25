//! Networks by task and size: where a learner begins.

use lampyris_net::{Activation, LayerSpec};
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
    /// Hidden layers.
    pub network: Vec<LayerSpec>,
}

/// All presets; the first of each task is the smallest.
pub(crate) fn presets() -> Vec<NetworkPreset> {
    let row = |task, id: &str, title: &str, help: &str, network| NetworkPreset {
        task,
        id: id.into(),
        title: title.into(),
        help: help.into(),
        network,
    };
    vec![
        row(
            Task::Motion,
            "dense",
            "Dense",
            "Two dense layers on features of the whole window: small, fast, and enough for most gestures.",
            vec![dense(32), dense(16)],
        ),
        row(
            Task::Audio,
            "small",
            "Small",
            "Two dense layers.",
            vec![dense(32), dense(16)],
        ),
    ]
}

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
