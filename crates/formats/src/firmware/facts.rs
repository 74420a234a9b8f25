//! What an export says of its model: numbers and texts for templates.

use lampyris_device::{STACK_BYTES, STATE_BYTES};
use serde_json::Value;

use super::Source;
use super::text::{kibibytes, markdown, number};
use crate::{FormatError, tflite};

/// Everything that templates may name, by name.
///
/// | name | value |
/// |---|---|
/// | `TITLE`, `NAME`, `SHA256`, `VERSION` | the model's title (for Markdown), its name for files, its hash, the version that made the export |
/// | `LABELS`, `LABEL_COUNT` | labels, for Markdown, separated by commas; how many |
/// | `BLOCK`, `OPERATORS` | id of the signal block; TFLite's names of the operators that are linked |
/// | `RATE_HZ`, `WINDOW`, `HOP`, `AXES`, `FEATURES` | samples a second, an axis in a window, from window to window; axes; values of the network's input |
/// | `CHIP_BYTES`, `ARENA_BYTES`, `RING_BYTES`, `SCRATCH_BYTES`, `FEATURE_BYTES`, `RAM_BYTES` | flash of the model; RAM of each buffer and of the four together |
/// | `STATIC_BYTES`, `STACK_BYTES` | all static memory through the C interface: the four buffers and the classifier; most stack beside it |
/// | `CHIP_KIB`, `RAM_KIB` | the same for people |
/// | `GOLDEN_COUNT`, `INPUTS_FILE` | golden vectors, and the file of their inputs |
/// | `INPUT_WORDS`, `SCORES_WORDS`, `OWNER_WORDS` | sentences: what a reading is, what a score is, whose the model is |
pub struct Facts(Vec<(&'static str, String)>);

impl Facts {
    /// Those of a model.
    ///
    /// # Errors
    /// A host part without a readable `.tflite`; a graph of another build.
    pub fn of(source: &Source<'_>) -> Result<Self, FormatError> {
        let (graph, metadata) = tflite::read(&source.host.tflite)?;
        let chip = &source.chip;
        let needs = chip.least_needs();
        let labels: Vec<String> = chip.labels().map(markdown).collect();
        let output = graph.outputs.first().and_then(|o| graph.tensors.get(*o));
        let shares = output.is_some_and(is_share);
        let carried: Value = serde_json::from_str(&metadata.settings_json).unwrap_or(Value::Null);
        let mut facts = Self(Vec::new());
        facts.set("TITLE", markdown(&source.title));
        facts.set("NAME", source.name.clone());
        facts.set("SHA256", source.sha256.clone());
        facts.set("VERSION", env!("CARGO_PKG_VERSION").into());
        facts.set("LABELS", labels.join(", "));
        facts.set("LABEL_COUNT", labels.len().to_string());
        facts.set("BLOCK", chip.block().id.into());
        facts.set("OPERATORS", source.operators()?.join(", "));
        facts.set("RATE_HZ", number(chip.rate_hz()));
        let counts = [
            ("WINDOW", chip.window()),
            ("HOP", chip.hop()),
            ("AXES", chip.axes()),
            ("FEATURES", chip.features()),
            ("CHIP_BYTES", chip.bytes().len()),
            ("ARENA_BYTES", needs.arena),
            ("RING_BYTES", 4 * needs.ring),
            ("SCRATCH_BYTES", 4 * needs.scratch),
            ("FEATURE_BYTES", 4 * needs.features),
            ("RAM_BYTES", needs.bytes()),
            ("STATIC_BYTES", needs.bytes() + STATE_BYTES),
            ("STACK_BYTES", STACK_BYTES),
            ("GOLDEN_COUNT", source.golden().len()),
        ];
        for (name, count) in counts {
            facts.set(name, count.to_string());
        }
        facts.set("CHIP_KIB", kibibytes(chip.bytes().len()));
        facts.set("RAM_KIB", kibibytes(needs.bytes()));
        let inputs = if chip.grid().is_some() {
            "inputs.u8"
        } else {
            "inputs.f32"
        };
        facts.set("INPUTS_FILE", inputs.into());
        facts.set("INPUT_WORDS", input_words(source, &carried));
        facts.set("SCORES_WORDS", scores_words(shares).into());
        facts.set("OWNER_WORDS", owner_words(source).into());
        Ok(facts)
    }

    /// Adds a value of one exporter's own.
    pub fn set(&mut self, name: &'static str, value: String) {
        self.0.push((name, value));
    }

    /// For [`super::Kit::filled`].
    pub fn values(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(n, v)| (*n, v.as_str())).collect()
    }
}

/// Whether a tensor holds shares of 1 as TFLite's softmax gives them.
fn is_share(tensor: &lampyris_graph::Tensor) -> bool {
    let quant = tensor.quant.as_ref();
    quant.is_some_and(|q| q.scale == [1.0 / 256.0] && q.zero_point == [-128])
}

/// What a reading is, in a sentence or two.
fn input_words(source: &Source<'_>, carried: &Value) -> String {
    let chip = &source.chip;
    let rate = number(chip.rate_hz());
    if let Some([rows, columns]) = chip.grid() {
        let kind = if chip.axes() == 1 { "grey" } else { "colour" };
        return format!(
            "Pictures, bytes from 0 (black) to 255. The model sees them in {kind} at {columns} × {rows} pixels; \
             the block makes larger ones smaller (means over areas), so give them as the camera does: grey, RGB, RGBA or RGB565."
        );
    }
    if source.is_wrapped() {
        return format!(
            "{} numbers from -128 to 127: the int8 values of the network's own input, each as an f32. \
             No signal block stands before this network: compute its features as its maker did.",
            chip.window()
        );
    }
    let axes: Vec<String> = carried["axes"].as_array().map_or_else(Vec::new, |axes| {
        let names = axes.iter().filter_map(Value::as_str);
        names.map(markdown).collect()
    });
    let (window, hop) = (chip.window(), chip.hop());
    let seconds = |samples: usize| number(samples as f32 / chip.rate_hz());
    let unit = match axes.as_slice() {
        [one] if one == "audio" => {
            "one axis, `audio`: the microphone's samples from -1 to 1 (a 16-bit sample over 32768)"
                .into()
        }
        _ => format!(
            "{} axes, in this order: {}; in the unit and with the directions of the recordings that the model was trained on",
            chip.axes(),
            axes.join(", ")
        ),
    };
    format!(
        "{rate} readings a second of {unit}. A window is {window} readings ({} s), the next one begins {hop} readings ({} s) later.",
        seconds(window),
        seconds(hop)
    )
}

fn owner_words(source: &Source<'_>) -> &'static str {
    if source.is_wrapped() {
        "**The model is its maker's**: a .tflite file was taken as it is, and whoever made it says under which terms you may use it. \
         Lampyris claims nothing in it."
    } else {
        "**The model is yours**: its weights, labels and golden vectors were made from your recordings, and Lampyris claims nothing in them."
    }
}

fn scores_words(shares: bool) -> &'static str {
    if shares {
        "A score is a share of 1: output q is the share (q + 128) / 256, and the shares of all labels together make 1, but for rounding. It says how the \
         labels compare, not how sure one may be: what was never recorded gets a label too."
    } else {
        "The network does not end with a softmax in int8 (scale 1/256, zero point -128), so **scores are no probabilities**: output q \
         is shown as (q + 128) / 256, which keeps their order and nothing else. The scale and zero point in the model's own output \
         tensor say what q means."
    }
}
