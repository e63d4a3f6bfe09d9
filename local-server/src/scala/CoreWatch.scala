package org.apache.spark.localserver

import java.util.concurrent.{Executors, ScheduledExecutorService, TimeUnit}

import scala.collection.mutable

import org.apache.spark.SparkContext
import org.apache.spark.scheduler._

/** Reports jobs that wait for a core of a cluster.
  *
  * Spark itself waits without a message, for example if other applications use all cores, or after
  * the only worker has been lost. In local mode, there are always cores.
  *
  * @param report receives the group of the job and a text
  */
private final class CoreWatch(context: SparkContext, report: (String, String) => Unit) extends SparkListener {
  private val WaitSeconds = 10L

  private final class Job(val group: String, val stages: Set[Int]) {
    /** Number of the current wait, or 0 if a task has been started since. */
    var currentWait = 0L
  }

  private val jobs = mutable.Map.empty[Int, Job]
  private val executors = mutable.Set.empty[String]
  private var waits = 0L
  private lazy val timer: ScheduledExecutorService = Executors.newSingleThreadScheduledExecutor { task =>
    val thread = new Thread(task, "core-watch")
    thread.setDaemon(true)
    thread
  }

  override def onJobStart(event: SparkListenerJobStart): Unit = synchronized {
    if (!context.isLocal) {
      val group = Option(event.properties).flatMap(p => Option(p.getProperty(SparkContext.SPARK_JOB_GROUP_ID)))
      val job = new Job(group.getOrElse(""), event.stageIds.toSet)
      jobs(event.jobId) = job
      await(job)
    }
  }

  override def onTaskStart(event: SparkListenerTaskStart): Unit = synchronized {
    jobs.values.filter(_.stages.contains(event.stageId)).foreach(_.currentWait = 0)
  }

  override def onJobEnd(event: SparkListenerJobEnd): Unit = synchronized {
    jobs.remove(event.jobId).foreach(_.currentWait = 0)
  }

  override def onExecutorAdded(event: SparkListenerExecutorAdded): Unit = synchronized {
    executors += event.executorId
  }

  override def onExecutorRemoved(event: SparkListenerExecutorRemoved): Unit = synchronized {
    executors -= event.executorId
    if (executors.isEmpty) jobs.values.filter(_.currentWait == 0).foreach(await)
  }

  private def await(job: Job): Unit = {
    waits += 1
    val wait = waits
    job.currentWait = wait
    timer.schedule((() => check(job, wait)): Runnable, WaitSeconds, TimeUnit.SECONDS)
  }

  private def check(job: Job, wait: Long): Unit = {
    val waits = synchronized(job.currentWait == wait)
    if (waits) report(
      job.group,
      s"warning: no core of ${context.master} has been available for $WaitSeconds seconds. The command " +
        "waits until other applications release cores or a worker is added.\n"
    )
  }
}
