package org.alignment4j.eval.solve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;

/**
 * A model whose tokens are words, as likely together as a script says; remembers what it was asked.
 */
public final class ScriptedLikelihoods implements LikelihoodModel {

  /** How likely a text is after a prompt. */
  @FunctionalInterface
  public interface Script {
    double logProbability(String prompt, String text);
  }

  private final Script script;
  private final List<List<Continuation>> calls = new ArrayList<>();

  /** Creates a model of a script. */
  public ScriptedLikelihoods(Script script) {
    this.script = script;
  }

  /** A model that finds every text as likely as another. */
  public static ScriptedLikelihoods constant() {
    return new ScriptedLikelihoods((prompt, text) -> -1);
  }

  /** A model whose log-probabilities are drawn by prompt, text and seed. */
  public static ScriptedLikelihoods random(long seed) {
    return new ScriptedLikelihoods((prompt, text) -> -10 * uniform(prompt + "\0" + text, seed));
  }

  /** A number from 0 to 1 that a text and a seed determine (FNV-1a and SplitMix64). */
  public static double uniform(String text, long seed) {
    long z = 0xcbf29ce484222325L ^ (seed * 0x9e3779b97f4a7c15L);
    for (int i = 0; i < text.length(); i++) {
      z = (z ^ text.charAt(i)) * 0x100000001b3L;
    }
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
  }

  @Override
  public String id() {
    return "scripted";
  }

  /** The continuations of each call. */
  public List<List<Continuation>> calls() {
    return calls;
  }

  @Override
  public List<ContinuationScore> logProbabilities(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    calls.add(List.copyOf(continuations));
    return continuations.stream().map(this::score).toList();
  }

  private ContinuationScore score(Continuation continuation) {
    String text = ((Continuation.OfText) continuation).text();
    String prompt =
        continuation.prompt() instanceof Prompt.Text plain
            ? plain.text()
            : continuation.prompt().toString();
    int words = text.strip().split(" +").length;
    double[] each = new double[words];
    // On one token, so that sums are exact.
    each[0] = script.logProbability(prompt, text);
    return new ContinuationScore(
        TokenIds.of(new int[words]),
        LogProbs.of(each),
        false,
        0,
        Usage.ofScoring(3, words, Duration.ofMillis(2)));
  }
}
