package io.taskstorage.bpf;

import io.taskstorage.bpf.asm.Code;
import java.util.List;
import java.util.Optional;

/**
 * The verifier refused a program. The message says its verdict, and beside it the instruction and
 * the program's own note for it; the whole log is kept.
 */
public final class VerifierException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int LAST_LINES = 12;

  private final String program;
  private final transient Errno errno;
  private final transient VerifierLog log;
  private final transient Optional<String> note;

  VerifierException(ProgramSpec spec, Errno errno, String log) {
    VerifierLog parsed = new VerifierLog(log);
    Optional<String> note = note(spec.code(), parsed);
    super(message(spec, errno, parsed, note));
    this.program = spec.name();
    this.errno = errno;
    this.log = parsed;
    this.note = note;
  }

  private static Optional<String> note(Code code, VerifierLog log) {
    return log.instruction().stream().boxed().findFirst().flatMap(code::noteAt);
  }

  private static String message(
      ProgramSpec spec, Errno errno, VerifierLog log, Optional<String> note) {
    StringBuilder message = new StringBuilder("program load ");
    message.append(spec.name()).append(": ").append(errno).append(": the verifier says \"");
    message.append(log.verdict().orElse("nothing")).append('"');
    log.instruction().ifPresent(number -> message.append(" at instruction ").append(number));
    note.ifPresent(line -> message.append(": see \"").append(line).append("\" in the program"));
    return message.toString();
  }

  /** The name of the program. */
  public String program() {
    return program;
  }

  /** What PROG_LOAD returned: EACCES or EINVAL as a rule. */
  public Errno errno() {
    return errno;
  }

  /** The program's own pseudo-C for the refused instruction. */
  public Optional<String> note() {
    return note;
  }

  /** The end of the log, where the verdict is. */
  public List<String> lastLines() {
    List<String> lines = log.lines();
    return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
  }

  /** The whole log as the kernel gave it. */
  public String log() {
    return log.text();
  }
}
