//! A model as C: its bytes, tables, labels and golden vectors as files that compile as C99
//! and as C++17, whatever the labels hold.
//!
//! The text around them lies in `kit/common/c`; the exports `c` and `arduino` are made of it.

use std::collections::BTreeSet;
use std::fmt::Write;

use lampyris_device::STACK_BYTES;

use super::golden::best;
use super::text::hidden;
use super::{File, Kit, Source};
use crate::FormatError;

/// Numbers in a line of an array, so that a line stays readable.
const BYTES_A_LINE: usize = 20;
const FLOATS_A_LINE: usize = 8;
/// Most characters of a label in an identifier: compilers tell 63 characters apart.
const MOST_OF_LABEL: usize = 20;

/// What a model's C is named after.
pub(super) struct Names {
    /// Of functions and files: `motion` in `motion_start`.
    pub(super) lower: String,
    /// Of macros and constants: `MOTION`.
    pub(super) upper: String,
    /// Of types: `Motion`.
    pub(super) camel: String,
    /// The person's name for the model, fit for a comment.
    pub(super) title: String,
}

impl Names {
    /// Those of a model; never one of the library's own.
    pub(super) fn of(source: &Source<'_>) -> Self {
        let own = source.name.starts_with("lampyris");
        let lower = format!("{}{}", if own { "my_" } else { "" }, source.name);
        let mut camel = String::new();
        for part in lower.split('_') {
            let (first, rest) = part.split_at(part.len().min(1));
            camel.push_str(&first.to_ascii_uppercase());
            camel.push_str(rest);
        }
        Self {
            upper: lower.to_ascii_uppercase(),
            camel,
            lower,
            title: comment(&source.title),
        }
    }

    /// What the templates call them.
    pub(super) fn values(&self) -> [(&str, &str); 4] {
        [
            ("NAME", &self.lower),
            ("UPPER", &self.upper),
            ("CAMEL", &self.camel),
            ("TITLE", &self.title),
        ]
    }
}

/// Bytes of a classifier's state, as the library's header says.
///
/// # Errors
/// A kit without the header, or of another build.
pub(super) fn state_bytes(kit: &Kit) -> Result<usize, FormatError> {
    const PATH: &str = "lib/include/lampyris.h";
    let header = String::from_utf8_lossy(kit.file(PATH)?);
    let define = header.split("#define LAMPYRIS_STATE_BYTES ").nth(1);
    let digits = define.and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    digits
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| {
            FormatError::new(
                "the header doesn't say how large a classifier is",
                PATH,
                "build the kit again: make build",
            )
        })
}

