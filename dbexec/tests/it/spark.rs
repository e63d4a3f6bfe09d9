//! `dbexec spark`, and code on this machine that needs Spark.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::channel;

use rustix::fs::{FlockOperation, flock};
use rustix::process::Signal;
use test_server::Server;

use crate::support::{Running, Sandbox, until};

/// A Python without packages: it prints nothing and succeeds. The Python of this machine may have the
/// package pyspark.
const PYTHON: &str = "true";

/// Creates a folder that looks like Spark.
fn fake_spark(sandbox: &Sandbox) -> PathBuf {
    let home = sandbox.path("spark");
    fs::create_dir_all(home.join("jars")).unwrap();
    fs::write(home.join("jars/spark-core_2.13-4.3.0.jar"), "").unwrap();
    home.canonicalize().unwrap()
}

/// Creates a folder that looks like Java 17. Its program is not started, because the version is in the file
/// `release`.
fn fake_java(sandbox: &Sandbox) -> PathBuf {
    let home = sandbox.path("java");
    fs::create_dir_all(home.join("bin")).unwrap();
    fs::write(home.join("release"), "JAVA_VERSION=\"17.0.15\"\n").unwrap();
    fs::write(home.join("bin/java"), "").unwrap();
    home
}

/// Returns options of `dbexec serve` for the fake Spark and Java.
pub(crate) fn fake_options(sandbox: &Sandbox) -> [String; 4] {
    let spark = fake_spark(sandbox).display().to_string();
    let java = fake_java(sandbox).join("bin/java").display().to_string();
    ["--spark-home".to_owned(), spark, "--java".to_owned(), java]
}

#[test]
fn code_that_needs_spark_is_not_sent_without_spark() {
    let sandbox = Sandbox::new();
    for (language, name) in [("scala", "Scala"), ("sql", "SQL")] {
        let arguments = [
            "run", "--local", "--python", PYTHON, "-l", language, "-c", "1",
        ];
        let stderr = format!(
            "error: {name} code needs Spark: Spark is not installed\n\
             help: install it with `dbexec spark install`\n"
        );
        sandbox.run(arguments).assert(2, "", &stderr);
    }
}

#[test]
fn code_that_needs_java_is_not_sent_without_java() {
    let sandbox = Sandbox::new();
    let home = fake_spark(&sandbox);
    let mut command = sandbox.command(["run", "--local", "-l", "scala", "-c", "1"]);
    command
        .env("SPARK_HOME", &home)
        .env("JAVA_HOME", "/nonexistent");
    Running::start(command).finish().assert(
        2,
        "",
        "error: Scala code needs Spark: `/nonexistent/bin/java` (from `JAVA_HOME`) cannot be started: No \
         such file or directory (os error 2)\n\
         help: unset `JAVA_HOME`, or set it to a folder of Java\n",
    );
}

#[test]
fn selected_spark_is_checked_before_the_server_starts() {
    let sandbox = Sandbox::new();
    let folder = sandbox.path("empty");
    fs::create_dir(&folder).unwrap();
    let folder = folder.display();
    sandbox
        .run(["serve", "--port", "0", "--spark-home", &folder.to_string()])
        .assert(
            2,
            "",
            &format!(
                "error: `{folder}` (from an option) contains no Spark: there is no file \
                 `jars/spark-core_*.jar`\n\
                 help: select a folder of Spark that contains `jars`\n"
            ),
        );
}

#[test]
fn status_shows_paths_versions_and_sources() {
    let sandbox = Sandbox::new();
    let home = fake_spark(&sandbox);
    let java = fake_java(&sandbox);
    let status = |arguments: &[&str]| {
        let mut command = sandbox.command([&["spark", "status"], arguments].concat());
        command.env("SPARK_HOME", &home).env("JAVA_HOME", &java);
        Running::start(command).finish()
    };

    let outcome = status(&["--output", "json"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(json["spark"]["home"], home.to_str().unwrap());
    assert_eq!(json["spark"]["version"], "4.3.0");
    assert_eq!(json["spark"]["scala"], "2.13");
    assert_eq!(json["spark"]["source"], "from `SPARK_HOME`");
    assert_eq!(json["java"]["version"], 17);
    assert_eq!(json["java"]["source"], "from `JAVA_HOME`");
    assert_eq!(json["python"]["program"], "python3");

    let outcome = status(&["--python", "/nonexistent/python"]);
    let expected = format!(
        "spark   4.3.0    SPARK_HOME, Scala 2.13: {}\n\
         java    17       JAVA_HOME: {}/bin/java\n\
         python  missing  try: use `--python PROGRAM` to select Python 3.8 or newer \
         (`/nonexistent/python` cannot be started: No such file or directory (os error 2))\n",
        home.display(),
        java.display()
    );
    assert!(outcome.stdout.starts_with(&expected), "{outcome:?}");
}

#[test]
fn status_names_the_commands_that_install_what_is_missing() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run(["spark", "status", "--python", PYTHON]);
    let rows: Vec<_> = outcome.stdout.lines().collect();
    let words: Vec<_> = rows[0].split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "spark missing try: install it with `dbexec spark install` (Spark is not installed)"
    );
    assert_eq!(outcome.code, Some(0));
}

#[test]
fn missing_spark_is_not_prepared() {
    let sandbox = Sandbox::new();
    let stderr = "error: Spark is not installed\nhelp: install it with `dbexec spark install`\n";
    sandbox
        .run(["spark", "prepare", "--python", PYTHON])
        .assert(2, "", stderr);
}

