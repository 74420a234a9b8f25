//! The pipeline with its recordings.

use std::collections::BTreeMap;

use lampyris_dataset::{Look, Recording, Split, look};
use lampyris_net::{LayerCost, NetSpec};

use crate::features::{Cache, Matrix};
use crate::issues::issues;
use crate::job::Rows;
use crate::runner::{Runner, score};
use crate::signals::{Plan, choose_axes};
use crate::windows::Table;
use crate::{
    FeatureValue, Job, LabError, LabelCount, Model, Overview, Settings, TrainingResult, WindowView,
    load, quantize,
};

/// Recordings, features that were computed of them, and the last model.
#[derive(Default)]
pub struct Lab {
    /// By id, each with what its samples look like.
    recordings: BTreeMap<String, (Recording, Look)>,
    cache: Cache,
    model: Option<Model>,
}

impl Lab {
    /// A lab without recordings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a recording; one of the same id is replaced.
    pub fn put(&mut self, recording: Recording) {
        let look = look(&recording);
        self.recordings
            .insert(recording.meta.id.clone(), (recording, look));
    }

    /// Forgets a recording; says whether there was one.
    pub fn remove(&mut self, id: &str) -> bool {
        self.recordings.remove(id).is_some()
    }

    /// Forgets everything, the model too.
    pub fn clear(&mut self) {
        self.recordings.clear();
        self.cache.clear();
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

    fn plan(&self, settings: &Settings) -> Result<Plan, LabError> {
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
            feature_names: Vec::new(),
            axes: Vec::new(),
            layers: Vec::new(),
            footprint: None,
        };
        if let (Ok(plan), Some(table)) = (plan, table) {
            splits.extend(table.splits());
            overview.labels = self.label_counts(settings, &plan, &table);
            overview.features = plan.layout.features as u32;
            overview.feature_names = feature_names(&plan);
            overview.axes = (0..plan.signal.axes).map(|a| plan.axis_name(a)).collect();
            overview.layers = layers(settings, &plan, table.labels.len());
            overview.footprint = load::before_training(settings, &plan, &table.labels);
        }
        overview.splits = splits;
        overview
    }

