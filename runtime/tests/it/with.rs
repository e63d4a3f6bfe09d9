//! Structs with the fields of others.

use api_runtime::Client;
use api_runtime::types::Date;
use test_server::{Action, Server};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/with.toml", derive = [PartialEq]);
}

use api::{Entry, File, LinkEntry, files};

#[test]
fn fields_of_other_structs_are_sent_and_read_in_the_same_object() {
    let body = r#"{"file":{"created":"2024-05-01","changed":"2024-05-02","author":"me","name":"b","parent":{"created":"2024-05-01","author":"nobody","name":"a"}},"entry":{"kind":"link","created":"2024-05-01","to":"b"}}"#;
    let server = Server::scripted([Action::json(200, body)]);
    let client = Client::builder(server.url()).build().unwrap();
    let first = Date::new(2024, 5, 1).unwrap();
    let file = File::new(first, "b")
        .changed(Date::new(2024, 5, 2).unwrap())
        .author("me")
        .parent(File::new(first, "a"));
    let entry = Entry::Link(LinkEntry::new(first, "b"));
    let request = files::Put::new(file).entry(entry);
    let response = files::put(&client, &request).unwrap();
    let sent = server.request();
    assert_eq!(String::from_utf8(sent.body).unwrap(), body);
    assert_eq!(
        (response.file, response.entry),
        (request.file, request.entry)
    );
}
