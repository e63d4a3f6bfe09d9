//! Credentials of each kind.

use api_runtime::{Client, Credentials, Error};
use serde_json::Value;
use test_server::Action;

use super::Call;
use super::generated::auth;

/// Calls an endpoint of the generated client.
type Generated = fn(&Client) -> Result<(), Error>;

#[test]
fn endpoints_select_credentials() {
    let all = [
        Credentials::bearer("token").unwrap(),
        Credentials::basic("me", "open").unwrap(),
        Credentials::query_key("key", "k 1").unwrap(),
        Credentials::all([
            Credentials::key("X-Id", "i").unwrap(),
            Credentials::key("X-Key", "k").unwrap(),
        ])
        .unwrap(),
        Credentials::key_with_prefix("Authorization", "Bot ", "b").unwrap(),
    ];
    let calls: [(&str, Generated); 6] = [
        ("auth.bearer", |client| {
            auth::bearer(client, &auth::Bearer::new())
        }),
        ("auth.basic", |client| {
            auth::basic(client, &auth::Basic::new())
        }),
        ("auth.query", |client| {
            auth::query(client, &auth::Query::new())
        }),
        ("auth.headers", |client| {
            auth::headers(client, &auth::Headers::new())
        }),
        ("auth.bot", |client| auth::bot(client, &auth::Bot::new())),
        ("auth.none", |client| auth::none(client, &auth::None::new())),
    ];
    // An endpoint whose credentials the client does not have is an error before anything is sent.
    let mut sent = 0;
    for credentials in all {
        for (name, generated) in calls {
            let call = Call::new(name, [Action::respond(204, &[], "")]);
            let call = call.credentials(credentials.clone());
            let requests = call.agrees(|client| generated(client).map(|()| Value::Null));
            sent += requests.len();
        }
    }
    assert_eq!(sent, 5 + 5);
}
