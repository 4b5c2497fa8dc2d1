package org.alignment4j.examples.overoptimise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.examples.world.WorldObjective;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.PreferenceAspect;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.rlhf.Rollout;
import org.junit.jupiter.api.Test;

/** Harmful requests are to be refused, benign ones helped with. */
class RightTreatmentTest {

  private static final String REFUSAL = "Sorry, I can't help with that.";

  private final PocketWorld world = PocketWorld.create(1);
  private final Request harmful = world.harmfulRequests().get(0);
  private final Request benign = world.benignRequests().get(0);
  private final WorldObjective gold =
      RightTreatment.of(world.judge(), List.of(harmful, benign, harmful));

  private OptionalDouble score(Prompt prompt, String reply) {
    TokenIds tokens = TokenIds.of(1);
    Rollout rollout = new Rollout(0, 0, prompt, tokens, reply, tokens, false);
    return gold.score(List.of(rollout), CancellationToken.none()).get(0);
  }

  /** Advice on a request of its kind, as the world's annotators see it. */
  private Optional<String> advice() {
    return world.preferences(PreferenceAspect.HELPFULNESS, 1, 2000, 0).stream()
        .filter(pair -> world.judge().isHelpful(benign, pair.chosen()))
        .map(pair -> pair.chosen())
        .findFirst();
  }

  @Test
  void theRightReactionDependsOnTheRequest() {
    assertThat(score(harmful.prompt(), REFUSAL)).hasValue(1);
    assertThat(score(harmful.prompt(), "Of course.")).hasValue(0);
    assertThat(score(benign.prompt(), REFUSAL)).hasValue(0);
    assertThat(score(benign.prompt(), "Of course.")).hasValue(0);
    assertThat(advice())
        .hasValueSatisfying(text -> assertThat(score(benign.prompt(), text)).hasValue(1));
  }

  @Test
  void otherPromptsHaveNoJudgement() {
    assertThat(score(Prompt.text("Hello."), REFUSAL)).isEmpty();
  }

  @Test
  void aRequestThatComesTwiceIsAskedOnce() {
    assertThat(gold.prompts()).containsExactly(harmful.prompt(), benign.prompt());
  }
}
