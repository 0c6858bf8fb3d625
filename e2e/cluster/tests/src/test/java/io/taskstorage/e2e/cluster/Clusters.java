package io.taskstorage.e2e.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program with a state folder of its own.
 *
 * @param state stands in for the user's state folder
 */
record Clusters(Path state) {
  /** The first start of all waits for the build, which takes minutes on cold caches. */
  private static final Duration LIMIT = Duration.ofMinutes(60);

  private static final Path PROGRAM =
      Path.of(System.getProperty("root.dir", "../../.."), "e2e", "cluster", "cluster");

  private static final Pattern ADDRESS = Pattern.compile("https://127\\.0\\.0\\.1:(\\d+)");

  Command command(String... arguments) {
    return Command.of(PROGRAM.toString())
        .arguments(arguments)
        .environment("XDG_STATE_HOME", state.toString());
  }

  Outcome run(String... arguments) {
    try (Child child = command(arguments).start()) {
      return child.awaitExit(LIMIT);
    }
  }

  Path folder(String name) {
    return state.resolve("taskstorage/clusters").resolve(name);
  }

  /** The numbers of all processes that run below the state folder or were started for it. */
  List<Long> processes() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        long pid = Long.parseLong(process.getFileName().toString());
        if (ofThisState(process) && pid != ProcessHandle.current().pid()) {
          pids.add(pid);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pids;
  }

  private boolean ofThisState(Path process) {
    try {
      return Files.readString(process.resolve("environ"), ISO_8859_1).contains(state.toString());
    } catch (IOException e) {
      return false;
    }
  }

  /** The port in what a command said. */
  static int port(String said) {
    Matcher address = ADDRESS.matcher(said);
    if (!address.find()) {
      throw new AssertionError("no address in: " + said);
    }
    return Integer.parseInt(address.group(1));
  }

  static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
