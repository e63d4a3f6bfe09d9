use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::*;
use crate::clock::{Interrupt, ManualClock};
use crate::transport::Scripted;

/// Numbers its tokens, and takes its time; the attempts from `fails` on fail.
#[derive(Debug, Default)]
struct Source {
    lifetime: Option<u64>,
    made: AtomicUsize,
    fails: Option<std::ops::RangeFrom<usize>>,
    slow: Duration,
}

impl TokenSource for Source {
    fn kind(&self) -> &'static str {
        "a test"
    }

    fn fetch(&self, exchange: &Exchange<'_>) -> Result<Token, Error> {
        thread::sleep(self.slow);
        let number = self.made.fetch_add(1, Ordering::SeqCst) + 1;
        if exchange.interrupt().is_raised() {
            return Err(interrupted());
        }
        if self
            .fails
            .as_ref()
            .is_some_and(|from| from.contains(&number))
        {
            return Err(Error::before_sending(ErrorKind::Connect, "no way there").with_status(7));
        }
        let token = Token::new(format!("t{number}"))?;
        Ok(match self.lifetime {
            Some(lifetime) => token.lasting(Duration::from_secs(lifetime)),
            None => token,
        })
    }
}

/// What is asked, with the clock that it goes by.
struct Bench {
    tokens: Refreshing<Source>,
    clock: ManualClock,
    interrupt: Interrupt,
    wire: Scripted,
}

impl Bench {
    fn new(source: Source) -> Self {
        Self {
            tokens: Refreshing::new(source),
            clock: ManualClock::new(),
            interrupt: Interrupt::new(),
            wire: Scripted::new(),
        }
    }

    fn lasting(lifetime: u64) -> Self {
        Self::new(Source {
            lifetime: Some(lifetime),
            ..Source::default()
        })
    }

    fn exchange(&self) -> Exchange<'_> {
        Exchange::new(&self.wire, &self.clock, &self.interrupt)
    }

    fn token(&self) -> Result<String, Error> {
        let token = self.tokens.token(&self.exchange())?;
        Ok(token.expose().to_owned())
    }

    /// The token at this second.
    fn at(&self, second: u64) -> String {
        self.advance_to(second);
        self.token().unwrap_or_else(|error| error.to_string())
    }

    fn advance_to(&self, second: u64) {
        let time = Duration::from_secs(second);
        self.clock
            .advance(time.checked_sub(self.clock.elapsed()).unwrap());
    }

    fn refuse(&self, token: &str) -> bool {
        let headers = Headers::bearer(&Secret::new(token)).unwrap();
        self.tokens.renew(&self.exchange(), &headers)
    }

    fn made(&self) -> usize {
        self.tokens.source.made.load(Ordering::SeqCst)
    }
}

#[test]
fn a_token_is_renewed_when_a_tenth_of_its_life_is_left() {
    // Lifetime, the last second of the first token, the next second.
    for (lifetime, last) in [
        (3600, 3299),
        (36_000, 35_699),
        (1000, 899),
        (200, 159),
        (60, 29),
        (2, 0),
    ] {
        let bench = Bench::lasting(lifetime);
        assert_eq!(bench.at(0), "t1", "{lifetime}");
        assert_eq!(bench.at(last), "t1", "{lifetime}");
        assert_eq!(bench.at(last + 1), "t2", "{lifetime}");
        assert_eq!(bench.at(last + 1), "t2", "{lifetime}");
    }
}

#[test]
fn a_token_without_an_end_is_kept_and_one_without_a_life_is_used_once() {
    let bench = Bench::new(Source::default());
    assert_eq!(bench.at(0), "t1");
    assert_eq!(bench.at(1 << 30), "t1");
    let bench = Bench::lasting(0);
    assert_eq!((bench.at(0), bench.at(0)), ("t1".into(), "t2".into()));
    assert_eq!(Bench::lasting(u64::MAX).at(0), "t1");
}

#[test]
fn many_threads_lead_to_one_fetch() {
    let bench = Bench::new(Source {
        lifetime: Some(3600),
        slow: Duration::from_millis(100),
        ..Source::default()
    });
    let all = |expected: &str| {
        let start = Barrier::new(16);
        thread::scope(|scope| {
            let ask = || {
                start.wait();
                bench.token().unwrap()
            };
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(ask)).collect();
            for thread in threads {
                assert_eq!(thread.join().unwrap(), expected);
            }
        });
    };
    all("t1");
    assert_eq!(bench.made(), 1);
    bench.advance_to(3600);
    all("t2");
    assert_eq!(bench.made(), 2);
}

#[test]
fn the_others_go_on_with_a_token_that_is_still_good() {
    let bench = Bench::new(Source {
        lifetime: Some(3600),
        slow: Duration::from_millis(500),
        ..Source::default()
    });
    bench.at(0);
    bench.advance_to(3500);
    thread::scope(|scope| {
        let first = scope.spawn(|| bench.token().unwrap());
        while !bench.tokens.lock().busy {
            thread::yield_now();
        }
        assert_eq!(bench.token().unwrap(), "t1");
        assert_eq!(first.join().unwrap(), "t2");
    });
}

