package org.apache.spark.localserver

import java.util.PriorityQueue

import org.apache.spark.TaskContext
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.{UnsafeProjection, UnsafeRow}
import org.apache.spark.sql.catalyst.expressions.codegen.LazilyGeneratedOrdering
import org.apache.spark.sql.execution.TakeOrderedAndProjectExec

/** A row with the columns that determine its order, and the columns of the result as JSON. */
private final class TopRow(val row: InternalRow, val json: Array[Byte]) extends Serializable {
  /** Size that counts for the limit. Columns that are not in the result count less. */
  def size: Long = {
    val inMemory = row match {
      case row: UnsafeRow => row.getSizeInBytes
      case _ => 0
    }
    math.max(json.length + 1, inMemory / 16)
  }
}

private final class TopRows(val rows: Array[TopRow], val isTruncated: Boolean) extends Serializable

/** Runs queries with an order and a limit. Each task discards rows that exceed the limits. */
private object TopRows {
  def collect(plan: TakeOrderedAndProjectExec, encoder: RowEncoder): LimitedRows = {
    val (limit, maxBytes) = (plan.limit, encoder.maxBytes)
    val (columns, input) = (plan.projectList, plan.child.output)
    val ordering = new LazilyGeneratedOrdering(plan.sortOrder, input)
    val rdd = plan.child.execute()
    val merger = new TopRowsMerger(limit, maxBytes, ordering)
    rdd.sparkContext.runJob(
      rdd,
      (context: TaskContext, rows: Iterator[InternalRow]) => {
        val projection = UnsafeProjection.create(columns, input)
        projection.initialize(context.partitionId())
        val merger = new TopRowsMerger(limit, maxBytes, ordering)
        for (row <- rows if merger.accepts(row))
          merger.add(new TopRow(row.copy(), encoder.json(projection(row))))
        merger.result
      },
      0 until rdd.getNumPartitions,
      (_: Int, part: TopRows) => merger.add(part)
    )
    val top = merger.result
    val limited = encoder.limit(top.rows.iterator.map(_.json))
    new LimitedRows(limited.rows, limited.isTruncated || top.isTruncated)
  }
}

/** Selects the first rows, up to a number of rows and a size. */
private final class TopRowsMerger(limit: Int, maxBytes: Long, ordering: Ordering[InternalRow]) {
  private val order: Ordering[TopRow] = Ordering.by[TopRow, InternalRow](_.row)(ordering)

  /** The last row is the head. */
  private val queue = new PriorityQueue[TopRow](order.reverse)
  private var bytes = 0L

  /** Whether rows were discarded because of their size. Then the rows in the queue exceed the limit. */
  private var isTruncated = false

  /** Returns whether a row belongs to the first ones. */
  def accepts(row: InternalRow): Boolean =
    (queue.size < limit && !isTruncated) || (!queue.isEmpty && ordering.lt(row, queue.peek.row))

  def add(row: TopRow): Unit = {
    queue.add(row)
    bytes += row.size
    while (queue.size > limit || bytes - queue.peek.size > maxBytes) {
      isTruncated ||= queue.size <= limit
      bytes -= queue.poll().size
    }
  }

  def add(part: TopRows): Unit = {
    for (row <- part.rows if accepts(row.row)) add(row)
    isTruncated ||= part.isTruncated
  }

  def result: TopRows = new TopRows(queue.toArray(Array.empty[TopRow]).sorted(order), isTruncated)
}
