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
  /** Encodes rows up to the limits. */
  def encode(rows: Iterator[InternalRow]): LimitedRows = {
    val convert = CatalystTypeConverters.createToScalaConverter(schema)
    val encoded = new ArrayBuffer[Array[Byte]]
    var bytes = 0L
    var isTruncated = false
    while (!isTruncated && rows.hasNext) {
      val row = rows.next()
      isTruncated = encoded.size >= maxRows
      if (!isTruncated) {
        val json = Cells.rowJson(convert(row).asInstanceOf[Row])
        isTruncated = bytes + json.length > maxBytes
        if (!isTruncated) encoded += json
        bytes += json.length + 1
      }
    }
    new LimitedRows(encoded.toArray, isTruncated)
  }
}
