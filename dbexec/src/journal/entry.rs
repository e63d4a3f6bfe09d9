//! Entries: what is known about one context.

use std::env;
use std::time::{Duration, SystemTime};

use generated_client::Settings;
use serde_json::{Value, json};

use crate::cli::WorkspaceArgs;

/// Version of the format.
const SCHEMA: u64 = 1;

/// Workspace of a context, without credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Workspace {
    /// Base URL.
    pub(crate) host: String,
    pub(crate) id: Option<String>,
    /// Profile that was selected.
    pub(crate) profile: Option<String>,
}

impl Workspace {
    pub(crate) fn new(settings: &Settings, args: &WorkspaceArgs) -> Self {
        let variable = || env::var("DATABRICKS_CONFIG_PROFILE").ok();
        Self {
            host: settings.host.clone(),
            id: settings.workspace_id.clone(),
            profile: args
                .profile
                .clone()
                .or_else(variable)
                .filter(|name| !name.is_empty()),
        }
    }
}

/// One context. It has no code and no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) workspace: Workspace,
    pub(crate) cluster: String,
    /// `None` until the response to the request that creates the context.
    pub(crate) context: Option<String>,
    /// Command that was started last and has not ended.
    pub(crate) command: Option<String>,
    /// Id of the script that was detached.
    pub(crate) script: Option<String>,
    /// Name of the file that runs.
    pub(crate) file: Option<String>,
    pub(crate) pid: u32,
    /// Time at which the context was requested.
    pub(crate) started: SystemTime,
    /// Set if the context was left on the cluster on purpose.
    pub(crate) is_detached: bool,
}

impl Entry {
    /// Returns the known parts of `CLUSTER/CONTEXT/COMMAND`.
    pub(crate) fn handle(&self) -> String {
        let parts = [
            Some(&self.cluster),
            self.context.as_ref(),
            self.command.as_ref(),
        ];
        let known: Vec<&str> = parts
            .into_iter()
            .map_while(|part| Some(part?.as_str()))
            .collect();
        let handle = known.join("/");
        match (&self.command, &self.script) {
            (Some(_), Some(script)) => format!("{handle}+{script}"),
            _ => handle,
        }
    }

    /// Returns whether a handle selects this context: its id, or `CLUSTER/CONTEXT` with or without a
    /// command.
    pub(crate) fn is_selected_by(&self, handle: &str) -> bool {
        let Some(context) = &self.context else {
            return handle == self.cluster;
        };
        let with_cluster = format!("{}/{context}", self.cluster);
        let rest = handle.strip_prefix(&with_cluster);
        handle == context || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    pub(super) fn to_json(&self) -> String {
        let started = self.started.duration_since(SystemTime::UNIX_EPOCH);
        let json = json!({
            "schema": SCHEMA,
            "host": self.workspace.host,
            "workspace_id": self.workspace.id,
            "profile": self.workspace.profile,
            "cluster": self.cluster,
            "context": self.context,
            "command": self.command,
            "script": self.script,
            "file": self.file,
            "pid": self.pid,
            "started": started.unwrap_or_default().as_secs(),
            "detached": self.is_detached,
        });
        format!("{json}\n")
    }

    /// Parses an entry. Returns `None` if a required field is missing, or for a newer format.
    pub(super) fn from_json(text: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(text).ok()?;
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        if json["schema"].as_u64()? > SCHEMA {
            return None;
        }
        Some(Self {
            workspace: Workspace {
                host: text("host")?,
                id: text("workspace_id"),
                profile: text("profile"),
            },
            cluster: text("cluster")?,
            context: text("context"),
            command: text("command"),
            script: text("script"),
            file: text("file"),
            pid: json["pid"].as_u64()?.try_into().ok()?,
            started: SystemTime::UNIX_EPOCH
                .checked_add(Duration::from_secs(json["started"].as_u64()?))?,
            is_detached: json["detached"].as_bool().unwrap_or_default(),
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn entry() -> Entry {
        Entry {
            workspace: Workspace {
                host: "https://ws.example.com".to_owned(),
                id: Some("123".to_owned()),
                profile: Some("prod".to_owned()),
            },
            cluster: "etl".to_owned(),
            context: Some("1793".to_owned()),
            command: Some("dd7f".to_owned()),
            script: None,
            file: Some("job.py".to_owned()),
            pid: 7,
            started: SystemTime::UNIX_EPOCH + Duration::from_secs(1_764_185_219),
            is_detached: true,
        }
    }

    #[test]
    fn entries_round_trip() {
        let full = entry();
        let mut empty = full.clone();
        empty.workspace = Workspace::default();
        (empty.context, empty.command, empty.file) = (None, None, None);
        for entry in [full, empty] {
            assert_eq!(Entry::from_json(&entry.to_json()), Some(entry));
        }
    }

    #[test]
    fn other_text_is_no_entry() {
        let newer = entry().to_json().replace("\"schema\":1", "\"schema\":2");
        assert_ne!(newer, entry().to_json());
        let negative = entry().to_json().replace("\"pid\":7", "\"pid\":-7");
        let endless = entry()
            .to_json()
            .replace("1764185219", "18446744073709551615");
        for text in ["", "{}", "[1]", "null", &newer, &negative, &endless] {
            assert_eq!(Entry::from_json(text), None, "{text}");
        }
        let cut = &entry().to_json()[..40];
        assert_eq!(Entry::from_json(cut), None);
    }

    #[test]
    fn handles_select_a_context_with_or_without_its_command() {
        let entry = entry();
        assert_eq!(entry.handle(), "etl/1793/dd7f");
        for handle in [
            "etl/1793/dd7f",
            "etl/1793/dd7f+0123",
            "etl/1793/other",
            "etl/1793",
            "1793",
        ] {
            assert!(entry.is_selected_by(handle), "{handle}");
        }
        for handle in [
            "",
            "etl",
            "etl/",
            "etl/179",
            "etl/17935",
            "dd7f",
            "793",
            "x/1793",
        ] {
            assert!(!entry.is_selected_by(handle), "{handle}");
        }
        let script = Entry {
            script: Some("ab".to_owned()),
            ..entry.clone()
        };
        assert_eq!(script.handle(), "etl/1793/dd7f+ab");
        assert_eq!(Entry::from_json(&script.to_json()), Some(script));
        let unknown = Entry {
            context: None,
            ..entry
        };
        assert_eq!(unknown.handle(), "etl");
        assert!(unknown.is_selected_by("etl") && !unknown.is_selected_by("1793"));
    }
}
