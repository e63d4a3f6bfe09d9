//! Ten errors are reported at once. Valid endpoints are generated, so no other errors follow.

api_runtime::api!("ten_errors.toml");

fn main() -> Result<(), api_runtime::Error> {
    let client = api_runtime::Client::builder("http://127.0.0.1:1").build()?;
    let response = jobs::list(&client, &jobs::List::new().limit(3))?;
    let _names: &Vec<String> = &response.names;
    jobs::start(&client, &jobs::Start::new("nightly"))
}
