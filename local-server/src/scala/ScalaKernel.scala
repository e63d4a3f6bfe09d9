package org.apache.spark.localserver

import java.io.{BufferedOutputStream, FileOutputStream, PrintStream}

import org.apache.spark.repl.Main
import org.apache.spark.sql.SparkSession

/** The process of a Scala context: runs commands in sequence in one interpreter, which has a Spark
  * application of its own.
  *
  *  - `run {"id", "source", "language"}` runs a command in Scala or SQL.
  *  - `jar {"path"}` adds a JAR to the class path, between commands. It has no response.
  *  - `cancel ID` cancels a command if it is running.
  *
  * The arguments are those of [[ClusterHost]]. The process exits when the server closes the connection, and when the Spark application has ended.
  */
object ScalaKernel {
  private val CommandStackBytes = 64L << 20

  private val Preamble = Seq(
    """@transient val spark = org.apache.spark.repl.Main.sparkSession
      |@transient val sc = spark.sparkContext
      |@transient val sqlContext = spark.sqlContext""".stripMargin,
    """import org.apache.spark.SparkContext._
      |import spark.implicits._
      |import spark.sql
      |import org.apache.spark.sql.functions._
      |import org.apache.spark.localserver.Notebook.{dbutils, display, displayHTML}""".stripMargin
  )

  def main(args: Array[String]): Unit = {
    val Array(maxRows, maxBytes, taskGraceMillis) = args.take(3).map(_.toLong)
    redirectOutput()
    val repl = new Repl(Main.outputDir)
    val spark = start(repl)
    Notebook.limits = new TableLimits(maxRows.toInt, maxBytes)
    val runner = new CommandRunner(repl, spark, Notebook.limits, taskGraceMillis)
    spark.sparkContext.addSparkListener(runner.listener)
    spark.sparkContext.addSparkListener(new CoreWatch(spark.sparkContext, (_, text) => System.out.print(text)))
    val thread = new Thread(null, runner, "commands", CommandStackBytes)
    thread.setDaemon(true)
    thread.start()
    Channel.send("ready")
    // The request `exit` ends the process in the same way as the end of the connection.
    Channel.requests().takeWhile(_.word != "exit").foreach { request =>
      if (request.word == "cancel") runner.cancel(request.id) else runner.submit(request)
    }
    runner.close()
    sys.exit(0)
  }

  /** Replaces the standard streams by one that is UTF-8 in every locale, and that commands cannot
    * close. Precedes the first use of `scala.Console`, which keeps the streams.
    */
  private def redirectOutput(): Unit = {
    val pipe = new BufferedOutputStream(new FileOutputStream("/dev/fd/1"), 1 << 16)
    val output = new PrintStream(pipe, true, "UTF-8") {
      override def close(): Unit = flush()
    }
    System.setOut(output)
    System.setErr(output)
  }

  /** Starts the Spark application and the interpreter in parallel. */
  private def start(repl: Repl): SparkSession = {
    Thread.currentThread.setContextClassLoader(new CommandClassLoader(repl.classLoader))
    var failure: Option[Throwable] = None
    val session = new Thread(() =>
      try Main.createSparkSession()
      catch { case error: Throwable => failure = Some(error) }
    )
    session.start()
    repl.start()
    // The first command loads thousands of classes.
    runOrExit(repl, "val $warm = 1")
    session.join()
    failure.foreach(error => exit(StackTraces.format(error)))
    Preamble.foreach(runOrExit(repl, _))
    Main.sparkSession
  }

  private def runOrExit(repl: Repl, source: String): Unit = repl.run(source)(_ => ()) match {
    case Completed(_) =>
    case Thrown(error) => exit(StackTraces.format(error))
    case outcome => exit(outcome.toString)
  }

  private def exit(message: String): Unit = {
    System.err.println(message)
    sys.exit(1)
  }
}
