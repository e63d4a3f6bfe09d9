//! One crate can contain several clients, including two of the same spec.

mod first {
    api_runtime::api!("clock.toml");
}

mod second {
    api_runtime::api!("clock.toml");
}

mod third {
    api_runtime::api! { r#"
        [api]
        name = "Calendar"
        doc = "Calendar of a server."

        [endpoints.time.show]
        doc = "Shows the day."
        http = "GET /day"
    "# }
}

fn main() {
    let paths = [first::ENDPOINTS, second::ENDPOINTS, third::ENDPOINTS].map(|all| all[0].operation.path);
    assert_eq!(paths, ["/time", "/time", "/day"]);
}
