//! Characters that look like ASCII characters, and invisible ones.

/// Cyrillic and Greek letters, and the ASCII letters they look like, one for one.
const LETTERS: [(&str, &str); 2] = [
    (
        "аеіјорсухѕһԁԛԝАВЕІЈКМНОРСТУХЅ",
        "aeijopcyxshdqwABEIJKMHOPCTYXS",
    ),
    ("οικνρυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oikvpuxABEZHIKMNOPTYX"),
];

/// Returns the ASCII character that a character looks like.
fn ascii(c: char) -> Option<char> {
    match c {
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => Some('"'),
        '‘' | '’' | '‚' | '‛' | '′' => Some('\''),
        '‐' | '‑' | '‒' | '–' | '—' | '−' => Some('-'),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => Some(' '),
        // The full-width forms have the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21),
        _ => LETTERS.iter().find_map(|(letters, ascii)| {
            let index = letters.chars().position(|letter| letter == c)?;
            ascii.chars().nth(index)
        }),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

/// Returns the text in ASCII, or `None` if it is in ASCII already or has other characters as well.
pub(crate) fn to_ascii(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let visible = text.chars().filter(|c| !is_invisible(*c));
    let ascii: Option<String> = visible
        .map(|c| if c.is_ascii() { Some(c) } else { ascii(c) })
        .collect();
    Some(ascii?.trim().to_owned())
}

/// Describes the first character of a text that is not in ASCII.
pub(crate) fn describe(text: &str) -> Option<String> {
    let c = text.chars().find(|c| !c.is_ascii())?;
    let code = u32::from(c);
    Some(match ascii(c) {
        Some(' ') => format!("the text contains U+{code:04X}, which is not the ASCII space"),
        Some(similar) => format!("`{c}` is U+{code:04X}, not the ASCII character `{similar}`"),
        None => format!("the text contains U+{code:04X}, which is invisible"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookalikes_are_paired() {
        for (letters, ascii) in LETTERS {
            assert_eq!(letters.chars().count(), ascii.len());
            assert!(letters.chars().all(|c| !c.is_ascii()) && ascii.is_ascii());
        }
    }

    #[test]
    fn text_of_lookalikes_becomes_ascii() {
        assert_eq!(to_ascii("dос").as_deref(), Some("doc"));
        assert_eq!(to_ascii("name\u{a0}").as_deref(), Some("name"));
        assert_eq!(to_ascii("ht\u{200b}tp").as_deref(), Some("http"));
        assert_eq!(to_ascii("ｈｔｔｐ").as_deref(), Some("http"));
        assert_eq!(to_ascii("doc"), None);
        assert_eq!(to_ascii("größe"), None);
    }
}
