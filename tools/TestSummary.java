import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Sums the JUnit XML reports that Maven's test plugins write. Started by {@code test-summary}. */
final class TestSummary {
  private static final int LONGEST_MESSAGE = 2_000;

  private int passed;
  private int failed;
  private int skipped;

  private TestSummary() {}

  public static void main(String[] folders) throws IOException {
    TestSummary summary = new TestSummary();
    for (String folder : folders) {
      for (Path report : reports(Path.of(folder))) {
        summary.add(report);
      }
    }
    System.out.println(
        "%d passed, %d failed".formatted(summary.passed, summary.failed)
            + (summary.skipped > 0 ? ", %d skipped".formatted(summary.skipped) : ""));
    System.exit(summary.failed == 0 && summary.passed > 0 ? 0 : 1);
  }

  private static List<Path> reports(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(TestSummary::isReport).sorted().toList();
    }
  }

  private static boolean isReport(Path file) {
    Path folder = file.getParent();
    String name = file.getFileName().toString();
    return folder != null
        && (folder.endsWith("target/surefire-reports")
            || folder.endsWith("target/failsafe-reports"))
        && name.startsWith("TEST-")
        && name.endsWith(".xml");
  }

  /** A report that cannot be read counts as a failure: its tests may have been cut off. */
  private void add(Path report) throws IOException {
    try (InputStream in = Files.newInputStream(report)) {
      XMLInputFactory factory = XMLInputFactory.newFactory();
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT
            && xml.getLocalName().equals("testcase")) {
          addTest(xml);
        }
      }
    } catch (XMLStreamException e) {
      failed++;
      tell("FAILED", report.toString(), "broken report: " + e.getMessage());
    }
  }

  private void addTest(XMLStreamReader xml) throws XMLStreamException {
    String name =
        xml.getAttributeValue(null, "classname") + "." + xml.getAttributeValue(null, "name");
    List<String> problems = new ArrayList<>();
    String skipReason = null;
    for (int depth = 1; depth > 0; ) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        depth++;
        String element = xml.getLocalName();
        switch (element) {
          case "failure", "error" -> problems.add(messageOf(xml));
          case "skipped" -> skipReason = messageOf(xml);
          default -> {}
        }
      }
    }
    if (!problems.isEmpty()) {
      failed++;
      tell("FAILED", name, String.join("\n", problems));
    } else if (skipReason != null) {
      skipped++;
      tell("SKIPPED", name, skipReason);
    } else {
      passed++;
    }
  }

  private static String messageOf(XMLStreamReader xml) {
    String message = xml.getAttributeValue(null, "message");
    String type = xml.getAttributeValue(null, "type");
    return message != null ? message : type != null ? type : "(no message)";
  }

  private static void tell(String what, String name, String message) {
    String text = message.strip();
    String cut =
        text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) + " ..." : text;
    System.out.println(what + " " + name + "\n  " + cut.replace("\n", "\n  "));
  }
}
