package org.apache.spark.localserver

import java.lang.reflect.{InvocationTargetException, UndeclaredThrowableException}
import java.util.{Collections, IdentityHashMap}

/** Texts of exceptions of Scala commands, without the frames of the interpreter. */
object StackTraces {
  private val SummaryMaxChars = 10000
  private val TextMaxChars = 1 << 20
  private val MaxExceptions = 100

  /** Returns the exception that a command has thrown. */
  def unwrap(error: Throwable): Throwable = error match {
    case _: InvocationTargetException | _: UndeclaredThrowableException |
        _: ExceptionInInitializerError if error.getCause != null =>
      unwrap(error.getCause)
    case _ => error
  }

  /** Returns the class and the first line of the message. */
  def summary(error: Throwable): String = {
    val lines = describe(error).split('\n').map(_.trim).filter(_.nonEmpty)
    // The messages of some exceptions of Spark begin with a line end.
    val count = if (lines.headOption.exists(_.endsWith(":"))) 2 else 1
    truncate(lines.take(count).mkString(" "), SummaryMaxChars)
  }

  /** Returns the stack traces of an exception and its causes. */
  def format(error: Throwable): String = {
    val text = new StringBuilder
    val seen = Collections.newSetFromMap(new IdentityHashMap[Throwable, java.lang.Boolean])
    append(text, seen, error, "", "")
    truncate(text.toString, TextMaxChars)
  }

  /** Removes the middle of long messages of the compiler. */
  def truncateMessages(messages: String): String = truncate(messages, TextMaxChars)

  private def append(
      text: StringBuilder,
      seen: java.util.Set[Throwable],
      error: Throwable,
      indent: String,
      label: String
  ): Unit = if (seen.size < MaxExceptions && text.length <= TextMaxChars && seen.add(error)) {
    if (text.nonEmpty) text.append('\n')
    text.append(indent).append(label).append(describe(error))
    for (frame <- commandFrames(error.getStackTrace))
      text.append(s"\n$indent\tat ").append(ReplText.unmangle(frame.toString))
    error.getSuppressed.foreach(append(text, seen, _, indent + "\t", "Suppressed: "))
    Option(error.getCause).foreach(append(text, seen, _, indent, "Caused by: "))
  }

  /** Returns the frames up to the statements of the command, or all frames of another thread. */
  private def commandFrames(frames: Array[StackTraceElement]): Array[StackTraceElement] =
    frames.indexWhere(isTopLevel) match {
      case -1 => frames.takeWhile(!_.getClassName.startsWith("org.apache.spark.localserver."))
      case index => frames.take(index + 1)
    }

  /** Returns whether a frame runs the statements of a command. */
  private def isTopLevel(frame: StackTraceElement): Boolean =
    frame.getClassName.startsWith("$line") && frame.getClassName.endsWith("$iw") &&
      frame.getMethodName == "<init>"

  private def describe(error: Throwable): String =
    try ReplText.unmangle(error.toString)
    // From a method of the user's class.
    catch { case _: Throwable => ReplText.unmangle(error.getClass.getName) }

  private def truncate(text: String, limit: Int): String =
    if (text.length <= limit) text
    else text.take(limit / 2) + "\n[...]\n" + text.takeRight(limit / 2)
}
