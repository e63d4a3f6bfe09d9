//! Settings passed by the caller.

use std::fmt;

use api_runtime::{Error, Secret};

use super::host::Host;
use super::origin::Origin;
use super::setting::{AZURE_RESOURCE_ID, CLUSTER_ID, HOST, PROFILE, Setting, WORKSPACE_ID};
use super::source::Source;

/// Settings passed by the caller. `Debug` redacts secrets.
#[derive(Clone, Default)]
pub(super) struct Arguments {
    values: Vec<(Setting, Secret)>,
}

impl Arguments {
    /// Sets a value and replaces an earlier one.
    pub(super) fn set(&mut self, setting: Setting, value: impl Into<Secret>) {
        self.values.retain(|(known, _)| *known != setting);
        self.values.push((setting, value.into()));
    }
}

impl Source for Arguments {
    fn get(&self, setting: Setting) -> Result<Option<Secret>, Error> {
        let value = self.values.iter().find(|(known, _)| *known == setting);
        Ok(value.map(|(_, value)| value.clone()))
    }

    fn origin(&self, _: Setting) -> String {
        "the arguments".to_owned()
    }

    fn location(&self, setting: Setting) -> Origin {
        Origin::Argument(setting.key)
    }
}

impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (setting, value) in &self.values {
            match *setting {
                // The URL may contain a password, which parsing removes.
                HOST => map.entry(
                    &setting.key,
                    &Host::parse(value.expose()).map(Host::into_url),
                ),
                PROFILE | CLUSTER_ID | WORKSPACE_ID | AZURE_RESOURCE_ID => {
                    map.entry(&setting.key, &value.expose())
                }
                _ => map.entry(&setting.key, value),
            };
        }
        map.finish()
    }
}
