//! Processes of a standalone cluster.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use local_server::spark::Installation;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use tempfile::TempDir;

use crate::workspace::poll;

/// A master with workers of one core each. All processes are killed on drop.
pub(crate) struct Cluster {
    installation: Installation,
    folder: TempDir,
    port: u16,
    web_port: u16,
    master: Option<Daemon>,
    workers: Vec<Daemon>,
}

/// A process that leads a process group, which its executors belong to.
struct Daemon(Child);

impl Cluster {
    /// Starts a master and workers, and waits until they are registered.
    pub(crate) fn start(installation: Installation, workers: usize) -> Self {
        let mut cluster = Self {
            installation,
            folder: tempfile::tempdir().unwrap(),
            port: free_port(),
            web_port: free_port(),
            master: None,
            workers: Vec::new(),
        };
        cluster.start_master();
        for _ in 0..workers {
            cluster.add_worker();
        }
        cluster
    }

    pub(crate) fn url(&self) -> String {
        format!("spark://127.0.0.1:{}", self.port)
    }

    /// Starts the master, also after [`kill_master`](Self::kill_master), and waits until it is active.
    pub(crate) fn start_master(&mut self) {
        let recovery = self.folder.path().join("recovery");
        let port = self.port.to_string();
        let web_port = self.web_port.to_string();
        let daemon = self.daemon(
            "org.apache.spark.deploy.master.Master",
            &[
                "-Dspark.deploy.recoveryMode=FILESYSTEM".to_owned(),
                format!("-Dspark.deploy.recoveryDirectory={}", recovery.display()),
            ],
            &[
                "--host",
                "127.0.0.1",
                "--port",
                &port,
                "--webui-port",
                &web_port,
            ],
        );
        self.master = Some(daemon);
        poll(|| (self.state()?["status"] == "ALIVE").then_some(()));
    }

    /// Kills the master. Applications and workers continue without it.
    pub(crate) fn kill_master(&mut self) {
        self.master = None;
    }

    /// Starts a worker with one core, and waits until it is registered.
    pub(crate) fn add_worker(&mut self) {
        let folder = self.folder.path().join("work");
        let alive = self.alive_workers();
        let daemon = self.daemon(
            "org.apache.spark.deploy.worker.Worker",
            &[],
            &[
                "--host",
                "127.0.0.1",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--webui-port",
                "0",
                "--work-dir",
                folder.to_str().unwrap(),
                &self.url(),
            ],
        );
        self.workers.push(daemon);
        poll(|| (self.alive_workers() > alive).then_some(()));
    }

    /// Kills the worker that runs the executor of an application, together with the executor.
    pub(crate) fn kill_worker_of(&mut self, application: &str) {
        let has_executor = |worker: &Daemon| {
            let executors = executors(worker);
            executors.iter().any(|line| line.contains(application))
        };
        let index = poll(|| self.workers.iter().position(has_executor));
        self.workers.remove(index);
    }

    /// Returns the number of executors of all applications.
    pub(crate) fn executors(&self) -> usize {
        self.workers
            .iter()
            .map(|worker| executors(worker).len())
            .sum()
    }

    /// Returns the number of active applications of the master.
    pub(crate) fn applications(&self) -> usize {
        let state = poll(|| self.state());
        state["activeapps"].as_array().unwrap().len()
    }

    /// Returns the number of workers that are registered and alive.
    pub(crate) fn alive_workers(&self) -> usize {
        let state = poll(|| self.state());
        let workers = state["workers"].as_array().unwrap();
        workers
            .iter()
            .filter(|worker| worker["state"] == "ALIVE")
            .count()
    }

    /// Returns the state of the master, or `None` while it does not respond.
    fn state(&self) -> Option<Value> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.web_port));
        let mut stream = TcpStream::connect(address).ok()?;
        let request = format!("GET /json/ HTTP/1.0\r\nHost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        let mut response = String::new();
        stream.read_to_string(&mut response).ok()?;
        let (_, body) = response.split_once("\r\n\r\n")?;
        serde_json::from_str(body).ok()
    }

    fn daemon(&self, class: &str, properties: &[String], arguments: &[&str]) -> Daemon {
        let Installation { spark, java, .. } = &self.installation;
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .unwrap();
        let mut command = Command::new(&java.program);
        command
            .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"])
            .args(properties)
            .arg("-cp")
            .arg(spark.home.join("jars/*"))
            .arg(class)
            .args(arguments)
            .env("SPARK_HOME", &spark.home)
            // Usually set by the scripts of Spark. Without it, executors do not find the jars.
            .env("SPARK_SCALA_VERSION", &spark.scala)
            .env("SPARK_LOCAL_IP", "127.0.0.1")
            .env("SPARK_LOCAL_DIRS", self.path("local"))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .process_group(0);
        Daemon(command.spawn().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let group = Pid::from_child(&self.0);
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.0.wait();
    }
}

/// Returns the command lines of the executors of a worker.
fn executors(worker: &Daemon) -> Vec<String> {
    let parent = format!("\nPPid:\t{}\n", worker.0.id());
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let children = processes.filter(|process| {
        let status = fs::read_to_string(process.path().join("status"));
        status.is_ok_and(|status| status.contains(&parent))
    });
    let lines = children.map(|process| fs::read(process.path().join("cmdline")));
    lines
        .map(|line| String::from_utf8_lossy(&line.unwrap_or_default()).into_owned())
        .filter(|line| line.contains("CoarseGrainedExecutorBackend"))
        .collect()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
