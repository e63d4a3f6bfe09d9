//! Interactive sessions.

mod contexts;
mod pipe;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use test_server::Server;

use self::contexts::start_at;
use crate::pty::{End, Session, Terminal};
use crate::service::{Reaction, Service};
use crate::support::{CLUSTER, Running, Sandbox, ServeProcess, TOKEN, until};

const LOCAL: [&str; 2] = ["repl", "--local"];
pub(crate) const CTRL_C: &str = "\u{3}";
/// Time after which Tab is pressed again.
const TAB_INTERVAL: Duration = Duration::from_secs(1);
const CTRL_D: &str = "\u{4}";
const CTRL_P: &str = "\u{10}";
const UP: &str = "\u{1b}[A";

/// Terminal that shows all lines of a test.
fn terminal() -> Terminal {
    Terminal::new().size(80, 100)
}

/// Session on a terminal, and the number of prompts that it has printed.
pub(crate) struct Repl<'s> {
    session: Session<'s>,
    prompt: &'static str,
    prompts: usize,
    continuations: usize,
}

impl<'s> Repl<'s> {
    pub(crate) fn start(sandbox: &'s Sandbox, arguments: &[&str]) -> Self {
        Self::on(&terminal(), sandbox, arguments, "local py>")
    }

    /// Starts a session, and waits for its first prompt. `prompt` is that of all languages of the test, or a
    /// part of it.
    pub(crate) fn on(
        terminal: &Terminal,
        sandbox: &'s Sandbox,
        arguments: &[&str],
        prompt: &'static str,
    ) -> Self {
        let mut repl = Self {
            session: terminal.start(sandbox, arguments),
            prompt,
            prompts: 0,
            continuations: 0,
        };
        repl.wait_for_prompt();
        repl
    }

    /// Waits until another prompt follows all output.
    #[track_caller]
    pub(crate) fn wait_for_prompt(&mut self) {
        self.prompts += 1;
        let Self {
            session,
            prompt,
            prompts,
            ..
        } = self;
        session.wait_for_screen(&format!("{prompts} prompts"), |screen| {
            screen.matches(*prompt).count() == *prompts && screen.ends_with('>')
        });
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.session.press(keys);
    }

    /// Types an input and waits for the next prompt.
    #[track_caller]
    pub(crate) fn input(&mut self, input: &str) {
        self.press(&format!("{input}\r"));
        self.wait_for_prompt();
    }

    /// Types the beginning of a name, and presses Tab until it is complete: names that arrive late are there at
    /// the next Tab.
    #[track_caller]
    pub(crate) fn complete(&mut self, typed: &str, expected: &str) {
        self.press(typed);
        self.session.wait_for_screen(typed, |screen| {
            screen.ends_with(typed.trim_end()) || screen.ends_with(expected)
        });
        until(expected, || {
            self.press("\t");
            let last = Instant::now() + TAB_INTERVAL;
            while !self.session.screen().ends_with(expected) {
                if Instant::now() > last {
                    return false;
                }
                thread::sleep(Duration::from_millis(5));
            }
            true
        });
    }

    /// Types a line of an input that needs further lines.
    #[track_caller]
    pub(crate) fn line(&mut self, line: &str) {
        self.press(&format!("{line}\r"));
        self.continuations += 1;
        let count = self.continuations;
        self.session.wait_for_screen("another line", |screen| {
            screen.matches("...>").count() == count && screen.ends_with("...>")
        });
    }

    pub(crate) fn text(&self) -> String {
        self.session.text()
    }

    /// Presses Ctrl-D and returns all lines, without white space at their ends.
    #[track_caller]
    pub(crate) fn end(self) -> String {
        self.end_received().0
    }

    /// Presses Ctrl-D, and returns all lines and all that the terminal has received.
    #[track_caller]
    fn end_received(mut self) -> (String, String) {
        self.press(CTRL_D);
        let end = self.session.finish();
        assert_eq!(end.code(), Some(0), "{}", end.text);
        let End { text, received, .. } = &end;
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let text = lines.join("\n");
        (text.trim_end().to_owned(), received.clone())
    }
}

