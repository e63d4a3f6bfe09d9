//! Tests of cached tokens.

use std::sync::Barrier;
use std::sync::atomic::AtomicUsize;
use std::thread;

use super::*;
use crate::clock::{Clock as _, Interrupt, ManualClock};
use crate::error::ErrorKind;
use crate::transport::Scripted;

/// Source of numbered tokens, with a delay. The fetches in `fails` fail.
#[derive(Debug, Default)]
struct Source {
    lifetime: Option<u64>,
    fetches: AtomicUsize,
    fails: Option<std::ops::RangeFrom<usize>>,
    delay: Duration,
}

impl TokenSource for Source {
    fn kind(&self) -> &'static str {
        "a test"
    }

    fn fetch(&self, context: &AuthContext<'_>) -> Result<Token, Error> {
        thread::sleep(self.delay);
        let number = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
        if context.interrupt().is_raised() {
            return Err(Error::before_sending(ErrorKind::Interrupted, "interrupted"));
        }
        if self
            .fails
            .as_ref()
            .is_some_and(|from| from.contains(&number))
        {
            return Err(Error::before_sending(ErrorKind::Connect, "unreachable").with_status(7));
        }
        let token = Token::new(format!("t{number}"))?;
        Ok(match self.lifetime {
            Some(lifetime) => token.with_lifetime(Duration::from_secs(lifetime)),
            None => token,
        })
    }
}

/// Cached tokens with their clock.
struct Bench {
    tokens: CachedToken<Source>,
    clock: ManualClock,
    interrupt: Interrupt,
    transport: Scripted,
}

impl Bench {
    fn new(source: Source) -> Self {
        Self {
            tokens: CachedToken::new(source),
            clock: ManualClock::new(),
            interrupt: Interrupt::new(),
            transport: Scripted::new(),
        }
    }

    fn with_lifetime(lifetime: u64) -> Self {
        Self::new(Source {
            lifetime: Some(lifetime),
            ..Source::default()
        })
    }

    fn context(&self) -> AuthContext<'_> {
        AuthContext::new(&self.transport, &self.clock, &self.interrupt)
    }

    fn token(&self) -> Result<String, Error> {
        let token = self.tokens.token(&self.context())?;
        Ok(token.expose().to_owned())
    }

    /// Returns the token at this second, or the error.
    fn at(&self, second: u64) -> String {
        self.advance_to(second);
        self.token().unwrap_or_else(|error| error.to_string())
    }

    fn advance_to(&self, second: u64) {
        let time = Duration::from_secs(second);
        self.clock
            .advance(time.checked_sub(self.clock.elapsed()).unwrap());
    }

    fn reject(&self, token: &str) -> bool {
        let headers = RequestCredentials::bearer(&Secret::new(token)).unwrap();
        self.tokens.refresh(&self.context(), &headers)
    }

    fn fetches(&self) -> usize {
        self.tokens.source.fetches.load(Ordering::SeqCst)
    }
}

#[test]
fn token_is_refreshed_when_a_tenth_of_its_lifetime_is_left() {
    // Lifetime, and the last second at which the first token is used.
    for (lifetime, last) in [
        (3600, 3299),
        (36_000, 35_699),
        (1000, 899),
        (200, 159),
        (60, 29),
        (2, 0),
    ] {
        let bench = Bench::with_lifetime(lifetime);
        assert_eq!(bench.at(0), "t1", "{lifetime}");
        assert_eq!(bench.at(last), "t1", "{lifetime}");
        assert_eq!(bench.at(last + 1), "t2", "{lifetime}");
        assert_eq!(bench.at(last + 1), "t2", "{lifetime}");
    }
}

#[test]
fn token_of_unknown_lifetime_is_kept_and_expired_one_is_used_once() {
    let bench = Bench::new(Source::default());
    assert_eq!(bench.at(0), "t1");
    assert_eq!(bench.at(1 << 30), "t1");
    let bench = Bench::with_lifetime(0);
    assert_eq!((bench.at(0), bench.at(0)), ("t1".into(), "t2".into()));
    assert_eq!(Bench::with_lifetime(u64::MAX).at(0), "t1");
}

