//! The same endpoint twice, and the same key.

api_runtime::api!("duplicate.toml");

fn main() {}
