//! What this build offers: forms, help and limits are made from this, so that a
//! new block or board appears everywhere without another line of code.

use lampyris_budget::{BatteryInfo, BoardInfo, PartInfo};
use lampyris_dsp::{BLOCKS, Block, Step};
use lampyris_formats::firmware::TARGETS;
use serde::Serialize;
use ts_rs::TS;

use crate::presets::presets;
use crate::{NetworkPreset, Settings, Task};

/// Which values a setting may take between its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SettingStep {
    /// Any number.
    Any,
    /// Whole numbers.
    Whole,
    /// Powers of two.
    PowerOfTwo,
    /// 0 (off) or 1 (on).
    Switch,
}

/// One setting of a block.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SettingInfo {
    /// Name with its unit, for example `cutoff_hz`.
    pub id: String,
    /// What a person reads.
    pub title: String,
    /// Unit as shown; empty for counts.
    pub unit: String,
    /// Value when nothing is said.
    pub default: f32,
    /// Smallest legal value.
    pub min: f32,
    /// Largest legal value.
    pub max: f32,
    /// Legal values between the bounds.
    pub step: SettingStep,
    /// One or two sentences.
    pub help: String,
}

/// One block.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct BlockInfo {
    /// Stable name.
    pub id: String,
    /// What a person reads.
    pub title: String,
    /// One or two sentences.
    pub help: String,
    /// Whether it takes pictures; the others take windows of samples.
    pub pictures: bool,
    /// Its settings.
    pub settings: Vec<SettingInfo>,
}

/// One task.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct TaskInfo {
    /// Stable name.
    pub id: Task,
    /// What a person reads.
    pub title: String,
    /// Settings when nothing is said.
    pub defaults: Settings,
}

/// One kind of export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TargetInfo {
    /// Name on the command line and in the page.
    pub id: String,
    /// What a person reads.
    pub title: String,
    /// Whom it is for, in one sentence.
    pub help: String,
    /// The kits that it is made of: each is a zip `kits/<name>.zip` beside the page.
    pub kits: Vec<String>,
}

/// Everything that a face needs to draw its forms.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Catalog {
    /// Version of this build.
    pub version: String,
    /// Settings when nothing is said, not even the task.
    pub defaults: Settings,
    /// All tasks, each with its own defaults.
    pub tasks: Vec<TaskInfo>,
    /// Networks to begin with, by task; the first of each is the smallest.
    pub presets: Vec<NetworkPreset>,
    /// All blocks.
    pub blocks: Vec<BlockInfo>,
    /// All boards.
    pub boards: Vec<BoardInfo>,
    /// All batteries.
    pub batteries: Vec<BatteryInfo>,
    /// All kinds of export.
    pub targets: Vec<TargetInfo>,
    /// All radios; the first is none.
    pub radios: Vec<PartInfo>,
    /// All sensors; the first is none.
    pub sensors: Vec<PartInfo>,
}

/// What this build offers.
pub fn catalog() -> Catalog {
    Catalog {
        version: env!("CARGO_PKG_VERSION").into(),
        defaults: Settings::default_for(Task::default()),
        tasks: vec![
            task(Task::Motion, "Motion"),
            task(Task::Audio, "Sound"),
            task(Task::Image, "Pictures"),
        ],
        presets: presets(),
        blocks: BLOCKS.iter().map(|block| block_info(block)).collect(),
        boards: lampyris_budget::boards(),
        batteries: lampyris_budget::batteries(),
        targets: targets(),
        radios: lampyris_budget::radios(),
        sensors: lampyris_budget::sensors(),
    }
}

fn targets() -> Vec<TargetInfo> {
    let info = |target: &&lampyris_formats::firmware::Target| TargetInfo {
        id: target.id.into(),
        title: target.title.into(),
        help: target.help.into(),
        kits: target.all_kits().map(Into::into).collect(),
    };
    TARGETS.iter().map(info).collect()
}

fn task(id: Task, title: &str) -> TaskInfo {
    TaskInfo {
        id,
        title: title.into(),
        defaults: Settings::default_for(id),
    }
}

fn block_info(block: &Block) -> BlockInfo {
    let settings = block.settings.iter().map(|s| SettingInfo {
        id: s.id.into(),
        title: s.title.into(),
        unit: s.unit.into(),
        default: s.default,
        min: s.min,
        max: s.max,
        step: match s.step {
            Step::Any => SettingStep::Any,
            Step::Whole => SettingStep::Whole,
            Step::PowerOfTwo => SettingStep::PowerOfTwo,
            Step::Switch => SettingStep::Switch,
        },
        help: s.help.into(),
    });
    BlockInfo {
        id: block.id.into(),
        title: block.title.into(),
        help: block.help.into(),
        pictures: block.see.is_some(),
        settings: settings.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_offered_with_its_legal_defaults() {
        let catalog = catalog();
        assert_eq!(catalog.blocks.len(), BLOCKS.len());
        for (info, block) in catalog.blocks.iter().zip(BLOCKS) {
            assert_eq!(info.id, block.id);
            for (shown, row) in info.settings.iter().zip(block.settings) {
                assert!(row.accepts(shown.default), "{}.{}", info.id, shown.id);
            }
        }
        for task in &catalog.tasks {
            task.defaults.check().expect("defaults are legal");
            // A preset is the task's defaults with another network, and its block.
            for preset in catalog.presets.iter().filter(|p| p.task == task.id) {
                let mut settings = task.defaults.clone();
                settings.network.clone_from(&preset.network);
                settings.block.id.clone_from(&preset.block);
                settings.block.settings.clone_from(&preset.block_settings);
                settings.check().expect("presets are legal");
            }
            let values = |settings: &Settings| settings.block_values().expect("legal").1;
            let mut first = catalog.presets.iter().filter(|preset| {
                let mut settings = task.defaults.clone();
                settings.block.settings.clone_from(&preset.block_settings);
                preset.network == task.defaults.network
                    && values(&settings) == values(&task.defaults)
            });
            assert!(first.next().is_some(), "the defaults are a preset");
        }
    }
}
