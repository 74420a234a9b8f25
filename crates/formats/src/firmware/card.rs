//! The model card: what a person should know before using the model.

use serde_json::Value;

use super::text::markdown;
use super::{Facts, Kit, Source};
use crate::{FormatError, tflite};

/// `MODEL_CARD.md`. It bears no date, so that the same model gives the same bytes.
pub(super) fn card(source: &Source<'_>, facts: &Facts, kit: &Kit) -> Result<Vec<u8>, FormatError> {
    let (_, metadata) = tflite::read(&source.host.tflite)?;
    let report = parsed(&source.host.report_json);
    let carried = parsed(&metadata.settings_json);
    let results = match &report {
        Value::Null => "No figures came with this model: nobody measured it here.".into(),
        report => results(report),
    };
    let settings = match &carried["settings"] {
        Value::Null => "It was not trained here, so nothing is known of how it was made.".into(),
        settings => made(settings, &report),
    };
    let mut values = facts.values();
    values.push(("RESULTS", &results));
    values.push(("MADE", &settings));
    let words = limits(&source.host.card);
    values.push(("WORDS", &words));
    kit.filled("common/MODEL_CARD.md", &values)
}

/// What the bundle's own card says of limits, as a list; all of it where it names none.
fn limits(card: &str) -> String {
    let named = card
        .lines()
        .filter_map(|line| line.strip_prefix("Known limits:"));
    let mut lines: Vec<&str> = named.collect();
    if lines.is_empty() {
        lines = card.lines().collect();
    }
    let item = |line: &&str| format!("- {}", markdown(line.trim()));
    lines.iter().map(item).collect::<Vec<_>>().join("\n")
}

/// JSON, or nothing where it is none.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

/// Figures and the confusion matrix.
fn results(report: &Value) -> String {
    let percent = |value: &Value| match value.as_f64() {
        Some(share) => format!("{:.1} %", share * 100.0),
        None => "unknown".into(),
    };
    let evaluated = match report["evaluated_on"].as_str() {
        Some("test") => "held-out windows, of recordings that training never saw",
        Some("validation") => {
            "validation windows; too kind, since the best epoch was chosen on them"
        }
        _ => "training windows; they say nothing about new data",
    };
    let mut out = format!(
        "Measured on {evaluated}.\n\n\
         | | float network | int8 model, as a chip runs it |\n|---|---|---|\n\
         | accuracy by window | {} | {} |\n| accuracy by recording | {} | {} |\n\n\
         Float and int8 say the same in {} of the windows.\n\n\
         | data | windows | recordings |\n|---|---|---|\n\
         | training | {} | |\n| validation | {} | |\n| the figures above | {} | {} |\n",
        percent(&report["accuracy_float"]),
        percent(&report["accuracy_int8"]),
        percent(&report["accuracy_float_by_recording"]),
        percent(&report["accuracy_int8_by_recording"]),
        percent(&report["agreement"]),
        report["windows_train"],
        report["windows_validation"],
        report["windows_test"],
        report["recordings_test"],
    );
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| markdown(value.as_str().unwrap_or_default());
    out.push_str("\nConfusion matrix of the int8 model: a row is what was there, a column what was said.\n\n| |");
    let labels = list(&report["labels"]);
    labels
        .iter()
        .for_each(|label| out.push_str(&format!(" {} |", text(label))));
    out.push_str(&format!("\n|---|{}\n", "---|".repeat(labels.len())));
    for (label, row) in labels.iter().zip(list(&report["confusion"])) {
        out.push_str(&format!("| **{}** |", text(label)));
        list(&row)
            .iter()
            .for_each(|count| out.push_str(&format!(" {count} |")));
        out.push('\n');
    }
    out.push_str("\n| label | precision | recall | windows |\n|---|---|---|---|\n");
    for class in list(&report["per_class"]) {
        out.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            text(&class["label"]),
            percent(&class["precision"]),
            percent(&class["recall"]),
            class["support"],
        ));
    }
    out
}

/// Seed, epochs and settings.
fn made(settings: &Value, report: &Value) -> String {
    let hash = report["settings_hash"].as_str().unwrap_or("unknown");
    format!(
        "Seed {}, {} epochs, of which epoch {} was kept. The network has {} weights and biases and takes {} \
         multiply-accumulates for an answer.\nHash of settings and recordings together: `{hash}`.\n\n\
         All settings:\n\n```json\n{settings:#}\n```",
        report["seed"], report["epochs"], report["best_epoch"], report["params"], report["macs"],
    )
}
