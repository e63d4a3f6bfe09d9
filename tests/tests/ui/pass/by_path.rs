//! A minimal spec in a file.

api_runtime::api!("clock.toml");

fn main() {
    let _ = time::show;
    assert_eq!(ENDPOINTS[0].operation.path, "/time");
}
