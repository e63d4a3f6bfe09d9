//! States of clusters for display.

use generated_client::api_2_0::ClusterState;

/// Returns a state in the form of the states of contexts and commands, e.g. `Running`.
pub(crate) fn state_name(state: &ClusterState) -> String {
    let name = state.to_string();
    let mut rest = name.chars();
    match rest.next() {
        Some(first) => format!("{first}{}", rest.as_str().to_lowercase()),
        None => name,
    }
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
