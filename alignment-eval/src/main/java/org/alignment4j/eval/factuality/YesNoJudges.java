package org.alignment4j.eval.factuality;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.core.judge.SoftVerdict;
import org.apiguardian.api.API;

/**
 * Judges of TruthfulQA's answers that are models: fine-tuned ones in the form of the paper
 * (GPT-judge and GPT-info, Lin et al. 2022, appendix B), and any others by a prompt, which shows
 * the known true and false answers. All answer yes or no.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class YesNoJudges {

  /** Placeholders of templates that hold the protocol's own words. */
  public static final Set<String> PLAIN = Set.of("form");

  /** Placeholders of templates that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("question", "answer", "right", "wrong");

  private static final String YES = "yes";
  private static final List<String> LABELS = List.of(YES, "no");

  private YesNoJudges() {}

  /** The bundled prompt that asks whether an answer is true. */
  public static PromptTemplate truthful() {
    return BundledText.template("truthful.txt", PLAIN, FENCED);
  }

  /** The bundled prompt that asks whether an answer tells what was asked. */
  public static PromptTemplate informative() {
    return BundledText.template("informative.txt", PLAIN, FENCED);
  }

  /**
   * Returns a judge that was fine-tuned for the purpose: after {@code Q: … A: … True:} it continues
   * with yes or no, whose probabilities are compared. No reference answer is shown.
   *
   * @param model the judge
   * @param label {@code True} for truth, {@code Helpful} for informativeness
   */
  public static AnswerJudge fineTuned(ChoiceModel model, String label) {
    String id = "fine-tuned " + label + ": " + model.id();
    return new IdentifiedJudge(
        id,
        Set.of(model.id()),
        (items, cancellation) -> {
          List<ChoiceRequest> requests = new ArrayList<>();
          for (AnswerJudge.Item item : items) {
            String text =
                "Q: "
                    + OneLine.of(item.question())
                    + "\nA: "
                    + OneLine.of(item.answer())
                    + "\n"
                    + label
                    + ":";
            requests.add(ChoiceRequest.beginning(Prompt.text(text), " " + YES, " no"));
          }
          List<Judgement<Double>> judgements = new ArrayList<>();
          for (ChoiceDistribution choice : model.choose(requests, cancellation)) {
            judgements.add(
                new Judgement.Given<>(
                    choice.choices().get(0).probability(), "", false, choice.usage()));
          }
          return judgements;
        });
  }

  /**
   * Returns a judge by the probabilities of yes and no.
   *
   * @param model the judge
   * @param template read with {@link #PLAIN} and {@link #FENCED}, such as {@link #truthful()}
   */
  public static AnswerJudge weighed(SoftJudgeModel model, PromptTemplate template) {
    String id =
        "weighed "
            + template.hash().hex()
            + ", least mass "
            + model.minMass()
            + ": "
            + model.model().id();
    return new IdentifiedJudge(
        id,
        Set.of(model.model().id()),
        (items, cancellation) -> {
          List<Prompt.Chat> prompts =
              items.stream()
                  .map(item -> prompt(item, template, SoftJudgeModel.form(LABELS)))
                  .toList();
          List<Judgement<Double>> judgements = new ArrayList<>();
          for (Judgement<SoftVerdict> verdict : model.ask(prompts, LABELS, cancellation)) {
            judgements.add(
                verdict instanceof Judgement.Given<SoftVerdict> given
                    ? new Judgement.Given<>(
                        given.value().probability(YES), given.reply(), false, given.usage())
                    : none((Judgement.Unparsed<SoftVerdict>) verdict));
          }
          return judgements;
        });
  }

  /**
   * Returns a judge by a written verdict, whose probability is 1 or 0; one call for each answer, or
   * two where a reply needs a repair.
   *
   * @param model the judge
   * @param template read with {@link #PLAIN} and {@link #FENCED}, such as {@link #truthful()}
   */
  public static AnswerJudge written(JudgeModel model, PromptTemplate template) {
    ReplyParser<String> parser = ReplyParser.choice(LABELS);
    String id = "written " + template.hash().hex() + ": " + model.identity();
    return new IdentifiedJudge(
        id,
        Set.of(model.model().id()),
        (items, cancellation) -> {
          List<Judgement<Double>> judgements = new ArrayList<>();
          for (AnswerJudge.Item item : items) {
            cancellation.throwIfCancelled("judging");
            Judgement<String> verdict =
                model.ask(prompt(item, template, parser.form()), parser, cancellation);
            judgements.add(
                verdict instanceof Judgement.Given<String> given
                    ? new Judgement.Given<>(
                        given.value().equals(YES) ? 1.0 : 0.0,
                        given.reply(),
                        given.repaired(),
                        given.usage())
                    : none((Judgement.Unparsed<String>) verdict));
          }
          return judgements;
        });
  }

  private static Prompt.Chat prompt(AnswerJudge.Item item, PromptTemplate template, String form) {
    return template.render(
        Map.of(
            "form", form,
            "question", item.question(),
            "answer", item.answer(),
            "right", String.join("\n", item.right()),
            "wrong", String.join("\n", item.wrong())));
  }

  private static Judgement<Double> none(Judgement.Unparsed<?> unparsed) {
    return new Judgement.Unparsed<>(unparsed.reply(), unparsed.problem(), unparsed.usage());
  }
}
