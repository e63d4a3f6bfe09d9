//! A file without a word.

api_runtime::api!("empty.toml");

fn main() {}
