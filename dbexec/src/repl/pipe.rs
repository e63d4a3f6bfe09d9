//! Lines of standard input that is not a terminal.

use std::io::{self, BufRead as _};
use std::sync::mpsc::{Receiver, Sender};

use super::event::{Event, Read, Request};

/// Reads a line for each request, until the end.
pub(super) fn serve(requests: &Receiver<Request>, events: &Sender<Event>) {
    for request in requests {
        let Request::Line(_) = request else {
            continue;
        };
        if events.send(Event::Read(read_line())).is_err() {
            return;
        }
    }
}

fn read_line() -> Read {
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(0) => Read::End,
        Ok(_) if line.contains('\0') => Read::Failed("standard input is not text: NUL".to_owned()),
        Ok(_) => {
            if line.ends_with('\n') {
                line.pop();
            }
            if line.ends_with('\r') {
                line.pop();
            }
            Read::Line(line)
        }
        Err(error) => Read::Failed(format!("standard input: {error}")),
    }
}
