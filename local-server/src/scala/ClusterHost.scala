package org.apache.spark.localserver

import java.util.concurrent.{ConcurrentHashMap, Executors, LinkedBlockingQueue, ThreadPoolExecutor, TimeUnit}

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
  *  - `gateway {"context", "id"}` opens a gateway. Its event has the fields `port` and `secret`.
  *  - `close {"context", "id"}` cancels the jobs of a context, and closes its session and gateway.
  *  - `exit {}` ends the process.
  *
  * Each request except `cancel` and `exit` is answered by one event `done`. The event `lost` is sent when the
  * application has ended. The arguments are the limits of tables in rows and bytes, and the time in
  * milliseconds for the tasks of a canceled command to end.
  */
object ClusterHost {
  def main(args: Array[String]): Unit = {
    val Array(maxRows, maxBytes, taskGraceMillis) = args.take(3).map(_.toLong)
    val root = SparkSession.builder().getOrCreate()
    val host = new ClusterHost(root, maxRows.toInt, maxBytes, taskGraceMillis)
    root.sparkContext.addSparkListener(host.listener)
    // Loads classes that every first query would have to load.
    Cells.tableJson(root.newSession().sql("select 1"), 1, 100)
    Channel.send("ready")
    Channel.requests().foreach(host.handle)
    sys.exit(0) // the server has closed the connection
  }

  /** Tag of the jobs of a context. */
  def tag(context: String): String = s"context-$context"
}

private final class ClusterHost(root: SparkSession, maxRows: Int, maxBytes: Long, taskGraceMillis: Long) {
  private val MaxThreads = 64
  private val context: SparkContext = root.sparkContext
  private val sessions = new ConcurrentHashMap[String, SparkSession]
  private val gateways = new ConcurrentHashMap[String, Py4JServer]
  private val closed = ConcurrentHashMap.newKeySet[String]()
  private val commands = new ConcurrentHashMap[String, Command]
  private val reaper = new TaskReaper(context, taskGraceMillis)
  private val pool = {
    val queue = new LinkedBlockingQueue[Runnable]
    val pool = new ThreadPoolExecutor(MaxThreads, MaxThreads, 10, TimeUnit.SECONDS, queue)
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
  private def reply(id: String)(handler: => Seq[(String, Any)]): Unit = pool.execute { () =>
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
    Seq("outcome" -> "text", "port" -> gateway.getListeningPort, "secret" -> gateway.secret)
  }

  private def close(name: String): Seq[(String, Any)] = {
    closed.add(name)
    commands.values.forEach(command => if (command.context == name) cancel(command.id))
    val tag = ClusterHost.tag(name)
    reaper.watch(context.statusTracker.getJobIdsForTag(tag))
    context.cancelJobsWithTag(tag)
    sessions.remove(name)
    Option(gateways.remove(name)).foreach(_.shutdown())
    Seq("outcome" -> "text")
  }

  private def sql(command: Command): Unit = {
    commands.put(command.id, command)
    pool.execute(() => if (command.begin()) finish(command, run(command)))
  }

  private def run(command: Command): Seq[(String, Any)] = {
    val session = sessions.computeIfAbsent(command.context, _ => root.newSession())
    SparkSession.setActiveSession(session)
    // Each task contains the description, so that it must not be the source.
    context.setJobGroup(command.id, s"command ${command.id}", interruptOnCancel = true)
    context.addJobTag(ClusterHost.tag(command.context))
    try Seq("outcome" -> "table", "table" -> new RawJson(Cells.tableJson(session.sql(command.source), maxRows, maxBytes)))
    catch {
      case error: Throwable if command.isCanceled =>
        Seq("outcome" -> "cancelled", "detail" -> s"the command was canceled\n${Errors.summary(error)}")
      case error: Throwable => failed(error)
    } finally {
      context.clearJobGroup()
      context.clearJobTags()
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
    reaper.watch(context.statusTracker.getJobIdsForGroup(id))
    val command = commands.get(id)
    if (command != null && command.cancel())
      finish(command, Seq("outcome" -> "cancelled", "detail" -> "the command was canceled before it ran"))
    context.cancelJobGroup(id)
  }

  /** Reports the end of the application, and cancels jobs that start after a cancel request. */
  val listener: SparkListener = new SparkListener {
    override def onApplicationEnd(event: SparkListenerApplicationEnd): Unit = Channel.send("lost")

    override def onJobStart(event: SparkListenerJobStart): Unit = {
      def property(name: String) = Option(event.properties).flatMap(p => Option(p.getProperty(name)))
      val command = property(SparkContext.SPARK_JOB_GROUP_ID).flatMap(id => Option(commands.get(id)))
      val tags = property(SparkContext.SPARK_JOB_TAGS).toSeq.flatMap(_.split(","))
      val isClosed = tags.exists(tag => closed.contains(tag.stripPrefix(ClusterHost.tag(""))))
      if (isClosed || command.exists(_.isCanceled)) {
        reaper.watch(Array(event.jobId))
        context.cancelJob(event.jobId)
      }
    }
  }
}
