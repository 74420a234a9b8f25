//! What a replayed stream is made of.

use std::collections::BTreeMap;

use lampyris_dataset::{Recording, Span, Split};
use oorandom::Rand32;

use super::ReplayOptions;
use super::judge::{Course, Place, Truth};
use crate::signals::Plan;
use crate::{Lab, LabError, Model, Settings};

/// Pictures of one occasion that follow each other at most, as a camera would see them.
const PICTURES_A_RUN: usize = 8;

/// A part of a recording, in samples at the model's rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub recording: String,
    pub from: u32,
    pub to: u32,
}

/// The stream, what goes by in it, and what is to be said about it.
pub(super) struct Stream {
    pub pieces: Vec<Piece>,
    pub course: Course,
    pub made_of: String,
    pub cautions: Vec<String>,
}

/// What is put one behind the other.
struct Maker<'a> {
    lab: &'a Lab,
    settings: &'a Settings,
    plan: &'a Plan,
    labels: &'a [String],
    none: &'a [bool],
    pieces: Vec<Piece>,
    course: Course,
    unknown: Vec<String>,
}

impl Stream {
    /// # Errors
    /// See [`Lab::replay`].
    pub(super) fn new(
        lab: &Lab,
        settings: &Settings,
        options: &ReplayOptions,
        plan: &Plan,
        model: &Model,
        none: &[bool],
    ) -> Result<Self, LabError> {
        let mut maker = Maker {
            lab,
            settings,
            plan,
            labels: &model.report.labels,
            none,
            pieces: Vec::new(),
            course: Course::default(),
            unknown: Vec::new(),
        };
        let (made_of, cautions) = match &options.recording {
            Some(id) => maker.one(id, model)?,
            None => maker.held_out(options, model)?,
        };
        let window = plan.signal.samples as u64;
        if maker.course.len < window {
            return Err(LabError::new(
                format!(
                    "the stream has {} samples, and a window has {window}",
                    maker.course.len
                ),
                "replay",
                "choose a longer recording",
            ));
        }
        let mut stream = Self {
            pieces: maker.pieces,
            course: maker.course,
            made_of,
            cautions,
        };
        if !maker.unknown.is_empty() {
            stream.cautions.push(format!(
                "The model does not know {}: what it says there counts as a false alarm.",
                maker.unknown.join(", ")
            ));
        }
        Ok(stream)
    }
}

