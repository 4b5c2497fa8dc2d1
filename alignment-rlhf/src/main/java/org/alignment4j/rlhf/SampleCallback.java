package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.StepLog;
import org.jspecify.annotations.Nullable;

/** Samples completions between steps. Owned by one run. */
final class SampleCallback implements LanguageCallback {
  static final String FILE = "samples.jsonl";
  static final String FORMAT = "alignment4j-samples";
  static final int VERSION = 1;

  private final SampleLog samples;
  private final ModelView.Language view;
  private final CancellationToken cancellation;
  private @Nullable StepLog log;

  SampleCallback(SampleLog samples, ModelView.Language view, CancellationToken cancellation) {
    this.samples = samples;
    this.view = view;
    this.cancellation = cancellation;
  }

  @Override
  public String description() {
    return "samples of %s prompts every %s steps"
        .formatted(samples.prompts().size(), samples.every());
  }

  @Override
  public boolean due(long step) {
    return step % samples.every() == 0;
  }

  @Override
  public boolean reports(String metric) {
    return false;
  }

  @Override
  public void begin(RunFolder folder) {
    log = folder.log(FILE, FORMAT, VERSION);
  }

  @Override
  public Map<String, Double> after(long step, PresentModel model) {
    try (DecoderModel open = view.open(model)) {
      return after(step, open);
    }
  }

  @Override
  public Map<String, Double> after(long step, DecoderModel model) {
    List<Completion> completions =
        model.generate(samples.prompts(), samples.options(), cancellation);
    if (log != null) {
      for (int i = 0; i < completions.size(); i++) {
        log.append(step, line(i, samples.prompts().get(i), completions.get(i)));
      }
    }
    samples.listener().sampled(step, completions);
    return Map.of();
  }

  private static Map<String, Object> line(int index, Prompt prompt, Completion completion) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("prompt_index", index);
    line.put("prompt", LoggedPrompt.of(prompt));
    line.put("completion", completion.text());
    line.put("finish_reason", completion.finishReason().name());
    line.put("tokens", completion.tokens().size());
    return line;
  }
}
