//! Cores, memory and settings of clusters.

use local_server::{Options, Server};
use serde_json::{Value, json};

use crate::workspace::{Context, poll, request_path, start};

/// Creates a cluster, waits until it runs, and returns its properties.
fn create(server: &Server, settings: &Value) -> Value {
    let address = server.address();
    let created = request_path(address, "POST", "/api/2.1/clusters/create", settings);
    let id = created["cluster_id"].as_str();
    let id = id.unwrap_or_else(|| panic!("{created}"));
    let target = format!("/api/2.1/clusters/get?cluster_id={id}");
    poll(|| {
        let cluster = request_path(address, "GET", &target, &Value::Null);
        (cluster["state"] == "RUNNING").then_some(cluster)
    })
}

#[test]
fn cores_memory_and_settings_are_those_of_the_cluster() {
    let server = start(Options::new().memory("900m".parse().unwrap()));
    let cluster = create(
        &server,
        &json!({
            "spark_version": "x",
            "num_workers": 3,
            "spark_conf": {
                "spark.driver.memory": "600m",
                "spark.master": "local[7]",
                "spark.sql.shuffle.partitions": "5",
            },
        }),
    );
    assert_eq!(
        cluster["state_message"],
        "Settings of spark_conf without effect on this server: spark.master"
    );
    let python = Context::on(&server, cluster["cluster_id"].as_str().unwrap(), "python");
    let properties = "runtime = sc._jvm.java.lang.Runtime.getRuntime()\n\
        print(sc.master, sc.defaultParallelism, spark.conf.get('spark.sql.shuffle.partitions'))\n\
        print(500 < runtime.maxMemory() / 2**20 <= 600)";
    assert_eq!(python.text(properties), "local[3] 3 5\nTrue");

    // The memory is that of the server.
    let autoscaled = create(
        &server,
        &json!({
            "spark_version": "x",
            "autoscale": {"min_workers": 1, "max_workers": 2},
            "spark_conf": {"spark.sql.shuffle.partitions": "6"},
        }),
    );
    assert_eq!(autoscaled["state_message"], "");
    let scala = Context::on(&server, autoscaled["cluster_id"].as_str().unwrap(), "scala");
    let properties = "val mib = Runtime.getRuntime.maxMemory >> 20\n\
        val partitions = spark.conf.get(\"spark.sql.shuffle.partitions\")\n\
        dbutils.notebook.exit(s\"${sc.defaultParallelism} $partitions ${700 < mib && mib <= 900}\")";
    assert_eq!(scala.text(properties), "2 6 true");
}
