//! Files to models, and models at work.

use lampyris_core::{Session, arena_bytes, blob, ops};
use lampyris_device::{Chip, ChipError, Classifier, Memory};
use lampyris_dsp::{BLOCKS, Pixels, View};
use lampyris_graph::AlignedBytes;

use crate::error::Refused;

/// How a bundle begins.
const BUNDLE: &[u8] = b"LAMPYRIS";

/// What the values of an input or an output are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// −128 to 127.
    Int8,
    /// 0 to 255.
    Uint8,
    /// Readings of a sensor, in its own unit.
    Float32,
}

/// An input or an output.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// What its values are.
    pub kind: Kind,
    /// Values.
    pub len: usize,
    /// What a step is worth.
    pub scale: f32,
    /// The value that means 0.
    pub zero: i32,
}

/// An open model.
pub struct Model {
    work: Work,
    inputs: Vec<End>,
    outputs: Vec<End>,
    labels: Vec<String>,
}

enum Work {
    Network(Session<AlignedBytes, AlignedBytes>),
    Readings(Box<Running>, Vec<f32>),
    Pictures(Box<Running>, Vec<u8>, [usize; 3]),
}

type Running = Classifier<AlignedBytes, AlignedBytes, Vec<f32>>;

impl Model {
    /// Opens a `.tflite` file, a bundle (`model.lampyris`) or its chip part, or a graph as the
    /// engine runs it.
    ///
    /// # Errors
    /// What is wrong with the file or not supported, where, and what would be accepted.
    pub fn open(file: Vec<u8>) -> Result<Self, Refused> {
        if file.starts_with(BUNDLE) {
            return Self::of_bundle(&file);
        }
        if file.starts_with(&blob::MAGIC) {
            return Self::of_blob(file, &[], &[], Vec::new());
        }
        Self::of_tflite(file)
    }

    #[cfg(feature = "tflite")]
    fn of_tflite(file: Vec<u8>) -> Result<Self, Refused> {
        let network = crate::tflite::read(file)?;
        Self::of_blob(
            network.blob,
            &network.inputs,
            &network.outputs,
            network.labels,
        )
    }

    #[cfg(not(feature = "tflite"))]
    fn of_tflite(_: Vec<u8>) -> Result<Self, Refused> {
        Err(Refused::new(
            "no bundle",
            "the file",
            "give a model.lampyris, or load the engine that opens .tflite files",
        ))
    }

    fn of_blob(
        bytes: Vec<u8>,
        inputs: &[End],
        outputs: &[End],
        labels: Vec<String>,
    ) -> Result<Self, Refused> {
        let failed = |error: lampyris_core::ModelError| {
            Refused::new(
                error.to_string(),
                "the int8 graph",
                "export the model again",
            )
        };
        let bytes = AlignedBytes::from(bytes);
        let arena = arena_bytes(bytes.as_ref()).map_err(failed)?;
        let arena = AlignedBytes::from(room(arena)?);
        let session = Session::new(bytes, arena, ops::ALL).map_err(failed)?;
        // A graph alone does not say what its steps are worth.
        let plain = |len: usize| End {
            kind: Kind::Int8,
            len,
            scale: 1.0,
            zero: 0,
        };
        let (ins, outs) = session.arity();
        let told = |ends: &[End], i: usize, len: usize| {
            let known = ends.get(i).filter(|end| end.len == len);
            known.cloned().unwrap_or_else(|| plain(len))
        };
        Ok(Self {
            inputs: (0..ins)
                .map(|i| told(inputs, i, session.input(i).len()))
                .collect(),
            outputs: (0..outs)
                .map(|i| told(outputs, i, session.output(i).len()))
                .collect(),
            labels,
            work: Work::Network(session),
        })
    }

