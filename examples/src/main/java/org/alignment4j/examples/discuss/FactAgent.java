package org.alignment4j.examples.discuss;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.pocket.world.Dialogue;

/**
 * Answers a question as the pocket model knows to: after the answers it is shown, its own last one
 * included, in the form in which its world has passages read. It is told neither whose they are nor
 * that they may be wrong, for it has no words for that.
 *
 * @param model the model
 * @param answers reads answers
 * @param temperature of replies
 */
record FactAgent(LanguageModel model, ReplyParser<String> answers, double temperature)
    implements Agent {
  private static final int MAX_NEW_TOKENS = 32;

  FactAgent {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(answers, "answers");
  }

  @Override
  public Turn act(View view, OversightContext context) {
    Completion reply =
        model
            .generate(
                List.of(prompt(view)),
                SamplingOptions.builder(MAX_NEW_TOKENS)
                    .temperature(temperature)
                    .seed(CallSeed.of(context.seed(), view.role(), view.round(), 0))
                    .build(),
                context.cancellation())
            .get(0);
    String said = Dialogue.firstReply(reply.text());
    boolean read = answers.parse(new Reply(said, reply.truncated())) instanceof Parsed.Value;
    return new Turn(view.role(), view.round(), said, "", read, 1, reply.usage());
  }

  private static Prompt.Chat prompt(View view) {
    List<String> said = view.turns().stream().map(Turn::visible).filter(t -> !t.isBlank()).toList();
    String before = said.isEmpty() ? "" : "Read this: " + String.join(" ", said) + " ";
    return Prompt.chat(Message.user(before + view.question()));
  }
}
