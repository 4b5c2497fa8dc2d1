package org.alignment4j.core.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * A language model that says of every criterion of a rubric whether an answer meets it; criteria
 * that it leaves out make its reply unreadable, not unmet. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RubricJudge {
  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = Set.of("criteria", "form");

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("request", "answer");

  private final JudgeModel model;
  private final Rubric rubric;
  private final PromptTemplate template;
  private final ReplyParser<Rubric.Check> parser;

  private RubricJudge(JudgeModel model, Rubric rubric, PromptTemplate template) {
    this.model = Objects.requireNonNull(model, "model");
    this.rubric = Objects.requireNonNull(rubric, "rubric");
    this.template = Objects.requireNonNull(template, "template");
    this.parser = parser(rubric);
  }

  /**
   * Returns a judge with the bundled prompt.
   *
   * @param model who judges
   * @param rubric what is checked
   */
  public static RubricJudge of(JudgeModel model, Rubric rubric) {
    return new RubricJudge(model, rubric, PromptTemplate.bundled("rubric.txt", PLAIN, FENCED));
  }

  /** Returns this judge with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public RubricJudge withTemplate(PromptTemplate other) {
    return new RubricJudge(model, rubric, other);
  }

  /**
   * Checks an answer.
   *
   * @throws IllegalArgumentException if the prompt is one of token ids
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public Judgement<Rubric.Check> check(
      Prompt prompt, String answer, CancellationToken cancellation) {
    StringBuilder criteria = new StringBuilder();
    for (int i = 0; i < rubric.criteria().size(); i++) {
      criteria.append(i == 0 ? "" : "\n").append(name(i)).append(": ");
      criteria.append(rubric.criteria().get(i).text());
    }
    Prompt.Chat asked =
        template.render(
            Map.of(
                "criteria", criteria.toString(),
                "form", parser.form(),
                "request", PromptText.of(prompt),
                "answer", answer));
    return model.ask(asked, parser, cancellation);
  }

  private static ReplyParser<Rubric.Check> parser(Rubric rubric) {
    Map<String, FieldKind> fields = new TreeMap<>();
    for (int i = 0; i < rubric.criteria().size(); i++) {
      fields.put(name(i), FieldKind.BOOLEAN);
    }
    return ReplyParser.object(fields)
        .then(
            given -> {
              List<Boolean> met = new ArrayList<>();
              for (int i = 0; i < rubric.criteria().size(); i++) {
                met.add(Boolean.TRUE.equals(given.get(name(i))));
              }
              return new Parsed.Value<>(new Rubric.Check(rubric, met));
            });
  }

  private static String name(int index) {
    return "criterion" + (index + 1);
  }
}
