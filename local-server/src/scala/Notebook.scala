package org.apache.spark.localserver

import scala.util.control.ControlThrowable

import org.apache.spark.sql.Dataset

/** Names that are predefined in Scala commands. */
object Notebook {
  @volatile private[localserver] var limits: TableLimits = _
  private var displayed: Option[RawJson] = None

  /** Makes a dataset the result of the command. */
  def display(dataset: Dataset[_]): Unit = {
    val table = limits.table(dataset)
    synchronized { displayed = Some(table) }
  }

  /** Writes HTML to the output of the command. */
  def displayHTML(html: String): Unit = println(html)

  /** Removes and returns the table of the last call of [[display]]. */
  private[localserver] def takeDisplayed(): Option[RawJson] = synchronized {
    val table = displayed
    displayed = None
    table
  }

  object dbutils {
    lazy val fs: DbfsUtils = new DbfsUtils(DbfsFileSystem.localRoot)
    lazy val widgets: Widgets = new Widgets

    object notebook {

      /** Ends the command without an error. The value becomes its result. */
      def exit(value: String): Nothing = throw new NotebookExit(value)
    }
  }
}

/** Limits of tables in results. */
private[localserver] final class TableLimits(maxRows: Int, maxBytes: Long) {
  def table(dataset: Dataset[_]): RawJson = new RawJson(Cells.tableJson(dataset, maxRows, maxBytes))
}

private[localserver] final class NotebookExit(val value: String) extends ControlThrowable
