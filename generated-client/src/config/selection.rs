//! Selection of one kind of credentials.

use api_runtime::Error;

use super::auth_type::AuthType;
use super::candidate::Candidate;
use super::error::invalid;
use super::setting::AUTH_TYPE;
use super::source::{SettingValue, Source, find};

/// Selects the kind of credentials to use, or `None` if none is configured.
///
/// The candidate from the first source is selected. `auth_type` selects another candidate if it is
/// set in the same source or an earlier one, and decides between several candidates in one source.
pub(super) fn select(sources: &[&dyn Source]) -> Result<Option<Candidate>, Error> {
    let mut candidates = Vec::new();
    for auth_type in AuthType::ALL {
        candidates.extend(Candidate::find(auth_type, sources)?);
    }
    let Some(first) = candidates.iter().map(Candidate::source_index).min() else {
        return Ok(None);
    };
    let requested = find(sources, AUTH_TYPE)?;
    if let Some(requested) = requested
        .as_ref()
        .filter(|value| value.source_index <= first)
    {
        return take(&mut candidates, requested)
            .map(Some)
            .ok_or_else(|| not_configured(requested, &candidates));
    }
    candidates.retain(|candidate| candidate.source_index() == first);
    if let [_, _, ..] = &*candidates {
        let taken = requested.and_then(|requested| take(&mut candidates, &requested));
        return taken.map(Some).ok_or_else(|| ambiguous(&candidates));
    }
    Ok(candidates.pop())
}

/// Removes the candidate that `auth_type` names.
fn take(candidates: &mut Vec<Candidate>, auth_type: &SettingValue) -> Option<Candidate> {
    let auth_type = AuthType::from_name(auth_type.value.expose())?;
    let is_named = |candidate: &Candidate| candidate.auth_type == auth_type;
    let index = candidates.iter().position(is_named)?;
    Some(candidates.swap_remove(index))
}

fn ambiguous(candidates: &[Candidate]) -> Error {
    let names: Vec<_> = candidates
        .iter()
        .map(|candidate| format!("`{}`", candidate.auth_type.name()))
        .collect();
    invalid(format!(
        "more than one kind of credentials is configured: {}; remove all but one, or set `{}` to {}",
        describe_all(candidates),
        AUTH_TYPE.variable,
        names.join(" or "),
    ))
}

fn not_configured(requested: &SettingValue, candidates: &[Candidate]) -> Error {
    let configured = describe_all(candidates);
    let origin = requested.describe();
    // An unknown value is not part of the message: it may be a secret.
    invalid(match AuthType::from_name(requested.value.expose()) {
        Some(auth_type) => format!(
            "{origin} selects `{}` credentials, but only {configured} is configured",
            auth_type.name()
        ),
        None => format!("{origin} is not supported; configured credentials: {configured}"),
    })
}

fn describe_all(candidates: &[Candidate]) -> String {
    let descriptions: Vec<_> = candidates.iter().map(Candidate::describe).collect();
    descriptions.join(", ")
}

#[cfg(test)]
mod tests;
