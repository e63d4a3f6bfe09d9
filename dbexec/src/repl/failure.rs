//! Messages for code that has failed, with the numbers of the inputs.

use crate::run::traceback::Frame;

/// Inputs of a session, for the frames of a traceback.
pub(super) struct Inputs<'a> {
    /// Number of the input that has failed.
    pub(super) current: usize,
    /// Input of each Python command of the context, of which the last one has failed.
    pub(super) commands: &'a [Option<usize>],
    /// Code of the inputs.
    pub(super) code: &'a [String],
}

/// Shortens a traceback of Python: frames of inputs are `[1] line 2, in half`, without their code, which is
/// on the screen. Other frames are kept.
pub(super) fn shorten(text: &str, inputs: &Inputs<'_>) -> String {
    const HEADER: &str = "Traceback (most recent call last):";
    let is_traceback = text.starts_with(HEADER);
    let Some(current) = text.lines().find_map(Frame::parse) else {
        return text.to_owned();
    };
    let mut lines: Vec<String> = Vec::new();
    let mut is_code = false;
    let mut frames = 0;
    for line in text.lines() {
        if let Some(frame) = Frame::parse(line) {
            lines.push(inputs.describe(&frame, current.name));
            frames += 1;
            // The code of a syntax error shows its column.
            is_code = is_traceback;
        } else if line.trim_start().starts_with("File \"") {
            lines.push(line.to_owned());
            frames += 1;
            is_code = false;
        } else if !(is_code && line.starts_with("    ") || line == HEADER) {
            lines.push(line.to_owned());
            is_code = false;
        }
    }
    let is_one_line = inputs
        .code_of(inputs.current)
        .is_some_and(|code| code.lines().count() == 1);
    let outermost = inputs.describe(&current, current.name);
    if is_traceback && is_one_line && frames > 1 && lines.first() == Some(&outermost) {
        lines.remove(0);
    }
    lines.join("\n")
}

impl Inputs<'_> {
    fn code_of(&self, number: usize) -> Option<&String> {
        self.code.get(number.checked_sub(1)?)
    }

    /// Formats a frame of a command. `current` names the failed command.
    fn describe(&self, frame: &Frame<'_>, current: &str) -> String {
        let function = frame
            .after
            .trim_end()
            .strip_prefix(", in ")
            .unwrap_or_default();
        let place = match function {
            "" | "<module>" => format!("line {}", frame.line),
            function => format!("line {}, in {function}", frame.line),
        };
        match self.number(frame, current, function) {
            Some(number) => format!("[{number}] {place}"),
            None => place,
        }
    }

    /// Returns the number of the input of a frame, if the names of the commands are consecutive numbers.
    fn number(&self, frame: &Frame<'_>, current: &str, function: &str) -> Option<usize> {
        let is_module = function.is_empty() || function == "<module>";
        let number = if frame.name == current && is_module {
            self.current
        } else {
            let before = ordinal(current)?.checked_sub(ordinal(frame.name)?)?;
            let index = self.commands.len().checked_sub(before + 1)?;
            self.commands[index]?
        };
        let code = self.code_of(number)?;
        // Servers may give all commands the same name.
        let name = function.split('(').next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default();
        let has_function = is_module || function.starts_with('<') || code.contains(name);
        (has_function && frame.line <= code.lines().count()).then_some(number)
    }
}

/// Returns the number in the name of a command: `<command-7>`.
fn ordinal(name: &str) -> Option<usize> {
    name.strip_prefix("<command-")?
        .strip_suffix('>')?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shorten_with(text: &str, commands: &[Option<usize>]) -> String {
        let code = [
            "def half(x):\n    return x / 0",
            "half(1)",
            "json.loads('x')",
            "x =",
            "1\nhalf(1)",
        ];
        let code: Vec<String> = code.map(str::to_owned).into();
        let inputs = Inputs {
            current: commands.last().copied().flatten().unwrap(),
            commands,
            code: &code,
        };
        shorten(text, &inputs)
    }

    #[test]
    fn frames_of_inputs_have_their_numbers() {
        let traceback = "Traceback (most recent call last):\n  File \"<command-9>\", line 1, in <module>\n    \
                         half(1)\n    ~~~~^^^\n  File \"<command-7>\", line 2, in half\n    return x / 0\n           \
                         ~~^~~\nZeroDivisionError: division by zero";
        // A command of the session itself is between them.
        assert_eq!(
            shorten_with(traceback, &[Some(1), None, Some(2)]),
            "[1] line 2, in half\nZeroDivisionError: division by zero"
        );
        let two_lines = traceback.replace("line 1, in <module>", "line 2, in <module>");
        assert_eq!(
            shorten_with(&two_lines, &[Some(1), None, Some(5)]),
            "[5] line 2\n[1] line 2, in half\nZeroDivisionError: division by zero"
        );
        let same_name = traceback
            .replace("<command-7>", "<command--1>")
            .replace("<command-9>", "<command--1>");
        assert_eq!(
            shorten_with(&same_name, &[Some(1), Some(2)]),
            "line 2, in half\nZeroDivisionError: division by zero"
        );
    }

    #[test]
    fn other_frames_are_kept() {
        let traceback = "Traceback (most recent call last):\n  File \"<command-3>\", line 1, in <module>\n    \
                         json.loads('x')\n  File \"/usr/lib/json.py\", line 3, in loads\n    return decode(s)\n\
                         ValueError: x";
        assert_eq!(
            shorten_with(traceback, &[Some(3)]),
            "  File \"/usr/lib/json.py\", line 3, in loads\n    return decode(s)\nValueError: x"
        );
        let chained = format!(
            "{traceback}\n\nDuring handling of the above exception, another exception occurred:\n\n{traceback}"
        );
        assert!(shorten_with(&chained, &[Some(3)]).contains("\n\nDuring handling"));
    }

    #[test]
    fn code_of_a_syntax_error_is_kept() {
        let text =
            "  File \"<command-4>\", line 1\n    x =\n        ^\nSyntaxError: invalid syntax";
        assert_eq!(
            shorten_with(text, &[Some(4)]),
            "[4] line 1\n    x =\n        ^\nSyntaxError: invalid syntax"
        );
        assert_eq!(shorten_with("Error: x", &[Some(4)]), "Error: x");
    }
}
