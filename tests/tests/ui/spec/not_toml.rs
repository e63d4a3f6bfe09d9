//! No TOML: what it describes cannot be known.

api_runtime::api!("not_toml.toml");

fn main() {}
