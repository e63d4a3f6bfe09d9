package org.apache.spark.localserver

import scala.language.reflectiveCalls

/** Texts of geometries and geographies. Spark has these types since version 4.1, so that their classes are
  * found by name.
  */
private object Geometries {
  private type Geometry = { def getBytes(): Array[Byte]; def getSrid(): Int }
  private type Reader = { def read(bytes: Array[Byte]): Model }
  private type Model = { def toWkt(): String }

  private val classNames =
    Set("org.apache.spark.sql.types.Geometry", "org.apache.spark.sql.types.Geography")

  def isGeometry(value: Any): Boolean = classNames(value.getClass.getName)

  /** Returns the text in the format EWKT, for example `SRID=4326;POINT(1 2)`. */
  def text(value: Any): String = {
    val geometry = value.asInstanceOf[Geometry]
    val reader = Class.forName("org.apache.spark.sql.catalyst.util.geo.WkbReader")
    val model = reader.getConstructor().newInstance().asInstanceOf[Reader].read(geometry.getBytes())
    val srid = geometry.getSrid()
    (if (srid == 0) "" else s"SRID=$srid;") + model.toWkt()
  }
}
