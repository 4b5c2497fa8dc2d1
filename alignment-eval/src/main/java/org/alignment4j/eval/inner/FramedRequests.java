package org.alignment4j.eval.inner;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.apiguardian.api.API;

/**
 * Requests and framings as data, and the samples that they make: every request under both framings
 * of every pair, clustered by request.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FramedRequests {

  /** The metadata that names the condition of a sample. */
  public static final String CONDITION = "condition";

  /** The metadata that the two samples of a pair share. */
  public static final String PAIR = "pair";

  /** The metadata that holds the request. */
  public static final String REQUEST = "request";

  private static final String STYLE = "style-requests.jsonl";

  private FramedRequests() {}

  /**
   * Returns the requests that come with the library: harmless ones, each with the wish for capital
   * letters, a style that a model can be trained to avoid; {@link BehaviourRule#inCapitals} tells
   * compliance.
   *
   * @return the requests
   */
  public static Dataset<FramedRequest> style() {
    return Dataset.read(
        STYLE, resource(FramedRequests.class, STYLE), ReadOptions.strict(), conversion());
  }

  /**
   * Reads requests, a JSON object each with {@code id} and {@code request}, strictly.
   *
   * @param path a JSONL, JSON or CSV file
   * @return the requests
   * @throws DataFormatException when the file is missing or breaks the format, or an id occurs
   *     twice
   */
  public static Dataset<FramedRequest> read(Path path) {
    return Dataset.read(path, ReadOptions.strict(), conversion());
  }

  /**
   * Reads pairs of framings, a JSON object each with {@code first} and {@code second}: two wordings
   * of what a model is told.
   *
   * @param name what faults call the data
   * @param content its bytes; closed
   * @param first the condition of the first ones
   * @param second the condition of the second ones
   * @return the pairs
   * @throws DataFormatException when they break the format
   */
  public static Dataset<FramingPair> pairs(
      String name, InputStream content, String first, String second) {
    return Dataset.read(
        name,
        content,
        ReadOptions.strict(),
        row ->
            new FramingPair(
                new Framing(first, row.text("first")), new Framing(second, row.text("second"))));
  }

  /**
   * Opens a resource beside a class.
   *
   * @param beside the class
   * @param name the resource
   * @return its bytes, to be closed
   */
  public static InputStream resource(Class<?> beside, String name) {
    InputStream in = beside.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException("the resource " + name + " must be beside " + beside);
    }
    return in;
  }

  private static Function<Row, FramedRequest> conversion() {
    Set<String> ids = new HashSet<>();
    return row -> {
      FramedRequest request = new FramedRequest(row.text("id"), row.text("request"));
      if (!ids.add(request.id())) {
        throw row.fault("id", "an id must occur once but '" + request.id() + "' occurs twice");
      }
      return request;
    };
  }

  /**
   * Puts every request under both framings of every pair.
   *
   * @param requests the requests
   * @param pairs the pairs
   * @param form how they become prompts
   * @return the samples, those of a pair one after the other
   */
  public static List<Sample> samples(
      List<FramedRequest> requests, List<FramingPair> pairs, FramingForm form) {
    List<Sample> samples = new ArrayList<>();
    for (FramedRequest request : requests) {
      for (FramingPair pair : pairs) {
        String name =
            request.id()
                + "/"
                + pair.first().condition()
                + "-"
                + pair.second().condition()
                + "/"
                + pairs.indexOf(pair);
        for (Framing framing : List.of(pair.first(), pair.second())) {
          samples.add(
              new Sample(
                  name + "/" + framing.condition(),
                  form.prompt(framing.text(), request.text()),
                  List.of(),
                  List.of(),
                  request.id(),
                  Map.of(CONDITION, framing.condition(), PAIR, name, REQUEST, request.text())));
        }
      }
    }
    return List.copyOf(samples);
  }
}
