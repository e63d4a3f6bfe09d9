//! The example "Run a JAR" of the documentation: a JAR is uploaded, installed on a cluster, and called in a
//! Scala context, with the client, with `curl` and with the official SDK.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use generated_client::api_2_0::{Library, clusters, libraries};
use generated_client::files::FileUpload;
use generated_client::{Config, ExecutionContext, Language, Wait, wait_until_installed};
use local_server::spark::{Installation, testing};
use local_server::{Options, Server, SparkChoice};
use serde_json::{Value, json};

/// Program that uses the SDK.
const DRIVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/jar/drive.py");

const TOKEN: &str = "dapi0123";

/// Time for operations that usually take seconds.
const DEADLINE: Duration = Duration::from_secs(600);

const HOUR: Duration = Duration::from_secs(3600);

/// Compiles a JAR. Its tasks use a class of the JAR.
fn compile(installation: &Installation, folder: &Path, package: &str) -> PathBuf {
    let source = format!(
        "package com.example.{package}\n\
         class Doubler extends Serializable {{ def apply(n: Int): Int = n * 2 }}\n\
         object Main {{\n\
           def run(sc: org.apache.spark.SparkContext): Long = {{\n\
             val doubler = new Doubler\n\
             sc.parallelize(1 to 100).map(n => doubler(n)).filter(_ % 4 == 0).count()\n\
           }}\n\
         }}\n"
    );
    testing::compile_jar(installation, folder, package, &source)
}

/// Runs `curl` with the token, and returns the response.
fn curl(server: &Server, endpoint: &str, arguments: &[&str]) -> Value {
    let output = Command::new("curl")
        .args(["-sS", "-H", &format!("Authorization: Bearer {TOKEN}")])
        .args(arguments)
        .arg(format!("{}/api/{endpoint}", server.url()))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let response = serde_json::from_slice(&output.stdout);
    response.unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn poll<T>(mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(start.elapsed() < DEADLINE, "timed out");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn jar_is_uploaded_installed_and_called() {
    let folder = tempfile::tempdir().unwrap();
    let installation = testing::installation();
    let _permit = testing::jvm_start_permit();
    let [first, second, third] =
        ["first", "second", "third"].map(|package| compile(&installation, folder.path(), package));
    let spark = SparkChoice::Home(installation.spark.home);
    let options = Options::new()
        .token(TOKEN)
        .strict_clusters(true)
        .spark(spark);
    let server = Server::start(options).unwrap();
    let client = Config::new().host(server.url()).token(TOKEN);
    let client = client.client().unwrap();
    let wait = || Wait::new().timeout(HOUR);

    // In blocks, before the context is created.
    let create = clusters::Create::new("16.4.x-scala2.12").num_workers(1);
    let cluster = clusters::create(&client, &create).unwrap();
    clusters::wait_for_create(&client, &cluster, wait()).unwrap();
    let cluster = cluster.cluster_id;
    let upload = FileUpload::new("/jars/first.jar");
    upload
        .send(&client, &mut File::open(first).unwrap())
        .unwrap();
    let jars = [Library::new().jar("dbfs:/jars/first.jar")];
    let install = libraries::Install::new(&cluster, jars.to_vec());
    libraries::install(&client, &install).unwrap();
    wait_until_installed(&client, &cluster, &jars, wait()).unwrap();
    let context = ExecutionContext::create(&client, &cluster, Language::Scala).unwrap();
    let output = context.run("com.example.first.Main.run(sc)").unwrap();
    assert_eq!(output.text(), Some("res0: Long = 50"));

    // In one request, for a running context.
    let contents = format!("contents=@{}", second.display());
    let put = ["-F", &contents, "-F", "path=/jars/second.jar"];
    assert_eq!(curl(&server, "2.0/dbfs/put", &put), json!({}));
    let body = format!(
        r#"{{"cluster_id": "{cluster}", "libraries": [{{"jar": "dbfs:/jars/second.jar"}}]}}"#
    );
    let installed = curl(&server, "2.0/libraries/install", &["-d", &body]);
    assert_eq!(installed, json!({}));
    let query = format!("2.0/libraries/cluster-status?cluster_id={cluster}");
    poll(|| {
        let response = curl(&server, &query, &[]);
        (response["library_statuses"][1]["status"] == "INSTALLED").then_some(())
    });
    let ids = format!("clusterId={cluster}&contextId={}", context.id());
    let execute = format!("{ids}&language=scala&command=com.example.second.Main.run(sc)");
    let command = curl(&server, "1.2/commands/execute", &["-d", &execute])["id"].clone();
    let command = command.as_str().unwrap();
    let query = format!("1.2/commands/status?{ids}&commandId={command}");
    let finished = poll(|| {
        let response = curl(&server, &query, &[]);
        (response["status"] == "Finished").then_some(response)
    });
    assert_eq!(finished["results"]["data"], "res1: Long = 50", "{finished}");
    context.close().unwrap();

    // In blocks, with another context.
    let plan = json!({
        "host": server.url(),
        "token": TOKEN,
        "cluster": cluster.as_str(),
        "jar": third,
    });
    let output = tests::sdk::run(DRIVE, &plan, &server);
    assert_eq!(output, "res0: Long = 50");
}