#[test]
fn inputs_share_their_variables_until_the_end() {
    let sandbox = Sandbox::new();
    let mut repl = Repl::start(&sandbox, &LOCAL);
    repl.input("1 + 1");
    repl.line("def half(x):");
    repl.line("    return x / 0");
    repl.input("");
    repl.input(":py half(1)");
    repl.line("x = [");
    repl.line("1,");
    repl.input("2]");
    repl.input(":vars");
    let end = repl.end();
    assert_eq!(
        end,
        "local. :help, Ctrl-D ends\n\
         local py> 1 + 1\n\
         2\n\
         local py> def half(x):\n     \
         ...>     return x / 0\n     \
         ...>\n\
         local py> :py half(1)\n\
         [2] line 2, in half\n\
         ZeroDivisionError: division by zero\n\
         local py> x = [\n     \
         ...> 1,\n     \
         ...> 2]\n\
         local py> :vars\n\
         half  function  (x)\n\
         x     list      2 items\n\
         local py>\n\
         context destroyed",
        "{end}"
    );
    sandbox.wait_for_processes();
}

#[test]
fn ctrl_c_clears_the_input_or_cancels_the_code_and_keeps_the_session() {
    let sandbox = Sandbox::new();
    let mut repl = Repl::start(&sandbox, &LOCAL);
    repl.input("kept = 41");
    repl.press("not an input");
    repl.session.wait_for("not an input");
    repl.press(CTRL_C);
    repl.wait_for_prompt();
    repl.line("def f(:");
    repl.press(CTRL_C);
    repl.wait_for_prompt();
    repl.press("import time; open('started', 'w').close(); time.sleep(600)\r");
    until("the code runs", || sandbox.path("started").exists());
    repl.press(CTRL_C);
    repl.wait_for_prompt();
    assert!(repl.text().contains("cancelled after "), "{}", repl.text());
    assert!(repl.text().contains("; session kept\n"), "{}", repl.text());
    repl.input("kept + 1");
    let end = repl.end();
    assert!(end.ends_with("\n42\nlocal py>\ncontext destroyed"), "{end}");
}

#[test]
fn keys_pressed_while_code_runs_are_read_at_the_next_prompt() {
    let sandbox = Sandbox::new();
    let script = "$DBEXEC repl --local; echo \"exit code $?\"; stty -a";
    let mut session = terminal().start_program(&sandbox, "sh", ["-c", script]);
    session.wait_for_screen("prompt", |screen| screen.ends_with("local py>"));
    session.press("import os, time; open('started', 'w').close()\r");
    until("the code has run", || sandbox.path("started").exists());
    session.press("open('waits', 'w').close(); list(iter(lambda: time.sleep(0.01) or os.path.exists('go'), True))\r");
    until("the code runs", || sandbox.path("waits").exists());
    session.press("6 * 7\r");
    session.press(CTRL_D);
    session.wait_for_received("^D");
    sandbox.write("go", "");
    let end = session.finish();
    let (inputs, settings) = end.text.split_once("exit code 0\n").unwrap();
    assert!(inputs.contains("\n42\n"), "{end}");
    assert!(inputs.ends_with("context destroyed\n"), "{end}");
    // Ctrl-D ends the input of other programs again.
    assert!(settings.contains("eof = ^D"), "{end}");
}

#[test]
fn keys_pressed_before_the_first_prompt_are_read_there() {
    let sandbox = Sandbox::new();
    let are_pressed = Arc::new(AtomicBool::new(false));
    let is_ready = Arc::clone(&are_pressed);
    let server = Server::start(move |mut connection| {
        connection.read_request()?;
        until("keys are pressed", || is_ready.load(Ordering::SeqCst));
        connection.respond(404, &["connection: close"], "{}")
    });
    let url = server.url();
    let workspace = ["--host", &url, "--token", TOKEN, "--cluster", CLUSTER];
    let mut session = terminal().start(&sandbox, [&["repl"][..], &workspace].concat());
    server.wait_until_connected(1);
    session.press(&format!(":vars\r{CTRL_D}"));
    session.wait_for_received("^D");
    are_pressed.store(true, Ordering::SeqCst);
    let end = session.finish();
    assert_eq!(end.code(), Some(0), "{end}");
}

#[test]
fn ctrl_c_before_the_first_prompt_ends_the_session() {
    let sandbox = Sandbox::new();
    let server = Server::start(|mut connection| {
        connection.read_request()?;
        connection.wait_for_close()
    });
    let url = server.url();
    let workspace = ["--host", &url, "--token", TOKEN, "--cluster", CLUSTER];
    let mut session = terminal().start(&sandbox, [&["repl"][..], &workspace].concat());
    server.wait_until_connected(1);
    session.press(CTRL_C);
    let end = session.finish();
    assert_eq!(end.code(), Some(130), "{end}");
    assert!(end.text.contains("interrupted: clusters.get: "), "{end}");
}

