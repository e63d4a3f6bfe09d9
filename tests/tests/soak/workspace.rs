//! Load on the local server: many contexts with real interpreters, and clients that share them.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use api_runtime::{Client, Credentials};
use generated_client::{ExecutionContext, Language, RunError};
use local_server::{Options, Server};

const CONTEXTS: usize = 50;
const CLIENTS: usize = 16;
const COMMANDS: usize = 2000;

/// Every tenth command fails.
const FAILURES: usize = 10;

#[test]
fn no_result_is_wrong_lost_or_mixed_up() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    let contexts: Vec<_> = {
        let client = client(&server);
        let create = |number: usize| {
            let context = ExecutionContext::create(&client, "soak", Language::Python).unwrap();
            context.run(&format!("me, seen = {number}, 0")).unwrap();
            context
        };
        (0..CONTEXTS).map(create).collect()
    };
    let next = AtomicUsize::new(0);
    let seen: Vec<Mutex<HashSet<usize>>> = (0..CONTEXTS).map(|_| Mutex::default()).collect();
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let client = client(&server);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= COMMANDS {
                        return;
                    }
                    // Several clients use a context at the same time.
                    let owner = number * 7 % CONTEXTS;
                    let id = contexts[owner].id();
                    let attached =
                        ExecutionContext::attach(&client, "soak", id, Language::Python).unwrap();
                    let context = attached.destroy_on_drop(false);
                    let count = run(&context, owner, number);
                    let is_new = seen[owner].lock().unwrap().insert(count);
                    assert!(is_new, "context {owner} has counted to {count} twice");
                }
            });
        }
    });
    // Each context has run its commands once each, in some order.
    for (owner, seen) in seen.into_iter().enumerate() {
        let expected = (0..COMMANDS)
            .filter(|number| number * 7 % CONTEXTS == owner)
            .count();
        assert_eq!(
            seen.into_inner().unwrap(),
            (1..=expected).collect(),
            "context {owner}"
        );
        assert_eq!(
            contexts[owner].run("seen").unwrap().text(),
            Some(expected.to_string().as_str())
        );
    }
    for context in contexts {
        context.close().unwrap();
    }
    assert_eq!(server.contexts(), 0);
}

fn client(server: &Server) -> Client {
    Client::builder(server.url())
        .credentials(Credentials::bearer("secret").unwrap())
        .build()
        .unwrap()
}

/// Runs a command, checks its result, and returns the number of commands that the context has run.
fn run(context: &ExecutionContext, owner: usize, number: usize) -> usize {
    let output = format!("seen += 1\nprint(me, {number}, seen)");
    let text = if number.is_multiple_of(FAILURES) {
        let error = context.run(&format!(
            "{output}\nraise ValueError(f'{{me}} {number} {{seen}}')"
        ));
        match error {
            Err(RunError::Failed(failure)) => failure.message(),
            other => panic!("expected an error of the code: {other:?}"),
        }
    } else {
        context.run(&output).unwrap().text().unwrap().to_owned()
    };
    let numbers: Vec<usize> = text.split(' ').map(|word| word.parse().unwrap()).collect();
    assert_eq!(numbers[..2], [owner, number], "{text}");
    numbers[2]
}
