//! A finished model in a file of its own: what it says, whether it still answers as it did,
//! and what it costs on each board. No recording is needed.

use lampyris_budget::{BOARDS, Board, Footprint, Layer, Workload};
use lampyris_device::{Chip, STATE_BYTES};
use lampyris_formats::bundle::{Golden, Host};
use lampyris_formats::firmware::Opened;
use lampyris_formats::tflite;
use lampyris_graph::AlignedBytes;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::runner::Runner;
use crate::signals::Plan;
use crate::{LabError, ModelInfo, Settings, Task, load, model_settings};

/// What is known of a bundle before its model has run.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct BundleInfo {
    /// What its chip part says.
    pub model: ModelInfo,
    /// Size of the whole file.
    pub file_bytes: u32,
    /// Size of the `.tflite` within it.
    pub tflite_bytes: u32,
    /// Golden vectors within it.
    pub golden: u32,
    /// What a person should know before using the model.
    pub card: String,
}

/// One golden vector, run again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct GoldenCheck {
    /// What its window or picture shows.
    pub label: String,
    /// Whether the features are the same bytes.
    pub features: bool,
    /// Whether the outputs are the same bytes.
    pub outputs: bool,
}

/// What is told of a report; reading all of it would cost the page 15 kB of code.
#[derive(Deserialize)]
struct Told {
    params: u32,
    macs: u32,
}

/// An open bundle.
pub struct OpenBundle {
    chip: AlignedBytes,
    host: Host,
    info: BundleInfo,
}

impl OpenBundle {
    /// Opens `model.lampyris`.
    ///
    /// # Errors
    /// Bytes that are no bundle, were cut or changed, are of a newer version, or are a chip
    /// part alone; golden vectors of another model.
    pub fn open(bytes: &[u8]) -> Result<Self, LabError> {
        let opened = Opened::new(bytes)?;
        let source = opened.source("")?;
        let mut model = ModelInfo::of(source.chip.bytes(), Vec::new(), None)?;
        let host = source.host.clone();
        // A model of another maker may carry neither; it runs all the same.
        if let Ok((_, axes)) = model_settings(&host.tflite) {
            model.axis_names = axes;
        }
        if let Ok(told) = serde_json::from_str::<Told>(&host.report_json) {
            (model.params, model.macs) = (Some(told.params), Some(told.macs));
        }
        Ok(Self {
            info: BundleInfo {
                model,
                file_bytes: bytes.len() as u32,
                tflite_bytes: host.tflite.len() as u32,
                golden: host.golden.len() as u32,
                card: host.card.clone(),
            },
            chip: AlignedBytes::new(source.chip.bytes()),
            host,
        })
    }

    /// What it says of itself.
    pub fn info(&self) -> &BundleInfo {
        &self.info
    }

    /// Its network as a `.tflite` file.
    pub fn tflite(&self) -> &[u8] {
        &self.host.tflite
    }

    /// Runs golden vector `i` as a chip would; nothing beyond the last.
    ///
    /// # Errors
    /// A chip part that this build can't run.
    pub fn check(&self, i: usize) -> Result<Option<GoldenCheck>, LabError> {
        let Some(golden) = self.host.golden.get(i) else {
            return Ok(None);
        };
        let (features, outputs) = self.answer(golden)?;
        Ok(Some(GoldenCheck {
            label: golden.label.clone(),
            features: features == golden.features,
            outputs: outputs == golden.outputs,
        }))
    }

    /// Int8 features and outputs of a golden vector's input. Of a picture the features are
    /// the input: a picture of the model's own size stays as it is.
    fn answer(&self, golden: &Golden) -> Result<(Vec<i8>, Vec<i8>), LabError> {
        let chip = Chip::parse(self.chip.as_ref())?;
        let mut runner = Runner::new(&self.chip)?;
        let Some([rows, columns]) = chip.grid() else {
            return Ok(runner.run(&golden.window));
        };
        let shown: Vec<u8> = golden.features.iter().map(|v| *v as u8 ^ 0x80).collect();
        Ok(runner.see(&shown, [rows, columns, chip.axes()]))
    }

    /// What the model costs on each board, in the order of the boards' table; none of a model
    /// that doesn't tell how it was made. Battery and usage are taken from `settings`, all else
    /// from the model.
    pub fn footprints(&self, settings: &Settings) -> Vec<Footprint> {
        let read = || {
            let (own, axes) = model_settings(&self.host.tflite)?;
            let (graph, _) = tflite::read(&self.host.tflite)?;
            let plan = Plan::new(&own, axes)?;
            Ok::<_, LabError>((own, plan, load::layers(&graph)))
        };
        let Ok((mut own, plan, layers)) = read() else {
            return Vec::new();
        };
        own.battery.clone_from(&settings.battery);
        own.usage.clone_from(&settings.usage);
        let of = |board: &lampyris_budget::Board| {
            own.board = board.id.into();
            load::of_model(&own, &plan, self.chip.as_ref(), layers.clone())
        };
        BOARDS.iter().filter_map(of).collect()
    }

