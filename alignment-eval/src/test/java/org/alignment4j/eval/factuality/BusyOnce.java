package org.alignment4j.eval.factuality;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;

/** A model whose first call fails in a way that passes. */
public final class BusyOnce implements LanguageModel {
  private final AtomicBoolean busy = new AtomicBoolean(true);
  private final LanguageModel model;

  /** Puts the failure before a model. */
  public BusyOnce(LanguageModel model) {
    this.model = model;
  }

  /** Whether the failure has happened. */
  public boolean wasBusy() {
    return !busy.get();
  }

  @Override
  public String id() {
    return model.id();
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    if (busy.getAndSet(false)) {
      throw new RemoteCallException("busy", 503, true, Duration.ZERO, null);
    }
    return model.generate(prompts, options, cancellation);
  }
}
