//! Commands that start the JVMs of Spark applications.

#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use super::find::Installation;
use crate::memory_size::MemorySize;

/// Packages whose private members Spark and the kernels access by reflection.
const OPEN_PACKAGES: &[&str] = &[
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.lang.reflect",
    "java.base/java.io",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/jdk.internal.ref",
    "java.base/jdk.internal.loader",
    "java.base/sun.nio.ch",
    "java.base/sun.nio.cs",
    "java.base/sun.security.action",
    "java.base/sun.util.calendar",
];

/// Configuration of Log4j. The output of a JVM is that of its commands, so warnings are written to a
/// file.
const LOG4J: &str = "\
status = off
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = ${sys:local.server.folder}/spark.log
appender.file.filePattern = ${sys:local.server.folder}/spark.%i.log
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{yyyy-MM-dd HH:mm:ss} %p %c: %m%n%ex
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 10MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 1
";

/// Setting with the jars of executors.
const EXECUTOR_CLASS_PATH: &str = "spark.executor.extraClassPath";

/// Class of the file system of `dbfs:/`, in the kernels.
const DBFS_FILE_SYSTEM: &str = "org.apache.spark.localserver.DbfsFileSystem";

/// Class data sharing of a JVM.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Archive<'a> {
    /// That of the JDK only.
    #[default]
    None,
    /// Loads classes from this archive. An archive that does not match is ignored.
    Use(&'a Path),
    /// Writes this archive when the JVM exits.
    Write(&'a Path),
}

/// A JVM to start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Launch<'a> {
    pub(crate) installation: &'a Installation,
    /// Name of the main class.
    pub(crate) main: &'a str,
    /// Jars before those of Spark: the kernels, then libraries of users.
    pub(crate) class_path: &'a [PathBuf],
    /// Name of the Spark application.
    pub(crate) name: &'a str,
    /// Master of the Spark application, for example `local[2]` or `spark://host:7077`.
    pub(crate) master: &'a str,
    /// Maximum size of the heap.
    pub(crate) memory: MemorySize,
    /// Python interpreter of Spark's workers.
    pub(crate) python: &'a Path,
    /// Existing folder for temporary files, tables and the log of this JVM. Removed by the caller.
    pub(crate) folder: &'a Path,
    /// Folder of the files of `dbfs:/`.
    pub(crate) dbfs_root: &'a Path,
    pub(crate) archive: Archive<'a>,
    /// Further properties. They replace those of this server.
    pub(crate) settings: &'a [(String, String)],
}

