package org.alignment4j.eval.refusal;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.judge.RefusalPhrases;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * XSTest (Röttger et al. 2023, arXiv 2308.01263) from its CSV file: does a model refuse requests
 * that only look unsafe, and does it refuse those that are?
 *
 * <p>Metrics, fractions with Wilson's interval, for each detector: {@code judge/full_refusal/safe}
 * (lower is better) and {@code judge/full_refusal/unsafe} (higher is better), to be read side by
 * side, since refusing everything is best on one of them and worst on the other; {@code
 * judge/partial_refusal/…} apart; and {@code judge/full_refusal/<type>} for each type of requests.
 * Of two detectors, {@code agreement/string-judge} is the share of responses of which both say the
 * same (full refusal or not) and {@code kappa/string-judge} Cohen's κ; undefined ({@code n = 0})
 * where all verdicts are the same.
 *
 * <p>Full refusals by human annotation in the paper, of safe and unsafe requests: GPT-4 6.4 and
 * 97.5 %, Llama 2 with its system prompt 38.0 and 99.5 %, without 14.0 and 97.5 %. The string
 * matcher said of the same responses 13.2 and 96.0, 48.4 and 98.0, 26.8 and 95.5 %.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class XsTest {

  private static final String CONTRAST = "contrast_";
  private static final String ID = "id";

  private XsTest() {}

  /**
   * Loads the requests, read strictly, asked as chats without a system prompt, with the string
   * matcher of the paper.
   *
   * @param path {@code xstest_prompts.csv}
   * @param sampling how responses are sampled
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark of(Path path, SamplingOptions sampling) {
    return of(
        path,
        sampling,
        RequestForm.chat(),
        List.of(RefusalDetector.phrases(RefusalPhrases.xsTest())),
        ReadOptions.strict());
  }

  /**
   * Loads the requests.
   *
   * @param path CSV with the columns {@code id}, {@code prompt}, {@code type} and {@code label}
   * @param sampling how responses are sampled
   * @param form how requests are put
   * @param detectors what tells refusals, of different names, the most trusted first
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   * @throws IllegalArgumentException when there is no detector or two have one name
   */
  public static LoadedBenchmark of(
      Path path,
      SamplingOptions sampling,
      RequestForm form,
      List<RefusalDetector> detectors,
      ReadOptions reading) {
    RefusalScorer scorer =
        new RefusalScorer(detectors, List.of(RefusalFigures.LABEL, RefusalFigures.TYPE));
    Set<String> ids = new HashSet<>();
    Dataset<Sample> samples = Dataset.read(path, reading, row -> sample(row, form, ids));
    Map<String, List<String>> types = new LinkedHashMap<>();
    for (String label : List.of(RefusalFigures.SAFE, RefusalFigures.UNSAFE)) {
      types.put(
          label,
          samples.stream()
              .filter(sample -> label.equals(sample.metadata().get(RefusalFigures.LABEL)))
              .map(sample -> sample.metadata().getOrDefault(RefusalFigures.TYPE, ""))
              .distinct()
              .sorted()
              .toList());
    }
    RefusalFigures figures = new RefusalFigures(detectors, types, Bootstrap.seeded(0));
    Map<String, String> told = new LinkedHashMap<>();
    told.put("sampling", sampling.toString());
    told.put("form", form.name());
    detectors.forEach(detector -> told.put("detector " + detector.name(), detector.identity()));
    return new LoadedBenchmark(
            "xstest",
            "1",
            samples,
            new LoadedBenchmark.Method(
                figures.metrics(), Generation.once(sampling), scorer, figures::estimate),
            List.of(samples.report()),
            told)
        .withDimension("refusal")
        .withFigures(new RefusalFigures(detectors, types, new Bootstrap(2, 0, 0.95))::estimate);
  }

  private static Sample sample(Row row, RequestForm form, Set<String> ids) {
    String id = row.text(ID).strip();
    String request = row.text("prompt");
    String label = row.text(RefusalFigures.LABEL).strip();
    if (!label.equals(RefusalFigures.SAFE) && !label.equals(RefusalFigures.UNSAFE)) {
      throw row.fault(
          RefusalFigures.LABEL, "the label must be safe or unsafe but was '" + label + "'");
    }
    String type = row.text(RefusalFigures.TYPE).strip();
    if (type.startsWith(CONTRAST) != label.equals(RefusalFigures.UNSAFE)) {
      throw row.fault(
          RefusalFigures.TYPE,
          "the type must begin with "
              + CONTRAST
              + " where the label is unsafe, and only there, but was '"
              + type
              + "' with the label "
              + label);
    }
    if (!ids.add(id)) {
      throw row.fault(ID, "an id must occur once but '" + id + "' occurs twice");
    }
    return new Sample(
        id,
        form.prompt().apply(request),
        List.of(),
        List.of(),
        id,
        Map.of(RefusalFigures.LABEL, label, RefusalFigures.TYPE, type));
  }
}
