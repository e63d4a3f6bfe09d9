//! Broken and slow connections.

use std::time::Duration;

use crate::matrix::row::{Expected, LOST, Row, SLOW, row};
use crate::mock::{Response, Step};
use Step::{Execute, Fin, Read, ReadAll, ReadHead, Reset, RespondSlowly, RespondWith, Stall};

fn truncated_head(response: &Response) -> Vec<u8> {
    response.bytes()[..response.head_len() / 2].to_vec()
}

fn complete_head(response: &Response) -> Vec<u8> {
    response.bytes()[..response.head_len()].to_vec()
}

fn truncated_body(response: &Response) -> Vec<u8> {
    let half = response.head_len() + response.body.len() / 2;
    response.bytes()[..half].to_vec()
}

pub(super) fn broken_connections() -> Vec<Row> {
    let mut rows = Vec::new();
    for (how, end) in [("reset", Reset), ("closed", Fin)] {
        let mut add = |when: &str, steps: &[Step]| {
            let mut steps = steps.to_vec();
            steps.push(end.clone());
            rows.push(row(&format!("{how} {when}"), steps, LOST));
        };
        add("before reading", &[]);
        add("after a byte of the request", &[Read(1)]);
        add("after 100 bytes of the request", &[Read(100)]);
        add("after the request head", &[ReadHead]);
        add("after the request, before executing", &[ReadAll]);
        add("after executing", &[ReadAll, Execute]);
        let send = |rewrite: fn(&Response) -> Vec<u8>| [ReadAll, Execute, RespondWith(rewrite)];
        add("in the response head", &send(truncated_head));
        add("after the response head", &send(complete_head));
        add("in the response body", &send(truncated_body));
    }
    rows
}

pub(super) fn slow_servers() -> Vec<Row> {
    let send = |rewrite: fn(&Response) -> Vec<u8>| [ReadAll, Execute, RespondWith(rewrite), Stall];
    vec![
        row("stall before reading", [Stall], SLOW).impatient(),
        row("stall before executing", [ReadAll, Stall], SLOW).impatient(),
        row("stall after executing", [ReadAll, Execute, Stall], SLOW).impatient(),
        row("stall in the head", send(truncated_head), SLOW).impatient(),
        row("stall after the head", send(complete_head), SLOW).impatient(),
        row("stall in the body", send(truncated_body), SLOW).impatient(),
        row(
            "stall before the announced end",
            [
                ReadAll,
                Execute,
                RespondWith(|response| response.framed(&["content-length: 9999"], &response.body)),
                Stall,
            ],
            SLOW,
        )
        .impatient(),
        row(
            "response byte by byte",
            [ReadAll, Execute, RespondSlowly(Duration::ZERO)],
            Expected::Success,
        ),
        // The response timeout ends with the complete head, not with its first byte.
        row(
            "slow response byte by byte",
            [ReadAll, Execute, RespondSlowly(Duration::from_millis(100))],
            SLOW,
        )
        .impatient(),
    ]
}
