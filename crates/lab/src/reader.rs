//! A job read piece by piece; the bytes are those of `stream`.

use lampyris_dataset::pcm::from_step;
use sha2::{Digest, Sha256};

use crate::envelope::{DIGEST, word};
use crate::job::{Rows, Varied};
use crate::stream::{JOB, JobHeader, VariedHeader};
use crate::takes::Takes;
use crate::{Job, LabError, Values};

/// Magic, version, length and digest of the header.
const PREFIX: usize = 12 + DIGEST;

/// A job that is read piece by piece, cut anywhere; every piece may be dropped once it was
/// pushed. What is read is allocated once, in its final size.
#[derive(Default)]
pub struct JobReader {
    stage: Stage,
    /// Bytes of what is not yet whole: prefix and header, a number, the last digest.
    pending: Vec<u8>,
    digest: Sha256,
}

#[derive(Default)]
enum Stage {
    #[default]
    Prefix,
    Header {
        len: usize,
        digest: Vec<u8>,
    },
    Body(Box<Body>),
    Failed,
}

/// What the header promised, as it comes in.
struct Body {
    header: JobHeader,
    slots: Vec<Slot>,
    /// The slot that is being filled; past the last while the digest comes.
    at: usize,
}

/// A run of numbers, and how many are still to come.
struct Slot {
    left: usize,
    values: Numbers,
}

enum Numbers {
    Labels(Vec<u32>),
    Floats(Vec<f32>),
    Steps(Vec<f32>),
    Bytes(Vec<u8>),
}

impl JobReader {
    /// A reader that has read nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads on.
    ///
    /// # Errors
    /// Bytes that are no job, of another version or damaged, and more than memory holds.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), LabError> {
        let done = self.read(bytes);
        if done.is_err() {
            self.stage = Stage::Failed;
        }
        done
    }

    fn read(&mut self, mut bytes: &[u8]) -> Result<(), LabError> {
        while !bytes.is_empty() {
            match &mut self.stage {
                Stage::Prefix => {
                    if fill(&mut self.pending, PREFIX, &mut bytes) {
                        self.prefix()?;
                    }
                }
                Stage::Header { len, .. } => {
                    if fill(&mut self.pending, *len, &mut bytes) {
                        self.header()?;
                    }
                }
                Stage::Body(body) => {
                    let before = bytes;
                    if body.read(&mut self.pending, &mut bytes)? {
                        let read = before.len() - bytes.len();
                        self.digest.update(&before[..read]);
                    }
                }
                Stage::Failed => {
                    return Err(JOB.refuse("an earlier piece was refused", "body".into()));
                }
            }
        }
        Ok(())
    }

    fn prefix(&mut self) -> Result<(), LabError> {
        JOB.check(&self.pending)?;
        self.digest.update(&self.pending);
        self.stage = Stage::Header {
            len: word(&self.pending, 8) as usize,
            digest: self.pending[12..].to_vec(),
        };
        self.pending.clear();
        Ok(())
    }

    fn header(&mut self) -> Result<(), LabError> {
        let Stage::Header { digest, .. } = &self.stage else {
            return Ok(());
        };
        if Sha256::digest(&self.pending)[..] != digest[..] {
            return Err(JOB.refuse("the header was damaged", "checksum".into()));
        }
        let header = serde_json::from_slice(&self.pending)
            .map_err(|e| JOB.refuse(&format!("the header can't be read: {e}"), "header".into()))?;
        self.digest.update(&self.pending);
        self.pending = Vec::new();
        self.stage = Stage::Body(Box::new(Body::new(header)?));
        Ok(())
    }

    /// The job.
    ///
    /// # Errors
    /// A job that was cut or damaged, and one that makes no sense (no features, labels out
    /// of range, numbers that aren't finite, windows that lie outside of their recordings).
    pub fn finish(self) -> Result<Job, LabError> {
        let Stage::Body(body) = self.stage else {
            return Err(JOB.refuse("the bytes end early", "header".into()));
        };
        if body.at < body.slots.len() || self.pending.len() < DIGEST {
            return Err(JOB.refuse("the bytes end early", "body".into()));
        }
        if self.digest.finalize()[..] != self.pending[..] {
            return Err(JOB.refuse("the bytes were damaged", "checksum".into()));
        }
        body.job()
    }
}

/// Moves bytes into `pending` until it holds `len`; says whether it does.
fn fill(pending: &mut Vec<u8>, len: usize, bytes: &mut &[u8]) -> bool {
    let (taken, rest) = bytes.split_at(bytes.len().min(len - pending.len()));
    pending.extend_from_slice(taken);
    *bytes = rest;
    pending.len() == len
}

impl Body {
    /// Makes room for what the header promises.
    fn new(header: JobHeader) -> Result<Self, LabError> {
        let unfit = || JOB.refuse("the windows don't fit the header", "header".into());
        let (f, frames) = (header.features, header.frames);
        let grid = header
            .grid
            .is_none_or(|[rows, columns]| rows.checked_mul(columns) == Some(frames));
        if f == 0 || frames == 0 || !f.is_multiple_of(frames) || !grid {
            return Err(unfit());
        }
        let labels = |n| Numbers::labels(n);
        let values = |n: usize| {
            let n = n.checked_mul(f).ok_or_else(unfit)?;
            match header.bytes {
                true => Numbers::bytes(n),
                false => Numbers::floats(n),
            }
        };
        let mut slots = vec![
            labels(header.train)?,
            labels(header.validation)?,
            values(header.train)?,
            values(header.validation)?,
        ];
        if let Some(VariedHeader::Takes(takes)) = &header.varied {
            for (short, n) in takes.samples().ok_or_else(unfit)? {
                slots.push(match short {
                    true => Numbers::steps(n)?,
                    false => Numbers::floats(n)?,
                });
            }
        }
        let mut body = Self {
            header,
            slots,
            at: 0,
        };
        body.skip_full();
        Ok(body)
    }