    fn of_bundle(file: &[u8]) -> Result<Self, Refused> {
        let damaged = |error: ChipError| {
            Refused::new(told(&error), "the chip part", "export the model again")
        };
        let bytes = AlignedBytes::new(file);
        let chip = Chip::parse(bytes.as_ref()).map_err(damaged)?;
        let needs = chip.needs();
        let memory = Memory {
            arena: AlignedBytes::from(room(needs.arena)?),
            ring: room(needs.ring)?,
            scratch: room(needs.scratch)?,
            features: room(needs.features)?,
        };
        let labels = chip.labels().map(str::to_owned).collect();
        let (grid, axes, values) = (chip.grid(), chip.axes(), chip.window() * chip.axes());
        let running = Classifier::new(AlignedBytes::new(chip.bytes()), ops::ALL, BLOCKS, memory);
        let mut running = Box::new(running.map_err(damaged)?);
        let scores = End {
            kind: Kind::Int8,
            len: running.outputs().len(),
            scale: 1.0 / 256.0,
            zero: -128,
        };
        let (kind, len, work) = match grid {
            Some([rows, columns]) => {
                let len = rows * columns * axes;
                let pixels = vec![0; len];
                (
                    Kind::Uint8,
                    len,
                    Work::Pictures(running, pixels, [rows, columns, axes]),
                )
            }
            None => {
                running.reset();
                (
                    Kind::Float32,
                    values,
                    Work::Readings(running, vec![0.0; values]),
                )
            }
        };
        let input = End {
            kind,
            len,
            scale: 1.0,
            zero: 0,
        };
        Ok(Self {
            work,
            inputs: vec![input],
            outputs: vec![scores],
            labels,
        })
    }

    /// What it takes. A bundle takes one window of readings `[samples, axes]` at its rate, or one
    /// picture `[height, width, channels]` of the size that it sees.
    pub fn inputs(&self) -> &[End] {
        &self.inputs
    }

    /// What it gives. A bundle gives a score a label, in steps of 1/256 from −128 on.
    pub fn outputs(&self) -> &[End] {
        &self.outputs
    }

    /// What the values of the last output mean; empty where the file doesn't say.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Where the values of input `i` lie, to be written before each run; 0 where there is none.
    pub fn input_at(&self, i: usize) -> usize {
        match &self.work {
            Work::Network(session) => address(session.input(i)),
            Work::Readings(_, window) => address(window),
            Work::Pictures(_, pixels, _) => address(pixels),
        }
    }

    /// Where the values of output `i` lie after a run; 0 where there is none.
    pub fn output_at(&self, i: usize) -> usize {
        match &self.work {
            Work::Network(session) => address(session.output(i)),
            Work::Readings(running, _) | Work::Pictures(running, ..) => address(running.outputs()),
        }
    }

    /// Runs it on what the inputs hold.
    pub fn run(&mut self) {
        match &mut self.work {
            Work::Network(session) => session.run(),
            Work::Readings(running, window) => {
                running.classify(window);
            }
            Work::Pictures(running, pixels, [rows, columns, channels]) => {
                let kind = if *channels == 1 {
                    Pixels::Grey
                } else {
                    Pixels::Rgb
                };
                if let Some(view) = View::new(*columns, *rows, kind, pixels) {
                    running.show(&view);
                    running.infer();
                }
            }
        }
    }

    /// Forgets what earlier runs have left in the state, where there is any.
    pub fn reset(&mut self) {
        match &mut self.work {
            Work::Network(session) => session.reset(),
            Work::Readings(running, _) | Work::Pictures(running, ..) => running.reset(),
        }
    }
}

/// So many zeros, if there is memory for them, and for as many once more.
fn room<T: Clone + Default>(len: usize) -> Result<Vec<T>, Refused> {
    let mut room = Vec::new();
    let twice = len.checked_mul(2);
    if twice.is_none_or(|twice| room.try_reserve_exact(twice).is_err()) {
        return Err(Refused::new(
            format!("a model that asks for {len} values of memory"),
            "the file",
            "give a model for microcontrollers, whose bytes are as they were exported",
        ));
    }
    room.resize(len, T::default());
    room.shrink_to_fit();
    Ok(room)
}

fn address<T>(values: &[T]) -> usize {
    if values.is_empty() {
        return 0;
    }
    values.as_ptr() as usize
}

/// What is wrong with a chip part, in short: the whole text would bring the printing of real
/// numbers with it, a tenth of the module.
fn told(error: &ChipError) -> String {
    let short = match error {
        ChipError::Version { .. } => "another version than this build reads",
        ChipError::Truncated { .. } => "the file ends early",
        ChipError::Damaged => "its bytes have changed",
        ChipError::UnknownBlock(_) => "a signal block that this build lacks",
        ChipError::Model(error) => return error.to_string(),
        _ => "a field that is not allowed",
    };
    short.to_owned()
}
