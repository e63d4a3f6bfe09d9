//! Kernels in Scala, compiled by the compiler among the jars of Spark.
//!
//! The repository contains no binary files, and users need no JDK. A jar is compiled once for each
//! combination of sources, Spark and Java, in about seven seconds.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use std::{fs, io};

use ring::digest::{Context, SHA256};
use tokio::process::Command;
use tokio::time::{Instant, sleep, timeout};

use super::error::PrepareError;
use super::file_lock;
use super::find::Installation;
use super::unused::{InUse, KERNELS_PREFIX};

/// Maximum time to compile, and to wait for another process that compiles.
const TIMEOUT: Duration = Duration::from_secs(15 * 60);

/// Interval at which the lock of another process is checked.
const LOCK_INTERVAL: Duration = Duration::from_millis(100);

/// Maximum length of the output of the compiler in an error.
const OUTPUT_BYTES: usize = 8 << 10;

/// A source file. Files with names that end in `_2_12.scala` or `_2_13.scala` are compiled for this
/// version of Scala only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceFile {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

/// A jar with compiled kernels.
#[derive(Debug)]
pub(crate) struct Kernels {
    pub(crate) jar: PathBuf,
    pub(crate) in_use: InUse,
}

/// Returns the path of the jar with the compiled sources, whether or not it exists.
pub(super) fn path(installation: &Installation, sources: &[SourceFile], folder: &Path) -> PathBuf {
    let sources = select(installation, sources);
    folder.join(format!(
        "{KERNELS_PREFIX}{}.jar",
        key(installation, &sources)
    ))
}

/// Returns the jar with the compiled sources. Compiles them if the folder does not contain it.
///
/// If the future is dropped, the compiler is killed.
pub(super) async fn compiled(
    installation: &Installation,
    sources: &[SourceFile],
    folder: &Path,
) -> Result<Kernels, PrepareError> {
    let jar = path(installation, sources, folder);
    fs::create_dir_all(folder).map_err(|error| PrepareError::write(folder, &error))?;
    let in_use = retry(&jar, InUse::try_new).await?;
    if !jar.is_file() {
        let _lock = retry(&folder.join("kernels.lock"), file_lock::try_lock).await?;
        // Another process may have compiled it in the meantime.
        if !jar.is_file() {
            let sources = select(installation, sources);
            compile(installation, &sources, folder, &jar).await?;
        }
    }
    Ok(Kernels { jar, in_use })
}

/// Selects the sources for the version of Scala of a Spark.
fn select(installation: &Installation, sources: &[SourceFile]) -> Vec<SourceFile> {
    let suffix = format!("_{}", installation.spark.scala.replace('.', "_"));
    let is_selected = |source: &&SourceFile| {
        let stem = source.name.trim_end_matches(".scala");
        stem.ends_with(&suffix) || !(stem.ends_with("_2_12") || stem.ends_with("_2_13"))
    };
    sources.iter().filter(is_selected).copied().collect()
}

/// Identifies everything that the compiled classes depend on.
fn key(installation: &Installation, sources: &[SourceFile]) -> String {
    let Installation { spark, java } = installation;
    let java = java.version.to_string();
    let mut parts = vec![spark.version.as_str(), &spark.scala, &java];
    parts.extend(sources.iter().flat_map(|source| [source.name, source.text]));
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&part.len().to_le_bytes());
        context.update(part.as_bytes());
    }
    let digest = context.finish();
    digest.as_ref()[..8]
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}"); // writing to a `String` cannot fail
            text
        })
}

/// Locks a file. `on_wait` is called if another process holds the lock.
pub(super) async fn lock(path: &Path, on_wait: impl FnOnce()) -> Result<File, PrepareError> {
    let locked = file_lock::try_lock(path).map_err(|error| PrepareError::write(path, &error))?;
    if let Some(lock) = locked {
        return Ok(lock);
    }
    on_wait();
    retry(path, file_lock::try_lock).await
}

/// Repeats a function until it has locked a file.
async fn retry<T>(
    path: &Path,
    try_lock: impl Fn(&Path) -> io::Result<Option<T>>,
) -> Result<T, PrepareError> {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        let lock = try_lock(path).map_err(|error| PrepareError::write(path, &error))?;
        if let Some(lock) = lock {
            return Ok(lock);
        }
        if Instant::now() > deadline {
            return Err(PrepareError::Locked(path.to_owned()));
        }
        sleep(LOCK_INTERVAL).await;
    }
}

async fn compile(
    installation: &Installation,
    sources: &[SourceFile],
    folder: &Path,
    jar: &Path,
) -> Result<(), PrepareError> {
    let work = tempfile::Builder::new()
        .prefix(KERNELS_PREFIX)
        .tempdir_in(folder)
        .map_err(|error| PrepareError::write(folder, &error))?;
    let write = |source: &SourceFile| {
        let path = work.path().join(source.name);
        fs::write(&path, source.text).map_err(|error| PrepareError::write(&path, &error))?;
        Ok::<_, PrepareError>(path)
    };
    let files: Vec<_> = sources.iter().map(write).collect::<Result<_, _>>()?;
    let output = work.path().join("kernels.jar");
    let mut command = command(installation, &output);
    command.args(files);
    run(command).await?;
    // Atomic: a jar of this name is complete.
    fs::rename(&output, jar).map_err(|error| PrepareError::write(jar, &error))
}

