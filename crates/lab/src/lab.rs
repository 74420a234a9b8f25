//! The pipeline with its recordings.

use std::borrow::Cow;
use std::collections::BTreeMap;

use lampyris_dataset::{Look, Recording, RecordingMeta, Span, Split, look};
use serde::Deserialize;

use crate::cache::Cache;
use crate::features::Matrix;
use crate::issues::issues;
use crate::pictures::Seen;
use crate::signals::{Plan, choose_axes};
use crate::windows::Table;
use crate::{
    FeatureValue, Job, JobReader, JobStream, LabError, LabelCount, Map, Model, Overview, Picture,
    Rows, Settings, Takes, Task, TrainingResult, Values, Varied, WindowView, load, quantize,
};

/// What was said of a recording when a network was trained with it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Described {
    /// The recording's id.
    pub id: String,
    /// Labelled stretches.
    pub spans: Vec<Span>,
    /// Person or occasion.
    pub group: Option<String>,
    /// What it was kept for.
    pub split: Split,
}

/// Recordings, features that were computed of them, and the last model.
#[derive(Default)]
pub struct Lab {
    /// By id, each with what its samples look like.
    recordings: BTreeMap<String, (Recording, Look)>,
    cache: Cache,
    /// The recording that was looked at last, at the model's rate, by what made it.
    resampled: Option<(String, Vec<f32>)>,
    model: Option<Model>,
}

impl Lab {
    /// A lab without recordings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a recording; one of the same id is replaced.
    pub fn put(&mut self, recording: Recording) {
        self.cache.pictures.forget(&recording.meta.id);
        let look = look(&recording);
        self.recordings
            .insert(recording.meta.id.clone(), (recording, look));
    }

    /// Takes what is said of a recording anew (see [`Recording::describe`]); its content stays.
    ///
    /// # Errors
    /// Where there is no such recording, and as [`Recording::describe`].
    pub fn put_meta(&mut self, meta: RecordingMeta) -> Result<(), LabError> {
        let Some((recording, _)) = self.recordings.get_mut(&meta.id) else {
            return Err(LabError::new(
                "there is no such recording",
                format!("recording {}", meta.id),
                "reload the page, so that it fits its engine",
            ));
        };
        Ok(recording.describe(meta)?)
    }

    /// Forgets a recording; says whether there was one.
    pub fn remove(&mut self, id: &str) -> bool {
        self.cache.pictures.forget(id);
        self.recordings.remove(id).is_some()
    }

    /// Forgets everything, the model too.
    pub fn clear(&mut self) {
        self.recordings.clear();
        self.cache.clear();
        self.resampled = None;
        self.model = None;
    }

    /// All recordings by id.
    pub fn recordings(&self) -> impl Iterator<Item = &Recording> {
        self.recordings.values().map(|(recording, _)| recording)
    }

    /// The model of the last [`Lab::quantize`].
    pub fn model(&self) -> Option<&Model> {
        self.model.as_ref()
    }

    pub(crate) fn plan(&self, settings: &Settings) -> Result<Plan, LabError> {
        Plan::new(settings, choose_axes(settings, self.recordings()))
    }

    /// All that is known before training. It never fails: what is missing or
    /// wrong is an issue of severity error, and `ready` is false.
    pub fn overview(&self, settings: &Settings) -> Overview {
        let plan = self.plan(settings);
        let table = plan
            .as_ref()
            .ok()
            .map(|plan| Table::new(settings, plan, self.recordings()));
        let issues = issues(settings, plan.as_ref(), table.as_ref(), &self.recordings);
        let mut splits: BTreeMap<String, Split> = BTreeMap::new();
        splits.extend(self.recordings.keys().map(|id| (id.clone(), Split::Auto)));
        let mut overview = Overview {
            labels: Vec::new(),
            splits: BTreeMap::new(),
            ready: !issues.iter().any(crate::issues::is_error),
            issues,
            window: settings.window_samples(),
            hop: settings.hop_samples(),
            features: 0,
            frames: 1,
            feature_names: Vec::new(),
            axes: Vec::new(),
            layers: Vec::new(),
            footprint: None,
        };
        if let (Ok(plan), Some(table)) = (plan, table) {
            splits.extend(table.splits());
            overview.labels = self.label_counts(settings, &plan, &table);
            overview.features = plan.layout.features as u32;
            overview.frames = plan.layout.frames as u32;
            overview.feature_names = plan.column_names();
            overview.axes = plan.axis_names();
            (overview.layers, overview.footprint) =
                load::before_training(settings, &plan, &table.labels);
        }
        overview.splits = splits;
        overview
    }

