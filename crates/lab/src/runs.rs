//! What a chip part says to the windows that a model is measured on, and what of them
//! is kept.

use lampyris_dataset::sort_by;
use lampyris_formats::bundle::Golden;

use crate::Answers;
use crate::metrics::argmax;
use crate::pictures::spread;
use crate::quantize::evaluated_part;
use crate::runner::score;
use crate::signals::Plan;
use crate::windows::{Table, Window};

/// Golden vectors of each class.
const GOLDEN: usize = 3;
/// Golden vectors of each class where a window is long: a second of sound is 64 kB.
const GOLDEN_LONG: usize = 1;
/// Values from which on a window is long.
const LONG: usize = 4000;
/// Most bytes of input of golden pictures together: whether a chip computes rightly is seen
/// on a few.
const GOLDEN_BYTES: usize = 128 << 10;
/// Most pictures that the saturation of layers is counted on.
const SATURATED: usize = 64;

/// One window as the chip saw it.
pub(crate) struct Run {
    pub window: Window,
    /// What the network said.
    pub outputs: Vec<i8>,
    /// What the float network said.
    pub float: usize,
}

/// All windows that are reported on.
pub(crate) struct Runs {
    pub runs: Vec<Run>,
    /// What reached the network: of signals in all windows, of pictures in some of them.
    pub inputs: Vec<Vec<i8>>,
    /// Which runs' inputs are kept, by their place among the runs.
    kept: Kept,
    /// The first windows of each class, each with its label's index.
    golden: Vec<(u32, Golden)>,
    /// How many of each class there may be.
    most_golden: usize,
    /// Bytes of input that golden vectors may still have.
    golden_bytes: usize,
}

/// Which inputs are kept.
enum Kept {
    All,
    /// These, from the last to the first.
    Some(Vec<usize>),
}

impl Runs {
    pub(crate) fn new(plan: &Plan, table: &Table<'_>) -> Self {
        let values = plan.signal.samples * plan.signal.axes;
        let (kept, golden_bytes) = if plan.is_of_pictures() {
            let n = table.of(evaluated_part(table)).count();
            let mut places: Vec<usize> = spread(n, SATURATED).collect();
            places.reverse();
            (Kept::Some(places), GOLDEN_BYTES)
        } else {
            (Kept::All, usize::MAX)
        };
        let long = values >= LONG || plan.is_of_pictures();
        Self {
            runs: Vec::new(),
            inputs: Vec::new(),
            kept,
            golden: Vec::new(),
            most_golden: if long { GOLDEN_LONG } else { GOLDEN },
            golden_bytes,
        }
    }

    /// Takes the answer to one window: the network's input and outputs, what the float
    /// network said, and the samples (of pictures none: their input says all).
    pub(crate) fn add(
        &mut self,
        table: &Table<'_>,
        window: Window,
        (input, outputs): (Vec<i8>, Vec<i8>),
        float: usize,
        samples: &[f32],
    ) {
        let of_label = self
            .golden
            .iter()
            .filter(|(label, _)| *label == window.label);
        if of_label.count() < self.most_golden && input.len() <= self.golden_bytes {
            self.golden_bytes -= input.len();
            let golden = Golden {
                label: table.labels[window.label as usize].clone(),
                window: samples.to_vec(),
                features: input.clone(),
                outputs: outputs.clone(),
            };
            self.golden.push((window.label, golden));
        }
        let keeps = match &mut self.kept {
            Kept::All => true,
            Kept::Some(places) => places.pop_if(|at| *at == self.runs.len()).is_some(),
        };
        if keeps {
            self.inputs.push(input);
        }
        self.runs.push(Run {
            window,
            outputs,
            float,
        });
    }

    /// What was said to each window.
    pub(crate) fn answers(&self, table: &Table<'_>) -> Answers {
        let id = |run: &Run| table.recordings[run.window.recording].meta.id.clone();
        let runs = self.runs.iter();
        Answers {
            ids: runs.clone().map(id).collect(),
            starts: runs.clone().map(|run| run.window.start).collect(),
            labels: table.labels.clone(),
            truth: runs.clone().map(|run| run.window.label).collect(),
            said: runs
                .clone()
                .map(|run| argmax(&run.outputs) as u32)
                .collect(),
            scores: runs
                .flat_map(|run| run.outputs.iter().map(|q| score(*q)))
                .collect(),
        }
    }

    /// The first windows of each class, label by label.
    pub(crate) fn golden(mut self) -> Vec<Golden> {
        sort_by(&mut self.golden, |a, b| a.0.cmp(&b.0));
        self.golden.into_iter().map(|(_, golden)| golden).collect()
    }
}
