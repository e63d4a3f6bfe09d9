//! Diagnostics as data.

use super::codes::Code;
use super::level::Level;
use crate::source::Span;

/// An error or a warning about a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The code of the problem.
    pub code: Code,
    /// The severity.
    pub level: Level,
    /// The message, a single line.
    pub message: String,
    /// The spans concerned, starting with the primary one.
    pub labels: Vec<Label>,
    /// Suggestions for a fix, one line each.
    pub help: Vec<String>,
    /// An edit that a tool can apply.
    pub suggestion: Option<Suggestion>,
}

/// A span with an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The span.
    pub span: Span,
    /// The explanation; may be empty.
    pub text: String,
}

/// An edit that probably fixes the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The text to replace.
    pub span: Span,
    /// The replacement.
    pub replacement: String,
}

impl Diagnostic {
    pub(super) fn new(
        code: Code,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        Self {
            code,
            level: code.level(),
            message: message.into(),
            labels: vec![Label {
                span,
                text: label.into(),
            }],
            help: Vec::new(),
            suggestion: None,
        }
    }

    /// Adds a secondary label.
    pub(super) fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds a line of help.
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Suggests replacing `span` with `name`, if there is a similar name.
    pub(super) fn did_you_mean(mut self, span: Span, name: Option<&str>) -> Self {
        if let Some(name) = name {
            self.help.push(format!("did you mean `{name}`?"));
            return self.suggest(span, name);
        }
        self
    }

    /// Attaches an edit that the help already describes.
    pub(super) fn suggest(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion {
            span,
            replacement: replacement.into(),
        });
        self
    }

    /// Returns the diagnostic moved forward by `bytes`, for a file that starts at that offset.
    pub(crate) fn offset_by(mut self, bytes: usize) -> Self {
        for label in &mut self.labels {
            label.span = label.span.offset_by(bytes);
        }
        if let Some(edit) = &mut self.suggestion {
            edit.span = edit.span.offset_by(bytes);
        }
        self
    }

    /// Returns the primary span.
    pub fn span(&self) -> Span {
        self.labels.first().map_or(Span::START, |label| label.span)
    }

    /// Returns whether the diagnostic is an error.
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }
}
