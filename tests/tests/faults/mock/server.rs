//! HTTP server of the mock.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use test_server::{CONTINUE, Connection, DEADLINE, Listener, Request, Server};

use super::response::Response;
use super::script::{Fault, Step};
use super::workspace::{Endpoint, Workspace};

/// Returns the steps for the n-th request to an endpoint, counted from 0, or `None` for a correct response.
type Injector = dyn Fn(Endpoint, usize) -> Option<Fault> + Send + Sync;

/// Pause after each byte of [`Step::Drip`], and after each part of [`Step::StallSlowly`].
const DRIP_PAUSE: Duration = Duration::from_millis(20);

/// A running server. Stopped on drop.
pub(crate) struct MockServer {
    /// The HTTP server, which counts and closes connections.
    pub(crate) http: Server,
    shared: Arc<Shared>,
}

struct Shared {
    workspace: Mutex<Workspace>,
    injector: Mutex<Arc<Injector>>,
    counts: Mutex<BTreeMap<Endpoint, usize>>,
    /// Size of the last request that was read completely, including its head.
    last_request_len: Mutex<usize>,
    last_response: Mutex<Option<Response>>,
    /// Number of connections closed by a step.
    closed_by_fault: Mutex<usize>,
    closed: Condvar,
}

impl Shared {
    fn count_closed_by_fault(&self) {
        *lock(&self.closed_by_fault) += 1;
        self.closed.notify_all();
    }
}

