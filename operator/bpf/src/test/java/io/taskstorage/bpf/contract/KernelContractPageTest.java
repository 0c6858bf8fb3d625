package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page that publishes the tables has exactly the rows that are tested. */
final class KernelContractPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("root.dir", "../.."), "docs/reference/kernel-contract.md");
  private static final String END = "<!-- end -->";

  @ParameterizedTest
  @EnumSource
  void hasTheRowsOfEveryTable(Table table) throws IOException {
    // Given
    String page = Files.readString(PAGE);
    String begin = begin(table);
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(END, from);
    assertThat(page).contains(begin);

    // When
    String rows = markdown(table);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(PAGE, page.substring(0, from) + rows + page.substring(to));
      return;
    }

    // Then
    assertThat(page.substring(from, to))
        .as("%s (-Dgolden.update=true rewrites it)", PAGE)
        .isEqualTo(rows);
  }

  @Test
  void hasNoOtherTable() throws IOException {
    // When
    long marked = Files.readString(PAGE).lines().filter(line -> line.equals(END)).count();

    // Then
    assertThat(marked).isEqualTo(Table.values().length);
  }

  private static String begin(Table table) {
    return "<!-- rows: " + file(table) + " -->\n";
  }

  private static String file(Table table) {
    return table.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String markdown(Table table) throws IOException {
    try (InputStream in = Table.class.getResourceAsStream(file(table) + ".rows")) {
      assertThat(in).isNotNull();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String[] lines =
          text.lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(KernelContractPageTest::row)
              .toArray(String[]::new);
      long columns = lines[0].chars().filter(c -> c == '|').count() - 1;
      String rule = "|" + "---|".repeat((int) columns) + "\n";
      return lines[0] + rule + Arrays.stream(lines).skip(1).collect(Collectors.joining());
    }
  }

  private static String row(String line) {
    return Arrays.stream(line.split("\\|", -1))
        .map(String::strip)
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
