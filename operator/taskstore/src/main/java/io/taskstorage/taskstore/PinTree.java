package io.taskstorage.taskstore;

import io.taskstorage.layout.StructLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Every path of ours in bpffs, computed without I/O.
 *
 * <pre>
 * &lt;root&gt;/taskstorage/                                  0755, made by us
 *        &lt;bpfName&gt;                                     public pin, 0600 or as asked for
 * &lt;root&gt;/taskstorage_agent/                            0700, made by us; flock(2) = one writer
 *        maps/&lt;mapName&gt;/&lt;bpfName&gt;/&lt;version&gt;/          one record: a map in force or being made
 *             layout0, layout1 …                       symlinks: the layout's text, in chunks
 *             reclaim                                  symlink: Delete or Retain
 *             late                                     symlink: how many entries were late
 *             access                                   symlink: whom the public pin lets in
 *             words/&lt;word&gt;                             symlinks: what is left for the next agent
 *             map                                      pin, made last: the record is complete
 *        new/&lt;bpfName&gt;                                 pin about to be renamed over the public one
 *        retained/&lt;mapName&gt;/&lt;bpfName&gt;/&lt;version&gt;/      records whose map went, kept
 *        successor/                                    flock(2) = somebody asks for the node
 *        programs/&lt;number&gt;/                            a set of programs: tables/, programs/, links/
 *             complete                                 symlink, made last: all of its pins are there
 * </pre>
 *
 * @param root the bpffs mount, or a folder in it
 * @param access whom the public pins let in
 */
public record PinTree(Path root, PinAccess access) {
  /** The folder of the public pins. */
  public static final String PUBLIC_FOLDER = "taskstorage";

  /** The agent's folder. */
  public static final String AGENT_FOLDER = "taskstorage_agent";

  /** A symlink target in bpffs may have one character less than PATH_MAX. */
  static final int MAX_SYMLINK_CHARS = 4095;

  static final String MAP_PIN = "map";
  static final String RECLAIM_LINK = "reclaim";
  static final String LAYOUT_LINK = "layout";
  static final String LATE_LINK = "late";
  static final String ACCESS_LINK = "access";
  static final String WORDS_FOLDER = "words";

  /** A tree whose public pins are the owner's alone. */
  public PinTree(Path root) {
    this(root, PinAccess.PRIVATE);
  }

  /** The same paths, with public pins that let in others. */
  public PinTree letting(PinAccess others) {
    return new PinTree(root, others);
  }

  /** The folder of the public pins. */
  public Path publicFolder() {
    return root.resolve(PUBLIC_FOLDER);
  }

  /** Where consumers open the map. */
  public Path publicPin(BpfName bpfName) {
    return publicFolder().resolve(bpfName.value());
  }

  /** The folder that is locked by the one writer. */
  public Path agentFolder() {
    return root.resolve(AGENT_FOLDER);
  }

  /** The folder that is locked by whoever asks for the node. */
  Path successor() {
    return agentFolder().resolve("successor");
  }

  /** The records of maps in force. */
  Path maps() {
    return agentFolder().resolve("maps");
  }

  /** The records of maps that went and were kept. */
  Path retained() {
    return agentFolder().resolve("retained");
  }

  /** The sets of programs. */
  Path programs() {
    return agentFolder().resolve("programs");
  }

  /** Pins on their way to a public path. */
  Path staging() {
    return agentFolder().resolve("new");
  }

  /** A pin on its way to the public path of this name. */
  Path stagedPin(BpfName bpfName) {
    return staging().resolve(bpfName.value());
  }

  /** The record of a map of this layout. */
  Path record(Path folder, MapName map, BpfName bpfName, StructLayout layout) {
    return folder.resolve(map.value()).resolve(bpfName.value()).resolve(version(layout));
  }

  /**
   * The name of a record's folder: 16 hexadecimal digits over the layout's whole text. Unlike the
   * layout's digest it covers the owners of fields, so the text of a complete record never changes.
   */
  static String version(StructLayout layout) {
    byte[] text = layout.toText().getBytes(StandardCharsets.UTF_8);
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The folder of a path that is not a root. */
  static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("parent of " + path + ": none");
    }
    return parent;
  }
}
