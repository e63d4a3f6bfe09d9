# `dbutils` of R contexts: files of the local DBFS folder, widgets, and the end of a command.
# `python/dbutils.py` has the same functions.

HEAD_MAX_BYTES <- 65536L
EXIT_MAX_CHARS <- 1048576L
UPLOADS <- ".local-server-uploads" # folder of the server for files that are being uploaded

dbfs_root <- NULL # folder of DBFS on this machine

dbutils <- list(
  # Lists a directory.
  fs.ls = function(dir) {
    path <- existing_path(dir)
    if (!dir.exists(path$local)) return(list(file_info(path)))
    names <- list.files(path$local, all.files = TRUE, no.. = TRUE)
    lapply(names[names != UPLOADS], function(name) file_info(child_of(path, name)))
  },
  # Returns the beginning of a file as text.
  fs.head = function(file, maxBytes = HEAD_MAX_BYTES) {
    content <- file(existing_path(file)$local, "rb")
    on.exit(close(content))
    bytes <- readBin(content, "raw", maxBytes)
    if (length(readBin(content, "raw", 1L))) cat(sprintf("[Truncated to first %d bytes]\n", as.integer(maxBytes)))
    iconv(rawToChar(bytes), "UTF-8", "UTF-8", sub = "\ufffd")
  },
  # Writes a text to a file.
  fs.put = function(file, contents, overwrite = FALSE) {
    path <- path_of(file)
    bytes <- charToRaw(enc2utf8(contents))
    if (!overwrite && file.exists(path$local)) {
      stop(path$name_with_scheme, " exists; use `overwrite = TRUE`", call. = FALSE)
    }
    create_folder(dirname(path$local))
    writeBin(bytes, path$local)
    cat(sprintf("Wrote %d bytes.\n", length(bytes)))
    TRUE
  },
  # Removes a file or a directory.
  fs.rm = function(dir, recurse = FALSE) {
    path <- path_of(dir)
    if (path$is_root) stop(path$name_with_scheme, " cannot be removed", call. = FALSE)
    exists <- file.exists(path$local) || is_link(path$local)
    if (exists) remove_path(path, recurse)
    exists
  },
  # Copies a file, or the content of a directory.
  fs.cp = function(from, to, recurse = FALSE) {
    paths <- source_and_target(from, to, recurse)
    copy_path(paths$source$local, paths$target$local)
    TRUE
  },
  # Moves a file, or the content of a directory.
  fs.mv = function(from, to, recurse = FALSE) {
    paths <- source_and_target(from, to, recurse)
    copy_path(paths$source$local, paths$target$local)
    remove_path(paths$source, recurse)
    TRUE
  },
  # Creates a directory and its parents.
  fs.mkdirs = function(dir) {
    create_folder(path_of(dir)$local)
    TRUE
  },
  # Ends the command, with the value as its result.
  notebook.exit = function(value = "") {
    value <- paste(as.character(value), collapse = "\n")
    if (nchar(value) > EXIT_MAX_CHARS) {
      stop(sprintf("the value is longer than %d characters", EXIT_MAX_CHARS), call. = FALSE)
    }
    signalCondition(structure(
      class = c("local_server_exit", "condition"),
      list(message = "exit", call = NULL, value = value)
    ))
    quit("no") # a forked process
  },
  # Creates a parameter, unless it exists.
  widgets.text = function(name, defaultValue, label = NULL) {
    if (is.null(widgets[[name]])) assign(name, as.character(defaultValue), envir = widgets)
    invisible()
  },
  widgets.dropdown = function(name, defaultValue, choices, label = NULL) {
    if (!defaultValue %in% unlist(choices)) {
      stop(sprintf("the default value '%s' is not one of the choices", defaultValue), call. = FALSE)
    }
    dbutils$widgets.text(name, defaultValue)
  },
  widgets.combobox = function(name, defaultValue, choices, label = NULL) {
    dbutils$widgets.text(name, defaultValue)
  },
  widgets.multiselect = function(name, defaultValue, choices, label = NULL) {
    dbutils$widgets.dropdown(name, defaultValue, choices)
  },
  # Returns the value of a parameter.
  widgets.get = function(name) {
    value <- widgets[[name]]
    if (is.null(value)) {
      stop(sprintf("no widget is named '%s'; create it with `dbutils.widgets.text`", name), call. = FALSE)
    }
    value
  },
  # Returns all parameters and their values.
  widgets.getAll = function() as.list(widgets),
  # Removes a parameter.
  widgets.remove = function(name) {
    dbutils$widgets.get(name)
    rm(list = name, envir = widgets)
  },
  # Removes all parameters.
  widgets.removeAll = function() rm(list = ls(widgets, all.names = TRUE), envir = widgets)
)

