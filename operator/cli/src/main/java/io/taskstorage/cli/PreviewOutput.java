package io.taskstorage.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.taskstorage.cli.explain.NodeReport;
import io.taskstorage.cli.input.Judgement;
import io.taskstorage.cli.preview.Difference;
import io.taskstorage.cli.preview.Preview;
import io.taskstorage.cli.preview.PreviewDocument;
import io.taskstorage.console.Table;
import io.taskstorage.console.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Puts what was computed and what was judged into one output. */
final class PreviewOutput {
  /** Writes a part of a document. */
  @FunctionalInterface
  private interface Part {
    void write(PreviewDocument document) throws IOException;
  }

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .build();

  private final PrintWriter out;
  private final Judgement judgement;

  PreviewOutput(PrintWriter out, Judgement judgement) {
    this.out = out;
    this.judgement = judgement;
  }

  /** The refusals as lines, apart from what was printed before. */
  void problems(boolean isAfterSomething) {
    if (!judgement.refusals().isEmpty()) {
      if (isAfterSomething) {
        out.println();
      }
      Terminal terminal = Terminal.ofStandardOutput();
      out.println(terminal.bad("refused:"));
      judgement.refusals().forEach(each -> out.println("  " + Table.printable(each.line())));
    }
    out.flush();
  }

  void document(DataFormat format, Preview preview) {
    document(format, document -> document.write(preview), preview.notes());
  }

  /** A pod's preview with what its node says. */
  void document(DataFormat format, Preview preview, Optional<NodeReport> report) {
    document(
        format,
        document -> {
          document.write(preview);
          if (report.isPresent()) {
            document.record("node", report.get());
          }
        },
        preview.notes());
  }

  void document(DataFormat format, Difference difference, List<String> notes) {
    document(format, document -> document.write(difference), notes);
  }

  private void document(DataFormat format, Part part, List<String> notes) {
    try (JsonGenerator json = generator(format)) {
      json.writeStartObject();
      PreviewDocument document = new PreviewDocument(json);
      part.write(document);
      problems(json, "refused", judgement.refusals());
      problems(json, "warnings", judgement.warnings());
      document.texts("notes", notes);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("print preview", e);
    }
    if (format == DataFormat.JSON) {
      out.println();
    }
    out.flush();
  }

  private static void problems(
      JsonGenerator json, String property, List<Judgement.Refusal> refusals) throws IOException {
    json.writeArrayFieldStart(property);
    for (Judgement.Refusal refusal : refusals) {
      json.writePOJO(JsonProblem.of(refusal));
    }
    json.writeEndArray();
  }

  private JsonGenerator generator(DataFormat format) throws IOException {
    if (format == DataFormat.YAML) {
      return Yaml.MAPPER.createGenerator(out);
    }
    return JSON.createGenerator(out)
        .setPrettyPrinter(
            new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE));
  }
}
