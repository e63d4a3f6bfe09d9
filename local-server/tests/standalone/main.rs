//! A server in front of a Spark cluster: a standalone master and two workers on the loopback interface.

mod cluster;
mod scenario;
#[allow(
    dead_code,
    reason = "shared with the tests of `spark`, which use all of it"
)]
#[path = "../spark/workspace.rs"]
mod workspace;