    /// Refuses a board that has no room for the model: by the budget's least flash (model and
    /// linked code) and least RAM (static memory, stack, the camera's picture) against what the
    /// board's own software leaves. The chip part says all of that, so it holds for a model that
    /// doesn't tell how it was made, too. What nobody knows of a board refuses nothing.
    ///
    /// # Errors
    /// There is no room; a chip part that this build can't run.
    pub fn check_room(&self, board: &Board) -> Result<(), LabError> {
        let found = self.memory(board)?;
        let needs = [
            ("flash", &found.flash, "fewer or smaller layers"),
            (
                "RAM",
                &found.ram_whole,
                "a shorter window, smaller pictures or smaller layers at its beginning",
            ),
        ];
        for (what, of, less) in needs {
            let (Some(least), Some(limit)) = (of.low, of.limit) else {
                continue;
            };
            if least > limit {
                return Err(LabError::new(
                    format!(
                        "the model needs at least {least:.0} bytes of {what}, and the {} has {limit:.0} for it",
                        board.name
                    ),
                    format!("the board {}", board.id),
                    format!("train a model with {less}, or take a board with more {what}"),
                ));
            }
        }
        Ok(())
    }

    /// What the chip part alone says of a board: flash and RAM. Time and energy are not of use.
    fn memory(&self, board: &Board) -> Result<Footprint, LabError> {
        let chip = Chip::parse(self.chip.as_ref())?;
        let needs = chip.least_needs();
        let codes = lampyris_core::blob::codes(chip.graph())
            .map_err(|e| LabError::new(e.to_string(), "the network", "export the model again"))?;
        let operators =
            codes.filter_map(|code| lampyris_core::ops::find(lampyris_core::ops::ALL, code));
        let layer = |operator: &lampyris_core::Operator| Layer {
            operator: operator.name.into(),
            macs: 0,
            outputs: 0,
            reads: 0,
            rows: 1,
        };
        let work = Workload {
            weights_bytes: chip.bytes().len() as u64,
            arena_bytes: needs.arena as u64,
            ring_bytes: 4 * needs.ring as u64,
            scratch_bytes: 4 * needs.scratch as u64,
            features_bytes: 4 * needs.features as u64,
            state_bytes: STATE_BYTES as u64,
            block: chip.block().id.into(),
            layers: operators.map(layer).collect(),
            streams: chip.streaming_needs().is_some(),
            feature_instructions: 0,
            camera_bytes: chip.grid().map(|_| load::CAMERA_BYTES),
            hop_ms: 1000.0,
        };
        let usual = load::conditions(&Settings::default_for(Task::Motion));
        Ok(lampyris_budget::footprint(&work, board, &usual))
    }
}

#[cfg(test)]
mod tests {
    use lampyris_formats::tflite::Metadata;
    use lampyris_graph::{DType, Graph, Node, Op, Quant, Tensor};

    use super::*;

    /// A network of one softmax over this many values, wrapped.
    fn wrapped(count: usize) -> Vec<u8> {
        let tensor = |scale| Tensor {
            name: "t".into(),
            shape: vec![1, count],
            dtype: DType::I8,
            quant: Some(Quant {
                scale: vec![scale],
                zero_point: vec![-128],
                axis: 0,
            }),
            data: None,
        };
        let graph = Graph {
            variables: Vec::new(),
            name: "g".into(),
            tensors: vec![tensor(0.1), tensor(1.0 / 256.0)],
            nodes: vec![Node {
                op: Op::Softmax { beta: 1.0 },
                inputs: vec![Some(0)],
                outputs: vec![1],
            }],
            inputs: vec![0],
            outputs: vec![1],
        };
        let file = tflite::write(&graph, &Metadata::default()).expect("sound");
        crate::wrap(&file).expect("int8 in and out")
    }

    #[test]
    fn the_budget_s_static_memory_is_the_chip_part_s() {
        let open = OpenBundle::open(&wrapped(10)).expect("whole");
        let chip = Chip::parse(open.chip.as_ref()).expect("sound");
        let stated = chip.least_needs().bytes() + STATE_BYTES;
        for board in BOARDS {
            let found = open.memory(board).expect("runs");
            assert_eq!(found.ram.range(), Some((stated as f64, stated as f64)));
            assert!(
                found
                    .flash
                    .low
                    .is_none_or(|low| low >= chip.bytes().len() as f64)
            );
        }
    }

    #[test]
    fn a_board_without_room_is_refused_for_any_bundle() {
        let small = OpenBundle::open(&wrapped(10)).expect("whole");
        let large = OpenBundle::open(&wrapped(4_000)).expect("whole");
        // 32 KiB of RAM.
        let board = lampyris_budget::board("unor4").expect("in the table");
        small.check_room(board).expect("little of all");
        let refused = large
            .check_room(board)
            .expect_err("more than the board's RAM");
        assert!(refused.what.contains("bytes of RAM"), "{refused}");
    }
}
