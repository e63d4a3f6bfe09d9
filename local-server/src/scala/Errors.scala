package org.apache.spark.localserver

import java.io.{PrintWriter, StringWriter}

/** Texts of exceptions in results. */
object Errors {
  private val SummaryMaxChars = 10000
  private val CauseMaxChars = 1 << 20

  /** Returns the first line of the message. Messages of Spark begin with the error class. */
  def summary(error: Throwable): String = {
    val origin = rootOf(error)
    val message = Option(origin.getMessage).getOrElse("")
    val line = message.split('\n').map(_.trim).find(_.nonEmpty).getOrElse("")
    val name = origin.getClass.getSimpleName
    val text = if (line.startsWith("[")) line else if (line.isEmpty) name else s"$name: $line"
    truncate(text, SummaryMaxChars)
  }

  /** Returns the stack trace, with those of all causes. */
  def cause(error: Throwable): String = {
    val text = new StringWriter
    error.printStackTrace(new PrintWriter(text, true))
    truncate(text.toString.stripSuffix("\n"), CauseMaxChars)
  }

  /** Returns the error of a task instead of the failure of its job. */
  private def rootOf(error: Throwable): Throwable = {
    val isJobFailure = Option(error.getMessage).exists(_.startsWith("Job aborted"))
    if (isJobFailure && error.getCause != null) error.getCause else error
  }

  private def truncate(text: String, limit: Int): String =
    if (text.length <= limit) text
    else text.take(limit / 2) + "\n[...]\n" + text.takeRight(limit / 2)
}
