package org.apache.spark.localserver

import java.io.{File, FileNotFoundException, IOException}
import java.net.URI
import java.nio.file.{FileSystemException, Files, LinkOption, Path => LocalPath, Paths}
import java.nio.file.attribute.BasicFileAttributes

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{FileStatus, InvalidPathException, Path, RawLocalFileSystem}
import org.apache.hadoop.fs.permission.FsPermission

/** File system of Spark for `dbfs:/`: the files below a folder of this machine, which is the setting
  * `fs.dbfs.root`.
  *
  * The REST API serves the same folder by the same rules, which `dbfs.rs` implements: symbolic links
  * and special files do not exist, `..` is an error, and so is the folder of uploads. There are no
  * permissions, and no files with checksums.
  */
final class DbfsFileSystem extends RawLocalFileSystem {
  private var root: LocalPath = _

  override def initialize(name: URI, configuration: Configuration): Unit = {
    if (name.getAuthority != null)
      throw new IOException(s"$name: paths have no host; use `dbfs:/${name.getAuthority}`")
    root = DbfsFileSystem.root(configuration)
    super.initialize(name, configuration)
  }

  override def getScheme: String = "dbfs"

  override def getUri: URI = DbfsFileSystem.RootUri

  override def getHomeDirectory: Path = makeQualified(new Path("/"))

  // Relative paths are in the root. Called by the constructor of the superclass.
  override protected def getInitialWorkingDirectory: Path = makeQualified(new Path("/"))

  override def pathToFile(path: Path): File = {
    checkPath(path)
    val absolute = if (path.isAbsolute) path else new Path(getWorkingDirectory, path)
    val names = absolute.toUri.getPath.split('/').filter(_.nonEmpty)
    if (names.contains(".."))
      throw new InvalidPathException(path.toString, "`..` is not supported")
    if (names.headOption.contains(DbfsFileSystem.Uploads))
      throw new InvalidPathException(path.toString, "this is the folder of uploads")
    val local = names.foldLeft(root) { (folder, name) =>
      val child = folder.resolve(name)
      if (Files.isSymbolicLink(child))
        throw new FileNotFoundException(s"symbolic links are not supported: $path")
      child
    }
    local.toFile
  }

  override def getFileStatus(path: Path): FileStatus = {
    val file = pathToFile(path)
    val attributes =
      try
        Files.readAttributes(file.toPath, classOf[BasicFileAttributes], LinkOption.NOFOLLOW_LINKS)
      catch { case _: FileSystemException if !file.exists => throw notFound(path) }
    if (!attributes.isDirectory && !attributes.isRegularFile) throw notFound(path)
    new FileStatus(
      if (attributes.isDirectory) 0 else attributes.size,
      attributes.isDirectory,
      1, // replica
      getDefaultBlockSize(path),
      attributes.lastModifiedTime.toMillis,
      makeQualified(path)
    )
  }

  override def exists(path: Path): Boolean = ifPresent(path).nonEmpty

  override def getFileLinkStatus(path: Path): FileStatus = getFileStatus(path)

  override def listStatus(path: Path): Array[FileStatus] = {
    val status = getFileStatus(path)
    if (status.isFile) Array(status)
    else {
      val folder = pathToFile(path)
      val names = Option(folder.list).getOrElse(throw new IOException(s"cannot list $path"))
      names.sorted
        .filterNot(name => path.isRoot && name == DbfsFileSystem.Uploads)
        // A colon in a name does not separate a scheme.
        .flatMap(name => ifPresent(new Path(path, new Path(null, null, name))))
    }
  }

  /** Returns `None` if there is no such file, for example because it has been deleted meanwhile. */
  private def ifPresent(path: Path): Option[FileStatus] =
    try Some(getFileStatus(path))
    catch { case _: FileNotFoundException => None }

  override def delete(path: Path, isRecursive: Boolean): Boolean = {
    if (makeQualified(path).isRoot) throw new IOException("the root of DBFS cannot be deleted")
    exists(path) && super.delete(path, isRecursive)
  }

  override def setPermission(path: Path, permission: FsPermission): Unit = ()

  private def notFound(path: Path) =
    new FileNotFoundException(s"No such file or directory: ${makeQualified(path)}")
}

object DbfsFileSystem {
  private val RootUri = URI.create("dbfs:///")
  private val RootSetting = "fs.dbfs.root"

  /** Folder on this machine, as the server sets it for this process. */
  def localRoot: Option[String] = sys.props.get(s"spark.hadoop.$RootSetting")

  /** Folder of the server for files that are being uploaded. */
  private val Uploads = ".local-server-uploads"

  private def root(configuration: Configuration): LocalPath = {
    val setting = Option(configuration.getRaw(RootSetting))
    val folder = setting.getOrElse(throw new IOException(s"the setting `$RootSetting` is missing"))
    // An executor on another machine would otherwise write files that are only there.
    if (!Files.isDirectory(Paths.get(folder)))
      throw new IOException(s"the folder of DBFS does not exist on this machine: $folder")
    Paths.get(folder).toRealPath()
  }
}
