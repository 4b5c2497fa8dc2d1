package org.alignment4j.eval.declared;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.JsonDocument;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A benchmark from a data file, a template and a small declaration.
 *
 * <pre>{@code
 * {
 *   "format": "alignment4j-benchmark", "version": 1,
 *   "name": "capitals",
 *   "data": "capitals.csv",
 *   "template": "capitals-template.json",
 *   "kind": "generate",
 *   "scorer": "exact",
 *   "maxNewTokens": 8, "stop": ["\n"],
 *   "examples": "more-capitals.csv", "shots": 3, "shotsSeed": 7,
 *   "metric": {"name": "accuracy", "direction": "higher", "chance": 0.01, "citation": "our wiki"}
 * }
 * }</pre>
 *
 * <ul>
 *   <li>{@code data}, {@code template} ({@link TaskTemplate}), {@code examples}: files, beside the
 *       declaration unless their path is absolute.
 *   <li>{@code kind}: {@code choice} by likelihood ({@link ChoiceTask}) or {@code generate}.
 *   <li>Of generated answers: {@code scorer} ({@code exact}, {@code numeric}, {@code contains},
 *       {@code regex} with {@code pattern}, {@code f1}; {@link AnswerScorer}), {@code
 *       maxNewTokens}, {@code stop}, {@code temperature} (0, greedy, unless given) with {@code
 *       seed}, {@code metric} with {@code direction} ({@code higher}, {@code lower}, or {@code
 *       ideal} with the value {@code ideal}), {@code unit}, {@code chance}, {@code citation}.
 *   <li>{@code shots} examples, the first ones or drawn by {@code shotsSeed}; without {@code shots}
 *       neither seed nor examples may be given, as they would not be used.
 *   <li>{@code taskVersion}: 1 unless given; {@code dimension}: which side of a model it shows
 *       ({@link org.alignment4j.api.evaluation.Benchmark#dimension}), {@code general} unless given;
 *       {@code citation} of a choice.
 * </ul>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DeclaredBenchmark {

  /** The value of the file's {@code format}. */
  public static final String FORMAT = "alignment4j-benchmark";

  /** The newest version that is known. */
  public static final int VERSION = 1;

  private static final List<String> COMMON =
      List.of(
          "format",
          "version",
          "name",
          "taskVersion",
          "dimension",
          "data",
          "template",
          "kind",
          "examples",
          "shots",
          "shotsSeed",
          "citation");

  private static final List<String> GENERATED =
      List.of("scorer", "pattern", "maxNewTokens", "stop", "temperature", "seed", "metric");

  private static final List<String> METRIC =
      List.of("name", "unit", "direction", "ideal", "chance", "citation");

  private DeclaredBenchmark() {}

  /**
   * Loads a benchmark, read strictly.
   *
   * @param declaration the declaration, JSON
   * @return the benchmark
   * @throws DataFormatException when a file is missing or breaks its format; names line and field
   */
  public static LoadedBenchmark of(Path declaration) {
    return of(declaration, ReadOptions.strict());
  }

  /**
   * Loads a benchmark.
   *
   * @param declaration the declaration, JSON
   * @param reading how data files are read
   * @return the benchmark
   * @throws DataFormatException when a file is missing or breaks its format; names line and field
   */
  public static LoadedBenchmark of(Path declaration, ReadOptions reading) {
    JsonDocument document = JsonDocument.read(declaration);
    Row root = document.root();
    boolean generate =
        DeclarationFile.oneOf(root, "kind", Map.of("choice", false, "generate", true));
    List<String> names =
        generate ? Stream.concat(COMMON.stream(), GENERATED.stream()).toList() : COMMON;
    DeclarationFile.check(root, FORMAT, VERSION, names);
    Path folder = Objects.requireNonNull(declaration.toAbsolutePath().getParent(), "folder");
    TaskTemplate template = TaskTemplate.read(folder.resolve(root.text("template")));
    if (template.hasChoices() == generate) {
      throw root.fault(
          "template",
          generate
              ? "the template of generated answers must have no 'choices' but has; the kind may be"
                  + " 'choice'"
              : "the template of a choice must have 'choices' but has none; the kind may be"
                  + " 'generate'");
    }
    String name = root.text("name");
    String version = root.has("taskVersion") ? root.text("taskVersion") : "1";
    AnswerScorer scorer = generate ? scorer(root) : null;
    TemplatedSamples read = samples(root, folder, template, scorer, reading);
    String citation = root.has("citation") ? root.string("citation") : "";
    LoadedBenchmark benchmark =
        scorer == null
            ? ChoiceTask.of(name, version, template, read, citation)
            : GenerationTask.of(name, version, read, sampling(root), scorer, metric(root));
    return root.has("dimension") ? benchmark.withDimension(root.text("dimension")) : benchmark;
  }

  private static TemplatedSamples samples(
      Row root,
      Path folder,
      TaskTemplate template,
      @Nullable AnswerScorer scorer,
      ReadOptions reading) {
    Path data = folder.resolve(root.text("data"));
    if (!root.has("shots")) {
      for (String idle : List.of("examples", "shotsSeed")) {
        if (root.has(idle)) {
          throw root.fault(
              idle,
              "there must be 'shots' where '"
                  + idle
                  + "' is given but there are none; add \"shots\" or leave '"
                  + idle
                  + "' out");
        }
      }
    }
    long shots = root.has("shots") ? root.integer("shots") : 0;
    if (shots < 0 || shots > Integer.MAX_VALUE) {
      throw root.fault("shots", "shots must not be negative but were " + shots);
    }
    FewShot fewShot = FewShot.none();
    if (shots > 0) {
      OptionalLong seed =
          root.has("shotsSeed") ? OptionalLong.of(root.integer("shotsSeed")) : OptionalLong.empty();
      Path examples = folder.resolve(root.text("examples"));
      if (examples.normalize().equals(data.normalize())) {
        throw root.fault(
            "examples",
            "examples must come from another file than the questions but both were '"
                + root.text("data")
                + "'; split the file");
      }
      fewShot = new FewShot((int) shots, seed, List.of(examples));
    }
    return TemplatedSamples.read(
        template,
        List.of(new TemplatedSamples.Source(data, checked(template, scorer), reading)),
        fewShot.files().stream().map(f -> TemplatedSamples.Source.of(f, reading)).toList(),
        fewShot);
  }

  /**
   * Refuses, where the place is still known, targets that the scorer cannot compare with, and
   * choices of which two are the same: both are as likely, and the question has no right answer.
   */
  private static Function<Row, Map<String, List<String>>> checked(
      TaskTemplate template, @Nullable AnswerScorer scorer) {
    return row -> {
      List<String> choices = template.item(row).choices();
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < choices.size(); i++) {
        if (!seen.add(choices.get(i).strip())) {
          throw row.fault(
              template.choiceField(i),
              "choices must differ but '" + choices.get(i) + "' occurs twice in " + choices);
        }
      }
      if (scorer != null) {
        for (String target : template.item(row).targets()) {
          scorer
              .problem(target)
              .ifPresent(
                  problem -> {
                    throw row.fault(template.targetField(), problem);
                  });
        }
      }
      return Map.of();
    };
  }

  private static AnswerScorer scorer(Row root) {
    String word = root.text("scorer");
    if (root.has("pattern") && !word.equals("regex")) {
      throw root.fault(
          "pattern", "only the scorer 'regex' has a pattern but it was '" + word + "'");
    }
    Map<String, Function<Row, AnswerScorer>> scorers =
        Map.of(
            "exact", row -> AnswerScorer.exact(),
            "numeric", row -> AnswerScorer.numeric(),
            "contains", row -> AnswerScorer.contains(),
            "f1", row -> AnswerScorer.f1(),
            "regex",
                row ->
                    AnswerScorer.regex(
                        DeclarationFile.converted(row, "pattern", Pattern::compile)));
    return DeclarationFile.oneOf(root, "scorer", scorers).apply(root);
  }

  private static SamplingOptions sampling(Row root) {
    long most = root.integer("maxNewTokens");
    if (most < 1 || most > Integer.MAX_VALUE) {
      throw root.fault("maxNewTokens", "maxNewTokens must be at least 1 but was " + most);
    }
    double temperature = root.optionalNumber("temperature").orElse(0);
    if (temperature < 0) {
      throw root.fault("temperature", "temperature must not be negative but was " + temperature);
    }
    List<String> stop = root.has("stop") ? root.strings("stop") : List.of();
    if (stop.contains("")) {
      throw root.fault("stop", "a stop string must not be empty");
    }
    SamplingOptions.Builder options =
        SamplingOptions.builder((int) most).temperature(temperature).stopStrings(stop);
    if (root.has("seed")) {
      options.seed(root.integer("seed"));
    }
    return options.build();
  }

  private static Metric metric(Row root) {
    Row metric = root.object("metric");
    DeclarationFile.requireOnly(metric, METRIC);
    Map<String, Function<Row, Direction>> directions =
        Map.of(
            "higher", row -> Direction.HIGHER,
            "lower", row -> Direction.LOWER,
            "neutral", row -> Direction.NEUTRAL,
            "ideal", row -> Direction.ideal(row.number("ideal")));
    String unit = metric.optionalString("unit").orElse("fraction");
    if (unit.strip().equals("%")) {
      throw metric.fault(
          "unit", "scores lie in [0, 1], so a unit must be a fraction or the like but was %");
    }
    Metric made =
        Metric.of(
                metric.text("name"),
                unit,
                DeclarationFile.oneOf(metric, "direction", directions).apply(metric))
            .withCitation(metric.optionalString("citation").orElse(""));
    try {
      return metric.has("chance") ? made.withChance(metric.number("chance")) : made;
    } catch (IllegalArgumentException e) {
      throw metric.fault("chance", String.valueOf(e.getMessage()));
    }
  }
}
