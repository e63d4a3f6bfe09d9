package org.apache.spark.localserver

/** Loads the classes of commands for Spark and its tasks.
  *
  * For a class that does not exist, the class loader of the interpreter searches the symbols of the
  * compiler, which only one thread may use. A task that looks up classes while it compiles generated code
  * would disturb the compilation of the next command.
  */
private final class CommandClassLoader(interpreter: ClassLoader)
    extends ClassLoader(interpreter.getParent) {

  /** The interpreter defines all classes of commands in packages of these names. */
  private val Prefix = "$line"

  override def findClass(name: String): Class[_] =
    if (name.startsWith(Prefix)) interpreter.loadClass(name)
    else throw new ClassNotFoundException(name)
}
