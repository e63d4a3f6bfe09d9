"""Kernel of a Python execution context: runs commands in sequence in one namespace.

The server communicates with the kernel over three pipes. Each request and event is one line.

    stdin   `run {"id": ..., "language": ..., "source": ...}` and `cancel ID`, which the inner
            supervisor forwards. It appends `delivered` or `ignored` to `cancel ID` and then sends
            SIGINT
    stdout  {"event": "ready"} once, then {"event": "done", "id": ..., "outcome": ...} per command,
            where the outcome is "text", "error" with summary and cause, or "cancelled" with detail.
            Other outcomes are "table" with table, "image" with fileName, and "images" with
            fileNames. "text" can be given, and replaces the output
    stderr  output of the command and of its child processes. The server attributes it to the
            running command, and reads all available output before it handles "done"

The source of both programs precedes the first request on stdin. The kernel duplicates the pipes to
other file descriptors before it runs commands. For commands, fd 0 is /dev/null, and fds 1 and 2
are the third pipe.

Commands run as in an interpreter of their own: the process has one thread, the default handler of
SIGINT, no exit functions, and no descriptors of the kernel in forked processes. SIGINT is ignored
between commands.
"""

import sys

# A module in the working directory must not shadow the modules of the standard library.
_local = sys.path[:1] == [""]
if _local:
    del sys.path[0]

import __future__
import ast
import atexit
import builtins
import collections
import fcntl
import io
import json
import linecache
import os
import resource
import select
import signal
import traceback
import types

if _local:
    sys.path.insert(0, "")

KERNEL_FILE = "<local-server>"
COMMAND_FILE = "<command-%d>"
COMMAND_PREFIX = "<command-"

SUMMARY_MAX_CHARS = 10_000
CAUSE_MAX_CHARS = 1 << 20
SOURCES_MAX_CHARS = 16 << 20
MAX_PRIVATE_FD = 1 << 15  # a higher number would make each fork copy a large table

FUTURE_FLAGS = 0
for _name in __future__.all_feature_names:
    FUTURE_FLAGS |= getattr(__future__, _name).compiler_flag


class Kernel:
    def __init__(self, requests):
        self.pid = os.getpid()
        self.is_forked = False
        devnull = os.open(os.devnull, os.O_RDONLY)
        private = duplicate([requests, 1, 2, devnull])
        os.close(requests)
        os.close(devnull)
        requests, self.events, self.output, self.devnull = private
        self.private = private
        self.requests = Requests(requests)
        self.on_sigint = signal.default_int_handler  # handler while a command runs
        self.program = Program()
        self.restore_standard_streams()

    def serve(self):
        self.ignore_interrupts()
        os.register_at_fork(after_in_child=self.after_fork)
        try:
            self.send({"event": "ready"})
            while True:
                self.serve_command(self.requests.next_run())
        except OSError as error:  # a command has closed the descriptors of the kernel
            message = "The connection of the interpreter to the server failed: %s.\n" % error
            write(2, message.encode("utf-8", "backslashreplace"))
            os._exit(1)

    def serve_command(self, request):
        self.restore_standard_streams()
        if request["language"] == "python":
            event = self.run(request["id"], request["source"])
        else:
            event = unsupported(request["language"])
        event.update(event="done", id=request["id"])
        self.send(event)

    def run(self, id, source):
        error = self.execute(source)
        if self.in_forked_process():
            exit_forked(error)
        flush(sys.stdout)
        flush(sys.stderr)
        cancel = self.requests.cancel_of(id)
        # A command that handles the interrupt and succeeds is not canceled.
        if cancel == "ignored" or (cancel is not None and error is not None):
            return cancelled(error)
        if error is None or is_clean_exit(error):
            return {"outcome": "text"}
        return failed(error)

    def execute(self, source):
        # The outer `try` catches an interrupt that is raised in the inner `finally`.
        try:
            try:
                signal.signal(signal.SIGINT, self.on_sigint)
                self.program.execute(source, self.show)
            finally:
                self.ignore_interrupts()
        except BaseException as error:
            self.ignore_interrupts()
            return error
        return None

    def ignore_interrupts(self):
        """Ignores SIGINT until the next command, which has the handler that is set now."""
        while not self.in_forked_process():
            try:
                handler = signal.getsignal(signal.SIGINT)
                # `None` is a handler that was not set by Python.
                if handler not in (None, ignore_signal):
                    self.on_sigint = handler
                    signal.signal(signal.SIGINT, ignore_signal)
                return
            except KeyboardInterrupt:
                pass

    def show(self, value):
        if self.in_forked_process():
            return
        text = repr(value) + "\n"
        builtins._ = value
        # The value follows all buffered output.
        flush(sys.stdout)
        flush(sys.stderr)
        write(self.output, text.encode("utf-8", "backslashreplace"))

    def in_forked_process(self):
        return os.getpid() != self.pid

    def after_fork(self):
        # Only once: the numbers may belong to files of a command when it forks again.
        if not self.is_forked:
            self.is_forked = True
            for fd in self.private:
                os.close(fd)

    def restore_standard_streams(self):
        """Restores streams that a previous command may have closed or redirected."""
        os.dup2(self.devnull, 0)
        os.dup2(self.output, 1)
        os.dup2(self.output, 2)
        if is_closed(sys.stdin):
            sys.stdin = open(0, encoding="utf-8", closefd=False)
        if is_closed(sys.stdout):
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
        if is_closed(sys.stderr):
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)
        for stream in (sys.stdout, sys.stderr):
            # Line buffering keeps prints and the output of child processes in order. An object of
            # the user is not changed.
            if type(stream) is io.TextIOWrapper:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)

    def send(self, event):
        write(self.events, json.dumps(event).encode() + b"\n")


