package org.alignment4j.rlhf.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BestOfNTest {

  private static final RewardModel LETTERS_E =
      new RewardModel() {
        @Override
        public String id() {
          return "letters e";
        }

        @Override
        public List<Reward> score(List<PromptCompletion> answers, CancellationToken token) {
          return answers.stream()
              .map(a -> Reward.of(a.completion().chars().filter(c -> c == 'e').count()))
              .toList();
        }
      };

  /** Gives the texts in order, the k-th time a prompt occurs the k-th. */
  private record Listed(List<String> texts) implements LanguageModel {
    @Override
    public String id() {
      return "listed";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      Map<Prompt, Integer> seen = new HashMap<>();
      List<Completion> completions = new ArrayList<>();
      for (Prompt prompt : prompts) {
        int k = seen.merge(prompt, 1, Integer::sum) - 1;
        completions.add(
            Completion.of(
                texts.get(k), FinishReason.EOS, Usage.ofGeneration(2, k + 1, Duration.ofNanos(5))));
      }
      return completions;
    }
  }

  private static final SamplingOptions SAMPLING = SamplingOptions.sampling(8, 3);

  @Test
  void theFirstOfTheBestIsTakenAndAllSamplesCount() {
    LanguageModel model = new Listed(List.of("a", "eel", "ever", "see", "eee", "x"));
    BestOfN best = BestOfN.of(model, LETTERS_E, 3);
    Prompt prompt = Prompt.text("p");
    List<Completion> answers = best.generate(List.of(prompt, Prompt.text("q"), prompt), SAMPLING);
    assertThat(answers).extracting(Completion::text).containsExactly("eel", "eel", "eee");
    assertThat(answers.get(0).usage())
        .isEqualTo(new Usage(3, 6, 0, 1 + 2 + 3, 0, 0, Duration.ofNanos(15)));
    assertThat(answers.get(2).usage().completionTokens()).isEqualTo(4 + 5 + 6);
    assertThat(best.id()).isEqualTo("best of 3 samples of listed by letters e");
    assertThat(best.n()).isEqualTo(3);
    assertThat(best.candidates(List.of(prompt), SAMPLING, CancellationToken.none()).get(0))
        .extracting(c -> c.reward().value())
        .containsExactly(0.0, 2.0, 2.0);
  }

  @Test
  void aRealModelAnswersTheSameUnderASeedAndBetterThanItsFirstSample(@TempDir Path folder) {
    try (DecoderModel model = TestModels.pocket(folder)) {
      BestOfN best = BestOfN.of(model, LETTERS_E, 4);
      List<Prompt> prompts = List.of(Prompt.text("One day Tim saw"), Prompt.text("Once Lily"));
      List<Completion> answers = best.generate(prompts, SAMPLING);
      assertThat(best.generate(prompts, SAMPLING))
          .extracting(Completion::text)
          .isEqualTo(answers.stream().map(Completion::text).toList());
      for (int i = 0; i < 2; i++) {
        String expected =
            model.samples(prompts.get(i), 4, SAMPLING).stream()
                .map(Completion::text)
                .max(Comparator.comparingLong(t -> t.chars().filter(c -> c == 'e').count()))
                .orElseThrow();
        assertThat(answers.get(i).text().chars().filter(c -> c == 'e').count())
            .isEqualTo(expected.chars().filter(c -> c == 'e').count());
      }
      assertThat(best.generate(prompts.get(1), SAMPLING).text()).isEqualTo(answers.get(1).text());
    }
  }

  /** KL of the best of n of a uniform distribution over many scores, told from its definition. */
  @Test
  void theBoundIsReachedWithoutTiesAndKeptWithThem() {
    for (int n : new int[] {1, 2, 4, 16}) {
      assertThat(divergence(n, 200_000))
          .isCloseTo(BestOfN.klBound(n), within(1e-3))
          .isLessThanOrEqualTo(BestOfN.klBound(n) + 1e-12);
      assertThat(divergence(n, 3)).isLessThanOrEqualTo(BestOfN.klBound(n) + 1e-12);
    }
    assertThat(divergence(16, 3)).isLessThan(BestOfN.klBound(16) - 0.5);
    assertThat(BestOfN.of(new Listed(List.of()), LETTERS_E, 4).klBound())
        .isEqualTo(Math.log(4) - 0.75);
    assertThat(BestOfN.klBound(1)).isZero();
  }

  /** Of the maximum of n uniform draws among so many equally likely values. */
  private static double divergence(int n, int values) {
    double sum = 0;
    for (int i = 1; i <= values; i++) {
      double p = Math.pow((double) i / values, n) - Math.pow((i - 1.0) / values, n);
      if (p > 0) {
        sum += p * Math.log(p * values);
      }
    }
    return sum;
  }

  /** The estimate from N samples agrees with choosing again and again. */
  @Test
  void theEstimateIsWhatChoosingGives() {
    Random random = new Random(4);
    double[] proxy = random.doubles(12).toArray();
    double[] gold = random.doubles(12).toArray();
    double sum = 0;
    int draws = 100_000;
    for (int draw = 0; draw < draws; draw++) {
      List<Integer> left = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        left.add(i);
      }
      int best = -1;
      for (int k = 0; k < 3; k++) {
        int i = left.remove(random.nextInt(left.size()));
        best = best < 0 || proxy[i] > proxy[best] ? i : best;
      }
      sum += gold[best];
    }
    assertThat(BestOfNEstimates.expected(proxy, gold, 3)).isCloseTo(sum / draws, within(6e-3));
  }

  /** The model that fails and the sample that it fails of are named. */
  @Test
  void aSampleWithoutANumberIsNamed() {
    LanguageModel model = new Listed(List.of("a", "eel", "bad", "see"));
    RewardModel broken =
        new RewardModel() {
          @Override
          public String id() {
            return "broken";
          }

          @Override
          public List<Reward> score(List<PromptCompletion> answers, CancellationToken token) {
            return answers.stream()
                .map(a -> Reward.of(a.completion().equals("bad") ? Double.NaN : 1))
                .toList();
          }
        };
    SamplingOptions sampling = SamplingOptions.sampling(4, 1);
    List<Prompt> prompts = List.of(Prompt.text("x"), Prompt.text("y"));
    assertThatThrownBy(
            () ->
                BestOfN.of(model, broken, 4)
                    .candidates(prompts, sampling, CancellationToken.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "reward model 'broken' must score every sample but failed: sample 2 of prompts[0]:"
                + " reward value must be finite but was NaN");
  }

  @Test
  void badInputIsRefused() {
    LanguageModel model = new Listed(List.of("a", "b"));
    assertThatThrownBy(() -> BestOfN.of(model, LETTERS_E, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n must be at least 1 but was 0");
    assertThatThrownBy(() -> BestOfN.klBound(0)).hasMessageContaining("but was 0");
    assertThatThrownBy(
            () ->
                BestOfN.of(model, LETTERS_E, 2)
                    .generate(Prompt.text("p"), SamplingOptions.greedy(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("temperature must be positive", "best of 2");
    assertThat(
            BestOfN.of(model, LETTERS_E, 1)
                .generate(Prompt.text("p"), SamplingOptions.greedy(4))
                .text())
        .isEqualTo("a");
    RewardModel few =
        new RewardModel() {
          @Override
          public String id() {
            return "few";
          }

          @Override
          public List<Reward> score(List<PromptCompletion> answers, CancellationToken token) {
            return List.of(Reward.of(1));
          }
        };
    assertThatThrownBy(() -> BestOfN.of(model, few, 2).generate(Prompt.text("p"), SAMPLING))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContainingAll("rewards", "each of 2 samples", "there were 1");
  }
}
