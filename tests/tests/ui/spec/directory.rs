//! The path is that of a folder.

api_runtime::api!("..");

fn main() {}
