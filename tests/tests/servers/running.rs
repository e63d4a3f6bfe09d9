//! A running server process with its own ports and data directory.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use api_runtime::{Client, ClientBuilder};
use tempfile::TempDir;
use test_server::Listener;

use crate::setup::Program;

/// Maximum time until a server is ready. It takes a fraction of a second on an idle machine.
const READY_TIMEOUT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A server process. Killed on drop.
pub(crate) struct Running {
    child: Child,
    directory: TempDir,
    /// The port of the API and a second one.
    pub(crate) ports: [u16; 2],
}

impl Running {
    /// Starts a server and waits until `GET {ready}` succeeds. `arguments` returns the
    /// command line for a data directory and two free ports.
    pub(crate) fn start(
        program: &Program,
        ready: &str,
        arguments: fn(&Path, [u16; 2]) -> Vec<String>,
    ) -> Self {
        // Another process may take a port before the server binds it.
        for _ in 0..5 {
            let mut running = Self::spawn(program, arguments);
            if running.wait_until_ready(ready) {
                return running;
            }
        }
        panic!("`{}` exited five times before it was ready", program.name);
    }

    fn spawn(program: &Program, arguments: fn(&Path, [u16; 2]) -> Vec<String>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let ports = free_ports();
        let log = File::create(directory.path().join("log")).unwrap();
        let child = Command::new(program.path())
            .args(arguments(directory.path(), ports))
            .current_dir(&directory)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self {
            child,
            directory,
            ports,
        }
    }

    /// Waits for the server. Returns `false` if it exits.
    fn wait_until_ready(&mut self, path: &str) -> bool {
        let start = Instant::now();
        loop {
            let is_ready = returns_success(self.ports[0], path).unwrap_or(false);
            if self.child.try_wait().unwrap().is_some() {
                eprintln!("{}", self.log());
                return false;
            }
            if is_ready {
                return true;
            }
            assert!(start.elapsed() < READY_TIMEOUT, "not ready: {}", self.log());
            thread::sleep(POLL_INTERVAL);
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports[0])
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder(self.url())
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails if the process has exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("log of the server:\n{}", self.log());
        }
    }
}

/// Returns two free ports that no other test of this process uses.
fn free_ports() -> [u16; 2] {
    static USED: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut used = USED.lock().unwrap();
    [(); 2].map(|()| {
        loop {
            let port = Listener::bind().address().port();
            if used.insert(port) {
                return port;
            }
        }
    })
}

/// Returns whether a GET request returns a status of success.
fn returns_success(port: u16, path: &str) -> io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET {path} HTTP/1.0\r\nhost: localhost\r\n\r\n")?;
    let mut start = [0; 10];
    stream.read_exact(&mut start)?;
    Ok(start.ends_with(b" 2"))
}
