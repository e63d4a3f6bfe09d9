//! Diagnostics as data. How they are drawn is up to `render`.

use crate::codes::Code;
use crate::source::Span;

/// How grave a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// No client can be made of the spec, or of the part concerned.
    Error,
    /// Worth a look.
    Warning,
}

/// What is wrong with a spec, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The kind of fault.
    pub code: Code,
    /// How grave it is.
    pub level: Level,
    /// What is wrong, in one line.
    pub message: String,
    /// The places concerned, the one at fault first.
    pub labels: Vec<Label>,
    /// What to do, one line each.
    pub help: Vec<String>,
    /// An edit that a tool can offer.
    pub suggestion: Option<Suggestion>,
}

/// A place, and what there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is said; may be empty.
    pub text: String,
}

/// An edit that probably does what the author meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The text to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

impl Diagnostic {
    pub(crate) fn new(
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

    /// Points at one more place.
    pub(crate) fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Says what to do.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Asks whether `word` was meant at `span`, if there is such a word.
    pub(crate) fn did_you_mean(mut self, span: Span, word: Option<&str>) -> Self {
        if let Some(word) = word {
            self.help.push(format!("did you mean `{word}`?"));
            self.suggestion = Some(Suggestion {
                span,
                replacement: word.to_owned(),
            });
        }
        self
    }

    /// Offers an edit that the help already describes.
    pub(crate) fn suggest(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion {
            span,
            replacement: replacement.into(),
        });
        self
    }

    /// The same of a text that stands so many bytes further on.
    pub(crate) fn on(mut self, bytes: usize) -> Self {
        for label in &mut self.labels {
            label.span = label.span.on(bytes);
        }
        if let Some(edit) = &mut self.suggestion {
            edit.span = edit.span.on(bytes);
        }
        self
    }

    /// The place at fault.
    pub fn span(&self) -> Span {
        self.labels.first().map_or(Span::START, |label| label.span)
    }

    /// Whether it is an error, not a warning.
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }
}

/// A name of the file on one line of a message.
pub(crate) fn shown(name: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = name.chars().take(LONGEST).map(visible).collect();
    if name.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

fn visible(c: char) -> char {
    if c.is_control() { '\u{fffd}' } else { c }
}
