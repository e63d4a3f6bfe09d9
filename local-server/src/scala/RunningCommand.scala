package org.apache.spark.localserver

import java.util.concurrent.TimeUnit.SECONDS

/** A command that runs on the current thread, and that another thread can interrupt. */
private final class RunningCommand(val id: String) {
  private val thread = Thread.currentThread
  private var firstInterruptNanos: Option[Long] = None
  private var isInterruptible = false
  private var isStopped = false

  def isCanceled: Boolean = synchronized(firstInterruptNanos.nonEmpty)

  /** Marks the end of the compilation, which an interrupt could leave in an inconsistent state.
    *
    * @throws java.lang.InterruptedException if the command has been canceled
    */
  def begin(): Unit = synchronized {
    if (firstInterruptNanos.nonEmpty)
      throw new InterruptedException("the command was canceled before it ran")
    isInterruptible = true
  }

  /** Interrupts the thread, and stops it if the command ignores interrupts for a second. Must not be
    * called after [[leave]] has returned.
    */
  def interrupt(): Unit = synchronized {
    val now = System.nanoTime
    if (firstInterruptNanos.isEmpty) firstInterruptNanos = Some(now)
    if (isInterruptible) {
      thread.interrupt()
      val waited = now - firstInterruptNanos.get
      if (waited >= SECONDS.toNanos(1) && RunningCommand.isStoppable(thread)) {
        isStopped = true
        RunningCommand.stop(thread)
      }
    }
  }

  /** Runs the command. The outer `try` catches a stop that is thrown in the inner `catch`. */
  def run(execute: => Outcome): Outcome =
    try {
      try execute
      catch { case error: Throwable => Thrown(error) }
    } catch { case error: Throwable => Thrown(error) }

  /** Prevents further interrupts by `unregister`, and clears those that have been requested. */
  def leave(unregister: => Unit): Unit = {
    try unregister
    catch { case _: Throwable => unregister } // stopped
    try if (isStopped) Thread.sleep(1)
    catch { case _: Throwable => } // stopped, but not before now
    Thread.interrupted()
  }
}

private object RunningCommand {
  private val javaVersion = System.getProperty("java.specification.version").toDouble

  /** Since Java 20, threads cannot be stopped. The server then kills this process. */
  private val stopMethod =
    if (javaVersion < 20) Some(classOf[Thread].getMethod("stop")) else None

  /** Returns whether the thread executes the code of a command, and no code of Spark or of the
    * compiler, whose state it could destroy.
    */
  def isStoppable(thread: Thread): Boolean = {
    val frames = thread.getStackTrace.map(_.getClassName)
    frames.indexWhere(_.startsWith("$line")) match {
      case -1 => false
      case index => !frames.take(index).exists(isShared)
    }
  }

  private def isShared(className: String): Boolean =
    className.startsWith("org.apache.spark.") || className.startsWith("scala.tools.")

  /** Returns whether a thread has been stopped. Later versions of Java may not have the class. */
  def isStop(error: Throwable): Boolean = error.getClass.getName == "java.lang.ThreadDeath"

  def stop(thread: Thread): Unit = stopMethod.foreach(_.invoke(thread))
}
