//! Suggestions for misspelled names.

/// Returns the candidate that is most similar to a name, if any is similar. Ignores case.
pub(crate) fn most_similar<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let name = name.to_lowercase();
    let length = name.chars().count();
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::osa_distance(&name, &candidate.to_lowercase());
            (distance, candidate)
        })
        // At most one edit per three characters of the longer name.
        .filter(|(distance, candidate)| *distance <= length.max(candidate.chars().count()) / 3)
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

    #[test]
    fn short_names_have_missing_and_exchanged_characters() {
        let similar = |name| most_similar(name, ["run", "ps", "fs", "call"]);
        for name in ["rn", "rnu", "runn", "rum"] {
            assert_eq!(similar(name), Some("run"), "{name}");
        }
        assert_eq!(similar("cal"), Some("call"));
        for name in ["rm", "ls", "r", "walk"] {
            assert_eq!(similar(name), None, "{name}");
        }
    }
}