#[test]
fn history_has_one_entry_per_input_and_is_private() {
    let sandbox = Sandbox::new();
    let mut repl = Repl::start(&sandbox, &LOCAL);
    repl.input("first = 1");
    repl.line("if first:");
    repl.line("    print('in a block')");
    repl.input("");
    // A leading space keeps an input out of the history.
    repl.input(" print('a secret')");
    // The secret is not the previous input.
    repl.line(UP);
    repl.input("");
    let end = repl.end();
    assert_eq!(end.matches("\nin a block\n").count(), 2, "{end}");
    assert!(end.contains("\na secret\n"), "{end}");
    let history = sandbox.path(".local/state/dbexec/history");
    let text = fs::read_to_string(&history).unwrap();
    assert_eq!(text, "first = 1\nif first:\\n    print('in a block')\n");
    let mode = fs::metadata(&history).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    // Another session begins with it.
    let mut repl = Repl::start(&sandbox, &LOCAL);
    repl.press(UP);
    repl.session.wait_for("print('in a block')");
    // Up moves within the lines of the input.
    repl.press(CTRL_P);
    repl.input("");
    let end = repl.end();
    assert!(end.contains("local py> first = 1\n"), "{end}");
}

#[test]
fn paste_is_one_input() {
    let sandbox = Sandbox::new();
    let mut repl = Repl::start(&sandbox, &LOCAL);
    repl.input("\u{1b}[200~a = 20\nprint(a)\n\nprint(a + 1)\u{1b}[201~");
    let end = repl.end();
    assert!(end.contains("\n20\n21\nlocal py>\n"), "{end}");
    let history = fs::read_to_string(sandbox.path(".local/state/dbexec/history")).unwrap();
    assert_eq!(history, "a = 20\\nprint(a)\\n\\nprint(a + 1)\n");
}

#[test]
fn names_keywords_commands_and_files_are_completed() {
    let sandbox = Sandbox::new();
    sandbox.write("unusual_file.py", "print('from a file')");
    let mut repl = Repl::start(&sandbox, &LOCAL);
    repl.input("unusual_name = 'found'");
    repl.input("imp\t math");
    repl.input("unusual_n\t");
    repl.input("unusual_name.casef\t()");
    repl.input(":ru\t unusual_f\t");
    let end = repl.end();
    for line in [
        "local py> import math\n",
        "local py> unusual_name\n'found'\n",
        "local py> unusual_name.casefold()\n'found'\n",
        "local py> :run unusual_file.py\nfrom a file\n",
    ] {
        assert!(end.contains(line), "{line}{end}");
    }
}

#[test]
fn code_has_colors_only_if_they_are_not_disabled() {
    const MAGENTA: &str = "\u{1b}[35m";
    let sandbox = Sandbox::new();
    let mut repl = Repl::start(&sandbox, &LOCAL);
    repl.input("None");
    let (_, received) = repl.end_received();
    assert!(
        received.contains(&format!("{MAGENTA}None\u{1b}[0m")),
        "{received}"
    );
    let terminal = terminal().variable("NO_COLOR", "1");
    let mut repl = Repl::on(&terminal, &sandbox, &LOCAL, "local py>");
    repl.input("None");
    let (_, received) = repl.end_received();
    assert!(!received.contains(MAGENTA), "{received}");
}

#[test]
fn long_and_wide_inputs_are_edited_on_a_narrow_terminal() {
    let sandbox = Sandbox::new();
    let terminal = Terminal::new().size(30, 20);
    let mut repl = Repl::on(&terminal, &sandbox, &LOCAL, "local py>");
    // Ctrl-A moves to the start, Ctrl-E to the end.
    repl.press("'日本語 שלום' + 'a long text that is wrapped'");
    repl.session.wait_for("is wrapped'");
    repl.session.resize(40, 20);
    repl.input("\u{1}len(\u{5})");
    repl.input("'日本語'");
    let end = repl.end();
    assert!(end.contains("\n35\n"), "{end}");
    assert!(end.contains("\n'日本語'\n"), "{end}");
}

