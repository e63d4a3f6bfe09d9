package org.apache.spark.localserver {

import java.io.{File, PrintWriter, StringWriter}

import scala.reflect.internal.util.{NoSourceFile, Position}
import scala.tools.nsc.Settings
import scala.tools.nsc.interpreter.{IMain, IMainAccess, ReplReporter, Results}

/** Interpreter of Scala 2.12. `Repl_2_13.scala` has the same members. */
final class Repl(outputDirectory: File) {
  private val messages = new StringWriter
  private val settings = new Settings
  settings.usejavacp.value = true
  settings.processArguments(ReplOptions(outputDirectory), processAll = true)
  private val interpreter = new IMain(settings, new PrintWriter(messages, true)) {
    override lazy val reporter: ReplReporter = new MessageReporter(this, source)
  }
  private var source = ""

  /** Class loader of the classes that commands define. */
  def classLoader: ClassLoader = interpreter.classLoader

  /** Starts the compiler, which takes seconds. */
  def start(): Unit = interpreter.initializeSynchronous()

  /** Compiles and runs a command. `begin` receives the warnings of the compiler before it runs. */
  def run(source: String)(begin: String => Unit): Outcome = {
    messages.getBuffer.setLength(0)
    this.source = source
    try IMainAccess.compile(interpreter, source) match {
      case Left(Results.Incomplete) => ended(Incomplete, source)
      case Left(_) => ended(Rejected(text), source)
      case Right(request) =>
        begin(text)
        request.lineRep.callEither("$print") match {
          case Right(lines) =>
            interpreter.recordRequest(request)
            Completed(ReplText.unmangle(String.valueOf(lines)))
          case Left(error) => Thrown(error)
        }
    } finally interpreter.reporter.reset()
  }

  /** Returns the outcome of a command that was not compiled. The interpreter reports that a command
    * without statements is incomplete.
    */
  private def ended(outcome: Outcome, source: String): Outcome = {
    val isBlank = source.replaceAll("(?s)/\\*.*?\\*/|//[^\n]*", "").trim.isEmpty
    if (isBlank || outcome == Rejected("")) Completed("") else outcome
  }

  /** Adds a JAR for the compiler and for later commands. */
  def addJar(jar: File): Unit = interpreter.addUrlsToClassPath(jar.toURI.toURL)

  private def text: String = ReplText.unmangle(messages.toString)
}

/** Reports messages with the line of the command and a caret. */
private final class MessageReporter(interpreter: IMain, command: => String)
    extends ReplReporter(interpreter) {
  override def display(position: Position, message: String, severity: Severity): Unit =
    withoutTruncating {
      val labeled = clabel(severity) + message
      if (position == null || !position.isDefined || position.source == NoSourceFile)
        printMessage(labeled)
      else {
        printMessage(s"${position.source.file.name}:${lineOf(position)}: $labeled")
        printMessage(position.lineContent)
        printMessage(position.lineCaret)
      }
    }

  /** Returns the number of a line in the command. The interpreter compiles it within an object, and
    * inserts lines before the last expression.
    */
  private def lineOf(position: Position): Int = {
    val compiled = new String(position.source.content).split('\n')
    val first = compiled.lastIndexWhere(_.contains("class $iw ")) + 1
    val index = position.line - 1 - first
    val same = command.split('\n').zipWithIndex.collect {
      case (line, number) if line.contains(position.lineContent.trim) && number <= index => number
    }
    same.lastOption.getOrElse(index) + 1
  }

  /** Commands cannot change the settings of the interpreter. */
  override def rerunWithDetails(
      setting: scala.reflect.internal.settings.MutableSettings#Setting,
      name: String
  ): String = ""
}
}

package scala.tools.nsc.interpreter {

/** Access to a method that is private to this package. */
object IMainAccess {
  def compile(interpreter: IMain, source: String): Either[Results.Result, interpreter.Request] =
    interpreter.compile(source, synthetic = false)
}
}
