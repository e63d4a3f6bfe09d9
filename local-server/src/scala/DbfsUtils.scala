package org.apache.spark.localserver

import java.io.FileNotFoundException
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{DirectoryNotEmptyException, FileAlreadyExistsException, Files, Path, Paths}
import java.nio.file.StandardCopyOption.REPLACE_EXISTING
import java.nio.file.StandardOpenOption.{CREATE, CREATE_NEW, TRUNCATE_EXISTING, WRITE}

/** Properties of a file. */
final case class FileInfo(path: String, name: String, size: Long, modificationTime: Long)

/** Functions of `dbutils.fs`: files below a local folder, as `dbfs:/...`, and other local files, as
  * `file:/...`. `python/dbutils.py` has the same functions.
  */
private[localserver] final class DbfsUtils(root: Option[String]) {
  private val HeadMaxBytes = 1 << 16

  /** Lists a directory. */
  def ls(dir: String): Seq[FileInfo] = {
    val path = existing(dir)
    if (Files.isDirectory(path.local)) children(path.local).map(name => info(path.child(name)))
    else Seq(info(path))
  }

  /** Returns the beginning of a file as text. */
  def head(file: String, maxBytes: Int = HeadMaxBytes): String = {
    val stream = Files.newInputStream(existing(file).local)
    try {
      val bytes = new Array[Byte](maxBytes)
      val count = Iterator
        .iterate(0)(read => read + math.max(0, stream.read(bytes, read, maxBytes - read)))
        .sliding(2)
        .find(step => step.head == step.last)
        .fold(0)(_.last)
      if (stream.read() >= 0) println(s"[Truncated to first $maxBytes bytes]")
      new String(bytes, 0, count, UTF_8)
    } finally stream.close()
  }

  /** Writes a text to a file. */
  def put(file: String, contents: String, overwrite: Boolean = false): Boolean = {
    val path = resolve(file)
    val bytes = contents.getBytes(UTF_8)
    Files.createDirectories(path.local.getParent)
    val options = if (overwrite) Seq(CREATE, TRUNCATE_EXISTING) else Seq(CREATE_NEW)
    try Files.write(path.local, bytes, WRITE +: options: _*)
    catch {
      case _: FileAlreadyExistsException =>
        throw new FileAlreadyExistsException(s"$path exists; use `overwrite = true`")
    }
    println(s"Wrote ${bytes.length} bytes.")
    true
  }

  /** Removes a file or a directory. */
  def rm(dir: String, recurse: Boolean = false): Boolean = {
    val path = resolve(dir)
    require(!path.isRoot, s"$path cannot be removed")
    val exists = Files.exists(path.local) || Files.isSymbolicLink(path.local)
    if (exists) remove(path, recurse)
    exists
  }

  /** Copies a file, or the content of a directory. */
  def cp(from: String, to: String, recurse: Boolean = false): Boolean = {
    val (source, target) = sourceAndTarget(from, to, recurse)
    copy(source.local, target.local)
    true
  }

  /** Moves a file, or the content of a directory. */
  def mv(from: String, to: String, recurse: Boolean = false): Boolean = {
    val (source, target) = sourceAndTarget(from, to, recurse)
    copy(source.local, target.local)
    remove(source, recurse)
    true
  }

  /** Creates a directory and its parents. */
  def mkdirs(dir: String): Boolean = {
    Files.createDirectories(resolve(dir).local)
    true
  }

  private def resolve(name: String): DbfsFile = {
    val first = name.takeWhile(_ != '/')
    val (scheme, rest) =
      if (first.contains(':')) (name.takeWhile(_ != ':'), name.dropWhile(_ != ':').tail)
      else ("dbfs", name)
    val base = scheme match {
      case "dbfs" =>
        root.getOrElse(throw new FileNotFoundException("this server has no DBFS folder"))
      case "file" => "/"
      case _ =>
        val message = s"the scheme `$scheme:` is not supported; use `dbfs:` or `file:`"
        throw new IllegalArgumentException(message)
    }
    // `normalize` of an absolute path removes `..` at its beginning.
    new DbfsFile(scheme, Paths.get(base), Paths.get("/" + rest).normalize)
  }

  private def existing(name: String): DbfsFile = {
    val path = resolve(name)
    if (!Files.exists(path.local))
      throw new FileNotFoundException(s"No such file or directory: $path")
    path
  }

  private def sourceAndTarget(from: String, to: String, recurse: Boolean): (DbfsFile, DbfsFile) = {
    val source = existing(from)
    val target = resolve(to)
    if (Files.isDirectory(source.local)) {
      require(recurse, s"$source is a directory; use `recurse = true`")
      require(!target.local.startsWith(source.local), s"$target is in $source")
      (source, target)
    } else (source, if (Files.isDirectory(target.local)) target.child(source.name) else target)
  }

  private def copy(source: Path, target: Path): Unit =
    if (Files.isDirectory(source)) {
      Files.createDirectories(target)
      children(source).foreach(name => copy(source.resolve(name), target.resolve(name)))
    } else {
      Files.createDirectories(target.getParent)
      Files.copy(source, target, REPLACE_EXISTING)
    }

  private def remove(path: DbfsFile, recurse: Boolean): Unit =
    if (recurse) removeTree(path.local)
    else
      try Files.delete(path.local)
      catch {
        case _: DirectoryNotEmptyException =>
          throw new DirectoryNotEmptyException(s"$path is not empty; use `recurse = true`")
      }

  private def removeTree(path: Path): Unit = {
    // Symbolic links are removed, not followed.
    if (Files.isDirectory(path) && !Files.isSymbolicLink(path))
      children(path).foreach(name => removeTree(path.resolve(name)))
    Files.delete(path)
  }

  private def children(directory: Path): Seq[String] =
    Option(directory.toFile.list()).fold(Seq.empty[String])(_.toSeq).sorted

  private def info(path: DbfsFile): FileInfo = {
    val end = if (Files.isDirectory(path.local)) "/" else ""
    val size = if (end.isEmpty) Files.size(path.local) else 0
    FileInfo(s"$path$end", path.name + end, size, Files.getLastModifiedTime(path.local).toMillis)
  }
}

/** Absolute path with a scheme. */
private final class DbfsFile(scheme: String, base: Path, path: Path) {
  val local: Path = base.resolve(Paths.get("/").relativize(path))
  def isRoot: Boolean = path.getNameCount == 0
  def name: String = Option(path.getFileName).fold("")(_.toString)
  def child(name: String): DbfsFile = new DbfsFile(scheme, base, path.resolve(name))
  override def toString: String = s"$scheme:$path"
}
