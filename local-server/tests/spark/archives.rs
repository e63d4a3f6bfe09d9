//! Archives of class data.

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use local_server::preparation::{PreparationStep, prepare};
use local_server::{Options, Server};

use crate::workspace::{Context, installation, start};

/// Limit for writing two archives, which takes two minutes on an idle machine.
const DEADLINE: Duration = Duration::from_secs(3600);

const PROGRAMS: [&str; 2] = ["ClusterHost", "ScalaKernel"];

/// Returns the archives of a program in the cache folder.
fn archives(program: &str) -> Vec<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.filter(|path| path.is_absolute());
    let cache = cache.unwrap_or_else(|| PathBuf::from(env::var_os("HOME").unwrap()).join(".cache"));
    let Ok(entries) = fs::read_dir(cache.join("dbexec/spark")) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsa"))
        .filter(|path| path.to_string_lossy().contains(&format!("-{program}-")))
        .collect()
}

fn remove_archives(program: &str) {
    for archive in archives(program) {
        fs::remove_file(archive).unwrap();
    }
}

/// Returns whether the JVMs of a SQL and of a Scala context have mapped their archives. A JVM ignores an
/// archive that does not match.
fn use_archives(server: &Server, cluster: &str) -> [bool; 2] {
    let sql = Context::on(server, cluster, "sql");
    let host = sql.rows("select reflect('java.lang.ProcessHandle', 'current')");
    let host = host[0][0].as_str().unwrap();
    let scala = Context::on(server, cluster, "scala");
    let kernel = scala.text("print(ProcessHandle.current.pid)");
    let maps = [host, &kernel].map(|id| fs::read_to_string(format!("/proc/{id}/maps")).unwrap());
    [0, 1].map(|index| maps[index].contains(&format!("-{}-", PROGRAMS[index])))
}

#[test]
fn archives_are_written_once_and_used() {
    for program in PROGRAMS {
        remove_archives(program);
    }
    let server = start(Options::new().class_archives(true));
    assert_eq!(use_archives(&server, "first"), [false, false]);
    // In the background, while the JVMs of both contexts run.
    let started = Instant::now();
    while PROGRAMS.iter().any(|program| archives(program).is_empty()) {
        assert!(started.elapsed() < DEADLINE, "timed out");
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(use_archives(&server, "second"), [true, true]);

    let options = Options::new().spark(installation());
    let steps = || {
        let mut steps = Vec::new();
        prepare(&options, &mut |step| steps.push(step)).unwrap();
        steps
    };
    assert_eq!(steps(), []);
    remove_archives("ScalaKernel");
    let written = PreparationStep::WriteArchive {
        number: 1,
        count: 1,
    };
    assert_eq!(steps(), [written]);
    assert_eq!(archives("ScalaKernel").len(), 1);
}