/// What a README says of the model's memory, each with the name that templates call it by.
///
/// # Errors
/// [`state_bytes`]'s.
pub(super) fn memory(
    source: &Source<'_>,
    kit: &Kit,
) -> Result<[(&'static str, String); 8], FormatError> {
    let needs = source.chip.least_needs();
    let state = state_bytes(kit)?;
    let counts = [
        ("CHIP_BYTES", source.chip.bytes().len()),
        ("ARENA_BYTES", needs.arena),
        ("RING_BYTES", 4 * needs.ring),
        ("SCRATCH_BYTES", 4 * needs.scratch),
        ("FEATURE_BYTES", 4 * needs.features),
        ("STATE_BYTES", state),
        ("STATIC_BYTES", needs.bytes() + state),
        ("STACK_BYTES", STACK_BYTES),
    ];
    Ok(counts.map(|(name, count)| (name, count.to_string())))
}

/// `<name>_model.h` and `.c`: the chip part in flash, what it links, its memory, its labels,
/// and `<name>_start`.
///
/// # Errors
/// A kit of another build; a label that no C string can hold.
pub(super) fn model(source: &Source<'_>, kit: &Kit) -> Result<[File; 2], FormatError> {
    let chip = &source.chip;
    let names = Names::of(source);
    let needs = chip.least_needs();
    let total = needs.bytes() + state_bytes(kit)?;
    let streaming = chip.streaming_needs().is_some();
    let labels: Vec<&str> = chip.labels().collect();
    let mut operators = String::new();
    for name in source.operators()? {
        line(
            &mut operators,
            &format!("&lampyris_op_{},", name.to_lowercase()),
        );
    }
    let mut strings = String::new();
    for label in &labels {
        line(&mut strings, &format!("{},", string(label)?));
    }
    let mut constants = String::new();
    let prefix = format!("{}_LABEL_", names.upper);
    for (i, name) in identifiers(&prefix, &labels).iter().enumerate() {
        let text = comment(labels.get(i).copied().unwrap_or_default());
        line(&mut constants, &format!("{name} = {i}, /* {text} */"));
    }
    let mut buffers = String::new();
    let mut buffer = |kind: &str, name: &str, size: &str, len: usize| {
        if len == 0 {
            return "NULL".to_owned();
        }
        let upper = &names.upper;
        let _ = writeln!(buffers, "{kind} lampyris_{name}[{upper}_{size}];");
        format!("lampyris_{name}")
    };
    let bytes = "ALIGNED(16) static uint8_t";
    let arena = buffer(bytes, "arena", "ARENA_BYTES", needs.arena);
    let ring = buffer("static float", "ring", "RING_VALUES", needs.ring);
    let scratch = buffer("static float", "scratch", "SCRATCH_VALUES", needs.scratch);
    let features = buffer("static float", "features", "FEATURE_VALUES", needs.features);
    let start = ["lampyris_start", "lampyris_start_streaming"][usize::from(streaming)];
    let number = |n: usize| n.to_string();
    let more = [
        ("SHA256", source.sha256.clone()),
        ("CHIP_BYTES", number(chip.bytes().len())),
        ("ARENA_BYTES", number(needs.arena)),
        ("RING_VALUES", number(needs.ring)),
        ("SCRATCH_VALUES", number(needs.scratch)),
        ("FEATURE_VALUES", number(needs.features)),
        ("STATIC_BYTES", number(total)),
        ("INPUTS", number(chip.features())),
        ("LABELS", number(labels.len())),
        ("SIGNAL", signal(source, &names.upper)),
        ("ENUM", trimmed(constants)),
        ("OPERATORS", trimmed(operators)),
        ("STRINGS", trimmed(strings)),
        ("BLOCK", chip.block().id.to_owned()),
        ("BUFFERS", buffers),
        (
            "CHIP",
            numbers(chip.bytes(), BYTES_A_LINE, |b| b.to_string()),
        ),
        ("ARENA", arena),
        ("RING", ring),
        ("SCRATCH", scratch),
        ("FEATURES", features),
        ("START", start.to_owned()),
    ];
    pair(kit, &names, "model", &more)
}

/// `<name>_golden.h` and `.c`: inputs with the bytes that must come out. Of a picture the
/// input is one of the network's own size, which the block hands on as it is.
///
/// # Errors
/// A kit of another build; a label that no C string can hold.
pub(super) fn golden(source: &Source<'_>, kit: &Kit) -> Result<[File; 2], FormatError> {
    let names = Names::of(source);
    let picture = source.chip.grid().is_some();
    let (mut arrays, mut rows) = (String::new(), String::new());
    let mut array = |kind: &str, name: String, len: usize, values: String| {
        let _ = writeln!(
            arrays,
            "static const {kind} {name}[{len}] = {{\n{values}\n}};"
        );
        name
    };
    let signed = |values: &[i8]| numbers(values, BYTES_A_LINE, |v| v.to_string());
    for (i, one) in source.golden().iter().enumerate() {
        let (features, outputs) = (&one.features, &one.outputs);
        let input = if picture {
            let pixels = numbers(features, BYTES_A_LINE, |&v| {
                (i16::from(v) + 128).to_string()
            });
            array("uint8_t", format!("picture_{i}"), features.len(), pixels)
        } else {
            let values = numbers(&one.window, FLOATS_A_LINE, float);
            array("float", format!("window_{i}"), one.window.len(), values)
        };
        let f = array(
            "int8_t",
            format!("features_{i}"),
            features.len(),
            signed(features),
        );
        let o = array(
            "int8_t",
            format!("outputs_{i}"),
            outputs.len(),
            signed(outputs),
        );
        let shown = string(&one.label)?;
        line(
            &mut rows,
            &format!("{{{shown}, {input}, {f}, {o}, {}u}},", best(&one.outputs)),
        );
    }
    line(&mut rows, "{0, 0, 0, 0, 0u},");
    let input = if picture {
        "    /** A picture of the model's own size, row after row. */\n    const uint8_t *picture;"
    } else {
        "    /** A window, reading after reading. */\n    const float *window;"
    };
    let more = [
        ("COUNT", source.golden().len().to_string()),
        ("INPUT", input.to_owned()),
        ("ARRAYS", arrays),
        ("ROWS", trimmed(rows)),
    ];
    pair(kit, &names, "golden", &more)
}

/// Header and source of that kind from the templates.
fn pair(
    kit: &Kit,
    names: &Names,
    kind: &str,
    more: &[(&str, String)],
) -> Result<[File; 2], FormatError> {
    let mut values = names.values().to_vec();
    values.extend(more.iter().map(|(name, value)| (*name, value.as_str())));
    let made = |end: &str| {
        let text = kit.filled(&format!("common/c/{kind}.{end}"), &values)?;
        Ok::<File, FormatError>(File::new(format!("{}_{kind}.{end}", names.lower), text))
    };
    Ok([made("h")?, made("c")?])
}

/// What the model takes, as macros.
fn signal(source: &Source<'_>, upper: &str) -> String {
    let chip = &source.chip;
    if let Some([height, width]) = chip.grid() {
        return format!(
            "/** Size of the pictures that the network sees; others are fitted to it. */\n\
             #define {upper}_WIDTH {width}u\n#define {upper}_HEIGHT {height}u\n\
             /** Bytes of a pixel there: 1 for grey, 3 for red, green and blue. */\n\
             #define {upper}_CHANNELS {}u\n",
            chip.axes(),
        );
    }
    format!(
        "/** Readings a second, which the model was trained on. */\n\
         #define {upper}_RATE_HZ {}\n\
         /** Values of a reading. */\n#define {upper}_AXES {}u\n\
         /** Readings of a window, and from one window to the next. */\n\
         #define {upper}_WINDOW {}u\n#define {upper}_HOP {}u\n",
        float(&chip.rate_hz()),
        chip.axes(),
        chip.window(),
        chip.hop(),
    )
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "    {text}");
}

