//! Cells that fail for a known defect of the client. They run apart from the others, and fail there
//! until somebody mends the client and takes them from the list.

use crate::cell::{Cell, run};
use crate::{connections, contexts, cuts, deadlines, matrix, redirects, sequences, tls, uploads};

/// What is in the names of the cells, and what is wrong.
const KNOWN: &[(&[&str], &str)] = &[
    (
        &[", then "],
        "an error tells of the last try alone, though an earlier one may have been processed",
    ),
    (
        &["pauses beyond all sums"],
        "a Retry-After near 2^64 overflows a sum, which panics",
    ),
    (
        &["a time beyond all clocks"],
        "the time of a call overflows a moment, which panics",
    ),
    (
        &["context: 429 with ", " / contexts.create 0 from then on"],
        "a patient creation asks without pause where the server asks for none",
    ),
    (
        &["304 / "],
        "an answer 3xx is told as not processed, but only 307 and 308 say so",
    ),
    (
        &["30", " after executing to "],
        "an answer 3xx is told as not processed, but only 307 and 308 say so",
    ),
    (
        &["context: ", " / commands.status "],
        "when a poll fails, RunError::Call tells of the poll: the code runs nevertheless",
    ),
    (
        &["an unknown number beyond 64 bits"],
        "a number too large for f64 under an unknown key spoils the whole answer",
    ),
    (
        &["every cut of an answer with chunks, Fin"],
        "an end within the size of a chunk is told as an answer that makes no sense",
    ),
    (
        &["https to a port of http"],
        "what speaks no TLS is tried again",
    ),
    (
        &["large: 4", " at the head, then nothing is read"],
        "a large command asks for no leave before it is sent, and does not hear a refusal",
    ),
];

fn is_known(cell: &Cell) -> bool {
    KNOWN
        .iter()
        .any(|(parts, _)| parts.iter().all(|part| cell.is_named(part)))
}

/// All cells but those.
pub(crate) fn without(mut cells: Vec<Cell>) -> Vec<Cell> {
    cells.retain(|cell| !is_known(cell));
    cells
}

#[test]
fn defects_to_mend() {
    let mut cells: Vec<_> = [
        connections::cells(),
        contexts::cells(),
        cuts::cells(),
        deadlines::cells(),
        matrix::cells(),
        redirects::cells(),
        sequences::cells(),
        tls::cells(),
        uploads::cells(),
    ]
    .into_iter()
    .flatten()
    .collect();
    cells.retain(is_known);
    run("defects to mend", cells);
}