    fn skip_full(&mut self) {
        while self.slots.get(self.at).is_some_and(|slot| slot.left == 0) {
            self.at += 1;
        }
    }

    /// Takes some of `bytes`; says whether they were numbers, not the last digest.
    fn read(&mut self, pending: &mut Vec<u8>, bytes: &mut &[u8]) -> Result<bool, LabError> {
        let Some(slot) = self.slots.get_mut(self.at) else {
            if pending.len() == DIGEST {
                return Err(JOB.refuse("more bytes than the header says", "body".into()));
            }
            fill(pending, DIGEST, bytes);
            return Ok(false);
        };
        let each = slot.values.each();
        if pending.is_empty() && bytes.len() >= each {
            let n = slot.left.min(bytes.len() / each);
            let (taken, rest) = bytes.split_at(n * each);
            *bytes = rest;
            slot.values.extend(taken);
            slot.left -= n;
        } else if fill(pending, each, bytes) {
            slot.values.extend(pending);
            slot.left -= 1;
            pending.clear();
        }
        self.skip_full();
        Ok(true)
    }

    fn job(self) -> Result<Job, LabError> {
        let Self { header, slots, .. } = self;
        let unfit = || JOB.refuse("the recordings don't fit the header", "body".into());
        let mut slots = slots.into_iter().map(|slot| slot.values);
        let mut labels = || match slots.next() {
            Some(Numbers::Labels(y)) => y,
            _ => Vec::new(),
        };
        let (train_y, validation_y) = (labels(), labels());
        let mut values = || match slots.next() {
            Some(Numbers::Bytes(x)) => Values::Bytes(x),
            Some(Numbers::Floats(x)) => Values::Floats(x),
            _ => Values::default(),
        };
        let train = Rows {
            x: values(),
            y: train_y,
        };
        let validation = Rows {
            x: values(),
            y: validation_y,
        };
        for rows in [&train, &validation] {
            let finite = match &rows.x {
                Values::Floats(x) => x.iter().all(|x| x.is_finite()),
                Values::Bytes(_) => true,
            };
            if !finite || rows.y.iter().any(|&y| y as usize >= header.labels.len()) {
                return Err(JOB.refuse("a window has an impossible value", "body".into()));
            }
        }
        let varied = match header.varied {
            None => None,
            Some(VariedHeader::Takes(takes)) if takes.windows() == header.train => {
                let samples = slots.filter_map(Numbers::samples).collect();
                let takes = Takes::of_parts(takes, header.features, samples);
                Some(Varied::Takes(Box::new(takes.ok_or_else(unfit)?)))
            }
            Some(VariedHeader::Pictures(ids)) if header.bytes && ids.len() == header.train => {
                Some(Varied::Pictures(ids))
            }
            Some(_) => return Err(unfit()),
        };
        Ok(Job {
            settings_hash: header.settings_hash,
            labels: header.labels,
            features: header.features,
            frames: header.frames,
            grid: header.grid,
            network: header.network,
            training: header.training,
            train,
            validation,
            varied,
        })
    }
}

/// An empty list with room for exactly `n`.
fn room<T>(n: usize) -> Result<Vec<T>, LabError> {
    let mut list = Vec::new();
    list.try_reserve_exact(n).map_err(|_| {
        LabError::new(
            "the training windows don't fit into memory",
            "training job",
            "train with fewer recordings, smaller pictures or less of the time of each recording",
        )
    })?;
    Ok(list)
}

impl Numbers {
    fn labels(n: usize) -> Result<Slot, LabError> {
        Ok(Slot::new(n, Self::Labels(room(n)?)))
    }

    fn floats(n: usize) -> Result<Slot, LabError> {
        Ok(Slot::new(n, Self::Floats(room(n)?)))
    }

    fn steps(n: usize) -> Result<Slot, LabError> {
        Ok(Slot::new(n, Self::Steps(room(n)?)))
    }

    fn bytes(n: usize) -> Result<Slot, LabError> {
        Ok(Slot::new(n, Self::Bytes(room(n)?)))
    }

    /// Bytes of one.
    fn each(&self) -> usize {
        match self {
            Self::Labels(_) | Self::Floats(_) => 4,
            Self::Steps(_) => 2,
            Self::Bytes(_) => 1,
        }
    }

    /// Adds whole numbers.
    fn extend(&mut self, bytes: &[u8]) {
        match self {
            Self::Labels(v) => v.extend(words(bytes).map(u32::from_le_bytes)),
            Self::Floats(v) => v.extend(words(bytes).map(f32::from_le_bytes)),
            Self::Steps(v) => {
                let steps = bytes.chunks_exact(2);
                v.extend(steps.map(|b| from_step(i16::from_le_bytes([b[0], b[1]]))));
            }
            Self::Bytes(v) => v.extend_from_slice(bytes),
        }
    }

    fn samples(self) -> Option<Vec<f32>> {
        match self {
            Self::Floats(v) | Self::Steps(v) => Some(v),
            Self::Labels(_) | Self::Bytes(_) => None,
        }
    }
}

impl Slot {
    fn new(left: usize, values: Numbers) -> Self {
        Self { left, values }
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    bytes.chunks_exact(4).map(|c| [c[0], c[1], c[2], c[3]])
}
