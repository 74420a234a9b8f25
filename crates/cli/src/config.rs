//! The config file: settings that differ from the defaults, and `group_by`.

use std::path::Path;

use lampyris_dataset::Recording;
use lampyris_lab::{LabError, Settings, Task};
use serde_json::Value;

use crate::{Outcome, data, output};

/// What a config file says, before it is known what it changes.
pub(crate) struct Config {
    /// Column of CSV files that names the group of a recording.
    pub group_by: Option<String>,
    /// What is being recognised, where the file says so.
    task: Option<Task>,
    /// What stands for the file in errors.
    file: String,
    changes: Value,
}

/// Reads the config file, if there is one.
pub(crate) fn load(file: Option<&Path>) -> Outcome<Config> {
    let Some(path) = file else {
        return parse(b"{}");
    };
    let name = path.display().to_string();
    let mut config = parse(&output::read(path)?).map_err(|e| placed(e, &name))?;
    config.file = name;
    Ok(config)
}

impl Config {
    /// What is being recognised: what the command line or the file says; else what
    /// the recordings are.
    ///
    /// # Errors
    /// Command line and file that contradict each other, and recordings that are
    /// of several kinds where nothing is said.
    pub(crate) fn task(&self, flag: Option<Task>, recordings: &[Recording]) -> Outcome<Task> {
        match (flag, self.task) {
            (Some(flag), Some(own)) if flag != own => Err(LabError::new(
                format!("--task says {}, the config says {}", name(flag), name(own)),
                format!("{}, task", self.file),
                "leave one of them out, or let both say the same",
            )),
            (Some(task), _) | (None, Some(task)) => Ok(task),
            (None, None) => data::task(recordings),
        }
    }

    /// The task's defaults, changed by `first`, by the file and by the seed of the
    /// command line, in this order.
    pub(crate) fn settings(
        &self,
        task: Task,
        seed: Option<u32>,
        first: impl FnOnce(&mut Settings),
    ) -> Outcome<Settings> {
        let mut defaults = Settings::default_for(task);
        first(&mut defaults);
        let mut settings = defaults.with_changes(&self.changes).map_err(|mut e| {
            if e.remedy.starts_with("known here") && !e.what.contains('.') {
                e.remedy.push_str(", group_by");
            }
            placed(e, &self.file)
        })?;
        if let Some(seed) = seed {
            settings.training.seed = seed;
        }
        Ok(settings)
    }
}

/// A task as command line and config file name it.
pub(crate) fn name(task: Task) -> &'static str {
    match task {
        Task::Motion => "motion",
        Task::Audio => "audio",
        Task::Image => "image",
    }
}

fn placed(mut error: LabError, file: &str) -> LabError {
    if !file.is_empty() {
        error.place = format!("{file}, {}", error.place);
    }
    error
}

fn parse(bytes: &[u8]) -> Outcome<Config> {
    let mut changes: Value = serde_json::from_slice(bytes).map_err(|e| {
        LabError::new(
            format!("this is not JSON: {e}"),
            format!("line {}", e.line()),
            "write an object, for example {\"rate_hz\": 50}",
        )
    })?;
    let group_by = match changes.as_object_mut().and_then(|o| o.remove("group_by")) {
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
    let task = match changes.get("task") {
        None => None,
        Some(said) => Some(serde_json::from_value(said.clone()).map_err(|_| {
            LabError::new(
                format!("there is no task {said}"),
                "task",
                "write \"motion\", \"audio\" or \"image\", or leave it out: the recordings tell",
            )
        })?),
    };
    Ok(Config {
        group_by,
        task,
        file: String::new(),
        changes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(json: &str) -> Outcome<Settings> {
        let config = parse(json.as_bytes())?;
        let task = config.task(None, &[])?;
        config.settings(task, None, |_| {})
    }

    #[test]
    fn fields_and_group_by() {
        let json = r#"{"group_by": "person", "rate_hz": 25, "merge": {"a": "b"}}"#;
        let config = parse(json.as_bytes()).expect("legal");
        assert_eq!(config.group_by.as_deref(), Some("person"));
        let settings = settings(json).expect("legal");
        assert_eq!(settings.rate_hz, 25.0);
        assert_eq!(settings.merged("a"), Some("b"));
    }

    #[test]
    fn a_task_brings_its_defaults() {
        let found = settings(r#"{"task": "audio", "hop_ms": 500}"#).expect("legal");
        let mut wanted = Settings::default_for(Task::Audio);
        wanted.hop_ms = 500.0;
        assert_eq!(found, wanted);
        let error = settings(r#"{"task": "sound"}"#).expect_err("no such task");
        assert!(error.what.contains("sound") && error.remedy.contains("audio"));
    }

    #[test]
    fn a_task_is_said_once_or_twice_the_same() {
        let config = parse(br#"{"task": "audio"}"#).expect("legal");
        let told = |flag| config.task(flag, &[]);
        assert_eq!(told(None).ok(), Some(Task::Audio));
        assert_eq!(told(Some(Task::Audio)).ok(), Some(Task::Audio));
        let error = told(Some(Task::Motion)).expect_err("a contradiction");
        assert!(
            error.what.contains("motion") && error.what.contains("audio"),
            "{error}"
        );
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_is() {
        let error = settings(r#"{"rate": 25}"#).expect_err("unknown");
        assert!(
            error.remedy.contains("rate_hz") && error.remedy.contains("group_by"),
            "{error}"
        );
        let error = settings("{").expect_err("no JSON");
        assert!(error.place.contains("line 1"), "{error}");
        assert!(settings(r#"{"group_by": 3}"#).is_err());
        assert!(settings("[]").is_err());
    }
}
