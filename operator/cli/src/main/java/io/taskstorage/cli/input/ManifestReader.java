package io.taskstorage.cli.input;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ManifestFiles;
import io.taskstorage.api.manifest.ManifestText;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.console.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads manifests from files, folders and standard input. Not thread-safe. */
public final class ManifestReader {
  /** Says standard input. */
  public static final String STANDARD_INPUT = "-";

  /** More than any file that people write; what aliases multiply ends here. */
  private static final int MAX_PARTS = 50_000_000;

  private final String operation;
  private final String defaultNamespace;
  private final SortedMap<ObjectKey, Origin> objects = new TreeMap<>();
  private final List<FileProblem> problems = new ArrayList<>();
  private final List<FileProblem> clusterProblems = new ArrayList<>();
  private final ClusterObjects cluster;
  private int others;

  /**
   * A reader.
   *
   * @param operation the command, for messages
   * @param defaultNamespace of objects that are in one and name none
   */
  public ManifestReader(String operation, String defaultNamespace) {
    this.operation = operation;
    this.defaultNamespace = defaultNamespace;
    this.cluster = new ClusterObjects(defaultNamespace);
  }

  /**
   * Reads a file, the manifests of a folder, or standard input.
   *
   * @param recursive also the folders in a folder
   * @throws CommandFailure if it cannot be read, or a folder has no manifest
   */
  public void read(String source, boolean recursive, InputStream standardInput) {
    try {
      if (source.equals(STANDARD_INPUT)) {
        take("standard input", standardInput.readAllBytes());
        return;
      }
      Path path = Path.of(source);
      if (!Files.isDirectory(path)) {
        take(source, Files.readAllBytes(path));
        return;
      }
      List<Path> manifests = manifests(path, recursive);
      if (manifests.isEmpty()) {
        throw new CommandFailure(
            "%s %s: no *.yaml, *.yml or *.json in it: name the folder that holds the manifests%s"
                .formatted(operation, source, recursive ? "" : ", or add -R for those below it"));
      }
      for (Path manifest : manifests) {
        take(manifest.toString(), Files.readAllBytes(manifest));
      }
    } catch (IOException e) {
      String file = e instanceof FileSystemException named ? named.getFile() : source;
      String why =
          e instanceof NoSuchFileException
              ? "no such file or folder: correct the path"
              : ManifestFiles.reason(e);
      throw new CommandFailure("%s %s: %s".formatted(operation, file == null ? source : file, why));
    }
  }

  /** What was read so far. */
  public ManifestSet set() {
    return new ManifestSet(objects, problems, clusterProblems, cluster.facts(), others);
  }

  private static List<Path> manifests(Path folder, boolean recursive) throws IOException {
    try (Stream<Path> entries = Files.walk(folder, recursive ? Integer.MAX_VALUE : 1)) {
      return entries
          .filter(entry -> ManifestFiles.isManifest(String.valueOf(entry.getFileName())))
          .filter(entry -> !Files.isDirectory(entry))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void take(String name, byte[] bytes) {
    List<ManifestText.Foreign> foreign = new ArrayList<>();
    List<FileProblem> wrong = new ArrayList<>();
    switch (ManifestText.of(name, bytes, MAX_PARTS, ClusterObjects.PARTS, foreign::add)) {
      case ManifestText.Broken broken -> problems.add(broken.problem());
      case ManifestText.Documented documented -> {
        documented.objects().forEach(origin -> add(origin, wrong));
        documented.refused().forEach(refused -> wrong.addAll(refused.problems()));
        foreign.forEach(this::add);
        wrong.sort(Comparator.comparingInt(problem -> problem.place().line()));
        problems.addAll(wrong);
      }
    }
  }

  private void add(Origin read, List<FileProblem> wrong) {
    Origin origin = inNamespace(read);
    Origin first = objects.putIfAbsent(origin.key(), origin);
    if (first != null) {
      wrong.add(
          new FileProblem(
              origin.place(),
              Optional.of(origin.key()),
              "metadata.name",
              "is also in %s: remove one of them".formatted(first.place())));
    }
  }

  private Origin inNamespace(Origin origin) {
    HasMetadata object = origin.object();
    if (object instanceof Namespaced && origin.key().namespace().isEmpty()) {
      object.getMetadata().setNamespace(defaultNamespace);
      return new Origin(ObjectKey.of(object), origin.place(), object, origin.document());
    }
    return origin;
  }

  private void add(ManifestText.Foreign foreign) {
    boolean isTaken =
        foreign.apiVersion().equals("v1") && ClusterObjects.isOfInterest(foreign.kind());
    if (!isTaken) {
      others++;
      return;
    }
    cluster
        .add(foreign.kind(), foreign.json())
        .ifPresent(
            problem ->
                clusterProblems.add(
                    FileProblem.ofFile(foreign.place(), foreign.kind() + ": " + problem)));
  }
}
