package io.taskstorage.bpf.asm;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The checked instructions of one program. Immutable, and the same for every kernel and every
 * process: maps and kernel functions stand in it by name.
 */
public final class Code {

  /**
   * One instruction at its place.
   *
   * @param slot number of the 8-byte slot, which is how the verifier counts instructions
   * @param note pseudo-C that begins here, null when the note above goes on
   * @param labels the labels bound here
   */
  record Line(int slot, Insn insn, @Nullable String note, List<Label> labels) {}

  private final List<Line> lines;
  private final Map<Label, Integer> places;

  private Code(List<Line> lines, Map<Label, Integer> places) {
    this.lines = lines;
    this.places = places;
  }

  static Code of(List<Line> lines, Map<Label, Integer> places, Set<Label> unfinished) {
    Code code = new Code(List.copyOf(lines), new LinkedHashMap<>(places));
    code.refuseOpenEnd(unfinished);
    code.refuseLooseLabels();
    return code;
  }

  List<Line> lines() {
    return lines;
  }

  /** The instructions in order. */
  public List<Insn> insns() {
    return lines.stream().map(Line::insn).toList();
  }

  /** How many 8-byte slots the program takes: what the kernel calls its instruction count. */
  public int slots() {
    Line last = lines.getLast();
    return last.slot() + last.insn().slots();
  }

  /** The names of the maps it loads, in order of their first use. */
  public Set<String> maps() {
    Set<String> names = new LinkedHashSet<>();
    for (Line line : lines) {
      if (line.insn() instanceof Insn.LoadMap(_, String map)) {
        names.add(map);
      }
    }
    return names;
  }

  /** The names of the kernel functions it calls, in order of their first use. */
  public Set<String> kfuncs() {
    Set<String> names = new LinkedHashSet<>();
    for (Line line : lines) {
      if (line.insn() instanceof Insn.CallKfunc(String function)) {
        names.add(function);
      }
    }
    return names;
  }

  /** The pseudo-C that covers the instruction at this slot: the nearest note at or above it. */
  public Optional<String> noteAt(int slot) {
    String found = null;
    for (Line line : lines) {
      if (line.slot() > slot) {
        break;
      }
      found = line.note() != null ? line.note() : found;
    }
    return Optional.ofNullable(found);
  }

  /**
   * The instructions as the kernel takes them, 8 bytes each slot, little endian.
   *
   * @param mapDescriptor the open descriptor of a map, by name
   * @param kfuncTypeId the BTF type id of a kernel function, by name
   */
  public byte[] bytes(ToIntFunction<String> mapDescriptor, ToIntFunction<String> kfuncTypeId) {
    return new Encoder(this, mapDescriptor, kfuncTypeId).bytes();
  }

  /** The program as {@link Listing} shows it. */
  @Override
  public String toString() {
    return Listing.of(this);
  }

  /** How far a jump at this line goes, counted from the slot after it. */
  short jumpOffset(Line from, Label target) {
    int offset = place(target) - (from.slot() + 1);
    if (offset != (short) offset) {
      throw new IllegalStateException(
          "assemble jump at %d to label %s: %d slots away, outside -32768..32767: jump in two steps"
              .formatted(from.slot(), target, offset));
    }
    return (short) offset;
  }

  private int place(Label label) {
    Integer slot = places.get(label);
    if (slot == null) {
      throw new IllegalStateException(
          "assemble label " + label + ": never bound: bind it where its jumps are to land");
    }
    return slot;
  }

  private void refuseOpenEnd(Set<Label> unfinished) {
    for (Label label : unfinished) {
      throw new IllegalStateException(
          "assemble label " + label + ": bound after the last instruction: add what it leads to");
    }
    if (lines.isEmpty()) {
      throw new IllegalStateException("assemble program: no instructions: add at least exit");
    }
    Insn last = lines.getLast().insn();
    if (!(last instanceof Insn.Exit || last instanceof Insn.Jump)) {
      throw new IllegalStateException(
          "assemble program: runs past its last instruction: end with exit or a jump");
    }
  }

  private void refuseLooseLabels() {
    Set<Label> reached = new HashSet<>();
    for (Line line : lines) {
      Label target =
          switch (line.insn()) {
            case Insn.Jump jump -> jump.target();
            case Insn.JumpIf jump -> jump.target();
            default -> null;
          };
      if (target != null) {
        reached.add(target);
        jumpOffset(line, target);
      }
    }
    for (Label label : places.keySet()) {
      if (!reached.contains(label)) {
        throw new IllegalStateException(
            "assemble label " + label + ": bound but never reached: remove it or jump to it");
      }
    }
  }
}
