//! Summary of a table in one line.

use std::time::Duration;

use crate::elapsed::Elapsed;

/// Formats the number of rows of a table and the time of its command, for example `41 rows, 0.4 s`.
pub(crate) fn summary(rows: usize, elapsed: Duration) -> String {
    format!("{}, {}", count(rows), Elapsed(elapsed))
}

/// Formats a number of rows.
pub(crate) fn count(rows: usize) -> String {
    match rows {
        1 => "1 row".to_owned(),
        rows => format!("{rows} rows"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_is_singular() {
        let of = |rows| summary(rows, Duration::from_millis(430));
        assert_eq!(
            [of(0), of(1), of(2)],
            ["0 rows, 0.4 s", "1 row, 0.4 s", "2 rows, 0.4 s"]
        );
    }
}
