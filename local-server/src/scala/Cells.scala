package org.apache.spark.localserver

import java.io.ByteArrayOutputStream
import java.nio.charset.StandardCharsets.UTF_8
import java.time.{Instant, LocalDate, LocalDateTime, LocalTime, ZoneOffset}
import java.time.format.DateTimeFormatter
import java.util.Base64

import com.fasterxml.jackson.core.{JsonFactory, JsonGenerator}
import org.apache.spark.sql.{Dataset, Row}
import org.apache.spark.sql.catalyst.util.DateTimeUtils
import org.apache.spark.sql.types.{StructField, StructType}

/** Converts datasets to tables in the format of Databricks. */
object Cells {
  private val factory = new JsonFactory
  private val dateTime = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS")

  /** Runs a query and returns the object `table` of an event.
    *
    * @param maxRows maximum number of rows
    * @param maxBytes maximum size of the rows, as JSON in UTF-8
    */
  def tableJson(dataset: Dataset[_], maxRows: Int, maxBytes: Long): String = {
    val schema = schemaJson(dataset.schema)
    val limited = LimitedRows.collect(dataset.toDF(), maxRows, maxBytes)
    val out = new ByteArrayOutputStream
    for (index <- limited.rows.indices) {
      if (index > 0) out.write(',')
      out.write(limited.rows(index))
    }
    val data = new String(out.toByteArray, UTF_8)
    val truncated = limited.isTruncated
    s"""{"schema":$schema,"data":[$data],"truncated":$truncated,"isJsonSchema":true}"""
  }

  /** Returns the columns. Databricks encodes types and metadata as JSON in strings. */
  private def schemaJson(schema: StructType): String = {
    val out = new ByteArrayOutputStream
    val json = factory.createGenerator(out)
    json.writeStartArray()
    for (column <- schema.fields) {
      json.writeStartObject()
      json.writeStringField("name", column.name)
      json.writeStringField("type", column.dataType.json)
      json.writeStringField("metadata", metadata(column))
      json.writeEndObject()
    }
    json.writeEndArray()
    json.close()
    new String(out.toByteArray, UTF_8)
  }

  private def metadata(column: StructField): String = column.metadata.json

  /** Returns a row as JSON in UTF-8. */
  private[localserver] def rowJson(row: Row): Array[Byte] = {
    val out = new ByteArrayOutputStream
    val json = factory.createGenerator(out)
    writeRow(row, json)
    json.close()
    out.toByteArray
  }

  /** Writes a row, or a cell that is a struct, as an array of its values. */
  private def writeRow(row: Row, json: JsonGenerator): Unit = {
    json.writeStartArray()
    for (index <- 0 until row.length) writeCell(row.get(index), json)
    json.writeEndArray()
  }

  private def writeCell(value: Any, json: JsonGenerator): Unit = value match {
    case null => json.writeNull()
    case value: String => json.writeString(value)
    case value: Boolean => json.writeBoolean(value)
    case value: Byte => json.writeNumber(value.toInt)
    case value: Short => json.writeNumber(value.toInt)
    case value: Int => json.writeNumber(value)
    case value: Long => json.writeNumber(value)
    // JSON has no NaN and no infinity.
    case value: Float if value.isNaN || value.isInfinite => json.writeString(value.toString)
    case value: Float => json.writeNumber(value)
    case value: Double if value.isNaN || value.isInfinite => json.writeString(value.toString)
    case value: Double => json.writeNumber(value)
    case value: java.math.BigDecimal => json.writeString(value.toPlainString)
    case value: Array[Byte] => json.writeString(Base64.getEncoder.encodeToString(value))
    case value: java.sql.Timestamp => json.writeString(utc(instant(value)))
    case value: Instant => json.writeString(utc(value))
    case value: LocalDateTime => json.writeString(dateTime.format(value))
    // Its own text has no seconds if they are zero.
    case value: LocalTime => json.writeString(DateTimeFormatter.ISO_LOCAL_TIME.format(value))
    case value: java.sql.Date =>
      json.writeString(LocalDate.ofEpochDay(DateTimeUtils.fromJavaDate(value).toLong).toString)
    case value: Row => writeRow(value, json)
    case value: scala.collection.Map[_, _] =>
      json.writeStartObject()
      for ((key, item) <- value) {
        json.writeFieldName(keyText(key))
        writeCell(item, json)
      }
      json.writeEndObject()
    case value: scala.collection.Seq[_] =>
      json.writeStartArray()
      value.foreach(writeCell(_, json))
      json.writeEndArray()
    case value if Geometries.isGeometry(value) => json.writeString(Geometries.text(value))
    // Dates, intervals, variants, and values of user-defined types.
    case value => json.writeString(value.toString)
  }

  /** Returns the key of a JSON object for a key of a map: the text of a string, otherwise JSON. */
  private def keyText(key: Any): String = {
    val out = new ByteArrayOutputStream
    val json = factory.createGenerator(out)
    writeCell(key, json)
    json.close()
    val text = new String(out.toByteArray, UTF_8)
    if (text.startsWith("\"")) Channel.mapper.readTree(text).asText else text
  }

  private def utc(instant: Instant): String =
    dateTime.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)) + "Z"

  /** Returns the point in time. `toInstant` uses the Julian calendar before 1582, Spark does not. */
  private def instant(timestamp: java.sql.Timestamp): Instant =
    DateTimeUtils.microsToInstant(DateTimeUtils.fromJavaTimestamp(timestamp))
}
