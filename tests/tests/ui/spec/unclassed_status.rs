//! A value of the status is in no list of the waiter.

api_runtime::api!("unclassed_status.toml");

fn main() {}
