//! Contents of a terminal over time.

use std::num::NonZeroU16;
use std::time::Duration;

use vt100::{Cell, Color, Parser};

/// Cells of one row with the same style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Number of cells to the left.
    pub(super) column: u16,
    /// Number of cells. Wide characters have two.
    pub(super) width: u16,
    pub(super) text: String,
    pub(super) style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// Color of the palette of 16 colors.
    pub(super) color: Option<u8>,
    pub(super) is_bold: bool,
    pub(super) is_dim: bool,
}

/// Row of the screen without white space at its end. An empty row has no runs.
pub(super) type Row = Vec<Run>;

/// Contents of one row during a part of the recording.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) number: usize,
    pub(super) row: Row,
    pub(super) start: Duration,
    /// `None` at the end of the recording.
    pub(super) end: Option<Duration>,
}

/// A terminal to which text is written at certain times.
pub(super) struct Film {
    parser: Parser,
    now: Duration,
    /// The current contents of each row, and since when.
    rows: Vec<(Row, Duration)>,
    segments: Vec<Segment>,
}

impl Film {
    pub(super) fn new(columns: u16, rows: u16) -> Self {
        let size = |size| NonZeroU16::new(size).unwrap();
        Self {
            parser: Parser::new(size(rows), size(columns), 0),
            now: Duration::ZERO,
            rows: vec![(Row::new(), Duration::ZERO); rows.into()],
            segments: Vec::new(),
        }
    }

    pub(super) fn pause(&mut self, time: Duration) {
        self.now += time;
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        for number in 0..self.rows.len() {
            let row = self.row(u16::try_from(number).unwrap());
            if row != self.rows[number].0 {
                let (row, start) = std::mem::replace(&mut self.rows[number], (row, self.now));
                self.add(number, row, start, Some(self.now));
            }
        }
    }

    /// Returns the contents of all rows, and the time of the end.
    pub(super) fn finish(mut self) -> (Vec<Segment>, Duration) {
        for (number, (row, start)) in std::mem::take(&mut self.rows).into_iter().enumerate() {
            self.add(number, row, start, None);
        }
        (self.segments, self.now)
    }

    fn add(&mut self, number: usize, row: Row, start: Duration, end: Option<Duration>) {
        if !row.is_empty() && end != Some(start) {
            self.segments.push(Segment {
                number,
                row,
                start,
                end,
            });
        }
    }

    fn row(&self, number: u16) -> Row {
        let screen = self.parser.screen();
        let columns = screen.size().1.get();
        let cells = (0..columns).filter_map(|column| Some((column, screen.cell(number, column)?)));
        let mut row = Row::new();
        for (column, cell) in cells.filter(|(_, cell)| !cell.is_wide_continuation()) {
            let text = if cell.has_contents() {
                cell.contents()
            } else {
                " "
            };
            let (style, width) = (Style::of(cell), if cell.is_wide() { 2 } else { 1 });
            match row.last_mut() {
                Some(run) if run.style == style => {
                    run.text.push_str(text);
                    run.width += width;
                }
                _ => row.push(Run {
                    column,
                    width,
                    text: text.to_owned(),
                    style,
                }),
            }
        }
        trim(&mut row);
        row
    }
}

/// Removes white space at the end.
fn trim(row: &mut Row) {
    while let Some(run) = row.last_mut() {
        let blanks = run.text.len() - run.text.trim_end_matches(' ').len();
        run.text.truncate(run.text.len() - blanks);
        run.width -= u16::try_from(blanks).unwrap();
        if !run.text.is_empty() {
            return;
        }
        row.pop();
    }
}

impl Style {
    fn of(cell: &Cell) -> Self {
        Self {
            color: match cell.fgcolor() {
                Color::Idx(color @ 0..16) => Some(color),
                _ => None,
            },
            is_bold: cell.bold(),
            is_dim: cell.dim(),
        }
    }
}

#[test]
fn rows_have_segments_from_each_change_to_the_next() {
    let second = Duration::from_secs(1);
    let mut film = Film::new(10, 2);
    film.write(b"a \x1b[31mb\x1b[m");
    film.pause(second);
    film.write(b"\r\x1b[K");
    film.write("\r\nü".as_bytes());
    film.pause(second);
    let (segments, end) = film.finish();
    assert_eq!(end, second * 2);
    let found: Vec<_> = segments
        .iter()
        .map(|segment| {
            let runs = segment
                .row
                .iter()
                .map(|run| (run.column, &*run.text, run.style.color));
            (
                segment.number,
                runs.collect::<Vec<_>>(),
                segment.start,
                segment.end,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                0,
                vec![(0, "a ", None), (2, "b", Some(1))],
                Duration::ZERO,
                Some(second)
            ),
            (1, vec![(0, "ü", None)], second, None),
        ]
    );
}