    fn label_counts(&self, settings: &Settings, plan: &Plan, table: &Table<'_>) -> Vec<LabelCount> {
        let mut counts: BTreeMap<String, LabelCount> = BTreeMap::new();
        let pictures = plan.is_of_pictures();
        for recording in self
            .recordings()
            .filter(|r| r.picture.is_some() == pictures)
        {
            let mut seen: Vec<String> = Vec::new();
            for span in plan.spans(recording, settings) {
                let count = counts.entry(span.label.clone()).or_default();
                if !pictures {
                    count.seconds += (span.end - span.start) as f32 / plan.signal.rate_hz;
                }
                if !seen.contains(&span.label) {
                    count.recordings += 1;
                    seen.push(span.label);
                }
            }
        }
        for (label, count) in &mut counts {
            count.label.clone_from(label);
            if let Ok(i) = table.labels.binary_search(label) {
                count.train = table.count(Split::Train, i as u32);
                count.validation = table.count(Split::Validation, i as u32);
                count.test = table.count(Split::Test, i as u32);
            }
        }
        counts.into_values().collect()
    }

    /// One window of a recording, from sample `start` at the model's rate.
    ///
    /// # Errors
    /// Settings that are refused, a recording that isn't there or lacks an axis,
    /// a window that runs over its end.
    pub fn window(
        &mut self,
        settings: &Settings,
        id: &str,
        start: u32,
    ) -> Result<WindowView, LabError> {
        let plan = self.plan(settings)?;
        let picture = self.picture_of(settings, &plan, id, Some(start))?;
        if plan.is_of_pictures() {
            return Ok(WindowView {
                samples: Vec::new(),
                axes: picture.axes,
                rate_hz: picture.rate_hz,
                features: Vec::new(),
                label: picture.label,
                label_scores: picture.label_scores,
            });
        }
        let norms = self.with_cache(|lab, cache| {
            let table = Table::new(settings, &plan, lab.recordings());
            let trained = table.of(Split::Train).next().is_some();
            let matrix = Matrix::new(cache, &plan, &table).ok();
            matrix.filter(|_| trained).map(|m| m.norms)
        });
        let features = picture.values.iter().enumerate().map(|(i, &value)| {
            let (name, axis) = plan.feature_name(i);
            let norm = norms.as_ref().map(|n| n[i % n.len()]);
            FeatureValue {
                name,
                axis: axis.map(|a| plan.axis_name(a)),
                value,
                normalized: norm.map(|n| n.apply(value)),
            }
        });
        Ok(WindowView {
            features: features.collect(),
            axes: picture.axes,
            rate_hz: picture.rate_hz,
            label: picture.label,
            label_scores: picture.label_scores,
            samples: picture.samples,
        })
    }

    /// The features of the window of a recording that begins at sample `start` (at the
    /// model's rate), or of the whole take, as a picture.
    ///
    /// # Errors
    /// As [`Lab::window`]; and a take that is shorter than a window.
    pub fn picture(
        &mut self,
        settings: &Settings,
        id: &str,
        start: Option<u32>,
    ) -> Result<Picture, LabError> {
        let plan = self.plan(settings)?;
        self.picture_of(settings, &plan, id, start)
    }

    fn picture_of(
        &mut self,
        settings: &Settings,
        plan: &Plan,
        id: &str,
        start: Option<u32>,
    ) -> Result<Picture, LabError> {
        if plan.is_of_pictures() {
            return self.picture_seen(settings, plan, id);
        }
        let kept = self.resampled.take();
        let recording = self.recording(id)?;
        let key = plan.resampling_key(recording);
        let kept = kept.filter(|(k, _)| *k == key);
        let signal = match kept {
            Some((_, signal)) => signal,
            None => plan.resampled(recording)?,
        };
        let model = self.model.as_ref();
        let picture = Picture::new(settings, plan, recording, &signal, start, model);
        self.resampled = Some((key, signal));
        picture
    }