fn command(installation: &Installation, output: &Path) -> Command {
    let Installation { spark, java } = installation;
    let mut command = Command::new(&java.program);
    command
        .args([
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Dfile.encoding=UTF-8",
        ])
        .arg("-cp")
        .arg(spark.home.join("jars/*"))
        .args([
            "scala.tools.nsc.Main",
            "-usejavacp",
            "-nowarn",
            "-encoding",
            "UTF-8",
            "-d",
        ])
        .arg(output)
        .kill_on_drop(true);
    command
}

async fn run(mut command: Command) -> Result<(), PrepareError> {
    command.stdin(Stdio::null());
    let output = timeout(TIMEOUT, command.output());
    let failed = |reason: String| PrepareError::Compiler(reason);
    let output = output
        .await
        .map_err(|_| failed(format!("no end after {} minutes", TIMEOUT.as_secs() / 60)))?
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text[..text.len().min(OUTPUT_BYTES)]);
    Err(failed(format!("{}\n{}", output.status, text.trim_end())))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{folder, installation, program};
    use super::*;

    const SOURCES: &[SourceFile] = &[
        SourceFile {
            name: "Host.scala",
            text: "host",
        },
        SourceFile {
            name: "Repl_2_12.scala",
            text: "old",
        },
        SourceFile {
            name: "Repl_2_13.scala",
            text: "new",
        },
    ];

    #[test]
    fn sources_of_other_scala_versions_are_not_compiled() {
        let names = |scala: &str| -> Vec<_> {
            let mut installation = installation(Path::new("/java"), 17);
            installation.spark.scala = scala.to_owned();
            let selected = select(&installation, SOURCES);
            selected.iter().map(|source| source.name).collect()
        };
        assert_eq!(names("2.12"), ["Host.scala", "Repl_2_12.scala"]);
        assert_eq!(names("2.13"), ["Host.scala", "Repl_2_13.scala"]);
    }

    /// A Java whose compiler appends its arguments to `runs`, waits for the file `proceed`, and writes an
    /// empty jar.
    const COMPILER: &str = r#"
cd "${0%/*}"
for argument; do
    test "$previous" = -d && output=$argument
    previous=$argument
done
echo "$@" >> runs
until test -e proceed; do sleep 0.05; done
touch "$output""#;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(future)
    }

    #[test]
    fn concurrent_callers_compile_once() {
        let (_guard, folder) = folder();
        program(&folder.join("java"), COMPILER);
        let installation = installation(&folder.join("java"), 17);
        let cache = folder.join("cache");
        let jars = block_on(async {
            let proceed = async { fs::write(folder.join("proceed"), "") };
            let jar = async || compiled(&installation, SOURCES, &cache).await.unwrap().jar;
            let (first, second, proceed) = tokio::join!(jar(), jar(), proceed);
            proceed.unwrap();
            [first, second, jar().await]
        });
        assert!(
            jars[0].is_file() && jars.iter().all(|jar| *jar == jars[0]),
            "{jars:?}"
        );
        let runs = fs::read_to_string(folder.join("runs")).unwrap();
        assert_eq!(runs.lines().count(), 1, "{runs}");
        assert!(
            runs.contains("Host.scala") && runs.contains("Repl_2_13.scala"),
            "{runs}"
        );
        assert!(!runs.contains("Repl_2_12.scala"), "{runs}");
        // Nothing but the jar and the locks remains.
        assert_eq!(fs::read_dir(&cache).unwrap().count(), 3);
    }

    #[test]
    fn jar_depends_on_sources_and_versions() {
        let java = Path::new("/java");
        let first = key(&installation(java, 17), SOURCES);
        assert_eq!(first, key(&installation(Path::new("/other"), 17), SOURCES));
        assert_ne!(first, key(&installation(java, 21), SOURCES));
        assert_ne!(first, key(&installation(java, 17), &SOURCES[1..]));
    }

    #[test]
    fn error_contains_the_output_of_the_compiler() {
        let (_guard, folder) = folder();
        program(
            &folder.join("java"),
            "echo 'Host.scala:1: error: not found'; exit 1",
        );
        let installation = installation(&folder.join("java"), 17);
        let error = block_on(compiled(&installation, SOURCES, &folder)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the kernels cannot be compiled: exit status: 1\nHost.scala:1: error: not found"
        );
    }

    #[test]
    fn compiler_is_killed_when_the_caller_stops_waiting() {
        let (_guard, folder) = folder();
        program(
            &folder.join("java"),
            &format!("echo $$ > \"${{0%/*}}/id\"; {COMPILER}"),
        );
        let installation = installation(&folder.join("java"), 17);
        let id = block_on(async {
            let compiled = compiled(&installation, SOURCES, &folder);
            let started = async {
                loop {
                    let id = fs::read_to_string(folder.join("id")).unwrap_or_default();
                    match id.trim().parse::<u32>() {
                        Ok(id) => break id,
                        Err(_) => sleep(LOCK_INTERVAL).await,
                    }
                }
            };
            tokio::select! {
                result = compiled => panic!("the compiler has ended: {result:?}"),
                id = started => id,
            }
        });
        // The process disappears when it is killed and reaped.
        while Path::new("/proc").join(id.to_string()).join("exe").exists() {
            std::thread::sleep(LOCK_INTERVAL);
        }
        assert!(!folder.join("proceed").exists());
    }
}
