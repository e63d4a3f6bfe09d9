//! Widths of columns that fit a terminal.

/// Space between columns.
pub(super) const GAP: usize = 2;

/// Width to which a column of text shrinks before columns are hidden.
const MIN_WIDTH: usize = 8;

/// Column before it is fitted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) width: usize,
    /// Set for numbers, which would look like others if they were cut, and for ids, which are copied.
    pub(super) is_whole: bool,
}

impl Column {
    fn min_width(self) -> usize {
        if self.is_whole {
            self.width
        } else {
            self.width.min(MIN_WIDTH)
        }
    }
}

/// Returns the widths of the columns that are shown. The widest columns shrink first; then columns at
/// the right are hidden. At least one column is shown.
pub(super) fn fit(columns: &[Column], max_width: usize) -> Vec<usize> {
    let mut used = 0_usize;
    let fitting = columns.iter().enumerate().take_while(|(index, column)| {
        let gap = if *index == 0 { 0 } else { GAP };
        used = used.saturating_add(gap + column.min_width());
        used <= max_width
    });
    let columns = match fitting.count() {
        0 => &columns[..columns.len().min(1)],
        count => &columns[..count],
    };
    let limit = |level: usize| {
        let width = move |column: &Column| {
            if column.is_whole {
                column.width
            } else {
                column.width.min(level)
            }
        };
        columns.iter().map(width)
    };
    let gaps = GAP * columns.len().saturating_sub(1);
    let fits = |level: usize| limit(level).fold(gaps, usize::saturating_add) <= max_width;
    // The largest level that fits, by bisection.
    let (mut low, mut high) = (MIN_WIDTH, max_width.max(MIN_WIDTH));
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let widths: Vec<usize> = limit(low).collect();
    match widths[..] {
        // A single column is cut, whatever it contains.
        [width] => vec![width.min(max_width.max(1))],
        _ => widths,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(width: usize) -> Column {
        Column {
            width,
            is_whole: false,
        }
    }

    fn number(width: usize) -> Column {
        Column {
            width,
            is_whole: true,
        }
    }

    #[test]
    fn widest_column_shrinks_first() {
        for (columns, max, expected) in [
            (vec![text(3), text(4)], 80, vec![3, 4]),
            (vec![text(100), text(4)], 80, vec![74, 4]),
            (vec![text(100), text(50), text(4)], 80, vec![36, 36, 4]),
            (vec![text(100), number(30), text(20)], 80, vec![26, 30, 20]),
            (vec![text(40), text(38)], 80, vec![40, 38]),
            (vec![text(41), text(38)], 80, vec![40, 38]),
        ] {
            assert_eq!(fit(&columns, max), expected, "{columns:?}");
        }
    }

    #[test]
    fn columns_that_do_not_fit_are_hidden() {
        assert_eq!(fit(&[text(20); 14], 30), [8, 8, 8]);
        assert_eq!(fit(&[number(20); 3], 42), [20, 20]);
        assert_eq!(fit(&[number(50), text(3)], 20), [20]);
        assert_eq!(fit(&[text(50)], 0), [1]);
        assert_eq!(fit(&[], 10), [0; 0]);
    }

    #[test]
    fn fitted_columns_are_not_wider_than_the_terminal() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..5000 {
            let count = random.usize(1..20);
            let columns: Vec<_> = (0..count)
                .map(|_| Column {
                    width: random.usize(..60),
                    is_whole: random.bool(),
                })
                .collect();
            let max = random.usize(1..120);
            let widths = fit(&columns, max);
            let total = widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
            assert!(total <= max, "{columns:?} {max} {widths:?}");
            let natural = columns.iter().map(|c| c.width).sum::<usize>() + GAP * (count - 1);
            assert!(natural > max || widths.len() == count, "{columns:?} {max}");
        }
    }
}
