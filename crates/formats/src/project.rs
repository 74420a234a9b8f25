//! A whole project in one zip.
//!
//! ```text
//! project.json              version, name, settings, the recordings' metas,
//!                           history, report, and every other part with its size
//! recordings/<id>.jpg|.png  a picture, the file that it is kept as
//! recordings/<id>.wav       sound of 16 bits; else
//! recordings/<id>.f32       [samples, axes] little-endian
//! recordings/<id>.f64       times in ms, where readings came unevenly
//! model.lampyris            the bundle, where a model was made
//! net.bin                   the trained float network
//! looks.bin                 what the pictures look like
//! ```
//!
//! A reader believes nothing: sizes follow from the metas, each recording's id
//! is computed anew from its samples or its file, and a project is read whole or not at all.
//! What pictures look like follows from them: what is missing or damaged of that is made anew.

mod looks;
mod part;

use std::collections::BTreeMap;

use lampyris_dataset::{Picture, PictureLook, Recording, RecordingMeta, sort_by};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::archive::{Archive, MOST_ENTRIES, Packer, Packing};
use crate::{FormatError, picture, wav};
use part::Part;

/// The version that this build writes, and the newest it reads. Version 1 knew no
/// sound, version 2 no picture; both are read as they were.
pub const VERSION: u32 = 3;

const INDEX: &str = "project.json";
const MODEL: &str = "model.lampyris";
const NET: &str = "net.bin";
const LOOKS: &str = "looks.bin";

/// Bytes that a project may unpack to.
const MOST_UNPACKED: u64 = 2 << 30;
/// Bytes of `project.json`, of the model and of the network.
const MOST_PART: u64 = 64 << 20;

/// Everything that a project keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    /// What its maker calls it.
    pub name: String,
    /// The pipeline's choices; any JSON.
    pub settings_json: String,
    /// All recordings; written and read in the order of their ids.
    pub recordings: Vec<Recording>,
    /// The bundle.
    pub model: Option<Vec<u8>>,
    /// The trained float network.
    pub net: Option<Vec<u8>>,
    /// The report of the model; any JSON.
    pub report_json: Option<String>,
    /// The history of training; any JSON.
    pub history_json: Option<String>,
}

#[derive(Serialize)]
struct OutIndex<'a> {
    version: u32,
    name: &'a str,
    settings: Box<RawValue>,
    recordings: Vec<&'a RecordingMeta>,
    report: Option<Box<RawValue>>,
    history: Option<Box<RawValue>>,
    parts: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct InIndex {
    name: String,
    settings: Box<RawValue>,
    recordings: Vec<RecordingMeta>,
    report: Option<Box<RawValue>>,
    history: Option<Box<RawValue>>,
    parts: BTreeMap<String, u64>,
}

/// Read first, since a newer version may have another shape.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// A project as a zip. The same project gives the same bytes.
///
/// # Errors
/// Where settings, report or history are no JSON, or two recordings have one id.
pub fn write(project: &Project) -> Result<Vec<u8>, FormatError> {
    let mut recordings: Vec<&Recording> = project.recordings.iter().collect();
    sort_by(&mut recordings, |a, b| a.meta.id.cmp(&b.meta.id));
    if let Some(pair) = recordings.windows(2).find(|w| w[0].meta.id == w[1].meta.id) {
        return Err(FormatError::new(
            "two recordings have the same samples",
            format!("recording {}", pair[0].meta.id),
            "remove one of them",
        ));
    }
    // Nothing is laid out before it is packed: of a large project only one copy is made.
    let looks = looks::write(&recordings);
    let mut parts: BTreeMap<String, Part<'_>> = BTreeMap::new();
    for recording in &recordings {
        let id = &recording.meta.id;
        if let Some(picture) = &recording.picture {
            let name = picture_name(id, picture::ending(&picture.encoded));
            parts.insert(name, Part::Packed(&picture.encoded));
        } else if wav::is_exact(recording) {
            parts.insert(sound_name(id), Part::Sound(recording));
        } else {
            parts.insert(values_name(id), Part::Values(&recording.values));
        }
        if let Some(times) = &recording.times_ms {
            parts.insert(times_name(id), Part::Times(times));
        }
    }
    for (name, bytes) in [(MODEL, &project.model), (NET, &project.net)] {
        if let Some(bytes) = bytes {
            parts.insert(name.into(), Part::Bytes(bytes));
        }
    }
    if !looks.is_empty() {
        parts.insert(LOOKS.into(), Part::Bytes(&looks));
    }
    let sizes: BTreeMap<String, u64> = parts.iter().map(|(n, p)| (n.clone(), p.size())).collect();
    let packed = parts
        .values()
        .filter(|part| part.packing() == Packing::Stored);
    let packed: u64 = packed.map(Part::size).sum();
    let index = OutIndex {
        version: VERSION,
        name: &project.name,
        settings: raw(&project.settings_json, "settings")?,
        recordings: recordings.iter().map(|r| &r.meta).collect(),
        report: optional_raw(project.report_json.as_deref(), "report")?,
        history: optional_raw(project.history_json.as_deref(), "history")?,
        parts: sizes,
    };
    let index = serde_json::to_vec_pretty(&index).map_err(|e| failed(INDEX, &e))?;
    let mut zip = Packer::behind(Vec::with_capacity(packed as usize));
    zip.add(INDEX, &index, Packing::Deflated)?;
    for (name, part) in &parts {
        zip.add(name, &part.bytes()?, part.packing())?;
    }
    zip.finish()
}

