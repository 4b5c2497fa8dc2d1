package org.alignment4j.readme;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.rlhf.Evaluation;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.RunReport;
import org.alignment4j.rlhf.SampleLog;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.Lora;

/** The README's code of a training that is watched. Between the markers it is the README's text. */
final class WatchedSnippet {
  private WatchedSnippet() {}

  static FineTuningResult run(
      DecoderModel base,
      Path file,
      Path folder,
      List<Prompt> prompts,
      ToDoubleFunction<DecoderModel> accuracy) {
    // start of the README's code
    List<PreferencePair> pairs = Preferences.read(file); // faults are told by line and field
    FineTuningResult result =
        PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .adapter(Lora.rank(16))
            .learningRate(1e-3)
            .epochs(4)
            .runFolder(folder)
            .evaluate(
                Evaluation.ofModel(
                    "held-out", 5, model -> Map.of("accuracy", accuracy.applyAsDouble(model))))
            .stopEarly(EarlyStopping.maximise("eval/held-out/accuracy", 3)) // gives the best
            .logSamples(SampleLog.of(prompts, SamplingOptions.greedy(40), 10))
            .train(pairs);
    Path page = RunReport.write(folder); // curves and samples, also while the run goes on
    // end of the README's code
    System.out.println("the run's page is " + page);
    return result;
  }
}
