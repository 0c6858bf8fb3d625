package io.taskstorage.agent.command;

import io.taskstorage.agent.Dirty;
import io.taskstorage.agent.telemetry.AgentView;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.StoreException;
import io.taskstorage.taskstore.StoreProblem.NodeHeld;
import io.taskstorage.taskstore.TakeOver;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.telemetry.LogKey;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process works on a node at a time. Here others wait for it: one that never had it, and one
 * that has let go of it to a successor and is passive since.
 *
 * <p>Whoever waits takes the node once nobody holds it and nobody asks for it but this process. So
 * one that is passive never takes back what its successor has, nor what it is about to take; it
 * goes on where the successor is gone.
 */
final class Succession {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final PinTree pins;
  private final boolean asks;
  private final Supplier<TaskStore> open;
  private final AgentView view;
  private boolean hasHeld;
  private Optional<TakeOver> request = Optional.empty();
  private String told = "";

  /**
   * Nobody has looked yet.
   *
   * @param asks whether this process asks for a node that another one holds
   * @param open opens the store, or says who holds the node
   * @param view told what is waited for
   */
  Succession(PinTree pins, boolean asks, Supplier<TaskStore> open, AgentView view) {
    this.pins = pins;
    this.asks = asks;
    this.open = open;
    this.view = view;
  }

  /**
   * Waits until the node is this process's.
   *
   * @param isPrepared whether this process could work at once; only then it asks for the node;
   *     called again and again
   * @return empty where {@code dirty} was stopped
   */
  Optional<TaskStore> await(Dirty dirty, BooleanSupplier isPrepared) {
    told = "";
    try {
      while (!dirty.isStopped()) {
        Optional<TaskStore> store = take(isPrepared.getAsBoolean());
        if (store.isPresent()) {
          hasHeld = true;
          view.holds();
          return store;
        }
        dirty.rest(LOOK, LOOK);
      }
      return Optional.empty();
    } finally {
      // Not before the node is this process's: until then nobody else may take it.
      request.ifPresent(TakeOver::close);
      request = Optional.empty();
    }
  }

  private Optional<TaskStore> take(boolean isPrepared) {
    if (request.isEmpty() && TakeOver.isAsked(pins)) {
      tell(
          hasHeld
              ? "another process takes this node over"
              : "another process asks for this node: it goes first");
      return Optional.empty();
    }
    try {
      return Optional.of(open.get());
    } catch (StoreException e) {
      if (!(e.problem() instanceof NodeHeld held)) {
        throw e;
      }
      wait(held.holder(), isPrepared);
      return Optional.empty();
    }
  }

  private void wait(String holder, boolean isPrepared) {
    if (hasHeld) {
      tell(holder + " has taken this node over");
    } else if (!asks) {
      tell(holder + " holds this node: end it, or start this one with --take-over");
    } else if (request.isPresent()) {
      tell("asked " + holder + " for this node: it lets go after its turn; if it hangs, end it");
    } else if (isPrepared) {
      request = TakeOver.ask(pins);
    } else {
      tell(holder + " holds this node: it is asked for it once everything is known here");
    }
  }

  private void tell(String why) {
    if (hasHeld) {
      view.hasLetGo(why);
    } else {
      view.waits(why);
    }
    if (!why.equals(told)) {
      told = why;
      LOG.atInfo()
          .addKeyValue(LogKey.PATH, pins.agentFolder())
          .addKeyValue(LogKey.DETAIL, why)
          .log(hasHeld ? "passive" : "waiting for the node");
    }
  }
}
