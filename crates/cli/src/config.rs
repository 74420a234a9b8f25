//! The config file: settings that differ from the defaults, and `group_by`.

use std::path::Path;

use lampyris_lab::{LabError, Settings};
use serde_json::Value;

use crate::{Outcome, output};

/// Settings and how files are read.
pub(crate) struct Config {
    pub settings: Settings,
    /// Column of CSV files that names the group of a recording.
    pub group_by: Option<String>,
}

/// Settings, changed by a config file and the seed of the command line.
pub(crate) fn load(settings: Settings, file: Option<&Path>, seed: Option<u32>) -> Outcome<Config> {
    let mut config = Config {
        settings,
        group_by: None,
    };
    if let Some(path) = file {
        config = parse(&config.settings, &output::read(path)?).map_err(|mut e| {
            e.place = format!("{}, {}", path.display(), e.place);
            e
        })?;
    }
    if let Some(seed) = seed {
        config.settings.training.seed = seed;
    }
    Ok(config)
}

fn parse(defaults: &Settings, bytes: &[u8]) -> Outcome<Config> {
    let mut value: Value = serde_json::from_slice(bytes).map_err(|e| {
        LabError::new(
            format!("this is not JSON: {e}"),
            format!("line {}", e.line()),
            "write an object, for example {\"rate_hz\": 50}",
        )
    })?;
    let group_by = match value.as_object_mut().and_then(|o| o.remove("group_by")) {
        None | Some(Value::Null) => None,
        Some(Value::String(column)) => Some(column),
        Some(_) => {
            return Err(LabError::new(
                "group_by is not a text",
                "group_by",
                "name a column of the CSV files",
            ));
        }
    };
    let settings = defaults.with_changes(&value).map_err(|mut e| {
        if e.remedy.starts_with("known here") && !e.what.contains('.') {
            e.remedy.push_str(", group_by");
        }
        e
    })?;
    Ok(Config { settings, group_by })
}

#[cfg(test)]
mod tests {
    use lampyris_lab::Task;

    use super::*;

    fn parse(json: &str) -> Outcome<Config> {
        super::parse(&Settings::default_for(Task::Motion), json.as_bytes())
    }

    #[test]
    fn fields_and_group_by() {
        let config = parse(r#"{"group_by": "person", "rate_hz": 25, "merge": {"a": "b"}}"#);
        let config = config.expect("legal");
        assert_eq!(config.group_by.as_deref(), Some("person"));
        assert_eq!(config.settings.rate_hz, 25.0);
        assert_eq!(config.settings.merged("a"), Some("b"));
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_is() {
        let error = parse(r#"{"rate": 25}"#).err().expect("unknown");
        assert!(
            error.remedy.contains("rate_hz") && error.remedy.contains("group_by"),
            "{error}"
        );
        let error = parse("{").err().expect("no JSON");
        assert!(error.place.contains("line 1"), "{error}");
        assert!(parse(r#"{"group_by": 3}"#).is_err());
        assert!(parse("[]").is_err());
    }
}
