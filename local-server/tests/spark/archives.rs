//! Archives of class data.

use std::path::PathBuf;
use std::{env, fs};

use local_server::Options;

use crate::workspace::{Context, poll, start};

/// Returns the archives of Scala contexts in the cache folder.
fn archives() -> Vec<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.filter(|path| path.is_absolute());
    let cache = cache.unwrap_or_else(|| PathBuf::from(env::var_os("HOME").unwrap()).join(".cache"));
    let Ok(entries) = fs::read_dir(cache.join("dbexec/spark")) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsa"))
        .filter(|path| path.to_string_lossy().contains("-ScalaKernel-"))
        .collect()
}

#[test]
fn archive_is_written_after_the_first_application_and_used_by_the_next_one() {
    for archive in archives() {
        let _ = fs::remove_file(archive);
    }
    let server = start(Options::new().class_archives(true));
    let first = Context::on(&server, "archive", "scala");
    let maps =
        "print(scala.io.Source.fromFile(\"/proc/self/maps\").mkString.contains(\"-ScalaKernel-\"))";
    assert_eq!(first.text(maps), "false");
    drop(first);
    poll(|| (!archives().is_empty()).then_some(()));
    let second = Context::on(&server, "archive", "scala");
    // A JVM ignores an archive that does not match.
    assert_eq!(second.text(maps), "true");
}
