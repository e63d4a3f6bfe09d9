package org.apache.spark.localserver

import java.util.concurrent.ConcurrentHashMap

import scala.util.control.NonFatal

import org.apache.spark.sql.SparkSession

/** Sessions of Python contexts. Contexts open them over their gateways. */
object Sessions {
  private val sessions = new ConcurrentHashMap[String, SparkSession]

  /** Opens the session of a context, which is named by the tag of its jobs. */
  def open(tag: String): SparkSession =
    sessions.computeIfAbsent(tag, _ => SparkSession.getDefaultSession.get.newSession())

  /** Ends the streams of a session, which have threads of their own. */
  private[localserver] def close(tag: String): Unit = {
    val session = Option(sessions.remove(tag))
    session.toSeq.flatMap(_.streams.active).foreach { stream =>
      try stream.stop()
      catch { case NonFatal(error) => error.printStackTrace() }
    }
  }
}
