package io.taskstorage.agent.nri;

import java.util.ArrayList;
import java.util.List;

/** What the runtime tells, as far as it is used here. */
sealed interface Told {
  /**
   * The plugin is configured.
   *
   * @param runtime the runtime's name and version
   * @param timeoutMillis how long it waits for an answer; 0 = it does not say
   */
  record Configure(String runtime, long timeoutMillis) implements Told {}

  /**
   * What is there when a plugin comes, or a part of it.
   *
   * @param more another part follows
   */
  record Synchronize(List<Pod> pods, List<Container> containers, boolean more) implements Told {}

  /** Something happens to a container. */
  record Event(Kind kind, Pod pod, Container container) implements Told {}

  /** A call that asks for nothing here. */
  record Other(String method) implements Told {}

  /** What happens to a container. */
  enum Kind {
    /** It will be made: it has an id and a name, and no cgroup yet. */
    CREATE("CreateContainer", 4),
    /** It is made, and its first process waits for the answer before it becomes the program. */
    START("StartContainer", 6),
    /** It is gone. */
    REMOVE("RemoveContainer", 11);

    private final String method;
    private final int number;

    Kind(String method, int number) {
      this.method = method;
      this.number = number;
    }

    /** The bit by which a plugin asks for it. */
    int bit() {
      return 1 << (number - 1);
    }
  }

  /**
   * A pod.
   *
   * @param id the runtime's
   * @param uid what its cgroup is named by
   */
  record Pod(String id, String uid) {}

  /** A container of the pod with the id {@code pod}. */
  record Container(String id, String pod, String name) {}

  /** Reads a call of the plugin's service. */
  static Told read(Call call) throws NonsenseException {
    return switch (call.method()) {
      case "Configure" -> configure(call.argument());
      case "Synchronize" -> synchronize(call.argument());
      case "StateChange" -> stateChange(call.argument());
      default -> {
        for (Kind kind : Kind.values()) {
          if (kind.method.equals(call.method())) {
            yield event(kind, call.argument(), 1);
          }
        }
        yield new Other(call.method());
      }
    };
  }

  private static Configure configure(ProtoReader message) throws NonsenseException {
    String name = "";
    String version = "";
    long timeout = 0;
    while (message.next()) {
      switch (message.field()) {
        case 2 -> name = message.text();
        case 3 -> version = message.text();
        case 5 -> timeout = message.number();
        default -> {}
      }
    }
    return new Configure((name + " " + version).strip(), timeout);
  }

  private static Synchronize synchronize(ProtoReader message) throws NonsenseException {
    List<Pod> pods = new ArrayList<>();
    List<Container> containers = new ArrayList<>();
    boolean more = false;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> pods.add(pod(message.message()));
        case 2 -> containers.add(container(message.message()));
        case 3 -> more = message.number() != 0;
        default -> {}
      }
    }
    return new Synchronize(pods, containers, more);
  }

  /** Older runtimes tell by this one method what newer ones have a method each for. */
  private static Told stateChange(ProtoReader message) throws NonsenseException {
    long number = 0;
    ProtoReader again = message.anew();
    while (again.next()) {
      if (again.field() == 1) {
        number = again.number();
      }
    }
    for (Kind kind : Kind.values()) {
      if (kind.number == number) {
        return event(kind, message, 2);
      }
    }
    return new Other("StateChange " + number);
  }

  /** The pod stands in field {@code first}, the container in the next. */
  private static Event event(Kind kind, ProtoReader message, int first) throws NonsenseException {
    Pod pod = new Pod("", "");
    Container container = new Container("", "", "");
    while (message.next()) {
      if (message.field() == first) {
        pod = pod(message.message());
      } else if (message.field() == first + 1) {
        container = container(message.message());
      }
    }
    return new Event(kind, pod, container);
  }

  private static Pod pod(ProtoReader message) throws NonsenseException {
    String id = "";
    String uid = "";
    while (message.next()) {
      switch (message.field()) {
        case 1 -> id = message.text();
        case 3 -> uid = message.text();
        default -> {}
      }
    }
    return new Pod(id, uid);
  }

  private static Container container(ProtoReader message) throws NonsenseException {
    String id = "";
    String pod = "";
    String name = "";
    while (message.next()) {
      switch (message.field()) {
        case 1 -> id = message.text();
        case 2 -> pod = message.text();
        case 3 -> name = message.text();
        default -> {}
      }
    }
    return new Container(id, pod, name);
  }
}
