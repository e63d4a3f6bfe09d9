def _run_script_NONCE(namespace, path, source, arguments, names):
    """Runs a script in `namespace`, and prints a record of how it ended.

    An exception is not raised further: servers send no output of a command that has raised one.
    `names` is not called. It makes the command refer to names that the server prepares at their first
    use, which the encoded source hides.
    """
    import base64
    import io
    import json
    import linecache
    import os
    import sys
    import tokenize
    import traceback

    def cut(text):
        size = 50000
        if len(text) > 2 * size + 100:
            omitted = "\n... %d characters omitted ...\n" % (len(text) - 2 * size)
            text = text[:size] + omitted + text[-size:]
        # Unpaired surrogates cannot be encoded.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def read_lines(source):
        try:
            encoding = tokenize.detect_encoding(io.BytesIO(source).readline)[0]
        except SyntaxError:
            encoding = "utf-8"  # the compiler reports the error
        return io.TextIOWrapper(io.BytesIO(source), encoding, "replace").readlines()

    def add_missing_line(error):
        # The compiler looks for the line in a file of this name, which does not exist here.
        if isinstance(error, SyntaxError) and error.filename == path and error.lineno:
            error.text = linecache.getline(path, error.lineno) or error.text

    def skip_to_script(trace):
        while trace is not None and trace.tb_frame.f_code is not code:
            trace = trace.tb_next
        return trace

    def line_in_script(error, trace):
        line = None
        if isinstance(error, SyntaxError) and error.filename == path:
            line = error.lineno
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == path:
                line = trace.tb_lineno
            trace = trace.tb_next
        return line

    def summarize(error):
        kind = type(error)
        name = kind.__qualname__
        if kind.__module__ not in ("builtins", "__main__"):
            name = "%s.%s" % (kind.__module__, name)
        try:
            message = error.msg if isinstance(error, SyntaxError) else str(error)
        except Exception:
            message = ""
        return "%s: %s" % (name, message) if message else name

    def describe(error):
        trace = skip_to_script(error.__traceback__)
        add_missing_line(error)
        formatted = traceback.TracebackException(type(error), error, trace)
        record = {
            "path": path,
            "line": line_in_script(error, trace) or None,
            "summary": cut(summarize(error)),
            "cause": cut("".join(formatted.format())),
        }
        if isinstance(error, SystemExit):
            # As in an interpreter: a text is printed, and there is no traceback.
            is_number = isinstance(error.code, int)
            record["exit"] = int(error.code) if is_number else 1
            record["cause"] = None if is_number else cut(str(error.code))
        return record

    def has_failed(error):
        # `None` and 0 are successes.
        return not isinstance(error, SystemExit) or (error.code is not None and error.code != 0)

    del namespace["_run_script_NONCE"]
    stdout, pid, code, record = sys.stdout, os.getpid(), None, {}
    replaced = {name: namespace[name] for name in ("__file__", "__name__") if name in namespace}
    replaced_argv = sys.argv
    namespace.update(__file__=path, __name__="__main__")
    sys.argv = [path] + arguments
    try:
        source = base64.b64decode(source)
        linecache.cache[path] = (len(source), None, read_lines(source), path)
        code = compile(source, path, "exec", dont_inherit=True)
        exec(code, namespace)
    except KeyboardInterrupt:
        raise  # the server reports that the command was canceled
    except BaseException as error:
        if has_failed(error):
            record = describe(error)
    finally:
        sys.argv = replaced_argv
        for name in ("__file__", "__name__"):
            namespace.pop(name, None)
        namespace.update(replaced)
    if os.getpid() != pid:
        return  # a forked process that runs to the end of the script
    record = "[script NONCE %s]" % json.dumps(record)
    # If the output is cut or replaced by a table, another command reads the record.
    sys._script_record = record
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        stdout.write(record + "\n")
        stdout.flush()
    except Exception:
        pass  # the script has closed or replaced the streams


