//! Transfer of whole files to and from DBFS.
//!
//! All transfers use one block of 1 MiB at a time, whatever the size of the file. They end with the
//! [interrupt](Client::interrupt) and the [deadline](Client::deadline) of the client.
//!
//! # Examples
//!
//! ```no_run
//! use std::fs::File;
//! use generated_client::files::{FileDownload, FileReader, FileUpload};
//!
//! let client = generated_client::from_env()?;
//! let mut jar = File::open("app.jar").unwrap();
//! FileUpload::new("/jars/app.jar")
//!     .overwrite()
//!     .on_progress(|progress| eprintln!("{} bytes", progress.bytes))
//!     .send(&client, &mut jar)?;
//! FileDownload::new("/jars/app.jar").save(&client, "copy.jar")?;
//!
//! // From DBFS to DBFS.
//! let mut source = FileReader::open(&client, "/jars/app.jar")?;
//! FileUpload::new("/jars/copy.jar").send(&client, &mut source)?;
//! # Ok::<(), generated_client::Error>(())
//! ```

mod block;
mod delete;
mod download;
mod error;
mod progress;
mod reader;
mod remains;
mod target;
mod time;
mod upload;
mod walk;

#[cfg(doc)]
use api_runtime::Client;

pub use self::delete::delete;
pub use self::download::FileDownload;
pub use self::progress::TransferProgress;
pub use self::reader::FileReader;
pub use self::remains::UploadRemains;
pub use self::upload::FileUpload;
pub use self::walk::{Walk, walk};
