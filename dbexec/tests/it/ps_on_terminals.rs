//! `dbexec ps` on terminals: widths and keys.

use crate::journal::{files, write_entry};
use crate::pty::Terminal;
use crate::service::{Reaction, Service};
use crate::support::{Sandbox, TOKEN};

#[test]
fn ps_prints_the_same_text_on_narrow_terminals() {
    let (service, sandbox) = (Service::start(&[]), Sandbox::new());
    for context in ["1", "a-context-with-a-long-id"] {
        write_entry(&sandbox, &service.url(), context, true);
    }
    let url = service.url();
    let ps = ["ps", "--host", &url, "--token", TOKEN];
    for terminal in [
        Terminal::new().size(30, 24),
        Terminal::new().size(250, 24).variable("NO_COLOR", "1"),
    ] {
        let end = terminal.start(&sandbox, ps).finish();
        assert_eq!(end.code(), Some(0), "{end}");
        assert!(!end.received.contains('\u{1b}'), "{end}");
        // Handles are copied from the terminal, so nothing is cut. The time differs.
        let rows = |text: &str| -> Vec<Vec<String>> {
            let cells = |row: &str| row.split_whitespace().map(str::to_owned).collect();
            let mut rows: Vec<Vec<String>> = text.lines().map(cells).collect();
            for row in &mut rows {
                row.remove(3);
            }
            rows
        };
        let piped = sandbox.run(ps);
        assert_eq!(rows(&end.received), rows(&piped.stdout), "{end}");
        assert_eq!(rows(&end.received).len(), 2, "{end}");
    }
}

#[test]
fn ctrl_c_ends_ps_at_once() {
    let service = Service::start(&[("contexts/status", Reaction::Silent)]);
    let sandbox = Sandbox::new();
    write_entry(&sandbox, &service.url(), "1", false);
    let url = service.url();
    let mut session = Terminal::new().start(&sandbox, ["ps", "--host", &url, "--token", TOKEN]);
    service.wait_for("contexts/status");
    session.press("\u{3}");
    let end = session.finish();
    assert_eq!(end.signal(), Some(2), "{end}");
    assert_eq!(end.text, "^C", "{end}");
    assert_eq!(files(&sandbox).len(), 1, "the entry is kept");
}
