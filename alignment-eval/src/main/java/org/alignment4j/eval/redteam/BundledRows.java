package org.alignment4j.eval.redteam;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.core.journal.PlainJson;
import org.apiguardian.api.API;

/** Reads resources that come with the library. Pure functions. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class BundledRows {
  private static final int MAX_CHARS = 1 << 16;

  private BundledRows() {}

  /**
   * Reads a resource of one JSON object a line.
   *
   * @param owner the class beside which the resource lies
   * @param name its name
   * @param convert makes a value of a row, given as fields by name
   * @throws IllegalStateException when the resource is missing or a row lacks a field
   */
  public static <T> List<T> read(
      Class<?> owner, String name, Function<UnaryOperator<String>, T> convert) {
    List<T> values = new ArrayList<>();
    for (String line : text(owner, name).lines().filter(row -> !row.isBlank()).toList()) {
      if (!(PlainJson.read(line, MAX_CHARS) instanceof Map<?, ?> row)) {
        throw new IllegalStateException("each line of " + name + " must be a JSON object: " + line);
      }
      values.add(convert.apply(field -> field(row, field, name)));
    }
    return List.copyOf(values);
  }

  private static String field(Map<?, ?> row, String field, String name) {
    if (row.get(field) instanceof String text) {
      return text;
    }
    throw new IllegalStateException(
        "each line of " + name + " must have the field '" + field + "' but one had not: " + row);
  }

  /**
   * Reads a resource of text.
   *
   * @param owner the class beside which the resource lies
   * @param name its name
   * @throws IllegalStateException when the resource is missing
   */
  public static String text(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "the resource " + name + " must be beside " + owner.getName());
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new AlignmentException("cannot read the resource " + name + ": " + e, e);
    }
  }
}
