# Kernel of an R execution context: runs commands in sequence in the global environment.
#
# `exec.py` documents the file descriptors, and `kernel.py` the protocol. The names that commands can use
# as in a notebook are in `display.R` and `dbutils.R`, which precede this file like `json.R`. The kernel needs
# base R only: requests are read by the parser of R, because a JSON object of strings is a list of calls of
# `:` in parentheses.
#
# Commands run as the lines of a script in Rscript. Their expressions are promises of the global
# environment, so they have no frame of the kernel as their parent. Connections are open only while the
# kernel uses them, so commands can neither see nor close them. Interrupts are suspended between
# commands.

if (getRversion() < "4.0.0") {
  message("R 4.0 or newer is required, this is ", getRversion())
  quit("no", 1L)
}

REQUESTS <- "/dev/fd/3"
EVENTS <- "/dev/fd/4"
CHUNK_BYTES <- 65536L
SUMMARY_MAX_CHARS <- 10000L
CAUSE_MAX_CHARS <- 1048576L
CALLS_MAX_CHARS <- 50L
PLOTS_MAX_BYTES <- 6291456 # 8 MiB as base64
RESERVE_BYTES <- 8388608L

process <- Sys.getpid()
count <- 0L # of commands
exit_value <- NULL # the value of `dbutils.notebook.exit` in the command
buffer <- raw() # bytes of requests that have been read and not handled
has_memory_limit <- FALSE
reserve <- NULL # memory that is freed when a command fails, which may have used up all other memory

serve <- function() {
  readLines(stdin()) # the end of the argument that contains the bootstrap
  use_utf8()
  restore_variables()
  unlockBinding(".Last.value", baseenv())
  replace_quit()
  define_functions()
  options(device = open_plots)
  send('{"event":"ready"}')
  suspendInterrupts(repeat serve_command(next_run()))
}

serve_command <- function(run) {
  take_displayed() # of a command that failed
  exit_value <<- NULL
  failure <- if (is.null(run$error)) execute(run$source) else run$error
  if (Sys.getpid() != process) tools::pskill(Sys.getpid(), tools::SIGKILL) # forked by the command
  plots <- tryCatch(take_plots(), error = function(error) {
    failure <<- describe(error, NULL)
    NULL
  })
  table <- take_displayed()
  cancel <- cancel_of(run$id)
  fields <- if (identical(cancel, "ignored") || (!is.null(cancel) && !is.null(failure))) {
    list(outcome = "cancelled", detail = paste(c("the command was canceled", failure$cause), collapse = "\n"))
  } else if (!is.null(failure)) {
    list(outcome = "error", summary = truncate(failure$summary, SUMMARY_MAX_CHARS),
         cause = truncate(failure$cause, CAUSE_MAX_CHARS))
  } else if (!is.null(exit_value)) {
    list(outcome = "text", text = exit_value)
  } else if (!is.null(table)) {
    list(outcome = "table", table = structure(table, class = "json"))
  } else if (length(plots) == 1L) {
    list(outcome = "image", fileName = plots)
  } else if (length(plots) > 1L) {
    list(outcome = "images", fileNames = I(plots))
  } else {
    list(outcome = "text")
  }
  send(to_json(c(list(event = "done", id = run$id), fields)))
}

# ---- Execution

# Runs a command. Returns NULL, or a summary and a cause if it fails.
execute <- function(source) {
  discard_interrupt()
  fill_reserve()
  count <<- count + 1L
  calls <- NULL
  failure <- tryCatch(
    allowInterrupts(withCallingHandlers(
      {
        for (expression in parse_source(source)) {
          evaluate(expression)
          cat(deferred_warnings(), file = stderr())
        }
        NULL
      },
      warning = remove_kernel_call,
      error = function(error) {
        free_reserve()
        calls <<- names_of(sys.calls())
      }
    )),
    error = function(error) describe(error, calls),
    interrupt = function(interrupt) list(summary = "Error: interrupted", cause = "Error: interrupted"),
    local_server_quit = function(quit) {
      if (quit$status != 0L) {
        message <- sprintf("Error: quit with status %d", quit$status)
        list(summary = message, cause = message)
      }
    },
    local_server_exit = function(exit) {
      exit_value <<- exit$value
      NULL
    }
  )
  warnings <- deferred_warnings()
  if (is.null(failure)) {
    cat(warnings, file = stderr())
  } else if (nzchar(warnings)) {
    failure$cause <- paste0(failure$cause, "\nIn addition: ", sub("\n$", "", warnings))
  }
  failure
}

