package org.apache.spark.localserver

import scala.collection.mutable.ArrayBuffer

import org.apache.spark.TaskContext
import org.apache.spark.rdd.RDD
import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.execution._
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec
import org.apache.spark.sql.internal.SQLConf

/** Rows of a query as JSON, up to a limit.
  *
  * @param isTruncated whether the query has further rows
  */
private[localserver] final class LimitedRows(val rows: Array[Array[Byte]], val isTruncated: Boolean)
    extends Serializable

/** Runs queries with limits. In local mode, the limits apply to the rows of each task, and to all rows while
  * tasks end: large rows do not use up the memory.
  */
private[localserver] object LimitedRows {
  /** Largest number of partitions of one job, whose results are in memory together. */
  private val MaxPartitions = 64

  /** Returns the first rows of a data frame, as `collect` does.
    *
    * @param maxBytes maximum size of all rows as JSON in UTF-8, separated by commas
    */
  def collect(frame: DataFrame, maxRows: Int, maxBytes: Long): LimitedRows = {
    // One more than the limit, to find out whether there are more.
    val query = queryExecution(frame.limit(maxRows + 1))
    val encoder = new RowEncoder(frame.schema, maxRows, maxBytes)
    SQLExecution.withNewExecutionId(query, Some("collect")) {
      if (frame.sparkSession.sparkContext.isLocal) collect(query.executedPlan, encoder)
      // Executors of a cluster do not find the classes of these tasks.
      else encoder.encode(query.executedPlan.executeCollect().iterator)
    }
  }

  private def collect(executedPlan: SparkPlan, encoder: RowEncoder): LimitedRows = {
    val plan = executedPlan match {
      case plan: AdaptiveSparkPlanExec => plan.finalPhysicalPlan
      case plan => plan
    }
    plan match {
      case plan if isLocal(plan) => encoder.encode(plan.executeCollect().iterator)
      case CollectLimitExec(limit, child, 0) if isLocal(child) =>
        encoder.encode(child.executeTake(limit).iterator)
      case CollectLimitExec(limit, child, 0) if limit >= 0 =>
        run(child.execute(), encoder, limit, SQLConf.get.limitInitialNumPartitions)
      case plan: TakeOrderedAndProjectExec if plan.offset == 0 => TopRows.collect(plan, encoder)
      // The query has few rows.
      case plan => run(plan.execute(), encoder, encoder.maxRows + 1, MaxPartitions)
    }
  }

  /** The method is public in all versions, but its class is not the same one. */
  private def queryExecution(frame: DataFrame): QueryExecution =
    frame.getClass.getMethod("queryExecution").invoke(frame).asInstanceOf[QueryExecution]

  /** Returns whether the rows of a plan are in memory, so that no job is necessary. */
  private def isLocal(plan: SparkPlan): Boolean = plan match {
    case _: LocalTableScanExec | _: CommandResultExec => true
    case _ => false
  }

  /** Runs jobs on more and more partitions until there are enough rows. */
  private def run(
      rdd: RDD[InternalRow],
      encoder: RowEncoder,
      limit: Int,
      initial: Int
  ): LimitedRows = {
    val all = rdd.getNumPartitions
    val merger = new RowMerger(encoder, limit)
    var (next, count) = (0, initial)
    while (next < all && !merger.isFull) {
      val end = math.min(next + math.max(math.min(count, MaxPartitions), 1), all)
      val parts = new Array[LimitedRows](end - next)
      val (task, remaining) = (merger.encoder, merger.remaining)
      rdd.sparkContext.runJob(
        rdd,
        (_: TaskContext, rows: Iterator[InternalRow]) => task.encode(rows.take(remaining)),
        next until end,
        (index: Int, part: LimitedRows) => {
          parts(index) = part
          merger.discardExcess(parts)
        }
      )
      parts.foreach(merger.add)
      count = end * math.max(SQLConf.get.limitScaleUpFactor, 2)
      next = end
    }
    merger.result
  }
}

/** Merges the rows of partitions in their order. */
private final class RowMerger(first: RowEncoder, limit: Int) {
  private val rows = new ArrayBuffer[Array[Byte]]
  private var bytes = 0L

  /** Whether there are rows that exceed the limits. */
  private var isTruncated = false

  /** Returns whether further rows would not be used. */
  def isFull: Boolean = isTruncated || remaining <= 0

  /** Returns the number of rows of the query that may follow those that were added. */
  def remaining: Int = limit - rows.size

  /** Returns the encoder of rows that follow those that were added. */
  def encoder: RowEncoder =
    new RowEncoder(first.schema, first.maxRows - rows.size, first.maxBytes - bytes)

  def add(part: LimitedRows): Unit = {
    for (row <- part.rows if remaining > 0) {
      isTruncated ||= rows.size >= first.maxRows || bytes + row.length > first.maxBytes
      if (!isTruncated) {
        rows += row
        bytes += row.length + 1
      }
    }
    isTruncated ||= part.isTruncated && remaining > 0
  }

  /** Discards parts after rows that reach the limit, so that they are not in memory together. */
  def discardExcess(parts: Array[LimitedRows]): Unit = {
    var sum = bytes
    for (index <- parts.indices if parts(index) != null) {
      if (sum > first.maxBytes) parts(index) = new LimitedRows(Array.empty, true)
      sum += parts(index).rows.iterator.map(_.length.toLong).sum
    }
  }

  def result: LimitedRows = new LimitedRows(rows.toArray, isTruncated)
}
