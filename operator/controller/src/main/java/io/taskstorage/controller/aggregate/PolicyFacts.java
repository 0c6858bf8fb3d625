package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.PolicyToken;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one policy before the nodes are asked.
 *
 * @param key the policy
 * @param uid its uid
 * @param generation its generation
 * @param before the status that it has
 * @param verdict the judgement of this very object
 * @param map the object that it is for, if it is accepted
 * @param decidedBefore the fields that policies set which go first for the same map
 */
public record PolicyFacts(
    PolicyKey key,
    String uid,
    long generation,
    Optional<PolicyStatus> before,
    Verdict<AcceptedPolicy> verdict,
    Optional<TaskStorageMap> map,
    List<String> decidedBefore) {

  /** Copies the list. */
  public PolicyFacts {
    decidedBefore = List.copyOf(decidedBefore);
  }

  /** By which nodes name it. */
  long prefix() {
    return Tokens.prefix(PolicyToken.prefixOf(uid));
  }
}
