//! API 2.0: files (DBFS).

mod blocking;
mod multipart;
mod values;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;

use self::blocking::blocking;
use self::values::{decode, path, unsigned};
use super::params::{self, required};
use super::response::{self, ErrorResponse};
use crate::dbfs::{Dbfs, DbfsPath, FileStatus};

/// State of the handlers.
type Shared = Arc<Dbfs>;

/// Default of `length` in `dbfs/read`. Databricks documents 0.5 MB.
const DEFAULT_READ_BYTES: i64 = 500_000;

/// Creates the routes of the API.
pub(super) fn routes(dbfs: Shared) -> Router {
    Router::new()
        .route("/api/2.0/dbfs/put", post(put))
        .route("/api/2.0/dbfs/create", post(create))
        .route("/api/2.0/dbfs/add-block", post(add_block))
        .route("/api/2.0/dbfs/close", post(close))
        .route("/api/2.0/dbfs/read", get(read))
        .route("/api/2.0/dbfs/get-status", get(get_status))
        .route("/api/2.0/dbfs/list", get(list))
        .route("/api/2.0/dbfs/delete", post(delete))
        .route("/api/2.0/dbfs/mkdirs", post(mkdirs))
        .route("/api/2.0/dbfs/move", post(move_file))
        .with_state(dbfs)
}

/// Parameters of all endpoints.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Params {
    path: Option<String>,
    source_path: Option<String>,
    destination_path: Option<String>,
    contents: Option<String>,
    data: Option<String>,
    #[serde(deserialize_with = "params::integer")]
    handle: Option<i64>,
    #[serde(deserialize_with = "params::integer")]
    offset: Option<i64>,
    #[serde(deserialize_with = "params::integer")]
    length: Option<i64>,
    #[serde(deserialize_with = "params::flag")]
    overwrite: bool,
    #[serde(deserialize_with = "params::flag")]
    recursive: bool,
}

impl Params {
    fn path(&self) -> Result<DbfsPath, ErrorResponse> {
        path(self.path.as_deref(), "path")
    }

    fn handle(&self) -> Result<i64, ErrorResponse> {
        required(self.handle, "handle")
    }
}

#[derive(Serialize)]
struct FileInfo {
    path: String,
    is_dir: bool,
    file_size: u64,
    modification_time: i64,
}

impl From<FileStatus> for FileInfo {
    fn from(status: FileStatus) -> Self {
        Self {
            path: status.path,
            is_dir: status.is_folder,
            file_size: status.size,
            modification_time: status.modified,
        }
    }
}

async fn put(State(dbfs): State<Shared>, request: Request) -> Result<Response, ErrorResponse> {
    if multipart::is_multipart(request.headers()) {
        multipart::put(dbfs, request).await?;
        return Ok(response::empty());
    }
    let params: Params = params::read(request).await?;
    let path = params.path()?;
    let contents = decode(params.contents.as_deref().unwrap_or_default(), "contents")?;
    blocking(move || dbfs.put(&path, &contents, params.overwrite)).await?;
    Ok(response::empty())
}

async fn create(State(dbfs): State<Shared>, request: Request) -> Result<Response, ErrorResponse> {
    let params: Params = params::read(request).await?;
    let path = params.path()?;
    let handle = blocking(move || dbfs.create(path, params.overwrite)).await?;
    Ok(response::json(&json!({ "handle": handle })))
}

async fn add_block(
    State(dbfs): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let params: Params = params::read(request).await?;
    let handle = params.handle()?;
    let block = decode(&required(params.data, "data")?, "data")?;
    blocking(move || dbfs.add_block(handle, &block)).await?;
    Ok(response::empty())
}

async fn close(State(dbfs): State<Shared>, request: Request) -> Result<Response, ErrorResponse> {
    let handle = params::read::<Params>(request).await?.handle()?;
    blocking(move || dbfs.close(handle)).await?;
    Ok(response::empty())
}

async fn read(State(dbfs): State<Shared>, request: Request) -> Result<Response, ErrorResponse> {
    let params: Params = params::read(request).await?;
    let path = params.path()?;
    let offset = unsigned(params.offset.unwrap_or(0), "offset")?;
    let length = unsigned(params.length.unwrap_or(DEFAULT_READ_BYTES), "length")?;
    let bytes = blocking(move || dbfs.read(&path, offset, length)).await?;
    Ok(response::json(&json!({
        "bytes_read": bytes.len(),
        "data": BASE64_STANDARD.encode(bytes),
    })))
}

async fn get_status(
    State(dbfs): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let path = params::read::<Params>(request).await?.path()?;
    let status = blocking(move || dbfs.status(&path)).await?;
    Ok(response::json(&FileInfo::from(status)))
}

async fn list(State(dbfs): State<Shared>, request: Request) -> Result<Response, ErrorResponse> {
    let path = params::read::<Params>(request).await?.path()?;
    let files = blocking(move || dbfs.list(&path)).await?;
    let files: Vec<_> = files.into_iter().map(FileInfo::from).collect();
    Ok(response::json(&json!({ "files": files })))
}

async fn delete(State(dbfs): State<Shared>, request: Request) -> Result<Response, ErrorResponse> {
    let params: Params = params::read(request).await?;
    let path = params.path()?;
    blocking(move || dbfs.delete(&path, params.recursive)).await?;
    Ok(response::empty())
}

async fn mkdirs(State(dbfs): State<Shared>, request: Request) -> Result<Response, ErrorResponse> {
    let path = params::read::<Params>(request).await?.path()?;
    blocking(move || dbfs.make_folders(&path)).await?;
    Ok(response::empty())
}

async fn move_file(
    State(dbfs): State<Shared>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let params: Params = params::read(request).await?;
    let source = path(params.source_path.as_deref(), "source_path")?;
    let target = path(params.destination_path.as_deref(), "destination_path")?;
    blocking(move || dbfs.rename(&source, &target)).await?;
    Ok(response::empty())
}
