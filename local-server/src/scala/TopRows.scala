package org.apache.spark.localserver

import java.util.PriorityQueue

import org.apache.spark.TaskContext
import org.apache.spark.rdd.RDD
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.UnsafeRow

/** The first rows of an ordering.
  *
  * @param isTruncated whether the size of the rows, and not their number, is the limit
  */
private[localserver] final class TopRows(val rows: Array[InternalRow], val isTruncated: Boolean)
    extends Serializable

private[localserver] object TopRows {
  /** Size of the rows in memory compared with their size as JSON, at most. A `null` needs 8 bytes in memory and
    * 4 in JSON, and an empty map 40 and 2.
    */
  private val BytesPerJsonByte = 32

  /** Returns the first rows. Further rows are discarded in each task.
    *
    * @param maxBytes maximum size of all rows as JSON
    */
  def collect(
      rdd: RDD[InternalRow],
      limit: Int,
      maxBytes: Long,
      ordering: Ordering[InternalRow]
  ): TopRows = {
    val size = maxBytes * BytesPerJsonByte
    val merger = new TopRowsMerger(limit, size, ordering)
    rdd.sparkContext.runJob(
      rdd,
      (_: TaskContext, rows: Iterator[InternalRow]) => {
        val merger = new TopRowsMerger(limit, size, ordering)
        rows.foreach(row => merger.add(row))
        merger.result
      },
      0 until rdd.getNumPartitions,
      (_: Int, part: TopRows) => merger.add(part)
    )
    merger.result
  }
}

/** Selects the first rows, up to a number of rows and of bytes in memory. */
private final class TopRowsMerger(limit: Int, maxBytes: Long, ordering: Ordering[InternalRow]) {
  /** The last row is the head. */
  private val queue = new PriorityQueue[InternalRow](ordering.reverse)
  private var bytes = 0L

  /** Whether rows were discarded because of their size. Then the rows in the queue exceed the limit. */
  private var isTruncated = false

  def add(part: TopRows): Unit = {
    part.rows.foreach(add)
    isTruncated ||= part.isTruncated
  }

  def add(row: InternalRow): Unit = {
    val hasSpace = queue.size < limit && !isTruncated
    if (hasSpace || (!queue.isEmpty && ordering.lt(row, queue.peek))) {
      queue.add(row.copy())
      bytes += size(row)
      while (queue.size > limit || bytes - size(queue.peek) > maxBytes) {
        isTruncated ||= queue.size <= limit
        bytes -= size(queue.poll())
      }
    }
  }

  private def size(row: InternalRow): Long = row match {
    case row: UnsafeRow => row.getSizeInBytes
    case _ => 0
  }

  def result: TopRows = new TopRows(queue.toArray(Array.empty[InternalRow]).sorted(ordering), isTruncated)
}
