package org.alignment4j.eval.factuality.selfcheck;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Model;

/**
 * Has the model check sentences. An n-gram check sees the whole passage; others are asked about the
 * sentences of the batch alone, in one call.
 *
 * @param required what a model must be able to do
 * @param checker makes the check of a model
 * @param passages the passages by id
 */
record DetectionSolver(
    Class<? extends Model> required,
    Function<Model, SentenceCheck> checker,
    Map<String, SampledPassage> passages)
    implements Solver {

  static final String SENTENCE = "sentence";

  DetectionSolver {
    passages = Map.copyOf(passages);
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(required);
  }

  @Override
  public List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation) {
    SentenceCheck check = checker.apply(model);
    boolean whole = check instanceof NgramCheck;
    Map<String, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      places.computeIfAbsent(samples.get(i).cluster(), id -> new ArrayList<>()).add(i);
    }
    List<SampledPassage> asked = new ArrayList<>();
    places.forEach(
        (id, own) -> {
          SampledPassage all = passage(id);
          asked.add(whole ? all : new SampledPassage(sentences(samples, own), all.samples()));
        });
    List<List<SentenceScore>> scores = SelfCheckScorer.scores(check, asked, cancellation);
    Map<Integer, Answer> answers = new LinkedHashMap<>();
    int passage = 0;
    for (List<Integer> own : places.values()) {
      for (int k = 0; k < own.size(); k++) {
        int at = whole ? number(samples.get(own.get(k))) : k;
        SentenceScore score = scores.get(passage).get(at);
        Completion line = Completion.of(ScoreLine.of(score), FinishReason.EOS, score.usage());
        answers.put(own.get(k), new Answer(List.of(line), List.of(), line.usage()));
      }
      passage++;
    }
    List<Answer> ordered = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      ordered.add(Objects.requireNonNull(answers.get(i)));
    }
    return ordered;
  }

  private SampledPassage passage(String id) {
    SampledPassage passage = passages.get(id);
    if (passage == null) {
      throw new IllegalArgumentException("a sample must be of a passage but '" + id + "' is none");
    }
    return passage;
  }

  private List<String> sentences(List<Sample> samples, List<Integer> places) {
    return places.stream()
        .map(samples::get)
        .map(sample -> passage(sample.cluster()).sentences().get(number(sample)))
        .toList();
  }

  private static int number(Sample sample) {
    return Integer.parseInt(sample.metadata().getOrDefault(SENTENCE, ""));
  }
}
