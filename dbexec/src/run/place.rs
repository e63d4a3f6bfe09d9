//! Places of code, and their names in messages.

use std::fmt;
use std::sync::Arc;

use crate::language::Language;
use crate::source::Origin;
use crate::syntax::Position;

/// Place of the code of a part or step. `Display` names it, for example `nb.py (cell 3)`.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) origin: Arc<Origin>,
    /// Number of the file, and of all files.
    pub(crate) file: (usize, usize),
    pub(crate) cell: Option<CellPlace>,
    /// Statement of the file or cell, if it has several.
    pub(crate) statement: Option<StatementPlace>,
}

/// Cell of a notebook.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CellPlace {
    /// Number among the cells with code, from 1.
    pub(crate) number: usize,
    pub(crate) count: usize,
    /// Line of the file in which the code begins.
    pub(crate) line: Option<usize>,
}

/// Statement of SQL.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatementPlace {
    /// Number from 1.
    pub(crate) number: usize,
    pub(crate) count: usize,
    /// Position of its text in the file or cell.
    pub(crate) position: Position,
    /// Line of its first token in the file or cell.
    pub(crate) line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name(None))
    }
}

impl Place {
    /// Names a line of the file, for example `nb.py:41 (cell 3)`. Code of an argument has no lines.
    pub(crate) fn name(&self, line: Option<usize>) -> String {
        let mut name = self.origin.to_string();
        if let Some(line) = line.filter(|_| *self.origin != Origin::Argument) {
            name = format!("{name}:{line}");
        }
        let cell = self.cell.map(|cell| format!("cell {}", cell.number));
        let statement = self
            .statement
            .map(|StatementPlace { number, count, .. }| format!("statement {number} of {count}"));
        let parts: Vec<_> = [cell, statement].into_iter().flatten().collect();
        if parts.is_empty() {
            return name;
        }
        format!("{name} ({})", parts.join(", "))
    }

    /// Returns the position of the code in the file, if its lines are lines of the file.
    pub(crate) fn position(&self) -> Option<Position> {
        let before = self.lines_before()?;
        let position = match self.statement {
            Some(statement) => statement.position,
            None => Position { line: 1, column: 0 },
        };
        Some(Position {
            line: before + position.line,
            ..position
        })
    }

    /// Returns the line of the file in which the statement begins.
    pub(crate) fn statement_line(&self) -> Option<usize> {
        Some(self.lines_before()? + self.statement?.line)
    }

    /// Returns the number of lines of the file before the code of the cell, or before all code.
    fn lines_before(&self) -> Option<usize> {
        match (self.cell, &*self.origin) {
            (Some(cell), _) => Some(cell.line? - 1),
            (None, Origin::File(_)) => Some(0),
            (None, _) => self.statement.map(|_| 0),
        }
    }

    /// Names the step among the other ones, for example `load.py (2/3)`.
    pub(crate) fn in_sequence(&self, language: Language) -> String {
        let (file, files) = self.file;
        let file = match files {
            1 => String::new(),
            _ => format!("{} ({file}/{files})", self.origin),
        };
        let cell = self.cell.map(|cell| {
            let CellPlace { number, count, .. } = cell;
            format!("cell {number}/{count} {language}")
        });
        let parts = [Some(file), cell].into_iter().flatten();
        parts
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}
