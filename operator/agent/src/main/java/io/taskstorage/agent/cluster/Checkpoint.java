package io.taskstorage.agent.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.manifest.ManifestFiles;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The last known state of the API, so that an agent that is started while no API server answers
 * goes on with it. Written before a turn brings about what follows from it, it is never older than
 * what is in force.
 *
 * @param server whose state it is
 * @param objects the kept parts of all objects, as the server has them
 * @param earlier the versions that count in place of some of these, which are refused
 */
public record Checkpoint(String server, List<Kept> objects, List<Kept> earlier) {
  private static final String FILE = "api-state";

  /** One that says 1 may be older than what is in force: it was written after a turn. */
  private static final String MAGIC = "taskstorage-api-state 2";

  private static final int MAX_BYTES = 32 << 20;
  private static final String EARLIER = "earlier ";

  /**
   * An object.
   *
   * @param text its kept part, on one line
   */
  record Kept(Resource resource, String text) {}

  /** What a folder held. */
  public sealed interface Found {
    /** Nothing: the first start since the node booted. */
    record Nothing() implements Found {}

    /** The state of this node. */
    record Of(Checkpoint checkpoint) implements Found {}

    /** Something that does not count; the sentence says why. */
    record Discarded(String why) implements Found {}
  }

  /** Copies both. */
  public Checkpoint {
    objects = List.copyOf(objects);
    earlier = List.copyOf(earlier);
  }

  /** What counts in place of a newer version, which is refused. */
  public Map<ObjectKey, HasMetadata> accepted() {
    Map<ObjectKey, HasMetadata> accepted = new HashMap<>();
    origins().forEach((key, origin) -> accepted.put(key, origin.object()));
    return accepted;
  }

  /** The same; what this version does not know wholly is left out. */
  SortedMap<ObjectKey, Origin> origins() {
    SortedMap<ObjectKey, Origin> origins = new TreeMap<>();
    for (Kept kept : earlier) {
      if (Reading.ours(kept.text(), server) instanceof Reading.Ours.Known(Origin origin)) {
        origins.put(origin.key(), origin);
      }
    }
    return origins;
  }

  /**
   * Writes it in place of an earlier one: a reader finds the old or the new, never a part.
   *
   * @param folder is made, for the owner alone, where it is not there
   * @throws IOException if it cannot be written. The earlier one is removed then, where that can be
   *     done: with none the next process waits for the server, with one that is too old it would
   *     take away what came into force since
   */
  public void write(Path folder, String nodeName) throws IOException {
    try {
      replace(folder, nodeName);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(folder.resolve(FILE));
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private void replace(Path folder, String nodeName) throws IOException {
    prepare(folder);
    StringBuilder text = new StringBuilder(header(nodeName, server));
    for (Kept kept : objects) {
      text.append(line(kept));
    }
    for (Kept kept : earlier) {
      text.append(EARLIER).append(line(kept));
    }
    byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
    Path next = folder.resolve(FILE + ".next");
    try (OutputStream out = Files.newOutputStream(next)) {
      out.write((checksum(content) + "\n").getBytes(StandardCharsets.UTF_8));
      out.write(content);
    }
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
    try {
      Files.move(
          next,
          folder.resolve(FILE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("its file system cannot rename", e);
    }
  }

  /**
   * Makes the folder where it is not there, for its owner alone.
   *
   * @throws IOException if it cannot be made or others may write into it
   */
  public static void prepare(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
    if (mode.charAt(4) == 'w' || mode.charAt(7) == 'w') {
      throw new IOException("others may write into it: chmod 0700 " + folder);
    }
  }

  /** Reads what {@link #write} wrote. Never throws for what it finds. */
  public static Found read(Path folder, String nodeName, String server) {
    Path file = folder.resolve(FILE);
    String text;
    try {
      if (Files.size(file) > MAX_BYTES) {
        return new Found.Discarded("it is larger than any that is written");
      }
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return new Found.Nothing();
    } catch (IOException e) {
      return new Found.Discarded(ManifestFiles.reason(e));
    }
    int end = text.indexOf('\n');
    String content = text.substring(end + 1);
    if (end < 0 || !content.startsWith(MAGIC + "\n")) {
      return new Found.Discarded("another version wrote it");
    }
    if (!text.substring(0, end).equals(checksum(content.getBytes(StandardCharsets.UTF_8)))) {
      return new Found.Discarded("it is damaged");
    }
    String header = header(nodeName, server);
    if (!content.startsWith(header)) {
      return new Found.Discarded("it is of another node, API server or boot");
    }
    List<Kept> objects = new ArrayList<>();
    List<Kept> earlier = new ArrayList<>();
    content
        .substring(header.length())
        .lines()
        .forEach(
            line -> {
              if (line.startsWith(EARLIER)) {
                earlier.add(kept(line.substring(EARLIER.length())));
              } else {
                objects.add(kept(line));
              }
            });
    return new Found.Of(new Checkpoint(server, objects, earlier));
  }

  private static String line(Kept kept) {
    return kept.resource() + " " + kept.text() + "\n";
  }

  private static Kept kept(String line) {
    int blank = line.indexOf(' ');
    String resource = line.substring(0, blank).toUpperCase(Locale.ROOT);
    return new Kept(Resource.valueOf(resource), line.substring(blank + 1));
  }

  /** Maps go with the boot, and so do cgroups; what was known then helps nobody. */
  private static String header(String nodeName, String server) {
    return "%s\n%s %s %s\n".formatted(MAGIC, nodeName, server, Boot.id().orElse("unknown"));
  }

  /** Finds damage, and is quick: a turn waits for it. */
  private static String checksum(byte[] content) {
    CRC32C sum = new CRC32C();
    sum.update(content);
    return "%08x".formatted(sum.getValue());
  }
}
