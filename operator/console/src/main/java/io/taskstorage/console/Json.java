package io.taskstorage.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;

/** Records as JSON: their components in order, absent (null) ones left out. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .build();
  private static final ObjectWriter PRETTY =
      MAPPER.writer(
          new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE));

  private Json() {}

  /** Indented, for whoever reads it by eye or with jq. */
  public static void print(PrintWriter out, Object value) {
    out.println(text(PRETTY, value));
  }

  /** On one line, for streams of objects. */
  public static void printLine(PrintWriter out, Object value) {
    out.println(text(MAPPER.writer(), value));
  }

  private static String text(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("print json: " + value.getClass().getSimpleName(), e);
    }
  }
}