#[test]
fn preparation_waits_for_that_of_another_process() {
    let sandbox = Sandbox::new();
    let folder = sandbox.path(".cache/dbexec/spark");
    fs::create_dir_all(&folder).unwrap();
    let other = fs::File::create(folder.join("prepare.lock")).unwrap();
    flock(&other, FlockOperation::LockExclusive).unwrap();
    let mut command = sandbox.command(["spark", "prepare"]);
    command
        .env("SPARK_HOME", fake_spark(&sandbox))
        .env("JAVA_HOME", fake_java(&sandbox));
    let mut running = Running::start(command);
    let line = "waiting for another preparation of Spark\n";
    assert_eq!(running.stderr_line(), line);
    drop(other);
    let line = "compiling the programs of the local server\n";
    assert_eq!(running.stderr_line(), line);
    // The fake Java compiles nothing.
    assert_eq!(running.finish().code, Some(3));
}

#[test]
fn steps_of_a_preparation_and_their_errors_are_printed() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["spark", "prepare"]);
    command
        .env("SPARK_HOME", fake_spark(&sandbox))
        .env("JAVA_HOME", fake_java(&sandbox));
    let outcome = Running::start(command).finish();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(3), ""));
    let expected = "compiling the programs of the local server\n\
                    error: the kernels cannot be compiled: ";
    assert!(outcome.stderr.starts_with(expected), "{outcome:?}");
}

#[test]
fn memory_is_checked_before_the_server_starts() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run(["serve", "--port", "0", "--memory", "100m"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    let expected = "expected a size of at least 512m, for example `2g` or `1536m`";
    assert!(outcome.stderr.contains(expected), "{outcome:?}");
}

#[test]
fn file_with_another_length_is_not_installed() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("archive.tar.gz", "text");
    let file = file.to_str().unwrap();
    let stderr = format!(
        "error: `{file}` has 4 bytes, expected 455910862\n\
         help: the source has another file; use `--from` with an unmodified copy of the archive\n"
    );
    sandbox
        .run(["spark", "install", "--from", file])
        .assert(3, "", &stderr);
    assert!(!sandbox.path(".cache/dbexec/spark/pyspark-4.3.0").exists());
}

#[test]
fn file_of_a_mirror_with_another_length_is_not_installed() {
    let sandbox = Sandbox::new();
    let server = Server::scripted([test_server::Action::respond(
        206,
        &["content-range: bytes 0-3/4"],
        "text",
    )]);
    let url = format!("{}/pyspark.tar.gz?signature=secret", server.url());
    let outcome = sandbox.run(["spark", "install", "--from", &url]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(3), ""));
    let expected =
        "error: cannot download the archive: the file has 4 bytes, expected 455910862\nhelp: ";
    assert!(outcome.stderr.contains(expected), "{outcome:?}");
    assert!(!outcome.stderr.contains("secret"), "{outcome:?}");
    assert_eq!(server.request().header("range"), Some("bytes=0-16777215"));
}

#[test]
fn download_waits_for_another_process_and_continues_if_that_is_killed() {
    let sandbox = Sandbox::new();
    let (release, is_released) = channel::<()>();
    let is_released = Mutex::new(is_released);
    let server = Server::start(move |mut connection| {
        connection.read_request()?;
        let _ = is_released.lock().unwrap().recv();
        connection.respond(404, &[], "")
    });
    let url = format!("{}/pyspark.tar.gz", server.url());
    let install = || sandbox.start(["spark", "install", "--from", &url]);
    let mut first = install();
    assert_eq!(first.stderr_line(), "pyspark 4.3.0  Downloading\n");
    until("the first request", || server.requests().len() == 1);
    let mut second = install();
    let line = "pyspark 4.3.0  waiting for another installation\n";
    assert_eq!(second.stderr_line(), line);
    assert_eq!(server.requests().len(), 1);
    first.signal(Signal::KILL);
    assert_eq!(first.finish().code, Some(137));
    until("the second request", || server.requests().len() == 2);
    drop(release);
    let outcome = second.finish();
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(outcome.stderr.contains("status code 404"), "{outcome}");
}

#[test]
fn url_with_another_scheme_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox
        .run([
            "spark",
            "install",
            "--from",
            "ftp://example.com/pyspark.tar.gz",
        ])
        .assert(
            2,
            "",
            "error: invalid URL of the archive: the scheme is neither http nor https\n",
        );
}

#[test]
fn master_is_checked_before_the_server_starts() {
    let sandbox = Sandbox::new();
    let home = fake_spark(&sandbox);
    let java = fake_java(&sandbox);
    let closed = test_server::ClosedPort::new();
    let serve = |master: &str| {
        let mut command = sandbox.command(["serve", "--port", "0", "--master", master]);
        command.env("SPARK_HOME", &home).env("JAVA_HOME", &java);
        Running::start(command).finish()
    };
    let master = format!("spark://{}", closed.address());
    serve(&master).assert(
        3,
        "",
        &format!(
            "error: cannot connect to the master `{master}`: Connection refused (os error 111)\n\
             help: check that the master is running, and its host and port\n"
        ),
    );
    serve("host:7077").assert(
        2,
        "",
        "error: `host:7077` is not a master of Spark\n\
         help: use a URL such as `spark://host:7077`\n",
    );
}

#[test]
fn r_code_is_not_sent_without_r() {
    Sandbox::new()
        .run([
            "run", "--local", "--r", "/nonexistent/R", "-l", "r", "-c", "1",
        ])
        .assert(
            2,
            "",
            "error: R code cannot run: `/nonexistent/R` cannot be started: No such file or directory (os \
             error 2)\n\
             help: install R 4.0 or newer (on Debian and Ubuntu: `apt install --no-install-recommends \
             r-base-core`), or use `--r PROGRAM`\n",
        );
}
