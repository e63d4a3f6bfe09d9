package org.apache.spark.localserver

import java.io.{File, PrintWriter, StringWriter}

import scala.reflect.internal.util.{CodeAction, NoSourceFile, Position}
import scala.tools.nsc.Settings
import scala.tools.nsc.interpreter.{IMain, Results}
import scala.tools.nsc.interpreter.shell.ReplReporterImpl

/** Interpreter of Scala 2.13. `Repl_2_12.scala` has the same members. */
final class Repl(outputDirectory: File) {
  private val messages = new StringWriter
  private val settings = new Settings
  settings.usejavacp.value = true
  settings.processArguments(ReplOptions(outputDirectory), processAll = true)
  private val reporter = new MessageReporter(settings, new PrintWriter(messages, true))
  private val interpreter = new IMain(settings, reporter)

  /** Class loader of the classes that commands define. */
  def classLoader: ClassLoader = interpreter.classLoader

  /** Starts the compiler, which takes seconds. */
  def start(): Unit = interpreter.initializeCompiler()

  /** Compiles and runs a command. `begin` receives the warnings of the compiler before it runs. */
  def run(source: String)(begin: String => Unit): Outcome = {
    messages.getBuffer.setLength(0)
    try interpreter.compile(source, synthetic = false) match {
      case Left(Results.Incomplete) => Incomplete
      // A command without statements has no messages.
      case Left(_) => if (text.isEmpty) Completed("") else Rejected(text)
      case Right(request) =>
        begin(text)
        request.lineRep.callEither("$print") match {
          case Right(lines) =>
            interpreter.recordRequest(request)
            val names = request.termNames.map(_.toString)
            Completed(ReplText.resultLines(String.valueOf(lines), names))
          case Left(error) => Thrown(error)
        }
    } finally {
      reporter.reset()
      // Otherwise they would be reported with the next command.
      interpreter.global.currentRun.reporting.clearAllConditionalWarnings()
    }
  }

  /** Adds a JAR for the compiler and for later commands. */
  def addJar(jar: File): Unit = interpreter.addUrlsToClassPath(jar.toURI.toURL)

  private def text: String = ReplText.unmangle(messages.toString)
}

/** Reports messages with the line and a caret, as Scala 2.12 does. The reporter of the Scala shell
  * assumes that the terminal shows the line.
  */
private final class MessageReporter(settings: Settings, writer: PrintWriter)
    extends ReplReporterImpl(settings, writer) {
  override def doReport(
      position: Position,
      message: String,
      severity: Severity,
      actions: List[CodeAction]
  ): Unit = withoutTruncating {
    val labeled = clabel(severity) + message
    if (position == null || !position.isDefined || position.source == NoSourceFile)
      printMessage(labeled)
    else {
      printMessage(s"${position.source.file.name}:${position.line}: $labeled")
      printMessage(position.lineContent)
      printMessage(position.lineCaret)
    }
  }

  /** Commands cannot change the settings of the interpreter. */
  override def rerunWithDetails(
      setting: scala.reflect.internal.settings.MutableSettings#Setting,
      name: String
  ): String = ""
}
