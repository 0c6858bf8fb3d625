package io.taskstorage.agent.nri;

import java.util.List;

/**
 * Takes every way that a runtime's calls take, before there is a runtime: the first call of a cold
 * process takes longer than a runtime waits.
 */
final class Rehearsal {
  private static final NriCounts NOBODY =
      new NriCounts() {
        @Override
        public void runtime(boolean isConnected) {}

        @Override
        public void runtimeEvent(String method) {}

        @Override
        public void containerStart(StartGate.Outcome outcome, long nanos) {}
      };

  private Rehearsal() {}

  /** Plays it once. */
  static void play() {
    StartGate gate = new StartGate(true, () -> {});
    gate.close();
    Handler handler = new Handler(new KnownContainers(() -> {}), gate, NOBODY);
    Demux demux = new Demux();
    try {
      for (byte[] request : requests()) {
        Message sent = new Message(Message.PLUGIN, 1, Message.REQUEST, request);
        for (Message message : demux.accept(sent.toFrames())) {
          byte[] answer = handler.answer(message.payload());
          if (!Call.refusal(answer).isEmpty()) {
            throw new IllegalStateException("an answer is an error");
          }
        }
      }
    } catch (NonsenseException e) {
      throw new IllegalStateException("what is written here cannot be read", e);
    }
  }

  private static List<byte[]> requests() {
    ProtoWriter pod = new ProtoWriter().text(1, "sandbox").text(2, "pod").text(3, "uid");
    ProtoWriter container = new ProtoWriter().text(1, "id").text(2, "sandbox").text(3, "name");
    ProtoWriter event = new ProtoWriter().message(1, pod).message(2, container);
    return List.of(
        call("Configure", new ProtoWriter().text(2, "runtime").text(3, "1").number(5, 2000)),
        call("Synchronize", event),
        call("CreateContainer", event),
        call("StartContainer", event),
        call("RemoveContainer", event),
        call("StateChange", new ProtoWriter().number(1, 6).message(2, pod).message(3, container)));
  }

  private static byte[] call(String method, ProtoWriter argument) {
    return Call.request(Call.PLUGIN_SERVICE, method, argument);
  }
}
