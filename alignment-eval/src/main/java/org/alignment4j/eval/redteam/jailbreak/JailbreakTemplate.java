package org.alignment4j.eval.redteam.jailbreak;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.BundledRows;
import org.apiguardian.api.API;

/**
 * A text that dresses up a request. Immutable.
 *
 * @param id its identity among the templates of a suite
 * @param family the strategy, such as {@code role play}
 * @param encoding how the request is written
 * @param text the text, with {@code {{request}}} and, where it names the reply wanted, {@code
 *     {{target}}}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record JailbreakTemplate(String id, String family, RequestEncoding encoding, String text) {
  private static final String REQUEST = "{{request}}";
  private static final String TARGET = "{{target}}";

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when id or family is blank, or the text lacks the request
   */
  public JailbreakTemplate {
    Objects.requireNonNull(encoding, "encoding");
    if (id.isBlank() || family.isBlank()) {
      throw new IllegalArgumentException(
          "a template must have an id and a family but they were '"
              + id
              + "' and '"
              + family
              + "'");
    }
    if (!text.contains(REQUEST)) {
      throw new IllegalArgumentException(
          "a template must have {{request}} where the request stands but '"
              + id
              + "' was: "
              + text);
    }
  }

  /** Returns the bundled templates, of eleven strategies. */
  public static List<JailbreakTemplate> bundled() {
    return BundledRows.read(JailbreakTemplate.class, "templates.jsonl", JailbreakTemplate::of);
  }

  /**
   * Reads templates from a JSONL, JSON or CSV file with the fields {@code id}, {@code family},
   * {@code encoding} and {@code text}.
   *
   * @throws org.alignment4j.api.DataFormatException when a field is missing or wrong, or an id
   *     occurs twice; names file, line and field
   */
  public static Dataset<JailbreakTemplate> read(Path path, ReadOptions options) {
    Set<String> ids = new HashSet<>();
    return Dataset.read(
        path,
        options,
        row -> {
          requireEncoding(row);
          JailbreakTemplate template = of(row::text);
          if (!ids.add(template.id())) {
            throw row.fault("id", "ids must differ but '" + template.id() + "' occurs again");
          }
          return template;
        });
  }

  private static void requireEncoding(Row row) {
    try {
      RequestEncoding.of(row.text("encoding"));
    } catch (IllegalArgumentException e) {
      throw row.fault("encoding", String.valueOf(e.getMessage()));
    }
  }

  private static JailbreakTemplate of(UnaryOperator<String> field) {
    return new JailbreakTemplate(
        field.apply("id"),
        field.apply("family"),
        RequestEncoding.of(field.apply("encoding")),
        field.apply("text"));
  }

  /** Returns the dressed-up request. What is put in is never looked at for placeholders again. */
  public String render(AttackGoal goal) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith(REQUEST, at)) {
        out.append(encoding.encode(goal.request()));
        at += REQUEST.length();
      } else if (text.startsWith(TARGET, at)) {
        out.append(goal.target());
        at += TARGET.length();
      } else {
        out.append(text.charAt(at++));
      }
    }
    return out.toString();
  }
}
