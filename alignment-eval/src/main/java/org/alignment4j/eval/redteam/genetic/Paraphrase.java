package org.alignment4j.eval.redteam.genetic;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.eval.redteam.BundledRows;
import org.apiguardian.api.API;

/** A language model that rewrites texts; an empty or cut reply leaves the text. Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Paraphrase implements TextMutation {
  /** Placeholders of its template that hold the user's own words: none. */
  public static final Set<String> PLAIN = Set.of();

  /** Placeholders of its template that hold the text to rewrite. */
  public static final Set<String> FENCED = Set.of("text");

  private final LanguageModel model;
  private final SamplingOptions options;
  private final PromptTemplate template;

  private Paraphrase(LanguageModel model, SamplingOptions options, PromptTemplate template) {
    this.model = Objects.requireNonNull(model, "model");
    this.options = Objects.requireNonNull(options, "options");
    this.template = Objects.requireNonNull(template, "template");
  }

  /**
   * Returns a paraphraser with the bundled prompt.
   *
   * @param model whom to ask
   * @param options how it is sampled; the seed is set for each text
   */
  public static Paraphrase of(LanguageModel model, SamplingOptions options) {
    String text = BundledRows.text(Paraphrase.class, "paraphrase.txt");
    return new Paraphrase(
        model, options, PromptTemplate.parse("paraphrase.txt", text, PLAIN, FENCED));
  }

  /** Returns this paraphraser with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public Paraphrase withTemplate(PromptTemplate other) {
    return new Paraphrase(model, options, other);
  }

  @Override
  public String name() {
    return "paraphrase by " + model.id() + ", template " + template.hash().hex().substring(0, 12);
  }

  @Override
  public Rewritten rewrite(String text, SplittableRandom random, CancellationToken cancellation) {
    SamplingOptions seeded = options.toBuilder().seed(random.nextLong()).build();
    Completion reply =
        model.generate(List.of(template.render(Map.of("text", text))), seeded, cancellation).get(0);
    boolean whole = !reply.truncated() && !reply.text().isBlank();
    return new Rewritten(whole ? reply.text().strip() : text, reply.usage());
  }
}