impl Maker<'_> {
    /// One recording as it is.
    fn one(&mut self, id: &str, model: &Model) -> Result<(String, Vec<String>), LabError> {
        let recording = self.lab.recording(id)?;
        self.check(recording)?;
        let len = self.plan.resampled_len(recording);
        self.put(recording, 0, len, false);
        let mut cautions = Vec::new();
        let kind = match model.parts.get(id) {
            Some(Split::Train) => Some("The model was trained with this recording"),
            Some(Split::Validation) => Some("The best epoch was chosen with this recording"),
            _ => None,
        };
        cautions.extend(kind.map(|why| format!("{why}: on others it will do worse.")));
        let made_of = format!(
            "The recording \"{}\", {}, from its beginning to its end. What bears no label counts as nothing.",
            recording.meta.name,
            self.time(self.course.len)
        );
        Ok((made_of, cautions))
    }

    /// What was held out for test: events in a seeded order, with nothing between them.
    fn held_out(
        &mut self,
        options: &ReplayOptions,
        model: &Model,
    ) -> Result<(String, Vec<String>), LabError> {
        let test = |(_, part): &(&String, &Split)| **part == Split::Test;
        let kept = model.parts.iter().filter(test);
        let kept = kept.filter_map(|(id, _)| self.lab.recording(id).ok());
        let (mut events, mut quiet): (Vec<&Recording>, Vec<&Recording>) =
            kept.partition(|recording| self.has_event(recording));
        if events.is_empty() && quiet.is_empty() {
            return Err(LabError::new(
                "no recording was held out for test",
                "replay",
                "choose one long recording instead, or keep some for test and train again",
            ));
        }
        let mut random = Rand32::new(options.seed.into());
        shuffle(&mut quiet, &mut random);
        // The longest first, so that as much as there is goes by before anything does again.
        quiet.sort_by_key(|recording| std::cmp::Reverse(self.samples(recording)));
        let runs = self.runs(&mut events, &mut random);
        let nothing: u64 = quiet.iter().map(|r| self.samples(r)).sum();
        let pauses = runs.len() as u64 + 1;
        let asked = (f64::from(options.pause_s) * f64::from(self.plan.signal.rate_hz)) as u64;
        // All that was recorded of nothing goes by, even where that makes longer pauses.
        let each = asked.max(nothing.div_ceil(pauses));
        let mut source = Quiet::new(&quiet, self, asked * pauses <= nothing);
        for (before, run) in runs.iter().enumerate() {
            source.put(self, each, runs.len() - before);
            for recording in run {
                let len = self.plan.resampled_len(recording);
                self.put(recording, 0, len, false);
            }
        }
        source.put(self, each, 0);
        let mut cautions = Vec::new();
        let again: u64 = self.course.again.iter().map(|p| p.to - p.from).sum();
        let told = if nothing == 0 {
            cautions.push(
                "Nothing was recorded of what is none of these, so false alarms can't be told: record some, as long as you can.".into(),
            );
            "nothing between them".to_string()
        } else if again > 0 {
            format!(
                "{} of nothing between them: {} that were recorded, again and again",
                self.time(each * pauses),
                self.time(each * pauses - again)
            )
        } else {
            format!("{} of nothing between them", self.time(nothing))
        };
        let made_of = format!(
            "{} {} held out for test, each once in a shuffled order, and {told}. A joint is harder than life: the signal jumps there.",
            events.len(),
            if self.plan.is_of_pictures() {
                "pictures"
            } else {
                "recordings with an event"
            },
        );
        Ok((made_of, cautions))
    }

    /// Refuses what the model can't take.
    fn check(&self, recording: &Recording) -> Result<(), LabError> {
        if self.plan.columns(recording).is_some() {
            return Ok(());
        }
        Err(LabError::new(
            "the recording lacks an axis of the model, or is of another kind",
            format!("recording {}", recording.meta.name),
            format!("choose one that has: {}", self.plan.axes.join(", ")),
        ))
    }

    fn samples(&self, recording: &Recording) -> u64 {
        self.plan.resampled_len(recording).into()
    }

    /// Whether the model should say something of it.
    fn has_event(&self, recording: &Recording) -> bool {
        let spans = self.plan.spans(recording, self.settings);
        spans.iter().any(|span| self.event(&span.label).is_some())
    }

    /// The index of a label that gives events.
    fn event(&self, label: &str) -> Option<usize> {
        let at = self.labels.iter().position(|l| l == label)?;
        (!self.none.get(at).copied().unwrap_or(false)).then_some(at)
    }

    /// What follows without a pause: each recording alone; of pictures those of one label and
    /// one group, some at a time.
    fn runs<'r>(
        &self,
        events: &mut [&'r Recording],
        random: &mut Rand32,
    ) -> Vec<Vec<&'r Recording>> {
        if !self.plan.is_of_pictures() {
            shuffle(events, random);
            return events.iter().map(|r| vec![*r]).collect();
        }
        let mut occasions: BTreeMap<_, Vec<&Recording>> = BTreeMap::new();
        for recording in events.iter() {
            let spans = self.plan.spans(recording, self.settings);
            let label = spans.into_iter().next().map(|span| span.label);
            let key = (label, recording.meta.group.clone());
            occasions.entry(key).or_default().push(recording);
        }
        let mut runs: Vec<Vec<&Recording>> = occasions
            .values()
            .flat_map(|all| all.chunks(PICTURES_A_RUN).map(<[&Recording]>::to_vec))
            .collect();
        shuffle(&mut runs, random);
        runs
    }

    /// Puts samples `from` to `to` of a recording behind what is there.
    fn put(&mut self, recording: &Recording, from: u32, to: u32, again: bool) {
        if to <= from {
            return;
        }
        let at = self.course.len;
        let place = |span: &Span| {
            let (start, end) = (span.start.max(from), span.end.min(to));
            (end > start).then(|| Place {
                from: at + u64::from(start - from),
                to: at + u64::from(end - from),
            })
        };
        for span in self.plan.recorded_spans(recording) {
            let Some(place) = place(&span) else { continue };
            let Some(label) = self.settings.merged(&span.label) else {
                self.course.unjudged.push(place);
                continue;
            };
            if let Some(label) = self.event(label) {
                match self.course.truths.last_mut() {
                    Some(last) if last.label == label && last.place.to == place.from => {
                        last.place.to = place.to;
                    }
                    _ => self.course.truths.push(Truth {
                        place,
                        label,
                        recording: recording.meta.id.clone(),
                    }),
                }
            } else if !self.labels.iter().any(|l| l == label)
                && !self.unknown.iter().any(|l| l == label)
            {
                self.unknown.push(label.to_string());
            }
        }
        let len = u64::from(to - from);
        if again {
            self.course.again.push(Place {
                from: at,
                to: at + len,
            });
        }
        self.course.len += len;
        self.pieces.push(Piece {
            recording: recording.meta.id.clone(),
            from,
            to,
        });
    }

    /// So many samples in words.
    fn time(&self, samples: u64) -> String {
        let seconds = samples as f64 / f64::from(self.plan.signal.rate_hz);
        if seconds < 120.0 {
            format!("{seconds:.0} s")
        } else {
            format!("{:.0} minutes", seconds / 60.0)
        }
    }
}

