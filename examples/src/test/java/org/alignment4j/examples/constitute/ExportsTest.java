package org.alignment4j.examples.constitute;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.core.data.Demonstrations;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.Respondent;
import org.alignment4j.oversight.constitution.AiPreferences;
import org.alignment4j.oversight.constitution.Bounds;
import org.alignment4j.oversight.constitution.ConstitutionLabeler;
import org.alignment4j.oversight.constitution.CritiqueRevision;
import org.alignment4j.oversight.constitution.HelpfulAnswers;
import org.alignment4j.oversight.constitution.PairLabel;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.RequestKind;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What oversight exports is trained on as it is, whether handed on or read from its file. */
class ExportsTest {
  private static final SamplingOptions SAMPLED = SamplingOptions.builder(20).temperature(1).build();
  private static final List<Prompt> PROMPTS =
      BundledPocket.world().trainingRequests(RequestKind.HARMFUL, 9, 4).stream()
          .<Prompt>map(Request::prompt)
          .toList();

  @TempDir Path folder;

  /** Says something else by each seed. */
  private record Changeable() implements LanguageModel {
    @Override
    public String id() {
      return "changeable";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      List<Completion> said = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        String text = "I can't help with that, \"" + options.seed().orElse(0) + "\".\nÜber 1 %.";
        Usage usage = new Usage(1, 0, 0, 0, 0, 0, Duration.ZERO);
        said.add(Completion.of(text, FinishReason.EOS, usage));
      }
      return said;
    }
  }

  @Test
  void demonstrations() {
    OversightContext context = OversightContext.of(3);
    List<Demonstration> made =
        new ArrayList<>(
            CritiqueRevision.by(new Changeable(), WorldPrinciple.constitution())
                .revisions(2)
                .build()
                .demonstrations()
                .generate(PROMPTS, context)
                .examples());
    made.addAll(
        HelpfulAnswers.of(Respondent.of(new Changeable(), SAMPLED))
            .demonstrations()
            .generate(PROMPTS, context)
            .examples());
    assertThat(made).hasSize(4 * 2 + 4 * 2).doesNotHaveDuplicates();
    Path file = folder.resolve("demonstrations.jsonl");
    Demonstrations.write(file, made);
    assertThat(List.copyOf(Demonstrations.read(file))).isEqualTo(made);
    try (DecoderModel base = BundledPocket.load(folder);
        DecoderModel direct = tuned(base, made);
        DecoderModel fromFile = tuned(base, Demonstrations.read(file))) {
      assertThat(direct.id()).isNotEqualTo(base.id()).isEqualTo(fromFile.id());
    }
  }

  private static DecoderModel tuned(DecoderModel base, List<Demonstration> demonstrations) {
    return SftTrainer.of(base)
        .seed(1)
        .epochs(1)
        .batchSize(8)
        .learningRate(1e-4)
        .trainDemonstrations(demonstrations)
        .model();
  }

  @Test
  void preferences() {
    ConstitutionLabeler labeler =
        ConstitutionLabeler.of(
            WorldPrinciple.constitution(),
            (comparison, principle, context) -> {
              double longer =
                  comparison.first().hashCode() > comparison.second().hashCode() ? 1 : 0;
              OptionalDouble label = OptionalDouble.of(0.3 + 0.4 * longer);
              return new PairLabel(label, label, Bounds.NONE, Usage.NONE);
            });
    List<PreferencePair> made =
        new AiPreferences(Respondent.of(new Changeable(), SAMPLED), labeler)
            .generate(PROMPTS, OversightContext.of(3))
            .examples();
    assertThat(made).hasSize(4).allMatch(pair -> Math.abs(pair.probability() - 0.7) < 1e-12);
    Path file = folder.resolve("preferences.jsonl");
    Preferences.write(file, made);
    assertThat(List.copyOf(Preferences.read(file))).isEqualTo(made);
    List<PreferencePair> certain =
        made.stream().map(p -> new PreferencePair(p.prompt(), p.chosen(), p.rejected())).toList();
    try (DecoderModel base = BundledPocket.load(folder);
        DecoderModel direct = preferred(base, made);
        DecoderModel fromFile = preferred(base, Preferences.read(file));
        DecoderModel hard = preferred(base, certain)) {
      assertThat(direct.id()).isNotEqualTo(base.id()).isEqualTo(fromFile.id());
      assertThat(hard.id()).isNotEqualTo(direct.id());
    }
  }

  private static DecoderModel preferred(DecoderModel base, List<PreferencePair> pairs) {
    return PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
        .seed(1)
        .epochs(1)
        .batchSize(2)
        .learningRate(1e-4)
        .train(pairs)
        .model();
  }
}
