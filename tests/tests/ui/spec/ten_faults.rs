//! Ten faults are told in one run, and what is sound is there: no other error follows.

api_runtime::api!("ten_faults.toml");

fn main() -> Result<(), api_runtime::Error> {
    let client = api_runtime::Client::builder("http://127.0.0.1:1").build()?;
    let answer = jobs::list(&client, &jobs::List::new().limit(3))?;
    let _names: &Vec<String> = &answer.names;
    jobs::start(&client, &jobs::Start::new("nightly"))
}
