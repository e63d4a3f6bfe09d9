//! A value of the status field is missing in the lists of the waiter.

api_runtime::api!("unclassified_status.toml");

fn main() {}
