//! Behaviors of Databricks that can be switched.

pub(crate) mod markup;

/// Behavior of Databricks that programs have to handle, and that can be switched with
/// [`Options::quirk`](crate::Options::quirk).
///
/// Behaviors that every client meets are on by default. The others are observed on some clusters
/// only, or at some times, and are off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quirk {
    /// `cancel-is-finished` (on): the status of a canceled command is `Finished`, with an error that
    /// names `CommandCancelledException`. Otherwise it is `Cancelled`, as documented.
    ///
    /// Evidence: the client and an integration test of the extension of Databricks for Visual
    /// Studio Code.
    CancelIsFinished,
    /// `null-results` (on): a command without results has `"results": null`. Otherwise the key is
    /// absent.
    ///
    /// Evidence: a response in issue 1740 of the Terraform provider.
    NullResults,
    /// `partial-results` (on): the results of a running command are its output so far. Otherwise it
    /// has none.
    ///
    /// Evidence: pull request 1814 of the extension for Visual Studio Code, which displays it.
    PartialResults,
    /// `return-ids` (on): `contexts/destroy` and `commands/cancel` respond with the id. Otherwise
    /// with an empty object, as the current documentation specifies.
    ///
    /// Evidence: the documentation of 2020, and clients that read the id (`sbt-databricks`,
    /// `dbt-spark`).
    ReturnIds,
    /// `evict-idle-contexts` (on): beyond the maximum number of contexts of a cluster, the idle one
    /// that was used least recently is evicted. Otherwise `contexts/create` fails.
    ///
    /// Evidence: the documentation of execution contexts.
    EvictIdleContexts,
    /// `cluster-not-ready` (off): the first `contexts/create` on a cluster that has started fails
    /// with status code 500 and `ClusterNotReadyException`.
    ///
    /// Evidence: issue 217 of the Terraform provider; `dbx` and `dbt-databricks` retry for this
    /// reason.
    ClusterNotReady,
    /// `pending-context` (off): the first status of a context is `Pending`, however fast its
    /// interpreter starts.
    ///
    /// Evidence: the documentation, and all clients, which poll. Local interpreters often start
    /// before the first request for the status.
    PendingContext,
    /// `queued-command` (off): the first status of a command is `Queued`, however fast it is.
    ///
    /// Evidence: the documentation. Local commands are often finished before the first request for
    /// the status.
    QueuedCommand,
    /// `reject-while-pending` (off): `commands/execute` fails with status code 500 while the context
    /// is `Pending`. Otherwise commands are queued.
    ///
    /// Evidence: issue 813 of `dbx`, with Databricks Runtime 11.
    RejectWhilePending,
    /// `html-summary` (off): the summary of an error is HTML, with tags and entities.
    ///
    /// Evidence: the official SDKs remove tags and entities.
    HtmlSummary,
    /// `ansi-cause` (off): the cause of an error contains ANSI escape sequences.
    ///
    /// Evidence: issue 590 of `dbx`, pull request 434 of `dbt-databricks`, and the official SDKs,
    /// which remove them.
    AnsiCause,
    /// `out-prefix` (off): the value of the last expression of a Python command follows `Out[1]: `.
    ///
    /// Evidence: the official SDKs remove the prefix.
    OutPrefix,
}

impl Quirk {
    /// All quirks.
    pub const ALL: [Self; 12] = [
        Self::CancelIsFinished,
        Self::NullResults,
        Self::PartialResults,
        Self::ReturnIds,
        Self::EvictIdleContexts,
        Self::ClusterNotReady,
        Self::PendingContext,
        Self::QueuedCommand,
        Self::RejectWhilePending,
        Self::HtmlSummary,
        Self::AnsiCause,
        Self::OutPrefix,
    ];

    /// Returns the name on the command line, for example `cancel-is-finished`.
    pub fn name(self) -> &'static str {
        self.properties().0
    }

    /// Returns the quirk with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quirk| quirk.name() == name)
    }

    /// Returns whether the quirk is on by default.
    pub fn is_default(self) -> bool {
        self.properties().1
    }

    /// Returns a short text for help.
    pub fn description(self) -> &'static str {
        self.properties().2
    }

    fn properties(self) -> (&'static str, bool, &'static str) {
        match self {
            Self::CancelIsFinished => (
                "cancel-is-finished",
                true,
                "a canceled command is `Finished`, not `Cancelled`",
            ),
            Self::NullResults => (
                "null-results",
                true,
                "`results` is null while there are none, not absent",
            ),
            Self::PartialResults => (
                "partial-results",
                true,
                "a running command has its output so far",
            ),
            Self::ReturnIds => ("return-ids", true, "destroy and cancel respond with the id"),
            Self::EvictIdleContexts => (
                "evict-idle-contexts",
                true,
                "beyond the limit, an idle context is evicted",
            ),
            Self::ClusterNotReady => (
                "cluster-not-ready",
                false,
                "status code 500 for the first context of a cluster",
            ),
            Self::PendingContext => (
                "pending-context",
                false,
                "the first status of a context is `Pending`",
            ),
            Self::QueuedCommand => (
                "queued-command",
                false,
                "the first status of a command is `Queued`",
            ),
            Self::RejectWhilePending => (
                "reject-while-pending",
                false,
                "status code 500 for execute in a `Pending` context",
            ),
            Self::HtmlSummary => ("html-summary", false, "the summary of an error is HTML"),
            Self::AnsiCause => (
                "ansi-cause",
                false,
                "the cause of an error has ANSI escape sequences",
            ),
            Self::OutPrefix => (
                "out-prefix",
                false,
                "values of Python expressions follow `Out[1]: `",
            ),
        }
    }
}

/// Set of quirks that are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quirks([bool; Quirk::ALL.len()]);

impl Quirks {
    pub(crate) fn set(&mut self, quirk: Quirk, is_on: bool) {
        for (known, state) in Quirk::ALL.into_iter().zip(&mut self.0) {
            if known == quirk {
                *state = is_on;
            }
        }
    }

    pub(crate) fn is_on(&self, quirk: Quirk) -> bool {
        Quirk::ALL
            .into_iter()
            .zip(self.0)
            .any(|(known, is_on)| known == quirk && is_on)
    }
}

impl Default for Quirks {
    fn default() -> Self {
        Self(Quirk::ALL.map(Quirk::is_default))
    }
}

#[cfg(test)]
mod tests {
    use super::{Quirk, Quirks};

    #[test]
    fn each_quirk_is_switched_alone() {
        for switched in Quirk::ALL {
            let mut quirks = Quirks::default();
            quirks.set(switched, !switched.is_default());
            for quirk in Quirk::ALL {
                let expected = quirk.is_default() != (quirk == switched);
                assert_eq!(
                    quirks.is_on(quirk),
                    expected,
                    "{quirk:?} after {switched:?}"
                );
            }
        }
    }

    #[test]
    fn names_are_unique_and_parsed() {
        for quirk in Quirk::ALL {
            assert_eq!(Quirk::from_name(quirk.name()), Some(quirk));
        }
        assert_eq!(Quirk::from_name("cancel"), None);
    }
}
