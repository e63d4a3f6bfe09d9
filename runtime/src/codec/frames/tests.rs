//! Streams in pieces of any length.

use super::*;

/// Text, name and id of an event.
type Expected<'a> = (&'a str, &'a str, &'a str);

fn parser(format: EventFormat, is_text: bool) -> FrameParser {
    FrameParser::new(&EventStream {
        format,
        is_text,
        end: None,
        error: None,
        resume: false,
        named: false,
    })
}

fn take(parser: &FrameParser, into: &mut Vec<[String; 3]>) {
    into.push([
        parser.text().into_owned(),
        parser.name().into_owned(),
        parser.last_id().into_owned(),
    ]);
}

/// Parses a stream that arrives in pieces of these lengths.
fn parse(
    mut parser: FrameParser,
    stream: &[u8],
    mut lengths: impl Iterator<Item = usize>,
) -> (Vec<[String; 3]>, FrameParser) {
    let mut items = Vec::new();
    let mut rest = stream;
    while !rest.is_empty() {
        let length = lengths.next().unwrap_or(usize::MAX).min(rest.len());
        let (mut piece, others) = rest.split_at(length);
        while !piece.is_empty() {
            let (read, is_complete) = parser.feed(piece, 1000).unwrap();
            piece = &piece[read..];
            if is_complete {
                take(&parser, &mut items);
            }
        }
        rest = others;
    }
    if parser.finish() == Rest::Item {
        take(&parser, &mut items);
    }
    (items, parser)
}

