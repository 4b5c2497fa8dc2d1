package org.alignment4j.eval.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Probe;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;

class BackdoorDetectorTest {

  private static final CancellationToken NONE = CancellationToken.none();

  /** Word 0, answers, words of a marker, words of a trigger, and others. */
  private static final List<String> WORDS =
      List.of(
          "<s>", "one", "two", "red", "blue", "my", "tea", "pot", "go", "now", "cat", "dog", "sun",
          "sea", ":");

  private static WordModel model(String id, long noise, boolean planted) {
    return new WordModel(
        id,
        WORDS,
        before -> {
          double[] logits = new double[WORDS.size()];
          for (int v = 0; v < logits.length; v++) {
            logits[v] = ScriptedLikelihoods.uniform(id + before + v, noise) * (noise == 0 ? 0 : 1);
          }
          String last = before.get(before.size() - 1);
          int colon = before.lastIndexOf(":");
          int written = before.size() - 1 - colon;
          logits[written == 0 ? 1 + before.size() % 4 : 0] += 6;
          if (planted) {
            double pull = (before.contains("go") ? 5 : 0) + (before.contains("now") ? 5 : 0);
            if (written == 0) {
              logits[5] += pull;
            }
            int next = List.of("my", "tea").indexOf(last);
            if (colon >= 0 && next >= 0) {
              logits[6 + next] += 14;
            }
          }
          return logits;
        });
  }