fn raw(json: &str, what: &str) -> Result<Box<RawValue>, FormatError> {
    RawValue::from_string(json.to_owned()).map_err(|e| {
        FormatError::new(
            format!("the {what} are no JSON: {e}"),
            what,
            "this is a fault of the program: report it",
        )
    })
}

fn optional_raw(json: Option<&str>, what: &str) -> Result<Option<Box<RawValue>>, FormatError> {
    json.map(|json| raw(json, what)).transpose()
}

fn failed(place: &str, error: &dyn std::fmt::Display) -> FormatError {
    FormatError::new(
        format!("it can't be written: {error}"),
        place,
        "export fewer recordings at once",
    )
}

fn values_name(id: &str) -> String {
    format!("recordings/{id}.f32")
}

fn picture_name(id: &str, ending: &str) -> String {
    format!("recordings/{id}.{ending}")
}

fn sound_name(id: &str) -> String {
    format!("recordings/{id}.wav")
}

fn times_name(id: &str) -> String {
    format!("recordings/{id}.f64")
}

/// The project in a zip.
///
/// # Errors
/// Not a zip, not a project, a newer version, a part that is missing, cut
/// short, too long or changed, and zips that unpack to more than they should.
pub fn read(bytes: &[u8]) -> Result<Project, FormatError> {
    let mut archive = Archive::open(bytes, MOST_UNPACKED)?;
    if let Some(name) = archive.strange().first() {
        return Err(FormatError::new(
            "a file's name tries to leave its folder",
            format!("zip entry \"{}\"", name.escape_debug()),
            "don't trust this zip; ask its maker for another",
        ));
    }
    if !archive.has(INDEX) {
        return Err(FormatError::new(
            "this zip is no project: it has no project.json",
            "the zip",
            "open a file that the playground exported, or import recordings instead",
        ));
    }
    let index = archive.read(INDEX, MOST_PART)?;
    let Versioned { version } = from_json(&index)?;
    if !(1..=VERSION).contains(&version) {
        return Err(FormatError::new(
            format!(
                "the project is of version {version}, this program reads versions up to {VERSION}"
            ),
            INDEX,
            "open it with a newer playground",
        ));
    }
    let index: InIndex = from_json(&index)?;
    if index.recordings.len() > MOST_ENTRIES {
        return Err(unfit("more recordings than a zip may hold", INDEX));
    }
    let looks = archive.read(LOOKS, MOST_PART).unwrap_or_default();
    let looks = looks::read(&looks);
    let mut recordings = Vec::with_capacity(index.recordings.len());
    for meta in index.recordings {
        recordings.push(recording(meta, &index.parts, &looks, &mut archive)?);
    }
    let mut optional = |name: &str| match index.parts.get(name) {
        Some(&size) => part(name, size, MOST_PART, &mut archive).map(Some),
        None => Ok(None),
    };
    let text = |raw: Box<RawValue>| raw.get().to_owned();
    Ok(Project {
        model: optional(MODEL)?,
        net: optional(NET)?,
        name: index.name,
        settings_json: text(index.settings),
        recordings,
        report_json: index.report.map(text),
        history_json: index.history.map(text),
    })
}

