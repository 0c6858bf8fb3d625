package io.taskstorage.controller.reconcile;

import io.taskstorage.api.v1alpha1.StartupTaint;
import io.taskstorage.controller.watch.SeenNode;
import io.taskstorage.controller.watch.SeenNodeState;
import io.taskstorage.controller.watch.SeenTaint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which of a Node's start-up taints have done their service. Pure. */
final class SpentTaints {

  /** A value that says for which boot the taint stands; any other value says nothing. */
  private static final Pattern BOOT =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private SpentTaints() {}

  /**
   * Where they are in the Node's list, the last one first; none before the agent has acted on this
   * boot of the node, and none while it or the Node is not Ready.
   *
   * <p>The boot is compared, for after a reboot all that was said of the node before stands there
   * as if nothing had happened: its state, and mostly also that its agent's pod is Ready.
   */
  static List<Integer> of(SeenNode node, Optional<SeenNodeState> state, boolean agentReady) {
    boolean hasActed = state.filter(told -> isOf(told, node)).isPresent();
    if (!node.ready() || !agentReady || !hasActed) {
      return List.of();
    }
    List<Integer> spent = new ArrayList<>();
    for (int i = node.taints().size() - 1; i >= 0; i--) {
      SeenTaint taint = node.taints().get(i);
      if (StartupTaint.isKey(taint.key()) && standsFor(taint, node.bootId())) {
        spent.add(i);
      }
    }
    return spent;
  }

  /** True if the state is of this Node, and of the boot of which its kubelet has told. */
  private static boolean isOf(SeenNodeState state, SeenNode node) {
    return state.ownerUid().equals(node.uid())
        && !state.bootId().isEmpty()
        && state.bootId().equals(node.bootId());
  }

  private static boolean standsFor(SeenTaint taint, String bootId) {
    return !BOOT.matcher(taint.value()).matches() || taint.value().equalsIgnoreCase(bootId);
  }
}
