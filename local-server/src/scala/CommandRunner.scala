package org.apache.spark.localserver

import java.io.File
import java.util.concurrent.{ConcurrentHashMap, LinkedBlockingQueue}
import java.util.zip.ZipFile

import scala.util.control.NonFatal

import org.apache.spark.SparkContext
import org.apache.spark.scheduler.{
  SparkListener,
  SparkListenerApplicationEnd,
  SparkListenerJobStart
}
import org.apache.spark.sql.SparkSession

/** Runs the commands of a Scala context, one at a time. */
private final class CommandRunner(
    repl: Repl,
    spark: SparkSession,
    limits: TableLimits,
    taskGraceMillis: Long
) extends Runnable {
  private val ExitCode = 1
  private val context: SparkContext = spark.sparkContext
  private val reaper = new TaskReaper(context, taskGraceMillis)
  private val queue = new LinkedBlockingQueue[Request]

  /** Ids of commands that have been canceled. */
  private val canceled = ConcurrentHashMap.newKeySet[String]()
  private var running: Option[RunningCommand] = None
  private var isLost = false
  private var isClosing = false

  def submit(request: Request): Unit = queue.put(request)

  /** Cancels a command if it is running. The server repeats the request until the command ends. */
  def cancel(id: String): Unit = synchronized {
    running.filter(_.id == id).foreach { command =>
      canceled.add(id)
      reaper.watch(context.statusTracker.getJobIdsForGroup(id))
      context.cancelJobGroup(id)
      command.interrupt()
    }
  }

  val listener: SparkListener = new SparkListener {

    /** Exits, after the running command if there is one. */
    override def onApplicationEnd(event: SparkListenerApplicationEnd): Unit =
      CommandRunner.this.synchronized {
        isLost = true
        if (running.isEmpty) exitIfLost()
      }

    /** Cancels a job that starts after its command has been canceled, and may even have ended. */
    override def onJobStart(event: SparkListenerJobStart): Unit = {
      val group = Option(event.properties).map(_.getProperty(SparkContext.SPARK_JOB_GROUP_ID))
      if (group.exists(id => id != null && canceled.contains(id))) {
        reaper.watch(Array(event.jobId))
        context.cancelJob(event.jobId)
      }
    }
  }

  /** Expects the end of the Spark application, because this process is about to exit. */
  def close(): Unit = synchronized { isClosing = true }

  override def run(): Unit = while (true) {
    val request = queue.take()
    if (request.word == "jar") addJar(new File(request.text("path"))) else runCommand(request)
  }

  private def runCommand(request: Request): Unit = {
    val command = new RunningCommand(request.id)
    synchronized { running = Some(command) }
    val outcome = command.run(execute(request, command))
    command.leave(synchronized { running = None })
    // The exit is the result of a command that ends the application.
    synchronized(exitIfLost())
    val fields = ResultFields.of(outcome, command.isCanceled)
    System.out.flush()
    Channel.send("done", ("id" -> request.id) +: fields: _*)
  }

  private def execute(request: Request, command: RunningCommand): Outcome = {
    val source = request.text("source").stripPrefix("\ufeff")
    // Threads that the command starts inherit the group.
    context.setJobGroup(request.id, s"command ${request.id}", interruptOnCancel = true)
    if (request.text("language") == "sql") {
      command.begin()
      query(source)
    } else
      repl.run(source) { warnings =>
        print(warnings)
        command.begin()
      }
  }

  private def query(source: String): Outcome =
    try Queried(limits.table(spark.sql(source)))
    catch { case NonFatal(error) => QueryFailed(error) }

  private def addJar(jar: File): Unit =
    try addToClassPath(jar)
    catch { case NonFatal(error) => println(s"The JAR $jar cannot be added: $error") }

  private def addToClassPath(jar: File): Unit = {
    // A file that is no JAR would make every later command fail.
    new ZipFile(jar).close()
    // One copy of each class for the interpreter, the driver, and tasks in local mode.
    val loader = ClassLoader.getSystemClassLoader
    val append =
      loader.getClass.getDeclaredMethod("appendToClassPathForInstrumentation", classOf[String])
    append.setAccessible(true)
    append.invoke(loader, jar.getPath)
    repl.addJar(jar)
    if (!context.isLocal) context.addJar(jar.getPath)
  }

  private def exitIfLost(): Unit = if (isLost && !isClosing) {
    println(
      "The Spark application of the context has ended. Commands must not stop it, for example by " +
        "`spark.stop()`."
    )
    System.out.flush()
    Runtime.getRuntime.halt(ExitCode)
  }
}
