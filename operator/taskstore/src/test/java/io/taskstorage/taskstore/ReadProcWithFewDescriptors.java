package io.taskstorage.taskstore;

import java.util.Arrays;

/**
 * A process of its own, started with a low limit of open files, that asks /proc about itself
 * several times and says what it was told. Arguments: for each time how many descriptors are free.
 */
final class ReadProcWithFewDescriptors {
  private static final int SELF = Math.toIntExact(ProcessHandle.current().pid());

  private ReadProcWithFewDescriptors() {}

  public static void main(String[] args) throws Exception {
    FewDescriptors.loadClasses();
    for (String free : args) {
      StringBuilder told = new StringBuilder();
      try (FewDescriptors _ = FewDescriptors.leave(free)) {
        told.append(ask("pids", () -> contains(ProcFs.pids())));
        told.append(ask("tids", () -> contains(ProcFs.tids(SELF))));
        told.append(ask("stat", () -> ProcFs.stat(SELF).isPresent()));
        told.append(ask("gone", () -> ProcFs.stat(Integer.MAX_VALUE).isEmpty()));
      }
      System.out.println(told.toString().strip());
    }
  }

  private interface Question {
    boolean isAnswered();
  }

  private static String ask(String name, Question question) {
    try {
      return name + " " + question.isAnswered() + " ";
    } catch (StoreException e) {
      return name
          + " "
          + (e.problem().message().endsWith("(ulimit -n)") ? "refused" : e.problem().message())
          + " ";
    }
  }

  private static boolean contains(int[] numbers) {
    return Arrays.stream(numbers).anyMatch(number -> number == SELF);
  }
}
