//! A mock of Stripe, which reads forms as the real server does, called by a client from a spec.

mod mock;

use std::collections::BTreeMap;

use api_runtime::{Client, Credentials, Error};
use serde_json::json;
use test_server::Server;

mod api {
    #![deny(warnings)]
    #![allow(missing_docs, dead_code)]
    api_runtime::api!("specs/stripe.toml");
}

use api::{customers, subscriptions};

const KEY: &str = "sk_test_26PHem9AhJZvU623DfE1x4sd";

fn client(server: &Server) -> Client {
    let credentials = Credentials::bearer(KEY).unwrap();
    let builder = Client::builder(server.url()).credentials(credentials);
    builder.build().unwrap()
}

fn metadata(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    let entry = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    entries.iter().map(entry).collect()
}

#[test]
fn metadata_is_set_and_unset_by_empty_values() {
    let server = mock::start();
    let client = client(&server);
    let create = customers::Create::new()
        .description("a & b")
        .metadata(metadata(&[("order_id", "6735"), ("kept key", "é=1")]));
    let customer = customers::create(&client, &create).unwrap();
    assert_eq!(
        customer.metadata,
        metadata(&[("order_id", "6735"), ("kept key", "é=1")])
    );
    let unset = metadata(&[("order_id", "")]);
    let update = || customers::Update::new(&customer.id);
    let updated = customers::update(&client, &update().metadata(Some(unset))).unwrap();
    assert_eq!(updated.metadata, metadata(&[("kept key", "é=1")]));
    assert_eq!(updated.description.as_deref(), Some("a & b"));
    let cleared = update().description(None).metadata(None);
    let cleared = customers::update(&client, &cleared).unwrap();
    assert!(cleared.metadata.is_empty() && cleared.description.is_none());
}

#[test]
fn retried_request_has_the_idempotency_key_of_the_first_one() {
    // The mock resets the first connection after it has created the customer.
    let server = mock::start_with_reset();
    let create = customers::Create::new().description("once");
    let customer = customers::create(&client(&server), &create).unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let keys: Vec<_> = requests
        .iter()
        .map(|it| it.header("idempotency-key"))
        .collect();
    assert!(keys[0].is_some() && keys[0] == keys[1], "{keys:?}");
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(customer.id.as_str(), "cus_1");
}

#[test]
fn items_and_expanded_objects_are_nested() {
    let server = mock::start();
    let client = client(&server);
    let customer = customers::create(&client, &customers::Create::new()).unwrap();
    let items = vec![
        api::NewItem::new("price_1").quantity(2),
        api::NewItem::new("price_2").metadata(metadata(&[("k", "v")])),
    ];
    let create = subscriptions::Create::new(&customer.id, items);
    let expand = create.expand(vec!["customer".to_owned()]);
    let subscription = subscriptions::create(&client, &expand).unwrap();
    assert_eq!(subscription.customer["id"], json!("cus_1"));
    let [first, second] = subscription.items.as_slice() else {
        panic!("{:?}", subscription.items)
    };
    assert_eq!((first.price.as_str(), first.quantity), ("price_1", Some(2)));
    assert_eq!(second.metadata, Some(metadata(&[("k", "v")])));
}

#[test]
fn error_has_the_message_the_code_and_the_parameter() {
    let server = mock::start();
    let request = subscriptions::Create::new("cus_9", vec![api::NewItem::new("p")]);
    let error: Error = subscriptions::create(&client(&server), &request).unwrap_err();
    assert_eq!(error.status(), Some(400));
    assert_eq!(error.code(), Some("resource_missing"));
    assert!(
        error.message().contains("No such customer: 'cus_9'"),
        "{error}"
    );
    let details: api::ErrorBody = error.details().unwrap();
    assert_eq!(details.error.param.as_deref(), Some("customer"));
}

#[test]
fn all_customers_are_listed_by_the_id_of_the_last_one() {
    let server = mock::start();
    let client = client(&server);
    for _ in 0..5 {
        customers::create(&client, &customers::Create::new()).unwrap();
    }
    let list = customers::List::new().limit(2);
    let all: Result<Vec<_>, _> = customers::list_all(&client, list).collect();
    let all = all.unwrap();
    let ids: Vec<_> = all.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["cus_1", "cus_2", "cus_3", "cus_4", "cus_5"]);
    let requests = server.requests();
    let targets: Vec<_> = requests
        .iter()
        .skip(5)
        .map(test_server::Request::target)
        .collect();
    assert_eq!(
        targets,
        [
            "/v1/customers?limit=2",
            "/v1/customers?limit=2&starting_after=cus_2",
            "/v1/customers?limit=2&starting_after=cus_4"
        ]
    );
}
