package org.alignment4j.oversight.human;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.core.journal.PlainJson;

/** People who answer by a rule: what they read, as text, to what they write. */
final class ScriptedPeople {
  private static final int MOST_RUNS = 40;

  private ScriptedPeople() {}

  /** A person who types. */
  static ConsoleOverseer typing(UnaryOperator<String> rule, ByteArrayOutputStream shown) {
    Deque<String> lines = new ArrayDeque<>();
    int[] read = new int[1];
    int[] times = new int[1];
    BufferedReader in =
        new BufferedReader(Reader.nullReader()) {
          @Override
          public String readLine() {
            if (lines.isEmpty()) {
              if (times[0]++ > MOST_RUNS) {
                throw new AssertionError("asked on and on: " + shown);
              }
              String text = shown.toString(StandardCharsets.UTF_8);
              String asked = text.substring(read[0]);
              read[0] = text.length();
              lines.addAll(rule.apply(asked).lines().toList());
              if (!asked.contains("Which option is right?")) {
                lines.add(".");
              }
            }
            return lines.remove();
          }
        };
    return new ConsoleOverseer(in, new PrintStream(shown, true, StandardCharsets.UTF_8));
  }

  /** Runs until people have answered every request that came up; a verdict is typed as above. */
  static <T> T byFiles(
      Path folder, UnaryOperator<String> rule, Function<? super HumanOverseer, T> protocol) {
    Set<String> answered = new HashSet<>();
    for (int run = 0; run < MOST_RUNS; run++) {
      try (FileOverseer people = FileOverseer.open(folder, Duration.ZERO)) {
        return protocol.apply(people);
      } catch (ModelExecutionException e) {
        assertThat(e).hasMessageContaining("a person must answer request");
        answer(folder, rule, answered);
      }
    }
    throw new AssertionError("people were asked on and on");
  }

  private static void answer(Path folder, UnaryOperator<String> rule, Set<String> answered) {
    try {
      for (String line : Files.readAllLines(folder.resolve(FileOverseer.REQUESTS))) {
        Map<?, ?> request = (Map<?, ?>) PlainJson.read(line, 1 << 20);
        if (!answered.add(String.valueOf(request.get("id")))) {
          continue;
        }
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("id", String.valueOf(request.get("id")));
        String written = rule.apply(text(request));
        if ("verdict".equals(request.get("kind"))) {
          List<String> parts = List.of(written.split(" ", -1));
          reply.put("choice", parts.get(0));
          reply.put("confidence", Double.parseDouble(parts.get(1)) / 100);
        } else {
          reply.put("text", written);
        }
        Files.writeString(
            folder.resolve(FileOverseer.REPLIES),
            PlainJson.write(reply) + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that a request says, one value a line. */
  private static String text(Object value) {
    StringBuilder text = new StringBuilder();
    if (value instanceof Map<?, ?> map) {
      map.values().forEach(part -> text.append(text(part)));
    } else if (value instanceof List<?> list) {
      list.forEach(part -> text.append(text(part)));
    } else {
      text.append(value).append('\n');
    }
    return text.toString();
  }
}
