//! etcd v3: bytes as Base64, 64-bit integers as strings, transactions, streams.

use std::io::{self, Write};

use api_runtime::types::{Base64, IntText};
use api_runtime::{Client, Error, ErrorKind, Interrupt};

use super::{LONG, start};

mod api {
    #![deny(warnings)]
    api_runtime::api!("specs/etcd-v3.toml", derive = [PartialEq]);
}

use api::{
    Compare, Put, Range, Relation, RequestOp, SortOrder, Target, WatchCreateRequest, kv, lease,
    watches,
};

/// An integer that an `f64` cannot represent.
const ODD: i64 = 9_007_199_254_740_993;

fn bytes(text: &str) -> Base64 {
    text.as_bytes().into()
}

/// Writes a value and returns the revision.
fn put(client: &Client, key: &str, value: &str) -> i64 {
    let put = kv::put(client, &kv::Put::new(bytes(key), bytes(value))).unwrap();
    put.header.revision.0
}

#[track_caller]
fn assert_rejected<T>(result: Result<T, Error>, status: u16, code: &str, message: &str) {
    let error = result.err().expect("an error");
    assert_eq!(
        (error.status(), error.code()),
        (Some(status), Some(code)),
        "{error}"
    );
    assert!(error.message().ends_with(message), "{error}");
}

#[test]
fn past_revisions_can_be_read() {
    let server = start();
    let client = server.client();
    let first = put(&client, "a\0b", "one");
    let second = kv::Put::new(bytes("a\0b"), bytes("two")).prev_kv(true);
    let second = kv::put(&client, &second).unwrap();
    assert_eq!(second.header.revision.0, first + 1);
    assert_eq!(second.prev_kv.unwrap().value, Some(bytes("one")));

    let now = kv::range(&client, &kv::Range::new(bytes("a\0b"))).unwrap();
    let found = &now.kvs.unwrap()[0];
    assert_eq!(
        (&found.key, &found.value),
        (&bytes("a\0b"), &Some(bytes("two")))
    );
    assert_eq!(found.version, Some(IntText(2)));
    assert_eq!(
        (found.create_revision, found.mod_revision.0),
        (Some(IntText(first)), first + 1)
    );
    let then = kv::range(&client, &kv::Range::new(bytes("a\0b")).revision(first)).unwrap();
    assert_eq!(then.kvs.unwrap()[0].value, Some(bytes("one")));
    // Server ids are unsigned and use all 64 bits.
    assert!(now.header.cluster_id.unwrap().0 > u64::from(u32::MAX));
}

#[test]
fn ranges_are_limited_and_sorted() {
    let server = start();
    let client = server.client();
    for key in ["k1", "k2", "k3", "l"] {
        put(&client, key, "x");
    }
    let request = kv::Range::new(bytes("k")).range_end(bytes("l")).limit(2);
    let page = kv::range(&client, &request.clone().sort_order(SortOrder::Descend)).unwrap();
    let found: Vec<_> = page
        .kvs
        .unwrap()
        .into_iter()
        .map(|found| found.key)
        .collect();
    assert_eq!(found, [bytes("k3"), bytes("k2")]);
    assert_eq!((page.more, page.count), (true, IntText(3)));
    let rest = kv::range(
        &client,
        &kv::Range {
            key: bytes("k2\0"),
            ..request
        },
    )
    .unwrap();
    assert_eq!((rest.kvs.unwrap().len(), rest.more), (1, false));
}

#[test]
fn transaction_performs_the_matching_branch() {
    let server = start();
    let client = server.client();
    put(&client, "a", "1");
    let swap = |value: &str| {
        let compare = Compare::new(bytes("a"), Target::Value, Relation::Equal).value(bytes("1"));
        let write = RequestOp::new().request_put(Put::new(bytes("a"), bytes(value)));
        let read = RequestOp::new().request_range(Range::new(bytes("a")));
        let txn = kv::Txn::new(vec![compare], vec![write]).failure(vec![read]);
        kv::txn(&client, &txn).unwrap()
    };
    assert!(swap("2").succeeded);
    let lost = swap("3");
    assert!(!lost.succeeded);
    let read = lost.responses.unwrap().remove(0).response_range.unwrap();
    assert_eq!(read.kvs.unwrap()[0].value, Some(bytes("2")));
}

#[test]
fn lease_ids_keep_all_64_bits() {
    let server = start();
    let client = server.client();
    let granted = lease::grant(&client, &lease::Grant::new(60).id(ODD)).unwrap();
    assert_eq!((granted.id.0, granted.ttl.0), (ODD, 60));
    kv::put(&client, &kv::Put::new(bytes("a"), bytes("1")).lease(ODD)).unwrap();
    let found = kv::range(&client, &kv::Range::new(bytes("a"))).unwrap();
    assert_eq!(found.kvs.unwrap()[0].lease, Some(IntText(ODD)));

    let other = lease::revoke(&client, &lease::Revoke::new(ODD + 1));
    assert_rejected(other, 404, "5", "requested lease not found");
    lease::revoke(&client, &lease::Revoke::new(ODD)).unwrap();
    let found = kv::range(&client, &kv::Range::new(bytes("a"))).unwrap();
    assert_eq!((found.kvs, found.count.0), (None, 0));
}

#[test]
fn errors_have_grpc_codes() {
    let server = start();
    let client = server.client();
    let empty = kv::range(&client, &kv::Range::new(bytes("")));
    assert_rejected(empty, 400, "3", "key is not provided");
    let future = kv::range(&client, &kv::Range::new(bytes("a")).revision(ODD));
    assert_rejected(future, 400, "11", "required revision is a future revision");
    let twice = kv::delete(&client, &kv::Delete::new(bytes("a"))).unwrap();
    assert_eq!(twice.deleted.0, 0);
}

/// A writer that interrupts the call after a number of lines.
struct InterruptAfterLines {
    text: Vec<u8>,
    lines: usize,
    interrupt: Interrupt,
}

impl Write for InterruptAfterLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        if self.text.split(|byte| *byte == b'\n').count() > self.lines {
            self.interrupt.raise();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn stream_is_written_until_it_is_interrupted() {
    let server = start();
    let revision = put(&server.client(), "a", "one");
    put(&server.client(), "a", "two");
    let interrupt = Interrupt::new();
    let client = server
        .builder()
        .interrupt(interrupt.clone())
        .build()
        .unwrap();
    let from = WatchCreateRequest::new(bytes("a")).start_revision(revision);
    let mut lines = InterruptAfterLines {
        text: Vec::new(),
        lines: 2,
        interrupt,
    };
    let client = client.timeout(Some(LONG));
    let error = watches::watch(&client, &watches::Watch::new(from), &mut lines).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    let text = String::from_utf8(lines.text).unwrap();
    let events: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
    let value = |event: usize| events["result"]["events"][event]["kv"]["value"].as_str();
    assert_eq!((value(0), value(1)), (Some("b25l"), Some("dHdv")));
}
