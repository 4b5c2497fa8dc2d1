package org.alignment4j.runtime.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.alignment4j.api.model.BeamSearchOptions;

/**
 * The beams of one prompt, step by step, with the rules of Hugging Face transformers 4.47 ({@code
 * BeamSearchScorer}): of the best candidates, {@code max(2, 1 + end tokens)} times the beams, those
 * that end are finished if they are among the first {@code beams}, and the first {@code beams} of
 * the others live on. Used by one thread.
 */
final class BeamFrontier {

  /** Ranks candidates: the better first; of equal ones that of the earlier beam, the lower id. */
  private static final Comparator<Candidate> BY_RANK =
      Comparator.comparingDouble(Candidate::sum)
          .reversed()
          .thenComparingInt(Candidate::beam)
          .thenComparingInt(Candidate::token);

  private record Candidate(int beam, int token, double sum) {}

  private final BeamSearchOptions options;
  private final Set<Integer> eosTokenIds;
  private final LogitsPipeline penalties;
  private final int maxTokens;
  private final BeamHypotheses finished;
  private List<Beam> live;
  private List<Integer> parents = List.of();
  private boolean done;

  /**
   * A search that begins.
   *
   * @param maxTokens most tokens to generate
   */
  BeamFrontier(
      int[] prompt,
      BeamSearchOptions options,
      Set<Integer> eosTokenIds,
      LogitsPipeline penalties,
      int maxTokens) {
    this.options = options;
    this.eosTokenIds = eosTokenIds;
    this.penalties = penalties;
    this.maxTokens = maxTokens;
    this.finished = new BeamHypotheses(options, maxTokens);
    this.live = List.of(Beam.of(prompt));
  }

  /**
   * Takes a step.
   *
   * @param logits raw logits of each live beam
   */
  void advance(List<float[]> logits) {
    int tokens = live.get(0).generated() + 1;
    double[][] model = new double[live.size()][];
    double[][] searched = new double[live.size()][];
    for (int b = 0; b < model.length; b++) {
      Beam beam = live.get(b);
      model[b] = Rows.logSoftmax(logits.get(b));
      searched[b] = penalties.apply(model[b], beam.tokens(), beam.tokens().length);
    }
    List<Candidate> candidates = best(searched);
    List<Beam> next = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    for (int rank = 0; rank < candidates.size() && next.size() < options.beams(); rank++) {
      Candidate candidate = candidates.get(rank);
      int b = candidate.beam();
      int token = candidate.token();
      boolean ends = eosTokenIds.contains(token);
      if (ends && rank >= options.beams()) {
        continue;
      }
      Beam longer = live.get(b).with(token, searched[b][token], model[b][token]);
      if (ends) {
        finished.add(longer);
      } else {
        next.add(longer);
        from.add(b);
      }
    }
    if (candidates.isEmpty()) {
      live.stream().filter(beam -> beam.generated() > 0).forEach(finished::add);
      done = true;
      return;
    }
    done = finished.done(candidates.get(0).sum(), tokens);
    live = next;
    parents = from;
    if (!done && (tokens == maxTokens || live.isEmpty())) {
      live.forEach(finished::add);
      done = true;
    }
  }

  private List<Candidate> best(double[][] searched) {
    int count = Math.max(2, 1 + eosTokenIds.size()) * options.beams();
    PriorityQueue<Candidate> worstFirst = new PriorityQueue<>(BY_RANK.reversed());
    for (int b = 0; b < searched.length; b++) {
      for (int token = 0; token < searched[b].length; token++) {
        double logProb = searched[b][token];
        if (logProb == LogitsProcessor.REMOVED) {
          continue;
        }
        double sum = live.get(b).sum() + logProb;
        // Later candidates never win a tie, so only better ones are made.
        if (worstFirst.size() < count || sum > worstFirst.element().sum()) {
          worstFirst.add(new Candidate(b, token, sum));
          if (worstFirst.size() > count) {
            worstFirst.remove();
          }
        }
      }
    }
    return worstFirst.stream().sorted(BY_RANK).toList();
  }

  boolean done() {
    return done;
  }

  List<Beam> live() {
    return live;
  }

  /** The beam of the step before that each live beam continues. */
  List<Integer> parents() {
    return parents;
  }

  /** The best hypotheses, best first. */
  List<BeamHypotheses.Finished> result() {
    return finished.best(options.returned());
  }
}
