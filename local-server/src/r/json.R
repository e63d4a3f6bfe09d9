# Texts in JSON.

# Returns an object. A value of class `AsIs` is a list, and one of class `json` is JSON already.
to_json <- function(fields) {
  values <- vapply(fields, function(value) {
    if (inherits(value, "json")) return(unclass(value))
    text <- vapply(value, quote_json, "", USE.NAMES = FALSE)
    if (inherits(value, "AsIs")) paste0("[", paste(text, collapse = ","), "]") else text
  }, "")
  paste0("{", paste0('"', names(fields), '":', values, collapse = ","), "}")
}

# Returns JSON strings.
quote_json <- function(text) {
  text <- iconv(enc2utf8(text), "UTF-8", "UTF-8", sub = "byte")
  text <- gsub("\\", "\\\\", text, fixed = TRUE)
  text <- gsub('"', '\\"', text, fixed = TRUE)
  if (any(grepl("[\001-\037]", text))) {
    for (code in 1:31) {
      text <- gsub(intToUtf8(code), sprintf("\\u%04x", code), text, fixed = TRUE)
    }
  }
  paste0('"', text, '"')
}

