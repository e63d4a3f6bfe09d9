//! A server under way, on ports and in a folder of its own.

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

/// Generous, as machines may be busy: servers are ready in a fraction of a second.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(5);

/// A process that ends with the test, however that ends.
pub(crate) struct Running {
    child: Child,
    folder: TempDir,
    /// The port of its API, and another one.
    pub(crate) ports: [u16; 2],
}

impl Running {
    /// Starts a server, and waits until `ready` is answered well. `arguments` follow from a folder
    /// and two ports that are free.
    pub(crate) fn start(
        program: &Program,
        ready: &str,
        arguments: fn(&Path, [u16; 2]) -> Vec<String>,
    ) -> Self {
        // Somebody else may take a port before the server does.
        for _ in 0..5 {
            let mut running = Self::spawn(program, arguments);
            if running.becomes_ready(ready) {
                return running;
            }
        }
        panic!("`{}` ended five times before it was ready", program.name);
    }

    fn spawn(program: &Program, arguments: fn(&Path, [u16; 2]) -> Vec<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports = free_ports();
        let log = File::create(folder.path().join("log")).unwrap();
        let child = Command::new(program.path())
            .args(arguments(folder.path(), ports))
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self {
            child,
            folder,
            ports,
        }
    }

    /// Whether it is ready, and not over.
    fn becomes_ready(&mut self, path: &str) -> bool {
        let start = Instant::now();
        loop {
            let ready = answers(self.ports[0], path).unwrap_or(false);
            if self.child.try_wait().unwrap().is_some() {
                eprintln!("{}", self.log());
                return false;
            }
            if ready {
                return true;
            }
            assert!(start.elapsed() < PATIENCE, "not ready: {}", self.log());
            thread::sleep(PAUSE);
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
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
        // It may be over already; there is no more to be done then.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("the server said:\n{}", self.log());
        }
    }
}

/// Two ports that nobody listens on, and that no other test of this process was given.
fn free_ports() -> [u16; 2] {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut given = GIVEN.lock().unwrap();
    [(); 2].map(|()| {
        loop {
            let port = Listener::bind().address().port();
            if given.insert(port) {
                return port;
            }
        }
    })
}

/// Whether a question is answered with 200.
fn answers(port: u16, path: &str) -> io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET {path} HTTP/1.0\r\nhost: localhost\r\n\r\n")?;
    let mut start = [0; 12];
    stream.read_exact(&mut start)?;
    Ok(start.ends_with(b" 200"))
}
