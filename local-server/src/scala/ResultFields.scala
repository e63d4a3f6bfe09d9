package org.apache.spark.localserver

/** Fields of the event `done` of a Scala command. */
private object ResultFields {
  type Fields = Seq[(String, Any)]

  private val IncompleteText =
    "error: incomplete command\n" +
      "The command ends within a statement. Close all brackets, quotes and comments, and send a " +
      "statement as one command."

  /** Returns the fields, and prints the text of the result. */
  def of(outcome: Outcome, isCanceled: Boolean): Fields = {
    val displayed = Notebook.takeDisplayed()
    outcome match {
      case Completed(lines) =>
        if (displayed.isEmpty) print(lines)
        displayed.fold(text)(table)
      case Queried(result) => table(result)
      case QueryFailed(cause) if !isCanceled => error(Errors.summary(cause), Errors.cause(cause))
      case QueryFailed(cause) => thrown(cause, isCanceled)
      case Thrown(error) => thrown(StackTraces.unwrap(error), isCanceled)
      case Rejected(messages) => error(messages, messages)
      case Incomplete => error(IncompleteText, IncompleteText)
    }
  }

  private val text: Fields = Seq("outcome" -> "text")

  private def table(table: RawJson): Fields = Seq("outcome" -> "table", "table" -> table)

  private def thrown(thrown: Throwable, isCanceled: Boolean): Fields = thrown match {
    case exit: NotebookExit =>
      Seq("outcome" -> "text", "text" -> exit.value)
    case _ if isCanceled =>
      // The exception is a consequence of the cancel request.
      // That of a stopped thread is the stack trace of another one.
      val trace =
        if (RunningCommand.isStop(thrown)) "" else s"\n${StackTraces.format(thrown)}"
      Seq("outcome" -> "cancelled", "detail" -> s"the command was canceled$trace")
    case _ => error(StackTraces.summary(thrown), StackTraces.format(thrown))
  }

  private def error(summary: String, cause: String): Fields =
    Seq("outcome" -> "error", "summary" -> StackTraces.truncateMessages(summary).trim,
      "cause" -> StackTraces.truncateMessages(cause).trim)
}
