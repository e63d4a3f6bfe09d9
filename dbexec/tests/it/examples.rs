//! The files in the folder `examples`, executed as by a person, cron, make, CI systems and Airflow.

mod crontab;
mod yaml;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use local_server::spark::testing;
use serde_json::Value;

use self::crontab::Crontab;
use crate::support::{DBEXEC, Outcome, Sandbox, ServeProcess, run_to_end};

/// The folder `examples` of the repository.
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
const README: &str = include_str!("../../README.md");

/// Report of each of the last 30 days.
const REPORT: &str = "region,total\nMünchen,179.50\nOslo,80.25\n";

/// Command that installs `dbexec`, which takes minutes.
const INSTALL: &str = "cargo install --locked --path dbexec";

/// Packages that the file for Airflow imports. At its end, they print the arguments of the operators.
const AIRFLOW: [(&str, &str); 2] = [
    (
        "airflow/__init__.py",
        "class DAG:\n    def __init__(self, **arguments):\n        assert arguments['dag_id']\n    \
         def __enter__(self):\n        return self\n    def __exit__(self, *error):\n        pass\n",
    ),
    (
        "airflow/providers/standard/operators/bash.py",
        "import json\n\nclass BashOperator:\n    def __init__(self, **arguments):\n        \
         print(json.dumps(arguments, default=str))\n",
    ),
];

