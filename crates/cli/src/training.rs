//! Training on the desktop: progress on standard error, time by the clock.

use std::time::Instant;

use lampyris_lab::{Job, Progress, TrainingResult};
use lampyris_train::JobTrainer;

use crate::Outcome;

/// Batches between two looks at the clock.
const SLICE: usize = 200;
/// Seconds between two lines of progress.
const EVERY_S: f32 = 1.0;

/// Trains, telling progress on standard error, and gives the result and the
/// wall-clock seconds.
pub(crate) fn train(job: Job) -> Outcome<(TrainingResult, f32)> {
    let begin = Instant::now();
    let mut trainer = JobTrainer::new(job)?;
    let mut told = 0.0;
    loop {
        let progress = trainer.advance(SLICE)?;
        let seconds = begin.elapsed().as_secs_f32();
        if progress.finished || seconds - told > EVERY_S {
            told = seconds;
            tell(&progress, seconds);
        }
        if progress.finished {
            break;
        }
    }
    Ok((trainer.finish()?, begin.elapsed().as_secs_f32()))
}

fn tell(progress: &Progress, seconds: f32) {
    let validation = progress.history.last().and_then(|r| r.validation_accuracy);
    eprintln!(
        "training: epoch {}/{}, {} validation accuracy, best epoch {}, {seconds:.1} s",
        progress.history.len(),
        progress.epochs,
        validation.map_or_else(|| "no".into(), |a| format!("{:.1} %", a * 100.0)),
        progress.best_epoch,
    );
}
