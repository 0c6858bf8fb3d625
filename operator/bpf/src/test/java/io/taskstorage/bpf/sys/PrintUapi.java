package io.taskstorage.bpf.sys;

import java.lang.reflect.Field;

/** Prints every number, one {@code NAME value} a line, as the machine in {@code os.arch} has it. */
final class PrintUapi {
  private PrintUapi() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    for (Field field : Uapi.class.getFields()) {
      System.out.println(field.getName() + " " + field.getLong(null));
    }
  }
}
