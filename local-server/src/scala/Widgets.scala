package org.apache.spark.localserver

import scala.collection.mutable

/** Functions of `dbutils.widgets`: parameters, which have their default values. `python/dbutils.py` has
  * the same functions.
  */
private[localserver] final class Widgets {
  private val values = mutable.LinkedHashMap.empty[String, String]

  /** Creates a parameter, unless it exists. */
  def text(name: String, defaultValue: String, label: String = null): Unit =
    synchronized(values.getOrElseUpdate(name, defaultValue))

  /** Creates a parameter whose default value is one of the choices, unless it exists. */
  def dropdown(name: String, defaultValue: String, choices: Seq[String], label: String = null): Unit = {
    require(choices.contains(defaultValue), s"the default value `$defaultValue` is not one of the choices")
    text(name, defaultValue, label)
  }

  /** Creates a parameter, unless it exists. */
  def combobox(name: String, defaultValue: String, choices: Seq[String], label: String = null): Unit =
    text(name, defaultValue, label)

  /** Creates a parameter whose default value is one of the choices, unless it exists. */
  def multiselect(name: String, defaultValue: String, choices: Seq[String], label: String = null): Unit =
    dropdown(name, defaultValue, choices, label)

  /** Returns the value of a parameter. */
  def get(name: String): String = synchronized {
    values.getOrElse(name, throw new NoSuchElementException(
      s"no widget is named `$name`; create it with `dbutils.widgets.text`"
    ))
  }

  /** Removes a parameter. */
  def remove(name: String): Unit = {
    get(name)
    synchronized(values.remove(name))
  }

  /** Removes all parameters. */
  def removeAll(): Unit = synchronized(values.clear())
}
