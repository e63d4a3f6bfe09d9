package org.apache.spark.localserver

/** A command of a SQL context, which waits for a thread, runs, or has ended. */
private final class Command(val context: String, val id: String, val source: String) {
  private var thread: Option[Thread] = None
  private var hasBegun = false
  private var cancelRequests = 0

  /** Marks the command as running on this thread. Returns false if it has been canceled. */
  def begin(): Boolean = synchronized {
    if (cancelRequests == 0) {
      hasBegun = true
      thread = Some(Thread.currentThread)
    }
    hasBegun
  }

  /** Marks the command as ended. Its thread is not interrupted afterwards. */
  def end(): Unit = synchronized {
    if (thread.contains(Thread.currentThread)) Thread.interrupted()
    thread = None
  }

  def isCanceled: Boolean = synchronized(cancelRequests > 0)

  /** Records a cancel request. Returns true if the command has not begun, and now does not. */
  def cancel(): Boolean = synchronized {
    cancelRequests += 1
    // Usually, canceling the jobs ends the command. An interrupt could close files that others use.
    if (cancelRequests > 1) thread.foreach(_.interrupt())
    cancelRequests == 1 && !hasBegun
  }
}