    /// What was recorded under this id.
    pub(crate) fn recording(&self, id: &str) -> Result<&Recording, LabError> {
        let found = self.recordings.get(id).map(|(recording, _)| recording);
        found.ok_or_else(|| {
            LabError::new(
                "there is no such recording",
                format!("recording {id}"),
                "import it again",
            )
        })
    }

    /// What the model sees of a picture.
    pub(crate) fn seen(&mut self, plan: &Plan, id: &str) -> Result<Seen, LabError> {
        self.with_cache(|lab, cache| cache.pictures.seen(plan, lab.recording(id)?))
    }

    /// All labelled windows on a plane; pictures by their colours, whatever the model sees
    /// of them.
    ///
    /// # Errors
    /// Settings that are refused, and features that can't be computed.
    pub fn map(&mut self, settings: &Settings) -> Result<Map, LabError> {
        let plan = self.plan(settings)?;
        if plan.is_of_pictures() {
            let table = Table::new(settings, &plan, self.recordings());
            return Ok(Map::of_pictures(&table));
        }
        self.with_cache(|lab, cache| {
            let table = Table::new(settings, &plan, lab.recordings());
            Map::new(cache, &plan, &table)
        })
    }

    /// Everything that a trainer needs.
    ///
    /// # Errors
    /// The first error that [`Lab::overview`] lists, features that can't be computed, and
    /// pictures that can't be decoded.
    pub fn job(&mut self, settings: &Settings) -> Result<Job, LabError> {
        if settings.task != Task::Image {
            return self.with_cache(|lab, cache| lab.make_job(cache, settings));
        }
        let (mut stream, mut reader) = (self.job_stream(settings)?, JobReader::new());
        while let Some(piece) = stream.next(self)? {
            reader.push(&piece)?;
        }
        reader.finish()
    }

    /// The same piece by piece, for a trainer that lives elsewhere: of pictures, each is
    /// decoded as its piece is written.
    ///
    /// # Errors
    /// As [`Lab::job`]; pictures are refused where their piece is written.
    pub fn job_stream(&mut self, settings: &Settings) -> Result<JobStream, LabError> {
        if settings.task != Task::Image {
            return self.job(settings).map(JobStream::of);
        }
        let (plan, table) = self.ready(settings)?;
        let mut job = Job {
            features: plan.layout.features,
            ..bare_job(settings, &plan, &table)
        };
        let mut ids = [Vec::new(), Vec::new()];
        for (rows, (ids, part)) in [&mut job.train, &mut job.validation]
            .into_iter()
            .zip(ids.iter_mut().zip([Split::Train, Split::Validation]))
        {
            rows.x = Values::Bytes(Vec::new());
            rows.y = table.of(part).map(|w| w.label).collect();
            let recordings = table.of(part).map(|w| table.recordings[w.recording]);
            ids.extend(recordings.map(|r| r.meta.id.clone()));
        }
        let varied = settings.training.augment.copies > 0;
        job.varied = varied.then(|| Varied::Pictures(ids[0].clone()));
        Ok(JobStream::of_pictures(job, ids, plan))
    }

    /// Lends the cache apart from the recordings that everything else borrows.
    pub(crate) fn with_cache<T>(&mut self, work: impl FnOnce(&Self, &mut Cache) -> T) -> T {
        let mut cache = std::mem::take(&mut self.cache);
        let done = work(self, &mut cache);
        self.cache = cache;
        done
    }

    fn make_job(&self, cache: &mut Cache, settings: &Settings) -> Result<Job, LabError> {
        let (plan, table) = self.ready(settings)?;
        let matrix = Matrix::new(cache, &plan, &table)?;
        let part = |part: Split| {
            let mut x = Vec::with_capacity(table.of(part).count() * matrix.width);
            let windows = table.windows.iter().enumerate();
            for (i, _) in windows.filter(|(_, w)| table.parts[w.recording] == part) {
                x.extend_from_slice(matrix.row(i));
            }
            Rows {
                x: Values::Floats(x),
                y: table.of(part).map(|w| w.label).collect(),
            }
        };
        let varied = settings.training.augment.copies > 0;
        let takes = varied.then(|| Takes::new(&plan, &table, &matrix));
        Ok(Job {
            features: matrix.width,
            train: part(Split::Train),
            validation: part(Split::Validation),
            varied: takes.transpose()?.map(|t| Varied::Takes(Box::new(t))),
            ..bare_job(settings, &plan, &table)
        })
    }

