//! The server and its thread.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use axum::Router;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::auth::Credentials;
use crate::connection::{ConnectionListener, ResetHandle};
use crate::error::{StartError, StartStep};
use crate::options::Options;
use crate::temporary_folder::TemporaryFolder;
use crate::tls::Identity;
use crate::workspace::Workspace;
use crate::{http, limits};

/// A running server. Stopped by [`stop`](Self::stop) or on drop.
///
/// # Examples
///
/// ```
/// # fn main() -> Result<(), local_server::StartError> {
/// let server = local_server::Server::start(local_server::Options::new().token("secret"))?;
/// println!("export DATABRICKS_HOST={}", server.url());
/// server.stop();
/// # Ok(())
/// # }
/// ```
pub struct Server {
    address: SocketAddr,
    ca_certificate: Option<String>,
    workspace: Arc<Workspace>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on a new thread. When this function returns, the server accepts connections.
    ///
    /// # Errors
    ///
    /// If the port is in use or cannot be bound, if the operating system provides no thread, file
    /// descriptor or random bytes, or if the address is not a loopback address and the options
    /// contain no credentials. A missing interpreter is reported when a context is created.
    ///
    /// # Examples
    ///
    /// ```
    /// use local_server::{Options, Server};
    ///
    /// let first = Server::start(Options::new())?;
    /// let port = first.address().port();
    /// let second = Server::start(Options::new().port(port)).unwrap_err();
    /// assert!(second.is_port_in_use());
    /// # Ok::<(), local_server::StartError>(())
    /// ```
    pub fn start(options: Options) -> Result<Self, StartError> {
        let requested = SocketAddr::new(options.address, options.port);
        if !options.address.is_loopback() && options.has_no_credentials() {
            return Err(StartError::without_credentials(options.address));
        }
        let (listener, address) = listen(requested)
            .map_err(|error| StartError::new(StartStep::Listen { address: requested }, error))?;
        let identity = options
            .tls
            .then(|| Identity::generate(address.ip()))
            .transpose()
            .map_err(|error| StartError::new(StartStep::Certificate, error))?;
        let (tls, ca_certificate) = identity
            .map(|identity| (identity.acceptor, identity.ca_pem))
            .unzip();
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| StartError::new(StartStep::Runtime, error))?;

        let folder = TemporaryFolder::create()
            .map_err(|error| StartError::new(StartStep::TemporaryFolder, error))?;
        let workspace = Workspace::new(&options, folder.path())
            .map_err(|error| StartError::new(StartStep::DbfsRoot, error))?;
        let workspace = Arc::new(workspace);
        let credentials = Credentials::new(options.tokens, options.users);
        let router = http::router(Arc::clone(&workspace), credentials, options.faults);

        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&workspace);
        let thread = thread::Builder::new()
            .name("local-server".to_owned())
            .spawn(move || {
                run(&runtime, listener, tls, router, &shared, stopped);
                drop(runtime); // waits for file operations
                drop(folder);
            })
            .map_err(|error| StartError::new(StartStep::Thread, error))?;
        Ok(Self {
            address,
            ca_certificate,
            workspace,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Returns the base URL, for example `http://127.0.0.1:PORT`.
    ///
    /// If the server listens on all addresses, the URL contains the loopback address.
    pub fn url(&self) -> String {
        let scheme = if self.ca_certificate.is_some() {
            "https"
        } else {
            "http"
        };
        let ip = match self.address.ip() {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        format!("{scheme}://{}", SocketAddr::new(ip, self.address.port()))
    }

    /// Returns the certificate in PEM format that clients must trust, if connections are encrypted.
    pub fn ca_certificate(&self) -> Option<&str> {
        self.ca_certificate.as_deref()
    }

    /// Returns the address of the listening socket.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the number of contexts that were created and not destroyed, including failed ones.
    pub fn contexts(&self) -> usize {
        self.workspace.contexts.count()
    }

    /// Returns whether commands may wait for the start of Spark at the moment, which takes seconds.
    pub fn is_starting_spark(&self) -> bool {
        self.workspace.is_starting_spark()
    }

    /// Stops the server and kills all interpreters and the processes they have started.
    ///
    /// Requests in flight have one second to complete. Processes that cannot be killed are left after
    /// 10 seconds. Dropping the server has the same effect.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Server")
            .field("address", &self.address)
            .field("contexts", &self.contexts())
            .finish_non_exhaustive()
    }
}

fn listen(address: SocketAddr) -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves requests until `stopped` resolves, then destroys all contexts.
fn run(
    runtime: &Runtime,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    workspace: &Workspace,
    stopped: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        let (serving, stop) = serve(listener, tls, router);
        tokio::pin!(serving);
        tokio::select! {
            () = &mut serving => {}
            () = workspace.contexts.evict_idle() => {}
            _ = stopped => {
                drop(stop);
                let _ = timeout(limits::SHUTDOWN_GRACE, serving).await;
            }
        }
        workspace.close().await;
    });
}

/// Returns a future that serves requests, and a sender. Dropping the sender starts a graceful
/// shutdown: the future resolves when all requests in flight have completed.
fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
) -> (impl Future<Output = ()>, oneshot::Sender<()>) {
    let (stop, stopped) = oneshot::channel();
    let serving = async move {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            return; // fails outside of a Tokio runtime only
        };
        let listener = ConnectionListener::new(listener, tls);
        let router = router.into_make_service_with_connect_info::<ResetHandle>();
        let stopped = async {
            let _ = stopped.await;
        };
        let serving = axum::serve(listener, router).with_graceful_shutdown(stopped);
        let _ = serving.into_future().await; // documented to never return an error
    };
    (serving, stop)
}
