//! Fields of bodies that contain files, for display.

use crate::codec::upload::Upload;

/// A field of a body that contains files.
pub(crate) enum BodyPreview {
    /// A text.
    Text {
        name: String,
        text: String,
        media_type: Option<String>,
    },
    /// A file.
    File {
        name: String,
        path: String,
        media_type: Option<String>,
    },
    /// A file that is the whole body.
    Body { path: String },
}

/// Fields that were written so far.
#[derive(Default)]
pub(super) struct Preview(Vec<BodyPreview>);

impl Preview {
    pub(super) fn text(&mut self, name: &str, text: &[u8], media_type: Option<&str>) {
        self.0.push(BodyPreview::Text {
            name: name.to_owned(),
            text: String::from_utf8_lossy(text).into_owned(),
            media_type: media_type.map(str::to_owned),
        });
    }

    pub(super) fn file(&mut self, name: &str, upload: &Upload, media_type: Option<&str>) {
        self.0.push(BodyPreview::File {
            name: name.to_owned(),
            path: upload.display_path(),
            media_type: media_type.map(str::to_owned),
        });
    }

    /// Returns the fields as parts of a multipart body.
    pub(super) fn into_parts(self) -> Vec<BodyPreview> {
        self.0
    }

    /// Returns the file as the whole body.
    pub(super) fn into_body(self) -> Vec<BodyPreview> {
        let whole = |part| match part {
            BodyPreview::File { path, .. } => BodyPreview::Body { path },
            other => other,
        };
        self.0.into_iter().map(whole).collect()
    }
}
