//! Notebooks with the outputs of a run, in the format nbformat 4.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use generated_client::{Failure, Image, Output, Table};
use serde_json::{Value, json};

use super::cell::Cell;
use crate::language::Language;

/// Notebook to which a run adds the outputs of its cells.
#[derive(Debug)]
pub(crate) struct Document {
    notebook: Value,
    /// Indices of the cells with code in the list of all cells.
    cells: Vec<usize>,
}

impl Document {
    /// Creates a document from the text of a Jupyter notebook, whose other cells and metadata are kept.
    /// `cells` are those that [`read`](super::read) returns. Returns `None` if the text is not a notebook.
    pub(crate) fn of_jupyter(text: &str, cells: &[Cell]) -> Option<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut notebook: Value = serde_json::from_str(text).ok()?;
        for cell in notebook["cells"].as_array_mut()? {
            if cell["cell_type"] == "code" {
                cell["outputs"] = json!([]);
                cell["execution_count"] = Value::Null;
            }
        }
        Some(Self {
            notebook,
            cells: cells.iter().map(|cell| cell.index).collect(),
        })
    }

    /// Creates a document from code, with one cell for each language and text.
    pub(crate) fn of_code(code: &[(Language, String)]) -> Self {
        let language = code
            .first()
            .map_or(Language::Python, |(language, _)| *language);
        let cell = |(cell, text): &(Language, String)| {
            let magic = if *cell == language {
                String::new()
            } else {
                format!("%{cell}\n")
            };
            json!({
                "cell_type": "code",
                "execution_count": null,
                "metadata": {},
                "outputs": [],
                "source": format!("{magic}{}", text.trim_matches('\n')),
            })
        };
        Self {
            notebook: json!({
                "cells": code.iter().map(cell).collect::<Vec<_>>(),
                "metadata": { "language_info": { "name": language.to_string() } },
                "nbformat": 4,
                "nbformat_minor": 4,
            }),
            cells: (0..code.len()).collect(),
        }
    }

    /// Adds an output of the cell with this index among those with code.
    pub(crate) fn add_output(&mut self, index: usize, output: &Output) {
        self.add(index, outputs(output));
    }

    /// Adds the error of the cell with this index among those with code.
    pub(crate) fn add_failure(&mut self, index: usize, failure: &Failure) {
        let mut outputs: Vec<_> = failure
            .output
            .as_deref()
            .and_then(stream)
            .into_iter()
            .collect();
        let text = failure.to_string();
        outputs.push(json!({
            "output_type": "error",
            "ename": failure.name().unwrap_or_default(),
            "evalue": failure.message(),
            "traceback": text.lines().collect::<Vec<_>>(),
        }));
        self.add(index, outputs);
    }

    fn add(&mut self, index: usize, outputs: Vec<Value>) {
        let Some(cell) = self
            .cells
            .get(index)
            .and_then(|at| self.notebook["cells"].get_mut(*at))
        else {
            return;
        };
        if let Some(all) = cell["outputs"].as_array_mut() {
            all.extend(outputs);
        }
        cell["execution_count"] = json!(index + 1);
    }

    /// Returns the text of the file.
    pub(crate) fn text(&self) -> String {
        format!("{:#}\n", self.notebook)
    }
}

fn outputs(output: &Output) -> Vec<Value> {
    if let Some(table) = output.table() {
        let data = json!({ "text/plain": table.to_string(), "text/html": html(&table) });
        return vec![display(&data)];
    }
    let images = output.images();
    if images.is_empty() {
        return stream(&output.to_string()).into_iter().collect();
    }
    images.iter().map(image).collect()
}

/// Returns printed text, unless it is empty.
fn stream(text: &str) -> Option<Value> {
    let text = text.trim_end_matches('\n');
    (!text.is_empty())
        .then(|| json!({ "output_type": "stream", "name": "stdout", "text": format!("{text}\n") }))
}

fn display(data: &Value) -> Value {
    json!({ "output_type": "display_data", "data": data, "metadata": {} })
}

fn image(image: &Image) -> Value {
    let text = image.to_string();
    match image {
        Image::Inline { media_type, bytes } => {
            let mut data = json!({ "text/plain": text });
            data[media_type.as_str()] = STANDARD.encode(bytes).into();
            display(&data)
        }
        _ => display(&json!({ "text/plain": text })),
    }
}

fn html(table: &Table<'_>) -> String {
    let mut html = "<table>\n<tr>".to_owned();
    for column in table.columns() {
        html.extend(["<th>", &escape(&column.name), "</th>"]);
    }
    html.push_str("</tr>\n");
    for row in table.text_rows() {
        html.push_str("<tr>");
        for cell in row {
            let text = cell.as_deref().unwrap_or("null");
            html.extend(["<td>", &escape(text), "</td>"]);
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>");
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn other_cells_and_metadata_are_kept() {
        let text = r##"{
          "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "# Title"},
            {"cell_type": "code", "metadata": {}, "outputs": [{"old": 1}], "source": "1"},
            {"cell_type": "code", "metadata": {}, "outputs": [], "source": "%md text"},
            {"cell_type": "code", "metadata": {"a": 1}, "outputs": [], "source": "2"}
          ],
          "metadata": {"b": 2}, "nbformat": 4, "nbformat_minor": 5}"##;
        let path = Some(Path::new("a.ipynb"));
        let cells = crate::notebook::read("a.ipynb", path, text, None).unwrap();
        let mut document = Document::of_jupyter(text, &cells).unwrap();
        document.add(1, vec![json!("out")]);
        let saved: Value = serde_json::from_str(&document.text()).unwrap();
        assert_eq!(saved["cells"][0]["source"], "# Title");
        assert_eq!(saved["cells"][1]["outputs"], json!([]));
        assert_eq!(saved["cells"][2]["outputs"], json!([]));
        assert_eq!(saved["cells"][3]["outputs"], json!(["out"]));
        assert_eq!(saved["cells"][3]["execution_count"], 2);
        assert_eq!(saved["cells"][3]["metadata"]["a"], 1);
        assert_eq!(saved["metadata"]["b"], 2);
    }

    #[test]
    fn cells_of_other_files_are_code_with_magic_commands() {
        let code = [
            (Language::Python, "1".to_owned()),
            (Language::Sql, "\nSELECT 1\n".to_owned()),
        ];
        let document = Document::of_code(&code);
        let cells = crate::notebook::read("a", Some(Path::new("a.ipynb")), &document.text(), None);
        let cells: Vec<_> = cells
            .unwrap()
            .into_iter()
            .map(|cell| (cell.language, cell.code))
            .collect();
        assert_eq!(
            cells,
            [
                (Language::Python, "1".to_owned()),
                (Language::Sql, "\nSELECT 1".to_owned()),
            ]
        );
    }
}