# Evaluates an expression, and prints its value if it is visible.
evaluate <- function(expression) {
  # Forcing the promise adds no frame: `parent.frame()` of the expression is the global environment.
  .Internal(delayedAssign("value", expression, globalenv(), environment()))
  result <- withVisible(value)
  x <- result$value
  assign(".Last.value", x, envir = baseenv())
  if (result$visible) {
    # As in R, the call of a method is `print.class(x)`, and that of `print` has no name.
    if (isS4(x)) (methods::show)(x) else (base::print)(x)
  }
}

# Errors and warnings of an expression that is no call of a function have this call.
KERNEL_CALL <- quote(withVisible(value))

parse_source <- function(source) {
  name <- sprintf("<command-%d>", count)
  if (startsWith(source, "\ufeff")) source <- substring(source, 2L)
  source <- gsub("\r", "\n", gsub("\r\n", "\n", source, fixed = TRUE), fixed = TRUE)
  keep <- isTRUE(getOption("keep.source"))
  file <- if (keep) srcfilecopy(name, source) else name
  tryCatch(
    parse(text = source, keep.source = keep, srcfile = file, encoding = "UTF-8"),
    error = function(error) stop(conditionMessage(error), call. = FALSE)
  )
}

# Allocates memory to describe an error, if there is a limit.
fill_reserve <- function() {
  if (has_memory_limit && is.null(reserve)) {
    reserve <<- tryCatch(raw(RESERVE_BYTES), error = function(error) NULL)
  }
}

# R itself crashes if some allocations outside of its heap fail, for example those of `sub`.
free_reserve <- function() {
  if (!is.null(reserve)) {
    reserve <<- NULL
    gc()
  }
}

# Discards an interrupt that has arrived since the end of the previous command.
discard_interrupt <- function() {
  # `Sys.sleep` checks for interrupts before it sleeps.
  tryCatch(allowInterrupts(Sys.sleep(1e-6)), interrupt = function(interrupt) NULL)
}

# A command that ends with `quit()` has the outcome of its status. The process continues.
replace_quit <- function() {
  quit_process <- base::quit
  replacement <- function(save = "default", status = 0, runLast = TRUE) {
    if (Sys.getpid() == process) {
      status <- as.integer(status)
      signalCondition(structure(
        class = c("local_server_quit", "condition"),
        list(message = "quit", call = NULL, status = status)
      ))
    }
    quit_process(save, status, runLast) # a forked process, or no command
  }
  for (name in c("q", "quit")) {
    unlockBinding(name, baseenv())
    assign(name, replacement, envir = baseenv())
    lockBinding(name, baseenv())
  }
}

# ---- Errors and warnings, formatted as R does

describe <- function(error, calls) {
  free_reserve() # no other handler runs if the heap is full
  message <- tryCatch(
    paste(as.character(conditionMessage(error)), collapse = "\n"),
    error = function(other) class(error)[1L] # from a method of the user
  )
  call <- conditionCall(error)
  if (is.null(call) || identical(call, KERNEL_CALL)) {
    summary <- paste0("Error: ", message)
    return(list(summary = summary, cause = sub("\n$", "", summary)))
  }
  call <- deparse(call, nlines = 1L)[1L]
  first <- strsplit(message, "\n", fixed = TRUE)[[1L]][1L]
  width <- 14L + nchar(call, type = "w") + nchar(first, type = "w")
  separator <- if (is.na(width) || width > 75L) " : \n  " else " : "
  summary <- sub("\n$", "", paste0("Error in ", call, separator, message))
  list(summary = summary, cause = paste(c(summary, format_calls(calls, error)), collapse = "\n"))
}

