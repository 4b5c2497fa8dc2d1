package org.alignment4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code String#formatted} has no locale, so that {@code %d} and {@code %f} take digits and decimal
 * points of the machine; {@code %s} writes a number the same everywhere. Class files do not keep
 * formats apart from other texts, hence the sources are read; a format in a variable is not seen.
 */
class FormatRulesTest {

  private static final Pattern FORMATTED =
      Pattern.compile("((?:\"(?:[^\"\\\\]++|\\\\.)*+\"\\s*+\\+?\\s*+)++)\\)?+\\s*+\\.formatted\\(");
  private static final Pattern NUMBER = Pattern.compile("%[-#+ 0,(]*\\d*(\\.\\d+)?[deEfgGaA]");

  /** Places of formats of numbers without a locale. */
  private static List<String> faults(String name, String source) {
    List<String> faults = new ArrayList<>();
    Matcher call = FORMATTED.matcher(source);
    while (call.find()) {
      if (NUMBER.matcher(call.group(1).replace("%%", "")).find()) {
        long line = source.substring(0, call.end()).lines().count();
        faults.add(name + ":" + line + " " + call.group(1).strip());
      }
    }
    return faults;
  }

  @Test
  void formattedTakesNoNumbers() throws IOException {
    List<String> faults = new ArrayList<>();
    int read = 0;
    try (Stream<Path> modules = Files.list(Path.of("").toAbsolutePath().resolveSibling("."))) {
      for (Path sources : modules.map(m -> m.resolve("src/main/java")).toList()) {
        if (!Files.isDirectory(sources)) {
          continue;
        }
        try (Stream<Path> files = Files.walk(sources)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
            faults.addAll(faults(sources.relativize(file).toString(), Files.readString(file)));
            read++;
          }
        }
      }
    }
    assertThat(read).as("source files").isGreaterThan(100);
    assertThat(faults).as("use String.format(Locale.ROOT, …) or %s").isEmpty();
  }

  @Test
  void theRuleCanFail() {
    assertThat(faults("A", "x = \"%.2f\".formatted(1);")).hasSize(1);
    assertThat(faults("A", "x = \"a %s\"\n + \" of %,d\"\n .formatted(1, 2);")).hasSize(1);
    assertThat(faults("A", "x = \"%d\" + \"%s of 100%%\".formatted(2);")).hasSize(1);
    assertThat(faults("A", "x = \"%s is 5%% done\".formatted(2); y = \"%d\";")).isEmpty();
  }
}