class Requests:
    """Requests of the server."""

    def __init__(self, fd):
        self.fd = fd
        self.buffer = bytearray()
        self.poll = select.poll()
        self.poll.register(fd, select.POLLIN)

    def next_run(self):
        """Waits for a command. Skips cancel requests, which refer to finished commands."""
        while True:
            line = self.next_line()
            if line.startswith(b"run "):
                return json.loads(line[4:])

    def cancel_of(self, id):
        """Returns "delivered" or "ignored" if there is a cancel request for the running command."""
        while self.poll.poll(0):
            self.read()
        cancel = None
        while b"\n" in self.buffer:
            _, of, outcome = self.next_line().decode().split()
            cancel = outcome if of == id else cancel
        return cancel

    def next_line(self):
        scanned = 0
        while True:
            end = self.buffer.find(b"\n", scanned)
            if end >= 0:
                line = self.buffer[:end]
                del self.buffer[: end + 1]
                return line
            scanned = len(self.buffer)
            self.read()

    def read(self):
        chunk = os.read(self.fd, 1 << 16)
        if not chunk:
            os._exit(1)  # the supervisor has exited
        self.buffer += chunk


class Program:
    """Compiles commands and executes them in a shared namespace."""

    def __init__(self):
        self.module = types.ModuleType("__main__")
        self.module.__builtins__ = builtins
        sys.modules["__main__"] = self.module
        sys.argv = [""]
        if hasattr(sys, "orig_argv"):
            del sys.orig_argv[1:]
        self.count = 0
        self.flags = 0
        self.cached_sources = collections.deque()
        self.cached_chars = 0

    def execute(self, source, show):
        self.count += 1
        name = COMMAND_FILE % self.count
        # Files may start with a byte order mark, which `compile` rejects in a string.
        source = source[1:] if source.startswith("\ufeff") else source
        self.cache_source(name, source)
        body = parse(source, name, self.flags)
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        namespace = self.module.__dict__
        exec(self.compile(ast.Module(body, []), name, "exec"), namespace)
        if last is not None:
            value = eval(self.compile(ast.Expression(last.value), name, "eval"), namespace)
            if value is not None:
                show(value)

    def compile(self, tree, name, mode):
        code = compile(tree, name, mode, self.flags, dont_inherit=True)
        # `from __future__ import` applies to the following commands too.
        self.flags |= code.co_flags & FUTURE_FLAGS
        return code

    def cache_source(self, name, source):
        """Caches the lines of a command for tracebacks and `inspect`."""
        # `linecache` ensures that the last line has a line end, and `traceback` requires it.
        terminated = source if source.endswith("\n") else source + "\n"
        lines = io.StringIO(terminated, newline=None).readlines()
        linecache.cache[name] = (len(source), None, lines, name)
        self.cached_sources.append((name, len(source)))
        self.cached_chars += len(source)
        while len(self.cached_sources) > 1 and self.cached_chars > SOURCES_MAX_CHARS:
            oldest, size = self.cached_sources.popleft()
            self.cached_chars -= size
            linecache.cache.pop(oldest, None)


