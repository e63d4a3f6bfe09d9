//! JAR files of a cluster.

use std::path::PathBuf;

use tokio::sync::watch;

/// The JAR files of a cluster, for one context. Files are added while libraries are installed.
#[derive(Clone, Debug)]
pub(crate) struct Jars {
    files: watch::Receiver<Vec<PathBuf>>,
    /// Number of files that have been returned.
    returned: usize,
}

impl Jars {
    pub(crate) fn new(files: watch::Receiver<Vec<PathBuf>>) -> Self {
        Self { files, returned: 0 }
    }

    /// Returns a file that has not been returned yet.
    pub(super) fn try_next(&mut self) -> Option<PathBuf> {
        let file = self.files.borrow_and_update().get(self.returned).cloned();
        self.returned += usize::from(file.is_some());
        file
    }

    /// Waits for a file that has not been returned yet. Cancel-safe.
    pub(super) async fn next(&mut self) -> PathBuf {
        loop {
            if let Some(file) = self.try_next() {
                return file;
            }
            if self.files.changed().await.is_err() {
                // The cluster has been removed.
                std::future::pending::<()>().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tokio::sync::watch;

    use super::Jars;

    #[tokio::test]
    async fn each_file_is_returned_once() {
        let files = watch::Sender::new(vec![PathBuf::from("a")]);
        let mut jars = Jars::new(files.subscribe());
        assert_eq!(jars.next().await, PathBuf::from("a"));
        assert_eq!(jars.try_next(), None);
        let (added, ()) = tokio::join!(jars.next(), async {
            files.send_modify(|files| files.extend(["b", "c"].map(PathBuf::from)));
        });
        assert_eq!(added, PathBuf::from("b"));
        assert_eq!(jars.try_next(), Some(PathBuf::from("c")));
        assert_eq!(jars.try_next(), None);
    }
}
