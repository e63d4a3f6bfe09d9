//! Suggestions for misspelled names.

/// Returns the candidate that is most similar to a name, if any is similar. Ignores case.
pub(crate) fn most_similar<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // At most one edit per three characters.
    let max_distance = name.chars().count() / 3;
    let name = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::levenshtein(&name, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= max_distance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::most_similar;

    #[test]
    fn only_similar_names_are_suggested() {
        let names = ["contexts.create", "contexts.status", "commands.status"];
        let similar = |name| most_similar(name, names);
        assert_eq!(similar("context.create"), Some("contexts.create"));
        assert_eq!(similar("contexts/status"), Some("contexts.status"));
        assert_eq!(similar("clusters.list"), None);
        assert_eq!(similar(""), None);
    }

    #[test]
    fn case_is_ignored_and_characters_are_counted() {
        assert_eq!(most_similar("CLUSTERID", ["clusterId"]), Some("clusterId"));
        assert_eq!(most_similar("éée", ["eee", "ééé"]), Some("ééé"));
        assert_eq!(most_similar("kitten", ["sitting"]), None);
    }
}
