//! A duplicate endpoint and a duplicate key.

api_runtime::api!("duplicate.toml");

fn main() {}
