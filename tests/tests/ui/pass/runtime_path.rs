//! The runtime is reached through another crate.

mod by_extern_path {
    api_runtime::api!("clock.toml", runtime = ::generated_client::api_runtime);
}

mod house {
    pub use generated_client::api_runtime as inner;
}

mod by_own_path {
    generated_client::api_runtime::api!("clock.toml", runtime = crate::house::inner,);
}

fn main() {
    let _ = (by_extern_path::time::show, by_own_path::time::show);
}