#[test]
fn a_failure_leaves_the_good_token_in_use_until_its_end() {
    let bench = Bench::new(Source {
        lifetime: Some(3600),
        fails: Some(2..),
        ..Source::default()
    });
    assert_eq!(bench.at(0), "t1");
    assert_eq!(bench.at(3300), "t1");
    assert_eq!(bench.made(), 2);
    assert_eq!((bench.at(3309), bench.made()), ("t1".into(), 2));
    assert_eq!((bench.at(3310), bench.made()), ("t1".into(), 3));
    assert_eq!(bench.at(3599), "t1");
    let made = bench.made();
    assert_eq!(bench.at(3600), "no way there");
    let error = bench.token().unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Connect, Some(7))
    );
    assert_eq!(bench.made(), made + 2);
}

#[test]
fn all_who_wait_are_told_of_one_failure() {
    let bench = Bench::new(Source {
        fails: Some(1..),
        slow: Duration::from_millis(500),
        ..Source::default()
    });
    thread::scope(|scope| {
        let first = scope.spawn(|| bench.token().unwrap_err());
        while !bench.tokens.lock().busy {
            thread::yield_now();
        }
        let others: Vec<_> = (0..7)
            .map(|_| scope.spawn(|| bench.token().unwrap_err()))
            .collect();
        for thread in others.into_iter().chain([first]) {
            let error = thread.join().unwrap();
            assert_eq!(
                (error.kind(), error.status(), error.message()),
                (ErrorKind::Connect, Some(7), "no way there")
            );
        }
    });
    assert_eq!(bench.made(), 1);
}

#[test]
fn a_refused_token_is_fetched_anew_unless_it_is_fresh() {
    let bench = Bench::lasting(3600);
    bench.at(0);
    bench.advance_to(29);
    assert!(!bench.refuse("t1"));
    assert_eq!(bench.at(29), "t1");
    bench.advance_to(30);
    assert!(bench.refuse("t1"));
    // The second thread that was refused does not lead to another fetch.
    assert!(bench.refuse("t1"));
    assert_eq!(bench.at(30), "t2");
    assert!(bench.refuse("t1"));
    assert_eq!((bench.at(30), bench.made()), ("t2".into(), 2));
    assert!(!bench.refuse("t2"));
}

#[test]
fn a_refused_token_is_not_used_when_the_next_cannot_be_fetched() {
    let bench = Bench::new(Source {
        lifetime: Some(3600),
        fails: Some(2..),
        ..Source::default()
    });
    bench.at(0);
    bench.advance_to(60);
    assert!(bench.refuse("t1"));
    assert_eq!(bench.at(60), "no way there");
}

#[test]
fn an_interrupt_ends_the_wait_of_its_own_thread_alone() {
    let bench = Bench::new(Source {
        slow: Duration::from_millis(300),
        ..Source::default()
    });
    let other = Interrupt::new();
    let begun = || {
        while !bench.tokens.lock().busy {
            thread::yield_now();
        }
    };
    thread::scope(|scope| {
        let first = scope.spawn(|| bench.token());
        begun();
        let exchange = Exchange::new(&bench.wire, &bench.clock, &other);
        let tokens = &bench.tokens;
        let second = scope.spawn(move || tokens.token(&exchange));
        thread::sleep(Duration::from_millis(50));
        // The first is stopped; the second fetches for itself.
        bench.interrupt.raise();
        assert_eq!(
            first.join().unwrap().unwrap_err().kind(),
            ErrorKind::Interrupted
        );
        assert_eq!(second.join().unwrap().unwrap().expose(), "t2");
    });
}

#[test]
fn a_source_that_panics_leaves_nobody_waiting() {
    #[derive(Debug)]
    struct Broken;

    impl TokenSource for Broken {
        fn kind(&self) -> &'static str {
            "broken"
        }

        fn fetch(&self, _: &Exchange<'_>) -> Result<Token, Error> {
            thread::sleep(Duration::from_millis(100));
            panic!("broken")
        }
    }

    let (tokens, clock, interrupt) = (
        Refreshing::new(Broken),
        ManualClock::new(),
        Interrupt::new(),
    );
    let wire = Scripted::new();
    let exchange = Exchange::new(&wire, &clock, &interrupt);
    thread::scope(|scope| {
        let first = scope.spawn(|| tokens.token(&exchange).map(drop));
        while !tokens.lock().busy {
            thread::yield_now();
        }
        let error = tokens.token(&exchange).unwrap_err();
        assert_eq!(error.message(), "the source of tokens gave up");
        assert!(first.join().is_err());
    });
    assert!(!tokens.lock().busy);
}

#[test]
fn nothing_printable_shows_a_token() {
    let bench = Bench::lasting(3600);
    bench.at(0);
    assert!(!format!("{:?}", bench.tokens).contains("t1"));
}
