//! Secrets of the server and of local runs, which code cannot read.

use rustix::process::Signal;

use crate::support::{Outcome, Running, Sandbox};

/// Code that prints the environment and the arguments of each process from its interpreter up to
/// `dbexec`.
const READ_PROCESSES: &str = r"
import os
print(dict(os.environ))
pid, name = os.getpid(), ''
while name != 'dbexec':
    for file in ['environ', 'cmdline', 'comm']:
        text = open(f'/proc/{pid}/{file}').read()
        print(text)
    name, pid = text.strip(), int(open(f'/proc/{pid}/stat').read().split()[3])
os.system('env')
print('all', 'read')
";

/// Secrets that `dbexec` reads from its environment.
const SECRETS: [(&str, &str); 5] = [
    ("DATABRICKS_TOKEN", "secret-1"),
    ("DATABRICKS_PASSWORD", "secret-2"),
    ("DATABRICKS_CLIENT_SECRET", "secret-3"),
    ("DATABRICKS_TOKEN_COMMAND", "echo secret-4"),
    ("ARM_CLIENT_SECRET", "secret-5"),
];

#[track_caller]
fn assert_without_secrets(outcome: &Outcome) {
    assert!(
        outcome.code == Some(0) && outcome.stdout.ends_with("all read\n"),
        "{outcome}"
    );
    assert!(outcome.stdout.contains("KEPT=kept"), "{outcome}");
    assert!(!outcome.stdout.contains("secret"), "{outcome}");
}

#[test]
fn code_cannot_read_the_secrets_of_the_server() {
    let sandbox = Sandbox::new();
    sandbox.write("token", "secret-0\n");
    for (arguments, variable) in [
        (&["serve", "--port", "0", "--token", "secret-0"][..], None),
        (&["serve", "--port", "0"], Some("secret-0")),
        (&["serve", "--port", "0", "--token-file", "token"], None),
    ] {
        for secrets in [&[][..], &SECRETS] {
            let mut command = sandbox.command(arguments);
            command.envs(secrets.iter().copied()).env("KEPT", "kept");
            command.envs(variable.map(|token| ("DBEXEC_TOKEN", token)));
            let mut server = Running::start(command);
            let url = server.stdout_line().trim_end().to_owned();
            let workspace = ["--host", &url, "--token", "secret-0", "--cluster", "a"];
            let code = ["run", "-l", "python", "-c", READ_PROCESSES];
            assert_without_secrets(&sandbox.run([&code[..], &workspace].concat()));
            server.signal(Signal::TERM);
            let outcome = server.finish();
            assert!(
                outcome.code == Some(0) && !outcome.stderr.contains("secret"),
                "{outcome}"
            );
        }
    }
}

#[test]
fn code_of_a_local_run_cannot_read_secrets() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["run", "--local", "-l", "python", "-"]);
    command.envs(SECRETS).env("KEPT", "kept");
    let outcome = Running::with_input(command, READ_PROCESSES.as_bytes()).finish();
    assert_without_secrets(&outcome);
}

#[test]
fn code_of_a_local_run_can_inherit_named_secrets() {
    let sandbox = Sandbox::new();
    let print =
        "import os\nprint(*sorted(name for name in os.environ if 'secret' in os.environ[name]))";
    let code = ["run", "--local", "-l", "python", "-c", print];
    let keep = [
        "--keep-env=DATABRICKS_TOKEN",
        "--keep-env=ARM_CLIENT_SECRET",
    ];
    let mut command = sandbox.command([&code[..], &keep].concat());
    command.envs(SECRETS);
    let names = "ARM_CLIENT_SECRET DATABRICKS_TOKEN\n";
    Running::start(command).finish().assert(0, names, "");
}