/// Recordings of nothing. Where there is less than the pauses are long, each is heard again
/// within its pause: another one begins with a jump, which would wake the gate.
struct Quiet<'a> {
    all: Vec<(&'a Recording, u32)>,
    plenty: bool,
    /// Samples that a message may rest on.
    evidence: u64,
    at: usize,
    from: u32,
    /// Whether all of them were begun before.
    again: bool,
}

impl<'a> Quiet<'a> {
    fn new(all: &[&'a Recording], maker: &Maker<'_>, plenty: bool) -> Self {
        let lens = all.iter().map(|r| (*r, maker.plan.resampled_len(r)));
        Self {
            all: lens.filter(|(_, len)| *len > 0).collect(),
            plenty,
            evidence: maker.plan.signal.samples as u64
                + u64::from(maker.settings.decision.smoothing.saturating_sub(1))
                    * u64::from(maker.plan.hop),
            at: 0,
            from: 0,
            again: false,
        }
    }

    /// Puts a pause of so many samples into the stream, after which others are to come.
    fn put(&mut self, maker: &mut Maker<'_>, mut samples: u64, others: usize) {
        // How often the present one went by in this pause, and which time counts.
        let (mut times, mut counts) = (0, 0);
        while samples > 0 {
            let Some(&(recording, len)) = self.all.get(self.at) else {
                return;
            };
            let fresh = if self.again {
                0
            } else {
                self.all.len() - self.at - 1
            };
            let repeats = !self.plenty && fresh <= others;
            if times == 0 && self.from == 0 && repeats {
                // The first that begins where the last event is out of sight, if it is whole.
                let whole = samples / u64::from(len);
                let clear = self.evidence.div_ceil(len.into());
                counts = clear.min(whole.saturating_sub(1));
            }
            let taken = samples.min((len - self.from).into()) as u32;
            let again = self.again || times != counts;
            maker.put(recording, self.from, self.from + taken, again);
            samples -= u64::from(taken);
            self.from += taken;
            if self.from < len {
                continue;
            }
            self.from = 0;
            if samples > 0 && repeats {
                times += 1;
            } else {
                self.next();
                (times, counts) = (0, 0);
            }
        }
        if times > 0 {
            self.next();
        }
    }

    fn next(&mut self) {
        self.from = 0;
        self.at += 1;
        if self.at == self.all.len() {
            (self.at, self.again) = (0, true);
        }
    }
}

/// Fisher and Yates.
fn shuffle<T>(all: &mut [T], random: &mut Rand32) {
    for i in (1..all.len()).rev() {
        let other = random.rand_range(0..i as u32 + 1) as usize;
        all.swap(i, other);
    }
}
