package org.apache.spark.localserver

import java.util.{Collections, LinkedHashMap, Map => JavaMap}
import java.util.concurrent.{ConcurrentHashMap, Executors, LinkedBlockingQueue, ThreadPoolExecutor}
import java.util.concurrent.TimeUnit.SECONDS

import scala.util.control.NonFatal

import org.apache.spark.SparkContext
import org.apache.spark.api.python.Py4JServer
import org.apache.spark.scheduler.{SparkListener, SparkListenerApplicationEnd, SparkListenerJobStart}
import org.apache.spark.sql.SparkSession

/** The process of a cluster: one Spark application. SQL contexts are sessions in it, and Python
  * contexts connect to it by a gateway each.
  *
  * Requests of several contexts are handled side by side:
  *
  *  - `sql {"context", "id", "source"}` runs a command.
  *  - `cancel ID` cancels a command, also one of a Python context.
  *  - `gateway {"context", "id"}` opens a gateway. Its event has the fields `port`, `secret`, and the
  *    `tag` and the `pool` of the jobs of the context.
  *  - `close {"context", "id"}` cancels the jobs of a context, ends its streams, and closes its session and
  *    gateway.
  *  - `exit {}` ends the process.
  *
  * Each request except `cancel` and `exit` is answered by one event `done`. The event `notice {"id", "text"}` is a
  * message for the output of a command that waits for a core. The event `lost` is sent when the
  * application has ended. The arguments are the limits of tables in rows and bytes, and the time in
  * milliseconds for the tasks of a canceled command to end.
  */
object ClusterHost {
  def main(args: Array[String]): Unit = {
    val Array(maxRows, maxBytes, taskGraceMillis) = args.take(3).map(_.toLong)
    try {
      // As on Databricks: long jobs of a context do not delay short jobs of the others.
      val root = SparkSession.builder().config("spark.scheduler.mode", "FAIR").getOrCreate()
      val host = new ClusterHost(root, maxRows.toInt, maxBytes, taskGraceMillis)
      root.sparkContext.addSparkListener(host.listener)
      root.sparkContext.addSparkListener(new CoreWatch(
        root.sparkContext,
        (command, text) => Channel.send("notice", "id" -> command, "text" -> text)
      ))
      // Loads classes that every first query would have to load. On a cluster, the query would wait for a
      // core, and there would be no command that could report this.
      if (root.sparkContext.isLocal) Cells.tableJson(root.newSession().sql("select 1"), 1, 100)
      Channel.send("ready")
      Channel.requests().foreach(host.handle)
    } catch {
      // Other threads of Spark would keep the process running.
      case error: Throwable =>
        error.printStackTrace()
        sys.exit(1)
    }
    sys.exit(0) // the server has closed the connection
  }

  /** Tag of the jobs of a context. */
  def tag(context: String): String = s"context-$context"

  private val Pools = 64

  /** Pool of the jobs of a context, to which the scheduler assigns cores. Pools are never removed, so
    * their number is limited.
    */
  def pool(context: String): String = s"pool-${Math.floorMod(context.hashCode, Pools)}"
}

