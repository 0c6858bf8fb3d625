package io.taskstorage.cli;

import io.taskstorage.cli.input.ManifestReader;
import io.taskstorage.cli.input.ManifestSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code -f} and what belongs to it, of every command that reads manifests. */
final class FilesOption {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILES",
      description =
          "A file or a folder of manifests (*.yaml, *.yml, *.json), or - for standard input; may be"
              + " given several times.")
  private List<String> files = List.of();

  @Option(
      names = {"-R", "--recursive"},
      description = "Read the folders inside a folder too.")
  private boolean recursive;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Namespace of what is in one and names none (default: default).")
  private Optional<String> namespace = Optional.empty();

  String namespace() {
    return namespace.orElse("default");
  }

  Optional<String> givenNamespace() {
    return namespace;
  }

  /** Refuses a command that was given no files. */
  void require(CommandLine commandLine) {
    if (files.isEmpty()) {
      throw new ParameterException(commandLine, "no manifests: name files or folders by -f");
    }
  }

  List<String> files() {
    return files;
  }

  /** Reads all of them. */
  ManifestSet read(String operation, String defaultNamespace) {
    ManifestReader reader = new ManifestReader(operation, defaultNamespace);
    files.forEach(file -> reader.read(file, recursive, System.in));
    return reader.set();
  }
}
