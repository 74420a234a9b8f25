//! Where training gets its windows from.

use crate::TrainError;

/// The windows that training may see; there is no third part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Weights are fitted to these.
    Train,
    /// The best epoch is chosen on these; may be empty.
    Validation,
}

impl Part {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Part::Train => "training windows",
            Part::Validation => "validation windows",
        }
    }
}

/// Hands out windows by index. The same epoch and index always give the same window.
pub trait BatchSource {
    /// Windows in a part.
    fn len(&self, part: Part) -> usize;

    /// Values of one window.
    fn features(&self) -> usize;

    /// Labels; every label index is below this.
    fn classes(&self) -> usize;

    /// The label index of a window.
    fn label(&self, part: Part, index: usize) -> usize;

    /// Appends the windows at `indices` (each below [`BatchSource::len`]) to
    /// `x`, `[indices, features]`, and their label indices to `y`. Training windows may
    /// be drawn anew in each `epoch`, which counts from 0.
    fn fill(&self, part: Part, epoch: u32, indices: &[usize], x: &mut Vec<f32>, y: &mut Vec<usize>);
}

/// A source that holds everything.
#[derive(Clone, Debug, Default)]
pub struct MemorySource {
    features: usize,
    classes: usize,
    parts: [(Vec<f32>, Vec<u32>); 2],
}

impl MemorySource {
    /// A source of windows `x`, `[windows, features]`, with label indices `y`.
    ///
    /// # Errors
    ///
    /// Refuses parts whose `x` and `y` don't fit together.
    pub fn new(
        features: usize,
        classes: usize,
        train: (Vec<f32>, Vec<u32>),
        validation: (Vec<f32>, Vec<u32>),
    ) -> Result<Self, TrainError> {
        for (part, (x, y)) in [(Part::Train, &train), (Part::Validation, &validation)] {
            if x.len() != y.len() * features {
                return Err(TrainError::new(
                    format!(
                        "{} values for {} labels × {features} features",
                        x.len(),
                        y.len()
                    ),
                    part.name(),
                    "give one label a window and all features of each",
                ));
            }
        }
        Ok(Self {
            features,
            classes,
            parts: [train, validation],
        })
    }

    fn part(&self, part: Part) -> &(Vec<f32>, Vec<u32>) {
        match part {
            Part::Train => &self.parts[0],
            Part::Validation => &self.parts[1],
        }
    }
}

impl BatchSource for MemorySource {
    fn len(&self, part: Part) -> usize {
        self.part(part).1.len()
    }

    fn features(&self) -> usize {
        self.features
    }

    fn classes(&self) -> usize {
        self.classes
    }

    fn label(&self, part: Part, index: usize) -> usize {
        self.part(part).1[index] as usize
    }

    fn fill(&self, part: Part, _: u32, indices: &[usize], x: &mut Vec<f32>, y: &mut Vec<usize>) {
        let (from_x, from_y) = self.part(part);
        for &i in indices {
            x.extend_from_slice(&from_x[i * self.features..(i + 1) * self.features]);
            y.push(from_y[i] as usize);
        }
    }
}

/// Windows a label among the training windows. Refuses data that can't be learned
/// from, naming the first bad window.
pub(crate) fn check(source: &dyn BatchSource) -> Result<Vec<usize>, TrainError> {
    if source.len(Part::Train) == 0 {
        return Err(TrainError::new(
            "no windows to train on",
            Part::Train.name(),
            "record or import data, or keep less of it for test and validation",
        ));
    }
    let mut counts = vec![0; source.classes()];
    for part in [Part::Train, Part::Validation] {
        for i in 0..source.len(part) {
            let label = source.label(part, i);
            match counts.get_mut(label) {
                Some(n) => *n += usize::from(part == Part::Train),
                None => {
                    return Err(TrainError::new(
                        format!("label {label} of {} labels", source.classes()),
                        place(part, i),
                        "number the labels from 0",
                    ));
                }
            }
        }
    }
    if counts.iter().filter(|n| **n > 0).count() < 2 {
        return Err(TrainError::new(
            "all training windows bear the same label",
            Part::Train.name(),
            "record at least one more label: with one there is nothing to tell apart",
        ));
    }
    Ok(counts)
}

fn place(part: Part, index: usize) -> String {
    format!("{}, window {index}", part.name())
}

/// Refuses the window at `index` where it holds something else than numbers.
pub(crate) fn check_values(part: Part, index: usize, x: &[f32]) -> Result<(), TrainError> {
    if x.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    Err(TrainError::new(
        "a feature that is not a finite number",
        place(part, index),
        "repair or remove the recording that it comes from",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(x: [f32; 4], y: [u32; 2]) -> MemorySource {
        MemorySource::new(2, 2, (x.to_vec(), y.to_vec()), (vec![], vec![])).expect("it fits")
    }

    #[test]
    fn windows_come_by_index() {
        let s = source([1.0, 2.0, 3.0, 4.0], [0, 1]);
        let (mut x, mut y) = (vec![9.0], vec![]);
        s.fill(Part::Train, 0, &[1, 0], &mut x, &mut y);
        assert_eq!(x, [9.0, 3.0, 4.0, 1.0, 2.0]);
        assert_eq!(y, [1, 0]);
        assert_eq!(check(&s), Ok(vec![1, 1]));
    }

    #[test]
    fn data_that_cannot_be_learned_from_is_refused() {
        let cases = [
            (source([0.0; 4], [0, 0]), "same label"),
            (source([0.0; 4], [0, 2]), "label 2 of 2"),
            (MemorySource::default(), "no windows"),
        ];
        for (source, what) in cases {
            let e = check(&source).expect_err(what);
            assert!(e.what.contains(what) && !e.remedy.is_empty(), "{e}");
        }
        for bad in [f32::NAN, f32::INFINITY] {
            let e = check_values(Part::Validation, 7, &[0.0, bad]).expect_err("no number");
            assert_eq!(e.place, "validation windows, window 7");
        }
        MemorySource::new(2, 2, (vec![0.0; 3], vec![0]), (vec![], vec![])).expect_err("3 ≠ 2");
    }
}