    fn label_counts(&self, settings: &Settings, plan: &Plan, table: &Table<'_>) -> Vec<LabelCount> {
        let mut counts: BTreeMap<String, LabelCount> = BTreeMap::new();
        for recording in self.recordings() {
            let mut seen: Vec<String> = Vec::new();
            for span in plan.spans(recording, settings) {
                let count = counts.entry(span.label.clone()).or_default();
                count.seconds += (span.end - span.start) as f32 / plan.signal.rate_hz;
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
        let (recording, _) = self.recordings.get(id).ok_or_else(|| {
            LabError::new(
                "there is no such recording",
                format!("recording {id}"),
                "import it again",
            )
        })?;
        let signal = plan.resampled(recording)?;
        let (axes, window) = (plan.signal.axes, plan.signal.samples);
        let from = start as usize * axes;
        let samples = signal.get(from..from + window * axes).ok_or_else(|| {
            LabError::new(
                format!(
                    "the window runs over the end at sample {}",
                    signal.len() / axes
                ),
                format!("recording {}, sample {start}", recording.meta.name),
                "choose an earlier start, or a shorter window",
            )
        })?;
        let mut scratch = plan.scratch();
        let mut values = vec![0.0; plan.layout.features];
        plan.features(samples, &mut scratch, &mut values);
        let all = self.recordings.values().map(|(recording, _)| recording);
        let table = Table::new(settings, &plan, all);
        let norms = Matrix::new(&mut self.cache, &plan, &table)
            .ok()
            .map(|m| m.norms);
        let trained = table.of(Split::Train).next().is_some();
        let features = values.iter().enumerate().map(|(i, &value)| {
            let (name, axis) = plan.feature_name(i);
            let norm = norms.as_ref().filter(|_| trained).map(|n| n[i]);
            FeatureValue {
                name,
                axis: axis.map(|a| plan.axis_name(a)),
                value,
                normalized: norm.map(|n| (value - n.mean) * n.inverse_deviation),
            }
        });
        let spans = plan.spans(recording, settings);
        let end = start + window as u32;
        Ok(WindowView {
            features: features.collect(),
            axes: (0..axes).map(|a| plan.axis_name(a)).collect(),
            rate_hz: plan.signal.rate_hz,
            label: covering(&spans, start, end),
            label_scores: self.scores(&plan, samples),
            samples: samples.to_vec(),
        })
    }

    /// The model's scores of a window, where the model takes such windows.
    fn scores(&self, plan: &Plan, window: &[f32]) -> Option<Vec<f32>> {
        let model = self.model.as_ref()?;
        let fits = model.plan_fits(plan);
        let mut runner = Runner::new(&model.chip).ok().filter(|_| fits)?;
        Some(runner.run(window).1.into_iter().map(score).collect())
    }

    /// Everything that a trainer needs.
    ///
    /// # Errors
    /// The first error that [`Lab::overview`] lists, or features that can't be computed.
    pub fn job(&mut self, settings: &Settings) -> Result<Job, LabError> {
        self.with_cache(|lab, cache| lab.make_job(cache, settings))
    }

    /// Lends the cache apart from the recordings that everything else borrows.
    fn with_cache<T>(&mut self, work: impl FnOnce(&Self, &mut Cache) -> T) -> T {
        let mut cache = std::mem::take(&mut self.cache);
        let done = work(self, &mut cache);
        self.cache = cache;
        done
    }

    fn make_job(&self, cache: &mut Cache, settings: &Settings) -> Result<Job, LabError> {
        let (plan, table) = self.ready(settings)?;
        let matrix = Matrix::new(cache, &plan, &table)?;
        let mut train = Rows::default();
        for (i, row) in matrix.training(&table) {
            train.x.extend_from_slice(row);
            train.y.push(table.windows[i].label);
        }
        let mut validation = Rows::default();
        for (i, w) in table.windows.iter().enumerate() {
            if table.parts[w.recording] == Split::Validation {
                validation.x.extend_from_slice(matrix.row(i));
                validation.y.push(w.label);
            }
        }
        Ok(Job {
            settings_hash: settings.hash(&table.fingerprint()),
            labels: table.labels.clone(),
            features: matrix.width,
            network: settings.network.clone(),
            training: settings.training.clone(),
            train,
            validation,
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
        let made = self.with_cache(|lab, cache| lab.make_model(cache, settings, result))?;
        Ok(self.model.insert(made))
    }

    fn make_model(
        &self,
        cache: &mut Cache,
        settings: &Settings,
        result: &TrainingResult,
    ) -> Result<Model, LabError> {
        let (plan, table) = self.ready(settings)?;
        if settings.hash(&table.fingerprint()) != result.settings_hash {
            return Err(LabError::new(
                "the network was trained with other settings or recordings",
                "training result",
                "train again, or bring back the settings it was trained with",
            ));
        }
        let matrix = Matrix::new(cache, &plan, &table)?;
        quantize::quantize(settings, &plan, &table, &matrix, result)
    }
}

/// The label that covers more than half of a stretch.
fn covering(spans: &[lampyris_dataset::Span], start: u32, end: u32) -> Option<String> {
    let covered = |label: &str| -> u32 {
        let same = spans.iter().filter(|s| s.label == label);
        same.map(|s| s.end.min(end).saturating_sub(s.start.max(start)))
            .sum()
    };
    let winner = spans.iter().find(|s| 2 * covered(&s.label) > end - start);
    winner.map(|s| s.label.clone())
}

/// Names with the axis first, for example `accx rms`.
pub(crate) fn feature_names(plan: &Plan) -> Vec<String> {
    let all = 0..plan.layout.features;
    all.map(|i| match plan.feature_name(i) {
        (name, Some(axis)) => format!("{} {name}", plan.axis_name(axis)),
        (name, None) => name,
    })
    .collect()
}

/// Costs of the network, layer by layer; as if there were two labels while
/// there are fewer. Empty where the network is refused.
fn layers(settings: &Settings, plan: &Plan, labels: usize) -> Vec<LayerCost> {
    let spec = NetSpec {
        input: plan.layout.features,
        classes: labels.max(2),
        hidden: settings.network.clone(),
    };
    spec.check().map_or_else(|_| Vec::new(), |()| spec.costs())
}
