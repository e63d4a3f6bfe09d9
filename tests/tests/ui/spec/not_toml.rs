//! A spec that is not TOML.

api_runtime::api!("not_toml.toml");

fn main() {}
