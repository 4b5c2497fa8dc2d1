package org.alignment4j.examples.world;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiPredicate;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.Rollout;

/**
 * Whether a reply is right, by the world's judge: 1 or 0. It does not apply to prompts that are
 * none of its requests.
 */
public final class WorldObjective implements RewardFunction {

  private final String name;
  private final Map<Prompt, Request> requests = new LinkedHashMap<>();
  private final BiPredicate<Request, String> right;

  /**
   * An objective.
   *
   * @param name what metrics and reports call it
   * @param requests that it is about; of one that comes twice, the prompt is there once
   * @param right whether a reply to a request is right
   */
  public WorldObjective(String name, List<Request> requests, BiPredicate<Request, String> right) {
    this.name = name;
    this.right = right;
    requests.forEach(request -> this.requests.put(request.prompt(), request));
  }

  /** Returns its requests as prompts, each once. */
  public List<Prompt> prompts() {
    return List.copyOf(requests.keySet());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation) {
    return answers.stream().map(this::score).toList();
  }

  private OptionalDouble score(Rollout answer) {
    Request request = requests.get(answer.question());
    return request == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(right.test(request, answer.text()) ? 1 : 0);
  }
}
