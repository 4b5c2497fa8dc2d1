package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/**
 * Chooses few, good and different examples, as LIMA's authors did by hand (Zhou et al. 2023, arXiv
 * 2305.11206): examples below a quality are left out, of near-duplicates the best one stays, and of
 * what is left a selector chooses those that differ most. Immutable; the same examples, scores and
 * seed give the same choice.
 *
 * <pre>{@code
 * Curation.Curated<PromptCompletion> curated =
 *     Curation.of(0.5, DiversitySelector.of(1000))
 *         .select(answers, rewardModel, CancellationToken.none());
 * SftTrainer.lima(base).train(curated.examples());
 * }</pre>
 *
 * @param leastQuality below which an example is left out; negative infinity leaves out none
 * @param selector tells near-duplicates, and how many examples to choose
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Curation(double leastQuality, DiversitySelector selector) {

  /** What becomes of an example. */
  public enum Outcome {
    /** It is chosen. */
    CHOSEN,
    /** Its quality is below the least. */
    LOW_QUALITY,
    /** It is nearly the same as one at least as good. */
    NEAR_DUPLICATE,
    /** Others differ more from those chosen. */
    NOT_DIVERSE
  }

  /**
   * Where an example went.
   *
   * @param index of the example among those given
   * @param quality its score
   * @param outcome what became of it
   */
  public record Decision(int index, double quality, Outcome outcome) {}

  /**
   * The choice.
   *
   * @param examples those chosen, in the order given
   * @param decisions one for each example given, in order
   * @param <T> the examples
   */
  public record Curated<T>(List<T> examples, List<Decision> decisions) {
    /** Copies the lists. */
    public Curated {
      examples = List.copyOf(examples);
      decisions = List.copyOf(decisions);
    }

    /**
     * Counts examples.
     *
     * @param outcome what became of them
     * @return how many
     */
    public int count(Outcome outcome) {
      return (int) decisions.stream().filter(d -> d.outcome() == outcome).count();
    }
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when the quality is NaN
   */
  public Curation {
    Objects.requireNonNull(selector, "selector");
    if (Double.isNaN(leastQuality)) {
      throw new IllegalArgumentException("leastQuality must be a number but was NaN");
    }
  }

  /**
   * Returns a curation.
   *
   * @param leastQuality below which an example is left out
   * @param selector tells near-duplicates, and how many examples to choose
   * @return the curation
   * @throws IllegalArgumentException when the quality is NaN
   */
  public static Curation of(double leastQuality, DiversitySelector selector) {
    return new Curation(leastQuality, selector);
  }

  /**
   * Chooses answers, whose quality a reward model says and whose prompts and texts tell whether
   * they differ.
   *
   * @param answers any number, with prompts of text or conversations
   * @param rewards scores
   * @param cancellation asks to stop
   * @return the choice
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the reward model fails
   */
  public Curated<PromptCompletion> select(
      List<PromptCompletion> answers, RewardModel rewards, CancellationToken cancellation) {
    double[] quality =
        rewards.score(answers, cancellation).stream().mapToDouble(Reward::value).toArray();
    return select(answers, quality, a -> text(a.prompt()) + " " + a.completion());
  }

  /**
   * Chooses examples.
   *
   * @param examples any number
   * @param quality a score for each, such as that of a judge; the higher the better
   * @param text what of an example must differ
   * @param <T> the examples
   * @return the choice
   * @throws IllegalArgumentException when there is not one score for each example or one is NaN,
   *     naming its index
   */
  public <T> Curated<T> select(
      List<T> examples, double[] quality, Function<? super T, String> text) {
    requireScores(examples.size(), quality);
    Outcome[] outcomes = new Outcome[examples.size()];
    Arrays.fill(outcomes, Outcome.LOW_QUALITY);
    // the best first, so that it is the one that stays of near-duplicates; the sort is stable
    List<Integer> good =
        IntStream.range(0, quality.length)
            .filter(i -> quality[i] >= leastQuality)
            .boxed()
            .sorted((a, b) -> Double.compare(quality[b], quality[a]))
            .toList();
    good.forEach(i -> outcomes[i] = Outcome.NEAR_DUPLICATE);
    List<String> texts = good.stream().map(i -> text.apply(examples.get(i))).toList();
    List<Integer> different =
        selector.duplicates().keep(texts).stream().map(good::get).sorted().toList();
    different.forEach(i -> outcomes[i] = Outcome.NOT_DIVERSE);
    List<Integer> chosen =
        selector.select(different.stream().map(i -> text.apply(examples.get(i))).toList()).stream()
            .map(different::get)
            .toList();
    chosen.forEach(i -> outcomes[i] = Outcome.CHOSEN);
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < outcomes.length; i++) {
      decisions.add(new Decision(i, quality[i], outcomes[i]));
    }
    return new Curated<>(chosen.stream().<T>map(examples::get).toList(), decisions);
  }

  private static String text(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    return prompt instanceof Prompt.Chat chat
        ? chat.messages().stream().map(Message::content).collect(Collectors.joining(" "))
        : prompt.toString();
  }

  private static void requireScores(int examples, double[] quality) {
    if (quality.length != examples) {
      throw new IllegalArgumentException(
          "quality must have a score for each of %s examples but has %s"
              .formatted(examples, quality.length));
    }
    for (int i = 0; i < quality.length; i++) {
      if (Double.isNaN(quality[i])) {
        throw new IllegalArgumentException("quality[" + i + "] must be a number but was NaN");
      }
    }
  }
}
