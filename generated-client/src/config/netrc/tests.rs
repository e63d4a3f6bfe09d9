use super::*;

/// Returns `login:password` for `adb-123.net`, or the error as `line: message`.
fn lookup(text: &str) -> Result<Option<String>, String> {
    let show = |error: SyntaxError| format!("{}: {}", error.line, error.message);
    let Some(entry) = find_entry(text, "adb-123.net").map_err(show)? else {
        return Ok(None);
    };
    let (login, password) = entry.complete().map_err(show)?;
    Ok(Some(format!("{}:{}", login.expose(), password.expose())))
}

#[test]
fn entry_of_the_machine_is_found() {
    let cases = [
        (
            "machine adb-123.net login token password dapi0123",
            "token:dapi0123",
        ),
        (
            "machine adb-123.net\n  login token\n  password dapi0123\n",
            "token:dapi0123",
        ),
        (
            "machine\nadb-123.net\r\nlogin\n\n token\npassword\tdapi0123",
            "token:dapi0123",
        ),
        ("MACHINE ADB-123.net Login me PASSWORD p", "me:p"),
        ("machine adb-123.net password p login me", "me:p"),
        ("machine adb-123.net login me account x password p", "me:p"),
        (
            "machine other login a password b machine adb-123.net login me password p",
            "me:p",
        ),
        // The first entry takes precedence.
        (
            "machine adb-123.net login a password b\nmachine adb-123.net login c password d",
            "a:b",
        ),
        // Values that look like keywords.
        (
            "machine other login machine password login machine adb-123.net login me password p",
            "me:p",
        ),
        // Comments, and values that start with `#`.
        (
            "# machine adb-123.net login a password b\nmachine adb-123.net login me password p",
            "me:p",
        ),
        (
            "machine adb-123.net # mine\nlogin me # me\npassword p#q # secret",
            "me:p#q",
        ),
        ("machine adb-123.net login me password #p", "me:#p"),
        (
            "machine adb-123.net login me password\n# comment\np",
            "me:p",
        ),
        // Quotes.
        ("machine adb-123.net login me password \"a b\"", "me:a b"),
        (
            r#"machine adb-123.net login me password "a\"b\\c\td\x""#,
            "me:a\"b\\c\tdx",
        ),
        ("machine adb-123.net login me password a\"b\"", "me:a\"b\""),
        ("machine adb-123.net login me password \"\"", "me:"),
        ("machine \"adb-123.net\" login me password é", "me:é"),
        // Macros.
        (
            "macdef init\nmachine adb-123.net login a password b\n\nmachine adb-123.net login me password p",
            "me:p",
        ),
        (
            "machine other\nmacdef x\nlogin a \"\n \t\nmachine adb-123.net login me password p",
            "me:p",
        ),
        (
            "machine adb-123.net login me password p\nmacdef init\nlogin x",
            "me:p",
        ),
        // A machine takes precedence over an earlier default.
        (
            "machine other login a password b\ndefault login me password p",
            "me:p",
        ),
        (
            "default login a password b\nmachine adb-123.net login me password p",
            "me:p",
        ),
        (
            "default login me password p default login a password b",
            "me:p",
        ),
        // Errors in entries that are not used.
        (
            "machine other port 1 login a\ndefault nonsense\nmachine adb-123.net login me password p",
            "me:p",
        ),
        (
            "nonsense machine adb-123.net login me password p machine x password",
            "me:p",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(lookup(text), Ok(Some(expected.to_owned())), "{text}");
    }
}

#[test]
fn file_without_matching_entry_is_none() {
    let cases = [
        "",
        "\n\n",
        "# x",
        "machine adb-123.net.evil login a password b",
        "machine dab login a",
        "macdef a",
    ];
    for text in cases {
        assert_eq!(lookup(text), Ok(None), "{text}");
    }
}

#[test]
fn syntax_errors_have_a_line_and_no_content() {
    let cases = [
        (
            "\nmachine adb-123.net password dapi",
            "2: missing `login` in this entry",
        ),
        (
            "machine adb-123.net\nlogin me",
            "1: missing `password` in this entry",
        ),
        (
            "machine adb-123.net login me\npassword\n\n",
            "2: unexpected end of file, expected a value",
        ),
        ("machine", "1: unexpected end of file, expected a value"),
        (
            "machine adb-123.net login me\npassword \"dapi\nx\"",
            "2: missing closing quote",
        ),
        (
            "machine adb-123.net login me password \"dapi\\",
            "1: missing closing quote",
        ),
        (
            "machine adb-123.net login me\npassword dapi with spaces\n",
            "2: unknown keyword; values that contain white space must be quoted",
        ),
        (
            "default login me\npassword da\"pi x",
            "2: unknown keyword; values that contain white space must be quoted",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(lookup(text), Err(expected.to_owned()), "{text}");
    }
}

#[test]
fn ipv6_address_matches_with_and_without_brackets() {
    for machine in ["::1", "[::1]"] {
        let text = format!("machine {machine} login me password p");
        assert!(find_entry(&text, "::1").unwrap().is_some(), "{machine}");
    }
}

#[test]
fn origin_and_errors_name_the_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path();
    let found = |text: &str| {
        std::fs::write(path, text).unwrap();
        let host = Host::parse("https://adb-123.net:8443").unwrap();
        find(&host, path).map(|found| found.map(|credentials| credentials.to_string()))
    };
    assert_eq!(
        found("machine adb-123.net login token password dapi0123")
            .unwrap()
            .unwrap(),
        format!(
            "a user and password from machine `adb-123.net` in {}",
            path.display()
        )
    );
    assert_eq!(
        found("default login token password dapi0123")
            .unwrap()
            .unwrap(),
        format!(
            "a user and password from the default entry in {}",
            path.display()
        )
    );
    assert_eq!(found("machine other login a password b").unwrap(), None);
    let error = found("machine adb-123.net login a:b password dapi0123")
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("machine `adb-123.net` in ") && error.contains("colon"),
        "{error}"
    );
    let error = found("\nmachine adb-123.net login a")
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with(&format!("{}:2: ", path.display())),
        "{error}"
    );
}

