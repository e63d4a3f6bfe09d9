//! The runtime is re-exported by another crate.

mod by_extern_path {
    api_runtime::api!("clock.toml", runtime = ::generated_client::api_runtime);
}

mod reexport {
    pub use generated_client::api_runtime as inner;
}

mod by_crate_path {
    generated_client::api_runtime::api!("clock.toml", runtime = crate::reexport::inner,);
}

fn main() {
    let _ = (by_extern_path::time::show, by_crate_path::time::show);
}
