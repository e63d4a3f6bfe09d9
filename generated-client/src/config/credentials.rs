//! Which of the credentials that are there are meant.

use std::cmp::Ordering;

use api_runtime::{Credentials, Error};

use super::environment::Environment;
use super::host::Host;
use super::layers::{AUTH_TYPE, Found, Layer, PASSWORD, TOKEN, UNSUPPORTED, USERNAME, find};
use super::profile::Profile;
use super::{input, netrc};

/// The credentials for this host: those of the layers, else those of netrc, else none if the host
/// is this machine.
pub(super) fn find_for(
    host: &Host,
    layers: &[&dyn Layer],
    environment: &Environment,
    profile: &Profile,
) -> Result<Credentials, Error> {
    if let Some(choice) = choose(layers)? {
        return choice.into_credentials();
    }
    // Whoever configured another kind means that caller, and not the one in netrc.
    if !host.is_loopback() {
        refuse_unsupported(layers, profile)?;
    }
    let path = environment.netrc();
    match netrc::find_for(host, &path)? {
        Some(credentials) => Ok(credentials),
        None if host.is_loopback() => Ok(Credentials::none()),
        None => Err(input(format!(
            "no credentials for {} were found; looked at the arguments, the variables {} and {} \
             with {}, {profile}, and {}",
            host.url(),
            TOKEN.variable,
            USERNAME.variable,
            PASSWORD.variable,
            netrc::place_of(host, &path),
        ))),
    }
}

/// What will be sent.
#[derive(Debug)]
enum Choice {
    Token(Found),
    Basic { user: Found, password: Found },
}

impl Choice {
    fn into_credentials(self) -> Result<Credentials, Error> {
        let (credentials, origin) = match self {
            Self::Token(token) => (Credentials::bearer(token.value), token.origin),
            Self::Basic { user, password } => {
                let origin = if user.origin == password.origin {
                    user.origin
                } else {
                    format!("{} and {}", user.origin, password.origin)
                };
                (
                    Credentials::basic(user.value.expose(), password.value),
                    origin,
                )
            }
        };
        match credentials {
            Ok(credentials) => Ok(credentials.found_in(origin)),
            Err(error) => Err(input(format!("{origin}: {}", error.message()))),
        }
    }
}

fn choose(layers: &[&dyn Layer]) -> Result<Option<Choice>, Error> {
    let token = find(layers, TOKEN)?;
    let user = find(layers, USERNAME)?;
    let password = find(layers, PASSWORD)?;

    // Of user and password, the one from the earlier place speaks for both.
    let basic = user.iter().chain(&password).min_by_key(|found| found.level);
    let use_token = match (&token, basic) {
        (Some(token), Some(basic)) => token_is_meant(layers, token, basic)?,
        (token, _) => token.is_some(),
    };
    match (token, user, password) {
        (Some(token), _, _) if use_token => Ok(Some(Choice::Token(token))),
        (_, Some(user), Some(password)) => Ok(Some(Choice::Basic { user, password })),
        (_, Some(user), None) => Err(half(&user, "no password is")),
        (_, None, Some(password)) => Err(half(&password, "no user is")),
        (_, None, None) => Ok(None),
    }
}

fn token_is_meant(layers: &[&dyn Layer], token: &Found, basic: &Found) -> Result<bool, Error> {
    match token.level.cmp(&basic.level) {
        Ordering::Less => Ok(true),
        Ordering::Greater => Ok(false),
        Ordering::Equal => match auth_type(layers)?.as_deref() {
            Some("pat") => Ok(true),
            Some("basic") => Ok(false),
            _ => Err(input(format!(
                "more than one kind of credentials: there is {}, and {}; leave one out, or set \
                 {} to `pat` or `basic`",
                token.describe(),
                basic.describe(),
                AUTH_TYPE.variable,
            ))),
        },
    }
}

fn auth_type(layers: &[&dyn Layer]) -> Result<Option<String>, Error> {
    Ok(find(layers, AUTH_TYPE)?.map(|found| found.value.expose().to_owned()))
}

fn half(found: &Found, missing: &str) -> Error {
    input(format!(
        "there is {}, but {missing} given with it",
        found.describe()
    ))
}

/// Says so if the caller counts on a kind of credentials that is not there yet.
fn refuse_unsupported(layers: &[&dyn Layer], profile: &Profile) -> Result<(), Error> {
    let mut all = Vec::new();
    for setting in UNSUPPORTED {
        all.extend(find(layers, *setting)?);
    }
    all.extend(find(layers, AUTH_TYPE)?.filter(|kind| !is_supported(kind.value.expose())));
    if all.is_empty() {
        return Ok(());
    }
    let all: Vec<_> = all.iter().map(Found::describe).collect();
    Err(input(format!(
        "credentials of this kind are not supported yet: there is {}; supported are a personal \
         access token and a user with a password: {}, or {} and {}, or `{}`, or `{}` and `{}`, in \
         {profile}",
        all.join(", "),
        TOKEN.variable,
        USERNAME.variable,
        PASSWORD.variable,
        TOKEN.key,
        USERNAME.key,
        PASSWORD.key,
    )))
}

