//! Values under paths: forms, typed errors with whole numbers for codes, long polls.

use std::thread;
use std::time::Instant;

use api_runtime::{Client, Error, ErrorKind, Interrupt};

use super::{LONG, SHORT, start};

mod api {
    #![deny(warnings)]
    api_runtime::api!("specs/etcd-v2.toml", derive = [PartialEq]);
}

use api::{Action, Event, Problem, keys, stats};

/// The code of a refusal, as the error and its body have it.
#[track_caller]
fn code(outcome: Result<Event, Error>, status: u16) -> i64 {
    let error = outcome.expect_err("an error");
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
fn values_are_written_and_read() {
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
fn a_value_is_swapped_if_it_is_as_expected() {
    let server = start();
    let client = server.client();
    let first = keys::set(&client, &keys::Set::new("a", "1").prev_exist(false)).unwrap();
    assert_eq!(first.action, Action::Create);
    let again = keys::Set::new("a", "1").prev_exist(false);
    assert_eq!(code(keys::set(&client, &again), 412), 105);
    let wrong = keys::Set::new("a", "2").prev_value("0".to_owned());
    assert_eq!(code(keys::set(&client, &wrong), 412), 101);
    let right = keys::Set::new("a", "2").prev_value("1".to_owned());
    let right = keys::set(&client, &right).unwrap();
    assert_eq!(right.action, Action::CompareAndSwap);
    assert_eq!(right.prev_node.unwrap().value.as_deref(), Some("1"));
    let index = right.node.modified_index.unwrap();
    let stale = keys::Set::new("a", "3").prev_index(index - 1);
    assert_eq!(code(keys::set(&client, &stale), 412), 101);
    keys::set(&client, &keys::Set::new("a", "3").prev_index(index)).unwrap();
}

#[test]
fn folders_hold_values_in_order() {
    let server = start();
    let client = server.client();
    keys::make_folder(&client, &keys::MakeFolder::new("queue")).unwrap();
    for value in ["first", "second", "third"] {
        let append = keys::append(&client, &keys::Append::new("queue", value)).unwrap();
        assert_eq!(append.action, Action::Create);
    }
    let list = keys::Get::new("queue").sorted(true).recursive(true);
    let folder = keys::get(&client, &list).unwrap().body.node;
    assert_eq!(folder.dir, Some(true));
    let values = folder
        .nodes
        .unwrap()
        .into_iter()
        .map(|node| node.value.unwrap());
    assert_eq!(values.collect::<Vec<_>>(), ["first", "second", "third"]);
}

#[test]
fn values_have_an_end() {
    let server = start();
    let client = server.client();
    let set = keys::set(&client, &keys::Set::new("a", "1").ttl(100)).unwrap();
    assert_eq!(set.node.ttl, Some(100));
    assert!(set.node.expiration.unwrap().0 > std::time::SystemTime::now());
}

#[test]
fn what_is_deleted_is_gone() {
    let server = start();
    let client = server.client();
    keys::set(&client, &keys::Set::new("a/b", "1")).unwrap();
    assert_eq!(
        code(keys::delete(&client, &keys::Delete::new("a")), 403),
        102
    );
    let deleted = keys::delete(&client, &keys::Delete::new("a").recursive(true)).unwrap();
    assert_eq!(deleted.action, Action::Delete);
    assert_eq!(
        code(keys::delete(&client, &keys::Delete::new("a")), 404),
        100
    );
    let get = keys::get(&client, &keys::Get::new("a/b"));
    assert_eq!(code(get.map(|got| got.body), 404), 100);
}

/// By then the question is there, and has no answer yet.
fn until_somebody_watches(client: &Client) {
    let start = Instant::now();
    while stats::store(client, &stats::Store::new()).unwrap().watchers == 0 {
        assert!(start.elapsed() < LONG, "nobody watches");
    }
}

#[test]
fn a_write_ends_a_long_poll() {
    let server = start();
    let client = server.client();
    let now = keys::set(&client, &keys::Set::new("a", "1")).unwrap();
    let next = now.node.modified_index.unwrap() + 1;
    let watch = keys::Watch::new("a").wait_index(next);
    let event = thread::scope(|scope| {
        let watcher = scope.spawn(|| keys::watch(&client, &watch));
        until_somebody_watches(&client);
        keys::set(&client, &keys::Set::new("a", "2")).unwrap();
        watcher.join().unwrap()
    });
    let event = event.unwrap();
    assert_eq!(event.node.value.as_deref(), Some("2"));
    assert_eq!(event.prev_node.unwrap().value.as_deref(), Some("1"));
    assert_eq!(event.node.modified_index, Some(next));
}

#[test]
fn a_long_poll_hears_of_what_is_past() {
    let server = start();
    let client = server.client();
    let first = keys::set(&client, &keys::Set::new("a", "1")).unwrap();
    keys::set(&client, &keys::Set::new("a", "2")).unwrap();
    let watch = keys::Watch::new("a").wait_index(first.node.modified_index.unwrap());
    let event = keys::watch(&client, &watch).unwrap();
    assert_eq!(event.node.value.as_deref(), Some("1"));
}

#[test]
fn time_ends_a_long_poll() {
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
    // Neither the client nor the server is the worse for it.
    keys::set(&client, &keys::Set::new("a", "1")).unwrap();
}

#[test]
fn an_interrupt_ends_a_long_poll() {
    let server = start();
    let interrupt = Interrupt::new();
    let builder = server.builder().interrupt(interrupt.clone());
    let client = builder.build().unwrap().timeout(Some(LONG));
    let error = thread::scope(|scope| {
        let watcher = scope.spawn(|| keys::watch(&client, &keys::Watch::new("a")));
        until_somebody_watches(&server.client());
        interrupt.raise();
        watcher.join().unwrap().unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
}
