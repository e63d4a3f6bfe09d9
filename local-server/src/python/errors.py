"""Outcomes of commands that fail: summaries and tracebacks."""

import sys
import traceback

KERNEL_FILE = "<local-server>"

SUMMARY_MAX_CHARS = 10_000
CAUSE_MAX_CHARS = 1 << 20


class NotebookExit(SystemExit):
    """Ends a command with a value. A forked process and a thread end with success."""

    def __init__(self, value):
        super().__init__(0)
        self.value = value


def cancelled(error):
    detail = "the command was canceled"
    if error is not None:
        detail += "\n" + format_traceback(error)
    return {"outcome": "cancelled", "detail": truncate(detail, CAUSE_MAX_CHARS)}


def failed(summary, cause):
    summary, cause = truncate(summary, SUMMARY_MAX_CHARS), truncate(cause, CAUSE_MAX_CHARS)
    return {"outcome": "error", "summary": summary, "cause": cause}


def is_clean_exit(error):
    return isinstance(error, SystemExit) and (error.code is None or error.code == 0)


def format_summary(error):
    try:
        if isinstance(error, SyntaxError):
            return "%s: %s" % (type(error).__name__, error.msg)
        return "".join(traceback.format_exception_only(type(error), error)).strip()
    except BaseException:  # from `__str__` of the user's class
        return type(error).__name__


def format_traceback(error):
    try:
        first = first_command_frame(error)
        exception = traceback.TracebackException(type(error), error, first)
        remove_kernel_frames(exception, set())
        return "".join(exception.format()).rstrip("\n")
    except BaseException:  # from `__str__` of the user's class
        return format_summary(error)


def first_command_frame(error):
    first = error.__traceback__
    while first is not None and not is_command(first.tb_frame):
        first = first.tb_next
    return first


def is_command(frame):
    return frame.f_code.co_filename.startswith(COMMAND_PREFIX)


def remove_kernel_frames(exception, seen):
    """Removes frames of the kernel, for example of an interrupt before the first line."""
    if exception is None or id(exception) in seen:
        return
    seen.add(id(exception))
    exception.stack[:] = [frame for frame in exception.stack if frame.filename != KERNEL_FILE]
    # `exceptions` is set for exception groups since Python 3.11.
    group = getattr(exception, "exceptions", None) or ()
    for other in (exception.__cause__, exception.__context__, *group):
        remove_kernel_frames(other, seen)


def truncate(text, limit):
    """Removes the middle of a long text, and escapes lone surrogates, which are not valid UTF-8."""
    if len(text) > limit:
        text = text[: limit // 2] + "\n[...]\n" + text[-limit // 2 :]
    return valid(text)


def valid(text):
    """Escapes lone surrogates."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