widgets <- new.env()

# Defines the functions for commands, for example `dbutils.fs.ls`. Commands can replace them.
define_functions <- function() {
  functions <- c(list(display = display, displayHTML = displayHTML),
                 structure(dbutils, names = paste0("dbutils.", names(dbutils))))
  base::attach(functions, name = "databricks")
}

# Returns an absolute path with a scheme. `..` does not leave the root.
path_of <- function(name) {
  scheme <- "dbfs"
  if (grepl("^[^/]*:", name)) {
    scheme <- sub(":.*", "", name)
    name <- sub("^[^:]*:", "", name)
  }
  if (!scheme %in% c("dbfs", "file")) {
    stop(sprintf("the scheme `%s:` is not supported; use `dbfs:` or `file:`", scheme), call. = FALSE)
  }
  names <- character()
  for (part in strsplit(name, "/+")[[1L]]) {
    if (part == "..") names <- names[-length(names)]
    else if (!part %in% c("", ".")) names <- c(names, part)
  }
  make_path(scheme, names)
}

make_path <- function(scheme, names) {
  path <- paste0("/", paste(names, collapse = "/"))
  list(scheme = scheme, names = names, local = paste0(if (scheme == "dbfs") dbfs_root, path),
       is_root = length(names) == 0L, name_with_scheme = paste0(scheme, ":", path))
}

child_of <- function(path, name) make_path(path$scheme, c(path$names, name))

existing_path <- function(name) {
  path <- path_of(name)
  if (!file.exists(path$local)) {
    stop("No such file or directory: ", path$name_with_scheme, call. = FALSE)
  }
  path
}

source_and_target <- function(from, to, recurse) {
  source <- existing_path(from)
  target <- path_of(to)
  if (!dir.exists(source$local)) {
    if (dir.exists(target$local)) target <- child_of(target, basename(source$local))
  } else if (!recurse) {
    stop(source$name_with_scheme, " is a directory; use `recurse = TRUE`", call. = FALSE)
  } else if (startsWith(paste0(target$local, "/"), paste0(source$local, "/"))) {
    stop(target$name_with_scheme, " is in ", source$name_with_scheme, call. = FALSE)
  }
  list(source = source, target = target)
}

file_info <- function(path) {
  info <- file.info(path$local, extra_cols = FALSE)
  end <- if (info$isdir) "/" else ""
  list(path = paste0(path$name_with_scheme, end), name = paste0(basename(path$local), end),
       size = if (info$isdir) 0 else info$size, isDir = info$isdir, isFile = !info$isdir,
       modificationTime = floor(as.numeric(info$mtime) * 1000))
}

copy_path <- function(source, target) {
  if (dir.exists(source)) {
    create_folder(target)
    for (name in list.files(source, all.files = TRUE, no.. = TRUE)) {
      copy_path(file.path(source, name), file.path(target, name))
    }
  } else {
    create_folder(dirname(target))
    # A warning contains the reason.
    if (!file.copy(source, target, overwrite = TRUE)) stop("cannot copy ", source, call. = FALSE)
  }
}

remove_path <- function(path, recurse) {
  is_folder <- dir.exists(path$local) && !is_link(path$local)
  if (is_folder && !recurse && length(list.files(path$local, all.files = TRUE, no.. = TRUE))) {
    stop(path$name_with_scheme, " is not empty; use `recurse = TRUE`", call. = FALSE)
  }
  if (unlink(path$local, recursive = is_folder, expand = FALSE) != 0L) {
    stop("cannot remove ", path$name_with_scheme, call. = FALSE)
  }
}

# `Sys.readlink` returns NA for a path that does not exist.
is_link <- function(path) isTRUE(nzchar(Sys.readlink(path), keepNA = TRUE))

create_folder <- function(folder) {
  if (!dir.exists(folder) && !dir.create(folder, showWarnings = FALSE, recursive = TRUE)) {
    stop("cannot create ", folder, call. = FALSE)
  }
}

