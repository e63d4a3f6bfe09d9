//! PNG images as sixels.

use std::error::Error;
use std::io::Cursor;
use std::ops::Range;

use icy_sixel::SixelImage;
use png::{Decoder, Transformations};

/// Maximum number of pixels of an image that is decoded, 4 bytes each.
const MAX_PIXELS: u64 = 16_000_000;

/// Maximum width and height in pixels. It is the default of xterm, which does not show the rest.
const MAX_SIDE: usize = 1000;

/// Returns the sequence that shows a PNG image in up to 256 colors. Images that are wider or higher than
/// [`MAX_SIDE`] are reduced.
pub(super) fn encode(png: &[u8]) -> Result<String, Box<dyn Error>> {
    let image = Pixels::decode(png)?.reduced();
    Ok(SixelImage::from_rgba(image.rgba, image.width, image.height).encode()?)
}

/// Image of 4 bytes per pixel: red, green, blue and alpha.
struct Pixels {
    rgba: Vec<u8>,
    width: usize,
    height: usize,
}

impl Pixels {
    fn decode(png: &[u8]) -> Result<Self, Box<dyn Error>> {
        let mut decoder = Decoder::new(Cursor::new(png));
        decoder
            .set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
        // The header may declare a size that does not fit into memory.
        let (width, height) = decoder.read_header_info()?.size();
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(format!("{width} × {height} pixels are too many").into());
        }
        let mut reader = decoder.read_info()?;
        let size = reader.output_buffer_size();
        let mut bytes = vec![0; size.ok_or("its size is out of range")?];
        let frame = reader.next_frame(&mut bytes)?;
        bytes.truncate(frame.buffer_size());
        // The transformations leave gray and RGB, both with alpha.
        if frame.color_type.samples() == 2 {
            let (pixels, _) = bytes.as_chunks();
            bytes = pixels.iter().flat_map(|&[g, a]| [g, g, g, a]).collect();
        }
        Ok(Self {
            rgba: bytes,
            width: usize::try_from(frame.width)?,
            height: usize::try_from(frame.height)?,
        })
    }

    /// Returns the image in a size of up to [`MAX_SIDE`].
    fn reduced(self) -> Self {
        let side = self.width.max(self.height);
        if side <= MAX_SIDE {
            return self;
        }
        let width = (self.width * MAX_SIDE / side).max(1);
        let height = (self.height * MAX_SIDE / side).max(1);
        let mut rgba = Vec::with_capacity(width * height * 4);
        for y in 0..height {
            for x in 0..width {
                let rows = part(y, height, self.height);
                rgba.extend(self.average(rows, part(x, width, self.width)));
            }
        }
        Self {
            rgba,
            width,
            height,
        }
    }

    /// Returns the average color of an area. Transparent pixels have no color.
    fn average(&self, rows: Range<usize>, columns: Range<usize>) -> [u8; 4] {
        let count = rows.len() * columns.len();
        let mut colors = [0; 3];
        let mut opacity = 0;
        for y in rows {
            let row = &self.rgba[y * self.width * 4..][columns.start * 4..columns.end * 4];
            for &[r, g, b, a] in row.as_chunks().0 {
                let alpha = usize::from(a);
                for (sum, color) in colors.iter_mut().zip([r, g, b]) {
                    *sum += usize::from(color) * alpha;
                }
                opacity += alpha;
            }
        }
        let ratio = |sum: usize, count| {
            let average = sum.checked_div(count).unwrap_or(0);
            u8::try_from(average).unwrap_or(u8::MAX)
        };
        let [r, g, b] = colors.map(|sum| ratio(sum, opacity));
        [r, g, b, ratio(opacity, count)]
    }
}

/// Returns the positions of the source that one of `count` positions represents.
fn part(index: usize, count: usize, source: usize) -> Range<usize> {
    index * source / count..(index + 1) * source / count
}

#[cfg(test)]
mod tests {
    use png::{BitDepth, ColorType, Encoder};

    use super::*;

    fn png(width: u32, height: u32, color: ColorType, depth: BitDepth, data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, width, height);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if color == ColorType::Indexed {
            encoder.set_palette(vec![255, 0, 0, 0, 0, 255]);
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(data).unwrap();
        drop(writer);
        bytes
    }

    /// Decodes the sequence of a PNG image, which is shown in this size. The decoded image consists of whole
    /// rows of sixels, which are 6 pixels high.
    #[track_caller]
    fn shown(png: &[u8], (width, height): (usize, usize)) -> SixelImage {
        let sequence = encode(png).unwrap();
        let size = format!("\"1;1;{width};{height}#");
        assert!(sequence.contains(&size), "{sequence:?}");
        assert!(sequence.starts_with("\x1bP") && sequence.ends_with("\x1b\\"));
        assert!(!sequence.contains('\n'), "one line of the output");
        SixelImage::decode(sequence.as_bytes()).unwrap()
    }

