//! A type that is not declared, inside of another.

api_runtime::api!("bad_type.toml");

fn main() {}
