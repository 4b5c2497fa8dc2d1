package org.alignment4j.eval.inner.failure;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.inner.failure.ObjectiveEvidence.Measured;
import org.alignment4j.eval.inner.failure.ObjectiveEvidence.Order;
import org.alignment4j.eval.inner.failure.ObjectiveEvidence.Ordinal;
import org.apiguardian.api.API;

/**
 * Failures as data, a JSON object each: {@code id}, {@code title}, {@code transcript}, {@code
 * label} ({@code outer}, {@code inner}, {@code mixed}, {@code undetermined}), {@code citation}, and
 * {@code observations}, each with {@code situation} ({@code training} or {@code elsewhere}), {@code
 * source}, and either {@code order} ({@code failing_higher}, {@code equal}, {@code
 * intended_higher}, {@code unknown}) or {@code failing}, {@code intended} (a list) and {@code
 * standard_error}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FailureCases {

  private static final String BUNDLED = "failures.jsonl";
  private static final String SITUATION = "situation";

  private FailureCases() {}

  /**
   * Returns the documented failures that come with the library, retold from the literature. Their
   * evidence is ordinal where no score with its error was published; label and evidence come from
   * the same sources.
   *
   * @return the cases
   */
  public static Dataset<FailureCase> documented() {
    InputStream in = FailureCases.class.getResourceAsStream(BUNDLED);
    if (in == null) {
      throw new IllegalStateException("the resource " + BUNDLED + " must be beside this class");
    }
    Set<String> ids = new HashSet<>();
    return Dataset.read(BUNDLED, in, ReadOptions.strict(), row -> of(row, ids));
  }

  /**
   * Reads failures, strictly.
   *
   * @param path a JSONL or JSON file
   * @return the cases
   * @throws DataFormatException when the file is missing or breaks the format, or an id occurs
   *     twice
   */
  public static Dataset<FailureCase> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads failures.
   *
   * @param path a JSONL or JSON file
   * @param reading how it is read
   * @return the cases
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static Dataset<FailureCase> read(Path path, ReadOptions reading) {
    Set<String> ids = new HashSet<>();
    return Dataset.read(path, reading, row -> of(row, ids));
  }

  private static FailureCase of(Row row, Set<String> ids) {
    String id = row.text("id");
    List<FailureObservation> observations = new ArrayList<>();
    for (Row observation : row.objects("observations")) {
      observations.add(observation(observation));
    }
    if (observations.isEmpty()) {
      throw row.fault("observations", "there must be an observation but the list is empty");
    }
    FailureCase failure =
        new FailureCase(
            id,
            row.text("title"),
            row.text("transcript"),
            observations,
            named(row, "label", FailureCause.values()),
            row.text("citation"));
    if (!ids.add(id)) {
      throw row.fault("id", "an id must occur once but '" + id + "' occurs twice");
    }
    return failure;
  }

  private static FailureObservation observation(Row row) {
    String situation = row.text(SITUATION);
    if (!List.of("training", "elsewhere").contains(situation)) {
      throw row.fault(
          SITUATION, "the situation must be training or elsewhere but was '" + situation + "'");
    }
    ObjectiveEvidence evidence =
        row.has("order") ? new Ordinal(named(row, "order", Order.values())) : measured(row);
    return new FailureObservation(situation.equals("training"), evidence, row.text("source"));
  }

  private static Measured measured(Row row) {
    List<Double> intended = Arrays.stream(row.numbers("intended")).boxed().toList();
    if (intended.isEmpty()) {
      throw row.fault(
          "intended", "there must be the score of an alternative but the list is empty");
    }
    double error = row.number("standard_error");
    if (error < 0) {
      throw row.fault("standard_error", "a standard error must not be negative but was " + error);
    }
    return new Measured(row.number("failing"), intended, error);
  }

  private static <E extends Enum<E>> E named(Row row, String field, E[] values) {
    String name = row.text(field);
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(name)) {
        return value;
      }
    }
    throw row.fault(
        field,
        "the "
            + field
            + " must be one of "
            + Arrays.toString(values).toLowerCase(Locale.ROOT)
            + " but was '"
            + name
            + "'");
  }
}
