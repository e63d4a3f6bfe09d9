//! An empty spec.

api_runtime::api!("empty.toml");

fn main() {}
