package io.taskstorage.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.cli.live.ApiConnection;
import io.taskstorage.cli.live.ApiConnection.Answer;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.Finding;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether an agent is kept from writing about other nodes than its own. */
final class OwnNode {
  private static final String NAME = "own-node.taskstorage.io";
  private static final String ADMISSION = "/apis/admissionregistration.k8s.io/v1/";
  private static final String MEND = "kubectl apply --server-side -k operator/deploy/base";

  private OwnNode() {}

  static Finding of(ApiConnection api) {
    AtomicBoolean denies = new AtomicBoolean();
    Answer policy = api.get(ADMISSION + "validatingadmissionpolicies/" + NAME, _ -> {});
    Answer binding =
        api.get(
            ADMISSION + "validatingadmissionpolicybindings/" + NAME,
            found -> denies.set(denies(found.path("spec"))));
    if (policy instanceof Answer.Forbidden(CommandFailure failure)) {
      return new Finding.Unknown(String.valueOf(failure.getMessage()));
    }
    if (binding instanceof Answer.Forbidden(CommandFailure failure)) {
      return new Finding.Unknown(String.valueOf(failure.getMessage()));
    }
    if (policy instanceof Answer.Missing) {
      return new Finding.No("no ValidatingAdmissionPolicy " + NAME, MEND);
    }
    return denies.get()
        ? new Finding.Yes("an agent writes of its own node alone")
        : new Finding.No("the ValidatingAdmissionPolicy %s is not bound".formatted(NAME), MEND);
  }

  private static boolean denies(JsonNode binding) {
    boolean[] isDeny = {false};
    binding
        .path("validationActions")
        .forEach(action -> isDeny[0] |= action.asText().equals("Deny"));
    return isDeny[0]
        && binding.path("policyName").asText().equals(NAME)
        && binding.path("matchResources").isMissingNode();
  }
}