private final class ClusterHost(
    root: SparkSession,
    maxRows: Int,
    maxBytes: Long,
    taskGraceMillis: Long
) {
  private val MaxThreads = 64
  private val MaxCanceled = 10000
  private val context: SparkContext = root.sparkContext
  private val sessions = new ConcurrentHashMap[String, SparkSession]
  private val gateways = new ConcurrentHashMap[String, Py4JServer]
  private val closed = ConcurrentHashMap.newKeySet[String]()
  private val commands = new ConcurrentHashMap[String, Command]

  /** Ids of the commands that were canceled last. A job may start after the cancel request. */
  private val canceled = Collections.newSetFromMap(
    Collections.synchronizedMap(new LinkedHashMap[String, java.lang.Boolean] {
      override def removeEldestEntry(eldest: JavaMap.Entry[String, java.lang.Boolean]): Boolean =
        size > MaxCanceled
    })
  )
  private val reaper = new TaskReaper(context, taskGraceMillis)
  private val helpers = Executors.newCachedThreadPool()
  private val pool = {
    val queue = new LinkedBlockingQueue[Runnable]
    val pool = new ThreadPoolExecutor(MaxThreads, MaxThreads, 10, SECONDS, queue)
    pool.allowCoreThreadTimeOut(true)
    pool
  }

  def handle(request: Request): Unit = request.word match {
    case "cancel" => cancel(request.id)
    case "sql" => sql(new Command(request.text("context"), request.id, request.text("source")))
    case "gateway" => reply(request.id)(openGateway(request.text("context")))
    case "exit" => sys.exit(0) // with shutdown hooks, unlike a signal
    case "close" => reply(request.id)(close(request.text("context")))
    case word => throw new IllegalArgumentException(s"unknown request: $word")
  }

  /** Handles a request on another thread, and sends the fields that `handler` returns. */
  private def reply(id: String)(handler: => Seq[(String, Any)]): Unit = helpers.execute { () =>
    val fields =
      try handler
      catch { case NonFatal(error) => failed(error) }
    Channel.send("done", ("id" -> id) +: fields: _*)
  }

  private def failed(error: Throwable): Seq[(String, Any)] =
    Seq("outcome" -> "error", "summary" -> Errors.summary(error), "cause" -> Errors.cause(error))

  private def openGateway(name: String): Seq[(String, Any)] = {
    val gateway = new Py4JServer(context.conf)
    gateway.start()
    Option(gateways.put(name, gateway)).foreach(_.shutdown())
    Seq(
      "outcome" -> "text",
      "port" -> gateway.getListeningPort,
      "secret" -> gateway.secret,
      "tag" -> ClusterHost.tag(name),
      "pool" -> ClusterHost.pool(name)
    )
  }

  private def close(name: String): Seq[(String, Any)] = {
    closed.add(name)
    commands.values.forEach(command => if (command.context == name) cancel(command.id))
    val tag = ClusterHost.tag(name)
    reaper.watch(context.statusTracker.getJobIdsForTag(tag))
    context.cancelJobsWithTag(tag)
    helpers.execute(() => Sessions.close(tag)) // which waits for the ends of streams
    sessions.remove(name)
    Option(gateways.remove(name)).foreach(_.shutdown())
    Seq("outcome" -> "text")
  }

  private def sql(command: Command): Unit = {
    commands.put(command.id, command)
    pool.execute(() => if (command.begin()) finish(command, run(command)))
  }

  private def run(command: Command): Seq[(String, Any)] =
    try Seq("outcome" -> "table", "table" -> new RawJson(table(command)))
    catch {
      case error: Throwable if command.isCanceled =>
        val detail = s"the command was canceled\n${Errors.summary(error)}"
        Seq("outcome" -> "cancelled", "detail" -> detail)
      case error: Throwable => failed(error)
    }

  private def table(command: Command): String = {
    val session = sessions.computeIfAbsent(command.context, _ => root.newSession())
    SparkSession.setActiveSession(session)
    context.setJobGroup(command.id, s"command ${command.id}", interruptOnCancel = true)
    context.addJobTag(ClusterHost.tag(command.context))
    context.setLocalProperty(SparkContext.SPARK_SCHEDULER_POOL, ClusterHost.pool(command.context))
    try Cells.tableJson(session.sql(command.source), maxRows, maxBytes)
    finally {
      context.clearJobGroup()
      context.clearJobTags()
      context.setLocalProperty(SparkContext.SPARK_SCHEDULER_POOL, null)
      SparkSession.clearActiveSession()
    }
  }

  private def finish(command: Command, fields: Seq[(String, Any)]): Unit = {
    command.end()
    commands.remove(command.id)
    if (closed.contains(command.context)) sessions.remove(command.context)
    Channel.send("done", ("id" -> command.id) +: fields: _*)
  }

  /** Cancels a command. The server repeats the request until the command has ended. */
  private def cancel(id: String): Unit = {
    canceled.add(id)
    reaper.watch(context.statusTracker.getJobIdsForGroup(id))
    val command = commands.get(id)
    if (command != null && command.cancel())
      finish(command, canceledBeforeRun)
    context.cancelJobGroup(id)
  }

  private val canceledBeforeRun =
    Seq("outcome" -> "cancelled", "detail" -> "the command was canceled before it ran")

  /** Reports the end of the application, and cancels jobs that start after a cancel request. */
  val listener: SparkListener = new SparkListener {
    override def onApplicationEnd(event: SparkListenerApplicationEnd): Unit = Channel.send("lost")

    override def onJobStart(event: SparkListenerJobStart): Unit = {
      def property(name: String) =
        Option(event.properties).flatMap(properties => Option(properties.getProperty(name)))
      val isCanceled = property(SparkContext.SPARK_JOB_GROUP_ID).exists(canceled.contains)
      val tags = property(SparkContext.SPARK_JOB_TAGS).toSeq.flatMap(_.split(","))
      val isClosed = tags.exists(tag => closed.contains(tag.stripPrefix(ClusterHost.tag(""))))
      if (isClosed || isCanceled) {
        reaper.watch(Array(event.jobId))
        context.cancelJob(event.jobId)
      }
    }
  }
}
