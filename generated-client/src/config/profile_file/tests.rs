//! Tests of profiles.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::config::setting::{PROFILE, TOKEN};
use crate::config::source::Source as _;

fn argument(name: &str) -> SettingValue {
    SettingValue {
        setting: PROFILE,
        value: Secret::from(name),
        origin: "the arguments".to_owned(),
        source_index: 0,
    }
}

/// File with this text, and its directory.
fn file(text: &str) -> (ProfileFile, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cfg");
    fs::write(&path, text).unwrap();
    (ProfileFile::read(&path).unwrap(), directory)
}

/// Returns the profile or the error. `/cfg` replaces the path.
fn selected(text: &str, name: Option<&str>) -> Result<String, String> {
    let (file, directory) = file(text);
    let argument = name.map(argument);
    let profile = file.profile(argument.as_ref());
    let path = directory.path().join("cfg").display().to_string();
    profile
        .map(|profile| profile.to_string().replace(&path, "/cfg"))
        .map_err(|error| error.to_string().replace(&path, "/cfg"))
}

#[test]
fn profile_is_selected_by_argument_then_default_profile_then_name() {
    const ALL: &str = "[__settings__]\ndefault_profile = dev\n[DEFAULT]\n[dev]\n[empty]\n";
    let ok = |name: &str| Ok(format!("profile `{name}` in /cfg"));
    assert_eq!(selected("[DEFAULT]\n[dev]\n", None), ok("DEFAULT"));
    assert_eq!(selected(ALL, None), ok("dev"));
    assert_eq!(selected(ALL, Some("empty")), ok("empty"));
    assert_eq!(selected(ALL, Some("DEFAULT")), ok("DEFAULT"));
    assert_eq!(
        selected("[__settings__]\ndefault_profile =\n[DEFAULT]\n", None),
        ok("DEFAULT")
    );
    assert_eq!(
        selected("[dev]\n", None).unwrap(),
        "profile `DEFAULT` in /cfg (profile not found)"
    );
}

#[test]
fn missing_selected_profile_is_an_error() {
    assert_eq!(
        selected("[__settings__]\n[dev]\n[b]\n", Some("prod")).unwrap_err(),
        "no profile `prod` in /cfg (selected by the arguments); available profiles: dev, b"
    );
    assert_eq!(
        selected("", Some("DEFAULT")).unwrap_err(),
        "no profile `DEFAULT` in /cfg (selected by the arguments); available profiles: none"
    );
    assert_eq!(
        selected("[__settings__]\ndefault_profile = prod\n[DEFAULT]\n", None).unwrap_err(),
        "no profile `prod` in /cfg (selected by `default_profile`); available profiles: DEFAULT"
    );
    let reserved = selected("[__settings__]\n", Some("__settings__")).unwrap_err();
    assert!(reserved.contains("is not a profile"), "{reserved}");
    let reserved = selected("[__settings__]\ndefault_profile=__settings__", None).unwrap_err();
    assert!(reserved.contains("`default_profile`"), "{reserved}");
}

#[test]
fn debug_and_display_contain_no_values() {
    let profile = file("token = dapi0123").0.profile(None).unwrap();
    assert_eq!(profile.get(TOKEN).unwrap().unwrap().expose(), "dapi0123");
    assert!(!format!("{profile:?} {profile}").contains("dapi0123"));
}

#[test]
fn arbitrary_text_does_not_panic() {
    const PARTS: &[&str] = &[
        "[", "]", "a", "=", ":", " ", "\n", "\r\n", "#", ";", "\"", "'", "é", "\\", "\u{a0}",
    ];
    arbtest::arbtest(|u| {
        let mut text = String::new();
        while !u.is_empty() {
            text.push_str(u.choose(PARTS)?);
        }
        match ini::parse(&text) {
            Ok(sections) => assert!(sections.iter().all(|section| !section.name.is_empty())),
            Err(error) => assert!((1..=text.lines().count()).contains(&error.line), "{text:?}"),
        }
        Ok(())
    });
}

fn others(text: &str) -> Option<String> {
    let (file, _directory) = file(text);
    let default = Profile::empty(Path::new(""), String::new());
    file.list_others(&default).unwrap()
}

#[test]
fn lists_of_profiles_are_short_and_clean() {
    let long = "x".repeat(50);
    let headers: Vec<_> = (0..40_000).map(|number| format!("[p{number}]\n")).collect();
    let text = format!(
        "[__settings__]\n[a\u{1b}[2J]\n[{long}]\n{}",
        headers.concat()
    );
    assert_eq!(
        others(&text).unwrap(),
        format!(
            "a\\u{{1b}}[2J, {}…, p0, p1, p2, p3, p4, p5, p6, p7 and 39992 more",
            "x".repeat(40)
        )
    );
    assert_eq!(others("[__settings__]\n[DEFAULT]\n"), None);
    assert_eq!(others("[b]\n[a]\n[DEFAULT]\n[b]\n").unwrap(), "b, a");
}
