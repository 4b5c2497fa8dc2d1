package org.alignment4j.oversight.constitution;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.FeedbackGenerator;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.core.judge.PromptText;
import org.alignment4j.oversight.Draw;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.PromptFeedback;
import org.alignment4j.oversight.Respondent;
import org.apiguardian.api.API;

/**
 * Answers to helpfulness prompts as they are, which SL-CAI mixes with the revisions so that the
 * trained model stays helpful: two for each prompt (Bai et al. 2022, section 3.2). Immutable.
 *
 * @param assistant who answers
 * @param count how many answers for each prompt, at least 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HelpfulAnswers(Respondent assistant, int count)
    implements OversightProtocol<Prompt, List<Demonstration>> {
  private static final int COUNT = 2;
  private static final String ASSISTANT = "Assistant";

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if no answer is wanted
   */
  public HelpfulAnswers {
    Objects.requireNonNull(assistant, "assistant");
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1 but was " + count);
    }
  }

  /** Returns two answers a prompt. */
  public static HelpfulAnswers of(Respondent assistant) {
    return new HelpfulAnswers(assistant, COUNT);
  }

  /** Returns the answers as demonstrations for supervised fine-tuning. */
  public FeedbackGenerator<Demonstration> demonstrations() {
    return PromptFeedback.of(this, answers -> answers);
  }

  @Override
  public Outcome<List<Demonstration>> run(Prompt prompt, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open("answers", PromptText.of(prompt), context, OptionalLong.of(count));
    List<Demonstration> answers = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Draw<String> draw =
            assistant.ask(prompt, SectionParser.answer(), ASSISTANT, i, proceedings);
        proceedings.hear(
            new Turn(
                ASSISTANT,
                i,
                draw.value().orElse(draw.said().visible()),
                draw.said().hidden(),
                draw.value().isPresent(),
                draw.attempts(),
                draw.usage()));
        draw.value().ifPresent(text -> answers.add(Demonstration.answer(prompt, text)));
      }
      return proceedings.outcome(List.copyOf(answers));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(List.copyOf(answers), limit);
    }
  }
}
