//! Waiting for libraries.

use api_runtime::{Client, Error, OnPoll, Polls, Progress, Wait};

use crate::api_2_0::libraries::{self, ClusterStatus};
use crate::api_2_0::{ClusterId, ClusterLibraries, Library, LibraryState};

/// Name of the operation in errors.
const OPERATION: &str = "libraries.install";

/// Waits until libraries are installed on a cluster.
///
/// A library that does not become installed, for example because the cluster does not run, ends the wait
/// at its timeout. [`Wait::on_poll`] receives the responses, and [`Wait::on_progress`] the state of the
/// first library that is not installed.
///
/// # Errors
///
/// [`ErrorKind::WaitFailed`](crate::ErrorKind::WaitFailed) with the messages of the server if the
/// installation of one of them has failed, and [`ErrorKind::WaitTimeout`](crate::ErrorKind::WaitTimeout)
/// with the state of the first one that is not installed.
///
/// # Examples
///
/// ```no_run
/// use generated_client::api_2_0::{Library, libraries};
/// use generated_client::{Wait, wait_until_installed};
///
/// let client = generated_client::from_env()?;
/// let jars = [Library::new().jar("dbfs:/jars/app.jar")];
/// libraries::install(&client, &libraries::Install::new("0123-456789-abcde", jars.to_vec()))?;
/// wait_until_installed(&client, "0123-456789-abcde", &jars, Wait::new())?;
/// # Ok::<(), generated_client::Error>(())
/// ```
pub fn wait_until_installed(
    client: &Client,
    cluster: impl Into<ClusterId>,
    libraries: &[Library],
    wait: Wait<impl OnPoll<ClusterLibraries>>,
) -> Result<(), Error> {
    let request = ClusterStatus::new(cluster);
    let mut poll = |client: &Client| {
        let response = libraries::cluster_status(client, &request)?;
        let installation = Installation::of(libraries, &response);
        Ok(Polled {
            response,
            installation,
        })
    };
    let wait = wait.map(OnResponse);
    api_runtime::wait(client, wait, OPERATION, &mut poll, Polled::progress)?;
    Ok(())
}

struct Polled {
    response: ClusterLibraries,
    installation: Installation,
}

impl Polled {
    fn progress(&self) -> Progress<'_> {
        self.installation.progress()
    }
}

/// Passes the responses to the callback of the caller.
struct OnResponse<P>(P);

impl<P: OnPoll<ClusterLibraries>> OnPoll<Polled> for OnResponse<P> {
    fn on_poll(&mut self, polled: &Polled, state: Progress<'_>, polls: &Polls<'_>) {
        self.0.on_poll(&polled.response, state, polls);
    }
}

/// State of the installation of several libraries.
enum Installation {
    Done,
    /// With the messages of the server.
    Failed(String),
    /// With the state of a library.
    Pending(String),
}

impl Installation {
    fn of(libraries: &[Library], response: &ClusterLibraries) -> Self {
        let mut pending = None;
        for library in libraries {
            let statuses = response.library_statuses.as_deref().unwrap_or_default();
            let status = statuses.iter().find(|status| status.library == *library);
            match status.map(|status| (&status.status, &status.messages)) {
                Some((
                    LibraryState::Installed
                    | LibraryState::Skipped
                    | LibraryState::Restored
                    | LibraryState::UninstallOnRestart,
                    _,
                )) => {}
                Some((LibraryState::Failed, messages)) => {
                    let messages = messages.as_deref().unwrap_or_default().join("; ");
                    return Self::Failed(format!("FAILED: {messages}"));
                }
                Some((state, _)) => {
                    pending.get_or_insert_with(|| state.to_string());
                }
                // The list may be older than the request to install the library.
                None => {
                    pending.get_or_insert_with(|| "not listed".to_owned());
                }
            }
        }
        pending.map_or(Self::Done, Self::Pending)
    }

    fn progress(&self) -> Progress<'_> {
        match self {
            Self::Done => Progress::Done,
            Self::Failed(messages) => Progress::Failed(messages),
            Self::Pending(state) => Progress::Pending(state),
        }
    }
}
