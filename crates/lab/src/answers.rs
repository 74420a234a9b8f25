//! What a model said to each window that it was measured on.

use crate::{Lab, LabError, Settings};

/// One entry a window, in the order of recording id and time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Id of the window's recording.
    pub ids: Vec<String>,
    /// First sample, at the model's rate.
    pub starts: Vec<u32>,
    /// In the order of the model's outputs.
    pub labels: Vec<String>,
    /// Index of what it was labelled when the model was measured.
    pub truth: Vec<u32>,
    /// Index of what the int8 model said.
    pub said: Vec<u32>,
    /// Its scores, `[windows, labels]`, 0 to 1.
    pub scores: Vec<f32>,
}

impl Lab {
    /// What the lab's model said to each window that its report rests on; windows of
    /// recordings that were removed since are left out.
    ///
    /// # Errors
    /// Settings that are refused, and where there is no model of such windows.
    pub fn answers(&mut self, settings: &Settings) -> Result<Answers, LabError> {
        let plan = self.plan(settings)?;
        let model = self.model().filter(|model| model.plan_fits(&plan));
        let model = model.ok_or_else(|| {
            LabError::new(
                "there is no model of such windows",
                "model",
                "train with these settings",
            )
        })?;
        let all = &model.answers;
        let mut found = Answers {
            labels: all.labels.clone(),
            ..Answers::default()
        };
        let scores = all.scores.chunks_exact(all.labels.len().max(1));
        for (i, (id, scores)) in all.ids.iter().zip(scores).enumerate() {
            if self.recording(id).is_ok() {
                found.ids.push(id.clone());
                found.starts.push(all.starts[i]);
                found.truth.push(all.truth[i]);
                found.said.push(all.said[i]);
                found.scores.extend_from_slice(scores);
            }
        }
        Ok(found)
    }
}
