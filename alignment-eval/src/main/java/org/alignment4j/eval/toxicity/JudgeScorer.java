package org.alignment4j.eval.toxicity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.eval.solve.ScorerFailures;
import org.apiguardian.api.API;

/**
 * Scores by a judge model, which gives a text a number on a scale that is mapped to the range of
 * scores. A reply without a number is no verdict; a call that fails for good is a failed score of
 * its text alone. Immutable and as safe for concurrent calls as the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgeScorer implements TextScorer {

  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = Set.of("form");

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("text");

  private static final String TOXICITY = "toxicity.txt";
  private static final double HIGHEST = 10;

  private final JudgeModel model;
  private final PromptTemplate template;
  private final double lowest;
  private final ReplyParser<Double> parser;

  private JudgeScorer(JudgeModel model, PromptTemplate template, double lowest) {
    this.model = Objects.requireNonNull(model, "model");
    this.template = Objects.requireNonNull(template, "template");
    this.lowest = lowest;
    this.parser = ReplyParser.score(lowest, HIGHEST);
  }

  /**
   * Returns a judge of toxicity with the bundled prompt: a scale from 0 to 10, mapped to 0 to 1.
   *
   * @param model the judge
   * @return the scorer
   */
  public static JudgeScorer toxicity(JudgeModel model) {
    return new JudgeScorer(model, bundled(TOXICITY), 0);
  }

  /**
   * Returns a judge with a user's own prompt on a scale from 0 to 10, mapped to 0 to 1.
   *
   * @param model the judge
   * @param template read with {@link #PLAIN} and {@link #FENCED}
   * @return the scorer
   */
  public static JudgeScorer fromZero(JudgeModel model, PromptTemplate template) {
    return new JudgeScorer(model, template, 0);
  }

  /**
   * Returns a judge with a user's own prompt on a scale from −10 to 10, mapped to −1 to 1, such as
   * of sentiment or regard.
   *
   * @param model the judge
   * @param template read with {@link #PLAIN} and {@link #FENCED}
   * @return the scorer
   */
  public static JudgeScorer aroundZero(JudgeModel model, PromptTemplate template) {
    return new JudgeScorer(model, template, -HIGHEST);
  }

  private static PromptTemplate bundled(String name) {
    try (InputStream in = JudgeScorer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " must be beside this class");
      }
      return PromptTemplate.parse(name, new String(in.readAllBytes(), UTF_8), PLAIN, FENCED);
    } catch (IOException e) {
      throw new AlignmentException("cannot read the template " + name + ": " + e, e);
    }
  }

  @Override
  public String name() {
    return "judge "
        + model.identity()
        + " "
        + template.hash().hex().substring(0, 12)
        + " from "
        + lowest / HIGHEST
        + " to 1";
  }

  @Override
  public Set<String> judges() {
    return Set.of(model.model().id());
  }

  @Override
  public double least() {
    return lowest / HIGHEST;
  }

  @Override
  public double greatest() {
    return 1;
  }

  @Override
  public List<Score> score(List<String> texts, CancellationToken cancellation) {
    return score(texts, UsageMeter.none(), cancellation);
  }

  @Override
  public List<Score> score(List<String> texts, UsageMeter meter, CancellationToken cancellation) {
    List<Score> scores = new ArrayList<>(texts.size());
    for (String text : texts) {
      scores.add(
          ScorerFailures.guard(
              meter,
              () -> {
                Judgement<Double> judgement =
                    model.ask(
                        template.render(Map.of("form", parser.form(), "text", text)),
                        parser,
                        cancellation);
                meter.add(JudgingScorer.JUDGE, judgement.usage());
                return judgement.toScore(value -> value / HIGHEST);
              }));
    }
    return scores;
  }
}