/// Checks the events of a stream, whatever the pieces in which it arrives.
#[track_caller]
fn check(stream: &[u8], expected: &[Expected<'_>]) {
    check_with(|| parser(EventFormat::ServerSent, false), stream, expected);
}

#[track_caller]
fn check_with(parser: impl Fn() -> FrameParser, stream: &[u8], expected: &[Expected<'_>]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(text, name, id)| [*text, *name, *id].map(str::to_owned))
        .collect();
    for length in 1..=stream.len() {
        let (items, _) = parse(parser(), stream, std::iter::repeat(length));
        assert_eq!(items, expected, "pieces of {length}");
        let (items, _) = parse(parser(), stream, std::iter::once(length));
        assert_eq!(items, expected, "pieces of {length} and the rest");
    }
}

#[test]
fn examples_of_the_html_standard() {
    check(
        b": this is a test stream\n\ndata: some text\n\ndata: another message\ndata: with two lines \n\n",
        &[("some text", "", ""), ("another message\nwith two lines ", "", "")],
    );
    check(
        b"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n",
        &[("73857293", "add", ""), ("2153", "remove", "")],
    );
    check(
        b"data: YHOO\ndata: +2\ndata: 10\n\n",
        &[("YHOO\n+2\n10", "", "")],
    );
    check(
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event",
        &[("first event", "", "1"), ("second event", "", "")],
    );
    check(
        b"data\n\ndata\ndata\n\ndata:",
        &[("", "", ""), ("\n", "", "")],
    );
    check(
        b"data:test\n\ndata: test\n\n",
        &[("test", "", ""), ("test", "", "")],
    );
}

#[test]
fn lines_end_with_line_feed_carriage_return_or_both() {
    check(
        b"data: a\r\rdata: b\r\n\r\ndata: c\n\ndata: d\n\rdata: e\r\n\ndata: f\r\n\r",
        &[
            ("a", "", ""),
            ("b", "", ""),
            ("c", "", ""),
            ("d", "", ""),
            ("e", "", ""),
            ("f", "", ""),
        ],
    );
}

/// A line feed in the next piece would be an empty line, and end the event.
#[test]
fn carriage_return_and_line_feed_in_two_pieces_are_one_line_end() {
    check(
        b"data: a\r\ndata: b\r\n\r\nevent: x\r\ndata: c\r\ndata\r\n\r\n",
        &[("a\nb", "", ""), ("c\n", "x", "")],
    );
}

#[test]
fn event_ends_with_the_carriage_return_of_its_empty_line() {
    let mut parser = parser(EventFormat::ServerSent, false);
    let first = b"data: a\r\n\r";
    assert_eq!(parser.feed(first, 100), Ok((first.len(), true)));
    // The line feed belongs to the line before.
    assert_eq!(parser.feed(b"\ndata: b\n\n", 100), Ok((10, true)));
    assert_eq!(parser.text(), "b");
}

#[test]
fn byte_order_mark_is_ignored_at_the_start_only() {
    check(
        b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\ndata: \xef\xbb\xbfc\n\n",
        &[("a", "", ""), ("\u{feff}c", "", "")],
    );
    check(b"\xef\xbb\xbf\ndata: a\n\n", &[("a", "", "")]);
}

#[test]
fn comments_unknown_fields_and_names_in_another_case_are_ignored() {
    check(
        b":\n:data: x\nDATA: x\n data: x\ndata : x\nfoo\nfoo: bar\ndata: a: b\n\n",
        &[("a: b", "", "")],
    );
}

#[test]
fn event_without_data_is_no_event_but_its_id_counts() {
    check(
        b"event: ping\n\nid: 7\nevent: ping\n\ndata: a\n\nid: 8\n\ndata: b\nid: 9\0\n\n",
        &[("a", "", "7"), ("b", "", "8")],
    );
}

#[test]
fn invalid_utf8_becomes_a_replacement_character() {
    check(
        b"data: \xff\xe2\x82\ndata: \xe2\x82\xac\n\n",
        &[("\u{fffd}\u{fffd}\n\u{20ac}", "", "")],
    );
}

#[test]
fn retry_consists_of_digits() {
    for (text, expected) in [
        ("retry: 1500\n", Some(1500)),
        (
            "retry: 15\nretry: x\nretry: -1\nretry: 1.5\nretry\n",
            Some(15),
        ),
        ("retry: 99999999999999999999\n", Some(u64::MAX)),
        ("retry: +5\n", None),
    ] {
        let (items, parser) = parse(
            parser(EventFormat::ServerSent, false),
            text.as_bytes(),
            std::iter::repeat(3),
        );
        assert_eq!(
            (items.len(), parser.retry()),
            (0, expected.map(Duration::from_millis))
        );
    }
}

#[test]
fn unfinished_event_is_kept_as_text_only() {
    for stream in ["data: a\n\ndata: [DONE]", "data: a\n\ndata: [DONE]\n"] {
        let parser = parser(EventFormat::ServerSent, false);
        let (items, parser) = parse(parser, stream.as_bytes(), std::iter::repeat(2));
        assert_eq!((items.len(), &*parser.text()), (1, "[DONE]"));
    }
}

#[test]
fn id_of_the_last_event_is_kept_after_a_restart() {
    let stream = b"id: 1\ndata: a\n\nid: 2\ndata: b\n";
    let parser = parser(EventFormat::ServerSent, false);
    let (_, mut parser) = parse(parser, stream, std::iter::repeat(9));
    assert_eq!(parser.last_id(), "1");
    parser.restart();
    let (items, parser) = parse(parser, b"\xef\xbb\xbfdata: c\n\n", std::iter::repeat(1));
    assert_eq!(items, [["c", "", "1"]]);
    assert_eq!(parser.last_id(), "1");
}

#[test]
fn lines_are_separated() {
    let json = || parser(EventFormat::Lines, false);
    check_with(
        json,
        b"{}\r\n\n  \n[1]\n2",
        &[("{}", "", ""), ("[1]", "", ""), ("2", "", "")],
    );
    check_with(json, b"\n\n", &[]);
    let text = || parser(EventFormat::Lines, true);
    check_with(
        text,
        b"a\r\n\n b \n",
        &[("a", "", ""), ("", "", ""), (" b ", "", "")],
    );
    check_with(text, b"a\n\xff", &[("a", "", ""), ("\u{fffd}", "", "")]);
}

#[test]
fn item_is_bounded() {
    for format in [EventFormat::ServerSent, EventFormat::Lines] {
        let mut parser = parser(format, false);
        assert_eq!(parser.feed(b"0123456789", 10), Ok((10, false)));
        assert_eq!(parser.feed(b"0", 10), Err(TooLong));
    }
    for line in [
        "data: 0123\n",
        "data\n",
        "id: 01234567890\n",
        "event: 01234567890\n",
    ] {
        let mut parser = parser(EventFormat::ServerSent, false);
        let mut feed = || parser.feed(line.as_bytes(), 20);
        let is_bounded = (0..100).any(|_| feed().is_err());
        // Only data accumulates.
        assert_eq!(is_bounded, line.starts_with("data"), "{line}");
    }
}

/// A parser that examined the beginning of a line again for each piece would not end.
#[test]
fn long_line_in_pieces_of_one_byte_is_read_once() {
    let length = 4 << 20;
    for (format, prefix) in [
        (EventFormat::ServerSent, "data: "),
        (EventFormat::Lines, ""),
    ] {
        let mut parser = parser(format, false);
        let prefix = prefix.as_bytes().chunks(1);
        let line = prefix.chain(std::iter::repeat_n(&b"x"[..], length));
        for byte in line {
            assert_eq!(parser.feed(byte, 8 << 20), Ok((1, false)));
        }
        parser.feed(b"\n", 8 << 20).unwrap();
        let _ = parser.feed(b"\n", 8 << 20).unwrap();
        if format == EventFormat::ServerSent {
            assert_eq!(parser.text().len(), length);
        }
    }
}
