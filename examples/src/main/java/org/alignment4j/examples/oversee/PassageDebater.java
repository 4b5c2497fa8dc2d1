package org.alignment4j.examples.oversee;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.debate.Debate;
import org.alignment4j.oversight.quote.Quote;
import org.alignment4j.oversight.quote.QuoteVerifier;
import org.alignment4j.pocket.world.Dialogue;

/**
 * A pocket model that was taught to argue. It reads passage, question, its claim and what the other
 * side said last, and speaks again where none of its quotes stands in the passage, three times at
 * most.
 *
 * @param model the model
 * @param temperature of its replies
 * @param side the index of the option it defends
 */
record PassageDebater(LanguageModel model, double temperature, int side) implements Agent {
  private static final int MAX_NEW_TOKENS = 64;
  private static final int ATTEMPTS = 3;

  PassageDebater {
    Objects.requireNonNull(model, "model");
  }

  @Override
  public Turn act(View view, OversightContext context) {
    List<Turn> others =
        view.turns().stream()
            .filter(turn -> !turn.role().equals(view.role()) && !turn.role().equals(Debate.JUDGE))
            .toList();
    String opponent = others.isEmpty() ? "" : others.get(others.size() - 1).visible();
    Prompt.Chat prompt =
        DebateText.arguePrompt(
            String.join(" ", view.material()), view.question(), view.options().get(side), opponent);
    QuoteVerifier verifier = QuoteVerifier.of(view.material());
    Usage usage = Usage.NONE;
    String said = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Completion reply = reply(prompt, view, attempt, context);
      usage = usage.plus(reply.usage());
      said = Dialogue.firstReply(reply.text());
      if (verifier.quotes(said).stream().anyMatch(Quote::verified)) {
        return new Turn(view.role(), view.round(), said, "", true, attempt + 1, usage);
      }
    }
    return new Turn(view.role(), view.round(), said, "", false, ATTEMPTS, usage);
  }

  private Completion reply(Prompt.Chat prompt, View view, int attempt, OversightContext context) {
    return model
        .generate(
            List.of(prompt),
            SamplingOptions.builder(MAX_NEW_TOKENS)
                .temperature(temperature)
                .seed(CallSeed.of(context.seed(), view.role(), view.round(), attempt))
                .build(),
            context.cancellation())
        .get(0);
  }
}
