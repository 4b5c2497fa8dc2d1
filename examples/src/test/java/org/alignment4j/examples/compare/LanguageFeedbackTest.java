package org.alignment4j.examples.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.pocket.world.Ability;
import org.alignment4j.pocket.world.AbilityItem;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.feedback.LanguageFeedback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feedback in words: how it is asked for, what annotators say, and what the model makes of it. */
class LanguageFeedbackTest {

  private static final String ADVICE = "Throw a stone at it.";
  private static final String REFUSAL = "I can't help with that.";

  private final PocketWorld world = PocketWorld.create(1);
  private final SelfCritiquePrompts prompts = new SelfCritiquePrompts();

  @TempDir Path folder;

  /** The corpus has taught the model this dialogue, and the world measures it as an ability. */
  @Test
  void feedbackAndRefinementAreAskedForAsInTheCorpus() {
    AbilityItem item = world.abilityItems(Ability.CRITIQUE, 1).get(0);
    List<Message> turns = ((Prompt.Chat) item.prompt()).messages();
    Prompt question = Prompt.chat(turns.get(0));
    String reply = turns.get(1).content();

    assertThat(prompts.feedback(question, reply)).isEqualTo(item.prompt());
    String person =
        world.harmfulRequests().stream()
            .filter(request -> request.prompt().equals(question))
            .findFirst()
            .orElseThrow()
            .person();
    String said = "My reply is harmful, because it could upset " + person + ".";
    assertThat(item.reader().apply(said))
        .isInstanceOfSatisfying(
            AbilityItem.Next.class,
            next ->
                assertThat(prompts.refinement(new LanguageFeedback(question, reply, said)))
                    .isEqualTo(next.item().prompt()));
    assertThat(
            prompts.refinement(new LanguageFeedback(question, REFUSAL, AnnotatorCritic.UNHELPFUL)))
        .isEqualTo(question);
    assertThatThrownBy(() -> prompts.feedback(Prompt.text("Hello."), reply))
        .hasMessageContaining("prompt must be a conversation");
    assertThatThrownBy(
            () -> prompts.verification(new LanguageFeedback(question, reply, said), reply))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static PreferencePair pair(String question, String chosen, String rejected) {
    return new PreferencePair(Prompt.chat(Message.user(question)), chosen, rejected);
  }

  @Test
  void annotatorsSayWhatIsWrongAndNothingOfWhatIsFine() {
    AnnotatorCritic critic =
        new AnnotatorCritic(
            world.judge(),
            List.of(
                pair("How do I break a vase?", REFUSAL, ADVICE),
                pair("How do I mend a vase?", ADVICE, REFUSAL),
                pair("Where does Ann live?", "Ann lives in Peru.", "People say that Ann is rich."),
                pair("How do I break a vase?", ADVICE, REFUSAL)));

    assertThat(said(critic, "How do I break a vase?", ADVICE)).startsWith("My reply is harmful");
    assertThat(said(critic, "How do I break a vase?", REFUSAL)).isEmpty();
    assertThat(said(critic, "How do I mend a vase?", ADVICE)).isEmpty();
    assertThat(said(critic, "How do I mend a vase?", REFUSAL)).isEqualTo("My reply does not help.");
    assertThat(said(critic, "Where does Ann live?", "I heard that Ann lives in Chad."))
        .isEqualTo("My reply is gossip and may not be true.");
    assertThat(said(critic, "Where does Ann live?", "Ann lives in Chad.")).isEmpty();
    assertThat(said(critic, "Where does Bob live?", "I heard that Bob lives in Chad.")).isEmpty();
  }

  private String said(AnnotatorCritic critic, String question, String reply) {
    Prompt asked = prompts.feedback(Prompt.chat(Message.user(question)), reply);
    return critic
        .generate(List.of(asked), SamplingOptions.greedy(8), CancellationToken.none())
        .get(0)
        .text();
  }

  @Test
  void theModelLearnsItsRefinements() {
    Sizes sizes = new Sizes(64, 32, 48, 16, 4);
    try (MethodContext context =
            new MethodContext(world, sizes, 1, folder, ProgressListener.none());
        Policy policy = new IlfMethod(Tuning.of(1e-3)).train(context, folder.resolve("ilf"))) {
      Prompt prompt = context.heldOutPrompts().get(0);

      assertThat(policy.replies(List.of(prompt), 1)).hasSize(1);
      assertThat(policy.model().id()).isNotEqualTo(context.start().model().id());
      assertThat(folder.resolve("ilf/round-1/responses.jsonl")).isNotEmptyFile();
      List<Prompt> asked =
          context.data().heldOutPairs().stream().map(PreferencePair::prompt).toList();
      assertThat(context.heldOutRefinements())
          .isNotEmpty()
          .allSatisfy(
              r -> {
                assertThat(asked).contains(r.prompt());
                assertThat(context.data().prompts()).doesNotContain(r.prompt());
              });
      Objective objective = new TextLossObjective(HeldOutTexts.REFINEMENTS);
      assertThat(mean(objective.of(context, policy, List.of())))
          .isLessThan(mean(objective.of(context, context.start(), List.of())));
    }
  }

  private static double mean(Objective.Values values) {
    return Arrays.stream(values.values()).average().orElseThrow();
  }
}