fn is_supported(auth_type: &str) -> bool {
    matches!(auth_type, "pat" | "basic")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// What would be sent: of the arguments, of the variables, of a second lot of variables that
    /// stands for a profile.
    fn sent(config: &Config, lots: [&[(&str, &str)]; 2]) -> Result<String, String> {
        let [first, second] = lots.map(|pairs| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (format!("DATABRICKS_{name}"), *value));
            Environment::from_pairs(None, pairs)
        });
        match choose(&[config, &first, &second]) {
            Ok(None) => Ok(String::new()),
            Ok(Some(Choice::Token(token))) => Ok(token.value.expose().to_owned()),
            Ok(Some(Choice::Basic { user, password })) => Ok(format!(
                "{}:{}",
                user.value.expose(),
                password.value.expose()
            )),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn the_earlier_place_counts() {
        let no = Config::new;
        let token: &[_] = &[("TOKEN", "t1")];
        let basic: &[_] = &[("USERNAME", "u1"), ("PASSWORD", "p1")];
        let user: &[_] = &[("USERNAME", "u2")];
        let password: &[_] = &[("PASSWORD", "p2")];
        let cases = [
            (no(), [&[][..], &[]], ""),
            (no(), [token, &[("TOKEN", "t2")]], "t1"),
            (no(), [&[], &[("TOKEN", "t2")]], "t2"),
            (no(), [token, basic], "t1"),
            (no(), [basic, token], "u1:p1"),
            (no().token("t0"), [token, basic], "t0"),
            (no().token("t0"), [basic, token], "t0"),
            (no().basic("u0", "p0"), [token, &[]], "u0:p0"),
            (no().basic("u0", "p0"), [basic, token], "u0:p0"),
            // A password that is kept out of the file.
            (no(), [password, user], "u2:p2"),
            (no(), [user, password], "u2:p2"),
            // A stray half does not disturb the earlier token.
            (no(), [token, user], "t1"),
        ];
        for (config, lots, expected) in cases {
            assert_eq!(
                sent(&config, lots),
                Ok(expected.to_owned()),
                "{config:?} {lots:?}"
            );
        }
    }

    #[test]
    fn two_kinds_in_one_place_need_an_auth_type() {
        let both = [("TOKEN", "t"), ("USERNAME", "u"), ("PASSWORD", "p")];
        let error = sent(&Config::new(), [&both, &[]]).unwrap_err();
        assert_eq!(
            error,
            "more than one kind of credentials: there is `token` from the variable \
             DATABRICKS_TOKEN, and `username` from the variable DATABRICKS_USERNAME; leave one \
             out, or set DATABRICKS_AUTH_TYPE to `pat` or `basic`"
        );
        let sent = |kind| sent(&Config::new(), [&[("AUTH_TYPE", kind)], &both]);
        assert_eq!(sent("pat").unwrap(), "t");
        assert_eq!(sent("basic").unwrap(), "u:p");
        assert!(sent("oauth-m2m").is_err());

        let error = choose(&[&Config::new().token("t").basic("u", "p")]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("`token` from the arguments, and `username` from the arguments"));
    }

    #[test]
    fn halves() {
        let error = sent(&Config::new(), [&[("USERNAME", "u")], &[]]).unwrap_err();
        assert_eq!(
            error,
            "there is `username` from the variable DATABRICKS_USERNAME, but no password is given \
             with it"
        );
        let error = sent(&Config::new(), [&[], &[("PASSWORD", "hunter2")]]).unwrap_err();
        assert_eq!(
            error,
            "there is `password` from the variable DATABRICKS_PASSWORD, but no user is given with \
             it"
        );
    }

    #[test]
    fn origins() {
        let origin = |config: &Config, pairs: &[(&str, &str)]| {
            let environment = Environment::from_pairs(None, pairs.iter().copied());
            let choice = choose(&[config, &environment]).unwrap().unwrap();
            choice
                .into_credentials()
                .map(|credentials| credentials.to_string())
        };
        let basic = [("DATABRICKS_USERNAME", "u"), ("DATABRICKS_PASSWORD", "p")];
        assert_eq!(
            origin(&Config::new(), &basic).unwrap(),
            "a user and password from the variable DATABRICKS_USERNAME and the variable \
             DATABRICKS_PASSWORD"
        );
        assert_eq!(
            origin(&Config::new().basic("u", "p"), &[]).unwrap(),
            "a user and password from the arguments"
        );
        let error = origin(&Config::new().token("dapi 0123"), &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the arguments: the credentials cannot be sent: the token holds white space"
        );
    }

    #[test]
    fn nothing_printable_shows_a_value() {
        let config = Config::new().basic("u", "hunter2");
        let choice = choose(&[&config]).unwrap();
        assert!(!format!("{choice:?} {config:?}").contains("hunter2"));
    }
}
