//! Contexts and commands that may remain on a cluster.

use std::fmt::{self, Write as _};
use std::time::SystemTime;

use api_runtime::Error;
use api_runtime::types::Timestamp;

use crate::api::{ClusterId, CommandId, ContextId};

/// Execution context or command that remains on a cluster, or may remain there.
///
/// It is attached to an [`Error`] if a context or a command could not be cleaned up, and
/// [`Leftovers`](crate::Leftovers) lists those that exist while the program runs. The API cannot list
/// contexts: what is recorded here is the only trace of them. The text includes all of it.
///
/// # Examples
///
/// ```no_run
/// use generated_client::{ExecutionContext, Language, Leftover};
///
/// let client = generated_client::from_env()?;
/// match ExecutionContext::create(&client, "0123-456789-abcde", Language::Python) {
///     Ok(context) => println!("{}", context.run("1 + 1")?),
///     Err(error) => match Leftover::of(&error) {
///         Some(leftover) => eprintln!("look after the cluster {}", leftover.cluster_id()),
///         None => eprintln!("nothing was created: {error}"),
///     },
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    cluster_id: ClusterId,
    /// `None` if the server did not respond to the request that creates the context.
    context_id: Option<ContextId>,
    command: Option<CommandState>,
    /// Time at which the request that creates it was sent.
    since: Option<SystemTime>,
    request_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct CommandState {
    /// `None` if the server did not respond to the request that runs the command.
    id: Option<CommandId>,
}

impl Leftover {
    /// Returns what the failed call may have left on the cluster.
    pub fn of(error: &Error) -> Option<&Self> {
        error.attachment()
    }

    /// Returns the cluster.
    pub fn cluster_id(&self) -> &ClusterId {
        &self.cluster_id
    }

    /// Returns the context, or that of the command. `None` if the server did not respond to the
    /// request that creates it.
    pub fn context_id(&self) -> Option<&ContextId> {
        self.context_id.as_ref()
    }

    /// Returns whether this is a command. Destroying its context ends it.
    pub fn is_command(&self) -> bool {
        self.command.is_some()
    }

    /// Returns the command. `None` for contexts, and if the server did not respond to the request
    /// that runs the command.
    pub fn command_id(&self) -> Option<&CommandId> {
        self.command.as_ref()?.id.as_ref()
    }

    /// Returns the time at which the request that creates the context or runs the command was sent.
    /// `None` for [attached](crate::ExecutionContext::attach) contexts.
    pub fn since(&self) -> Option<SystemTime> {
        self.since
    }

    /// Returns the id of that request, if it failed and the response had one.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }
}

/// Construction and changes.
impl Leftover {
    /// A context that is about to be created.
    pub(crate) fn new_context(cluster_id: &ClusterId) -> Self {
        Self {
            cluster_id: cluster_id.clone(),
            context_id: None,
            command: None,
            since: Some(SystemTime::now()),
            request_id: None,
        }
    }

    /// A context that exists.
    pub(crate) fn existing_context(cluster_id: &ClusterId, context_id: &ContextId) -> Self {
        Self {
            context_id: Some(context_id.clone()),
            since: None,
            ..Self::new_context(cluster_id)
        }
    }

    /// A command that is about to be sent.
    pub(crate) fn new_command(cluster_id: &ClusterId, context_id: &ContextId) -> Self {
        Self {
            context_id: Some(context_id.clone()),
            command: Some(CommandState { id: None }),
            ..Self::new_context(cluster_id)
        }
    }

    pub(crate) fn set_context_id(&mut self, id: &ContextId) {
        self.context_id = Some(id.clone());
    }

    pub(crate) fn set_command_id(&mut self, id: &CommandId) {
        self.command = Some(CommandState {
            id: Some(id.clone()),
        });
    }

