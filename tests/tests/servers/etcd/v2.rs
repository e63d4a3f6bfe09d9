//! etcd v2: forms, typed errors with integer codes, long polling.

use std::thread;
use std::time::Instant;

use api_runtime::{Client, Error, ErrorKind, Interrupt};

use super::{LONG, SHORT, start};

mod api {
    #![deny(warnings)]
    api_runtime::api!("specs/etcd-v2.toml", derive = [PartialEq]);
}

use api::{Action, Event, Problem, keys, stats};

/// Returns the code of an error response, after checking that the error and its body agree.
#[track_caller]
fn error_code(result: Result<Event, Error>, status: u16) -> i64 {
    let error = result.expect_err("an error");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(status)),
        "{error}"
    );
    let problem: Problem = error.details().unwrap();
    assert_eq!(error.code(), Some(&*problem.error_code.to_string()));
    assert!(error.message().contains(&problem.message), "{error}");
    problem.error_code
}

#[test]
fn keys_and_values_with_special_characters_round_trip() {
    let server = start();
    let client = server.client();
    let value = "a b&c=d+é/%\n";
    let set = keys::set(&client, &keys::Set::new("jobs/ü 1/state", value)).unwrap();
    assert_eq!(set.action, Action::Set);
    assert_eq!(set.node.key.as_deref(), Some("/jobs/ü 1/state"));
    let got = keys::get(&client, &keys::Get::new("jobs/ü 1/state")).unwrap();
    assert_eq!(got.body.node.value.as_deref(), Some(value));
    assert_eq!(Some(got.x_etcd_index), set.node.modified_index);
}

#[test]
fn value_is_swapped_if_the_previous_state_matches() {
    let server = start();
    let client = server.client();
    let first = keys::set(&client, &keys::Set::new("a", "1").prev_exist(false)).unwrap();
    assert_eq!(first.action, Action::Create);
    let again = keys::Set::new("a", "1").prev_exist(false);
    assert_eq!(error_code(keys::set(&client, &again), 412), 105);
    let wrong = keys::Set::new("a", "2").prev_value("0".to_owned());
    assert_eq!(error_code(keys::set(&client, &wrong), 412), 101);
    let right = keys::Set::new("a", "2").prev_value("1".to_owned());
    let right = keys::set(&client, &right).unwrap();
    assert_eq!(right.action, Action::CompareAndSwap);
    assert_eq!(right.prev_node.unwrap().value.as_deref(), Some("1"));
    let index = right.node.modified_index.unwrap();
    let stale = keys::Set::new("a", "3").prev_index(index - 1);
    assert_eq!(error_code(keys::set(&client, &stale), 412), 101);
    keys::set(&client, &keys::Set::new("a", "3").prev_index(index)).unwrap();
}

#[test]
fn directories_list_appended_values_in_order() {
    let server = start();
    let client = server.client();
    keys::make_directory(&client, &keys::MakeDirectory::new("queue")).unwrap();
    for value in ["first", "second", "third"] {
        let append = keys::append(&client, &keys::Append::new("queue", value)).unwrap();
        assert_eq!(append.action, Action::Create);
    }
    let list = keys::Get::new("queue").sorted(true).recursive(true);
    let directory = keys::get(&client, &list).unwrap().body.node;
    assert_eq!(directory.dir, Some(true));
    let values = directory
        .nodes
        .unwrap()
        .into_iter()
        .map(|node| node.value.unwrap());
    assert_eq!(values.collect::<Vec<_>>(), ["first", "second", "third"]);
}

#[test]
fn value_with_ttl_has_an_expiration() {
    let server = start();
    let client = server.client();
    let set = keys::set(&client, &keys::Set::new("a", "1").ttl(100)).unwrap();
    assert_eq!(set.node.ttl, Some(100));
    assert!(set.node.expiration.unwrap().0 > std::time::SystemTime::now());
}

#[test]
fn deleted_directory_and_its_keys_are_not_found() {
    let server = start();
    let client = server.client();
    keys::set(&client, &keys::Set::new("a/b", "1")).unwrap();
    assert_eq!(
        error_code(keys::delete(&client, &keys::Delete::new("a")), 403),
        102
    );
    let deleted = keys::delete(&client, &keys::Delete::new("a").recursive(true)).unwrap();
    assert_eq!(deleted.action, Action::Delete);
    assert_eq!(
        error_code(keys::delete(&client, &keys::Delete::new("a")), 404),
        100
    );
    let get = keys::get(&client, &keys::Get::new("a/b"));
    assert_eq!(error_code(get.map(|got| got.body), 404), 100);
}

/// Waits until the server has received a long poll and not responded to it.
fn wait_for_watcher(client: &Client) {
    let start = Instant::now();
    while stats::store(client, &stats::Store::new()).unwrap().watchers == 0 {
        assert!(start.elapsed() < LONG, "no watcher within {LONG:?}");
    }
}

#[test]
fn long_poll_returns_on_a_write() {
    let server = start();
    let client = server.client();
    let now = keys::set(&client, &keys::Set::new("a", "1")).unwrap();
    let next = now.node.modified_index.unwrap() + 1;
    let watch = keys::Watch::new("a").wait_index(next);
    let event = thread::scope(|scope| {
        let watcher = scope.spawn(|| keys::watch(&client, &watch));
        wait_for_watcher(&client);
        keys::set(&client, &keys::Set::new("a", "2")).unwrap();
        watcher.join().unwrap()
    });
    let event = event.unwrap();
    assert_eq!(event.node.value.as_deref(), Some("2"));
    assert_eq!(event.prev_node.unwrap().value.as_deref(), Some("1"));
    assert_eq!(event.node.modified_index, Some(next));
}

#[test]
fn long_poll_returns_past_events() {
    let server = start();
    let client = server.client();
    let first = keys::set(&client, &keys::Set::new("a", "1")).unwrap();
    keys::set(&client, &keys::Set::new("a", "2")).unwrap();
    let watch = keys::Watch::new("a").wait_index(first.node.modified_index.unwrap());
    let event = keys::watch(&client, &watch).unwrap();
    assert_eq!(event.node.value.as_deref(), Some("1"));
}

#[test]
fn long_poll_ends_at_the_timeout() {
    let server = start();
    let client = server.client().timeout(Some(SHORT));
    let start = Instant::now();
    let error = keys::watch(&client, &keys::Watch::new("a")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(
        (SHORT..LONG).contains(&start.elapsed()),
        "{:?}",
        start.elapsed()
    );
    // Client and server are still usable.
    keys::set(&client, &keys::Set::new("a", "1")).unwrap();
}

#[test]
fn long_poll_ends_on_an_interrupt() {
    let server = start();
    let interrupt = Interrupt::new();
    let builder = server.builder().interrupt(interrupt.clone());
    let client = builder.build().unwrap().timeout(Some(LONG));
    let error = thread::scope(|scope| {
        let watcher = scope.spawn(|| keys::watch(&client, &keys::Watch::new("a")));
        wait_for_watcher(&server.client());
        interrupt.raise();
        watcher.join().unwrap().unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
}
