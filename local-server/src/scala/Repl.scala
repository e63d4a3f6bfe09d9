// Parts of the interpreter that do not depend on the Scala version.
package org.apache.spark.localserver

import java.io.File
import java.util.regex.Pattern

/** Outcome of a Scala command. */
sealed trait Outcome

/** The command succeeded. `lines` describe the values that it defined. */
final case class Completed(lines: String) extends Outcome

/** A SQL command succeeded. */
final case class Queried(table: RawJson) extends Outcome

/** A SQL command failed. */
final case class QueryFailed(error: Throwable) extends Outcome

/** The command ends within a statement. */
case object Incomplete extends Outcome

/** The compiler rejected the command. */
final case class Rejected(messages: String) extends Outcome

/** The command ended with an exception. */
final case class Thrown(error: Throwable) extends Outcome

object ReplOptions {
  /** Returns the options of the interpreter. */
  def apply(outputDirectory: File): List[String] = List(
    // Closures that Spark serializes reference instances of classes instead of static fields.
    "-Yrepl-class-based",
    // Executors load the classes of commands from here.
    "-Yrepl-outdir",
    outputDirectory.getAbsolutePath,
    // `collect` without parentheses is common in commands, and deprecated since Scala 2.13.3.
    "-Wconf:cat=deprecation:s"
  )
}

object ReplText {
  private val LineObject =
    Pattern.compile("""\$line\d+\.\$(?:read|eval)(?:\$\$iw|\$|\.INSTANCE|\.\$iw)*\.?""")
  private val Modifiers = "(?:lazy |implicit |final |private |override )*"

  /** Removes the names of the objects that contain commands. */
  def unmangle(text: String): String = LineObject.matcher(text).replaceAll("")

  /** Formats result lines as Scala 2.12 does, for example `x: Int = 1` instead of
    * `val x: Int = 1`.
    */
  def resultLines(lines: String, names: Seq[String]): String =
    names.foldLeft(unmangle(lines)) { (text, name) =>
      val line = Pattern.compile(s"(?m)^$Modifiers(?:val|var) (${Pattern.quote(name)}: )")
      line.matcher(text).replaceFirst("$1")
    }
}
