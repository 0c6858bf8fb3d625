package io.taskstorage.e2e.kernels;

import io.taskstorage.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The virtual machine: this machine's files and two emulated processors, no network. */
final class Machine {
  private static final int CONSOLE_LINES = 25;

  /**
   * What an emulator can do beyond this it does slowly: page tables of five levels, wide vectors.
   */
  private static final String CPU = "Nehalem";

  private final Path console;

  /** One whose serial console is written to a file. */
  Machine(Path console) {
    this.console = console;
  }

  /**
   * What runs it, to be started by a thread that outlives it: the kernel ends it when that thread
   * ends.
   *
   * @param parameters of the kernel, beside those that every guest has
   */
  Command command(Emulator emulator, Kernel kernel, Share share, List<String> parameters) {
    return Command.of("setpriv", "--pdeathsig", "KILL")
        .arguments(emulator.program().toString(), "-accel", "tcg,thread=multi", "-cpu", CPU)
        .arguments("-smp", "2", "-m", "2G", "-display", "none", "-monitor", "none", "-nic", "none")
        .arguments("-no-reboot", "-serial", "file:" + console)
        .arguments("-kernel", kernel.image().toString(), "-initrd", kernel.initramfs().toString())
        .arguments(
            "-append",
            // Ends by itself when it dies; defends itself against nobody, which costs much here.
            "console=ttyS0 quiet panic=-1 mitigations=off " + String.join(" ", parameters))
        .arguments("-virtfs", folder(Path.of("/"), "host") + ",readonly=on,multidevs=remap")
        .arguments("-virtfs", folder(share.folder(), "guest"));
  }

  private static String folder(Path path, String tag) {
    // A comma within a value is written twice.
    return "local,path=%s,mount_tag=%s,security_model=none"
        .formatted(path.toString().replace(",", ",,"), tag);
  }

  /** The end of what the guest's kernel and first processes have said. */
  String lastWords() {
    try {
      List<String> lines = Files.exists(console) ? Files.readAllLines(console) : List.of();
      return lines.stream()
          .skip(Math.max(0, lines.size() - CONSOLE_LINES))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("read " + console + ": " + e.getMessage(), e);
    }
  }
}
