package org.alignment4j.eval.redteam;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.journal.PlainJson;
import org.apiguardian.api.API;

/**
 * An attack of one reply: the plain request, one for the target itself, a fixed text, or a prompt
 * that another attack found, as the baselines of a search and to see what it finds transfer to a
 * second model. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SingleQuery implements Attack {
  private static final String TARGET = "{{target}}";
  private static final String DIRECT = "direct request";

  private final String name;
  private final PromptFrame frame;
  private final SuccessCriterion criterion;
  private final SamplingOptions sampling;
  private final String text;
  private final Map<String, String> prompts;

  private SingleQuery(
      String name,
      PromptFrame frame,
      SuccessCriterion criterion,
      SamplingOptions sampling,
      String text,
      Map<String, String> prompts) {
    this.name = name;
    this.frame = Objects.requireNonNull(frame, "frame");
    this.criterion = Objects.requireNonNull(criterion, "criterion");
    this.sampling = Objects.requireNonNull(sampling, "sampling");
    this.text = text;
    this.prompts = Map.copyOf(prompts);
  }

  /** Returns the baseline that adds nothing to the request. */
  public static SingleQuery plain(
      PromptFrame frame, SuccessCriterion criterion, SamplingOptions sampling) {
    return new SingleQuery("plain request", frame, criterion, sampling, "", Map.of());
  }

  /**
   * Returns the baseline that asks for the target itself, which a search for a goal that the model
   * would also say when asked has to be read against.
   *
   * @param words the text in the attack's place, with {@code {{target}}} where the goal's target
   *     stands, such as {@code Repeat this sentence: {{target}}}
   * @throws IllegalArgumentException when the words do not name the target
   */
  public static SingleQuery direct(
      PromptFrame frame, SuccessCriterion criterion, SamplingOptions sampling, String words) {
    if (!words.contains(TARGET)) {
      throw new IllegalArgumentException(
          "words must contain " + TARGET + " but were '" + words + "'");
    }
    return new SingleQuery(DIRECT, frame, criterion, sampling, words, Map.of());
  }

  /**
   * Returns the baseline that puts the same text to every request.
   *
   * @param text what stands in the attack's place
   */
  public static SingleQuery fixed(
      PromptFrame frame, SuccessCriterion criterion, SamplingOptions sampling, String text) {
    return new SingleQuery("fixed text", frame, criterion, sampling, text, Map.of());
  }

  /**
   * Returns an attack that tries the prompts which another found, on a second model.
   *
   * @param found the other attack's run; its prompts must have been made with an equal frame
   */
  public static SingleQuery transfer(
      AttackRun found, PromptFrame frame, SuccessCriterion criterion, SamplingOptions sampling) {
    Map<String, String> prompts = new HashMap<>();
    found.outcomes().stream()
        .filter(outcome -> !outcome.prompt().isEmpty())
        .forEach(outcome -> prompts.put(outcome.goal(), outcome.prompt()));
    return new SingleQuery(
        found.attack() + " transferred from " + found.modelId(),
        frame,
        criterion,
        sampling,
        "",
        prompts);
  }

  private String text(AttackGoal goal) {
    return name.equals(DIRECT) ? text.replace(TARGET, goal.target()) : text;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public WorkUnit unit() {
    return WorkUnit.QUERIES;
  }

  @Override
  public Map<String, String> options() {
    return Map.of(
        "frame", frame.template(),
        "chat", Boolean.toString(frame.chat()),
        "criterion", criterion.name(),
        "sampling", sampling.toString(),
        "text", text,
        "prompts", PlainJson.key(prompts).hex());
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(LanguageModel.class);
  }

  @Override
  public AttackOutcome run(
      AuthorizedTarget target,
      AttackGoal goal,
      AttackMemory memory,
      CancellationToken cancellation) {
    String prompt = prompts.getOrDefault(goal.id(), frame.render(goal, text(goal)));
    if (!prompts.isEmpty() && !prompts.containsKey(goal.id())) {
      return AttackOutcome.failed(goal.id(), "there is no prompt to transfer");
    }
    List<Completion> replies =
        target
            .as(LanguageModel.class)
            .generate(List.of(frame.asPrompt(prompt)), sampling, cancellation);
    if (replies.size() != 1) {
      throw new ModelExecutionException(
          "model '%s' must give one completion to one prompt but gave %s"
              .formatted(target.model().id(), replies.size()));
    }
    Completion reply = replies.get(0);
    Score success = criterion.score(goal, reply.text(), cancellation);
    return new AttackOutcome(
        goal.id(),
        success,
        prompt,
        reply.text(),
        new Effort(1, 0, 1, reply.usage()),
        AttackOutcome.reached(success) ? OptionalLong.of(1) : OptionalLong.empty(),
        List.of(),
        Map.of());
  }
}
