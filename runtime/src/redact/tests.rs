use super::*;

const TOKEN: &str = "dapi0123456789";

fn line(secret: &str, text: &str) -> String {
    Redactor::new([secret.into()]).line(ServerText::new(text))
}

#[test]
fn text_becomes_one_line_without_hidden_characters() {
    for (text, expected) in [
        ("  a\r\n\tb\u{2028}c\u{a0}d  ", "a b c d"),
        ("\u{1b}[2J\u{1b}[Hdone\nerror: forged", "done error: forged"),
        ("a\u{9b}31mb\u{7f}c\u{8}d\0", "abcd"),
        ("user\u{202e}gpj.exe\u{202c}", "usergpj.exe"),
        ("a\u{200b}b\u{feff}c\u{e0041}d", "abcd"),
        ("naïve 漢字 😀 e\u{301}", "naïve 漢字 😀 e\u{301}"),
        ("", ""),
    ] {
        assert_eq!(line(TOKEN, text), expected, "{text:?}");
        assert_eq!(ServerText::new(text).line(), expected, "{text:?}");
    }
}

#[test]
fn lines_keep_their_ends_tabs_and_joiners() {
    for (text, expected) in [
        ("a\r\n\tb\rc\n", "a\n\tb\nc\n"),
        ("\u{1b}[31mTraceback\u{1b}[0m\n", "Traceback\n"),
        ("a\u{9b}2Jb\u{7f}\u{8}\0\u{202e}c", "abc"),
        (
            "👩\u{200d}💻 می\u{200c}خواهم",
            "👩\u{200d}💻 می\u{200c}خواهم",
        ),
    ] {
        assert_eq!(ServerText::new(text).lines(), expected, "{text:?}");
    }
}

#[test]
fn terminals_get_escapes_and_json_keeps_its_values() {
    let text = "a\r\n\tb\u{1b}[2J\u{9b}2J\u{7f}\u{202e}\u{e0041}é👩\u{200d}💻";
    assert_eq!(
        ServerText::new(text).escaped(),
        "a\r\n\tb\\u{1b}[2J\\u{9b}2J\\u{7f}\\u{202e}\\u{e0041}é👩\u{200d}💻"
    );
    let json = serde_json::to_string_pretty(&[text]).unwrap();
    let escaped = ServerText::new(&json).escaped_json();
    assert!(
        escaped.contains(r"\u009b2J\u007f\u202e\udb40\udc41"),
        "{escaped}"
    );
    assert_eq!(
        serde_json::from_str::<[String; 1]>(&escaped).unwrap(),
        [text]
    );
}

#[test]
fn long_text_is_cut() {
    let long = "a b ".repeat(3_000_000);
    let text = line(TOKEN, &long);
    assert_eq!(text.chars().count(), MAX_CHARS, "{text}");
    assert!(text.ends_with("b…"), "{text}");
    assert_eq!(text, ServerText::new(&long).line());
    assert_eq!(line(TOKEN, &"é".repeat(400)), "é".repeat(400));
    assert_eq!(line(TOKEN, &"é".repeat(401)), "é".repeat(400) + "…");
}

#[test]
fn secrets_are_found_in_all_forms() {
    for (secret, texts) in [
        (
            TOKEN,
            &[
                "dapi0123456789",
                "dapi\u{1b}[0m0123\u{200b}456789",
                "dapi0123\r\n  456789",
                "d\u{7f}a\u{8}p\0i0123456789",
                "%64%61%70%69%30123456789",
                "dapi01234%35%36%37%38%39",
                r"\u0064api0123456789",
                // Base64 of the token, of `x` and the token, and of `xy` and the token.
                "ZGFwaTAxMjM0NTY3ODk=",
                "eGRhcGkwMTIzNDU2Nzg5",
                "eHlkYXBpMDEyMzQ1Njc4OQ==",
                "ZGFwaTAx\nMjM0NTY3ODk=",
            ][..],
        ),
        (
            "pass/w ord\"ü",
            &[
                "pass/w ord\"ü",
                "pass%2Fw%20ord%22%C3%BC",
                "pass%2fw+ord%22%c3%bc",
                r#"pass\/w ord\"ü"#,
                r"pass\u002fw\u0020ord\u0022\u00fc",
            ],
        ),
        // The two alphabets of Base64 differ.
        ("~~~???>>>", &["fn5+Pz8/Pj4+", "fn5-Pz8_Pj4-"]),
    ] {
        for text in texts {
            let message = format!("bad token '{text}', try again");
            let redacted = line(secret, &message);
            assert_eq!(redacted, "bad token '***', try again", "{message:?}");
        }
    }
}

