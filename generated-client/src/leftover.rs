//! Contexts and commands that may remain on a cluster.

use std::fmt;
use std::time::SystemTime;

use api_runtime::types::Timestamp;
use api_runtime::{Client, Error, ServerText};

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
    cluster: Named<ClusterId>,
    /// `None` if the server did not respond to the request that creates the context.
    context: Option<Named<ContextId>>,
    command: Option<CommandState>,
    /// Time at which the request that creates it was sent.
    since: Option<SystemTime>,
    request_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct CommandState {
    /// `None` if the server did not respond to the request that runs the command.
    id: Option<Named<CommandId>>,
    /// Set if the caller keeps the command running.
    is_kept: bool,
}

/// An id, and its text in messages: ids come from servers and may contain anything.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named<T> {
    id: T,
    text: String,
}

/// Longer ids are cut in messages. Those of the service have up to 36 characters.
const MAX_ID_CHARS: usize = 100;

impl<T: Clone> Named<T> {
    fn new(client: &Client, id: &T, as_str: fn(&T) -> &str) -> Self {
        let mut text = client.show(ServerText::new(as_str(id)));
        if let Some((end, _)) = text.char_indices().nth(MAX_ID_CHARS) {
            text.truncate(end);
            text.push('…');
        }
        Self {
            id: id.clone(),
            text,
        }
    }
}

impl<T> fmt::Display for Named<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.text)
    }
}

impl Leftover {
    /// Returns what the failed call may have left on the cluster.
    pub fn of(error: &Error) -> Option<&Self> {
        error.attachment()
    }

    /// Returns the cluster.
    pub fn cluster_id(&self) -> &ClusterId {
        &self.cluster.id
    }

    /// Returns the context, or that of the command. `None` if the server did not respond to the
    /// request that creates it.
    pub fn context_id(&self) -> Option<&ContextId> {
        self.context.as_ref().map(|context| &context.id)
    }

    /// Returns whether this is a command. Destroying its context ends it.
    pub fn is_command(&self) -> bool {
        self.command.is_some()
    }

    /// Returns the command. `None` for contexts, and if the server did not respond to the request
    /// that runs the command.
    pub fn command_id(&self) -> Option<&CommandId> {
        let command = self.command.as_ref()?.id.as_ref()?;
        Some(&command.id)
    }

