//! The model that is exported.

use lampyris_device::Chip;
use lampyris_graph::AlignedBytes;

use crate::FormatError;
use crate::bundle::{self, Golden, Host};

/// A model with everything that an exporter may ask of it.
pub struct Source<'a> {
    /// The checked chip part, as it goes to flash.
    pub chip: Chip<'a>,
    /// SHA-256 of the chip part in hex: the model's name everywhere.
    pub sha256: String,
    /// What a chip doesn't need: `.tflite`, report, golden vectors, card.
    pub host: &'a Host,
    /// What the person calls it.
    pub title: String,
    /// The title as a name for files, crates and C: `[a-z][a-z0-9_]*`, at most 32 characters.
    pub name: String,
}

/// A bundle with its chip part where it can be run from.
pub struct Opened {
    chip: AlignedBytes,
    sha256: String,
    host: Host,
}

impl Opened {
    /// Opens `model.lampyris`.
    ///
    /// # Errors
    /// [`bundle::read`]'s; a bundle that was cut to its chip part, which says too little.
    pub fn new(bytes: &[u8]) -> Result<Self, FormatError> {
        let bundle = bundle::read(bytes)?;
        let host = bundle.host.ok_or_else(|| {
            FormatError::new(
                "only the chip part is there, without golden vectors, card and .tflite",
                "the bundle",
                "give the whole model.lampyris",
            )
        })?;
        Ok(Self {
            chip: AlignedBytes::new(&bundle.chip),
            sha256: bundle.sha256,
            host,
        })
    }

    /// The model under a person's name for it.
    ///
    /// # Errors
    /// A chip part that this build can't run; golden vectors that aren't of this model.
    pub fn source(&self, title: &str) -> Result<Source<'_>, FormatError> {
        let chip = Chip::parse(self.chip.as_ref()).map_err(|e| bundle::chip_error(&e))?;
        for (i, golden) in self.host.golden.iter().enumerate() {
            check(&chip, golden).map_err(|what| {
                let place = format!("golden vector {i} of the host part");
                FormatError::new(what, place, "export or download the model again")
            })?;
        }
        Ok(Source {
            chip,
            sha256: self.sha256.clone(),
            host: &self.host,
            title: title.trim().into(),
            name: name_of(title),
        })
    }
}

impl Source<'_> {
    /// Golden vectors: what goes in, and the bytes that must come out.
    pub fn golden(&self) -> &[Golden] {
        &self.host.golden
    }

    /// Whether it is a `.tflite` from elsewhere, without a signal block of ours and figures.
    pub fn is_wrapped(&self) -> bool {
        self.host.report_json.is_empty()
    }

    /// TFLite's names of the operators that the network uses, each once, in the order of the graph.
    ///
    /// # Errors
    /// A graph that names operators of another build.
    pub fn operators(&self) -> Result<Vec<&'static str>, FormatError> {
        let wrong = |what: String| FormatError::new(what, "the network", "export the model again");
        let codes = lampyris_core::blob::codes(self.chip.graph());
        let mut names: Vec<&'static str> = Vec::new();
        for code in codes.map_err(|e| wrong(e.to_string()))? {
            let operator = lampyris_core::ops::find(lampyris_core::ops::ALL, code);
            let operator = operator.ok_or_else(|| wrong(format!("operator {code} is unknown")))?;
            if !names.contains(&operator.name) {
                names.push(operator.name);
            }
        }
        Ok(names)
    }
}

/// Whether a golden vector is one of this model, or why not: exports hold it as arrays of the
/// model's own lengths, and its numbers as source. Of a picture the features are the input.
fn check(chip: &Chip<'_>, golden: &Golden) -> Result<(), String> {
    let counts = [
        ("features", golden.features.len(), chip.features()),
        ("outputs", golden.outputs.len(), chip.labels().count()),
    ];
    let values = (
        "values in its window",
        golden.window.len(),
        chip.window() * chip.axes(),
    );
    let window = chip.grid().is_none().then_some(values);
    for (what, has, wants) in counts.into_iter().chain(window) {
        if has != wants {
            return Err(format!("it has {has} {what}, the model {wants}"));
        }
    }
    match golden.window.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(format!(
            "its window holds {value}, which is no number to measure"
        )),
        None => Ok(()),
    }
}

/// A title as a name for files, crates and C.
fn name_of(title: &str) -> String {
    let mut name = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        if name.len() >= 32 {
            break;
        }
    }
    let name = name.trim_end_matches('_');
    match name.chars().next() {
        None => "model".into(),
        Some(c) if c.is_ascii_digit() => format!("m{name}").chars().take(32).collect(),
        Some(_) => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn names_are_safe_everywhere() {
        assert_eq!(name_of(" My Gestures! "), "my_gestures");
        assert_eq!(name_of("3 Wünsche"), "m3_w_nsche");
        assert_eq!(name_of("手"), "model");
        assert_eq!(name_of(&"x".repeat(99)).len(), 32);
    }
}
