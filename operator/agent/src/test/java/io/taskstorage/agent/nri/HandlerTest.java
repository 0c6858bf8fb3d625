package io.taskstorage.agent.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandlerTest {
  private final KnownContainers known = new KnownContainers(() -> {});
  private final StartGate gate = new StartGate(true, () -> {});
  private final HeardCounts counts = new HeardCounts();
  private final Handler handler = new Handler(known, gate, counts);

  private static ProtoWriter pod(String id, String uid) {
    return new ProtoWriter().text(1, id).text(2, "web").text(3, uid).text(4, "shop");
  }

  private static ProtoWriter container(String id, String pod, String name) {
    return new ProtoWriter().text(1, id).text(2, pod).text(3, name).number(4, 1);
  }

  private static byte[] call(String method, ProtoWriter argument) {
    return Call.request(Call.PLUGIN_SERVICE, method, argument);
  }

  private byte[] event(String method, String id, String name) throws NonsenseException {
    return handler.answer(
        call(
            method,
            new ProtoWriter().message(1, pod("s", "uid")).message(2, container(id, "s", name))));
  }

  @Test
  void theHandshakeIsAsARuntimeSpeaksIt() throws NonsenseException {
    // Given: what containerd 2.4.2 sent
    String text =
        "0000000100000064" // connection, length
            + "0000005a000000010100" // ttrpc: length, stream, request
            + "0a1b6e72692e706b672e6170692e7631616c706861312e506c7567696e" // service
            + "1209436f6e666967757265" // method
            + "1a2a120a636f6e7461696e6572641a0d322e342e322b756e6b6e6f776e208827" // argument
            + "28d00f320776302e31322e33"
            + "20b6a0fcb807"; // a timeout
    ByteBuffer sent = ByteBuffer.wrap(HexFormat.of().parseHex(text));

    // When
    Message request = new Demux().accept(sent).getFirst();
    byte[] answer = handler.answer(request.payload());

    // Then: the events 0x428, as field 2 of the result
    assertThat(HexFormat.of().formatHex(answer)).isEqualTo("120310a808");
    assertThat(handler.runtime()).isEmpty();
    handler.answer(call("Synchronize", new ProtoWriter()));
    assertThat(handler.runtime()).contains("containerd 2.4.2+unknown");
  }

  @Test
  void theRegistrationIsAsARuntimeExpectsIt() throws NonsenseException {
    Call call = Call.read(Session.registration());
    assertThat(call.service()).isEqualTo("nri.pkg.api.v1alpha1.Runtime");
    assertThat(call.method()).isEqualTo("RegisterPlugin");
    ProtoReader argument = call.argument();
    argument.next();
    assertThat(argument.text()).matches("[a-zA-Z0-9_.+-]+");
    argument.next();
    assertThat(argument.field()).isEqualTo(2);
    assertThat(argument.text()).matches("[0-9]{2}");
  }

  @Test
  void partsOfASynchronizationAreOne() throws NonsenseException {
    // When
    byte[] first =
        handler.answer(
            call(
                "Synchronize",
                new ProtoWriter()
                    .message(1, pod("s1", "u1"))
                    .message(1, pod("s2", "u2"))
                    .message(2, container("c1", "s1", "server"))
                    .number(3, 1)));

    // Then: more is answered by more
    assertThat(HexFormat.of().formatHex(first)).isEqualTo("12021001");
    assertThat(known.names().byPod()).isEmpty();

    // When
    byte[] last =
        handler.answer(
            call(
                "Synchronize",
                new ProtoWriter()
                    .message(2, container("c2", "s2", "server"))
                    .message(2, container("c3", "s2", "side"))
                    .message(2, container("c4", "nobody", "stray"))));

    // Then
    assertThat(last).isEmpty();
    assertThat(known.names().byPod())
        .isEqualTo(
            Map.of("u1", Map.of("c1", "server"), "u2", Map.of("c2", "server", "c3", "side")));

    // When: the next connection's
    handler.answer(call("Synchronize", new ProtoWriter()));

    // Then
    assertThat(known.names().byPod()).isEmpty();
  }

  @Test
  void containersComeAndGo() throws NonsenseException {
    gate.passed(0, Set.of("c1", "c2"));
    assertThat(event("CreateContainer", "c1", "server")).isEmpty();
    assertThat(known.names().of("uid")).isEqualTo(Map.of("c1", "server"));
    var seen = known.names();
    assertThat(event("StartContainer", "c1", "server")).isEmpty();
    assertThat(known.names()).as("nothing new").isSameAs(seen);
    assertThat(event("StartContainer", "c2", "server")).isEmpty();
    assertThat(known.names().of("uid")).as("after a restart").isEqualTo(Map.of("c2", "server"));
    assertThat(event("RemoveContainer", "c1", "server")).isEmpty();
    assertThat(known.names().of("uid")).isEqualTo(Map.of("c2", "server"));
    assertThat(event("RemoveContainer", "c2", "server")).isEmpty();
    assertThat(known.names().byPod()).isEmpty();
    assertThat(counts.heard())
        .containsExactly(
            "CreateContainer",
            "READY",
            "StartContainer",
            "READY",
            "StartContainer",
            "RemoveContainer",
            "RemoveContainer");
  }

  @Test
  void anOlderRuntimeTellsTheSameByStateChanges() throws NonsenseException {
    gate.passed(0, Set.of("c1"));
    for (int number : new int[] {5, 6, 7}) {
      assertThat(
              handler.answer(
                  call(
                      "StateChange",
                      new ProtoWriter()
                          .number(1, number)
                          .message(2, pod("s", "uid"))
                          .message(3, container("c1", "s", "server")))))
          .isEmpty();
    }
    assertThat(known.names().of("uid")).isEqualTo(Map.of("c1", "server"));
    assertThat(counts.heard()).containsExactly("other", "READY", "StateChange", "other");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Shutdown", "UpdateContainer", "ValidateContainerAdjustment", "Later", ""})
  void whatAsksForNothingIsAnsweredByYes(String method) throws NonsenseException {
    assertThat(handler.answer(call(method, new ProtoWriter().text(1, "x")))).isEmpty();
  }

  @Test
  void aContainerWithoutAnIdIsNone() throws NonsenseException {
    assertThat(event("StartContainer", "", "server")).isEmpty();
    assertThat(known.names().byPod()).isEmpty();
  }

  @Test
  void aRefusalSaysWhy() throws NonsenseException {
    assertThat(Call.refusal(new ProtoWriter().message(1, status(0, "")).toBytes())).isEmpty();
    assertThat(Call.refusal(new ProtoWriter().message(1, status(2, "bad name")).toBytes()))
        .isEqualTo("code 2: bad name");
    assertThat(Call.refusal(new ProtoWriter().message(1, status(12, "")).toBytes()))
        .isEqualTo("code 12");
  }

  private static ProtoWriter status(int code, String text) {
    return new ProtoWriter().number(1, code).text(2, text);
  }

  @Test
  void aPeerThatTellsOfMoreContainersThanANodeHasIsNone() throws NonsenseException {
    Map<String, KnownContainers.Named> all = new HashMap<>();
    for (int i = 0; i < KnownContainers.MOST; i++) {
      all.put("c" + i, new KnownContainers.Named("u", "n" + i));
    }
    known.replace(all);
    assertThatThrownBy(() -> event("CreateContainer", "one-more", "server"))
        .isInstanceOf(NonsenseException.class)
        .hasMessage("more than 16384 containers");
  }
}
