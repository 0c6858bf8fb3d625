package io.taskstorage.agent.demo;

import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Literal;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.EntryAccess;
import io.taskstorage.taskstore.EntryAccess.TaskResult;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Starts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What happens, chapter by chapter. The agent acts; the story moves files and processes. */
final class Story {
  private static final MapName MAP = new MapName("tenant-ctx");
  private static final BpfName BPF_NAME = new BpfName("tenant_ctx");

  private final Ground ground;
  private final Narrator narrator;
  private final Pace pace;
  private final Undo undo;
  private final Manifests manifests;
  private final Agent agent;
  private final List<Worker> workers = new ArrayList<>();

  Story(Ground ground, Narrator narrator, Pace pace, Undo undo) throws IOException {
    this.ground = ground;
    this.narrator = narrator;
    this.pace = pace;
    this.undo = undo;
    this.manifests = Manifests.make(ground.home(), ground.cgroups().top(), undo);
    this.agent = Agent.on(manifests.folder(), ground, pace.dirty(), undo);
  }

  private interface Chapter {
    void tell() throws IOException;
  }

  /** True when it came to its end, false when it was stopped. */
  boolean tell() throws IOException {
    List<Chapter> chapters =
        List.of(
            this::map,
            this::policy,
            this::override,
            this::change,
            this::comeAndGo,
            this::foreignWrite,
            this::end);
    opening();
    try {
      for (Chapter chapter : chapters) {
        chapter.tell();
        if (!pace.goesOn()) {
          return false;
        }
      }
      return true;
    } catch (StoryBroken e) {
      if (pace.isStopped()) {
        return false;
      }
      throw e;
    }
  }

  private void opening() {
    narrator.plane(ground.store().plane().display());
    ground.instead().forEach(narrator::banner);
    ground.notes().forEach(narrator::say);
    narrator.blank();
    narrator.say(
        "Every Linux task can carry values of yours, and BPF programs read them where they need"
            + " them. This demo lets an agent put them there, from manifests, and looks at them.");
    narrator.blank();
    ground.tree().ifPresent(tree -> narrator.fact("pins", tree.publicFolder().toString()));
    narrator.fact("cgroups", ground.cgroups().place());
    narrator.fact("manifests", manifests.folder().toString());
  }

  private void map() throws IOException {
    narrator.chapter("A map says what a task carries");
    narrator.say("The value is a C struct, declared field by field:");
    put("map.yaml", manifests.text("map.yaml"));
    turn();
    ground
        .tree()
        .ifPresentOrElse(
            tree ->
                narrator.say(
                    "The map is in the kernel now, with its struct as BTF. Whoever reads values"
                        + " opens it at "
                        + tree.publicPin(BPF_NAME)),
            () -> narrator.say("On the other planes this would be a map in the kernel, pinned."));
  }

  private void policy() throws IOException {
    narrator.chapter("A policy says which tasks carry what");
    narrator.say(
        "Three processes start: front and cart in the cgroup /shop and below it, other elsewhere."
            + " A policy gives values to a cgroup and everything in it:");
    Cgroups cgroups = ground.cgroups();
    cgroups.make("/shop", undo);
    cgroups.make("/shop/cart", undo);
    cgroups.make("/other", undo);
    start("front", "/shop");
    start("cart", "/shop/cart");
    start("other", "/other");
    put("shop.yaml", manifests.text("shop.yaml"));
    turn();
    narrator.command("taskstorage entries tenant-ctx");
    scene().show(narrator, "front 42 1 shop 0", "cart 42 1 shop 0");
    narrator.say("other is selected by no policy, so it has no entry.");
  }

  private void override() throws IOException {
    narrator.chapter("A second policy overrides one field");
    narrator.say(
        "Tier Admin decides before tier Baseline, for each field by itself. What this policy does"
            + " not name stays as the other one says:");
    put("cart-first.yaml", manifests.text("cart-first.yaml"));
    turn();
    scene().show(narrator, "front 42 1 shop 0", "cart 42 7 shop 0");
  }

