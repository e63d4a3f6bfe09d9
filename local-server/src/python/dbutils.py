"""`dbutils`: files of the local DBFS folder, widgets, and the end of a command."""

import collections
import os
import posixpath
import shutil

EXIT_MAX_CHARS = 1 << 20
# Folder of the server for files that are being uploaded.
UPLOADS = ".local-server-uploads"
HEAD_MAX_BYTES = 1 << 16

FileInfo = collections.namedtuple("FileInfo", "path name size modificationTime")


class Utilities:
    """Group of functions, for example `dbutils.fs`. Their documentation is the text of `help`."""

    def help(self, name=None):
        """help(name=None): lists the functions of this group, or describes one of them"""
        names = [name] if name else [name for name in dir(type(self)) if not name.startswith("_")]
        for function in [getattr(self, name) for name in names]:
            print("%s.%s" % (self._name, function.__doc__))

    def __getattr__(self, name):
        message = "`%s.%s` is not supported by this local server"
        raise AttributeError(message % (type(self)._name, name))


class DbUtils(Utilities):
    _name = "dbutils"

    def __init__(self, dbfs):
        self.fs = FileSystem(dbfs)
        self.notebook = Notebook()
        self.widgets = Widgets()

    def help(self, name=None):
        """help(name=None): lists the functions of all groups, or of one of them"""
        for group in [name] if name else ["fs", "notebook", "widgets"]:
            getattr(self, group).help()


class Notebook(Utilities):
    _name = "dbutils.notebook"

    def exit(self, value=""):
        """exit(value): ends the command, with the value as its result"""
        value = str(value)
        if len(value) > EXIT_MAX_CHARS:
            raise ValueError("the value is longer than %d characters" % EXIT_MAX_CHARS)
        raise NotebookExit(value)


class Widgets(Utilities):
    _name = "dbutils.widgets"

    def __init__(self):
        self._values = {}

    def text(self, name, defaultValue, label=None):
        """text(name, defaultValue, label=None): creates a parameter, unless it exists"""
        self._values.setdefault(name, str(defaultValue))

    def dropdown(self, name, defaultValue, choices, label=None):
        """dropdown(name, defaultValue, choices, label=None): creates a parameter"""
        if defaultValue not in choices:
            raise ValueError("the default value %r is not one of the choices" % (defaultValue,))
        self.text(name, defaultValue, label)

    def combobox(self, name, defaultValue, choices, label=None):
        """combobox(name, defaultValue, choices, label=None): creates a parameter"""
        self.text(name, defaultValue, label)

    def multiselect(self, name, defaultValue, choices, label=None):
        """multiselect(name, defaultValue, choices, label=None): creates a parameter"""
        self.dropdown(name, defaultValue, choices, label)

    def get(self, name):
        """get(name): returns the value of a parameter"""
        if name not in self._values:
            raise ValueError("no widget is named %r; create it with `dbutils.widgets.text`" % name)
        return self._values[name]

    def getAll(self):
        """getAll(): returns all parameters and their values"""
        return dict(self._values)

    def remove(self, name):
        """remove(name): removes a parameter"""
        self.get(name)
        del self._values[name]

    def removeAll(self):
        """removeAll(): removes all parameters"""
        self._values.clear()