#[test]
fn concurrent_threads_fetch_one_token() {
    let bench = Bench::new(Source {
        lifetime: Some(3600),
        delay: Duration::from_millis(100),
        ..Source::default()
    });
    let assert_all = |expected: &str| {
        let start = Barrier::new(16);
        thread::scope(|scope| {
            let get = || {
                start.wait();
                bench.token().unwrap()
            };
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(get)).collect();
            for thread in threads {
                assert_eq!(thread.join().unwrap(), expected);
            }
        });
    };
    assert_all("t1");
    assert_eq!(bench.fetches(), 1);
    bench.advance_to(3600);
    assert_all("t2");
    assert_eq!(bench.fetches(), 2);
}

#[test]
fn valid_token_is_used_during_a_refresh() {
    let bench = Bench::new(Source {
        lifetime: Some(3600),
        delay: Duration::from_millis(500),
        ..Source::default()
    });
    bench.at(0);
    bench.advance_to(3500);
    thread::scope(|scope| {
        let first = scope.spawn(|| bench.token().unwrap());
        while !bench.tokens.lock().is_fetching {
            thread::yield_now();
        }
        assert_eq!(bench.token().unwrap(), "t1");
        assert_eq!(first.join().unwrap(), "t2");
    });
}

#[test]
fn token_stays_in_use_after_a_failed_refresh_until_it_expires() {
    let bench = Bench::new(Source {
        lifetime: Some(3600),
        fails: Some(2..),
        ..Source::default()
    });
    assert_eq!(bench.at(0), "t1");
    assert_eq!(bench.at(3300), "t1");
    assert_eq!(bench.fetches(), 2);
    assert_eq!((bench.at(3309), bench.fetches()), ("t1".into(), 2));
    assert_eq!((bench.at(3310), bench.fetches()), ("t1".into(), 3));
    assert_eq!(bench.at(3599), "t1");
    let fetches = bench.fetches();
    assert_eq!(bench.at(3600), "unreachable");
    let error = bench.token().unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Connect, Some(7))
    );
    assert_eq!(bench.fetches(), fetches + 2);
}

#[test]
fn waiting_threads_get_the_error_of_the_fetch() {
    let bench = Bench::new(Source {
        fails: Some(1..),
        delay: Duration::from_millis(500),
        ..Source::default()
    });
    thread::scope(|scope| {
        let first = scope.spawn(|| bench.token().unwrap_err());
        while !bench.tokens.lock().is_fetching {
            thread::yield_now();
        }
        let others: Vec<_> = (0..7)
            .map(|_| scope.spawn(|| bench.token().unwrap_err()))
            .collect();
        for thread in others.into_iter().chain([first]) {
            let error = thread.join().unwrap();
            assert_eq!(
                (error.kind(), error.status(), error.message()),
                (ErrorKind::Connect, Some(7), "unreachable")
            );
        }
    });
    assert_eq!(bench.fetches(), 1);
}

#[test]
fn rejected_token_is_refreshed_whatever_its_age() {
    let bench = Bench::with_lifetime(3600);
    bench.at(0);
    assert!(bench.reject("t1"));
    // A second rejection of the same token causes no further fetch.
    assert!(bench.reject("t1"));
    assert_eq!(bench.at(0), "t2");
    assert!(bench.reject("t1"));
    assert_eq!((bench.at(0), bench.fetches()), ("t2".into(), 2));
    // `t2` was accepted before.
    assert!(bench.reject("t2"));
    assert_eq!(bench.at(0), "t3");
}

