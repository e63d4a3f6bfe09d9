package org.apache.spark.localserver

import java.io.{BufferedReader, ByteArrayOutputStream, FileInputStream, FileOutputStream, InputStreamReader}
import java.nio.charset.StandardCharsets.UTF_8

import com.fasterxml.jackson.core.{JsonFactory, JsonGenerator}
import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}

/** A request of the server: `WORD {json}` or `cancel ID`. */
final class Request(val word: String, argument: String) {
  private lazy val fields: JsonNode = Channel.mapper.readTree(argument)

  /** Id of the command. */
  def id: String = if (word == "cancel") argument.takeWhile(_ != ' ') else text("id")

  def text(field: String): String = fields.get(field).asText
}

/** JSON text that is copied into an event as it is. */
final class RawJson(val text: String)

/** Connection to the server: requests are lines on fd 3, events are lines on fd 4. */
object Channel {
  private[localserver] val mapper = new ObjectMapper
  private val factory = new JsonFactory
  private lazy val events = new FileOutputStream("/dev/fd/4")

  /** Returns the requests, up to the end of the connection. */
  def requests(): Iterator[Request] = {
    val lines = new BufferedReader(new InputStreamReader(new FileInputStream("/dev/fd/3"), UTF_8))
    Iterator.continually(lines.readLine()).takeWhile(_ != null).map { line =>
      val end = line.indexOf(' ')
      if (end < 0) new Request(line, "") else new Request(line.take(end), line.drop(end + 1))
    }
  }

  /** Sends an event. The values of its fields are texts, numbers, booleans and [[RawJson]]. */
  def send(event: String, fields: (String, Any)*): Unit = {
    val line = new ByteArrayOutputStream
    val json = factory.createGenerator(line)
    json.writeStartObject()
    json.writeStringField("event", event)
    for ((name, value) <- fields) {
      json.writeFieldName(name)
      write(json, value)
    }
    json.writeEndObject()
    json.close()
    line.write('\n')
    synchronized(line.writeTo(events))
  }

  private def write(json: JsonGenerator, value: Any): Unit = value match {
    case raw: RawJson => json.writeRawValue(raw.text)
    case number: Int => json.writeNumber(number)
    case flag: Boolean => json.writeBoolean(flag)
    // An unpaired surrogate, which the generator rejects, becomes `?`.
    case other => json.writeString(new String(other.toString.getBytes(UTF_8), UTF_8))
  }
}
