//! A key of another name.

api_runtime::api!("unknown_key.toml");

fn main() {}