# Returns the names of the functions that were called, the innermost first.
names_of <- function(calls) {
  own <- which(vapply(calls, identical, NA, KERNEL_CALL) |
                 vapply(calls, identical, NA, quote(evaluate(expression))))
  calls <- calls[-c(seq_len(max(own, 0L)), length(calls))] # the last one is that of the handler
  names <- vapply(calls, function(call) {
    if (is.symbol(call[[1L]])) as.character(call[[1L]]) else "<Anonymous>"
  }, "")
  # The frames below are those of the error itself.
  ends <- which(names %in% c("stop", ".handleSimpleError", ".signalSimpleWarning", "warning"))
  if (length(ends)) names <- names[seq_len(ends[1L] - 1L)]
  rev(unname(names))
}

format_calls <- function(names, error) {
  call <- conditionCall(error)
  innermost <- if (is.symbol(call[[1L]])) as.character(call[[1L]]) else "<Anonymous>"
  if (length(names) == 0L || identical(names, innermost)) return(NULL)
  lengths <- cumsum(nchar(names) + 4L)
  shown <- names[seq_len(sum(c(TRUE, lengths[-length(lengths)] - 4L <= CALLS_MAX_CHARS)))]
  outermost <- if (length(shown) < length(names)) paste(names[length(names)], "... ")
  paste0("Calls: ", outermost, paste(rev(shown), collapse = " -> "))
}

# Replaces a warning of the kernel's call by one without a call.
remove_kernel_call <- function(warning) {
  if (identical(conditionCall(warning), KERNEL_CALL)) {
    .Internal(.dfltWarn(conditionMessage(warning), NULL))
    invokeRestart("muffleWarning")
  }
}

# Returns the text of the warnings that R prints after an expression, and resets them.
deferred_warnings <- function() {
  text <- character()
  capture <- textConnection("text", "w", local = TRUE)
  previous <- sink.number(type = "message")
  sink(capture, type = "message")
  .Internal(printDeferredWarnings())
  if (previous == 2L) sink(type = "message") else sink(getConnection(previous), type = "message")
  close(capture)
  if (length(text) == 0L) return("")
  # The prefix is for warnings that follow an error.
  text[1L] <- sub(gettext("In addition: ", domain = "R"), "", text[1L], fixed = TRUE)
  paste0(paste(text, collapse = "\n"), "\n")
}

# ---- Plots

plot_devices <- integer()
plot_folder <- NULL

# The default device: one PNG file per plot.
open_plots <- function(width = 7, height = 7, ...) {
  if (is.null(plot_folder)) {
    plot_folder <<- tempfile("plots-")
    dir.create(plot_folder)
  }
  type <- if (capabilities("cairo")) "cairo" else getOption("bitmapType")
  name <- sprintf("%d-%d-%%04d.png", count, length(plot_devices))
  grDevices::png(file.path(plot_folder, name), width, height, units = "in", res = 72, type = type)
  plot_devices <<- c(plot_devices, grDevices::dev.cur())
}

# Closes the default devices, and returns their plots as data URLs.
take_plots <- function() {
  if (length(plot_devices) == 0L) return(character())
  for (device in intersect(plot_devices, grDevices::dev.list())) grDevices::dev.off(device)
  plot_devices <<- integer()
  files <- list.files(plot_folder, full.names = TRUE)
  on.exit(unlink(files))
  if (sum(file.size(files)) > PLOTS_MAX_BYTES) {
    stop("the images of this command are larger than 8 MiB", call. = FALSE)
  }
  vapply(files, function(file) {
    paste0("data:image/png;base64,", base64(readBin(file, "raw", file.size(file))))
  }, "", USE.NAMES = FALSE)
}

base64 <- function(bytes) {
  alphabet <- c(LETTERS, letters, 0:9, "+", "/")
  padding <- -length(bytes) %% 3L
  groups <- matrix(as.integer(c(bytes, raw(padding))), nrow = 3L)
  word <- groups[1L, ] * 65536L + groups[2L, ] * 256L + groups[3L, ]
  digits <- rbind(word %/% 262144L, word %/% 4096L %% 64L, word %/% 64L %% 64L, word %% 64L)
  text <- alphabet[digits + 1L]
  if (padding) text[length(text) + 1L - seq_len(padding)] <- "="
  paste(text, collapse = "")
}