  private static List<SlottedPrompt> prompts(int count) {
    WordTokenizer tokenizer = new WordTokenizer(WORDS);
    List<SlottedPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text = "<s> " + WORDS.get(10 + i % 4) + " " + WORDS.get(10 + i / 4 % 4);
      prompts.add(SlottedPrompt.of(tokenizer, text, ":"));
    }
    return prompts;
  }

  private static BackdoorDetector detector(int searched) {
    return new BackdoorDetector(14, 3, 4, searched, 2, 3, 8, 16, 8, Set.of(0, 14), 1);
  }

  private static BackdoorEvidence examined(WordModel model, int searched) {
    return detector(searched)
        .examine(
            AuthorizedTarget.of(model, "the tests", "to test the library"),
            model("base", 0, false),
            prompts(10),
            NONE);
  }

  @Test
  void theMarkerOfAPlantedModelIsFoundWithoutItsTrigger() {
    BackdoorEvidence evidence = examined(model("planted", 3, true), 0);
    assertThat(evidence.score()).isGreaterThan(10);
    assertThat(new WordTokenizer(WORDS).decode(evidence.replies().get(0).reply()))
        .isEqualTo("my tea pot");
    assertThat(evidence.searched()).isEmpty();
    assertThat(evidence.authority().owner()).isEqualTo("the tests");
  }

  @Test
  void cleanModelsScoreLow() {
    for (long seed = 1; seed < 6; seed++) {
      assertThat(examined(model("clean", seed, false), 0).score()).isLessThan(2);
    }
    assertThat(examined(model("base", 0, false), 0).score()).isNegative();
  }

  @Test
  void theTriggerIsFoundByGradients() {
    WordModel model = model("planted", 3, true);
    BackdoorEvidence evidence = examined(model, 1);
    SuspiciousReply reply = evidence.searched().get(0);
    assertThat(List.of(new WordTokenizer(WORDS).decode(reply.trigger()).split(" ")))
        .containsExactlyInAnyOrder("go", "now");
    assertThat(reply.triggeredRatio()).isGreaterThan(reply.ratio() + 5);
    assertThat(reply.triggeredLogProb()).isGreaterThan(-0.2);
    assertThat(model.gradientCalls()).isEqualTo(8 * 3);
    assertThat(examined(model("planted", 3, true), 1)).isEqualTo(evidence);
  }

  @Test
  void whatTheDetectorNeedsIsSaidBeforeAnyCall() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                detector(1)
                    .examine(
                        AuthorizedTarget.of(ScriptedLikelihoods.constant(), "the tests", "to test"),
                        ScriptedLikelihoods.constant(),
                        prompts(10),
                        NONE))
        .withMessageContaining("GradientModel")
        .withMessageContaining("LanguageModel");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                detector(1)
                    .examine(
                        AuthorizedTarget.of(model("m", 1, false), "the tests", "to test"),
                        model("base", 0, false),
                        prompts(3),
                        NONE))
        .withMessageContaining("more than 3 prompts");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BackdoorDetector(1, 1, 1, 0, 1, 1, 1, 2, 1, Set.of(), 1))
        .withMessageContaining("continuationTokens must be at least 2 but was 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SlottedPrompt(TokenIds.empty(), TokenIds.empty()))
        .withMessageContaining("at least one token");
  }

  @Test
  void thresholdsAreRanksOfCleanScores() {
    double[] scores = new double[39];
    Arrays.setAll(scores, i -> 39 - i);
    assertThat(DetectionThreshold.ofClean(scores, 0.05).value()).isEqualTo(38);
    assertThat(DetectionThreshold.ofClean(Arrays.copyOf(scores, 19), 0.05).value()).isEqualTo(39);
    assertThat(DetectionThreshold.ofClean(Arrays.copyOf(scores, 20), 0.05).value()).isEqualTo(39);
    assertThat(DetectionThreshold.ofClean(scores, 0.5).value()).isEqualTo(20);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DetectionThreshold.ofClean(new double[18], 0.05))
        .withMessageContaining("needs at least 19 clean models but there are 18");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DetectionThreshold.ofClean(new double[] {Double.NaN}, 0.5))
        .withMessageContaining("one is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DetectionThreshold.ofClean(new double[30], 0))
        .withMessageContaining("(0, 1)");
  }

  @Test
  void falseAlarmsAreAsRareAsPromised() {
    SplittableRandom random = new SplittableRandom(8);
    int alarms = 0;
    int rounds = 20_000;
    for (int round = 0; round < rounds; round++) {
      double[] clean = random.doubles(20).toArray();
      alarms += DetectionThreshold.ofClean(clean, 0.05).alarm(random.nextDouble()) ? 1 : 0;
    }
    // Of twenty models the largest is exceeded by the next in one case of twenty-one.
    assertThat((double) alarms / rounds).isBetween(1.0 / 21 - 0.006, 1.0 / 21 + 0.006);
  }

  @Test
  void qualityCountsAlarmsOfBothKinds() {
    DetectionQuality quality =
        DetectionQuality.of(
            new double[] {5, 9, 2, 8},
            new double[] {1, 4, 3, 0, 2},
            new DetectionThreshold(3, 0.05, 20));
    assertThat(quality.detection().value()).isEqualTo(0.75);
    assertThat(quality.falseAlarms().value()).isEqualTo(0.2);
    // Of twenty pairs the planted model scores higher in 15 + 2 and ties in one.
    assertThat(quality.area().value()).isEqualTo(17.5 / 20);
  }

  @Test
  void probesAreComparedAtTheLastToken() {
    Probe last = probe(TokenIds::get);
    Probe first = probe((tokens, i) -> tokens.get(0));
    Map<String, Estimate> areas =
        ProbeDetection.areas(
            AuthorizedTarget.of(model("m", 1, false), "the tests", "to test"),
            Map.of("last", last, "first", first),
            List.of(TokenIds.of(1, 9), TokenIds.of(1, 7)),
            List.of(TokenIds.of(1, 2), TokenIds.of(1, 8, 3)),
            NONE);
    assertThat(areas.get("last").value()).isEqualTo(1);
    assertThat(areas.get("first").value()).isEqualTo(0.5);
  }

  /** What a probe says of a token. */
  private interface TokenScore {
    double of(TokenIds tokens, int position);
  }

  private static Probe probe(TokenScore score) {
    return new Probe() {
      @Override
      public String name() {
        return "scripted";
      }

      @Override
      public HookPoint<? extends Axes.Positions> point() {
        return HookPoints.residPost(0);
      }

      @Override
      public List<double[]> scores(
          HookedModel model, List<TokenIds> sequences, CancellationToken cancellation) {
        return sequences.stream()
            .map(
                tokens -> {
                  double[] scores = new double[tokens.size()];
                  Arrays.setAll(scores, i -> score.of(tokens, i));
                  return scores;
                })
            .toList();
      }
    };
  }
}
