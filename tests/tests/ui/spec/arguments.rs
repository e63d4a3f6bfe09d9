//! Invalid arguments of the macro.

mod nothing {
    api_runtime::api!();
}

mod no_literal {
    api_runtime::api!(clock);
}

mod unknown_key {
    api_runtime::api!("unknown_key.toml", runtme = ::api_runtime);
}

mod no_path {
    api_runtime::api!("unknown_key.toml", runtime =);
}

mod no_comma {
    api_runtime::api!("unknown_key.toml" runtime = ::api_runtime);
}

fn main() {}
