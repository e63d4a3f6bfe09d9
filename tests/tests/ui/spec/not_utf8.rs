//! A spec that is not UTF-8.

api_runtime::api!("not_utf8.toml");

fn main() {}