    #[track_caller]
    fn assert_pixel(image: &SixelImage, (x, y): (usize, usize), expected: [u8; 4]) {
        let pixel = &image.pixels[(y * image.width + x) * 4..][..4];
        // Sixels have 101 levels per color.
        let is_near = |(a, b): (&u8, u8)| a.abs_diff(b) <= 6;
        assert!(
            pixel.iter().zip(expected).all(is_near),
            "({x}, {y}): {pixel:?} instead of {expected:?}"
        );
    }

    #[test]
    fn colors_and_transparency_are_kept() {
        let colors = [[255, 0, 0, 255], [0, 128, 0, 255], [0, 0, 255, 255], [0; 4]];
        let color = |x: usize, y: usize| colors[x / 10 + y / 7 * 2];
        let rgba: Vec<_> = (0..14)
            .flat_map(|y| (0..20).flat_map(move |x| color(x, y)))
            .collect();
        let png = png(20, 14, ColorType::Rgba, BitDepth::Eight, &rgba);
        let image = shown(&png, (20, 14));
        for y in 0..14 {
            for x in 0..20 {
                if color(x, y)[3] == 0 {
                    assert_eq!(image.pixels[(y * 20 + x) * 4 + 3], 0, "({x}, {y})");
                } else {
                    assert_pixel(&image, (x, y), color(x, y));
                }
            }
        }
    }

    #[test]
    fn all_color_types_are_decoded() {
        let (black, white) = ([0, 0, 0, 255], [255; 4]);
        let (red, blue) = ([255, 0, 0, 255], [0, 0, 255, 255]);
        let rgb = [255, 0, 0, 0, 0, 255];
        for (color, depth, data, pixels) in [
            (
                ColorType::Grayscale,
                BitDepth::One,
                &[0x40][..],
                [black, white],
            ),
            (
                ColorType::Grayscale,
                BitDepth::Sixteen,
                &[0, 0, 255, 255],
                [black, white],
            ),
            (
                ColorType::GrayscaleAlpha,
                BitDepth::Eight,
                &[0, 255, 255, 255],
                [black, white],
            ),
            (ColorType::Indexed, BitDepth::Two, &[0x10], [red, blue]),
            (ColorType::Rgb, BitDepth::Eight, &rgb, [red, blue]),
        ] {
            let image = shown(&png(2, 1, color, depth, data), (2, 1));
            assert_pixel(&image, (0, 0), pixels[0]);
            assert_pixel(&image, (1, 0), pixels[1]);
        }
    }

    #[test]
    fn large_images_are_reduced() {
        // Black and white columns become gray, and the right half is white.
        let gray: Vec<_> = (0..3)
            .flat_map(|_| (0..4000).map(|x| if x < 2000 && x % 2 == 0 { 0 } else { 255 }))
            .collect();
        let png = png(4000, 3, ColorType::Grayscale, BitDepth::Eight, &gray);
        let image = shown(&png, (1000, 1));
        assert_pixel(&image, (100, 0), [127, 127, 127, 255]);
        assert_pixel(&image, (900, 0), [255; 4]);
        // The averages of parts of different sizes use each pixel once.
        let parts: Vec<_> = (0..3).map(|index| part(index, 3, 7)).collect();
        assert_eq!(parts, [0..2, 2..4, 4..7]);
    }

    #[test]
    fn declared_size_is_limited_before_memory_is_used() {
        let mut bytes = Vec::new();
        let writer = Encoder::new(&mut bytes, 1_000_000, 1_000_000).write_header();
        drop(writer.unwrap());
        let error = encode(&bytes).unwrap_err().to_string();
        assert_eq!(error, "1000000 × 1000000 pixels are too many");
    }

    #[test]
    fn corrupt_images_are_errors_without_a_panic() {
        let data: Vec<_> = (0..16 * 16).map(|n| u8::try_from(n).unwrap()).collect();
        let valid = png(16, 16, ColorType::Grayscale, BitDepth::Eight, &data);
        let header = 33;
        for length in 0..header {
            assert!(encode(&valid[..length]).is_err(), "{length}");
        }
        for index in 0..valid.len() {
            for bits in [1, 0x80, 0xff] {
                let mut corrupt = valid.clone();
                corrupt[index] ^= bits;
                let _ = encode(&corrupt);
            }
            let _ = encode(&valid[..index]);
        }
        assert!(encode(b"\x89PNG").is_err() && encode(b"GIF89a").is_err());
    }
}
