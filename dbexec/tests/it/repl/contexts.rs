//! Execution contexts of sessions: replaced, destroyed, kept.

use super::*;
use crate::spark::fake_options;

#[test]
fn lost_context_is_reported_and_replaced() {
    let sandbox = Sandbox::new();
    let mut repl = Repl::start(&sandbox, &LOCAL);
    repl.input("x = 1");
    repl.input("import os; os._exit(3)");
    repl.input("x");
    let end = repl.end();
    assert!(end.contains("error: execution context lost: "), "{end}");
    let note = "\nnote: its variables are gone; the next input creates a new context\n";
    assert!(end.contains(note), "{end}");
    assert!(end.contains("NameError: name 'x' is not defined"), "{end}");
}

/// Arguments for a [`Service`].
fn at(service: &Service) -> Vec<String> {
    let url = service.url();
    ["repl", "--host", &url, "--token", TOKEN, "--cluster", "etl"]
        .map(str::to_owned)
        .into()
}

pub(super) fn start_at<'s>(sandbox: &'s Sandbox, service: &Service) -> Repl<'s> {
    let arguments = at(service);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Repl::on(&terminal(), sandbox, &arguments, "etl py>")
}

#[test]
fn signal_destroys_the_context_and_restores_the_terminal() {
    for signal in [Signal::TERM, Signal::HUP] {
        let table = json!({"status": "Finished", "results": {"resultType": "text", "data": "ok"}});
        let service = Service::start(&[("commands/status", Reaction::Body(table.to_string()))]);
        let sandbox = Sandbox::new();
        let arguments = at(&service);
        let start = format!("echo $$ > pid; exec \"$DBEXEC\" {}", arguments.join(" "));
        let script = "sh -c \"$0\"; stty";
        let session = terminal().start_program(&sandbox, "sh", ["-c", script, &start]);
        let mut repl = Repl {
            session,
            prompt: "etl py>",
            prompts: 0,
            continuations: 0,
        };
        repl.wait_for_prompt();
        repl.input("1");
        assert_eq!(service.contexts(), (1, 1));
        let pid = fs::read_to_string(sandbox.path("pid")).unwrap();
        let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
        let end = repl.session.finish().text;
        assert!(
            end.contains("\ninterrupted: session ended, context destroyed\n"),
            "{end}"
        );
        // Otherwise `stty` lists `-icanon` and `-echo`.
        assert!(end.contains("speed") && !end.contains("-icanon"), "{end}");
        assert_eq!(service.contexts(), (1, 0));
        let journal = fs::read_dir(sandbox.path(".local/state/dbexec/contexts")).unwrap();
        assert_eq!(journal.count(), 0);
    }
}

#[test]
fn second_ctrl_c_gives_the_prompt_back_if_the_server_does_not_confirm() {
    let running = json!({"status": "Running", "results": null}).to_string();
    let service = Service::start(&[("commands/status", Reaction::Body(running))]);
    let sandbox = Sandbox::new();
    let url = service.url();
    // Without the second Ctrl-C, the end of the command would be awaited for this time.
    let arguments = [
        "repl",
        "--host",
        &url,
        "--token",
        TOKEN,
        "--cluster",
        "etl",
        "--cleanup-timeout",
        "1h",
    ];
    let mut repl = Repl::on(&terminal(), &sandbox, &arguments, "etl py>");
    repl.press("1\r");
    service.wait_for("commands/status");
    repl.press(CTRL_C);
    service.wait_for("commands/cancel");
    repl.press(CTRL_C);
    repl.wait_for_prompt();
    let text = repl.text();
    assert!(
        text.contains("warning: not confirmed; the command "),
        "{text}"
    );
    assert!(
        text.contains("\nnote: the next input runs after the end of this command\n"),
        "{text}"
    );
    repl.end();
    assert_eq!(service.contexts(), (1, 0));
}

#[test]
fn kept_context_is_used_by_the_next_session() {
    let sandbox = Sandbox::new();
    let spark = fake_options(&sandbox);
    let server = ServeProcess::with(&sandbox, &spark.each_ref().map(String::as_str));
    let workspace = ["--host", &server.url, "--token", "secret"];
    let arguments = [&["repl", "--cluster", "etl", "--keep"][..], &workspace].concat();
    let mut repl = Repl::on(&terminal(), &sandbox, &arguments, "etl py>");
    repl.input("kept = 'kept'");
    let end = repl.end();
    assert!(end.starts_with("etl Running, Spark 4.3.0. :help"), "{end}");
    let (_, handle) = end.split_once("`dbexec run --context ").unwrap();
    let handle = handle.split('`').next().unwrap().replace('\n', "");
    let arguments = [&["repl", "--context", &handle][..], &workspace].concat();
    let mut repl = Repl::on(&terminal(), &sandbox, &arguments, "etl py>");
    repl.input("kept");
    // The context of Python does not run R: another one is created.
    repl.input(":r cat('from R')");
    repl.input(":reset");
    repl.input("'new'");
    let end = repl.end();
    for text in ["\n'kept'\n", "\nfrom R\n", "\n'new'\n"] {
        assert!(end.contains(text), "{text}\n{end}");
    }
}
