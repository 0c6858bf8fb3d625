package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a value is told by place, type and bounds: never the value itself. */
class ValueSecrecyTest {

  private static final String WORD = "canary7f3a91";
  private static final String NUMBER = "918273645546372819";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          qos       | {value: "918273645546372819"}           | [qos].value: out of range for U8 (0..255)
          qos       | {value: "-918273645546372819"}          | [qos].value: a minus sign: U8 takes a number from 0 to 255
          qos       | {value: "+918273645546372819"}          | [qos].value: not an integer: it has a plus sign: remove it
          qos       | {value: "918273645546372819.5"}         | [qos].value: not an integer: it has a fraction or an exponent: write all digits
          qos       | {value: "canary7f3a91"}                 | [qos].value: not an integer: write decimal digits, or 0x and hexadecimal digits
          qos       | {value: "0xcanary7f3a91"}               | [qos].value: not an integer: write decimal digits, or 0x and hexadecimal digits
          tenant_id | {value: "918273645546372819918273645546372819"} | [tenant_id].value: out of range for U64 (0..18446744073709551615)
          tenant_id | {value: "0x918273645546372819918273645546372819"} | [tenant_id].value: out of range for U64 (0..18446744073709551615)
          delta     | {value: "-918273645546372819"}          | [delta].value: out of range for S32 (-2147483648..2147483647)
          app       | {value: "canary7f3a91canary7f3a91canary7f3a91"} | [app].value: 36 bytes of UTF-8: Char[32] holds at most 31 and a NUL: shorten it
          app       | {value: "canary7f3a91\\0canary7f3a91"}   | [app].value: a NUL at character 13: the text would end there: remove it, or declare Bytes
          app       | {value: "canary7f3a91**9000"}           | [app].value: a text of 9000 characters: at most 8192 are allowed: use valueFrom.cel, or owner: Program
          key       | {value: "canary7f3a91"}                 | [key].value: 9 bytes: Bytes[4] takes exactly 4
          key       | {value: "canary7f3a91="}                | [key].value: not standard base64: 13 characters: it comes in groups of 4: fill the last group with =
          key       | {value: "canary7f3a91!"}                | [key].value: not standard base64: character 13 is none of A-Z, a-z, 0-9, + and /: encode the bytes again
          traced    | {value: "canary7f3a91"}                 | [traced].value: not a Bool: write true or false
          weights   | {value: "[1, 2, 3, 918273645546372819]"} | [weights].value: element [3]: out of range for U16 (0..65535)
          weights   | {value: '[1, 2, 3, "canary7f3a91"]'}    | [weights].value: element [3]: not an integer: write decimal digits, or 0x and hexadecimal digits
          weights   | {value: "[canary7f3a91]"}               | [weights].value: element [0]: not a JSON integer: write digits, or a number in quotes
          weights   | {value: "[918273645546372819]"}         | [weights].value: 1 elements: U16[4] takes exactly 4
          hits      | {value: "918273645546372819"}           | [hits].field: hits is written by BPF programs (owner: Program): remove it
          nope      | {value: "canary7f3a91"}                 | [nope].field: map tenant-ctx has no field nope: use tenant_id
          qos       | {value: "canary7f3a91", valueFrom: {cel: {expression: "'canary7f3a91'"}}} | [qos]: both value and valueFrom: keep one
          qos       | {valueFrom: {fieldRef: {fieldPath: "canary7f3a91"}}} | [qos].valueFrom.fieldRef.fieldPath: names no property: use metadata.name
          qos       | {valueFrom: {cel: {expression: "canary7f3a91"}}} | [qos].valueFrom.cel.expression: character 1: undeclared name
          qos       | {valueFrom: {cel: {expression: "1 + 'canary7f3a91'"}}} | [qos].valueFrom.cel.expression: character 3: found no matching overload
          qos       | {valueFrom: {cel: {expression: "'canary7f3a91"}}} | [qos].valueFrom.cel.expression: character 1: not an expression: correct it
          qos       | {valueFrom: {cel: {expression: "918273645546372819.0"}}} | [qos].valueFrom.cel.expression: character 1: has a part of type double
          app       | {valueFrom: {cel: {expression: "'canary7f3a91**2049"}}} | [app].valueFrom.cel.expression: 2049 characters: at most 2048 are allowed: shorten it
          """)
  void aRefusalTellsPlaceTypeAndBounds(String field, String value, String told) {
    // When
    Verdict<AcceptedPolicy> verdict = verdict(policy(field, value));
    // Then
    assertThat(Judged.text(verdict))
        .contains("  spec.values" + told)
        .doesNotContain(WORD, NUMBER, NUMBER.substring(0, 12));
  }

  /** An object may come into a message by the way it prints itself. */
  @Test
  void nothingThatHoldsAValuePrintsIt() {
    // Given
    ClusterTaskStoragePolicy literal = policy("app", "{value: canary7f3a91}");
    ClusterTaskStoragePolicy computed =
        policy("app", "{valueFrom: {cel: {expression: \"'canary7f3a91'\"}}}");
    // When, Then
    for (ClusterTaskStoragePolicy policy : List.of(literal, computed)) {
      assertThat(verdict(policy)).isInstanceOf(Verdict.Accepted.class);
      assertThat(List.of(policy, verdict(policy)).toString())
          .contains("host-daemons")
          .doesNotContain(WORD);
    }
  }

  private static ClusterTaskStoragePolicy policy(String field, String value) {
    return Corpus.policyWith(
        "{spec: {values: [{field: %s, %s]}}".formatted(field, value.substring(1)));
  }

  private static Verdict<AcceptedPolicy> verdict(ClusterTaskStoragePolicy policy) {
    return Corpus.accept(List.of(Corpus.mapWith("{}")), List.of(policy), Map.of())
        .policies()
        .values()
        .iterator()
        .next();
  }
}