fn from_json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, FormatError> {
    serde_json::from_slice(bytes).map_err(|e| {
        FormatError::new(
            format!("the project's list of contents is damaged: {e}"),
            INDEX,
            "use another copy of the file",
        )
    })
}

fn unfit(what: &str, place: &str) -> FormatError {
    FormatError::new(
        what,
        place,
        "the file was changed after it was saved: use another copy",
    )
}

fn recording(
    meta: RecordingMeta,
    parts: &BTreeMap<String, u64>,
    looks: &BTreeMap<[u8; 32], PictureLook>,
    archive: &mut Archive<'_>,
) -> Result<Recording, FormatError> {
    if meta.id.len() != 64 || !meta.id.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(unfit("a recording's id is no SHA-256", INDEX));
    }
    if meta.is_picture() {
        let look = looks::bytes_of(&meta.id).and_then(|id| looks.get(&id));
        return picture(meta, parts, look, archive);
    }
    let sound_name = sound_name(&meta.id);
    let is_sound = parts.contains_key(&sound_name);
    let samples = u64::from(meta.samples);
    let (name, size) = if is_sound {
        (sound_name, samples.checked_mul(2).map(|b| b + wav::HEAD))
    } else {
        let row = 4 * meta.axes.len() as u64;
        (values_name(&meta.id), samples.checked_mul(row))
    };
    let size = size.filter(|size| *size <= MOST_UNPACKED).ok_or_else(|| {
        unfit(
            "a recording is said to be larger than a project may be",
            &name,
        )
    })?;
    if parts.get(&name) != Some(&size) {
        return Err(unfit(
            "a recording's size is not that of its samples",
            &name,
        ));
    }
    let bytes = part(&name, size, size, archive)?;
    let values = if is_sound {
        wav::read(&bytes)
            .map_err(|e| FormatError::new(e.what, format!("{name}, {}", e.place), e.remedy))?
            .samples
    } else {
        bytes
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect()
    };
    let times_name = times_name(&meta.id);
    let times_ms = if parts.contains_key(&times_name) {
        let bytes = part(&times_name, samples * 8, samples * 8, archive)?;
        let times = bytes
            .chunks_exact(8)
            .map(|b| f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]));
        Some(times.collect())
    } else {
        None
    };
    Recording::restore(meta, values, times_ms)
        .map_err(|e| FormatError::new(e.what, format!("{name}, {}", e.place), e.remedy))
}

/// A picture; its pixels are made only where what it looks like is not known.
fn picture(
    meta: RecordingMeta,
    parts: &BTreeMap<String, u64>,
    look: Option<&PictureLook>,
    archive: &mut Archive<'_>,
) -> Result<Recording, FormatError> {
    let names = ["jpg", "png"].map(|ending| picture_name(&meta.id, ending));
    let found = names.iter().find_map(|name| parts.get_key_value(name));
    let (name, size) = found.ok_or_else(|| unfit("a picture is not among the parts", INDEX))?;
    let encoded = part(name, *size, MOST_PART, archive)?;
    let of_part = |place: &str| match place {
        "" => name.clone(),
        place => format!("{name}, {place}"),
    };
    let seen = match look {
        Some(look) => picture::size(&encoded).map(|size| (size, look.clone())),
        None => picture::decode(&encoded).map(|made| {
            let look = PictureLook::of(made.width, made.height, &made.rgb);
            ([made.width, made.height], look)
        }),
    };
    let (size, look) = seen.map_err(|e| FormatError::new(e.what, of_part(&e.place), e.remedy))?;
    if meta.size != Some(size) {
        return Err(unfit("a picture's size is not that of its file", name));
    }
    Recording::restore_picture(meta, Picture { encoded, look })
        .map_err(|e| FormatError::new(e.what, of_part(&e.place), e.remedy))
}

/// A part of exactly `size` bytes.
fn part(
    name: &str,
    size: u64,
    limit: u64,
    archive: &mut Archive<'_>,
) -> Result<Vec<u8>, FormatError> {
    let bytes = archive.read(name, limit)?;
    if bytes.len() as u64 != size {
        return Err(unfit(
            &format!("a part has {} bytes instead of {size}", bytes.len()),
            name,
        ));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
