local({
  # Prints names of a session, and leaves nothing behind. `request` is NULL for a table of the variables, an empty
  # text for the names, or an object whose names are requested: `a$b`. No method of the user runs to find it.
  names <- ls(globalenv(), sorted = TRUE)
  names <- names[!vapply(names, bindingIsActive, NA, env = globalenv())]
  element <- function(value, name) {
    if (!is.environment(value)) return(if (is.list(value)) unclass(value)[[name]])
    if (exists(name, value, inherits = FALSE) && !bindingIsActive(name, value)) get(name, value)
  }
  if (!is.null(request) && nzchar(request)) {
    path <- strsplit(request, "$", fixed = TRUE)[[1L]]
    value <- if (path[1L] %in% names) get(path[1L], globalenv())
    for (name in path[-1L]) value <- element(value, name)
    if (is.environment(value)) writeLines(ls(value)) else if (is.list(value)) writeLines(names(unclass(value)))
  } else if (!is.null(request)) {
    attached <- setdiff(search(), c(".GlobalEnv", "Autoloads"))
    writeLines(unique(c(names, unlist(lapply(attached, ls)))))
  } else for (name in names) {
    value <- get(name, globalenv())
    text <- if (is.function(value)) {
      paste0("(", paste(names(formals(value)), collapse = ", "), ")")
    } else if (is.data.frame(value) || is.matrix(value)) {
      paste(dim(value), collapse = " x ")
    } else if (is.atomic(value) && length(value) == 1L && is.null(attributes(value))) {
      if (is.character(value)) encodeString(substr(value, 1L, 60L), quote = "\"") else format(value)
    } else {
      paste(length(value), if (length(value) == 1L) "item" else "items")
    }
    fields <- gsub("[\t\n]", " ", c(name, class(value)[1L], text))
    writeLines(paste(fields, collapse = "\t"))
  }
})
