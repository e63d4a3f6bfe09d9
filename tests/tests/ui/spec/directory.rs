//! The path is a directory.

api_runtime::api!("..");

fn main() {}
