package io.taskstorage.agent.nri;

/**
 * A call by ttrpc: which method, and what it is given.
 *
 * @param service the full name of a service
 * @param method of that service
 * @param argument a protobuf message; empty where the call has none
 */
record Call(String service, String method, ProtoReader argument) {
  static final String PLUGIN_SERVICE = "nri.pkg.api.v1alpha1.Plugin";
  static final String RUNTIME_SERVICE = "nri.pkg.api.v1alpha1.Runtime";

  /** The answer that says yes and nothing more: no status is status 0. */
  static final byte[] DONE = {};

  /** Reads the payload of a request. */
  static Call read(byte[] request) throws NonsenseException {
    String service = "";
    String method = "";
    ProtoReader argument = ProtoReader.of(DONE);
    ProtoReader message = ProtoReader.of(request);
    while (message.next()) {
      switch (message.field()) {
        case 1 -> service = message.text();
        case 2 -> method = message.text();
        case 3 -> argument = message.message();
        default -> {}
      }
    }
    return new Call(service, method, argument);
  }

  /** The payload of a request. */
  static byte[] request(String service, String method, ProtoWriter argument) {
    return new ProtoWriter()
        .text(1, service)
        .text(2, method)
        .bytes(3, argument.toBytes())
        .toBytes();
  }

  /** The payload of an answer that succeeded. */
  static byte[] answer(ProtoWriter result) {
    byte[] bytes = result.toBytes();
    return bytes.length == 0 ? DONE : new ProtoWriter().bytes(2, bytes).toBytes();
  }

  /** Why an answer says no; empty = it says yes. */
  static String refusal(byte[] response) throws NonsenseException {
    long code = 0;
    String text = "";
    ProtoReader message = ProtoReader.of(response);
    while (message.next()) {
      if (message.field() == 1) {
        ProtoReader status = message.message();
        while (status.next()) {
          switch (status.field()) {
            case 1 -> code = status.number();
            case 2 -> text = status.text();
            default -> {}
          }
        }
      }
    }
    return code == 0 ? "" : "code " + code + (text.isEmpty() ? "" : ": " + text);
  }
}
