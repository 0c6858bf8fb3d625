package io.taskstorage.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.console.Check;
import io.taskstorage.console.Check.Need;
import io.taskstorage.console.Fact;
import io.taskstorage.console.Finding;
import io.taskstorage.console.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosisReportTest {
  private static final Diagnosis DIAGNOSIS =
      new Diagnosis(
          Diagnosis.NONE,
          "no bpffs is mounted, so no map can be pinned",
          List.of(
              new Check("task storage", Need.REQUIRED, new Finding.Yes("an entry was made")),
              new Check(
                  "bpffs",
                  Need.REQUIRED,
                  new Finding.No("not mounted", "mount -t bpf bpf /sys/fs/bpf")),
              new Check(
                  "tracing programs",
                  Need.USEFUL,
                  new Finding.Unknown(
                      "program load iter/task: EPERM (operation not permitted): CAP_PERFMON is"
                          + " missing, or the kernel is locked down"))),
          List.of(new Fact("kernel", "6.18.0 x86_64"), new Fact("node holder", "no one")));

  @Test
  void peopleReadFirstWhatWouldRunThenWhatToMend() {
    // When
    String text = text(Terminal.PLAIN);

    // Then
    assertThat(text)
        .isEqualTo(
            """
            plane: none
              no bpffs is mounted, so no map can be pinned

            yes      task storage      an entry was made
            no       bpffs             not mounted
                                       mend: mount -t bpf bpf /sys/fs/bpf
            unknown  tracing programs  program load iter/task: EPERM (operation not permitted): CAP_PERFMON
                                       is missing, or the kernel is locked down

            kernel       6.18.0 x86_64
            node holder  no one
            """);
  }

  @Test
  void wordsHaveColoursOnATerminal() {
    // When
    String text = text(new Terminal(true, true));

    // Then
    assertThat(text)
        .contains("\u001b[32myes\u001b[0m      task storage")
        .contains("\u001b[31mno\u001b[0m       bpffs")
        .contains("\u001b[33munknown\u001b[0m  tracing");
  }

  @Test
  void programsReadTheSame() {
    // Given
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);

    // When
    DiagnosisReport.printJson(out, DIAGNOSIS);

    // Then
    assertThat(text.toString())
        .startsWith(
            """
            {
              "plane" : "none",
              "canRun" : false,
              "why" : "no bpffs is mounted, so no map can be pinned",
              "checks" : [
                {
                  "name" : "task storage",
                  "need" : "required",
                  "result" : "yes",
                  "detail" : "an entry was made"
                },
                {
                  "name" : "bpffs",
                  "need" : "required",
                  "result" : "no",
                  "detail" : "not mounted",
                  "mend" : "mount -t bpf bpf /sys/fs/bpf"
                },
            """)
        .contains("\"result\" : \"unknown\"")
        .endsWith(
            """
                {
                  "name" : "node holder",
                  "value" : "no one"
                }
              ]
            }
            """);
  }

  @Test
  void onlyWhatIsRequiredBlocks() {
    // Given
    Finding missing = new Finding.No("reason", "mend");

    // When / Then
    assertThat(new Check("a", Need.REQUIRED, missing).blocks()).isTrue();
    assertThat(new Check("a", Need.USEFUL, missing).blocks()).isFalse();
    assertThat(new Check("a", Need.REQUIRED, new Finding.Yes("")).blocks()).isFalse();
  }

  private static String text(Terminal terminal) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    DiagnosisReport.print(out, terminal, DIAGNOSIS);
    out.flush();
    return text.toString();
  }
}
