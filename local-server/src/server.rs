//! The server as its user sees it: a thread that serves until told to stop.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::serve::ListenerExt;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::auth::Credentials;
use crate::contexts::Contexts;
use crate::error::{Failed, StartError};
use crate::language::Interpreters;
use crate::options::Options;
use crate::{http, limits};

/// A server that runs until it is [stopped](Self::stop) or dropped.
///
/// # Example
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
    contexts: Arc<Contexts>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on a thread of its own. When this returns, it is listening.
    ///
    /// # Errors
    ///
    /// If the port is in use or may not be listened on, or the system has no thread or descriptor
    /// left. That the interpreter is missing shows when a context is created.
    ///
    /// # Example
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
        let failed = Failed::Listen { port: options.port };
        let (listener, address) =
            listen(options.port).map_err(|error| StartError::new(failed, error))?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| StartError::new(Failed::Runtime, error))?;

        let interpreters = Interpreters {
            python: options.python,
        };
        let contexts = Contexts::new(interpreters, options.max_contexts, options.cancel_grace);
        let contexts = Arc::new(contexts);
        let credentials = Credentials::new(options.tokens, options.users);
        let router = http::router(Arc::clone(&contexts), credentials);

        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&contexts);
        let thread = thread::Builder::new()
            .name("local-server".to_owned())
            .spawn(move || run(&runtime, listener, router, &serving, stopped))
            .map_err(|error| StartError::new(Failed::Thread, error))?;
        Ok(Self {
            address,
            contexts,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it is reached: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many contexts were created and not destroyed, those that have failed included.
    pub fn contexts(&self) -> usize {
        self.contexts.count()
    }

    /// Stops the server, which ends every interpreter and the processes it has started.
    ///
    /// Requests under way have a second to finish. Dropping the server does the same.
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

fn listen(port: u16) -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until `stopped`, then ends the contexts.
fn run(
    runtime: &Runtime,
    listener: TcpListener,
    router: Router,
    contexts: &Contexts,
    stopped: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        let (serving, stop) = serve(listener, router);
        tokio::pin!(serving);
        tokio::select! {
            () = &mut serving => {}
            _ = stopped => {
                drop(stop);
                let _ = timeout(limits::GOODBYE, serving).await;
            }
        }
        contexts.close().await;
    });
}

/// Serves until the sender is dropped and the requests under way are answered.
fn serve(listener: TcpListener, router: Router) -> (impl Future<Output = ()>, oneshot::Sender<()>) {
    let (stop, stopped) = oneshot::channel();
    let serving = async move {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            return; // only outside of a runtime
        };
        // An answer in more than one segment would wait for the client's delayed acknowledgement.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let stopped = async {
            let _ = stopped.await;
        };
        let serving = axum::serve(listener, router).with_graceful_shutdown(stopped);
        let _ = serving.into_future().await; // it does not end with an error
    };
    (serving, stop)
}
