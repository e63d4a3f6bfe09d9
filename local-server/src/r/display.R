# Tables of R contexts: `display` and `displayHTML`.

TABLE_MAX_ROWS <- 10000L
TABLE_MAX_BYTES <- 2048000 # of the rows, as JSON

displayed <- NULL # the table of the last call of `display` in a command, as JSON

# Makes a data frame or a matrix the result of the command, and prints other values.
display <- function(x) {
  if (is.matrix(x)) x <- as.data.frame(x)
  if (is.data.frame(x)) displayed <<- table_json(x) else print(x)
  invisible()
}

# Writes HTML to the output of the command.
displayHTML <- function(html) cat(html, "\n", sep = "")

# Removes and returns the table.
take_displayed <- function() {
  table <- displayed
  displayed <<- NULL
  table
}

table_json <- function(frame) {
  shown <- seq_len(min(nrow(frame), TABLE_MAX_ROWS))
  # `[[` returns a column of any class of data frames.
  columns <- lapply(seq_along(frame), function(index) column_of(frame[[index]], shown))
  cells <- lapply(columns, `[[`, "cells")
  rows <- if (length(cells)) do.call(paste, c(cells, sep = ",")) else rep("", length(shown))
  # With the brackets and the comma of each row.
  rows <- rows[cumsum(nchar(rows, "bytes") + 3) - 1 <= TABLE_MAX_BYTES]
  schema <- vapply(seq_along(columns), function(index) {
    # The type is JSON in a string.
    type <- quote_json(quote_json(columns[[index]]$type))
    paste0('"name":', quote_json(names(frame)[index]), ',"type":', type)
  }, "")
  # `sprintf` has a limit for the length of texts.
  paste0('{"schema":', json_list(schema, '{', ',"metadata":"{}"}'),
         ',"data":', json_list(rows, "[", "]"),
         ',"truncated":', if (length(rows) < nrow(frame)) "true" else "false",
         ',"isJsonSchema":true}')
}

# Returns a JSON list, with a text before and after each item.
json_list <- function(items, before, after) {
  if (length(items)) items <- paste0(before, items, after)
  paste0("[", paste(items, collapse = ","), "]")
}

# Returns the type of a column, and its cells as JSON.
column_of <- function(column, rows) {
  if (is.list(column) && !inherits(column, "POSIXlt")) {
    if (is.data.frame(column)) column <- do.call(paste, column) # nested
    else column <- vapply(column, function(value) paste(format(value), collapse = ", "), "")
  }
  if (is.matrix(column)) column <- apply(format(column), 1L, paste, collapse = ", ")
  column <- column[rows]
  text <- function(type, values) list(type = type, cells = quote_json(values))
  result <- if (inherits(column, "integer64")) {
    list(type = "long", cells = as.character(column))
  } else if (inherits(column, "Date")) {
    text("date", format(column, "%Y-%m-%d"))
  } else if (inherits(column, "POSIXt")) {
    # `%OS3` truncates, and some milliseconds have no exact representation.
    text("timestamp", format(as.POSIXct(column) + 1e-5, "%Y-%m-%dT%H:%M:%OS3Z", tz = "UTC"))
  } else if (is.object(column) || is.complex(column)) {
    text("string", if (is.factor(column)) as.character(column) else format(column))
  } else if (is.logical(column)) {
    list(type = "boolean", cells = tolower(column))
  } else if (is.integer(column)) {
    list(type = "integer", cells = as.character(column))
  } else if (is.double(column)) {
    list(type = "double", cells = number_json(column))
  } else {
    text("string", as.character(column))
  }
  is_null <- is.na(column)
  if (is.double(column)) is_null <- is_null & !is.nan(column)
  result$cells[is_null] <- "null"
  result
}

# Returns the shortest numbers that are read as the same values.
number_json <- function(numbers) {
  text <- sprintf("%.15g", numbers)
  is_rounded <- is.finite(numbers)
  is_rounded[is_rounded] <- as.numeric(text[is_rounded]) != numbers[is_rounded]
  text[is_rounded] <- sprintf("%.17g", numbers[is_rounded])
  is_integer <- grepl("^-?[0-9]+$", text)
  text[is_integer] <- paste0(text[is_integer], ".0")
  # JSON has no NaN and no infinity.
  text[is.nan(numbers)] <- '"NaN"'
  is_infinite <- is.infinite(numbers)
  text[is_infinite] <- ifelse(numbers[is_infinite] > 0, '"Infinity"', '"-Infinity"')
  text
}

