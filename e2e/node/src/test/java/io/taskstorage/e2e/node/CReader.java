package io.taskstorage.e2e.node;

import io.taskstorage.layout.Field;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.testkit.Gcc;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A C program that includes a map's printed header, takes values as hexadecimal bytes, and says
 * what each member holds: integers in decimal, bytes and characters in hexadecimal.
 */
final class CReader implements AutoCloseable {
  private final Process process;
  private final BufferedWriter values;
  private final BufferedReader members;

  private CReader(Process process) {
    this.process = process;
    this.values = process.outputWriter(StandardCharsets.US_ASCII);
    this.members = process.inputReader(StandardCharsets.US_ASCII);
  }

  /** Compiles and starts a reader of the struct that {@code header} declares. */
  static CReader start(StructLayout layout, String header) {
    Path program =
        Gcc.compile("read_" + layout.typeName(), source(layout, header), "-Wall", "-Werror");
    try {
      return new CReader(
          new ProcessBuilder(program.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("start reader: " + e.getMessage(), e);
    }
  }

  /** The members of a value, in the order of the struct. */
  Map<String, String> read(String hex) {
    try {
      values.write(hex);
      values.newLine();
      values.flush();
      String line = members.readLine();
      if (line == null) {
        throw new AssertionError("read value " + hex + ": the C program has ended");
      }
      Map<String, String> read = new LinkedHashMap<>();
      for (String member : line.split(" ", -1)) {
        int equals = member.indexOf('=');
        read.put(member.substring(0, equals), member.substring(equals + 1));
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException("read value " + hex + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      values.close();
      process.waitFor();
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private static String source(StructLayout layout, String header) {
    StringBuilder prints = new StringBuilder();
    String separator = "";
    for (PlacedField placed : layout.fields()) {
      prints.append("    printf(\"%s%s=\");\n".formatted(separator, placed.name()));
      prints.append(print(placed.field()));
      separator = " ";
    }
    return """
        #include <stdio.h>
        #include <string.h>
        %s
        int main(void) {
          static char line[2 * sizeof(struct %s) + 2];
          while (fgets(line, sizeof(line), stdin)) {
            struct %s v;
            unsigned char bytes[sizeof(v)];
            if (strcspn(line, "\\n") != 2 * sizeof(v))
              return 1;
            for (size_t i = 0; i < sizeof(v); i++)
              if (sscanf(line + 2 * i, "%%2hhx", &bytes[i]) != 1)
                return 2;
            memcpy(&v, bytes, sizeof(v));
        %s    putchar('\\n');
            fflush(stdout);
            if (!strchr(line, '\\n'))
              getchar();
          }
          return 0;
        }
        """
        .formatted(header, layout.typeName(), layout.typeName(), prints);
  }

  private static String print(Field field) {
    String member = "v." + field.name();
    String format =
        switch (field.type()) {
          case U8, U16, U32, U64 -> "printf(\"%llu\", (unsigned long long)";
          case S8, S16, S32, S64 -> "printf(\"%lld\", (long long)";
          case BOOL -> "printf(\"%d\", (int)";
          case CHAR, BYTES -> "printf(\"%02x\", (unsigned char)";
        };
    if (field.length().isEmpty()) {
      return "    %s%s);\n".formatted(format, member);
    }
    String comma = field.isIntegerArray() ? " if (i) putchar(',');" : "";
    return "    for (size_t i = 0; i < %d; i++) {%s %s%s[i]); }\n"
        .formatted(field.length().getAsInt(), comma, format, member);
  }
}
