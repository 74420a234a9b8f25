//! The `lampyris` command: the playground's pipeline on a desktop and in CI.
//!
//! ```text
//! lampyris train DATA --out DIR      recordings → model.tflite, model.lampyris, report.json
//! lampyris eval MODEL.lampyris DATA  int8 result on DATA's test recordings
//! lampyris run MODEL.tflite …        raw tensors through the int8 engine
//! lampyris inspect MODEL             what is in a .tflite or a .lampyris
//! lampyris features FILE --out F.bin one recording's features, raw f32 or int8
//! lampyris export MODEL.lampyris --target T --out DIR   what builds and runs on a chip
//! lampyris golden MODEL.lampyris DATA --out DIR   windows and bytes for firmware tests
//! ```
//!
//! Results go to standard output as JSON, progress and warnings to standard
//! error. What can't be read ends with exit code 1 and "what (place): remedy";
//! a wrong command line ends with 2. Files appear whole or not at all.
//! `docs/config.md` is the contract of files and keys.

mod config;
mod data;
mod eval;
mod export;
mod features;
mod golden;
mod inspect;
mod model_file;
mod output;
mod run;
mod train;
mod training;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use lampyris_formats::firmware::TARGETS;
use lampyris_lab::{LabError, Task};

/// Recordings in, a quantized model out; the playground's pipeline without the page.
#[derive(Parser)]
#[command(name = "lampyris", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
enum TaskName {
    /// Gestures and activities from an accelerometer.
    Motion,
    /// Words and noises from a microphone.
    Audio,
    /// Pictures from a camera.
    Image,
}

impl From<TaskName> for Task {
    fn from(name: TaskName) -> Self {
        match name {
            TaskName::Motion => Self::Motion,
            TaskName::Audio => Self::Audio,
            TaskName::Image => Self::Image,
        }
    }
}

#[derive(Subcommand)]
enum Command {
    /// Train on a folder or zip of recordings and write the model's files.
    Train {
        /// Edge Impulse export, or folders train/, test/, val/, or a zip of either.
        data: PathBuf,
        /// Folder for model.tflite, model.lampyris and report.json.
        #[arg(long)]
        out: PathBuf,
        /// What is being recognised; decides the defaults. Else what the config says, else
        /// what the recordings are: audio where all are sounds, image where all are pictures,
        /// motion where none is either.
        #[arg(long, value_enum)]
        task: Option<TaskName>,
        /// Seed of first weights, shuffling and dropout.
        #[arg(long)]
        seed: Option<u32>,
        /// JSON with settings that differ from the defaults; see docs/config.md.
        #[arg(long)]
        config: Option<PathBuf>,
        /// A folder or file of background noise, beside DATA; its label is
        /// _background_noise_.
        #[arg(long)]
        background: Option<PathBuf>,
    },
    /// Print the int8 result of a model on DATA's test recordings as JSON.
    Eval {
        /// A model.lampyris.
        model: PathBuf,
        /// As for train.
        data: PathBuf,
        /// What the model must recognise; another model is refused.
        #[arg(long, value_enum)]
        task: Option<TaskName>,
    },
    /// Run raw int8 tensors through a .tflite, case by case.
    Run {
        /// A .tflite whose inputs and outputs are int8.
        model: PathBuf,
        /// Cases of one input back to back, C order; once for each input, in order.
        #[arg(long, required = true)]
        input: Vec<PathBuf>,
        /// Where the cases of one output go; once for each output, in order.
        #[arg(long, required = true)]
        output: Vec<PathBuf>,
        /// Also write what every operator wrote, as DIR/CCC/OOO_tTTT.bin.
        #[arg(long)]
        layers: Option<PathBuf>,
    },
    /// Tell what is in a .tflite or a .lampyris.
    Inspect {
        /// The file.
        model: PathBuf,
        /// As JSON instead of text.
        #[arg(long)]
        json: bool,
    },
    /// Write the features of one recording's windows: raw little-endian f32, [windows,
    /// frames, columns], or the int8 that reach a model's network.
    Features {
        /// A WAV, a CSV, Edge Impulse JSON, a JPEG or a PNG.
        recording: PathBuf,
        /// Where the features go.
        #[arg(long)]
        out: PathBuf,
        /// The block that computes them, with its defaults; else the task's own.
        #[arg(long, conflicts_with = "model")]
        block: Option<String>,
        /// Decides the defaults; else what the config says, else what the recording is:
        /// audio for sound, image for a picture.
        #[arg(long, value_enum, conflicts_with = "model")]
        task: Option<TaskName>,
        /// JSON with settings that differ from the defaults; see docs/config.md.
        #[arg(long, conflicts_with = "model")]
        config: Option<PathBuf>,
        /// A model.lampyris: its int8 features instead.
        #[arg(long)]
        model: Option<PathBuf>,
    },
    /// Write a model as files that build and run on a chip as they are.
    Export {
        /// A model.lampyris, or a .tflite with one int8 input and one int8 output.
        model: PathBuf,
        /// What it is for.
        #[arg(long, help = targets())]
        target: String,
        /// Folder for the files: new, empty, or an earlier export.
        #[arg(long)]
        out: PathBuf,
        /// What the model is called; else the file's name.
        #[arg(long)]
        name: Option<String>,
        /// A board; a model that it can't hold is refused.
        #[arg(long)]
        board: Option<String>,
        /// Folder of the prebuilt files; else LAMPYRIS_KIT, else where make build left them.
        #[arg(long)]
        kit: Option<PathBuf>,
    },
    /// Write chip.bin, windows.f32, features.i8 and outputs.i8 for firmware tests; of
    /// pictures no windows: the features are the network's input.
    Golden {
        /// A model.lampyris.
        model: PathBuf,
        /// As for train; its test recordings are used.
        data: PathBuf,
        /// Folder for the files.
        #[arg(long)]
        out: PathBuf,
    },
}

/// What `--target` may be, for its help.
fn targets() -> String {
    let ids: Vec<&str> = TARGETS.iter().map(|target| target.id).collect();
    format!("What it is for: {}", ids.join(", "))
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Train {
            data,
            out,
            task,
            seed,
            config,
            background,
        } => train::train(
            &train::Sources { data, background },
            &out,
            task.map(Task::from),
            seed,
            config.as_deref(),
        ),
        Command::Eval { model, data, task } => eval::eval(&model, &data, task.map(Task::from)),
        Command::Run {
            model,
            input,
            output,
            layers,
        } => run::run(&model, &input, &output, layers.as_deref()),
        Command::Inspect { model, json } => inspect::inspect(&model, json),
        Command::Features {
            recording,
            out,
            model: Some(model),
            ..
        } => features::int8(&recording, &out, &model),
        Command::Features {
            recording,
            out,
            block,
            task,
            config,
            model: None,
        } => features::float(
            &recording,
            &out,
            task.map(Task::from),
            block,
            config.as_deref(),
        ),
        Command::Export {
            model,
            target,
            out,
            name,
            board,
            kit,
        } => export::export(&export::Wish {
            model,
            target,
            out,
            name,
            board,
            kit,
        }),
        Command::Golden { model, data, out } => golden::golden(&model, &data, &out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lampyris: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What every command gives.
type Outcome<T = ()> = Result<T, LabError>;
