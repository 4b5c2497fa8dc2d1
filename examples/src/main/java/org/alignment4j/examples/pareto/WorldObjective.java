package org.alignment4j.examples.pareto;

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

/** Whether a reply is right, by the world's judge: 1 or 0. Applies to its own requests only. */
final class WorldObjective implements RewardFunction {

  private final String name;
  private final Map<Prompt, Request> requests = new LinkedHashMap<>();
  private final BiPredicate<Request, String> right;

  WorldObjective(String name, List<Request> requests, BiPredicate<Request, String> right) {
    this.name = name;
    this.right = right;
    requests.forEach(request -> this.requests.put(request.prompt(), request));
  }

  /** Its requests as prompts, each once. */
  List<Prompt> prompts() {
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