fn trimmed(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    text
}

/// A number that every compiler reads back to the same bits.
fn float(value: &f32) -> String {
    format!("{value:?}f")
}

/// The inside of an array.
fn numbers<T>(values: &[T], a_line: usize, text: impl Fn(&T) -> String) -> String {
    let mut out = String::with_capacity(5 * values.len());
    for values in values.chunks(a_line) {
        out.push_str("   ");
        for value in values {
            let _ = write!(out, " {},", text(value));
        }
        out.push('\n');
    }
    trimmed(out)
}

/// A C string literal of this text in UTF-8, whatever the compiler takes its source for:
/// bytes beyond ASCII are escaped, and so is the question mark, which begins trigraphs.
///
/// # Errors
/// A zero in it, which would end the string.
pub(super) fn string(text: &str) -> Result<String, FormatError> {
    let mut out = String::from("\"");
    for byte in text.bytes() {
        match byte {
            0 => {
                return Err(FormatError::new(
                    "a label holds a zero byte, which ends a string in C",
                    format!("label {text:?}"),
                    "rename the label",
                ));
            }
            b'"' | b'\\' | b'?' => {
                out.push('\\');
                out.push(byte.into());
            }
            b' '..=b'~' => out.push(byte.into()),
            // Three digits: whatever follows is not taken for a fourth.
            _ => {
                let _ = write!(out, "\\{byte:03o}");
            }
        }
    }
    out.push('"');
    Ok(out)
}

/// The text as it may stand in a comment of C: on one line, without what ends or opens one.
pub(super) fn comment(text: &str) -> String {
    let shown = |c: char| if hidden(c) || c == '\\' { ' ' } else { c };
    let mut out: String = text.chars().map(shown).collect();
    for (from, to) in [("*/", "* /"), ("/*", "/ *"), ("??", "? ?")] {
        while out.contains(from) {
            out = out.replace(from, to);
        }
    }
    out
}

/// An identifier for each label, all of them different: letters and digits of ASCII stay,
/// other characters become their number, and what is equal then is counted.
pub(super) fn identifiers(prefix: &str, labels: &[&str]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let unique = |(i, label): (usize, &&str)| {
        let mut name = cleaned(label);
        if name.is_empty() {
            name = i.to_string();
        }
        let mut found = format!("{prefix}{name}");
        for n in 2.. {
            if taken.insert(found.clone()) {
                break;
            }
            found = format!("{prefix}{name}_{n}");
        }
        found
    };
    labels.iter().enumerate().map(unique).collect()
}

fn cleaned(label: &str) -> String {
    let mut words: Vec<String> = vec![String::new()];
    for c in label.chars() {
        if c.is_ascii_alphanumeric() {
            if let Some(word) = words.last_mut() {
                word.push(c.to_ascii_uppercase());
            }
        } else {
            if !c.is_ascii() {
                words.push(format!("U{:04X}", u32::from(c)));
            }
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    let mut name = words.join("_");
    name.truncate(MOST_OF_LABEL);
    name.truncate(name.trim_end_matches('_').len());
    name
}

#[cfg(test)]
mod tests {
    use super::{comment, identifiers, string};

    #[test]
    fn strings_keep_every_byte() {
        let literal = |text| string(text).expect("no zero in it");
        assert_eq!(literal("a \"b\" \\"), r#""a \"b\" \\""#);
        assert_eq!(literal("手1"), r#""\346\211\2131""#);
        assert_eq!(literal("??/\n"), r#""\?\?/\012""#);
        assert!(string("a\0b").is_err());
    }

    #[test]
    fn comments_end_where_they_should() {
        assert_eq!(comment("a*/ b /* c"), "a* / b / * c");
        assert_eq!(comment("*/*"), "* / *");
        assert_eq!(comment("x\ny\\"), "x y ");
        assert_eq!(comment("???/"), "? ? ?/");
        assert_eq!(comment("\u{202e}手"), " 手");
    }

    #[test]
    fn identifiers_are_all_different() {
        let labels = [
            "手", "a b", "a-b", "A_B_2", "int", "1st", "??/", "6", "höher", "_", "??",
        ];
        let names = identifiers("L_", &labels);
        let expected = [
            "L_U624B",
            "L_A_B",
            "L_A_B_2",
            "L_A_B_2_2",
            "L_INT",
            "L_1ST",
            "L_6",
            "L_6_2",
            "L_H_U00F6_HER",
            "L_9",
            "L_10",
        ];
        assert_eq!(names, expected);
        let long = ["x".repeat(99), "x".repeat(98)];
        let names = identifiers("L_", &[&long[0], &long[1]]);
        assert!(names[0] != names[1] && names[1].len() <= 63);
    }
}
