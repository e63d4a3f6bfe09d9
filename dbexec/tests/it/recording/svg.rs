//! Animated pictures of a terminal, as SVG without scripts and fonts.
//!
//! Each row is a text that is visible during a part of the animation. Where animations are not supported or
//! not wanted, the picture shows the last screen.

use std::fmt::Write as _;
use std::time::Duration;

use super::frames::{Row, Segment, Style};

/// Size of a cell, in pixels.
const CELL: (f64, f64) = (8.4, 18.0);
const PADDING: f64 = 14.0;
/// Class of the rows of the last screen.
const LAST: &str = "last";

/// Colors that are readable on the background.
const PALETTE: [&str; 16] = [
    "#6e7681", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#e6edf3",
    "#8b949e", "#ffa198", "#7ee787", "#e3b341", "#a5d6ff", "#d2a8ff", "#56d4dd", "#ffffff",
];

const STYLE: &str = "\
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace;fill:#e6edf3;\
white-space:pre;visibility:hidden}
.last{visibility:visible}
.bold{font-weight:bold}
.dim{opacity:.7}
";

/// Draws a recording of this length.
pub(super) fn draw(size: (u16, u16), title: &str, segments: &[Segment], end: Duration) -> String {
    let width = f64::from(size.0) * CELL.0 + 2.0 * PADDING;
    let height = f64::from(size.1) * CELL.1 + 2.0 * PADDING;
    let mut keyframes = String::new();
    let mut rows = String::new();
    for (index, segment) in segments.iter().enumerate() {
        add_keyframes(&mut keyframes, index, segment, end);
        add_row(&mut rows, index, segment);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" \
         xml:space=\"preserve\">\n<title>{}</title>\n\
         <style>\n{STYLE}@media(prefers-reduced-motion:no-preference){{\
         text{{animation:{:.2}s step-end infinite}}}}\n{keyframes}</style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\" stroke=\"#6e7681\"/>\n{rows}</svg>\n",
        escape(title),
        end.as_secs_f64()
    )
}

/// Adds the animation of a row, which is visible from its start to its end.
fn add_keyframes(out: &mut String, index: usize, segment: &Segment, end: Duration) {
    let percent = |time: Duration| {
        let percent = format!("{:.2}", 100.0 * time.as_secs_f64() / end.as_secs_f64());
        percent
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    };
    let _ = write!(out, "@keyframes k{index}{{");
    if segment.start > Duration::ZERO {
        out.push_str("0%{visibility:hidden}");
    }
    let _ = write!(out, "{}%{{visibility:visible}}", percent(segment.start));
    if let Some(end) = segment.end {
        let _ = write!(out, "{}%,to{{visibility:hidden}}", percent(end));
    } else {
        out.push_str("to{visibility:visible}");
    }
    out.push_str("}\n");
}

fn add_row(out: &mut String, index: usize, segment: &Segment) {
    // The baseline of the text.
    let y = PADDING + (f64::from(u32::try_from(segment.number).unwrap()) + 0.78) * CELL.1;
    let class = match segment.end {
        Some(_) => String::new(),
        None => format!(" class=\"{LAST}\""),
    };
    let _ = write!(
        out,
        "<text y=\"{y:.1}\"{class} style=\"animation-name:k{index}\">"
    );
    for run in &segment.row {
        // Columns are aligned whatever the width of the characters of the font.
        let x = PADDING + f64::from(run.column) * CELL.0;
        let width = f64::from(run.width) * CELL.0;
        let _ = write!(
            out,
            "<tspan x=\"{x:.1}\" textLength=\"{width:.1}\"{}>{}</tspan>",
            attributes(run.style),
            escape(&run.text)
        );
    }
    out.push_str("</text>\n");
}

fn attributes(style: Style) -> String {
    let mut attributes = String::new();
    if let Some(color) = style.color {
        let _ = write!(attributes, " fill=\"{}\"", PALETTE[usize::from(color)]);
    }
    match (style.is_bold, style.is_dim) {
        (true, _) => attributes.push_str(" class=\"bold\""),
        (false, true) => attributes.push_str(" class=\"dim\""),
        (false, false) => {}
    }
    attributes
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Returns the text of the last screen of a picture.
pub(super) fn last_screen(svg: &str) -> String {
    let marker = format!(" class=\"{LAST}\" ");
    let mut rows: Vec<(f64, String)> = Vec::new();
    for line in svg.lines().filter(|line| line.contains(&marker)) {
        let (_, rest) = line.split_once("y=\"").expect("a position");
        let (y, rest) = rest.split_once('"').expect("a position");
        let mut text = String::new();
        for run in rest.split("</tspan>").filter(|run| run.contains("<tspan ")) {
            let (_, run) = run.split_once("<tspan ").unwrap();
            text.push_str(run.split_once('>').expect("the end of a tag").1);
        }
        let text = text.replace("&lt;", "<").replace("&amp;", "&");
        rows.push((y.parse().expect("a number"), text));
    }
    rows.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let mut screen = String::new();
    let mut next = PADDING;
    for (y, text) in rows {
        // Empty rows are not in the picture.
        while y - next > CELL.1 {
            screen.push('\n');
            next += CELL.1;
        }
        screen.push_str(&text);
        screen.push('\n');
        next += CELL.1;
    }
    screen
}

/// Returns the text of the rows that are visible at the end.
pub(super) fn text(segments: &[Segment]) -> String {
    let mut last: Vec<_> = segments
        .iter()
        .filter(|segment| segment.end.is_none())
        .collect();
    last.sort_by_key(|segment| segment.number);
    let mut screen = String::new();
    for segment in last {
        let missing = segment.number - screen.matches('\n').count();
        screen.push_str(&"\n".repeat(missing));
        screen.push_str(&line(&segment.row));
        screen.push('\n');
    }
    screen
}

fn line(row: &Row) -> String {
    row.iter().map(|run| run.text.as_str()).collect()
}

#[test]
fn text_of_a_picture_is_that_of_the_last_screen() {
    let mut film = super::frames::Film::new(20, 6);
    film.write(b"gone\r\n\r\n a \x1b[1m<b>\x1b[m &c\r\n\r\nd");
    film.pause(Duration::from_secs(1));
    film.write(b"\x1b[H\x1b[K");
    let (segments, end) = film.finish();
    let svg = draw((20, 6), "A & B", &segments, end);
    let expected = "\n\n a <b> &c\n\nd\n";
    assert_eq!(text(&segments), expected);
    assert_eq!(last_screen(&svg), expected);
    assert!(svg.contains("<title>A &amp; B</title>") && svg.contains(">gone</tspan>"));
}
