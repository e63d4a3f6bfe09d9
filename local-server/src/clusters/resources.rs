//! Cores, memory and Spark settings of a cluster.

use super::error::ClusterError;
use super::settings::ClusterSettings;
use crate::memory_size::MemorySize;

const DRIVER_MEMORY: &str = "spark.driver.memory";

/// Settings that this server sets itself, or that have no effect because it starts the JVM.
const FIXED_SETTINGS: &[&str] = &[
    "spark.app.name",
    "spark.cores.max",
    "spark.driver.bindAddress",
    "spark.driver.defaultJavaOptions",
    "spark.driver.extraClassPath",
    "spark.driver.extraJavaOptions",
    "spark.driver.extraLibraryPath",
    "spark.driver.host",
    "spark.driver.port",
    "spark.home",
    "spark.local.dir",
    "spark.master",
    "spark.scheduler.mode",
    "spark.sql.warehouse.dir",
    "spark.submit.deployMode",
    "spark.task.reaper.enabled",
    "spark.task.reaper.killTimeout",
];

/// Resources of the Spark applications of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resources {
    /// `None` means the default of the server.
    pub(super) cores: Option<u32>,
    /// Maximum size of the heap. `None` means the default of the server.
    pub(super) memory: Option<MemorySize>,
    /// Settings of Spark.
    pub(super) settings: Vec<(String, String)>,
}

impl Resources {
    /// Reads the resources from the settings of a cluster.
    pub(super) fn new(settings: &ClusterSettings) -> Result<Self, ClusterError> {
        let memory = settings.spark_conf.get(DRIVER_MEMORY);
        let memory = memory.map(|text| text.parse()).transpose();
        let memory = memory.map_err(|error| {
            ClusterError::Invalid(format!("invalid {DRIVER_MEMORY} in spark_conf: {error}"))
        })?;
        let applied = settings.spark_conf.iter();
        let applied = applied.filter(|(name, _)| is_applied(name) && *name != DRIVER_MEMORY);
        Ok(Self {
            cores: cores(settings),
            memory,
            settings: applied
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        })
    }
}

/// Returns one core per worker. `None` means that the cluster has no workers.
fn cores(settings: &ClusterSettings) -> Option<u32> {
    let max_workers = settings.autoscale.map(|autoscale| autoscale.max_workers);
    let workers = max_workers.or(settings.num_workers);
    workers.filter(|&workers| workers > 0)
}

/// Returns whether a setting of `spark_conf` is applied to the Spark applications of a cluster.
fn is_applied(name: &str) -> bool {
    name.starts_with("spark.") && !FIXED_SETTINGS.contains(&name)
}

/// Returns the names in `spark_conf` that have no effect.
pub(crate) fn ignored_settings(settings: &ClusterSettings) -> impl Iterator<Item = &str> {
    let names = settings.spark_conf.keys().map(String::as_str);
    names.filter(|name| !is_applied(name))
}

#[cfg(test)]
mod tests {
    use super::super::settings::Autoscale;
    use super::*;

    fn settings(conf: &[(&str, &str)]) -> ClusterSettings {
        let conf = conf.iter();
        ClusterSettings {
            spark_version: "x".to_owned(),
            spark_conf: conf
                .map(|&(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            ..ClusterSettings::default()
        }
    }

    #[test]
    fn each_worker_is_a_core() {
        let scaled = |max_workers| {
            Some(Autoscale {
                min_workers: 1,
                max_workers,
            })
        };
        for (num_workers, autoscale, expected) in [
            (Some(0), None, None),
            (None, None, None),
            (Some(3), None, Some(3)),
            (None, scaled(8), Some(8)),
        ] {
            let settings = ClusterSettings {
                num_workers,
                autoscale,
                ..settings(&[])
            };
            assert_eq!(cores(&settings), expected, "{settings:?}");
        }
    }

    #[test]
    fn settings_of_the_server_and_of_the_jvm_are_ignored() {
        let settings = settings(&[
            ("java.io.tmpdir", "/x"),
            ("spark.driver.memory", "2g"),
            ("spark.master", "local[*]"),
            ("spark.sql.ansi.enabled", "false"),
        ]);
        let resources = Resources::new(&settings).unwrap();
        let expected = [("spark.sql.ansi.enabled".to_owned(), "false".to_owned())];
        assert_eq!(resources.settings, expected);
        assert_eq!(resources.memory.map(MemorySize::mib), Some(2048));
        let ignored: Vec<_> = ignored_settings(&settings).collect();
        assert_eq!(ignored, ["java.io.tmpdir", "spark.master"]);
    }

    #[test]
    fn invalid_memory_is_an_error() {
        let error = Resources::new(&settings(&[("spark.driver.memory", "1x")])).unwrap_err();
        let ClusterError::Invalid(message) = error else {
            panic!("{error:?}");
        };
        assert!(
            message.starts_with("invalid spark.driver.memory"),
            "{message}"
        );
    }
}
