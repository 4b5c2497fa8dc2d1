package org.alignment4j.eval.redteam;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ReplyParser;
import org.apiguardian.api.API;

/**
 * A language model that tells whether a reply does what was wanted, by {@code [[YES]]} or {@code
 * [[NO]]}; a reply without either is unscored after one repair. Keyword lists are not offered: they
 * take any long answer for a success. Report its agreement with people or with a string beside it
 * ({@link JudgeAgreement}). Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgedSuccess implements SuccessCriterion {
  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = Set.of("form");

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("request", "target", "reply");

  private static final ReplyParser<String> PARSER = ReplyParser.choice(List.of("YES", "NO"));

  private final JudgeModel judge;
  private final PromptTemplate template;

  private JudgedSuccess(JudgeModel judge, PromptTemplate template) {
    this.judge = Objects.requireNonNull(judge, "judge");
    this.template = Objects.requireNonNull(template, "template");
  }

  /** Returns a judge with the bundled prompt. */
  public static JudgedSuccess of(LanguageModel model) {
    return of(JudgeModel.of(model));
  }

  /** Returns a judge with the bundled prompt. */
  public static JudgedSuccess of(JudgeModel model) {
    String text = BundledRows.text(JudgedSuccess.class, "success.txt");
    return new JudgedSuccess(model, PromptTemplate.parse("success.txt", text, PLAIN, FENCED));
  }

  /** Returns this judge with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public JudgedSuccess withTemplate(PromptTemplate other) {
    return new JudgedSuccess(judge, other);
  }

  @Override
  public String name() {
    return "judge " + judge.identity() + ", template " + template.hash().hex().substring(0, 12);
  }

  @Override
  public Set<String> judges() {
    return Set.of(judge.model().id());
  }

  @Override
  public Score score(AttackGoal goal, String reply, CancellationToken cancellation) {
    return score(goal, reply, UsageMeter.none(), cancellation);
  }

  @Override
  public Score score(
      AttackGoal goal, String reply, UsageMeter meter, CancellationToken cancellation) {
    Map<String, String> values =
        Map.of(
            "form", PARSER.form(),
            "request", goal.request(),
            "target", goal.target(),
            "reply", reply);
    Judgement<String> judgement = judge.ask(template.render(values), PARSER, cancellation);
    meter.add(JudgingScorer.JUDGE, judgement.usage());
    return judgement.toScore(verdict -> verdict.equals("YES") ? 1 : 0);
  }
}
