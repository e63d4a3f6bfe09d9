//! No such file, beside the package's manifest or beside this file.

api_runtime::api!("absent.toml");

fn main() {}
