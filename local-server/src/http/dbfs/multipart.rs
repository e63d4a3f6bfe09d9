//! `dbfs/put` with a multipart body: the file is written to disk while it is received.

use std::mem;
use std::sync::Arc;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use super::super::params::{self, required};
use super::super::response::ErrorResponse;
use super::blocking::blocking;
use super::values::{decode, path};
use crate::dbfs::{Dbfs, DbfsError, StagedFile};
use crate::limits;

/// Maximum size of the parts that are not files.
const TEXT_BYTES: usize = 2 << 20;

/// Number of bytes received before they are written.
const WRITE_BYTES: usize = 256 << 10;

pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    const MULTIPART: &str = "multipart/form-data";
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let start = value.and_then(|value| value.get(..MULTIPART.len()));
    start.is_some_and(|start| start.eq_ignore_ascii_case(MULTIPART))
}

/// Writes the file of a multipart body. The parts can have any order.
pub(super) async fn put(dbfs: Arc<Dbfs>, request: Request) -> Result<(), ErrorResponse> {
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|rejection| ErrorResponse::malformed(rejection.body_text()))?;
    let (mut target, mut overwrite, mut staged) = (None, false, None);
    while let Some(part) = multipart.next_field().await.map_err(malformed)? {
        let name = part.name().unwrap_or_default().to_owned();
        // Clients name the file `contents` or `file`.
        let is_file = part.file_name().is_some() || name == "file";
        match name.as_str() {
            _ if is_file => staged = Some(receive(&dbfs, part).await?),
            "path" => target = Some(text(part).await?),
            "contents" => staged = Some(from_base64(&dbfs, &text(part).await?).await?),
            "overwrite" => {
                overwrite = params::parse_flag(&text(part).await?).ok_or_else(|| {
                    ErrorResponse::invalid("overwrite is not `true` or `false`".to_owned())
                })?;
            }
            _ => skip(part).await?,
        }
    }
    let target = path(target.as_deref(), "path")?;
    let staged = required(staged, "contents")?;
    blocking(move || dbfs.publish(staged, &target, overwrite)).await
}

async fn receive(dbfs: &Arc<Dbfs>, mut part: Field<'_>) -> Result<StagedFile, ErrorResponse> {
    let mut staged = stage(dbfs).await?;
    let mut buffer = Vec::new();
    loop {
        let chunk = part.chunk().await.map_err(malformed)?;
        let is_last = chunk.is_none();
        buffer.extend_from_slice(&chunk.unwrap_or_default());
        if staged.size() + buffer.len() as u64 > limits::DBFS_FILE_BYTES {
            return Err(DbfsError::FileTooLarge.into());
        }
        if is_last || buffer.len() >= WRITE_BYTES {
            staged = append(staged, mem::take(&mut buffer)).await?;
        }
        if is_last {
            return Ok(staged);
        }
    }
}

async fn from_base64(dbfs: &Arc<Dbfs>, base64: &str) -> Result<StagedFile, ErrorResponse> {
    let contents = decode(base64, "contents")?;
    if contents.len() as u64 > limits::DBFS_BLOCK_BYTES {
        return Err(DbfsError::BlockTooLarge.into());
    }
    append(stage(dbfs).await?, contents).await
}

async fn stage(dbfs: &Arc<Dbfs>) -> Result<StagedFile, ErrorResponse> {
    let dbfs = Arc::clone(dbfs);
    blocking(move || dbfs.stage()).await
}

async fn append(mut staged: StagedFile, bytes: Vec<u8>) -> Result<StagedFile, ErrorResponse> {
    blocking(move || {
        staged.append(&bytes)?;
        Ok(staged)
    })
    .await
}

async fn text(mut part: Field<'_>) -> Result<String, ErrorResponse> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(malformed)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > TEXT_BYTES {
            return Err(DbfsError::BlockTooLarge.into());
        }
    }
    String::from_utf8(bytes).map_err(|error| ErrorResponse::malformed(error.to_string()))
}

async fn skip(mut part: Field<'_>) -> Result<(), ErrorResponse> {
    while part.chunk().await.map_err(malformed)?.is_some() {}
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of `map_err`")]
fn malformed(error: MultipartError) -> ErrorResponse {
    ErrorResponse::malformed(error.body_text())
}