def parse(source, name, flags=0):
    flags |= ast.PyCF_ONLY_AST
    try:
        return compile(source, name, "exec", flags, dont_inherit=True).body
    except IndentationError as error:
        if not str(error.msg).startswith("unexpected indent"):
            raise
        return parse_indented(source, name, flags, error)


def parse_indented(source, name, flags, original):
    """Parses source of which every line is indented. Multi-line strings keep their indentation."""
    try:
        body = compile("if 1:\n" + source, name, "exec", flags, dont_inherit=True).body
    except SyntaxError as error:
        if isinstance(error, IndentationError):
            raise original from None
        error.lineno -= 1
        if getattr(error, "end_lineno", None):
            error.end_lineno -= 1
        raise error from None
    if len(body) != 1 or body[0].orelse:
        raise original from None
    return [ast.increment_lineno(statement, -1) for statement in body[0].body]


def unsupported(language):
    summary = "%s commands are not supported in a Python context" % language
    return {"outcome": "error", "summary": summary, "cause": summary}


def cancelled(error):
    detail = "the command was canceled"
    if error is not None:
        detail += "\n" + format_traceback(error)
    return {"outcome": "cancelled", "detail": truncate(detail, CAUSE_MAX_CHARS)}


def failed(error):
    summary = truncate(format_summary(error), SUMMARY_MAX_CHARS)
    cause = truncate(format_traceback(error), CAUSE_MAX_CHARS)
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
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def duplicate(fds):
    """Duplicates file descriptors that child processes do not inherit.

    Their numbers are above the limit of open files if the system allows it, so that commands can
    neither replace nor close them. Otherwise they are high.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    first = MAX_PRIVATE_FD if soft == unlimited else min(soft, MAX_PRIVATE_FD)
    if hard != unlimited:
        first = min(first, hard - len(fds))
    if soft != unlimited and soft < first + len(fds):
        resource.setrlimit(resource.RLIMIT_NOFILE, (first + len(fds), hard))
    try:
        return [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, first) for fd in fds]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def write(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def flush(stream):
    try:
        stream.flush()
    except BaseException:  # the stream is closed, None, or an object of the user
        pass


def is_closed(stream):
    return stream is None or getattr(stream, "closed", False)


def ignore_signal(signum, frame):
    pass


def exit_forked(error):
    """Exits a process forked by a command, at the end of the command, as Python ends a script."""
    if error is None or isinstance(error, SystemExit):
        raise error or SystemExit
    print_error(error)
    if isinstance(error, KeyboardInterrupt):
        atexit._run_exitfuncs()
        flush(sys.stdout)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    raise SystemExit(1)


def print_error(error):
    try:
        if sys.excepthook is sys.__excepthook__:  # which does not print lines of commands
            sys.stderr.write(format_traceback(error) + "\n")
        else:
            sys.excepthook(type(error), error, first_command_frame(error))
        sys.stderr.flush()
    except BaseException:  # the stream is closed, or the hook of the user fails
        pass


if sys.version_info < (3, 8):
    sys.exit("Python 3.8 or newer is required, this is " + sys.version.split()[0])
Kernel(start_supervisors()).serve()
