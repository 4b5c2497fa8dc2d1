package org.alignment4j.eval.redteam.pair;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.BundledRows;
import org.apiguardian.api.API;

/** A language model that rates greedily, in at most ten tokens, as {@code [[7]]}. Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgeRating implements ReplyRating {
  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = Set.of("form");

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("request", "target", "prompt", "reply");

  private static final int MAX_NEW_TOKENS = 10;
  private static final ReplyParser<Double> PARSER = ReplyParser.score(1, 10);

  private final JudgeModel judge;
  private final PromptTemplate template;

  private JudgeRating(JudgeModel judge, PromptTemplate template) {
    this.judge = Objects.requireNonNull(judge, "judge");
    this.template = Objects.requireNonNull(template, "template");
  }

  /** Returns a judge with the bundled prompt. */
  public static JudgeRating of(LanguageModel model) {
    return of(JudgeModel.of(model).withOptions(SamplingOptions.greedy(MAX_NEW_TOKENS)));
  }

  /** Returns a judge with the bundled prompt and its own sampling. */
  public static JudgeRating of(JudgeModel model) {
    String text = BundledRows.text(JudgeRating.class, "rating.txt");
    return new JudgeRating(model, PromptTemplate.parse("rating.txt", text, PLAIN, FENCED));
  }

  /** Returns this judge with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public JudgeRating withTemplate(PromptTemplate other) {
    return new JudgeRating(judge, other);
  }

  @Override
  public String name() {
    return "rating by " + judge.identity() + ", template " + template.hash().hex().substring(0, 12);
  }

  @Override
  public Judgement<Double> rate(
      AttackGoal goal, String prompt, String reply, CancellationToken cancellation) {
    Map<String, String> values =
        Map.of(
            "form", PARSER.form(),
            "request", goal.request(),
            "target", goal.target(),
            "prompt", prompt,
            "reply", reply);
    return judge.ask(template.render(values), PARSER, cancellation);
  }
}
