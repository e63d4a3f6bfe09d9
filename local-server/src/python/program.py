"""Compilation and execution of commands in a shared namespace."""

import __future__
import ast
import builtins
import collections
import io
import linecache
import sys
import types

COMMAND_FILE = "<command-%d>"
COMMAND_PREFIX = "<command-"

SOURCES_MAX_CHARS = 16 << 20

FUTURE_FLAGS = 0
for _name in __future__.all_feature_names:
    FUTURE_FLAGS |= getattr(__future__, _name).compiler_flag


class Program:
    """Compiles commands and executes them in a shared namespace."""

    def __init__(self):
        self.module = types.ModuleType("__main__")
        self.module.__builtins__ = builtins
        sys.modules["__main__"] = self.module
        sys.argv = [""]
        if hasattr(sys, "orig_argv"):
            del sys.orig_argv[1:]
        self.namespace = self.module.__dict__
        self.count = 0
        self.flags = 0
        self.cached_sources = collections.deque()
        self.cached_chars = 0

    def execute(self, source, prepare, show):
        """Executes a command after `prepare`, and passes the value of its last expression to
        `show`."""
        self.count += 1
        name = COMMAND_FILE % self.count
        # Files may start with a byte order mark, which `compile` rejects in a string.
        source = source[1:] if source.startswith("\ufeff") else source
        self.cache_source(name, source)
        body = parse(source, name, self.flags)
        prepare(source, ast.Module(body, []))
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(self.compile(ast.Module(body, []), name, "exec"), self.namespace)
        if last is not None:
            value = eval(self.compile(ast.Expression(last.value), name, "eval"), self.namespace)
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