impl Launch<'_> {
    /// Writes the files that the JVM needs into its folder, and returns its command without arguments
    /// of the program.
    pub(crate) fn prepare(&self) -> io::Result<Command> {
        for name in ["local", "tmp"] {
            fs::create_dir_all(self.folder.join(name))?;
        }
        fs::write(self.folder.join("log4j2.properties"), LOG4J)?;
        Ok(self.command())
    }

    fn command(&self) -> Command {
        let Installation { spark, java } = self.installation;
        let mut command = Command::new(&java.program);
        command
            .args(self.jvm_options())
            .args(self.properties())
            .arg("-cp")
            .arg(self.class_path())
            .arg(self.main)
            .env("SPARK_HOME", &spark.home)
            // Without it, executors of a standalone cluster fail to find the jars.
            .env("SPARK_SCALA_VERSION", &spark.scala)
            .env("PYSPARK_PYTHON", self.python)
            .env("PYSPARK_DRIVER_PYTHON", self.python)
            .env("PYTHONPATH", self.python_path());
        if !is_utf8_locale(|name| env::var_os(name)) {
            // The names of files in other locales are not UTF-8, and no property of Java changes this.
            command.env("LC_ALL", "C.UTF-8");
        }
        if is_loopback(self.master) {
            command.env("SPARK_LOCAL_IP", "127.0.0.1");
        }
        command
    }

    fn jvm_options(&self) -> Vec<OsString> {
        let java = self.installation.java.version;
        let mut options: Vec<OsString> = [
            // Options that other versions or vendors do not have.
            "-XX:+IgnoreUnrecognizedVMOptions",
            // Halves the time to start, and the time of short commands.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            // A command that uses up the memory ends its JVM, with a message.
            "-XX:+ExitOnOutOfMemoryError",
            // No file in the temporary folder of the machine.
            "-XX:-UsePerfData",
            "-Dfile.encoding=UTF-8",
            "-Djava.awt.headless=true",
        ]
        .map(OsString::from)
        .into();
        options.push(format!("-Xmx{}m", self.memory.mib()).into());
        if java >= 9 {
            options.extend(
                OPEN_PACKAGES
                    .iter()
                    .map(|package| format!("--add-opens={package}=ALL-UNNAMED").into()),
            );
        }
        if java >= 16 {
            options.push("--add-modules=jdk.incubator.vector".into());
        }
        match self.archive {
            Archive::None => {}
            Archive::Use(path) => options.push(joined("-XX:SharedArchiveFile=", path)),
            Archive::Write(path) => options.push(joined("-XX:ArchiveClassesAtExit=", path)),
        }
        if java >= 9 {
            // Warnings of the JVM, for example about the incubating module or an archive that does not
            // match, would be written to the output of commands.
            options.extend(["-Xlog:disable", "-Xlog:all=off"].map(OsString::from));
        }
        options
    }

    /// Returns `-Dname=value` for each property. The last one of a name counts.
    fn properties(&self) -> Vec<OsString> {
        let file = |name: &str| self.folder.join(name).into_os_string();
        let text = |value: &str| OsString::from(value);
        let mut properties: Vec<(&str, OsString)> = vec![
            ("java.io.tmpdir", file("tmp")),
            ("local.server.folder", self.folder.into()),
            ("log4j2.configurationFile", file("log4j2.properties")),
            ("spark.master", text(self.master)),
            ("spark.app.name", text(self.name)),
            ("spark.ui.enabled", text("false")),
            ("spark.ui.showConsoleProgress", text("false")),
            ("spark.sql.catalogImplementation", text("in-memory")),
            // The default since Spark 4. `create table` would need Hive in Spark 3.
            ("spark.sql.legacy.createHiveTableByDefault", text("false")),
            // Without a scheme, a path may be one of DBFS.
            (
                "spark.sql.warehouse.dir",
                joined("file:", &self.folder.join("warehouse")),
            ),
            ("spark.hadoop.fs.dbfs.impl", text(DBFS_FILE_SYSTEM)),
            ("spark.hadoop.fs.dbfs.root", self.dbfs_root.into()),
            ("spark.local.dir", file("local")),
            // That of a Databricks cluster.
            ("spark.sql.session.timeZone", text("UTC")),
        ];
        if is_loopback(self.master) {
            properties.push(("spark.driver.host", text("127.0.0.1")));
            properties.push(("spark.driver.bindAddress", text("127.0.0.1")));
        }
        let settings = self.settings.iter();
        properties.extend(settings.map(|(name, value)| (name.as_str(), text(value))));
        if !self.master.starts_with("local") {
            properties.push((EXECUTOR_CLASS_PATH, self.executor_class_path()));
        }
        properties
            .into_iter()
            .map(|(name, value)| joined(&format!("-D{name}="), Path::new(&value)))
            .collect()
    }

    /// Returns the jars that the file system of `dbfs:/` needs in executors, then those that the settings
    /// name. Hadoop does not find its classes in jars that are added later.
    fn executor_class_path(&self) -> OsString {
        let settings = self.settings.iter();
        let mut added = settings.filter(|(name, _)| name == EXECUTOR_CLASS_PATH);
        let mut entries = self.class_path.to_vec();
        entries.extend(added.next_back().map(|(_, value)| PathBuf::from(value)));
        separated(&entries)
    }

    fn class_path(&self) -> OsString {
        let jars = self.installation.spark.home.join("jars/*");
        let mut entries = self.class_path.to_vec();
        entries.push(jars);
        separated(&entries)
    }

    /// Returns the entries of Spark before those of the environment, which user code may need.
    fn python_path(&self) -> OsString {
        let inherited = env::var_os("PYTHONPATH").unwrap_or_default();
        let inherited = env::split_paths(&inherited).filter(|path| !path.as_os_str().is_empty());
        let mut entries = self.installation.spark.python_path.clone();
        entries.extend(inherited);
        separated(&entries)
    }
}

/// Returns whether the encoding of the locale of these environment variables is UTF-8.
fn is_utf8_locale(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let values = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().map(variable);
    let locale = values.flatten().find(|value| !value.is_empty());
    locale.is_some_and(|locale| {
        let name = locale.to_string_lossy().to_ascii_lowercase();
        name.contains("utf-8") || name.contains("utf8")
    })
}

/// Joins paths with colons.
fn separated(paths: &[PathBuf]) -> OsString {
    let paths = paths.iter().map(|path| path.as_os_str());
    paths.collect::<Vec<_>>().join(OsStr::new(":"))
}

fn joined(prefix: &str, path: &Path) -> OsString {
    let mut text = OsString::from(prefix);
    text.push(path);
    text
}

/// Returns whether all processes of a master are on this machine and listen on a loopback address.
fn is_loopback(master: &str) -> bool {
    match master.split_once("://") {
        None => master.starts_with("local"),
        Some((_, hosts)) => hosts.split(',').all(|host| {
            let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
            name == "localhost" || name.starts_with("127.")
        }),
    }
}
