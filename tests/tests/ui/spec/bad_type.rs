//! A nested type is not declared.

api_runtime::api!("bad_type.toml");

fn main() {}
