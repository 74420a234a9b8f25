//! Pictures as the model sees them, for a page that draws them.

use lampyris_dataset::Split;

use crate::pictures::{shape, spread};
use crate::runner::{Runner, score};
use crate::signals::Plan;
use crate::windows::Table;
use crate::{Lab, LabError, Picture, Settings, Task};

/// Most pictures of a label that its mean is taken over.
const MOST: usize = 200;

/// What the model sees of one picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// 1 (grey) or 3 (red, green, blue).
    pub channels: u32,
    /// `[height, width, channels]`, 0 to 255.
    pub bytes: Vec<u8>,
}

/// What the model sees of each label on average.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Means {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// 1 (grey) or 3 (red, green, blue).
    pub channels: u32,
    /// By bytes.
    pub labels: Vec<String>,
    /// Pictures that the mean of each label is of: at most 200, evenly spread over those
    /// that there are.
    pub counts: Vec<u32>,
    /// `[labels, height, width, channels]`, 0 to 255.
    pub bytes: Vec<u8>,
}

impl Lab {
    /// The plan of settings for pictures.
    fn plan_of_pictures(&self, settings: &Settings) -> Result<Plan, LabError> {
        if settings.task == Task::Image {
            return self.plan(settings);
        }
        Err(LabError::new(
            "these settings are not for pictures",
            "settings, task",
            "choose the task of pictures",
        ))
    }

    /// What the model sees of a picture.
    ///
    /// # Errors
    /// Settings that are refused or not for pictures, a recording that isn't there or is no
    /// picture, and one that can't be decoded.
    pub fn shown(&mut self, settings: &Settings, id: &str) -> Result<Shown, LabError> {
        let plan = self.plan_of_pictures(settings)?;
        let bytes = self.seen(&plan, id)?.to_vec();
        let [height, width, channels] = shape(&plan).map(|n| n as u32);
        Ok(Shown {
            width,
            height,
            channels,
            bytes,
        })
    }

    /// The mean picture of each label, of those that are not kept for test.
    ///
    /// # Errors
    /// Settings that are refused or not for pictures, and pictures that can't be decoded.
    pub fn mean_pictures(&mut self, settings: &Settings) -> Result<Means, LabError> {
        let plan = self.plan_of_pictures(settings)?;
        let [height, width, channels] = shape(&plan).map(|n| n as u32);
        self.with_cache(|lab, cache| {
            let table = Table::new(settings, &plan, lab.recordings());
            let mut means = Means {
                width,
                height,
                channels,
                labels: table.labels.clone(),
                ..Means::default()
            };
            for label in 0..table.labels.len() as u32 {
                let of_label = table
                    .windows
                    .iter()
                    .filter(|w| w.label == label && table.parts[w.recording] != Split::Test);
                let of_label: Vec<usize> = of_label.map(|w| w.recording).collect();
                let mut sums = vec![0u32; plan.layout.features];
                for i in spread(of_label.len(), MOST) {
                    let row = cache.pictures.seen(&plan, table.recordings[of_label[i]])?;
                    let sums = sums.iter_mut().zip(row.iter());
                    sums.for_each(|(sum, v)| *sum += u32::from(*v));
                }
                let n = of_label.len().min(MOST) as u32;
                let mean = |sum: u32| ((sum + n / 2) / n.max(1)) as u8;
                means.counts.push(n);
                means.bytes.extend(sums.into_iter().map(mean));
            }
            Ok(means)
        })
    }

    /// The model's scores of one picture (0 to 1, in the order of its labels); `None` where
    /// there is no model for such pictures.
    ///
    /// # Errors
    /// As [`Lab::shown`].
    pub fn scores(&mut self, settings: &Settings, id: &str) -> Result<Option<Vec<f32>>, LabError> {
        let plan = self.plan_of_pictures(settings)?;
        let row = self.seen(&plan, id)?;
        let Some(model) = self.model().filter(|model| model.plan_fits(&plan)) else {
            return Ok(None);
        };
        let mut runner = Runner::new(&model.chip)?;
        let (_, outputs) = runner.see(&row, shape(&plan));
        Ok(Some(outputs.into_iter().map(score).collect()))
    }

    /// A picture in place of the features of a window.
    pub(crate) fn picture_seen(
        &mut self,
        settings: &Settings,
        plan: &Plan,
        id: &str,
    ) -> Result<Picture, LabError> {
        let values = self.seen(plan, id)?;
        let label_scores = self.scores(settings, id)?;
        let recording = self.recording(id)?;
        let label = plan.spans(recording, settings).into_iter().next();
        Ok(Picture {
            frames: plan.layout.frames,
            columns: plan.layout.columns(),
            values: values.iter().map(|v| f32::from(*v)).collect(),
            column_names: plan.column_names(),
            samples: Vec::new(),
            axes: plan.axis_names(),
            rate_hz: plan.signal.rate_hz,
            frame_samples: 1,
            stride_samples: 1,
            label: label.map(|span| span.label),
            label_scores,
        })
    }
}
