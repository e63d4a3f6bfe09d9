package org.apache.spark.localserver

import scala.collection.mutable.ArrayBuffer

import org.apache.spark.sql.Row
import org.apache.spark.sql.catalyst.{CatalystTypeConverters, InternalRow}
import org.apache.spark.sql.types.StructType

/** Encodes rows as JSON, in the driver or in a task.
  *
  * @param maxBytes maximum size of all rows as JSON in UTF-8, separated by commas
  */
private final class RowEncoder(val schema: StructType, val maxRows: Int, val maxBytes: Long)
    extends Serializable {
  @transient private lazy val convert = CatalystTypeConverters.createToScalaConverter(schema)

  def json(row: InternalRow): Array[Byte] = Cells.rowJson(convert(row).asInstanceOf[Row])

  /** Encodes rows up to the limits. */
  def encode(rows: Iterator[InternalRow]): LimitedRows = limit(rows.map(json))

  /** Returns encoded rows up to the limits. */
  def limit(rows: Iterator[Array[Byte]]): LimitedRows = {
    val fitting = new ArrayBuffer[Array[Byte]]
    var bytes = 0L
    var isTruncated = false
    while (!isTruncated && rows.hasNext) {
      // Further rows are not encoded.
      isTruncated = fitting.size >= maxRows
      if (!isTruncated) {
        val row = rows.next()
        isTruncated = bytes + row.length > maxBytes
        if (!isTruncated) fitting += row
        bytes += row.length + 1
      }
    }
    new LimitedRows(fitting.toArray, isTruncated)
  }
}
