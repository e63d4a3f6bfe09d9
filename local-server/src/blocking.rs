//! Blocking operations, each on a thread.

use std::{io, thread};

use tokio::sync::oneshot;

/// Runs an operation that blocks, for example one on files, on a thread. It runs to its end even if the future
/// is dropped.
///
/// # Errors
///
/// Returns an error if the operating system provides no thread, where `tokio::task::spawn_blocking` panics, or
/// if the operation has panicked.
pub(crate) async fn run<T: Send + 'static>(
    operation: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    start(thread::Builder::new(), operation)?
        .await
        .map_err(|_| io::Error::other("the operation has panicked"))
}

fn start<T: Send + 'static>(
    thread: thread::Builder,
    operation: impl FnOnce() -> T + Send + 'static,
) -> io::Result<oneshot::Receiver<T>> {
    let (sender, receiver) = oneshot::channel();
    thread.spawn(move || {
        // The future may have been dropped.
        let _ = sender.send(operation());
    })?;
    Ok(receiver)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn panic_and_missing_thread_are_errors() {
        assert_eq!(run(|| 6 * 7).await.unwrap(), 42);
        let error = run(|| assert!(std::hint::black_box(false))).await;
        assert_eq!(error.unwrap_err().to_string(), "the operation has panicked");
        // No system has that much memory for a stack.
        let thread = thread::Builder::new().stack_size(1 << 50);
        assert!(start(thread, || ()).is_err());
    }
}