#[test]
fn token_rejected_at_its_first_use_is_kept_for_30_seconds_if_its_predecessor_was_rejected() {
    let bench = Bench::with_lifetime(3600);
    bench.at(0);
    assert!(bench.reject("t1"));
    assert_eq!(bench.at(5), "t2");
    assert!(!bench.reject("t2"));
    assert_eq!(bench.at(34), "t2");
    assert!(!bench.reject("t2"));
    bench.advance_to(35);
    assert!(bench.reject("t2"));
    assert_eq!((bench.at(35), bench.fetches()), ("t3".into(), 3));
}

#[test]
fn rejected_token_is_not_used_after_a_failed_refresh() {
    let bench = Bench::new(Source {
        lifetime: Some(3600),
        fails: Some(2..),
        ..Source::default()
    });
    bench.at(0);
    bench.advance_to(60);
    assert!(bench.reject("t1"));
    assert_eq!(bench.at(60), "unreachable");
}

#[test]
fn interrupt_affects_only_its_own_thread() {
    let bench = Bench::new(Source {
        delay: Duration::from_millis(300),
        ..Source::default()
    });
    let other = Interrupt::new();
    let wait_until_fetching = || {
        while !bench.tokens.lock().is_fetching {
            thread::yield_now();
        }
    };
    thread::scope(|scope| {
        let first = scope.spawn(|| bench.token());
        wait_until_fetching();
        let context = AuthContext::new(&bench.transport, &bench.clock, &other);
        let tokens = &bench.tokens;
        let second = scope.spawn(move || tokens.token(&context));
        thread::sleep(Duration::from_millis(50));
        // The first thread is interrupted. The second one then fetches a token.
        bench.interrupt.raise();
        assert_eq!(
            first.join().unwrap().unwrap_err().kind(),
            ErrorKind::Interrupted
        );
        assert_eq!(second.join().unwrap().unwrap().expose(), "t2");
    });
}

#[test]
fn deadline_affects_only_its_own_thread() {
    let bench = Bench::new(Source {
        delay: Duration::from_millis(300),
        fails: Some(1..),
        ..Source::default()
    });
    let end = bench.clock.now() + Duration::from_secs(1);
    let context = AuthContext::new(&bench.transport, &bench.clock, &bench.interrupt);
    let tokens = &bench.tokens;
    thread::scope(|scope| {
        let first = scope.spawn(|| tokens.token(&context.deadline(Some(end))));
        while !tokens.lock().is_fetching {
            thread::yield_now();
        }
        let second = scope.spawn(|| tokens.token(&context));
        let third = scope.spawn(|| tokens.token(&context.deadline(Some(end))));
        bench.clock.advance(Duration::from_secs(1));
        assert!(first.join().unwrap().is_err());
        let error = third.join().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        // The second thread fetches a token itself.
        assert_eq!(second.join().unwrap().unwrap_err().status(), Some(7));
    });
    assert_eq!(tokens.source.fetches.load(Ordering::SeqCst), 2);
}

#[test]
fn waiting_threads_get_an_error_if_the_source_panics() {
    #[derive(Debug)]
    struct Broken;

    impl TokenSource for Broken {
        fn kind(&self) -> &'static str {
            "broken"
        }

        fn fetch(&self, _: &AuthContext<'_>) -> Result<Token, Error> {
            thread::sleep(Duration::from_millis(100));
            panic!("broken")
        }
    }

    let (tokens, clock, interrupt) = (
        CachedToken::new(Broken),
        ManualClock::new(),
        Interrupt::new(),
    );
    let transport = Scripted::new();
    let context = AuthContext::new(&transport, &clock, &interrupt);
    thread::scope(|scope| {
        let first = scope.spawn(|| tokens.token(&context).map(drop));
        while !tokens.lock().is_fetching {
            thread::yield_now();
        }
        let error = tokens.token(&context).unwrap_err();
        assert_eq!(error.message(), "the token source panicked");
        assert!(first.join().is_err());
    });
    assert!(!tokens.lock().is_fetching);
}

#[test]
fn debug_does_not_show_the_token() {
    let bench = Bench::with_lifetime(3600);
    bench.at(0);
    assert!(!format!("{:?}", bench.tokens).contains("t1"));
}
