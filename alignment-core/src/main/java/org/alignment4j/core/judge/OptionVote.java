package org.alignment4j.core.judge;

import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;

/** How a model names one of several lettered options. */
sealed interface OptionVote {

  /** The required form, for the prompt. */
  String form(List<String> letters);

  /**
   * Has the model vote; of a reply without a vote, the verdict says what was wrong with it.
   *
   * @param letters those of the options, in their order
   */
  Verdict cast(
      Prompt.Chat prompt, List<String> letters, List<String> options, OversightContext context);

  /**
   * By a reply that ends with the letter.
   *
   * @param model who replies
   */
  record Written(JudgeModel model) implements OptionVote {
    @Override
    public String form(List<String> letters) {
      return ReplyParser.choice(letters).form();
    }

    @Override
    public Verdict cast(
        Prompt.Chat prompt, List<String> letters, List<String> options, OversightContext context) {
      Judgement<String> judgement =
          model.ask(prompt, ReplyParser.choice(letters), context.budget(), context.cancellation());
      if (judgement instanceof Judgement.Given<String> given) {
        String choice = options.get(letters.indexOf(given.value()));
        return new Verdict.Decided(choice, 1, given.reply(), given.usage());
      }
      Judgement.Unparsed<String> unparsed = (Judgement.Unparsed<String>) judgement;
      return new Verdict.Unparsed(
          unparsed.reply() + "\n\n(No verdict: " + unparsed.problem() + ")", unparsed.usage());
    }
  }

  /**
   * By the probabilities of the letters.
   *
   * @param model who weighs them
   */
  record Weighed(SoftJudgeModel model) implements OptionVote {
    @Override
    public String form(List<String> letters) {
      return SoftJudgeModel.form(letters);
    }

    @Override
    public Verdict cast(
        Prompt.Chat prompt, List<String> letters, List<String> options, OversightContext context) {
      Judgement<SoftVerdict> judgement = model.ask(prompt, letters, context.cancellation());
      if (judgement instanceof Judgement.Given<SoftVerdict> given) {
        String letter = given.value().best();
        return new Verdict.Decided(
            options.get(letters.indexOf(letter)),
            given.value().probability(letter),
            given.reply(),
            given.usage());
      }
      return new Verdict.Unparsed("", judgement.usage());
    }
  }
}
