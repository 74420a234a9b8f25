//! A job in pieces, so that neither who makes it nor who takes it holds it twice:
//!
//! ```text
//! magic "LYJB" · version u32 · header length u32 · SHA-256 of the header [32] · header (JSON)
//! labels of the training windows u32 × n, of the validation windows u32 × m
//! features of both: f32 (signals) or u8 (pictures)
//! samples of the recordings that windows are varied from: i16 or f32 (signals)
//! SHA-256 of all before it [32]
//! ```
//!
//! Little-endian. The header has a digest of its own, because the reader makes room by what
//! it says. Pieces are cut where they are full: the reader takes them cut anywhere.

use std::borrow::Cow;
use std::collections::VecDeque;

use lampyris_dataset::pcm::exact_step;
use lampyris_net::LayerSpec;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::envelope::{DIGEST, Kind};
use crate::job::{Rows, Varied};
use crate::signals::Plan;
use crate::takes::Header as TakesHeader;
use crate::{Job, Lab, LabError, TrainingSettings, Values};

/// A training job.
pub(crate) const JOB: Kind = Kind {
    magic: *b"LYJB",
    version: 3,
    name: "training job",
};

/// Most bytes of a piece.
const PIECE: usize = 4 << 20;

/// All of a job but its numbers.
#[derive(Serialize, Deserialize)]
pub(crate) struct JobHeader {
    pub settings_hash: String,
    pub labels: Vec<String>,
    pub features: usize,
    pub frames: usize,
    pub grid: Option<[usize; 2]>,
    pub network: Vec<LayerSpec>,
    pub training: TrainingSettings,
    /// Windows.
    pub train: usize,
    pub validation: usize,
    /// Whether the features are bytes.
    pub bytes: bool,
    pub varied: Option<VariedHeader>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VariedHeader {
    Takes(TakesHeader),
    Pictures(Vec<String>),
}

/// A run of numbers that is still to be written.
enum Section<'a> {
    Plain(Vec<u8>),
    Labels(Cow<'a, [u32]>),
    Floats(Cow<'a, [f32]>),
    /// Whole steps of 16 bits.
    Steps(Cow<'a, [f32]>),
    Bytes(Cow<'a, [u8]>),
    /// Ids of pictures, each a row of so many bytes.
    Seen(Vec<String>, usize),
}

impl Section<'_> {
    /// Items that it has, and bytes of each.
    fn size(&self) -> (usize, usize) {
        match self {
            Self::Plain(v) => (v.len(), 1),
            Self::Labels(v) => (v.len(), 4),
            Self::Floats(v) => (v.len(), 4),
            Self::Steps(v) => (v.len(), 2),
            Self::Bytes(v) => (v.len(), 1),
            Self::Seen(ids, bytes) => (ids.len(), *bytes),
        }
    }
}

/// How the row of a picture is had, by its id.
type See<'s> = dyn FnMut(&str, &mut Vec<u8>) -> Result<(), LabError> + 's;

/// What is still to be written.
struct Writer<'a> {
    sections: VecDeque<Section<'a>>,
    /// Items of the first section that were written.
    at: usize,
    digest: Sha256,
    /// Whether the last digest is written too.
    ended: bool,
}

impl<'a> Writer<'a> {
    fn new(header: &JobHeader, body: Vec<Section<'a>>) -> Self {
        let json = serde_json::to_vec(header).expect("headers are plain data with text keys");
        let mut head = Vec::with_capacity(12 + DIGEST + json.len());
        head.extend_from_slice(&JOB.magic);
        head.extend_from_slice(&JOB.version.to_le_bytes());
        head.extend_from_slice(&(json.len() as u32).to_le_bytes());
        head.extend_from_slice(&Sha256::digest(&json));
        head.extend_from_slice(&json);
        let mut sections = VecDeque::from(body);
        sections.push_front(Section::Plain(head));
        Self {
            sections,
            at: 0,
            digest: Sha256::new(),
            ended: false,
        }
    }

    /// Pieces, all of them still to be written.
    fn pieces(&self) -> usize {
        let (mut pieces, mut filled) = (1, 0);
        let sizes = self.sections.iter().map(Section::size);
        for (mut left, each) in sizes.chain([(1, DIGEST)]) {
            while left > 0 {
                let n = left.min((PIECE - filled) / each);
                (left, filled) = (left - n, filled + n * each);
                if left > 0 {
                    (pieces, filled) = (pieces + 1, 0);
                }
            }
        }
        pieces
    }

    fn next(&mut self, see: &mut See<'_>) -> Result<Option<Vec<u8>>, LabError> {
        if self.ended {
            return Ok(None);
        }
        let mut piece = Vec::with_capacity(PIECE);
        while let Some(section) = self.sections.front() {
            let (items, each) = section.size();
            let n = (items - self.at).min((PIECE - piece.len()) / each);
            write(section, self.at..self.at + n, see, &mut piece)?;
            self.at += n;
            if self.at < items {
                self.digest.update(&piece);
                return Ok(Some(piece));
            }
            // What is written is wanted no more: it may be large.
            self.sections.pop_front();
            self.at = 0;
        }
        self.digest.update(&piece);
        if PIECE - piece.len() >= DIGEST {
            piece.extend_from_slice(&self.digest.clone().finalize());
            self.ended = true;
        }
        piece.shrink_to_fit();
        Ok(Some(piece))
    }
}

fn write(
    section: &Section<'_>,
    items: std::ops::Range<usize>,
    see: &mut See<'_>,
    out: &mut Vec<u8>,
) -> Result<(), LabError> {
    match section {
        Section::Plain(v) => out.extend_from_slice(&v[items]),
        Section::Bytes(v) => out.extend_from_slice(&v[items]),
        Section::Labels(v) => v[items].iter().for_each(|v| out.extend(v.to_le_bytes())),
        Section::Floats(v) => v[items].iter().for_each(|v| out.extend(v.to_le_bytes())),
        Section::Steps(v) => {
            let steps = v[items].iter().filter_map(|v| exact_step(*v));
            steps.for_each(|v| out.extend(v.to_le_bytes()));
        }
        Section::Seen(ids, _) => {
            for id in &ids[items] {
                see(id, out)?;
            }
        }
    }
    Ok(())
}

/// A job that is written piece by piece; see [`Lab::job_stream`].
pub struct JobStream {
    writer: Writer<'static>,
    total: usize,
    /// What makes rows of pictures.
    plan: Option<Plan>,
}

impl JobStream {
    /// Of a job that is there as a whole; it is freed as it is written.
    pub(crate) fn of(job: Job) -> Self {
        let header = header(&job);
        let mut body = vec![
            Section::Labels(job.train.y.into()),
            Section::Labels(job.validation.y.into()),
        ];
        body.extend([job.train.x, job.validation.x].map(|x| match x {
            Values::Floats(x) => Section::Floats(x.into()),
            Values::Bytes(x) => Section::Bytes(x.into()),
        }));
        if let Some(Varied::Takes(takes)) = job.varied {
            let short: Vec<bool> = takes.samples().map(|(short, _)| short).collect();
            let samples = takes.into_parts().1;
            body.extend(
                short
                    .into_iter()
                    .zip(samples)
                    .map(|(short, x)| match short {
                        true => Section::Steps(x.into()),
                        false => Section::Floats(x.into()),
                    }),
            );
        }
        Self::new(Writer::new(&header, body), None)
    }

    /// Of pictures that are decoded as they are written: `job` has all but the features of
    /// its windows, which are of the recordings `ids` of both parts.
    pub(crate) fn of_pictures(job: Job, ids: [Vec<String>; 2], plan: Plan) -> Self {
        let header = header(&job);
        let [train, validation] = ids.map(|ids| Section::Seen(ids, job.features));
        let body = vec![
            Section::Labels(job.train.y.into()),
            Section::Labels(job.validation.y.into()),
            train,
            validation,
        ];
        Self::new(Writer::new(&header, body), Some(plan))
    }

    fn new(writer: Writer<'static>, plan: Option<Plan>) -> Self {
        Self {
            total: writer.pieces(),
            writer,
            plan,
        }
    }

    /// How many pieces there are in all.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The next piece, at most 4 MiB, for [`crate::JobReader::push`]; `None` after the last.
    /// `lab` is the one that gave this stream.
    ///
    /// # Errors
    /// A picture that can't be decoded, and a recording that has been removed since.
    pub fn next(&mut self, lab: &mut Lab) -> Result<Option<Vec<u8>>, LabError> {
        let plan = self.plan.as_ref();
        self.writer.next(&mut |id, out| {
            let plan = plan.expect("a stream with pictures has a plan");
            out.extend_from_slice(&lab.seen(plan, id)?);
            Ok(())
        })
    }
}

/// All bytes of a job.
pub(crate) fn whole(job: &Job) -> Vec<u8> {
    let mut body = vec![
        Section::Labels((&job.train.y).into()),
        Section::Labels((&job.validation.y).into()),
    ];
    body.extend(
        [&job.train, &job.validation].map(|rows: &Rows| match &rows.x {
            Values::Floats(x) => Section::Floats(x.into()),
            Values::Bytes(x) => Section::Bytes(x.into()),
        }),
    );
    if let Some(Varied::Takes(takes)) = &job.varied {
        body.extend(takes.samples().map(|(short, x)| match short {
            true => Section::Steps(x.into()),
            false => Section::Floats(x.into()),
        }));
    }
    let mut writer = Writer::new(&header(job), body);
    let mut out = Vec::new();
    let mut none = |_: &str, _: &mut Vec<u8>| unreachable!("the job holds its own bytes");
    while let Ok(Some(piece)) = writer.next(&mut none) {
        out.extend_from_slice(&piece);
    }
    out
}

fn header(job: &Job) -> JobHeader {
    JobHeader {
        settings_hash: job.settings_hash.clone(),
        labels: job.labels.clone(),
        features: job.features,
        frames: job.frames,
        grid: job.grid,
        network: job.network.clone(),
        training: job.training.clone(),
        train: job.train.y.len(),
        validation: job.validation.y.len(),
        bytes: matches!(job.train.x, Values::Bytes(_)),
        varied: job.varied.as_ref().map(|varied| match varied {
            Varied::Takes(takes) => VariedHeader::Takes(takes.header().clone()),
            Varied::Pictures(ids) => VariedHeader::Pictures(ids.clone()),
        }),
    }
}
