//! Escape sequences that show images, and the terminals that support them.

use std::error::Error;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[cfg(feature = "sixel")]
use super::sixel;

/// Escape sequences for images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Kitty,
    Iterm,
    #[cfg(feature = "sixel")]
    Sixel,
}

impl Protocol {
    /// Returns the protocol of the terminal. Only variables are read: a terminal that is queried may leave
    /// its response in the input.
    pub(super) fn detect(variable: impl Fn(&str) -> String) -> Option<Self> {
        let term = variable("TERM");
        let is_set = |name: &str| !variable(name).is_empty();
        // Multiplexers pass the sequences on only if they are configured to. Only `TERM` is set if they run
        // on the other side of SSH.
        if is_set("TMUX") || is_set("STY") || ["tmux", "screen"].contains(&family(&term)) {
            return None;
        }
        let program = variable("TERM_PROGRAM");
        let is_kitty = is_set("KITTY_WINDOW_ID")
            || ["xterm-kitty", "xterm-ghostty"].contains(&&*term)
            || program == "ghostty";
        let is_iterm =
            ["iTerm.app", "WezTerm"].contains(&&*program) || variable("LC_TERMINAL") == "iTerm2";
        match (is_kitty, is_iterm) {
            (true, _) => Some(Self::Kitty),
            (_, true) => Some(Self::Iterm),
            #[cfg(feature = "sixel")]
            _ if supports_sixel(&term) => Some(Self::Sixel),
            _ => None,
        }
    }

    /// Returns the sequence that shows a PNG image, and a newline.
    #[cfg_attr(
        not(feature = "sixel"),
        expect(clippy::unnecessary_wraps, reason = "only sixels require decoding")
    )]
    pub(super) fn encode(self, png: &[u8]) -> Result<String, Box<dyn Error>> {
        let mut sequence = match self {
            Self::Kitty => kitty(png),
            Self::Iterm => iterm(png),
            #[cfg(feature = "sixel")]
            Self::Sixel => sixel::encode(png)?,
        };
        sequence.push('\n');
        Ok(sequence)
    }
}

/// Returns the name of a terminal without its variant, for example `foot` of `foot-direct`.
fn family(term: &str) -> &str {
    term.split(['-', '.']).next().unwrap_or(term)
}

#[cfg(feature = "sixel")]
fn supports_sixel(term: &str) -> bool {
    ["contour", "foot", "mlterm"].contains(&family(term))
        || family(term) == "xterm" && term.contains("sixel")
}

fn kitty(png: &[u8]) -> String {
    /// Maximum length of the data in a sequence.
    const MAX_CHUNK: usize = 4096;
    let data = STANDARD.encode(png);
    let mut rest = data.as_str();
    let mut keys = "f=100,a=T,";
    let mut sequence = String::new();
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.len().min(MAX_CHUNK));
        let more = u8::from(!after.is_empty());
        sequence.push_str(&format!("\x1b_G{keys}m={more};{chunk}\x1b\\"));
        (rest, keys) = (after, "");
    }
    sequence
}

fn iterm(png: &[u8]) -> String {
    let (size, data) = (png.len(), STANDARD.encode(png));
    format!("\x1b]1337;File=inline=1;size={size}:{data}\x07")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(set: &[(&str, &str)]) -> Option<Protocol> {
        Protocol::detect(|name| {
            let found = set.iter().find(|(other, _)| *other == name);
            found
                .map(|(_, value)| (*value).to_owned())
                .unwrap_or_default()
        })
    }

    #[test]
    fn terminals_are_detected_by_their_variables() {
        let (kitty, iterm) = (Some(Protocol::Kitty), Some(Protocol::Iterm));
        assert_eq!(detect(&[]), None);
        assert_eq!(detect(&[("TERM", "xterm-256color")]), None);
        assert_eq!(detect(&[("KITTY_WINDOW_ID", "1")]), kitty);
        assert_eq!(detect(&[("TERM", "xterm-kitty")]), kitty);
        assert_eq!(detect(&[("TERM_PROGRAM", "iTerm.app")]), iterm);
        assert_eq!(
            detect(&[("TERM", "foot"), ("TERM_PROGRAM", "WezTerm")]),
            iterm
        );
        assert_eq!(detect(&[("LC_TERMINAL", "iTerm2")]), iterm);
    }

    #[test]
    fn multiplexers_show_no_images() {
        let iterm = ("LC_TERMINAL", "iTerm2");
        assert_eq!(detect(&[("TERM", "xterm-kitty"), ("TMUX", "x")]), None);
        assert_eq!(detect(&[("TERM", "foot"), ("STY", "x")]), None);
        for term in ["screen", "screen.xterm-256color", "tmux-256color"] {
            assert_eq!(detect(&[("TERM", term), iterm]), None, "{term}");
        }
    }

    #[test]
    fn terminals_with_sixels_are_detected_if_the_feature_is_enabled() {
        #[cfg(feature = "sixel")]
        let expected = Some(Protocol::Sixel);
        #[cfg(not(feature = "sixel"))]
        let expected = None;
        for term in [
            "foot",
            "foot-direct",
            "mlterm-256color",
            "contour",
            "xterm-sixel",
        ] {
            assert_eq!(detect(&[("TERM", term)]), expected, "{term}");
        }
        for term in ["", "xterm", "footer", "vt340", "sixel"] {
            assert_eq!(detect(&[("TERM", term)]), None, "{term}");
        }
    }

    #[test]
    fn long_images_are_sent_to_kitty_in_chunks() {
        let text = |protocol: Protocol, png: &[u8]| protocol.encode(png).unwrap();
        let short = text(Protocol::Kitty, b"\x89PNG");
        assert_eq!(short, "\x1b_Gf=100,a=T,m=0;iVBORw==\x1b\\\n");
        let long = text(Protocol::Kitty, &[0; 4000]);
        let chunks: Vec<_> = long.split("\x1b_G").skip(1).collect();
        assert!(chunks[0].starts_with("f=100,a=T,m=1;") && chunks[1].starts_with("m=0;"));
        assert_eq!(chunks.len(), 2);
        let iterm = text(Protocol::Iterm, b"\x89PNG");
        assert_eq!(iterm, "\x1b]1337;File=inline=1;size=4:iVBORw==\x07\n");
    }
}