  private void change() throws IOException {
    narrator.chapter("A value changes");
    narrator.say("Somebody edits the file:");
    String before = "- {field: tenant_id, value: \"42\"}";
    String after = "- {field: tenant_id, value: \"43\"}";
    narrator.difference("shop.yaml", before, after);
    manifests.put("shop.yaml", manifests.text("shop.yaml").replace(before, after));
    turn();
    scene().show(narrator, "front 43 1 shop 0", "cart 43 7 shop 0");
  }

  private void comeAndGo() throws IOException {
    narrator.chapter("Tasks come and go");
    switch (ground.store().plane()) {
      case IN_KERNEL -> firstAct();
      case RESCAN, EMULATED -> nextPass();
    }
    narrator.blank();
    narrator.say("front ends. Its entry ends with it; no pass was needed:");
    worker("front").close();
    scene().show(narrator, "cart 43 7 shop 0", "cart-child 43 7 shop 0");
  }

  private void firstAct() throws IOException {
    narrator.say(
        "cart forks a child. Programs in the kernel give it what its cgroup has, before it runs its"
            + " first instruction; the agent has nothing to do:");
    worker("cart").fork("cart-child");
    scene().show(narrator, "front 43 1 shop 0", "cart 43 7 shop 0", "cart-child 43 7 shop 0");
    Starts starts = ground.store().starts();
    narrator.say(
        "The programs count. Tasks that started with their values: %d. Without: %d."
            .formatted(starts.born() + starts.mended(), starts.refused()));
  }

  private void nextPass() throws IOException {
    narrator.say("cart forks a child. The agent's next pass gives it what its cgroup has:");
    worker("cart").fork("cart-child");
    turn();
    scene().show(narrator, "front 43 1 shop 0", "cart 43 7 shop 0", "cart-child 43 7 shop 0");
    narrator.say("It counts as late: it ran for a moment without. run makes a pass every second.");
  }

  private void foreignWrite() throws IOException {
    narrator.chapter("Somebody else writes");
    int cart = worker("cart").pid();
    narrator.say("Any program that may open the pin can write. One does:");
    narrator.command("taskstorage set tenant-ctx --pid " + cart + " tenant_id=666 hits=9");
    write(cart, "tenant_id", "666");
    write(cart, "hits", "9");
    scene().show(narrator, "cart 666 7 shop 9", "cart-child 43 7 shop 0");
    narrator.say("The agent's next pass finds it, counts it as foreign, and mends it:");
    turn();
    scene().show(narrator, "cart 43 7 shop 9", "cart-child 43 7 shop 0");
    narrator.say("hits stays 9: its owner is Program, so no policy ever touches it.");
  }

  private void end() throws IOException {
    narrator.chapter("The end");
    narrator.say("The manifests are removed, and with them the entries, the map and its pin:");
    for (String name : List.of("cart-first.yaml", "shop.yaml", "map.yaml")) {
      manifests.remove(name);
    }
    turn();
  }

  private void turn() {
    narrator.agent(agent.turn());
  }

  private void put(String name, String text) throws IOException {
    narrator.manifest(name, text);
    manifests.put(name, text);
  }

  private void start(String name, String cgroup) throws IOException {
    Worker worker = ground.cgroups().start(name, cgroup);
    workers.add(worker);
    undo.add("end process " + name, worker::close);
  }

  private Worker worker(String name) {
    return workers.stream().filter(w -> w.name().equals(name)).findFirst().orElseThrow();
  }

  private Scene scene() {
    return new Scene(ground.store(), MAP, agent.layout(), ground.cgroups().top());
  }

  /** As any other program with the pin would write. */
  private void write(int tid, String name, String text) {
    StructLayout layout = agent.layout();
    PlacedField field = layout.field(name).orElseThrow();
    EntryAccess access = ground.store().access(MAP);
    if (access.get(tid) instanceof TaskResult.Done(Value value)
        && Literal.encode(field.field(), text) instanceof Encoded.Bytes(byte[] bytes)) {
      access.set(tid, value.withField(field, bytes));
    }
  }
}
