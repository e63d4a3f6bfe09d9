package org.apache.spark.localserver

import java.lang.management.ManagementFactory
import java.util.concurrent.{Executors, ScheduledExecutorService}
import java.util.concurrent.TimeUnit.{MILLISECONDS, NANOSECONDS}

import org.apache.spark.SparkContext

/** Ends this process if the tasks of canceled jobs do not end.
  *
  * In local mode, tasks are threads of this process. A task that does not react to the interrupt
  * would occupy a core for ever, and the jobs of all contexts would wait for it. On a cluster, the
  * setting `spark.task.reaper.enabled` of Spark has this purpose.
  */
private final class TaskReaper(context: SparkContext, graceMillis: Long) {
  private val ExitCode = 1
  private val CheckIntervalMillis = 1000L

  /** Tasks that wait instead of using the processor may end later, for example after a timeout. */
  private val waitGraceMillis = 12 * graceMillis
  private val clock = ManagementFactory.getThreadMXBean
  private val timer: ScheduledExecutorService = Executors.newSingleThreadScheduledExecutor { task =>
    val thread = new Thread(task, "task-reaper")
    thread.setDaemon(true)
    thread
  }

  /** Ends this process if tasks of canceled jobs do not end within the grace period. */
  def watch(jobs: => Array[Int]): Unit = if (context.isLocal) {
    // Most tasks end before the first check. Others may only be about to start.
    schedule(math.min(CheckIntervalMillis, graceMillis)) {
      val stages = jobs.flatMap(job => context.statusTracker.getJobInfo(job)).flatMap(_.stageIds)
      val parts = stages.map(stage => s" in stage $stage.")
      val tasks = runningTasks().filter(task => parts.exists(part => task.name.contains(part)))
      if (tasks.nonEmpty) check(tasks, System.nanoTime)
    }
  }

  private def check(tasks: Seq[Task], start: Long): Unit = {
    val running = runningTasks().map(task => task.name -> task).toMap
    val remaining = tasks.filter(task => running.contains(task.name))
    // Processor time, because a busy machine delays the end of a task.
    val used = remaining.map(task => running(task.name).processorNanos - task.processorNanos)
    val waited = NANOSECONDS.toMillis(System.nanoTime - start)
    if (used.exists(NANOSECONDS.toMillis(_) >= graceMillis) || waited >= waitGraceMillis)
      exit(remaining.map(task => running(task.name)))
    else if (remaining.nonEmpty) schedule(CheckIntervalMillis)(check(remaining, start))
  }

  private def exit(tasks: Seq[Task]): Unit = if (tasks.nonEmpty) {
    println(
      s"Tasks of a canceled command did not end within ${graceMillis / 1000.0} seconds, and would " +
        s"occupy cores for ever. The process of the cluster exits.\n${tasks.mkString("\n")}"
    )
    System.out.flush()
    // Not `exit`: shutdown hooks would wait for the tasks.
    Runtime.getRuntime.halt(ExitCode)
  }

  private def schedule(delayMillis: Long)(action: => Unit): Unit =
    timer.schedule((() => action): Runnable, delayMillis, MILLISECONDS)

  private def runningTasks(): Seq[Task] = {
    val tasks = Seq.newBuilder[Task]
    Thread.getAllStackTraces.forEach { (thread, stack) =>
      // A thread without a task keeps the name of its last one.
      if (stack.exists(_.getClassName.endsWith("Executor$TaskRunner")))
        tasks += new Task(thread.getName, clock.getThreadCpuTime(thread.getId), stack)
    }
    tasks.result()
  }

  /** A thread that runs a task, for example `task 0.0 in stage 1.0 (TID 2)`. */
  private final class Task(thread: String, val processorNanos: Long, stack: Array[StackTraceElement]) {
    val name: String = thread.stripPrefix("Executor task launch worker for ")

    override def toString: String = (name +: stack.take(5)).mkString("\n    at ")
  }
}