class FileSystem(Utilities):
    """Files below a local folder, as `dbfs:/...`, and other local files, as `file:/...`."""

    _name = "dbutils.fs"

    def __init__(self, root):
        self._root = root

    def ls(self, dir):
        """ls(dir): lists a directory"""
        path = self._path(dir)
        if not os.path.isdir(path.local):
            return [self._info(path)]
        names = sorted(name for name in os.listdir(path.local) if name != UPLOADS)
        return [self._info(path.child(name)) for name in names]

    def head(self, file, maxBytes=HEAD_MAX_BYTES):
        """head(file, maxBytes=65536): returns the beginning of a file as text"""
        with open(self._existing(file).local, "rb") as opened:
            content = opened.read(maxBytes)
            if opened.read(1):
                print("[Truncated to first %d bytes]" % maxBytes)
        return content.decode("utf-8", "replace")

    def put(self, file, contents, overwrite=False):
        """put(file, contents, overwrite=False): writes a text to a file"""
        path, content = self._path(file), contents.encode()
        make_parent(path)
        try:
            with open(path.local, "wb" if overwrite else "xb") as opened:
                opened.write(content)
        except FileExistsError:
            raise FileExistsError("%s exists; use `overwrite=True`" % path) from None
        print("Wrote %d bytes." % len(content))
        return True

    def rm(self, dir, recurse=False):
        """rm(dir, recurse=False): removes a file or a directory"""
        path = self._path(dir)
        if path.is_root:
            raise PermissionError("%s cannot be removed" % path)
        if not os.path.lexists(path.local):
            return False
        remove(path, recurse)
        return True

    def cp(self, source, to, recurse=False):
        """cp(source, to, recurse=False): copies a file, or the content of a directory"""
        source, target = self._source_and_target(source, to, recurse)
        copy(source, target)
        return True

    def mv(self, source, to, recurse=False):
        """mv(source, to, recurse=False): moves a file, or the content of a directory"""
        source, target = self._source_and_target(source, to, recurse)
        if os.path.isdir(target.local):
            copy(source, target)
            remove(source, recurse=True)
        else:
            shutil.move(source.local, target.local)
        return True

    def mkdirs(self, dir):
        """mkdirs(dir): creates a directory and its parents"""
        os.makedirs(self._path(dir).local, exist_ok=True)
        return True

    def _path(self, name):
        scheme, _, rest = name.partition(":") if ":" in name.split("/")[0] else ("dbfs", "", name)
        if scheme == "dbfs" and self._root is None:
            raise FileNotFoundError("the path of the DBFS folder is not UTF-8")
        if scheme not in ("dbfs", "file"):
            raise ValueError("the scheme `%s:` is not supported; use `dbfs:` or `file:`" % scheme)
        return Path(scheme, self._root if scheme == "dbfs" else "", rest)

    def _existing(self, name):
        path = self._path(name)
        if not os.path.exists(path.local):
            raise FileNotFoundError("No such file or directory: %s" % path)
        return path

    def _source_and_target(self, source, to, recurse):
        source, target = self._existing(source), self._path(to)
        if not os.path.isdir(source.local):
            if os.path.isdir(target.local):
                target = target.child(source.name)
        elif not recurse:
            raise IsADirectoryError("%s is a directory; use `recurse=True`" % source)
        elif (target.local + "/").startswith(source.local.rstrip("/") + "/"):
            raise ValueError("%s is in %s" % (target, source))
        make_parent(target)
        return source, target

    def _info(self, path):
        try:
            status = os.stat(path.local)
        except FileNotFoundError:
            raise FileNotFoundError("No such file or directory: %s" % path) from None
        end = "/" if os.path.isdir(path.local) else ""
        size = 0 if end else status.st_size
        return FileInfo(str(path) + end, path.name + end, size, int(status.st_mtime * 1000))


class Path:
    """Absolute path with a scheme. `..` does not leave the root."""

    def __init__(self, scheme, root, path):
        self.scheme = scheme
        self.root = root
        self.path = posixpath.normpath("/" + path.lstrip("/"))
        self.name = posixpath.basename(self.path)
        self.local = root + self.path
        self.is_root = self.path == "/"

    def child(self, name):
        return Path(self.scheme, self.root, posixpath.join(self.path, name))

    def __str__(self):
        return self.scheme + ":" + self.path


def make_parent(path):
    os.makedirs(posixpath.dirname(path.local), exist_ok=True)


def copy(source, target):
    if os.path.isdir(source.local):
        shutil.copytree(source.local, target.local, dirs_exist_ok=True)
    else:
        shutil.copyfile(source.local, target.local)


def remove(path, recurse):
    if os.path.islink(path.local) or not os.path.isdir(path.local):
        os.remove(path.local)
    elif recurse:
        shutil.rmtree(path.local)
    else:
        try:
            os.rmdir(path.local)
        except OSError as error:
            if not os.listdir(path.local):
                raise
            message = "%s is not empty; use `recurse=True`" % path
            raise OSError(error.errno, message) from None
