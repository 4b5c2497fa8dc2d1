package org.alignment4j.eval.inner;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.solve.ScriptedLikelihoods;

/** A model whose likelihoods a script gives, and which counts how often it was closed. */
public final class TaughtModel implements LanguageModel, LikelihoodModel, AutoCloseable {

  private final String id;
  private final ScriptedLikelihoods script;
  private final AtomicInteger closed;

  /** Creates a model. */
  public TaughtModel(String id, ScriptedLikelihoods.Script script, AtomicInteger closed) {
    this.id = id;
    this.script = new ScriptedLikelihoods(script);
    this.closed = closed;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    throw new IllegalStateException("only likelihoods are scripted");
  }

  @Override
  public List<ContinuationScore> logProbabilities(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    return script.logProbabilities(continuations, cancellation);
  }

  @Override
  public void close() {
    closed.incrementAndGet();
  }
}