fn example(name: &str) -> String {
    let path = Path::new(EXAMPLES).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Home folder of a user with `dbexec`, the examples in `jobs`, a checkout in `checkout`, and a profile for a
/// local server.
struct Home {
    sandbox: Sandbox,
    server: ServeProcess,
}

impl Home {
    fn with_spark() -> Self {
        let installation = testing::installation();
        let spark = installation.spark.home.to_str().unwrap();
        let java = installation.java.program.to_str().unwrap();
        Self::new(&["--spark-home", spark, "--java", java])
    }

    fn new(options: &[&str]) -> Self {
        let sandbox = Sandbox::new();
        copy(Path::new(EXAMPLES), &sandbox.path("jobs"));
        copy(Path::new(EXAMPLES), &sandbox.path("checkout/examples"));
        fs::create_dir_all(sandbox.path(".cargo/bin")).unwrap();
        symlink(DBEXEC, sandbox.path(".cargo/bin/dbexec")).unwrap();
        let server = ServeProcess::with(&sandbox, options);
        let profile = format!(
            "[DEFAULT]\nhost = {}\ntoken = secret\ncluster_id = etl\n",
            server.url
        );
        sandbox.write(".databrickscfg", profile);
        Self { sandbox, server }
    }

    /// Returns a command of a shell in a folder, with few variables.
    fn shell(&self, folder: &str, shell: &str, options: &[&str], line: &str) -> Command {
        let mut command = self.sandbox.program(shell, [options, &[line]].concat());
        command
            .current_dir(self.sandbox.path(folder))
            .env("PATH", "/usr/bin:/bin");
        command
    }

    /// Sets the variables of [`DATABRICKS`] and a `PATH` with `dbexec`, as CI systems do. No profile is read.
    fn set_ci_variables(&self, command: &mut Command) {
        let bin = self.sandbox.path(".cargo/bin");
        command
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .env("DATABRICKS_CONFIG_FILE", "/dev/null")
            .env("DATABRICKS_HOST", &self.server.url)
            .env("DATABRICKS_TOKEN", "secret")
            .env("DATABRICKS_CLUSTER_ID", "etl");
    }

    fn read(&self, path: &str) -> String {
        let path = self.sandbox.path(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// Variables from which the files for CI systems take the workspace.
const DATABRICKS: [&str; 3] = [
    "DATABRICKS_HOST",
    "DATABRICKS_TOKEN",
    "DATABRICKS_CLUSTER_ID",
];

#[track_caller]
fn assert_success(outcome: &Outcome) {
    assert!(
        outcome.code == Some(0) && outcome.stderr.is_empty(),
        "{outcome}"
    );
}

#[test]
fn nightly_report_is_written_by_schedulers() {
    let _permit = testing::jvm_start_permit();
    let home = Home::with_spark();
    cron_writes_the_report(&home);
    make_writes_the_report(&home);
    github_actions_write_the_report(&home);
    gitlab_writes_the_report(&home);
    airflow_writes_the_report(&home);
}

fn cron_writes_the_report(home: &Home) {
    let outcome = run_cron_job(home, "nightly.sh");
    assert_success(&outcome);
    // cron sends a mail if anything is printed.
    assert_eq!(outcome.stdout, "");
    assert_eq!(home.read("report.csv"), REPORT);
}

/// Runs the job of the crontab whose command contains a text, as cron does.
fn run_cron_job(home: &Home, text: &str) -> Outcome {
    let crontab = Crontab::parse(&example("crontab"));
    let job = crontab.job(text);
    assert_eq!(job.stdin, "");
    let mut command = home.shell(".", "/bin/sh", &["-c"], &job.command);
    command
        .env_clear()
        .env("HOME", home.sandbox.path("."))
        .env("LOGNAME", "me")
        .env("SHELL", "/bin/sh")
        .env("PATH", "/usr/bin:/bin")
        .envs(crontab.variables);
    run_to_end(command)
}

#[test]
fn cluster_runs_from_morning_to_evening() {
    let home = Home::new(&["--clusters", "strict"]);
    let list = ["call", "clusters.list", "--get"];
    let outcome = run_cron_job(&home, "cluster-up.sh");
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), ""), "{outcome}");
    let workers = [&list[..], &["clusters.0.num_workers"]].concat();
    home.sandbox.run(workers).assert(0, "4\n", "");
    let code = ["-l", "python", "-c", "print(6 * 7)"];
    let run = [&["run", "--cluster", "etl"], &code[..]].concat();
    home.sandbox.run(run).assert(0, "42\n", "");

    assert_success(&run_cron_job(&home, "cluster-down.sh"));
    let clusters = [&list[..], &["clusters"]].concat();
    home.sandbox.run(clusters).assert(0, "[]\n", "");
    assert!(!home.sandbox.path("etl.cluster").exists());
}

fn make_writes_the_report(home: &Home) {
    let make = |arguments: &str| {
        let path = "PATH=\"$HOME/.cargo/bin:$PATH\"";
        let line = format!("{path} exec make {arguments}");
        run_to_end(home.shell("jobs", "sh", &["-c"], &line))
    };
    assert_success(&make(""));
    let is_report = |name: &String| name.starts_with("report-2");
    let files = || {
        let files = fs::read_dir(home.sandbox.path("jobs")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(is_report).collect::<Vec<_>>()
    };
    let [name] = &files()[..] else {
        panic!("expected one report: {:?}", files());
    };
    assert_eq!(home.read(&format!("jobs/{name}")), REPORT);
    let again = make("");
    assert!(again.stdout.contains("is up to date"), "{again}");

    let failed = make("DAY=2001-01-01");
    assert_eq!(failed.code, Some(2), "{failed}");
    assert!(
        failed.stderr.contains("no sales on 2001-01-01\n"),
        "{failed}"
    );
    assert_eq!(
        files(),
        std::slice::from_ref(name),
        "an empty report is kept"
    );
}

fn github_actions_write_the_report(home: &Home) {
    let workflow = yaml::parse(&example("github-actions.yml"));
    let job = &workflow["jobs"]["report"];
    for name in DATABRICKS {
        let value = job["env"][name].as_str().unwrap_or_default();
        let source = if name.ends_with("TOKEN") {
            "secrets"
        } else {
            "vars"
        };
        assert_eq!(value, format!("${{{{ {source}.{name} }}}}"));
    }
    let steps = job["steps"].as_array().unwrap();
    let mut lines = steps.iter().filter_map(|step| step["run"].as_str());
    assert_eq!(lines.next(), Some(INSTALL));
    for line in lines {
        // The default shell of a step.
        let mut command = home.shell("checkout", "bash", &["-e", "-c"], line);
        home.set_ci_variables(&mut command);
        command.env("GITHUB_STEP_SUMMARY", home.sandbox.path("summary.md"));
        assert_success(&run_to_end(command));
    }
    assert_eq!(home.read("checkout/report.csv"), REPORT);
    let summary = home.read("summary.md");
    assert!(summary.contains("totals.py"), "{summary}");
}

fn gitlab_writes_the_report(home: &Home) {
    let pipeline = yaml::parse(&example("gitlab-ci.yml"));
    let job = &pipeline["report"];
    let lines = |key: &str| -> Vec<String> { serde_json::from_value(job[key].clone()).unwrap() };
    assert_eq!(lines("before_script"), [INSTALL]);
    let script = format!("set -eo pipefail\n{}", lines("script").join("\n"));
    let mut command = home.shell("checkout", "bash", &["-c"], &script);
    home.set_ci_variables(&mut command);
    fs::remove_file(home.sandbox.path("checkout/report.csv")).unwrap();
    assert_success(&run_to_end(command));
    assert_eq!(lines_of(&job["artifacts"]["paths"]), ["report.csv"]);
    assert_eq!(home.read("checkout/report.csv"), REPORT);
    let report = job["artifacts"]["reports"]["junit"].as_str().unwrap();
    let report = home.read(&format!("checkout/{report}"));
    assert!(report.contains("<testsuite"), "{report}");
}

fn lines_of(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap();
    items.iter().map(|item| item.as_str().unwrap()).collect()
}

fn airflow_writes_the_report(home: &Home) {
    let packages = home.sandbox.path("packages");
    for (path, text) in AIRFLOW {
        let path = packages.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut read = home
        .sandbox
        .program("python3", [Path::new(EXAMPLES).join("airflow_dag.py")]);
    read.env("PYTHONPATH", &packages);
    let operator = run_to_end(read);
    assert_success(&operator);
    let operator: Value = serde_json::from_str(&operator.stdout).unwrap();
    assert_eq!(operator["append_env"], true);

    let day = run_to_end(home.shell(".", "date", &[], "+%F")).stdout;
    let render = |template: &str| {
        let text = template.replace("{{ ds }}", day.trim());
        let text = text.replace("{{ conn.databricks.host }}", &home.server.url);
        let text = text.replace("{{ conn.databricks.password }}", "secret");
        let text = text.replace("{{ var.value.databricks_cluster_id }}", "etl");
        assert!(!text.contains("{{"), "{text}");
        text
    };
    let opt = home.sandbox.path("opt");
    copy(Path::new(EXAMPLES), &opt.join("jobs"));
    fs::create_dir(opt.join("reports")).unwrap();
    let line = render(operator["bash_command"].as_str().unwrap());
    let line = line.replace("/opt", opt.to_str().unwrap());
    let mut command = home.shell(".", "bash", &["-c"], &line);
    home.set_ci_variables(&mut command);
    for name in DATABRICKS {
        command.env(name, render(operator["env"][name].as_str().unwrap()));
    }
    assert_success(&run_to_end(command));
    let report: PathBuf = opt.join("reports").join(format!("{}.csv", day.trim()));
    assert_eq!(fs::read_to_string(report).unwrap(), REPORT);
}

#[test]
fn readme_contains_the_files_of_the_examples() {
    for (name, language) in [
        ("nightly.sh", "sh"),
        ("cluster-up.sh", "sh"),
        ("cluster-down.sh", "sh"),
        ("crontab", "crontab"),
        ("Makefile", "make"),
        ("github-actions.yml", "yaml"),
        ("gitlab-ci.yml", "yaml"),
        ("airflow_dag.py", "python"),
    ] {
        let block = format!("```{language}\n{}```\n", example(name));
        assert!(README.contains(&block), "{name} differs from the README");
    }
}