#[test]
fn ordinary_text_is_not_redacted() {
    for text in [
        "dapi012345678",
        "api0123456789",
        "d a p i 0",
        "%64%61",
        r"\u0064",
        "\\",
        "%",
    ] {
        assert_eq!(line(TOKEN, text), text);
    }
    for short in ["", "a", "abc", " a b c "] {
        assert_eq!(line(short, "a abc a b c"), "a abc a b c", "{short}");
    }
}

#[test]
fn longest_secret_is_replaced() {
    let redactor = Redactor::new(["dapi".into(), TOKEN.into(), "0123456789abc".into()]);
    assert_eq!(redactor.redact(&format!("{TOKEN}abc dapi")), "***abc ***");
}

#[test]
fn secret_at_the_cut_is_redacted_as_a_whole() {
    let secret = "s3cr3t".repeat(20);
    for start in 250..420 {
        let text = format!("{}{secret}{}", "x".repeat(start), "y".repeat(start * 20));
        let line = line(&secret, &text);
        assert!(!line.contains("s3"), "{start}: {line}");
    }
    // Redaction shortens the text, so that more of it is shown.
    let many = format!("{secret} ").repeat(1000);
    let line = line(&secret, &many);
    assert!(!line.contains("s3") && line.ends_with('…'), "{line}");
}

#[test]
fn recent_secrets_are_redacted_after_they_were_replaced() {
    let redactor = Redactor::default();
    let value = |number: usize| format!("token-{number}-");
    for number in [1, 1, 2, 1, 2] {
        redactor.clone().record([&*value(number)]);
    }
    assert_eq!(redactor.recent().len(), 2);
    assert_eq!(redactor.redact("token-1- token-2-"), "*** ***");
    (3..40).for_each(|number| redactor.record([&*value(number)]));
    assert_eq!(redactor.recent().len(), MAX_RECENT);
    assert_eq!(redactor.redact("token-39- token-3-"), "*** token-3-");
}

#[test]
fn excerpt_shows_the_title_of_a_page_and_no_part_of_a_secret() {
    let redactor = Redactor::new([TOKEN.into()]);
    let page = format!(
        "<html><TITLE>Bad &amp; {TOKEN}</TITLE>{}",
        "x".repeat(100_000)
    );
    assert_eq!(redactor.excerpt(page.as_bytes()), "Bad & ***");
    for padding in 6300..6600 {
        let body = format!(
            "{}{TOKEN}{}",
            "\u{1b}[m".repeat(padding / 3),
            "z".repeat(9000)
        );
        let excerpt = redactor.excerpt(body.as_bytes());
        assert!(!excerpt.contains("dap"), "{padding}: {excerpt}");
    }
    assert_eq!(redactor.excerpt(b"\xff\xfe"), "\u{fffd}\u{fffd}");
}

#[test]
fn message_of_an_error_is_cleaned() {
    assert_eq!(clean("a  b".to_owned()), "a  b");
    assert_eq!(clean("a\nerror: b\u{1b}[2J".to_owned()), "a error: b");
    let long = clean("x".repeat(10_000_000));
    assert_eq!(long.chars().count(), MAX_MESSAGE_CHARS + 1);
}

#[test]
fn arbitrary_text_has_no_hidden_character_and_no_secret() {
    arbtest::arbtest(|u| {
        let mut text = String::new();
        for _ in 0..u.int_in_range(0..=20)? {
            match u.int_in_range(0..=4)? {
                0 => text.push_str(TOKEN),
                1 => text.push_str(u.choose(&["\u{1b}[", "\u{9d}", "\n", "%", "\\u00", "31m"])?),
                2 => text.push(u.arbitrary()?),
                3 => text.push_str(&TOKEN[..u.int_in_range(0..=TOKEN.len())?]),
                _ => text.push_str(u.arbitrary()?),
            }
        }
        let line = line(TOKEN, &text);
        let hidden = line.chars().find(|&c| characters::is_hidden(c));
        assert_eq!(hidden, None, "{text:?}");
        assert!(!line.contains(TOKEN) && !line.contains('\n'), "{text:?}");
        Ok(())
    });
}
