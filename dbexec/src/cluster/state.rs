//! States of clusters.

use std::fmt::Display;

use generated_client::api_2_0::ClusterState;

/// Returns a state in the form of the states of contexts and commands, e.g. `Running`.
pub(crate) fn state_name(state: &impl Display) -> String {
    let name = state.to_string();
    let mut rest = name.chars();
    match rest.next() {
        Some(first) => format!("{first}{}", rest.as_str().to_lowercase()),
        None => name,
    }
}

/// Returns whether the cluster has to be started before it accepts contexts.
pub(crate) fn does_not_run(state: &ClusterState) -> bool {
    matches!(
        state,
        ClusterState::Terminated | ClusterState::Terminating | ClusterState::Error
    )
}

/// Returns whether the cluster accepts contexts, or will do so after a short time.
pub(super) fn is_running(state: &ClusterState) -> bool {
    matches!(state, ClusterState::Running | ClusterState::Resizing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_begin_with_a_capital_letter() {
        for (state, name) in [
            (ClusterState::Running, "Running"),
            ("NEW_STATE".into(), "New_state"),
            ("".into(), ""),
        ] {
            assert_eq!(state_name(&state), name);
        }
    }
}
