package org.alignment4j.eval.redteam.suffix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.eval.redteam.AttackCampaign;
import org.alignment4j.eval.redteam.AttackComparison;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackJournal;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.AttackRun;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.LongestMatchTokenizer;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.SuccessCriterion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcgTest {

  private static final class RemoteModel implements LanguageModel {
    @Override
    public String id() {
      return "remote";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      return List.of();
    }
  }

  private static final PromptFrame FRAME = PromptFrame.text("Say:{{attack}}\nReply:", "");
  private static final SearchOptions OPTIONS =
      SearchOptions.defaults()
          .withInitial(" aaa".repeat(PlantedModel.SLOTS))
          .withSearch(200, 48, 8)
          .withBatches(20, 1);

  private static List<AttackGoal> goals(int count) {
    List<AttackGoal> goals = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      goals.add(new AttackGoal("g" + i, "", " yes"));
    }
    return goals;
  }

  private static PlantedModel model() {
    Tokenizer tokenizer = PlantedModel.words(400);
    PlantedModel model = new PlantedModel(tokenizer, 3);
    for (int slot = 0; slot < PlantedModel.SLOTS; slot++) {
      model.plant(slot, 40 + 37 * slot);
    }
    return model;
  }

  private static AuthorizedTarget target(PlantedModel model) {
    return AuthorizedTarget.of(model, "the test", "a planted optimum");
  }

  private static Gcg gcg(SearchOptions options) {
    return Gcg.of(FRAME, SuccessCriterion.begins(), options);
  }

  private static AttackOutcome one(PlantedModel model, SearchOptions options) {
    return AttackCampaign.of(gcg(options), target(model)).run(goals(1)).outcomes().get(0);
  }

  @Test
  void findsThePlantedOptimum() {
    PlantedModel model = model();
    AttackOutcome outcome = one(model, OPTIONS);
    StringBuilder expected = new StringBuilder("Say:");
    for (int slot = 0; slot < PlantedModel.SLOTS; slot++) {
      expected.append(model.tokenizer().token(40 + 37 * slot));
    }
    assertThat(outcome.reached()).isTrue();
    assertThat(outcome.prompt()).isEqualTo(expected + "\nReply:");
    assertThat(outcome.figures().get("loss")).isCloseTo(PlantedModel.LEAST, within(1e-9));
    assertThat(outcome.reply()).isEqualTo(" yes");
    // The loss proved the target, so that it was tested at once and only once.
    assertThat(outcome.effort().queries()).isEqualTo(1);
    assertThat(outcome.effort().steps()).isLessThan(60);
  }

  @Test
  void beatsRandomSwapsAtEqualForwards() {
    PlantedModel model = model();
    AttackRun found = AttackCampaign.of(gcg(OPTIONS), target(model)).run(goals(12));
    RandomSwaps random =
        RandomSwaps.of(FRAME, SuccessCriterion.begins(), OPTIONS).atForwardsOf(found);
    AttackRun baseline = AttackCampaign.of(random, target(model)).run(goals(12));
    for (int i = 0; i < 12; i++) {
      // Not one forward more, and none fewer unless it succeeded.
      assertThat(baseline.outcomes().get(i).effort().forwards())
          .isEqualTo(found.outcomes().get(i).effort().forwards());
      assertThat(baseline.outcomes().get(i).figures().get("loss"))
          .isGreaterThan(found.outcomes().get(i).figures().get("loss"));
    }
    AttackComparison comparison = AttackComparison.of(found, baseline);
    assertThat(found.successRate().value()).isEqualTo(1);
    assertThat(comparison.difference().ciLow()).isPositive();
    assertThat(comparison.test().pValue()).isLessThan(0.01);
    assertThat(baseline.effort().forwards()).isEqualTo(found.effort().forwards());
  }

  @Test
  void countsEveryForward() {
    PlantedModel model = model();
    AttackOutcome outcome = one(model, OPTIONS.withSearch(2, 48, 8));
    assertThat(outcome.reached()).isFalse();
    assertThat(model.gradients).isEqualTo(2);
    assertThat(outcome.effort().forwards()).isEqualTo(3L * 2 + model.evaluated.size());
    assertThat(model.evaluated).hasSizeBetween(80, 1 + 2 * 48);
    assertThat(outcome.figures().get("candidates")).isEqualTo(model.evaluated.size());
    assertThat(model.largestCall).isEqualTo(20);
    // One token of the target in each.
    assertThat(outcome.effort().usage().scoredTokens()).isEqualTo(model.evaluated.size() + 2);
    assertThat(outcome.curve()).isSortedAccordingTo((a, b) -> Double.compare(b.loss(), a.loss()));
  }

  @Test
  void sameSeedSameTokensWhateverTheBatches() {
    AttackOutcome first = one(model(), OPTIONS.withSeed(5));
    assertThat(one(model(), OPTIONS.withSeed(5).withBatches(7, 3)).prompt())
        .isEqualTo(first.prompt());
    PlantedModel one = model();
    PlantedModel same = model();
    PlantedModel other = model();
    one(one, OPTIONS.withSeed(5));
    one(same, OPTIONS.withSeed(5).withBatches(7, 3));
    one(other, OPTIONS.withSeed(6));
    assertThat(same.evaluated).isEqualTo(one.evaluated);
    assertThat(other.evaluated).isNotEqualTo(one.evaluated);
  }

  @Test
  void interruptedAnywhereEndsAsIfNot(@TempDir Path folder) {
    SearchOptions options = OPTIONS.withSearch(12, 48, 8).withTests(3, 8);
    AttackRun whole = AttackCampaign.of(gcg(options), target(model())).run(goals(2));
    for (int calls = 1; calls < 90; calls += 7) {
      Path file = folder.resolve(calls + ".jsonl");
      int runs = 0;
      while (true) {
        PlantedModel model = model();
        // Enough for one step, so that every run gets on.
        model.callsLeft = calls + 6;
        try (AttackJournal journal = AttackJournal.open(file)) {
          runs++;
          AttackRun run =
              AttackCampaign.of(gcg(options), target(model)).journal(journal).run(goals(2));
          assertThat(run).isEqualTo(whole);
          break;
        } catch (CancelledException e) {
          assertThat(runs).isLessThan(60);
        }
      }
      assertThat(runs).isGreaterThan(calls < 40 ? 1 : 0);
      PlantedModel silent = model();
      silent.callsLeft = 0;
      try (AttackJournal journal = AttackJournal.open(file)) {
        assertThat(AttackCampaign.of(gcg(options), target(silent)).journal(journal).run(goals(2)))
            .isEqualTo(whole);
      }
    }
  }

  @Test
  void candidatesAreAsciiAndSurvive() {
    PlantedModel model = model();
    Tokenizer tokenizer = model.tokenizer();
    int accent = tokenizer.encode(" é").get(0);
    int q = tokenizer.encode(" q").get(0);
    int z = tokenizer.encode("z").get(0);
    for (int slot = 0; slot < PlantedModel.SLOTS; slot++) {
      model.weights[slot][accent] = -1;
      model.weights[slot][0] = -1;
      model.weights[slot][q] = 0;
      model.weights[slot][z] = 0;
    }
    one(model, OPTIONS);
    assertThat(model.evaluated).hasSizeGreaterThan(100);
    for (TokenIds candidate : model.evaluated) {
      assertThat(candidate.stream()).doesNotContain(accent, 0);
      assertThat(tokenizer.encode(tokenizer.decode(candidate))).isEqualTo(candidate);
    }
    PlantedModel free = model();
    one(free, OPTIONS.withRules(false, false, false));
    assertThat(free.evaluated.stream().flatMapToInt(TokenIds::stream)).doesNotContain(0);
  }

  @Test
  void candidatesAreNewAndNeverThePresentTokens() {
    PlantedModel model = model();
    one(model, OPTIONS.withSearch(1, 40, 8));
    assertThat(new HashSet<>(model.evaluated)).hasSameSizeAs(model.evaluated);
  }

  @Test
  void stepsWithoutSurvivorsKeepTheTokens() {
    // Whatever is swapped in, the pieces merge when they are read again.
    Tokenizer merging =
        new LongestMatchTokenizer(
            List.of("<s>", "Say:", "\nReply:", " y", "b", "ab", "abb", "Say:b"));
    PlantedModel model = new PlantedModel(merging, 1);
    PromptFrame frame = PromptFrame.text("Say:{{attack}}\nReply:", "");
    SearchOptions options = OPTIONS.withInitial("abababababab").withSearch(5, 8, 1);
    for (float[] row : model.weights) {
      row[4] = -1;
    }
    AttackOutcome outcome =
        AttackCampaign.of(Gcg.of(frame, SuccessCriterion.begins(), options), target(model))
            .run(List.of(new AttackGoal("g", "", " y")))
            .outcomes()
            .get(0);
    assertThat(outcome.prompt()).isEqualTo("Say:abababababab\nReply:");
    assertThat(outcome.success()).isEqualTo(new Score.Scored(0));
    assertThat(outcome.figures().get("steps without survivors")).isEqualTo(5);
    RandomSwaps random = RandomSwaps.of(frame, SuccessCriterion.begins(), options);
    assertThat(random.options()).doesNotContainKey("topK");
  }

  @Test
  void tiesAreDrawnAndNaNNeverWins() {
    int[] counts = new int[4];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 3000; i++) {
      counts[TokenSearch.lowest(new double[] {1, 0, Double.NaN, 0}, random)]++;
    }
    assertThat(counts[0] + counts[2]).isZero();
    assertThat(counts[1]).isBetween(1350, 1650);
    assertThat(TokenSearch.lowest(new double[] {Double.NaN}, random)).isEqualTo(-1);
  }

  @Test
  void steepestAreThoseOfANaiveSort() {
    Tokenizer tokenizer = PlantedModel.words(60);
    AllowedTokens allowed = AllowedTokens.of(tokenizer, true);
    Random random = new Random(4);
    for (int round = 0; round < 200; round++) {
      float[] gradient = new float[tokenizer.vocabularySize() + 2];
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = Math.round(random.nextGaussian() * 4) / 2f;
      }
      gradient[random.nextInt(gradient.length)] = Float.NaN;
      List<Integer> naive = new ArrayList<>();
      for (int i = 0; i < gradient.length; i++) {
        if (allowed.contains(i) && !Float.isNaN(gradient[i])) {
          naive.add(i);
        }
      }
      naive.sort((a, b) -> gradient[a] < gradient[b] ? -1 : gradient[a] > gradient[b] ? 1 : a - b);
      assertThat(SteepestTokens.of(gradient, allowed, 9))
          .containsExactly(naive.subList(0, 9).stream().mapToInt(i -> i).toArray());
    }
  }

  @Test
  void monotoneNeverGetsWorse() {
    SearchState state = SearchState.begin(TokenIds.of(1)).measured(2, 1, 1, 0);
    assertThat(state.evaluated(TokenIds.of(2), 3, 5, false).present()).isEqualTo(TokenIds.of(2));
    assertThat(state.evaluated(TokenIds.of(2), 3, 5, true).present()).isEqualTo(TokenIds.of(1));
    assertThat(state.evaluated(TokenIds.of(2), 3, 5, false).best()).isEqualTo(TokenIds.of(1));
  }

  @Test
  void refusesWhatDoesNotFit() {
    PlantedModel model = model();
    Gcg chat = Gcg.of(PromptFrame.chat("Say:{{attack}}"), SuccessCriterion.begins(), OPTIONS);
    assertThatThrownBy(() -> AttackCampaign.of(chat, target(model)).run(goals(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the frame is a chat");
    Gcg shared =
        Gcg.of(
            PromptFrame.text("Say: q{{attack}}\nReply:", ""),
            SuccessCriterion.begins(),
            OPTIONS.withInitial("z"));
    assertThatThrownBy(() -> AttackCampaign.of(shared, target(model)).run(goals(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shares a token with what is around it");
    LanguageModel remote = new RemoteModel();
    assertThatThrownBy(
            () ->
                AttackCampaign.of(gcg(OPTIONS), AuthorizedTarget.of(remote, "us", "a test"))
                    .run(goals(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs a target that is a GradientModel but 'remote' is none");
    assertThatThrownBy(() -> OPTIONS.withSearch(0, 1, 1))
        .hasMessage("steps must be at least 1 but was 0");
    assertThatThrownBy(() -> OPTIONS.withInitial("")).hasMessageContaining("initial must not be");
  }

  @Test
  void aModelThatFailsLeavesTheGoalFailed() {
    Tokenizer tokenizer = PlantedModel.words(400);
    PlantedModel model = new PlantedModel(tokenizer, 1);
    for (float[] row : model.weights) {
      Arrays.fill(row, Float.NaN);
    }
    AttackRun run = AttackCampaign.of(gcg(OPTIONS), target(model)).run(goals(2));
    assertThat(run.successRate().failed()).isEqualTo(2);
    assertThat(run.successRate().n()).isZero();
    assertThat(((Score.Failed) run.outcomes().get(0).success()).error())
        .contains("gave NaN for all");
    CancellationToken cancelled = () -> true;
    assertThatThrownBy(
            () ->
                AttackCampaign.of(gcg(OPTIONS), target(model()))
                    .cancellation(cancelled)
                    .run(goals(1)))
        .isInstanceOf(CancelledException.class);
  }
}
