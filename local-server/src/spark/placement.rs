//! The master of Spark applications, and their cores.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use crate::limits;
use crate::options::Options;

/// Cores of an application on a cluster. All cores would be too many: an application keeps its cores
/// until it ends, and others would wait.
const CLUSTER_CORES: u32 = 2;

/// Folders with the configuration of a cluster, which Spark reads from the class path.
const CONFIGURATION_VARIABLES: [&str; 2] = ["HADOOP_CONF_DIR", "YARN_CONF_DIR"];

/// Master and settings of the Spark applications of a server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placement {
    /// `None` runs applications in local mode.
    master: Option<String>,
    cores: Option<u32>,
    /// Maximum memory of a process in bytes.
    memory_limit: Option<u64>,
    settings: Vec<(String, String)>,
}

impl Placement {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            master: options.master.clone(),
            cores: options.cores,
            memory_limit: options.memory_limit,
            settings: options.spark_settings.clone(),
        }
    }

    /// Returns the master of an application with a number of cores. `None` is the default of the server.
    pub(crate) fn master(&self, cores: Option<u32>) -> String {
        // Each core is a thread, and by default a partition of each data set.
        let cores = cores.map(|cores| cores.min(limits::LOCAL_CORES));
        match (&self.master, cores.or(self.cores)) {
            (Some(master), _) => master.clone(),
            (None, Some(cores)) => format!("local[{cores}]"),
            (None, None) => "local[*]".to_owned(),
        }
    }

    /// Returns the settings of an application with a number of cores. `None` is the default of the server.
    /// `task_grace` is the time for the tasks of a canceled command to end.
    pub(crate) fn settings(
        &self,
        task_grace: Duration,
        cores: Option<u32>,
    ) -> Vec<(String, String)> {
        let mut settings = Vec::new();
        let mut set = |name: &str, value: &str| settings.push((name.to_owned(), value.to_owned()));
        if self.is_cluster() {
            let cores = cores.or(self.cores).unwrap_or(CLUSTER_CORES).to_string();
            let grace = format!("{}ms", task_grace.as_millis());
            set("spark.cores.max", &cores);
            // An executor whose task does not end is replaced.
            set("spark.task.reaper.enabled", "true");
            set("spark.task.reaper.killTimeout", &grace);
        } else {
            // As on Databricks, paths without a scheme are those of DBFS. A cluster has a default of its
            // own, and the folder may not exist on its machines.
            set("spark.hadoop.fs.defaultFS", "dbfs:///");
            if let Some(bytes) = self.memory_limit {
                // On a cluster, it would also change the size of the executors.
                let memory = format!("{}m", bytes.div_ceil(1 << 20));
                set("spark.executor.pyspark.memory", &memory);
            }
        }
        settings.extend(self.settings.iter().cloned());
        settings
    }

    /// Returns the folders for the class path.
    pub(crate) fn configuration_folders(&self) -> Vec<PathBuf> {
        if !self.is_cluster() {
            return Vec::new();
        }
        let variables = CONFIGURATION_VARIABLES.into_iter().filter_map(env::var_os);
        variables
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
            .collect()
    }

    fn is_cluster(&self) -> bool {
        let master = self.master.as_deref();
        master.is_some_and(|master| !(master == "local" || master.starts_with("local[")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(placement: &Placement) -> Vec<String> {
        let settings = placement.settings(Duration::from_secs(5), None);
        let settings = settings.into_iter();
        settings
            .map(|(name, value)| format!("{name}={value}"))
            .collect()
    }

    #[test]
    fn local_applications_have_a_number_of_cores() {
        let all = Placement::new(&Options::new());
        assert_eq!(all.master(None), "local[*]");
        assert_eq!(all.master(Some(3)), "local[3]");
        assert_eq!(all.master(Some(100_000)), "local[64]");
        let two = Placement::new(&Options::new().cores(2));
        assert_eq!(two.master(None), "local[2]");
        assert_eq!(two.master(Some(3)), "local[3]");
        let explicit = Placement::new(&Options::new().master("local[3]"));
        assert_eq!(explicit.master(Some(5)), "local[3]");
        for placement in [all, two, explicit] {
            assert_eq!(names(&placement), ["spark.hadoop.fs.defaultFS=dbfs:///"]);
        }
    }

    #[test]
    fn applications_on_a_cluster_leave_cores_to_others() {
        let options = Options::new().master("spark://host:7077");
        let placement = Placement::new(&options);
        assert_eq!(placement.master(Some(5)), "spark://host:7077");
        let of_cluster = placement.settings(Duration::from_secs(5), Some(100));
        assert_eq!(of_cluster[0].1, "100");
        let expected = [
            "spark.cores.max=2",
            "spark.task.reaper.enabled=true",
            "spark.task.reaper.killTimeout=5000ms",
        ];
        assert_eq!(names(&placement), expected);
        let placement = Placement::new(&options.cores(8));
        assert_eq!(names(&placement)[0], "spark.cores.max=8");
    }

    #[test]
    fn memory_limit_applies_to_the_python_workers_of_local_applications() {
        let options = Options::new().memory_limit(1 << 30);
        let memory = "spark.executor.pyspark.memory=1024m".to_owned();
        assert!(names(&Placement::new(&options)).contains(&memory));
        let cluster = Placement::new(&options.master("spark://host:7077"));
        assert!(!names(&cluster).contains(&memory));
    }

    #[test]
    fn settings_of_the_user_are_last() {
        let options = Options::new().master("spark://host:7077");
        let placement = Placement::new(&options.spark_setting("spark.cores.max", "9"));
        assert_eq!(names(&placement).last().unwrap(), "spark.cores.max=9");
    }
}
