//! The official SDK for Python against the local server, compared with the client of this project.

mod client;
mod compare;
mod scripts;

use generated_client::api_2_0::clusters;
use local_server::interpreters::testing::require_r;
use local_server::spark::testing;
use local_server::{Options, Quirk, Server, SparkChoice};
use serde_json::{Value, json};

use self::scripts::SCRIPTS;

pub(crate) const TOKEN: &str = "dapi0123";
const DRIVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdk/drive.py");

/// Creates the cluster of all commands. Its SQL and Python contexts share one JVM.
fn create_cluster(server: &Server) -> String {
    let client = client::client(server);
    let create = clusters::Create::new("17.3.x-scala2.13").num_workers(1);
    let cluster = clusters::create(&client, &create).unwrap();
    clusters::wait_for_create(&client, &cluster, client::wait()).unwrap();
    cluster.cluster_id.as_str().to_owned()
}

/// Values of the steps of a script, or of the steps without a script.
#[track_caller]
fn value<'a>(steps: &'a [Value], step: &str) -> &'a Value {
    let found = steps.iter().find(|found| found["step"] == step);
    &found.unwrap_or_else(|| panic!("no step {step}: {steps:#?}"))["value"]
}

/// Runs all steps with the SDK and with the client of this project, compares all results, and checks those
/// of the SDK.
fn compare(options: Options, cancel_waits: bool) {
    require_r();
    let installation = testing::installation();
    let permit = testing::jvm_start_permit();
    let options = options
        .token(TOKEN)
        .strict_clusters(true)
        .spark(SparkChoice::Home(installation.spark.home))
        .quirk(Quirk::CancelIsFinished, !cancel_waits);
    let server = Server::start(options).unwrap();
    let cluster = create_cluster(&server);
    let plan = json!({
        "host": server.url(),
        "token": TOKEN,
        "cluster": cluster,
        "scripts": SCRIPTS,
        "cancel_waits": cancel_waits,
    });
    let steps = tests::sdk::run(DRIVE, &plan, &server);
    let steps = steps.as_array().expect("steps");
    let client_steps = client::drive(&server, &cluster);
    drop(permit);
    compare::assert_equal_steps(steps, &client_steps);
    assert_eq!(server.contexts(), 0);
    assert_clusters(steps);
    assert_files(steps);
    assert_commands(
        steps,
        if cancel_waits {
            "Cancelled"
        } else {
            "Finished"
        },
    );
}

fn assert_clusters(steps: &[Value]) {
    for step in ["created", "get", "running", "started"] {
        assert_eq!(value(steps, step)["state"], "RUNNING", "{step}");
    }
    for step in ["terminated", "terminated again"] {
        let cluster = value(steps, step);
        assert_eq!(cluster["state"], "TERMINATED", "{step}");
        assert_eq!(cluster["termination_reason"]["code"], "USER_REQUEST");
    }
    let removed =
        json!({"code": "INVALID_PARAMETER_VALUE", "message": "Cluster ID does not exist"});
    assert_eq!(value(steps, "removed"), &removed);
    assert_eq!(value(steps, "list")[0]["cluster_name"], "driven");
    assert_eq!(value(steps, "list of others"), &json!([]));

    let libraries = value(steps, "libraries");
    assert_eq!(libraries[0]["status"], "INSTALLED", "{libraries}");
    assert_eq!(libraries[1]["status"], "FAILED", "{libraries}");
    assert_eq!(
        value(steps, "all libraries")[0]["library_statuses"],
        *libraries
    );
    let uninstalled = value(steps, "uninstalled libraries");
    assert_eq!(uninstalled[0]["status"], "UNINSTALL_ON_RESTART");
    assert_eq!(value(steps, "libraries after a restart"), &json!([]));
}

fn assert_files(steps: &[Value]) {
    let read = json!({"bytes_read": 3, "data": "MjM0"});
    assert_eq!(value(steps, "read"), &read);
    let read = json!({"bytes_read": 7, "data": "b25lIHR3bw=="});
    assert_eq!(value(steps, "blocks"), &read);
    assert_eq!(value(steps, "equal"), true);
    assert_eq!(value(steps, "exists"), false);
    let files = value(steps, "list of a folder").as_array().unwrap();
    let paths: Vec<_> = files.iter().map(|file| &file["path"]).collect();
    assert_eq!(
        paths,
        ["/sdk/a.bin", "/sdk/a.jar", "/sdk/folder", "/sdk/moved.txt"]
    );
    let codes = ["put again", "moved", "folder in use"];
    let codes = codes.map(|step| value(steps, step)["code"].as_str().unwrap());
    let expected = [
        "RESOURCE_ALREADY_EXISTS",
        "RESOURCE_DOES_NOT_EXIST",
        "IO_ERROR",
    ];
    assert_eq!(codes, expected);
}

fn assert_commands(steps: &[Value], canceled: &str) {
    let results = |step: &str| &value(steps, step)["results"];
    assert_eq!(results("print(6*7)")["data"], "42");
    assert_eq!(results("text")["data"], "'h\u{e9}llo \u{1f600} & x=1'");
    let error = &results("1/0")["summary"];
    assert_eq!(error, "ZeroDivisionError: division by zero");
    assert_eq!(
        results("display(spark.range(2))")["data"],
        json!([[0], [1]])
    );
    assert_eq!(results("sum(x)")["data"], "[1] 3");
    assert_eq!(results("stop('no')")["summary"], "Error: no");
    let table = results("select * from sdk_numbers order by id");
    assert_eq!(table["data"], json!([[0], [1], [2]]), "{table}");
    assert_eq!(results("select nope")["resultType"], "error");
    let collected = "res0: Array[Int] = Array(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)";
    assert_eq!(
        results("sc.parallelize(1 to 10).collect")["data"],
        collected
    );

    let of_each_language = |step: &str| -> Vec<_> {
        let found = steps.iter().filter(|found| found["step"] == step);
        found.map(|found| &found["value"]).collect()
    };
    assert_eq!(of_each_language("context"), ["Running"; SCRIPTS.len()]);
    for cancel in of_each_language("cancel") {
        assert_eq!(cancel["status"], canceled, "{cancel}");
        let cause = cancel["results"]["cause"].as_str().unwrap();
        assert!(cause.contains("CommandCancelledException"), "{cause}");
    }
    for destroyed in of_each_language("destroyed") {
        let message = destroyed["message"].as_str().unwrap();
        assert!(message.contains("ID does not exist"), "{message}");
    }
}

#[test]
fn all_languages_and_apis_over_http() {
    compare(Options::new(), true);
}

#[test]
fn all_languages_and_apis_over_tls() {
    compare(Options::new().tls(true), false);
}