    /// Returns whether this is a command that was not canceled on purpose.
    pub(crate) fn is_kept(&self) -> bool {
        self.command.as_ref().is_some_and(|command| command.is_kept)
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
    pub(crate) fn new_context(client: &Client, cluster_id: &ClusterId) -> Self {
        Self {
            cluster: Named::new(client, cluster_id, ClusterId::as_str),
            context: None,
            command: None,
            since: Some(SystemTime::now()),
            request_id: None,
        }
    }

    /// A context that exists.
    pub(crate) fn existing_context(
        client: &Client,
        cluster_id: &ClusterId,
        context_id: &ContextId,
    ) -> Self {
        let mut context = Self::new_context(client, cluster_id);
        context.since = None;
        context.set_context_id(client, context_id);
        context
    }

    /// A command that is about to be sent.
    pub(crate) fn new_command(
        client: &Client,
        cluster_id: &ClusterId,
        context_id: &ContextId,
    ) -> Self {
        let mut command = Self::new_context(client, cluster_id);
        command.set_context_id(client, context_id);
        command.command = Some(CommandState {
            id: None,
            is_kept: false,
        });
        command
    }

    /// A command that exists.
    pub(crate) fn existing_command(
        client: &Client,
        cluster_id: &ClusterId,
        context_id: &ContextId,
        id: &CommandId,
    ) -> Self {
        let mut command = Self::new_command(client, cluster_id, context_id);
        command.since = None;
        command.set_command_id(client, id);
        command
    }

    pub(crate) fn set_context_id(&mut self, client: &Client, id: &ContextId) {
        self.context = Some(Named::new(client, id, ContextId::as_str));
    }

    pub(crate) fn set_command_id(&mut self, client: &Client, id: &CommandId) {
        let id = Some(Named::new(client, id, CommandId::as_str));
        if let Some(command) = &mut self.command {
            command.id = id;
        }
    }

    pub(crate) fn set_kept(&mut self) {
        if let Some(command) = &mut self.command {
            command.is_kept = true;
        }
    }

    /// Adds what the error of the request that creates it contains.
    pub(crate) fn set_error(&mut self, error: &Error) {
        self.since = error.sent_at().or(self.since);
        self.request_id = error.request_id().map(str::to_owned);
    }
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cluster = &self.cluster;
        match &self.command {
            None => {
                match &self.context {
                    Some(context) => write!(f, "the execution context {context} may remain"),
                    None => f.write_str("an execution context may exist"),
                }?;
                write!(f, " on the cluster {cluster}")?;
                self.write_request(f, "requested")
            }
            Some(command) => {
                match &command.id {
                    Some(id) => write!(f, "the command {id} may be running"),
                    None => f.write_str("the code may be running"),
                }?;
                if let Some(context) = &self.context {
                    write!(f, " in the execution context {context}")?;
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
            Some(id) => write!(f, " (request id `{id}`)"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use api_runtime::{Credentials, ErrorKind};

    use super::*;

    fn client() -> Client {
        let credentials = Credentials::bearer("dapi0123").unwrap();
        let builder = Client::builder("http://127.0.0.1:1").credentials(credentials);
        builder.build().unwrap()
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(seconds * 1000 + 999)
    }

    #[test]
    fn text_contains_all_that_is_known() {
        let (client, cluster, context) = (client(), "c".into(), "1".into());
        let mut created = Leftover::new_context(&client, &cluster);
        created.since = Some(at(1_764_185_219));
        assert_eq!(
            created.to_string(),
            "an execution context may exist on the cluster `c`, requested at 2025-11-26T19:26:59Z"
        );
        created.request_id = Some("ab".to_owned());
        created.set_context_id(&client, &context);
        assert_eq!(
            created.to_string(),
            "the execution context `1` may remain on the cluster `c`, requested at \
             2025-11-26T19:26:59Z (request id `ab`)"
        );
        assert_eq!(
            Leftover::existing_context(&client, &cluster, &context).to_string(),
            "the execution context `1` may remain on the cluster `c`"
        );
        let mut sent = Leftover::new_command(&client, &cluster, &context);
        sent.since = Some(at(0));
        assert_eq!(
            sent.to_string(),
            "the code may be running in the execution context `1` on the cluster `c`, sent at \
             1970-01-01T00:00:00Z"
        );
        sent.set_command_id(&client, &"2".into());
        assert!(
            sent.to_string()
                .starts_with("the command `2` may be running in "),
            "{sent}"
        );
        assert_eq!(sent.command_id().map(CommandId::as_str), Some("2"));
    }

    #[test]
    fn ids_are_cut_cleaned_and_redacted_in_text_only() {
        let id = format!("\u{1b}[2Ja\u{202e}\nerror: dapi0123{}", "x".repeat(1000));
        let (cluster, context) = ("c".into(), id.as_str().into());
        let leftover = Leftover::existing_context(&client(), &cluster, &context);
        let text = leftover.to_string();
        assert!(
            text.starts_with("the execution context `a error: ***xxx"),
            "{text}"
        );
        assert!(
            text.contains("x…` may remain") && text.chars().count() < 200,
            "{text}"
        );
        assert_eq!(leftover.context_id(), Some(&context));
    }

    #[test]
    fn leftover_is_found_in_an_error() {
        let leftover = Leftover::new_context(&client(), &"c".into());
        let error = Error::after_sending(ErrorKind::Disconnected, "lost");
        assert_eq!(Leftover::of(&error), None);
        assert_eq!(
            Leftover::of(&error.attach(leftover.clone())),
            Some(&leftover)
        );
    }
}
