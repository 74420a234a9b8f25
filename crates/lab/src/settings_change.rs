//! Settings changed by a config file, key by key.

use lampyris_net::LayerSpec;
use serde_json::Value;

use crate::{LabError, Settings};

impl Settings {
    /// These settings with some fields changed, as a config file names them:
    /// any field, nested as in the settings themselves. `network` and `axes`
    /// are replaced as wholes, `merge` and `block.settings` gain entries.
    ///
    /// # Errors
    /// Unknown fields (with the list of known ones), values of a wrong type,
    /// and whatever [`Settings::check`] refuses.
    pub fn with_changes(&self, changes: &Value) -> Result<Self, LabError> {
        let mut value = serde_json::to_value(self).expect("settings are plain data");
        merge(&mut value, changes, "")?;
        let changed: Self = serde_json::from_value(value).map_err(|e| {
            LabError::new(
                format!("a setting has a wrong type: {e}"),
                "settings",
                "compare with the list of settings in docs/config.md",
            )
        })?;
        if let Some(Value::Array(drawn)) = changes.get("network") {
            for (i, (drawn, layer)) in drawn.iter().zip(&changed.network).enumerate() {
                check_keys(i + 1, drawn, layer)?;
            }
        }
        changed.check()?;
        Ok(changed)
    }
}

/// Refuses what a layer was given and does not have: reading it would pass it over.
fn check_keys(number: usize, drawn: &Value, layer: &LayerSpec) -> Result<(), LabError> {
    let mut whole = layer.clone();
    if let LayerSpec::MaxPool { size, stride } | LayerSpec::AveragePool { size, stride } =
        &mut whole
    {
        // Not written while it is left out.
        *stride = Some(*size);
    }
    let whole = serde_json::to_value(whole).expect("layers are plain data");
    let (Value::Object(known), Value::Object(drawn)) = (&whole, drawn) else {
        return Ok(());
    };
    let Some(key) = drawn.keys().find(|key| !known.contains_key(*key)) else {
        return Ok(());
    };
    let kind = known["kind"].as_str().unwrap_or_default();
    let known: Vec<&str> = known.keys().map(String::as_str).collect();
    Err(LabError::new(
        format!("a layer {kind} has no \"{key}\""),
        format!("network, layer {number}"),
        format!("it has {}", known.join(", ")),
    ))
}

/// Keys under these may be anything: labels, and names that the block checks.
const OPEN: [&str; 2] = [MERGE, "block.settings"];
const MERGE: &str = "merge";

fn merge(value: &mut Value, changes: &Value, path: &str) -> Result<(), LabError> {
    let (Value::Object(fields), Value::Object(new)) = (&mut *value, changes) else {
        if path.is_empty() || value.is_object() {
            return Err(LabError::new(
                "an object of settings was expected",
                if path.is_empty() { "settings" } else { path },
                "write {\"name\": value, …}",
            ));
        }
        *value = changes.clone();
        return Ok(());
    };
    for (key, change) in new {
        let inner = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        if let (MERGE, Value::Array(labels)) = (path, change) {
            // {"moving": ["walking", "turning"]}: the other way round, as people think of it.
            for label in labels {
                let label = label.as_str().ok_or_else(|| {
                    LabError::new(
                        format!("{label} is no label"),
                        inner.clone(),
                        "list the labels' names as texts",
                    )
                })?;
                fields.insert(label.to_string(), Value::String(key.clone()));
            }
            continue;
        }
        match fields.get_mut(key) {
            Some(field) => merge(field, change, &inner)?,
            None if OPEN.contains(&path) => {
                fields.insert(key.clone(), change.clone());
            }
            None => {
                let known: Vec<&str> = fields.keys().map(String::as_str).collect();
                return Err(LabError::new(
                    format!("there is no setting \"{inner}\""),
                    "settings",
                    format!("known here: {}", known.join(", ")),
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Task;
    use serde_json::json;

    fn defaults() -> Settings {
        Settings::default_for(Task::Motion)
    }

    #[test]
    fn labels_merge_one_by_one_or_as_a_list() {
        let listed = json!({"merge": {"moving": ["walking", "turning"], "junk": ""}});
        let settings = defaults().with_changes(&listed).expect("legal");
        assert_eq!(settings.merged("walking"), Some("moving"));
        assert_eq!(settings.merged("turning"), Some("moving"));
        assert_eq!(settings.merged("junk"), None);
        assert_eq!(settings.merged("sitting"), Some("sitting"));
        let error = defaults().with_changes(&json!({"merge": {"moving": [3]}}));
        assert!(error.expect_err("no label").place.contains("merge.moving"));
    }

    #[test]
    fn unknown_names_are_refused_with_the_known_ones() {
        let error = defaults()
            .with_changes(&json!({"training": {"epoch": 3}}))
            .expect_err("unknown");
        assert!(error.what.contains("training.epoch"), "{error}");
        assert!(error.remedy.contains("learning_rate"), "{error}");
        assert!(defaults().with_changes(&json!([1])).is_err());
        assert!(defaults().with_changes(&json!({"training": 3})).is_err());
        assert!(
            defaults()
                .with_changes(&json!({"rate_hz": "fast"}))
                .is_err()
        );
    }

    #[test]
    fn unknown_names_in_layers_are_refused() {
        let told = |layer: Value| {
            let flatten = json!({"kind": "flatten"});
            defaults().with_changes(&json!({"network": [flatten, layer]}))
        };
        let conv = json!({"kind": "conv1d", "filters": 4, "kernel": 3, "strides": 2});
        let error = told(conv).expect_err("unknown");
        assert_eq!(error.what, "a layer conv1d has no \"strides\"");
        assert_eq!(error.place, "network, layer 2");
        assert!(error.remedy.contains("stride,") || error.remedy.ends_with("stride"));
        let pool = json!({"kind": "max_pool", "size": [2, 1], "strides": [2, 1]});
        let error = told(pool).expect_err("unknown");
        assert!(error.remedy.contains("size, stride"), "{error}");
        assert!(told(json!({"kind": "flatten", "size": 2})).is_err());
        let good = json!({"kind": "dense", "units": 4, "activation": "relu"});
        assert!(told(good).is_ok());
        assert!(told(json!({"kind": "max_pool", "size": [1, 1], "stride": null})).is_ok());
    }

    #[test]
    fn changes_reach_their_fields_and_leave_the_rest() {
        let changed = defaults()
            .with_changes(&json!({
                "merge": {"TURNING": "WALKING", "junk": ""},
                "network": [{"kind": "dense", "units": 8, "activation": "relu"}],
                "training": {"epochs": 5},
            }))
            .expect("legal");
        assert_eq!(changed.merged("TURNING"), Some("WALKING"));
        assert_eq!(changed.merged("SEATED"), Some("SEATED"));
        assert_eq!(changed.merged("junk"), None);
        assert_eq!(changed.network.len(), 1);
        assert_eq!(changed.training.epochs, 5);
        assert_eq!(changed.training.batch_size, defaults().training.batch_size);
    }
}