    /// Adds what the error of the request that creates it contains.
    pub(crate) fn set_error(&mut self, error: &Error) {
        self.since = error.sent_at().or(self.since);
        self.request_id = error.request_id().map(str::to_owned);
    }
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cluster = Id(self.cluster_id.as_str());
        match &self.command {
            None => {
                match &self.context_id {
                    Some(id) => write!(f, "the execution context {} may remain", Id(id.as_str())),
                    None => f.write_str("an execution context may exist"),
                }?;
                write!(f, " on the cluster {cluster}")?;
                self.write_request(f, "requested")
            }
            Some(command) => {
                match &command.id {
                    Some(id) => write!(f, "the command {} may be running", Id(id.as_str())),
                    None => f.write_str("the code may be running"),
                }?;
                if let Some(id) = &self.context_id {
                    write!(f, " in the execution context {}", Id(id.as_str()))?;
                }
                write!(f, " on the cluster {cluster}")?;
                self.write_request(f, "sent")
            }
        }
    }
}

impl Leftover {
    fn write_request(&self, f: &mut fmt::Formatter<'_>, verb: &str) -> fmt::Result {
        if let Some(time) = self.since {
            write!(f, ", {verb} at {:.0}", Timestamp(time))?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request id {})", Id(id)),
            None => Ok(()),
        }
    }
}

/// An id, as it appears in messages: ids come from servers and may contain anything.
struct Id<'a>(&'a str);

/// Longer ids are cut in messages. Those of the service have up to 36 characters.
const MAX_ID_CHARS: usize = 100;

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        f.write_char('`')?;
        for c in characters.by_ref().take(MAX_ID_CHARS) {
            let is_plain = c.is_alphanumeric() || c.is_ascii_graphic();
            f.write_char(if is_plain { c } else { '\u{fffd}' })?;
        }
        let is_cut = characters.next().is_some();
        f.write_str(if is_cut { "…`" } else { "`" })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use api_runtime::ErrorKind;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(seconds * 1000 + 999)
    }

    #[test]
    fn text_contains_all_that_is_known() {
        let (cluster, context) = ("c".into(), "1".into());
        let mut created = Leftover::new_context(&cluster);
        created.since = Some(at(1_764_185_219));
        assert_eq!(
            created.to_string(),
            "an execution context may exist on the cluster `c`, requested at 2025-11-26T19:26:59Z"
        );
        created.request_id = Some("ab".to_owned());
        created.set_context_id(&context);
        assert_eq!(
            created.to_string(),
            "the execution context `1` may remain on the cluster `c`, requested at \
             2025-11-26T19:26:59Z (request id `ab`)"
        );
        assert_eq!(
            Leftover::existing_context(&cluster, &context).to_string(),
            "the execution context `1` may remain on the cluster `c`"
        );
        let mut sent = Leftover::new_command(&cluster, &context);
        sent.since = Some(at(0));
        assert_eq!(
            sent.to_string(),
            "the code may be running in the execution context `1` on the cluster `c`, sent at \
             1970-01-01T00:00:00Z"
        );
        sent.set_command_id(&"2".into());
        assert!(
            sent.to_string()
                .starts_with("the command `2` may be running in "),
            "{sent}"
        );
        assert_eq!(sent.command_id().map(CommandId::as_str), Some("2"));
    }

    #[test]
    fn ids_are_cut_and_cleaned_in_text_only() {
        let id = format!("\u{1b}[2J\u{202e}{}", "x".repeat(1000));
        let leftover = Leftover::existing_context(&"c".into(), &id.as_str().into());
        let text = leftover.to_string();
        assert!(
            text.starts_with("the execution context `\u{fffd}[2J\u{fffd}xxx"),
            "{text}"
        );
        assert!(
            text.contains("x…` may remain") && text.chars().count() < 200,
            "{text}"
        );
        assert_eq!(leftover.context_id().map(ContextId::as_str), Some(&*id));
    }

    #[test]
    fn leftover_is_found_in_an_error() {
        let leftover = Leftover::new_context(&"c".into());
        let error = Error::after_sending(ErrorKind::Disconnected, "lost");
        assert_eq!(Leftover::of(&error), None);
        assert_eq!(
            Leftover::of(&error.attach(leftover.clone())),
            Some(&leftover)
        );
    }
}
