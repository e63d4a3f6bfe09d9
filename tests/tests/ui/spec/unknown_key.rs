//! A misspelled key.

api_runtime::api!("unknown_key.toml");

fn main() {}
