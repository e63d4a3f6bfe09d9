//! etcd, with version 2 and version 3 of its API.

mod v2;
mod v3;

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use crate::running::Running;
use crate::setup::Program;

static ETCD: Program = Program {
    name: "etcd",
    version: "--version",
    // Version 3.6 removed version 2 of the API.
    versions: &["etcd Version: 3.4.", "etcd Version: 3.5."],
    package: "etcd-server",
    member: "usr/bin/etcd",
    pinned: "e/etcd/etcd-server_3.4.23-4+b4",
    hashes: [
        (
            "x86_64",
            "amd64",
            "3a9445d4560ad6de1c375756b2a17d97713df44cbd20a658c871fe108af7ef5d",
        ),
        (
            "aarch64",
            "arm64",
            "821e59be145fa42bd72b3e003d275640947c3d824b4c06b1ed2a01a631d555a1",
        ),
    ],
    found: OnceLock::new(),
};

/// A timeout that no response exceeds.
const LONG: Duration = Duration::from_secs(60);
/// A timeout shorter than the long poll that it ends.
const SHORT: Duration = Duration::from_millis(300);

fn start() -> Running {
    Running::start(&ETCD, "/health", arguments)
}

fn arguments(folder: &Path, [port, peers]: [u16; 2]) -> Vec<String> {
    // A cluster of one member elects its leader after `--election-timeout`.
    let arguments = format!(
        "--enable-v2 --logger zap --log-level warn --heartbeat-interval 10 --election-timeout 100 \
         --listen-client-urls http://127.0.0.1:{port} --advertise-client-urls http://127.0.0.1:{port} \
         --listen-peer-urls http://127.0.0.1:{peers} \
         --initial-advertise-peer-urls http://127.0.0.1:{peers} \
         --initial-cluster default=http://127.0.0.1:{peers} --data-dir"
    );
    let arguments = arguments.split(' ').map(str::to_owned);
    arguments
        .chain([folder.join("data").display().to_string()])
        .collect()
}
