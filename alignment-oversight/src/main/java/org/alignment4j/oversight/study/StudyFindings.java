package org.alignment4j.oversight.study;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.StudyResult;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.MultipleComparisons;
import org.alignment4j.core.statistics.SignFlipTest;
import org.alignment4j.core.statistics.TestResult;
import org.alignment4j.oversight.ChoiceQuestion;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What a study of judgements found.
 *
 * @param result an estimate for each arm and metric
 * @param differences accuracy of each later arm less that of every earlier one
 * @param rows what every arm came to on every question, with transcripts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StudyFindings(
    StudyResult result, List<Difference> differences, Map<String, List<Scored>> rows) {
  /** The share of questions on which the judge is right. */
  public static final String ACCURACY = "accuracy";

  /** The same where who argues was assigned the right option. */
  public static final String DEFENDING_TRUTH = "accuracy defending truth";

  /** The same where who argues was assigned a wrong option. */
  public static final String DEFENDING_FALSEHOOD = "accuracy defending falsehood";

  /** The Brier score of the verdicts' probabilities, as {@link ChoiceBrier} has it. */
  public static final String BRIER = "Brier score";

  /** The share of verdicts for the option that stood first. */
  public static final String FIRST_OPTION = "first option";

  private static final String KHAN = "Khan et al. 2024, arXiv 2402.06782, section 4";

  /** Checks that nothing is missing, and copies. */
  public StudyFindings {
    Objects.requireNonNull(result, "result");
    differences = List.copyOf(differences);
    rows = ImmutableMap.copyOf(rows);
  }

  /**
   * How much more often the judge is right under one arm than under another, on questions that both
   * have verdicts on.
   *
   * @param arm the arm
   * @param reference what it is compared with
   * @param estimate the paired difference of accuracies
   * @param pValue of a sign-flip test over clusters, both sides
   * @param adjusted the same, adjusted for all differences of the study (Holm 1979)
   */
  public record Difference(
      String arm, String reference, Estimate estimate, double pValue, double adjusted) {}

  static StudyFindings of(
      List<ChoiceQuestion> questions,
      Map<String, List<Scored>> rows,
      Map<String, Usage> usage,
      long seed,
      int seeds) {
    Map<Metric, Measure> measures = measures(questions);
    Map<String, Map<String, Estimate>> estimates = new LinkedHashMap<>();
    rows.forEach(
        (arm, scored) -> {
          Map<String, Estimate> ofArm = new LinkedHashMap<>();
          measures.forEach(
              (metric, measure) -> {
                if (scored.stream().anyMatch(row -> measure.value().apply(row).isPresent())) {
                  ofArm.put(metric.name(), estimate(scored, measure));
                }
              });
          estimates.put(arm, ofArm);
        });
    Provenance provenance =
        new Provenance(
            "run",
            "judgement study",
            Map.of("questions", hash(questions)),
            Map.of("study", seed),
            Map.of("repetitions", String.valueOf(seeds), "arms", String.join(", ", rows.keySet())),
            Map.of(),
            "",
            List.of());
    return new StudyFindings(
        new StudyResult(List.copyOf(measures.keySet()), estimates, usage, provenance),
        differences(rows, seed),
        rows);
  }

  /** A figure of a row, and the tries it is of. */
  private record Measure(
      Function<Scored, OptionalDouble> value, Function<Scored, List<Scored.Try>> tries) {}

  private static Map<Metric, Measure> measures(List<ChoiceQuestion> questions) {
    double chance = mean(questions, options -> 1.0 / options);
    Map<Metric, Measure> measures = new LinkedHashMap<>();
    measures.put(
        Metric.of(ACCURACY, "fraction", Direction.HIGHER).withChance(chance).withCitation(KHAN),
        new Measure(Scored::accuracy, Scored::tries));
    measures.put(
        Metric.of(DEFENDING_TRUTH, "fraction", Direction.HIGHER)
            .withChance(chance)
            .withCitation(KHAN),
        new Measure(row -> row.accuracyDefending(true), row -> row.defending(true)));
    measures.put(
        Metric.of(DEFENDING_FALSEHOOD, "fraction", Direction.HIGHER)
            .withChance(chance)
            .withCitation(KHAN),
        new Measure(row -> row.accuracyDefending(false), row -> row.defending(false)));
    measures.put(
        Metric.of(BRIER, "", Direction.LOWER)
            .withChance(mean(questions, ChoiceBrier::uniform))
            .withCitation("Brier 1950, half the sum over options"),
        new Measure(Scored::brier, Scored::tries));
    measures.put(
        Metric.of(FIRST_OPTION, "fraction", Direction.ideal(chance)).withChance(chance),
        new Measure(Scored::first, Scored::tries));
    return measures;
  }

  private static double mean(List<ChoiceQuestion> questions, IntToDoubleFunction ofOptions) {
    return questions.stream()
        .mapToDouble(question -> ofOptions.applyAsDouble(question.options().size()))
        .average()
        .orElse(0);
  }

  private static Estimate estimate(List<Scored> rows, Measure measure) {
    List<Scored> with = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    long unscored = 0;
    long failed = 0;
    for (Scored row : rows) {
      OptionalDouble value = measure.value().apply(row);
      List<Scored.Try> tries = measure.tries().apply(row);
      if (value.isPresent()) {
        with.add(row);
        values.add(value.getAsDouble());
      } else if (tries.stream().anyMatch(one -> one.outcome().isEmpty())) {
        failed++;
      } else if (!tries.isEmpty()) {
        unscored++;
      }
    }
    return Estimates.withMissing(
        Estimates.clusteredProportion(
            values.stream().mapToDouble(Double::doubleValue).toArray(), clusters(with)),
        unscored,
        failed);
  }

  private static int[] clusters(List<Scored> rows) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    int[] clusters = new int[rows.size()];
    for (int i = 0; i < clusters.length; i++) {
      clusters[i] =
          numbers.computeIfAbsent(rows.get(i).question().cluster(), name -> numbers.size());
    }
    return clusters;
  }

  private static List<Difference> differences(Map<String, List<Scored>> rows, long seed) {
    List<String> arms = List.copyOf(rows.keySet());
    List<Difference> raw = new ArrayList<>();
    for (int later = 1; later < arms.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        Difference difference = difference(arms.get(later), arms.get(earlier), rows, seed);
        if (difference != null) {
          raw.add(difference);
        }
      }
    }
    double[] adjusted =
        MultipleComparisons.holm(raw.stream().mapToDouble(Difference::pValue).toArray());
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < raw.size(); i++) {
      Difference one = raw.get(i);
      differences.add(
          new Difference(one.arm(), one.reference(), one.estimate(), one.pValue(), adjusted[i]));
    }
    return differences;
  }

  private static @Nullable Difference difference(
      String arm, String reference, Map<String, List<Scored>> rows, long seed) {
    List<Scored> first = Objects.requireNonNull(rows.get(arm));
    List<Scored> second = Objects.requireNonNull(rows.get(reference));
    List<Scored> both = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      OptionalDouble one = first.get(i).accuracy();
      OptionalDouble other = second.get(i).accuracy();
      if (one.isPresent() && other.isPresent()) {
        both.add(first.get(i));
        values.add(new double[] {one.getAsDouble(), other.getAsDouble()});
      }
    }
    if (both.size() < 2) {
      return null;
    }
    double[] a = values.stream().mapToDouble(pair -> pair[0]).toArray();
    double[] b = values.stream().mapToDouble(pair -> pair[1]).toArray();
    int[] clusters = clusters(both);
    if (Arrays.stream(clusters).distinct().count() < 2) {
      return null;
    }
    TestResult test = SignFlipTest.seeded(seed).of(a, b, clusters);
    return new Difference(
        arm,
        reference,
        Estimates.clusteredPairedDifference(a, b, clusters, Estimates.DEFAULT_CONFIDENCE),
        test.pValue(),
        test.pValue());
  }

  private static ContentHash hash(List<ChoiceQuestion> questions) {
    List<Object> plain = new ArrayList<>();
    for (ChoiceQuestion question : questions) {
      plain.add(
          List.of(
              question.id(),
              question.text(),
              question.options(),
              question.material(),
              question.answer().orElse(-1),
              question.cluster()));
    }
    return PlainJson.key(plain);
  }
}
