package io.taskstorage.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program for {@link CommandTest}: says what it was started with. */
final class Echo {
  private Echo() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 1) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("ended in order")));
      System.out.println("waiting");
      Thread.currentThread().join();
    }
    String input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
    System.out.println(
        "%d %s %s %s %s"
            .formatted(
                Runtime.version().feature(),
                System.getProperty("greeting"),
                List.of(arguments),
                System.getenv("NO_COLOR"),
                input));
    System.exit(7);
  }
}
