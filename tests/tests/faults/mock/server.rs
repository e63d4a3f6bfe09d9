//! The server.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::connection::{Arrival, Connection};
use super::http::{Answer, Head};
use super::script::{Fault, Step};
use super::workspace::{Endpoint, Workspace};

/// Tells what is to go wrong with the n-th request to an endpoint, counted from 0.
type Injector = dyn Fn(Endpoint, usize) -> Option<Fault> + Send + Sync;

/// A server that stops when it goes.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    workspace: Mutex<Workspace>,
    injector: Mutex<Arc<Injector>>,
    counts: Mutex<BTreeMap<Endpoint, usize>>,
    /// Of the last request that was read to its end.
    last_length: Mutex<usize>,
    last_answer: Mutex<Option<Answer>>,
    /// Those that stand, so that they can be ended from outside.
    streams: Mutex<BTreeMap<usize, TcpStream>>,
    connections: AtomicUsize,
    /// How many connections were ended by a fault.
    endings: AtomicUsize,
    stopped: Mutex<bool>,
    stop: Condvar,
}

impl Shared {
    fn is_stopped(&self) -> bool {
        *lock(&self.stopped)
    }

    fn wait_for_stop(&self) {
        let stopped = self
            .stop
            .wait_while(lock(&self.stopped), |stopped| !*stopped);
        drop(stopped.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Server {
    /// A server on a free port.
    pub(crate) fn start(
        injector: impl Fn(Endpoint, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        Self::on(listener, injector)
    }

    /// A server behind this listener.
    pub(crate) fn on(
        listener: TcpListener,
        injector: impl Fn(Endpoint, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            workspace: Mutex::default(),
            injector: Mutex::new(Arc::new(injector)),
            counts: Mutex::default(),
            last_length: Mutex::default(),
            last_answer: Mutex::default(),
            streams: Mutex::default(),
            connections: AtomicUsize::new(0),
            endings: AtomicUsize::new(0),
            stopped: Mutex::new(false),
            stop: Condvar::new(),
        });
        let serving = Arc::clone(&shared);
        let thread = thread::spawn(move || accept(&listener, &serving));
        Self {
            address,
            shared,
            thread: Some(thread),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn workspace(&self) -> MutexGuard<'_, Workspace> {
        lock(&self.shared.workspace)
    }

    /// From here on, this goes wrong; requests are counted anew.
    pub(crate) fn inject(
        &self,
        injector: impl Fn(Endpoint, usize) -> Option<Fault> + Send + Sync + 'static,
    ) {
        *lock(&self.shared.injector) = Arc::new(injector);
        lock(&self.shared.counts).clear();
        self.shared.endings.store(0, Ordering::SeqCst);
    }

    /// Waits until a fault that ends the connection has done so: an answer before it may be read
    /// earlier.
    pub(crate) fn await_ending(&self) {
        while self.shared.endings.load(Ordering::SeqCst) == 0 {
            thread::yield_now();
        }
    }

    /// How many requests to this endpoint arrived, whole or not.
    pub(crate) fn requests(&self, endpoint: Endpoint) -> usize {
        lock(&self.shared.counts)
            .get(&endpoint)
            .copied()
            .unwrap_or(0)
    }

    /// How long the last request was that was read to its end.
    pub(crate) fn last_length(&self) -> usize {
        *lock(&self.shared.last_length)
    }

    /// What the last request that was carried out was to be answered with.
    pub(crate) fn last_answer(&self) -> Answer {
        let answer = lock(&self.shared.last_answer).clone();
        answer.expect("a request before")
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many connections stand.
    pub(crate) fn open_connections(&self) -> usize {
        lock(&self.shared.streams).len()
    }

    /// Ends all connections that stand, in order, and waits until they are gone.
    pub(crate) fn close_connections(&self) {
        for stream in lock(&self.shared.streams).values() {
            drop(stream.shutdown(Shutdown::Both));
        }
        while self.open_connections() > 0 {
            thread::yield_now();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        *lock(&self.shared.stopped) = true;
        self.shared.stop.notify_all();
        // Wakes the thread that accepts.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
        self.close_connections();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.is_stopped() {
            return;
        }
        let Ok(stream) = stream else { continue };
        let Ok(clone) = stream.try_clone() else {
            continue;
        };
        let number = shared.connections.fetch_add(1, Ordering::SeqCst);
        lock(&shared.streams).insert(number, clone);
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            let connection = Connection::new(stream);
            let ended = connection.and_then(|mut connection| {
                let ended = converse(&mut connection, &shared);
                // Whoever looks for connections that stand finds none that is closed below.
                lock(&shared.streams).remove(&number);
                ended
            });
            lock(&shared.streams).remove(&number);
            // An end in order was counted when it was told.
            if !matches!(ended, Ok(Ended::Well)) {
                shared.endings.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
}

/// How a conversation ended; what is left to do is to close the connection.
enum Ended {
    Well,
    Reset,
}

fn converse(connection: &mut Connection, shared: &Shared) -> io::Result<Ended> {
    loop {
        let (head, length) = match connection.arrival()? {
            Arrival::Closed => return Ok(Ended::Well),
            Arrival::Foreign => {
                connection.send(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")?;
                connection.fin()?;
                connection.drain()?;
                return Ok(Ended::Well);
            }
            Arrival::Head(head, length) => (head, length),
        };
        let Some(endpoint) = head.endpoint() else {
            connection.send(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")?;
            connection.fin()?;
            connection.drain()?;
            return Ok(Ended::Well);
        };
        let nth = {
            let mut counts = lock(&shared.counts);
            let count = counts.entry(endpoint).or_default();
            *count += 1;
            *count - 1
        };
        let injector = Arc::clone(&lock(&shared.injector));
        let fault = injector(endpoint, nth);
        let healthy = [Step::Whole, Step::Execute, Step::Answer];
        let steps = fault.as_deref().unwrap_or(&healthy);
        let mut exchange = Exchange {
            endpoint,
            head,
            length,
            shared,
            connection,
            state: State::Arrived,
            answer: None,
            mute: false,
        };
        for step in steps {
            if let Some(ended) = exchange.step(step)? {
                return Ok(ended);
            }
        }
        exchange.read()?;
    }
}

/// A request under way.
struct Exchange<'a> {
    endpoint: Endpoint,
    head: Head,
    length: usize,
    shared: &'a Shared,
    connection: &'a mut Connection,
    state: State,
    answer: Option<Answer>,
    mute: bool,
}

enum State {
    Arrived,
    HeadRead,
    Whole(Vec<u8>),
}

impl Exchange<'_> {
    /// Takes a step, after which the connection may have ended.
    fn step(&mut self, step: &Step) -> io::Result<Option<Ended>> {
        match step {
            Step::Take(length) => drop(self.connection.take(*length)?),
            Step::Head => self.read_head()?,
            Step::Whole => self.read()?,
            Step::Execute => self.execute()?,
            Step::Send(bytes) => self.connection.send(bytes)?,
            Step::Answer => self.connection.send(&self.answer().bytes())?,
            Step::Cut(rewrite, length) => {
                self.connection.send(&rewrite(&self.answer())[..*length])?;
            }
            Step::Rewrite(rewrite) => self.connection.send(&rewrite(&self.answer()))?,
            Step::Make(make) => self.connection.send(&make())?,
            Step::Drip(pause) => self.connection.drip(&self.answer().bytes(), *pause)?,
            Step::Stall => {
                self.connection.drain()?;
                return Ok(Some(Ended::Well));
            }
            Step::Freeze => {
                self.shared.wait_for_stop();
                return Ok(Some(Ended::Well));
            }
            Step::Mute => self.mute = true,
            Step::Fin => {
                self.connection.fin()?;
                self.shared.endings.fetch_add(1, Ordering::SeqCst);
                self.connection.drain()?;
                return Ok(Some(Ended::Well));
            }
            Step::Reset => {
                self.connection.prepare_reset()?;
                return Ok(Some(Ended::Reset));
            }
        }
        Ok(None)
    }

    fn read_head(&mut self) -> io::Result<()> {
        if let State::Arrived = self.state {
            self.connection.take(self.length)?;
            self.state = State::HeadRead;
        }
        Ok(())
    }

    fn read(&mut self) -> io::Result<()> {
        self.read_head()?;
        if let State::HeadRead = self.state {
            if self.head.expects_continue() && !self.mute {
                self.connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            }
            let body = self.connection.take(self.head.content_length())?;
            *lock(&self.shared.last_length) = self.length + body.len();
            self.state = State::Whole(body);
        }
        Ok(())
    }

    fn execute(&mut self) -> io::Result<()> {
        self.read()?;
        if let State::Whole(body) = &self.state {
            let mut workspace = lock(&self.shared.workspace);
            let answer = workspace.execute(self.endpoint, &self.head, body);
            *lock(&self.shared.last_answer) = Some(answer.clone());
            self.answer = Some(answer);
        }
        Ok(())
    }

    /// What was made by executing.
    fn answer(&self) -> Answer {
        self.answer.clone().expect("a step `Execute` before")
    }
}
