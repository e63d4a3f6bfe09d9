//! Kernel of Python contexts.

use std::path::Path;

use serde::Serialize;

use crate::limits;
use crate::process::Launch;
use crate::quirks::{Quirk, Quirks};

/// Programs that are executed at the start, in this order. They share a namespace.
const PROGRAMS: [&str; 6] = [
    include_str!("python/errors.py"),
    include_str!("python/requests.py"),
    include_str!("python/program.py"),
    include_str!("python/workspace.py"),
    include_str!("python/memory.py"),
    include_str!("python/kernel.py"),
];

/// The first request to a kernel.
#[derive(Serialize)]
struct Setup<'a> {
    /// `None` if it is not UTF-8.
    dbfs: Option<&'a str>,
    max_bytes: usize,
    max_rows: usize,
    memory_limit: Option<u64>,
    out_prefix: bool,
    programs: LazyPrograms,
}

/// Programs that are executed when they are used.
#[derive(Serialize)]
struct LazyPrograms {
    dbutils: &'static str,
    display: &'static str,
    spark: &'static str,
}

/// Returns the process of a Python context, with the folder of `dbutils.fs` and the maximum memory in bytes.
pub(crate) fn launch(
    python: &Path,
    dbfs_root: &Path,
    quirks: Quirks,
    memory_limit: Option<u64>,
) -> Launch {
    let setup = Setup {
        dbfs: dbfs_root.to_str(),
        max_bytes: limits::TABLE_BYTES,
        max_rows: limits::TABLE_ROWS,
        memory_limit,
        out_prefix: quirks.is_on(Quirk::OutPrefix),
        programs: LazyPrograms {
            dbutils: include_str!("python/dbutils.py"),
            display: include_str!("python/display.py"),
            spark: include_str!("python/spark.py"),
        },
    };
    let mut request = b"setup ".to_vec();
    // Cannot fail: the request consists of strings and numbers, and the writer is a `Vec`.
    if serde_json::to_writer(&mut request, &setup).is_ok() {
        request.push(b'\n');
    }
    Launch::python(python, &PROGRAMS).input(&request)
}
