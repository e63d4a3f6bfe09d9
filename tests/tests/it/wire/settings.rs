//! Settings of a client, and of a call, that show on the wire or by the clock on the wall.

use std::thread;
use std::time::{Duration, Instant};

use generated_client::{ErrorKind, Interrupt, Proxy, Timeouts, contexts};
use test_server::{Action, Server};

use super::{builder, client, command_status, create, failure};

const MOMENT: Duration = Duration::from_millis(150);

/// A loaded machine may take this much longer.
const GRACE: Duration = Duration::from_secs(5);

fn response(time: Option<Duration>) -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.response = time;
    timeouts
}

/// A server that responds later than a client with a timeout of [`MOMENT`] waits.
fn slow_server() -> Server {
    Server::start(|mut connection| {
        connection.read_request()?;
        thread::sleep(6 * MOMENT);
        connection.respond(200, &[], r#"{"id": "7"}"#)
    })
}

#[test]
fn a_call_may_have_less_time_than_the_others() {
    let server = Server::scripted([Action::Hang, Action::json(200, r#"{"id": "7"}"#)]);
    let client = client(&server);
    let hasty = client.timeouts(response(Some(MOMENT)));
    let start = Instant::now();
    let error = failure(contexts::create(&hasty, &create()));
    assert!((MOMENT..MOMENT + GRACE).contains(&start.elapsed()));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.may_have_been_processed());
    assert_eq!(
        error.to_string(),
        "contexts.create: timed out while waiting for the response; the request may have been processed"
    );
    let context = contexts::create(&client, &create()).unwrap();
    assert_eq!(context.id, "7".into());
}

#[test]
fn a_call_may_have_more_time_than_the_others() {
    let server = slow_server();
    let builder = builder(&server.url()).timeouts(response(Some(MOMENT)));
    let hasty = builder.build().unwrap();
    let error = failure(contexts::create(&hasty, &create()));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    for time in [Some(GRACE), None] {
        let patient = hasty.timeouts(response(time));
        contexts::create(&patient, &create()).unwrap();
    }
}

#[test]
fn the_time_of_a_call_covers_its_pauses() {
    let busy = Action::respond(503, &["retry-after: 20"], "busy");
    let server = Server::scripted(vec![busy; 5]);
    let client = client(&server).timeout(Some(GRACE));
    let start = Instant::now();
    let error = failure(command_status(&client));
    assert!(start.elapsed() < 2 * GRACE, "{error}");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(503))
    );
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn an_interrupt_ends_a_pause() {
    let busy = Action::respond(503, &["retry-after: 20"], "busy");
    let server = Server::scripted(vec![busy; 5]);
    let interrupt = Interrupt::new();
    let client = client(&server).with_interrupt(interrupt.clone());
    let start = Instant::now();
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            while server.requests().is_empty() && start.elapsed() < GRACE {
                thread::yield_now();
            }
            thread::sleep(MOMENT);
            interrupt.raise();
        });
        failure(command_status(&client))
    });
    assert!(start.elapsed() < 2 * GRACE, "{:?}", start.elapsed());
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_proxy_that_was_chosen_leads_to_this_machine_too() {
    let server = Server::scripted([Action::json(200, r#"{"id": "7"}"#)]);
    let proxy = Server::scripted([
        Action::Send(b"HTTP/1.1 200 Connected\r\n\r\n".to_vec()),
        Action::json(200, r#"{"id": "8"}"#),
    ]);
    let through = builder(&server.url()).proxy(Proxy::Url(proxy.url()));
    let context = contexts::create(&through.build().unwrap(), &create()).unwrap();
    assert_eq!((context.id, server.connections()), ("8".into(), 0));
    let [connect, made] = &proxy.requests()[..] else {
        panic!("{:?}", proxy.requests());
    };
    assert_eq!(
        connect.line,
        format!("CONNECT {} HTTP/1.1", server.address())
    );
    assert_eq!(connect.header("authorization"), None);
    assert!(made.line.starts_with("POST /"), "{}", made.line);
    assert!(made.header("authorization").is_some());
    let straight = builder(&server.url()).proxy(Proxy::None);
    let context = contexts::create(&straight.build().unwrap(), &create()).unwrap();
    assert_eq!((context.id, proxy.connections()), ("7".into(), 1));
}
