package io.taskstorage.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/** How golden files show a judgement. */
final class Judged {

  private Judged() {}

  /** Each case's name, judgement and problems; a blank line between two cases. */
  static String text(List<JsonNode> cases, List<Verdict<?>> verdicts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < cases.size(); i++) {
      text.append(i == 0 ? "" : "\n")
          .append(cases.get(i).path("case").asText())
          .append('\n')
          .append(text(verdicts.get(i)));
    }
    return text.toString();
  }

  static String text(Verdict<?> verdict) {
    return switch (verdict) {
      case Verdict.Accepted<?>(Object _, var warnings) ->
          "  Accepted\n"
              + warnings.stream().map(w -> "  warning: " + w + "\n").collect(Collectors.joining());
      case Verdict.Refused<?>(var reason, var problems) ->
          "  "
              + reason.wire()
              + "\n"
              + problems.stream().map(p -> "  " + p + "\n").collect(Collectors.joining());
    };
  }
}
