//! Diagnostics as text.

use annotate_snippets::{Annotation, AnnotationKind, Level as Mark, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Level};
use crate::source::{Source, Span};

/// Where the text will be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without colours and without a leading `error:`, as `compile_error!` wants it.
    Plain,
    /// With colours, headed `error[S101]:`, as a person at a terminal wants it.
    Terminal,
}

impl Diagnostic {
    /// Draws the diagnostic below the lines of the source it is about.
    ///
    /// # Example
    ///
    /// ```
    /// use api_spec::{Source, Style};
    ///
    /// let source = Source::new("api.toml", "[api]\nname = \"Jobs\"\ndocs = \"Runs jobs.\"\n");
    /// let parsed = api_spec::parse(&source);
    /// let text = parsed.diagnostics[0].render(&source, Style::Plain);
    /// assert!(text.starts_with("unknown key `docs` in `[api]` [S101]"), "{text}");
    /// assert!(text.contains("api.toml:3:1"), "{text}");
    /// assert!(text.contains("did you mean `doc`?"), "{text}");
    /// ```
    pub fn render(&self, source: &Source, style: Style) -> String {
        let mark = match self.level {
            Level::Error => Mark::ERROR,
            Level::Warning => Mark::WARNING,
        };
        let code = self.code.id();
        let title = match style {
            Style::Plain => mark
                .no_name()
                .primary_title(format!("{} [{code}]", self.message)),
            Style::Terminal => mark.primary_title(self.message.as_str()).id(code),
        };
        let helps = self
            .help
            .iter()
            .map(|help| Mark::HELP.message(printable(help)));
        let report = [title.elements(self.snippets(source)).elements(helps)];
        match style {
            Style::Plain => Renderer::plain().render(&report),
            Style::Terminal => Renderer::styled().render(&report),
        }
    }

    /// The lines concerned, file by file, that of the fault first.
    fn snippets<'s>(&'s self, source: &'s Source) -> Vec<Snippet<'s, Annotation<'s>>> {
        let mut files: Vec<(usize, Vec<usize>)> = Vec::new();
        for (index, label) in self.labels.iter().enumerate() {
            let (_, start) = source.file_at(label.span.start);
            match files.iter_mut().find(|(known, _)| *known == start) {
                Some((_, labels)) => labels.push(index),
                None => files.push((start, vec![index])),
            }
        }
        let files = files.iter();
        files
            .map(|(start, labels)| self.snippet(source.file_at(*start).0, *start, labels))
            .collect()
    }

    /// The lines of one file. The renderer panics on a span that leaves its text or cuts a
    /// character, so every span passes through here.
    fn snippet<'s>(
        &'s self,
        file: &'s Source,
        start: usize,
        labels: &[usize],
    ) -> Snippet<'s, Annotation<'s>> {
        let spans: Vec<Span> = labels
            .iter()
            .map(|&index| file.clamp(self.labels[index].span.relative_to(start)))
            .collect();
        let first = spans.iter().map(|span| span.start).min().unwrap_or(0);
        let end = spans.iter().map(|span| span.end).max().unwrap_or(0);
        let (line, window) = file.lines_of(Span { start: first, end });
        let annotations = labels.iter().zip(&spans).map(|(&index, span)| {
            let kind = if index == 0 {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let text = self.labels[index].text.as_str();
            kind.span(span.start - window.start..span.end - window.start)
                .label((!text.is_empty()).then_some(text))
        });
        Snippet::source(&file.text()[window.range()])
            .path(file.name())
            .line_start(line + 1)
            .annotations(annotations)
    }
}

/// Help is handed to the renderer as trusted text, but quotes words of the file.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// All diagnostics as plain text, an empty line between each two.
pub fn plain(diagnostics: &[Diagnostic], source: &Source) -> String {
    let drawn: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.render(source, Style::Plain))
        .collect();
    drawn.join("\n\n")
}