# ---- Requests and events

# Waits for a command. Skips cancel requests, which refer to finished commands.
next_run <- function() {
  repeat {
    line <- next_line()
    if (starts_with(line, "run ")) return(parse_run(line[-(1:4)]))
  }
}

starts_with <- function(line, prefix) identical(line[seq_len(nchar(prefix))], charToRaw(prefix))

# Parses a JSON object of strings.
parse_run <- function(json) {
  json <- c(charToRaw("f("), json[-c(1L, length(json))], charToRaw(")"))
  text <- rawToChar(json)
  Encoding(text) <- "UTF-8"
  tryCatch({
    fields <- as.list(parse(text = text, keep.source = FALSE, encoding = "UTF-8")[[1L]])[-1L]
    names(fields) <- vapply(fields, function(field) field[[2L]], "")
    lapply(fields, function(field) field[[3L]])
  }, error = function(error) {
    # The only character of a string that the parser rejects.
    message <- "Error: nul character not allowed"
    id <- sub('^f\\("id":"([^"]*)".*', "\\1", substr(text, 1L, 1024L))
    list(id = id, error = list(summary = message, cause = message))
  })
}

# Returns "delivered" or "ignored" if there is a cancel request for the command.
cancel_of <- function(id) {
  requests <- file(REQUESTS, "rb", blocking = FALSE, raw = TRUE)
  on.exit(close(requests))
  while (length(chunk <- readBin(requests, "raw", CHUNK_BYTES))) buffer <<- c(buffer, chunk)
  cancel <- NULL
  while (contains_line(buffer)) {
    fields <- strsplit(rawToChar(next_line()), " ", fixed = TRUE)[[1L]]
    if (identical(fields[2L], id)) cancel <- fields[3L]
  }
  cancel
}

next_line <- function() {
  if (!contains_line(buffer)) {
    requests <- fifo(REQUESTS, "rb", blocking = TRUE)
    on.exit(close(requests))
    chunks <- list(buffer)
    repeat {
      chunk <- readBin(requests, "raw", CHUNK_BYTES)
      if (length(chunk) == 0L) quit("no", 1L) # the supervisor has exited
      chunks[[length(chunks) + 1L]] <- chunk
      if (contains_line(chunk)) break
    }
    buffer <<- do.call(c, chunks)
  }
  end <- grepRaw("\n", buffer, fixed = TRUE)
  line <- buffer[seq_len(end - 1L)]
  buffer <<- buffer[-seq_len(end)]
  line
}

contains_line <- function(bytes) length(grepRaw("\n", bytes, fixed = TRUE)) > 0L

send <- function(json) {
  events <- file(EVENTS, "wb", raw = TRUE)
  on.exit(close(events))
  writeBin(charToRaw(paste0(json, "\n")), events)
}

# Removes the middle of a long text.
truncate <- function(text, limit) {
  length <- nchar(text)
  if (length <= limit) return(text)
  half <- limit %/% 2L
  paste0(substr(text, 1L, half), "\n[...]\n", substr(text, length - half + 1L, length))
}

# ---- Process

# Sources and output are UTF-8, in any locale. Child processes inherit the locale of the server.
use_utf8 <- function() {
  for (name in c("C.UTF-8", "en_US.UTF-8", "UTF-8")) {
    if (isTRUE(l10n_info()[["UTF-8"]])) return()
    suppressWarnings(Sys.setlocale("LC_CTYPE", name))
  }
}

# R has created its temporary folder in that of the context, which is removed with the context.
restore_variables <- function() {
  folder <- Sys.getenv("LOCAL_SERVER_TMPDIR", NA)
  dbfs_root <<- Sys.getenv("LOCAL_SERVER_DBFS")
  has_memory_limit <<- !is.na(Sys.getenv("LOCAL_SERVER_MEMORY_LIMIT", NA))
  Sys.unsetenv(c("LOCAL_SERVER_DBFS", "LOCAL_SERVER_TMPDIR", "TMPDIR", "LOCAL_SERVER_MEMORY_LIMIT"))
  if (!is.na(folder)) Sys.setenv(TMPDIR = folder)
}

serve()
