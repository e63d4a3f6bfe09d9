//! NATS monitoring: pagination by offset. The server itself counts the requests.

mod broker;

use std::collections::BTreeSet;

use api_runtime::{Client, ErrorKind};

use self::api::{Health, connections, server, subscriptions};
use self::broker::Broker;

mod api {
    #![deny(warnings)]
    api_runtime::api!("specs/nats-monitoring.toml", derive = [PartialEq]);
}

/// Returns the number of requests for `path` that the server has counted.
fn request_count(client: &Client, path: &str) -> u64 {
    let shown = server::show(client, &server::Show::new()).unwrap();
    shown.http_req_stats.get(path).copied().unwrap_or_default()
}

#[test]
fn server_information_is_decoded() {
    let broker = Broker::start();
    let client = broker.client();
    let health = server::health(&client, &server::Health::new()).unwrap();
    assert_eq!(health.status, Health::Ok);
    let shown = server::show(&client, &server::Show::new()).unwrap();
    assert!(shown.version.starts_with("2."), "{shown:?}");
    assert_eq!(shown.connections, 0);
    assert!(shown.start.0.elapsed().unwrap().as_secs() < 3600);
}

#[test]
fn pager_returns_the_items_of_all_pages() {
    let broker = Broker::start();
    let _clients = broker.connect(11);
    let client = broker.client();
    let request = connections::List::new().limit(3).subs(true);
    let all: Vec<_> = connections::list_all(&client, request)
        .collect::<Result<_, _>>()
        .unwrap();
    let names: BTreeSet<_> = all.iter().filter_map(|one| one.name.clone()).collect();
    assert_eq!((all.len(), names.len()), (11, 11));
    assert!(
        all.iter()
            .all(|one| one.subscriptions_list.as_ref().unwrap().len() == 2)
    );
    // Four pages with items. Only an empty page marks the end of the list.
    assert_eq!(request_count(&client, "/connz"), 5);
}

#[test]
fn pages_are_requested_only_when_needed() {
    let broker = Broker::start();
    let _clients = broker.connect(11);
    let client = broker.client();
    let mut all = connections::list_all(&client, connections::List::new().limit(3));
    assert_eq!(request_count(&client, "/connz"), 0);
    for _ in 0..6 {
        all.next().unwrap().unwrap();
    }
    assert_eq!(request_count(&client, "/connz"), 2);
    all.next().unwrap().unwrap();
    drop(all);
    assert_eq!(request_count(&client, "/connz"), 3);
}

#[test]
fn pager_starts_at_the_offset_of_the_request() {
    let broker = Broker::start();
    let _clients = broker.connect(11);
    let client = broker.client();
    let request = connections::List::new().limit(3).offset(7);
    let rest = connections::list_all(&client, request);
    assert_eq!(rest.map(Result::unwrap).count(), 4);
    let page = connections::list(&client, &connections::List::new().limit(3).offset(10)).unwrap();
    assert_eq!((page.connections.len(), page.total), (1, 11));
}

#[test]
fn absent_list_is_decoded_as_none() {
    let broker = Broker::start();
    let _clients = broker.connect(3);
    let client = broker.client();
    let found = |test: &str| {
        let request = subscriptions::List::new().test(test.to_owned());
        let list = subscriptions::list(&client, &request).unwrap();
        let list = list.subscriptions_list.into_iter().flatten();
        list.map(|one| one.subject).collect::<Vec<_>>()
    };
    assert_eq!(found("a.2"), ["a.2"]);
    // The server omits the list if it would be empty.
    assert!(found("c.2").is_empty());
}

#[test]
fn pager_ends_after_an_error() {
    let broker = Broker::start();
    let client = broker.client();
    let request = connections::List::new().sort(api::Sort::from("by_heart"));
    let mut all = connections::list_all(&client, request);
    let error = all.next().unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(400))
    );
    assert_eq!(
        error.to_string(),
        "connections.list: the server responded with 400 Bad Request: invalid sorting option: by_heart"
    );
    assert!(all.next().is_none());
}
