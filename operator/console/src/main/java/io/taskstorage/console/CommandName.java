package io.taskstorage.console;

import java.util.Locale;

/**
 * The commands of {@code taskstorage}, in the order in which the help lists them. Three programs
 * share them, so that a command that needs no kernel does not load what binds to one; to its user
 * it is one command.
 */
public enum CommandName {
  DEMO(Home.NODE, "Shows in a minute what this is for."),
  RUN(Home.NODE, "Keeps the tasks of this node in line with the manifests in a folder."),
  AGENT(Home.NODE, "Keeps the tasks of this node in line with the objects of a cluster."),
  LINT(Home.MANIFESTS, "Judges manifests as a cluster and its nodes would."),
  LAYOUT(Home.MANIFESTS, "Prints where the fields of a map's value are, or its C header."),
  PREVIEW(Home.MANIFESTS, "Shows who would carry which values, without writing any."),
  STATUS(Home.MANIFESTS, "Shows what of a cluster is not in line, where, why, and what to do."),
  EXPLAIN(
      Home.MANIFESTS, "Shows which values a pod of a cluster gets, from which policies, and why."),
  ENTRIES(Home.EITHER, "Lists the tasks that have an entry in a map, with their fields."),
  TOP(Home.EITHER, "Sums up tasks and CPU time by the value of a field."),
  GET(Home.NODE, "Prints the entry of one task, field by field, as the kernel has it now."),
  SET(Home.NODE, "Writes fields of one task's entry."),
  DELETE(Home.NODE, "Removes the entry of one task."),
  HEADER(Home.NODE, "Prints the C header of a map of this node."),
  DOCTOR(Home.EITHER, "Finds out what a node or a cluster lacks, and how to mend it."),
  CLEAN(Home.NODE, "Removes everything of taskstorage from this node."),
  CONTROLLER(Home.CLUSTER, "Keeps the statuses of a cluster's maps and policies true."),
  VERSION(Home.NODE, "Prints the version, and those of Java and the kernel.");

  /** The program that has a command. */
  public enum Home {
    /** Works on this node's kernel: the agent. */
    NODE,
    /** Reads files and the API only. */
    MANIFESTS,
    /** Runs once in a cluster, and writes statuses: the controller. */
    CLUSTER,
    /** Of {@link #NODE} about this node, of {@link #MANIFESTS} about a cluster or a node of it. */
    EITHER;

    /** True if the program of the other home has a command of this one. */
    public boolean isIn(Home program) {
      return this == program || (this == EITHER && (program == NODE || program == MANIFESTS));
    }
  }

  private final Home home;
  private final String description;

  CommandName(Home home, String description) {
    this.home = home;
    this.description = description;
  }

  /** The program that has the command. */
  public Home home() {
    return home;
  }

  /** One line of the list of commands, and the first of the command's own help. */
  public String description() {
    return description;
  }

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