#[test]
fn debug_contains_no_password() {
    let entry = find_entry("default login me password dapi0123", "x")
        .unwrap()
        .unwrap();
    assert!(!format!("{entry:?}").contains("dapi0123"));
}

#[test]
fn arbitrary_text_does_not_panic() {
    const PARTS: &[&str] = &[
        "machine", "default", "login", "password", "account", "macdef", "a", " ", " ", " ", "\n",
        "\r\n", "#", "\"", "\\", "é", "\u{0}", "\u{a0}",
    ];
    arbtest::arbtest(|u| {
        let mut text = String::new();
        while !u.is_empty() {
            text.push_str(u.choose(PARTS)?);
        }
        let error = match find_entry(&text, "a") {
            Ok(entry) => entry.and_then(|entry| entry.complete().err()),
            Err(error) => Some(error),
        };
        let lines = text.matches('\n').count() + 1;
        assert!(
            error.is_none_or(|error| (1..=lines).contains(&error.line)),
            "{text:?}"
        );
        Ok(())
    });
}

#[test]
fn quoted_passwords_round_trip() {
    arbtest::arbtest(|u| {
        let password: String = u.arbitrary()?;
        let mut quoted = String::new();
        for c in password.chars() {
            match c {
                '\n' => quoted.push_str("\\n"),
                '\r' => quoted.push_str("\\r"),
                '"' | '\\' => quoted.extend(['\\', c]),
                c => quoted.push(c),
            }
        }
        let text = format!("machine adb-123.net login me password \"{quoted}\" # comment");
        assert_eq!(lookup(&text), Ok(Some(format!("me:{password}"))));
        Ok(())
    });
}
