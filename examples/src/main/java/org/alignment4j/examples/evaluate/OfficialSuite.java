package org.alignment4j.examples.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.behaviour.Behaviour;
import org.alignment4j.eval.behaviour.ModelWrittenEval;
import org.alignment4j.eval.behaviour.QuestionForm;
import org.alignment4j.eval.bias.Bbq;
import org.alignment4j.eval.bias.CrowsPairs;
import org.alignment4j.eval.bias.StereoSet;
import org.alignment4j.eval.bias.WinoBias;
import org.alignment4j.eval.bias.Winogender;
import org.alignment4j.eval.ethics.Ethics;
import org.alignment4j.eval.factuality.ClozeFacts;
import org.alignment4j.eval.factuality.TruthfulQa;
import org.alignment4j.eval.general.Gsm8k;
import org.alignment4j.eval.refusal.XsTest;
import org.alignment4j.eval.solve.LoadedBenchmark;

/** The benchmarks whose official files a folder has, in a subfolder for each. */
public final class OfficialSuite {
  private static final int TOKENS = 96;
  private static final long SEED = 1;

  private final Path data;
  private final List<Path> unknown = new ArrayList<>();

  /**
   * A suite.
   *
   * @param data folder with subfolders such as {@code truthfulqa} and {@code bbq}
   */
  public OfficialSuite(Path data) {
    this.data = data;
  }

  /** Returns the files that the last reading left out, since it is not known what they ask. */
  public List<Path> unknown() {
    return List.copyOf(unknown);
  }

  /** Reads the files that are there. */
  public List<Benchmark> benchmarks() {
    unknown.clear();
    List<Benchmark> all = new ArrayList<>();
    add(all, "truthfulqa/TruthfulQA.csv", TruthfulQa::multipleChoice);
    add(all, "truthfulqa/TruthfulQA.csv", TruthfulQa::generation);
    add(all, "known1000/known_1000.json", ClozeFacts::known);
    add(all, "relations-lre", ClozeFacts::relations);
    add(all, "ethics/commonsense/cm_test.csv", Ethics::commonsense);
    add(all, "ethics/deontology/deontology_test.csv", Ethics::deontology);
    add(all, "ethics/justice/justice_test.csv", Ethics::justice);
    add(all, "ethics/virtue/virtue_test.csv", Ethics::virtue);
    add(all, "ethics/utilitarianism/util_test.csv", file -> Ethics.utilitarianism(file, SEED));
    for (String folder : List.of("human_generated_evals", "persona")) {
      for (Path file : files("anthropic-evals/" + folder)) {
        modelWritten(all, file);
      }
    }
    add(all, "stereoset/stereoset.json", StereoSet::of);
    add(all, "crows-pairs/crows_pairs_anonymized.csv", CrowsPairs::of);
    add(all, "bbq", Bbq::of);
    add(all, "winobias", WinoBias::of);
    add(all, "winogender", Winogender::of);
    add(all, "xstest/xstest_prompts.csv", file -> XsTest.of(file, SamplingOptions.greedy(TOKENS)));
    add(all, "gsm8k/test.jsonl", Gsm8k::of);
    return all;
  }

  private void modelWritten(List<Benchmark> all, Path file) {
    Behaviour behaviour;
    try {
      behaviour = Behaviour.ofFile(file);
    } catch (IllegalArgumentException e) {
      unknown.add(file);
      return;
    }
    all.add(ModelWrittenEval.of(file, behaviour, QuestionForm.DIALOGUE, ReadOptions.strict()));
  }

  private void add(List<Benchmark> all, String path, Function<Path, LoadedBenchmark> load) {
    if (Files.exists(data.resolve(path))) {
      all.add(load.apply(data.resolve(path)));
    }
  }

  private List<Path> files(String folder) {
    Path path = data.resolve(folder);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + path, e);
    }
  }
}