    /// Plan and windows, where training can begin.
    fn ready(&self, settings: &Settings) -> Result<(Plan, Table<'_>), LabError> {
        let plan = self.plan(settings)?;
        let table = Table::new(settings, &plan, self.recordings());
        let issues = issues(settings, Ok(&plan), Some(&table), &self.recordings);
        match issues.into_iter().find(crate::issues::is_error) {
            None => Ok((plan, table)),
            Some(issue) => Err(LabError::new(issue.what, "dataset", issue.remedy)),
        }
    }

    /// Turns a trained network into an int8 model and measures it. The lab keeps
    /// the model; where this fails it keeps the one before.
    ///
    /// # Errors
    /// A result of other settings or recordings, a network that can't be lowered.
    pub fn quantize(
        &mut self,
        settings: &Settings,
        result: &TrainingResult,
    ) -> Result<&Model, LabError> {
        let made = self.with_cache(|lab, cache| {
            let recordings: Vec<&Recording> = lab.recordings().collect();
            make_model(cache, settings, result, &recordings)
        })?;
        Ok(self.model.insert(made))
    }

    /// The same with the data set as it was when training began: recordings that came later
    /// are not looked at, and what is said of the others is what was said then.
    ///
    /// # Errors
    /// As [`Lab::quantize`]; and where one of them is not here any more.
    pub fn quantize_as_of(
        &mut self,
        settings: &Settings,
        result: &TrainingResult,
        then: &[Described],
    ) -> Result<&Model, LabError> {
        let made = self.with_cache(|lab, cache| {
            let recordings = lab.as_of(then)?;
            let recordings: Vec<&Recording> = recordings.iter().map(Cow::as_ref).collect();
            make_model(cache, settings, result, &recordings)
        })?;
        Ok(self.model.insert(made))
    }

    /// Recordings by id, as they were described; only those that are described otherwise now
    /// are copied.
    fn as_of(&self, then: &[Described]) -> Result<Vec<Cow<'_, Recording>>, LabError> {
        let then: BTreeMap<&str, &Described> = then.iter().map(|d| (d.id.as_str(), d)).collect();
        let described = then.into_values().map(|was| {
            let (now, _) = self.recordings.get(&was.id).ok_or_else(|| {
                LabError::new(
                    "a recording that the network was trained with was deleted",
                    format!("recording {}", was.id),
                    "undo the deletion, or train again",
                )
            })?;
            let meta = &now.meta;
            if meta.spans == was.spans && meta.group == was.group && meta.split == was.split {
                return Ok(Cow::Borrowed(now));
            }
            let mut before = now.clone();
            before.describe(RecordingMeta {
                spans: was.spans.clone(),
                group: was.group.clone(),
                split: was.split,
                ..meta.clone()
            })?;
            Ok(Cow::Owned(before))
        });
        described.collect()
    }
}

/// The model of a result, where it is one of these settings and recordings (by id).
fn make_model(
    cache: &mut Cache,
    settings: &Settings,
    result: &TrainingResult,
    recordings: &[&Recording],
) -> Result<Model, LabError> {
    let all = || recordings.iter().copied();
    let plan = Plan::new(settings, choose_axes(settings, all()))?;
    let table = Table::new(settings, &plan, all());
    if settings.hash(&table.fingerprint()) != result.settings_hash {
        return Err(LabError::new(
            "the network was trained with other settings or recordings",
            "training result",
            "train again, or bring back the settings it was trained with",
        ));
    }
    quantize::quantize(cache, settings, (&plan, &table), result)
}

/// A job without windows.
fn bare_job(settings: &Settings, plan: &Plan, table: &Table<'_>) -> Job {
    Job {
        settings_hash: settings.hash(&table.fingerprint()),
        labels: table.labels.clone(),
        features: 0,
        frames: plan.layout.frames,
        grid: plan.layout.grid,
        network: settings.network.clone(),
        training: settings.training.clone(),
        train: Rows::default(),
        validation: Rows::default(),
        varied: None,
    }
}
