//! The monitoring of NATS: a list in pages, by offset. The server itself tells how often it was
//! asked.

mod broker;

use std::collections::BTreeSet;

use api_runtime::{Client, ErrorKind};

use self::api::{Health, connections, server, subscriptions};
use self::broker::Broker;

mod api {
    #![deny(warnings)]
    api_runtime::api!("specs/nats-monitoring.toml", derive = [PartialEq]);
}

/// How often the server says that it was asked for `path`.
fn asked(client: &Client, path: &str) -> u64 {
    let shown = server::show(client, &server::Show::new()).unwrap();
    shown.http_req_stats.get(path).copied().unwrap_or_default()
}

#[test]
fn the_server_tells_of_itself() {
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
fn an_iterator_goes_through_all_pages() {
    let broker = Broker::start();
    let _guests = broker.connect(11);
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
    // Four pages with something in them; only an empty one says that there is no more.
    assert_eq!(asked(&client, "/connz"), 5);
}

#[test]
fn no_page_is_asked_for_before_it_is_needed() {
    let broker = Broker::start();
    let _guests = broker.connect(11);
    let client = broker.client();
    let mut all = connections::list_all(&client, connections::List::new().limit(3));
    assert_eq!(asked(&client, "/connz"), 0);
    for _ in 0..6 {
        all.next().unwrap().unwrap();
    }
    assert_eq!(asked(&client, "/connz"), 2);
    all.next().unwrap().unwrap();
    drop(all);
    assert_eq!(asked(&client, "/connz"), 3);
}

#[test]
fn pages_go_on_from_where_the_request_says() {
    let broker = Broker::start();
    let _guests = broker.connect(11);
    let client = broker.client();
    let request = connections::List::new().limit(3).offset(7);
    let rest = connections::list_all(&client, request);
    assert_eq!(rest.map(Result::unwrap).count(), 4);
    let page = connections::list(&client, &connections::List::new().limit(3).offset(10)).unwrap();
    assert_eq!((page.connections.len(), page.total), (1, 11));
}

#[test]
fn subscriptions_are_listed() {
    let broker = Broker::start();
    let _guests = broker.connect(3);
    let client = broker.client();
    let found = |test: &str| {
        let request = subscriptions::List::new().test(test.to_owned());
        let list = subscriptions::list(&client, &request).unwrap();
        let list = list.subscriptions_list.into_iter().flatten();
        list.map(|one| one.subject).collect::<Vec<_>>()
    };
    assert_eq!(found("a.2"), ["a.2"]);
    // The list is left out where it would be empty.
    assert!(found("c.2").is_empty());
}

#[test]
fn an_error_ends_the_pages() {
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
