//! The file exists neither in the package directory nor beside this file.

api_runtime::api!("absent.toml");

fn main() {}