#[test]
fn files_run_in_the_session_and_inputs_are_saved() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "job.py",
        "import sys\nvalue = 6\nprint(__name__, sys.argv)\n",
    );
    sandbox.write("bad.py", "value = 7\n\n1 / 0\n");
    // Replaces the text of the last input.
    sandbox.write("editor", "#!/bin/sh\nprintf 'value * 2\\n' > \"$2\"\n");
    let editor = sandbox.path("editor");
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).unwrap();
    let terminal = terminal().variable("EDITOR", "./editor -x");
    let mut repl = Repl::on(&terminal, &sandbox, &LOCAL, "local py>");
    repl.input(":run job.py");
    repl.input("value");
    repl.press(":edit\r");
    repl.session.wait_for("local py> value * 2");
    repl.prompts += 1;
    repl.input("");
    repl.input(":run bad.py");
    repl.input("value * 3");
    repl.input(":save all.py");
    repl.input(":save all.py");
    repl.input(":time");
    repl.input("None");
    repl.input(":nonsense");
    let end = repl.end();
    for text in [
        "\n__main__ ['job.py']\n",
        "local py> value\n6\n",
        "local py> value * 2\n12\n",
        "  File \"bad.py\", line 3, in <module>\n    1 / 0\n",
        "ZeroDivisionError: division by zero\nerror: bad.py:3 failed after ",
        "local py> value * 3\n21\n",
        "\n3 inputs to all.py\n",
        "\n3 inputs to all.py, which was replaced\n",
        "\ntime of inputs: on\n",
        "\nerror: unknown command `:nonsense`\nhelp: `:help` lists the commands\n",
    ] {
        assert!(end.contains(text), "{text}\n{end}");
    }
    let saved = fs::read_to_string(sandbox.path("all.py")).unwrap();
    assert_eq!(saved, "value\n\nvalue * 2\n\nvalue * 3\n");
}

#[test]
fn interpreter_decides_if_an_input_of_r_is_complete() {
    let sandbox = Sandbox::new();
    let arguments = ["repl", "--local", "-l", "r"];
    let mut repl = Repl::on(&terminal(), &sandbox, &arguments, "local r>");
    repl.input("x <- 47");
    // Neither brackets nor quotes are open.
    repl.line("x %%");
    repl.input("5");
    // An empty line runs the input in any case.
    repl.line("x %%");
    repl.input("");
    repl.input(":vars");
    let end = repl.end();
    assert!(end.contains("...> 5\n[1] 2\n"), "{end}");
    assert!(end.contains("unexpected end of input"), "{end}");
    assert!(end.contains("\nx  numeric  47\n"), "{end}");
}

#[test]
fn tables_are_summarized_exported_and_printed_vertically() {
    let schema = json!([
        {"name": "id", "type": "\"long\"", "metadata": "{}"},
        {"name": "name", "type": "\"string\"", "metadata": "{}"},
    ]);
    let results =
        json!({"resultType": "table", "data": [[1, "Zoë"], [2, "a,b"]], "schema": schema});
    let table = json!({"status": "Finished", "results": results});
    let service = Service::start(&[("commands/status", Reaction::Body(table.to_string()))]);
    let sandbox = Sandbox::new();
    let mut repl = start_at(&sandbox, &service);
    repl.input(":sql SELECT * FROM t");
    for extension in ["csv", "json", "ndjson", "md"] {
        repl.input(&format!(":export t.{extension}"));
    }
    repl.input(":export t.txt");
    repl.input(":x");
    repl.input(":sql SELECT * FROM t");
    let end = repl.end();
    for text in [
        "\n id  name\n --  ----\n  1  Zoë\n  2  a,b\n2 rows, 0.",
        "\n2 rows to t.csv\n",
        "\nerror: unknown format of t.txt, expected the extension .csv, .json, .ndjson or .md\n",
        "\ntables: one line per value\n",
        "\nrow 1\nid    1\nname  Zoë\n\nrow 2\n",
    ] {
        assert!(end.contains(text), "{text}\n{end}");
    }
    let read = |name: &str| fs::read_to_string(sandbox.path(name)).unwrap();
    assert_eq!(
        read("t.csv").replace('\r', ""),
        "id,name\n1,Zoë\n2,\"a,b\"\n"
    );
    assert_eq!(
        read("t.ndjson"),
        "{\"id\":1,\"name\":\"Zoë\"}\n{\"id\":2,\"name\":\"a,b\"}\n"
    );
    assert!(read("t.json").starts_with("[\n") && read("t.md").starts_with("| id |"));
}
