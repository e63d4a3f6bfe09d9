//! Two descriptions, and one of them twice, do not get into each other's way.

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
        doc = "Tells the day."

        [endpoints.time.show]
        doc = "Shows the day."
        http = "GET /day"
    "# }
}

fn main() {
    let paths = [first::ENDPOINTS, second::ENDPOINTS, third::ENDPOINTS].map(|all| all[0].operation.path);
    assert_eq!(paths, ["/time", "/time", "/day"]);
}
