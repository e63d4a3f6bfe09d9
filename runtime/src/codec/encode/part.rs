//! Parts of multipart bodies, and their preview.

use std::mem;

use super::encoder::{Encode, Encoder, Shape};
use super::syntax::Syntax;
use crate::codec::upload::Upload;

impl Encoder {
    /// Writes a part, or several ones for a list of values with a media type.
    pub(super) fn part(
        &mut self,
        name: &str,
        value: &dyn Encode,
        shape: Shape<'_>,
        media_type: Option<&str>,
    ) {
        match shape {
            Shape::Part(inner, media_type) => match inner.shape() {
                Shape::List(list) => list
                    .items()
                    .for_each(|item| self.part(name, item, item.shape(), Some(media_type))),
                shape => self.part(name, inner, shape, Some(media_type)),
            },
            Shape::Upload(upload) => self.file_part(name, upload, media_type),
            _ => self.text_part(name, value, media_type),
        }
    }

    fn file_part(&mut self, name: &str, upload: &Upload, media_type: Option<&str>) {
        match &mut self.syntax {
            Syntax::Multipart(multipart) => {
                multipart.file(&mut self.text, name, upload, media_type);
            }
            Syntax::Preview(preview) => preview.file(name, upload, media_type),
            _ => {}
        }
    }

    fn text_part(&mut self, name: &str, value: &dyn Encode, media_type: Option<&str>) {
        if let Syntax::Multipart(multipart) = &mut self.syntax {
            multipart.begin_text(&mut self.text, name, media_type);
        }
        match media_type {
            Some(media_type) => self.content(value, media_type),
            None => value.encode(self),
        }
        match &mut self.syntax {
            Syntax::Preview(preview) => {
                preview.text(name, &mem::take(&mut self.text), media_type);
            }
            _ => self.text.extend_from_slice(b"\r\n"),
        }
    }
}