impl MockServer {
    /// Starts a server on a free port.
    pub(crate) fn start(
        injector: impl Fn(Endpoint, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> Self {
        Self::start_on(Listener::bind(), injector)
    }

    pub(crate) fn start_on(
        listener: Listener,
        injector: impl Fn(Endpoint, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> Self {
        let shared = Arc::new(Shared {
            workspace: Mutex::default(),
            injector: Mutex::new(Arc::new(injector)),
            counts: Mutex::default(),
            last_request_len: Mutex::default(),
            last_response: Mutex::default(),
            closed_by_fault: Mutex::default(),
            closed: Condvar::new(),
        });
        let serving = Arc::clone(&shared);
        let http = Server::start_on(listener, move |connection| {
            // A FIN is counted when it is sent; here, the connection is closed.
            if !matches!(serve(connection, &serving), Ok(End::Counted)) {
                serving.count_closed_by_fault();
            }
            Ok(())
        });
        Self { http, shared }
    }

    pub(crate) fn url(&self) -> String {
        self.http.url()
    }

    pub(crate) fn workspace(&self) -> MutexGuard<'_, Workspace> {
        lock(&self.shared.workspace)
    }

    /// Replaces the injector and resets the request counts.
    pub(crate) fn inject(
        &self,
        injector: impl Fn(Endpoint, usize) -> Option<Fault> + Send + Sync + 'static,
    ) {
        *lock(&self.shared.injector) = Arc::new(injector);
        lock(&self.shared.counts).clear();
        *lock(&self.shared.closed_by_fault) = 0;
    }

    /// Waits until a step has closed a connection. The client may have read a response before.
    pub(crate) fn wait_until_closed_by_fault(&self) {
        let count = lock(&self.shared.closed_by_fault);
        let (count, _) = self
            .shared
            .closed
            .wait_timeout_while(count, DEADLINE, |count| *count == 0)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(*count > 0, "no connection was closed by a fault");
    }

    /// Returns the number of requests to this endpoint, including incomplete ones.
    pub(crate) fn requests(&self, endpoint: Endpoint) -> usize {
        let counts = lock(&self.shared.counts);
        counts.get(&endpoint).copied().unwrap_or(0)
    }

    /// Returns the size of the last request that was read completely, including its head.
    pub(crate) fn last_request_len(&self) -> usize {
        *lock(&self.shared.last_request_len)
    }

    /// Returns the correct response to the last executed request.
    pub(crate) fn last_response(&self) -> Response {
        let response = lock(&self.shared.last_response).clone();
        response.expect("a request should have been executed")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// State of a connection after its last step.
enum End {
    /// Closed regularly, or counted already.
    Counted,
    Reset,
}

/// Serves requests until the connection is closed.
fn serve(mut connection: Connection, shared: &Shared) -> io::Result<End> {
    while connection.has_data()? {
        let head = match connection.peek_head() {
            // For example a TLS handshake.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return reject(connection, 400);
            }
            head => head?.to_owned(),
        };
        let request = Request::parse(&head, connection.index())?;
        let Some(endpoint) = Endpoint::of(&request) else {
            return reject(connection, 404);
        };
        let fault = next_fault(shared, endpoint);
        let healthy = [Step::ReadAll, Step::Execute, Step::Respond];
        let mut exchange = Exchange {
            endpoint,
            request,
            head_len: head.len(),
            shared,
            connection: &mut connection,
            progress: Progress::Received,
            response: None,
            skips_continue: false,
        };
        for step in fault.as_deref().unwrap_or(&healthy) {
            match exchange.perform(step)? {
                None => {}
                Some(End::Counted) => return Ok(End::Counted),
                Some(End::Reset) => {
                    connection.reset()?;
                    return Ok(End::Reset);
                }
            }
        }
        exchange.read_all()?;
    }
    Ok(End::Counted)
}

fn reject(mut connection: Connection, status: u16) -> io::Result<End> {
    connection.respond(status, &["connection: close"], "")?;
    connection.shut_down_write()?;
    connection.wait_for_close()?;
    Ok(End::Counted)
}

fn next_fault(shared: &Shared, endpoint: Endpoint) -> Option<Fault> {
    let nth = {
        let mut counts = lock(&shared.counts);
        let count = counts.entry(endpoint).or_default();
        *count += 1;
        *count - 1
    };
    let injector = Arc::clone(&lock(&shared.injector));
    injector(endpoint, nth)
}

/// A request in flight.
struct Exchange<'a> {
    endpoint: Endpoint,
    request: Request,
    head_len: usize,
    shared: &'a Shared,
    connection: &'a mut Connection,
    progress: Progress,
    response: Option<Response>,
    skips_continue: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// The head is received, but not consumed.
    Received,
    HeadRead,
    Complete,
}

impl Exchange<'_> {
    /// Performs a step. Returns the end of the connection if the step closes it.
    fn perform(&mut self, step: &Step) -> io::Result<Option<End>> {
        match step {
            Step::Read(count) => drop(self.connection.read_bytes(*count)?),
            Step::ReadHead => self.read_head()?,
            Step::ReadAll => self.read_all()?,
            Step::Execute => self.execute()?,
            Step::Send(bytes) => self.connection.send(bytes)?,
            Step::SendWith(bytes) => self.connection.send(bytes())?,
            Step::Respond => self.connection.send(self.response().bytes())?,
            Step::RespondWith(bytes) => self.connection.send(bytes(&self.response()))?,
            Step::Truncate(bytes, len) => {
                self.connection.send(&bytes(&self.response())[..*len])?;
            }
            Step::RespondSlowly(pause) => {
                let bytes = self.response().bytes();
                self.connection.send_slowly(&bytes, *pause)?;
            }
            Step::Drip(first, others) => {
                self.connection.send(first)?;
                self.connection
                    .send_slowly(others.iter().cycle(), DRIP_PAUSE)?;
            }
            Step::Do(hook) => hook.call(),
            Step::Expire(status, message) => {
                lock(&self.shared.workspace).expire(*status, message);
            }
            Step::Stall => {
                self.connection.wait_for_close()?;
                return Ok(Some(End::Counted));
            }
            Step::StallSlowly => {
                let mut block = [0; 4096];
                while self.connection.read(&mut block)? > 0 {
                    thread::sleep(DRIP_PAUSE);
                }
                return Ok(Some(End::Counted));
            }
            Step::Hang => {
                self.connection.hang();
                return Ok(Some(End::Counted));
            }
            Step::SkipContinue => self.skips_continue = true,
            Step::Fin => {
                self.connection.shut_down_write()?;
                self.shared.count_closed_by_fault();
                self.connection.wait_for_close()?;
                return Ok(Some(End::Counted));
            }
            Step::Reset => return Ok(Some(End::Reset)),
        }
        Ok(None)
    }

    fn read_head(&mut self) -> io::Result<()> {
        if self.progress == Progress::Received {
            self.connection.read_head()?;
            self.progress = Progress::HeadRead;
        }
        Ok(())
    }

    fn read_all(&mut self) -> io::Result<()> {
        self.read_head()?;
        if self.progress == Progress::HeadRead {
            if self.request.expects_continue() && !self.skips_continue {
                self.connection.send(CONTINUE)?;
            }
            self.connection.read_body(&mut self.request)?;
            *lock(&self.shared.last_request_len) = self.head_len + self.request.body.len();
            self.progress = Progress::Complete;
        }
        Ok(())
    }

    fn execute(&mut self) -> io::Result<()> {
        self.read_all()?;
        let mut workspace = lock(&self.shared.workspace);
        let response = workspace.execute(self.endpoint, &self.request);
        *lock(&self.shared.last_response) = Some(response.clone());
        self.response = Some(response);
        Ok(())
    }

    /// Returns the response that `Execute` has created.
    fn response(&self) -> Response {
        let response = self.response.clone();
        response.expect("`Execute` should precede this step")
    }
}
